//! A stream of changes that outlives its calls: what to ask for, what to hand out, what to do when a call ends.
//!
//! Promises:
//!
//! 1. Every change is handed out once, in the order of offsets, however often calls are cut off: the next call starts
//!    after what the last one brought, and what a server sends again is dropped.
//! 2. `handled` is the offset through which the caller is done: it moves when the caller asks for more, never before.
//! 3. Errors that do not pass are returned at once, the expiry of the cursor among them.
//!
//! Nothing here does input or output, or waits.

use std::time::Duration;

use wikifeed_proto::v1::stream_changes_request::Start;
use wikifeed_proto::v1::{Change, StreamChangesRequest, StreamChangesResponse};

use crate::error::{Error, Result};
use crate::reconnecting::{Backoff, Reconnecting};

/// Changes that came together, maybe none; all through `through_offset` came or does not pass the filter.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeBatch {
    /// The changes, in the order of their offsets.
    pub changes: Vec<Change>,
    /// Through which offset everything came.
    pub through_offset: u64,
}

pub(crate) struct Resumption {
    request: StreamChangesRequest,
    backoff: Backoff,
    waiting: std::vec::IntoIter<Change>,
    through: Option<u64>,
    handed_out: Option<u64>,
    handled: Option<u64>,
    is_fresh: bool,
}

impl Resumption {
    pub(crate) fn new(request: StreamChangesRequest, options: Reconnecting) -> Self {
        let through = match request.start {
            Some(Start::AfterOffset(offset)) => Some(offset),
            _ => None,
        };
        Resumption {
            request,
            backoff: Backoff::new(options),
            waiting: Vec::new().into_iter(),
            through,
            handed_out: through,
            handled: None,
            is_fresh: false,
        }
    }

    /// Begin there, whatever the request says.
    pub(crate) fn begin_after(&mut self, offset: u64) {
        self.through = Some(offset);
        self.handed_out = self.through;
    }

    /// What the next call asks for.
    pub(crate) fn request(&self) -> StreamChangesRequest {
        let mut request = self.request.clone();
        if let Some(through) = self.through {
            request.start = Some(Start::AfterOffset(through));
        }
        request
    }

    /// Whether all that was asked for has come.
    pub(crate) fn is_at_end(&self) -> bool {
        let until = self.request.until_offset;
        until > 0 && self.through.is_some_and(|through| through >= until)
    }

    /// The offset through which the caller is done.
    pub(crate) fn handled(&self) -> Option<u64> {
        self.handled
    }

    /// Take a response. Those before it must all have been handed out.
    pub(crate) fn received(&mut self, response: StreamChangesResponse) {
        self.backoff.reset();
        let mut changes = response.changes;
        if let Some(known) = self.through {
            if changes.first().is_some_and(|change| change.offset <= known) {
                changes.retain(|change| change.offset > known);
            }
        }
        self.waiting = changes.into_iter();
        self.through = Some(self.through.unwrap_or(0).max(response.through_offset));
        self.is_fresh = true;
    }

    /// The next change; none when another response is needed. Asking says that the one before is handled.
    pub(crate) fn next_change(&mut self) -> Option<Change> {
        self.handled = self.handed_out;
        let change = self.waiting.next();
        self.handed_out = match &change {
            Some(change) if self.waiting.len() > 0 => Some(change.offset),
            _ => self.through,
        };
        if change.is_none() {
            self.handled = self.handed_out;
        }
        change
    }

    /// All that the last response brought; none when another is needed. Asking says as `next_change`.
    pub(crate) fn next_batch(&mut self) -> Option<ChangeBatch> {
        self.handled = self.handed_out;
        if !std::mem::take(&mut self.is_fresh) {
            return None;
        }
        self.handed_out = self.through;
        let changes = std::mem::replace(&mut self.waiting, Vec::new().into_iter()).collect();
        self.through.map(|through_offset| ChangeBatch { changes, through_offset })
    }

