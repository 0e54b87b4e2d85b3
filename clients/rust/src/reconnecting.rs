//! After which wait a stream that ended is opened again.

use std::time::Duration;

/// How streams are opened again.
///
/// The wait doubles from `first` to `longest`, and each is shortened by up to half at random, so that many clients do
/// not come back at once. A stream on which nothing came for `silence` is taken for dead: servers send something every
/// 20 seconds. Silence is measured by a clock that does not jump.
#[derive(Clone, Copy, Debug)]
pub struct Reconnecting {
    /// The first wait; 0.1 s unless set.
    pub first: Duration,
    /// The longest wait; 10 s unless set.
    pub longest: Duration,
    /// After how long without a message a stream counts as cut; 45 s unless set.
    pub silence: Duration,
}

impl Default for Reconnecting {
    fn default() -> Self {
        Reconnecting {
            first: Duration::from_millis(100),
            longest: Duration::from_secs(10),
            silence: Duration::from_secs(45),
        }
    }
}

/// The waits between tries, from the last thing that came on.
#[derive(Debug)]
pub(crate) struct Backoff {
    options: Reconnecting,
    next: Duration,
    pub(crate) tries: u32,
}

impl Backoff {
    pub(crate) fn new(options: Reconnecting) -> Self {
        Backoff { options, next: options.first, tries: 0 }
    }

    /// Something came: the next wait is the first again.
    pub(crate) fn reset(&mut self) {
        self.next = self.options.first;
        self.tries = 0;
    }

    /// How long to wait before the next try.
    pub(crate) fn wait(&mut self) -> Duration {
        let full = self.next.min(self.options.longest);
        self.next = (full * 2).min(self.options.longest);
        self.tries += 1;
        full.mul_f64(1.0 - fastrand::f64() / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_to_the_longest_and_begin_anew() {
        let options = Reconnecting {
            first: Duration::from_millis(100),
            longest: Duration::from_millis(350),
            ..Default::default()
        };
        let mut backoff = Backoff::new(options);
        for bound in [100, 200, 350, 350] {
            let wait = backoff.wait();
            assert!(
                wait <= Duration::from_millis(bound) && wait >= Duration::from_millis(bound / 2),
                "{wait:?} of {bound}"
            );
        }
        backoff.reset();
        assert!(backoff.wait() <= Duration::from_millis(100));
        assert_eq!(backoff.tries, 1);
    }
}
