//! What the suite tells a client to do.

use std::path::Path;

use serde::Deserialize;
use wikifeed_client::{Client, Result};

use crate::articles::{BatchGet, Get, ListArticles, LookUp, Structured};
use crate::asking::{Account, ChangeLog, DeleteSubscription, Projects, Subscription, Subscriptions, Usage};
use crate::files::{Export, ExportBatch, HourlyBatches, MakeSnapshot, MirrorProject, Read, Snapshots};
use crate::mirrored_pages::SNAPSHOT;
use crate::observation::Observation;
use crate::streams::{FollowChanges, TakeDeliveries};

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Action {
    Get(Get),
    BatchGet(BatchGet),
    Structured(Structured),
    Lookup(LookUp),
    List(ListArticles),
    Changes(FollowChanges),
    Subscribe(TakeDeliveries),
    Snapshots(Snapshots),
    MakeSnapshot(MakeSnapshot),
    Export(Export),
    Read(Read),
    Mirror(MirrorProject),
    Batches(HourlyBatches),
    ExportBatch(ExportBatch),
    Projects(Projects),
    ChangeLog(ChangeLog),
    Subscriptions(Subscriptions),
    Subscription(Subscription),
    DeleteSubscription(DeleteSubscription),
    Account(Account),
    Usage(Usage),
}

impl Action {
    pub async fn perform(&self, client: &Client, folder: &Path, seen: &mut Observation) -> Result<()> {
        match self {
            Action::Get(get) => get.perform(client, seen).await,
            Action::BatchGet(get) => get.perform(client, seen).await,
            Action::Structured(get) => get.perform(client, seen).await,
            Action::Lookup(lookup) => lookup.perform(client, seen).await,
            Action::List(list) => list.perform(client, seen).await,
            Action::Changes(follow) => follow.perform(client, folder, seen).await,
            Action::Subscribe(take) => take.perform(client, seen).await,
            Action::Snapshots(list) => list.perform(client, seen).await,
            Action::MakeSnapshot(make) => make.perform(client, seen).await,
            Action::Export(export) => export.perform(client, folder).await,
            Action::Read(read) => read.perform(client, folder, seen).await,
            Action::Mirror(mirror) => mirror.perform(client, folder).await,
            Action::Batches(list) => list.perform(client, seen).await,
            Action::ExportBatch(export) => export.perform(client, folder).await,
            Action::Projects(list) => list.perform(client, seen).await,
            Action::ChangeLog(ask) => ask.perform(client, seen).await,
            Action::Subscriptions(list) => list.perform(client, seen).await,
            Action::Subscription(ask) => ask.perform(client, seen).await,
            Action::DeleteSubscription(delete) => delete.perform(client).await,
            Action::Account(ask) => ask.perform(client, seen).await,
            Action::Usage(ask) => ask.perform(client, seen).await,
        }
    }

    /// See what the action left in the folder.
    pub fn look_into(&self, folder: &Path, seen: &mut Observation) {
        match self {
            Action::Changes(follow) => follow.look_into(folder, seen),
            Action::Export(_) | Action::ExportBatch(_) => seen.look_at_files(folder),
            Action::Mirror(_) => {
                seen.look_at_mirror(folder);
                seen.look_at_files(&folder.join(SNAPSHOT));
            }
            _ => {}
        }
    }
}