    /// How long to wait before the next call, after one that ended with an error. Returns the error if it stays.
    pub(crate) fn failed(&mut self, error: Error) -> Result<Duration> {
        if error.is_passing() {
            Ok(self.wait())
        } else {
            Err(error)
        }
    }

    /// The same after a call that ended well though it should not, or on which nothing came for too long.
    pub(crate) fn wait(&mut self) -> Duration {
        self.backoff.wait()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(offsets: &[u64], through_offset: u64) -> StreamChangesResponse {
        let changes = offsets.iter().map(|&offset| Change { offset, ..Default::default() }).collect();
        StreamChangesResponse { changes, through_offset }
    }

    fn begun(start: Start, until_offset: u64) -> Resumption {
        let request = StreamChangesRequest { start: Some(start), until_offset, ..Default::default() };
        Resumption::new(request, Reconnecting::default())
    }

    fn taken(core: &mut Resumption) -> Vec<u64> {
        std::iter::from_fn(|| core.next_change()).map(|change| change.offset).collect()
    }

    #[test]
    fn what_comes_again_is_handed_out_once() {
        let mut core = begun(Start::AfterOffset(2), 0);
        core.received(response(&[3, 4], 4));
        assert_eq!(taken(&mut core), [3, 4]);
        core.received(response(&[3, 4, 5], 5));
        assert_eq!(taken(&mut core), [5]);
        assert_eq!(core.request().start, Some(Start::AfterOffset(5)));
    }

    #[test]
    fn a_change_is_handled_when_the_next_one_is_asked_for() {
        let mut core = begun(Start::AfterOffset(0), 0);
        core.received(response(&[1, 2], 9));
        core.next_change();
        assert_eq!(core.handled(), Some(0));
        core.next_change();
        assert_eq!(core.handled(), Some(1));
        core.next_change();
        assert_eq!(core.handled(), Some(9));
    }

    #[test]
    fn a_batch_without_changes_moves_the_place() {
        let mut core = begun(Start::AfterOffset(0), 0);
        core.received(response(&[], 6));
        assert_eq!(core.next_batch(), Some(ChangeBatch { changes: vec![], through_offset: 6 }));
        assert_eq!(core.next_batch(), None);
        assert_eq!(core.handled(), Some(6));
    }

    #[test]
    fn a_start_that_is_no_offset_is_asked_for_until_something_came() {
        let newest = Start::Position(1);
        let mut core = begun(newest, 0);
        assert_eq!(core.request().start, Some(newest));
        core.received(response(&[], 40));
        assert_eq!(core.request().start, Some(Start::AfterOffset(40)));
    }

    #[test]
    fn the_end_is_where_it_was_said_to_be() {
        let mut core = begun(Start::AfterOffset(0), 5);
        core.received(response(&[1, 5], 5));
        assert!(core.is_at_end());
    }

    #[test]
    fn errors_that_stay_are_returned() {
        let mut core = begun(Start::AfterOffset(0), 0);
        assert!(core.failed(Error::from(tonic::Status::unavailable("away"))).is_ok());
        assert!(core.failed(Error::from(tonic::Status::internal("broken"))).is_err());
    }

    /// Histories of cuts: whatever a server sends again, and wherever calls end, each change comes once, in order.
    #[test]
    fn no_history_of_cuts_loses_or_repeats_a_change() {
        for seed in 0..2000 {
            let mut random = fastrand::Rng::with_seed(seed);
            let log: Vec<u64> = (1..=40).filter(|_| random.f64() < 0.6).collect();
            let mut core = begun(Start::AfterOffset(0), 40);
            let mut seen = Vec::new();
            while !core.is_at_end() {
                let Some(Start::AfterOffset(after)) = core.request().start else { panic!("no offset") };
                let from = after.saturating_sub(random.u64(0..4));
                let through = (after + random.u64(0..9)).min(40);
                let sent: Vec<u64> = log.iter().copied().filter(|&offset| offset > from && offset <= through).collect();
                core.received(response(&sent, through));
                seen.extend(taken(&mut core));
            }
            assert_eq!(seen, log, "seed {seed}");
        }
    }
}
