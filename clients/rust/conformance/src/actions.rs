//! What the suite tells a client to do.

use std::path::Path;
use std::pin::pin;
use std::time::{Duration, SystemTime};

use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use wikifeed_client::messages::EventType;
use wikifeed_client::{
    Batches, Changes, Checkpoint, Client, ExportOptions, FileCheckpoint, List, Lookup, Page, Result, Start, Subscribe,
    Timestamp,
};

use crate::errors::described;
use crate::Observation;

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Action {
    Get {
        project: String,
        title: Option<String>,
        page_id: Option<i64>,
        #[serde(default)]
        read_mask: Vec<String>,
    },
    BatchGet {
        project: String,
        titles: Vec<String>,
        #[serde(default)]
        read_mask: Vec<String>,
    },
    Lookup {
        title: String,
    },
    List {
        project: String,
        page_size: i32,
    },
    Changes {
        start: Value,
        take: usize,
        #[serde(default)]
        filter: Filter,
        #[serde(default)]
        until: u64,
        checkpoint: Option<String>,
    },
    Subscribe {
        name: String,
        #[serde(default)]
        start: Value,
        take: usize,
        #[serde(default)]
        acknowledge: Value,
        credit: Option<i64>,
    },
    Export {
        identifier: String,
    },
    Batches {
        hour: Option<String>,
        #[serde(default)]
        projects: Vec<String>,
    },
    ExportBatch {
        hour: String,
        identifier: String,
    },
    Account,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Filter {
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

impl Action {
    pub async fn perform(&self, client: &Client, folder: &Path, seen: &mut Observation) -> Result<()> {
        match self {
            Action::Get { project, title, page_id, read_mask } => {
                let page = match (title, page_id) {
                    (Some(title), _) => Page::from(title.as_str()),
                    (None, identifier) => Page::from(identifier.unwrap_or_default()),
                };
                seen.names.push(client.get_fields(project, page, &borrowed(read_mask)).await?.name);
            }
            Action::BatchGet { project, titles, read_mask } => {
                let keys = titles.iter().map(|title| (project, title.as_str()));
                let mut outcomes = pin!(client.batch_get(keys, &borrowed(read_mask)));
                while let Some(outcome) = outcomes.next().await {
                    let outcome = outcome?;
                    match outcome.article {
                        Ok(article) => seen.names.push(article.name),
                        Err(error) => {
                            seen.missing.insert(outcome.index.to_string(), described(&error));
                        }
                    }
                }
            }
            Action::Lookup { title } => {
                let found = client.lookup(title, Lookup::default()).await?;
                seen.names.extend(found.into_iter().map(|each| each.article.unwrap_or_default().name));
            }
            Action::List { project, page_size } => {
                let mut articles = pin!(client.list(project, List { page_size: *page_size, ..List::default() }));
                while let Some(article) = articles.next().await {
                    seen.names.push(article?.name);
                }
            }
            Action::Changes { start, take, filter, until, checkpoint } => {
                let changes = filter.changes().until(*until).start(start_of(start).unwrap_or(Start::Newest));
                let mut stream = client.changes(changes);
                if let Some(name) = checkpoint {
                    stream = stream.with_checkpoint(FileCheckpoint::new(folder.join(name)));
                }
                for _ in 0..*take {
                    match stream.next().await {
                        Some(change) => seen.change(change?),
                        None => break,
                    }
                }
            }
            Action::Subscribe { name, start, take, acknowledge, credit } => {
                let mut subscribe = Subscribe::new(name);
                if let Some(start) = start_of(start) {
                    subscribe = subscribe.start(start);
                }
                if let Some(credit) = credit {
                    subscribe = subscribe.credit(*credit);
                }
                let mut subscription = client.subscribe(subscribe);
                for number in 1..=*take {
                    let mut delivery = subscription.next().await?;
                    std::mem::take(&mut delivery.changes).into_iter().for_each(|change| seen.change(change));
                    if is_chosen(acknowledge, number) {
                        delivery.acknowledge();
                    }
                }
                subscription.close().await;
            }
            Action::Export { identifier } => {
                client.export(identifier, folder, ExportOptions::default()).await?;
            }
            Action::Batches { hour, projects } => {
                let hour = hour.as_deref().map(stamp_of);
                let which = Batches { hour, projects: projects.clone(), ..Batches::default() };
                let mut batches = pin!(client.batches(which));
                while let Some(batch) = batches.next().await {
                    seen.batch(&batch?);
                }
            }
            Action::ExportBatch { hour, identifier } => {
                let batch = client.batch(stamp_of(hour), identifier).await?;
                client.export_batch(&batch, folder, |_| ()).await?;
            }
            Action::Account => {
                seen.account = client.account().await?.account.unwrap_or_default().username;
            }
        }
        Ok(())
    }

    /// See what the action left in the folder.
    pub fn look_into(&self, folder: &Path, seen: &mut Observation) {
        match self {
            Action::Changes { checkpoint: Some(name), .. } => {
                seen.checkpoint = FileCheckpoint::new(folder.join(name)).load().expect("it holds an offset");
            }
            Action::Export { .. } | Action::ExportBatch { .. } => {
                for entry in std::fs::read_dir(folder).expect("the folder is there") {
                    let entry = entry.expect("the folder is there");
                    let name = entry.file_name().into_string().expect("names are text");
                    if !name.ends_with(".part") {
                        let content = std::fs::read(entry.path()).expect("it can be read");
                        let sum = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
                        seen.files.insert(name, sum);
                    }
                }
            }
            _ => {}
        }
    }
}

fn borrowed(paths: &[String]) -> Vec<&str> {
    paths.iter().map(String::as_str).collect()
}

fn start_of(words: &Value) -> Option<Start> {
    match words {
        Value::String(place) if place == "oldest" => Some(Start::Oldest),
        Value::String(_) => Some(Start::Newest),
        Value::Object(place) => Some(match place.get("after").and_then(Value::as_u64) {
            Some(offset) => Start::After(offset),
            None => Start::Since(time_of(place["since"].as_str().expect("a start is an offset or a time"))),
        }),
        _ => None,
    }
}

/// The moment of a time that ends in "Z".
fn time_of(text: &str) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(stamp_of(text).seconds.unsigned_abs())
}

fn stamp_of(text: &str) -> Timestamp {
    text.parse().expect("times are as RFC 3339 has them")
}

fn is_chosen(words: &Value, number: usize) -> bool {
    words.as_array().is_none_or(|numbers| numbers.iter().any(|each| each.as_u64() == Some(number as u64)))
}
