//! The runner of this client for the conformance suite. What it reads and answers is told in
//! tests/conformance/clients/README.md.

mod actions;
mod articles;
mod asking;
mod errors;
mod files;
mod mirrored_pages;
mod observation;
mod streams;
mod words;

use std::io::{BufRead, Write};
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use wikifeed_client::{Client, Reconnecting};

use actions::Action;
use observation::Observation;

#[derive(Deserialize)]
struct Order {
    address: String,
    folder: String,
    #[serde(default)]
    settings: Settings,
    actions: Vec<Action>,
}

#[derive(Default, Deserialize)]
struct Settings {
    key: Option<String>,
    silence_seconds: Option<f64>,
    first_wait_seconds: Option<f64>,
    longest_wait_seconds: Option<f64>,
    timeout_seconds: Option<f64>,
}

impl Settings {
    fn client(&self, address: &str) -> Client {
        let reconnecting = Reconnecting {
            first: Duration::from_secs_f64(self.first_wait_seconds.unwrap_or(0.01)),
            longest: Duration::from_secs_f64(self.longest_wait_seconds.unwrap_or(0.05)),
            silence: Duration::from_secs_f64(self.silence_seconds.unwrap_or(20.0)),
        };
        let mut builder = Client::builder(address).reconnecting(reconnecting);
        if let Some(key) = &self.key {
            builder = builder.key(key);
        }
        if let Some(seconds) = self.timeout_seconds {
            builder = builder.deadline(Duration::from_secs_f64(seconds));
        }
        builder.build().expect("the suite's addresses are right")
    }
}

async fn observe(order: &Order, action: &Action) -> Observation {
    let mut seen = Observation::default();
    let client = order.settings.client(&order.address);
    let folder = Path::new(&order.folder);
    if let Err(error) = action.perform(&client, folder, &mut seen).await {
        seen.error = Some(errors::described(&error));
    }
    drop(client);
    action.look_into(folder, &mut seen);
    seen
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("there are threads");
    for line in std::io::stdin().lock().lines() {
        let order: Order = serde_json::from_str(&line.expect("lines are text")).expect("a line is an order");
        let observations = runtime.block_on(async {
            let mut observations = Vec::new();
            for action in &order.actions {
                observations.push(observe(&order, action).await);
            }
            observations
        });
        let mut answers = std::io::stdout().lock();
        writeln!(answers, "{}", serde_json::json!({ "observations": observations })).expect("somebody reads");
        answers.flush().expect("somebody reads");
    }
}
