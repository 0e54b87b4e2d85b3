//! What is observed of an action.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base64::prelude::{Engine, BASE64_STANDARD};
use prost::Message;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use wikifeed_client::messages::{Batch, Change, DailyUsage, Snapshot, Subscription};
use wikifeed_client::{read_articles, Result};

use crate::mirrored_pages::{Mirrored, MirroredPages};

/// What an action showed.
#[derive(Default, Serialize)]
pub struct Observation {
    pub offsets: Vec<u64>,
    pub names: Vec<String>,
    pub missing: BTreeMap<String, Value>,
    pub checkpoint: Option<u64>,
    pub projects: Vec<String>,
    pub log: Vec<u64>,
    pub account: String,
    pub error: Option<Value>,
    snapshots: Vec<String>,
    articles: BTreeMap<String, String>,
    mirror: Option<Mirrored>,
    subscriptions: Vec<String>,
    usage: Vec<String>,
    batches: Vec<String>,
    files: BTreeMap<String, String>,
}

impl Observation {
    pub fn change(&mut self, change: Change) {
        self.offsets.push(change.offset);
        self.names.push(change.article.unwrap_or_default().name);
    }

    pub fn batch(&mut self, batch: &Batch) {
        self.batches.push(format!("{} {}", batch.hour.unwrap_or_default(), batch.identifier));
    }

    pub fn snapshot(&mut self, snapshot: &Snapshot) {
        self.snapshots.push(format!("{} {}", snapshot.identifier, snapshot.offset));
    }

    pub fn subscription(&mut self, subscription: &Subscription) {
        self.subscriptions.push(format!("{} {}", subscription.name, subscription.acknowledged_offset));
    }

    pub fn day(&mut self, day: &DailyUsage) {
        self.usage.push(format!("{} {}", day.day, day.counts.unwrap_or_default().on_demand));
    }

    /// Read the articles in the files of a snapshot.
    pub fn read(&mut self, files: &[PathBuf]) -> Result<()> {
        for file in files {
            for article in read_articles(file)? {
                let article = article?;
                self.articles.insert(article.name.clone(), BASE64_STANDARD.encode(article.encode_to_vec()));
            }
        }
        Ok(())
    }

    pub fn look_at_files(&mut self, folder: &Path) {
        for entry in std::fs::read_dir(folder).expect("the folder is there") {
            let entry = entry.expect("the folder is there");
            let name = entry.file_name().into_string().expect("names are text");
            if !name.ends_with(".part") {
                let content = std::fs::read(entry.path()).expect("it can be read");
                let sum = Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect();
                self.files.insert(name, sum);
            }
        }
    }

    pub fn look_at_mirror(&mut self, folder: &Path) {
        self.mirror = MirroredPages::look(folder);
    }
}
