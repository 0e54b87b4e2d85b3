#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod account;
mod article_json;
mod articles;
mod batch_getting;
mod batches;
mod changes;
mod checkpoint;
mod client;
mod error;
mod exporting;
mod following;
mod mirror;
mod reading;
mod reconnecting;
mod resuming;
mod snapshots;
mod subscribing;
mod subscriptions;

pub use article_json::article_from_json;
pub use articles::{List, Lookup, Page};
pub use batch_getting::Outcome;
pub use batches::Batches;
pub use changes::{Changes, Start};
#[cfg(feature = "sqlite")]
pub use checkpoint::SqliteCheckpoint;
pub use checkpoint::{Checkpoint, CheckpointError, FileCheckpoint};
pub use client::{Client, ClientBuilder, Credentials};
pub use error::{CallError, Error, FieldViolation, Result};
pub use exporting::{Export, ExportOptions, ExportProgress};
pub use following::ChangeStream;
#[cfg(feature = "sqlite")]
pub use mirror::SqliteSink;
pub use mirror::{Mirror, OnExpired, Sink, Update};
/// Times as the messages have them.
pub use prost_types::Timestamp;
pub use reading::{read_articles, read_lines, Items};
pub use reconnecting::Reconnecting;
pub use resuming::ChangeBatch;
pub use snapshots::SnapshotKind;
pub use subscribing::{Delivery, Subscribe, Subscription};
/// The messages of the contract.
pub use wikifeed_proto::v1 as messages;
