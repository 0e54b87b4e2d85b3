//! The actions that take changes as they come.

use std::path::Path;
use std::time::Duration;

use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::Value;
use wikifeed_client::messages::EventType;
use wikifeed_client::{Changes, Checkpoint, Client, FileCheckpoint, Result, Start, Subscribe};

use crate::observation::Observation;
use crate::words::{is_chosen, start_of};

#[derive(Deserialize)]
pub struct FollowChanges {
    start: Value,
    take: usize,
    #[serde(default)]
    filter: Filter,
    #[serde(default)]
    options: Options,
    #[serde(default)]
    until: u64,
    checkpoint: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Filter {
    projects: Vec<String>,
    namespaces: Vec<i64>,
    languages: Vec<String>,
    event_types: Vec<String>,
    page_ids: Vec<i64>,
}

impl Filter {
    fn changes(&self) -> Changes {
        let types = self.event_types.iter().map(|name| {
            EventType::from_str_name(&format!("EVENT_TYPE_{name}")).expect("the suite names events of the contract")
        });
        Changes::new()
            .projects(&self.projects)
            .namespaces(self.namespaces.iter().copied())
            .languages(&self.languages)
            .event_types(types)
            .page_ids(self.page_ids.iter().copied())
    }
}

/// What else there is to say of a stream. Those of a subscription have no share, and no log that is compacted.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Options {
    read_mask: Vec<String>,
    no_body: bool,
    max_batch_size: Option<i32>,
    max_delay_seconds: Option<f64>,
    share: Option<(i32, i32)>,
    allow_compacted: bool,
    max_unacknowledged: Option<i32>,
}

impl Options {
    fn of(&self, mut changes: Changes) -> Changes {
        changes = changes.fields(&self.read_mask);
        if self.no_body {
            changes = changes.no_body();
        }
        if let Some(count) = self.max_batch_size {
            changes = changes.max_batch_size(count);
        }
        if let Some(seconds) = self.max_delay_seconds {
            changes = changes.max_delay(Duration::from_secs_f64(seconds));
        }
        if let Some((index, count)) = self.share {
            changes = changes.share(index, count);
        }
        if self.allow_compacted {
            changes = changes.allow_compacted();
        }
        changes
    }
}

impl FollowChanges {
    pub async fn perform(&self, client: &Client, folder: &Path, seen: &mut Observation) -> Result<()> {
        let start = start_of(&self.start).unwrap_or(Start::Newest);
        let changes = self.options.of(self.filter.changes()).until(self.until).start(start);
        let mut stream = client.changes(changes);
        if let Some(checkpoint) = self.checkpoint(folder) {
            stream = stream.with_checkpoint(checkpoint);
        }
        for _ in 0..self.take {
            match stream.next().await {
                Some(change) => seen.change(change?),
                None => break,
            }
        }
        Ok(())
    }

    pub fn look_into(&self, folder: &Path, seen: &mut Observation) {
        if let Some(checkpoint) = self.checkpoint(folder) {
            seen.checkpoint = checkpoint.load().expect("it holds an offset");
        }
    }

    fn checkpoint(&self, folder: &Path) -> Option<FileCheckpoint> {
        self.checkpoint.as_ref().map(|name| FileCheckpoint::new(folder.join(name)))
    }
}

#[derive(Deserialize)]
pub struct TakeDeliveries {
    name: String,
    #[serde(default)]
    start: Value,
    take: usize,
    #[serde(default)]
    acknowledge: Value,
    credit: Option<i64>,
    #[serde(default)]
    filter: Filter,
    #[serde(default)]
    options: Options,
}

impl TakeDeliveries {
    pub async fn perform(&self, client: &Client, seen: &mut Observation) -> Result<()> {
        let mut subscription = client.subscribe(self.opening());
        for number in 1..=self.take {
            let mut delivery = subscription.next().await?;
            std::mem::take(&mut delivery.changes).into_iter().for_each(|change| seen.change(change));
            if is_chosen(&self.acknowledge, number) {
                delivery.acknowledge();
            }
        }
        subscription.close().await;
        Ok(())
    }

    fn opening(&self) -> Subscribe {
        let mut subscribe = Subscribe::new(&self.name).changes(&self.options.of(self.filter.changes()));
        if let Some(start) = start_of(&self.start) {
            subscribe = subscribe.start(start);
        }
        if let Some(credit) = self.credit {
            subscribe = subscribe.credit(credit);
        }
        if let Some(changes) = self.options.max_unacknowledged {
            subscribe = subscribe.max_unacknowledged(changes);
        }
        subscribe
    }
}
