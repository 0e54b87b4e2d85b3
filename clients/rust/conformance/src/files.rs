//! The actions with what comes as files: snapshots, mirrors, hourly batches.

use std::path::Path;
use std::pin::pin;

use futures_util::StreamExt;
use serde::Deserialize;
use wikifeed_client::messages::{SnapshotContent, SnapshotFormat};
use wikifeed_client::{Batches, Client, ExportOptions, Mirror, OnExpired, Result, SnapshotKind};

use crate::mirrored_pages::{MirroredPages, SNAPSHOT};
use crate::observation::Observation;
use crate::words::{borrowed, stamp_of};

#[derive(Deserialize)]
pub struct Snapshots {
    #[serde(default)]
    projects: Vec<String>,
}

impl Snapshots {
    pub async fn perform(&self, client: &Client, seen: &mut Observation) -> Result<()> {
        let mut snapshots = pin!(client.snapshots(&borrowed(&self.projects)));
        while let Some(snapshot) = snapshots.next().await {
            seen.snapshot(&snapshot?);
        }
        Ok(())
    }
}

#[derive(Deserialize)]
pub struct MakeSnapshot {
    project: String,
    namespace: i64,
    content: Option<String>,
    format: Option<String>,
    #[serde(default)]
    chunk_size_bytes: i64,
}

impl MakeSnapshot {
    pub async fn perform(&self, client: &Client, seen: &mut Observation) -> Result<()> {
        seen.snapshot(&client.create_snapshot(&self.kind(), self.chunk_size_bytes).await?);
        Ok(())
    }

    fn kind(&self) -> SnapshotKind {
        let mut kind = SnapshotKind { namespace: self.namespace, ..SnapshotKind::new(&self.project) };
        if let Some(name) = &self.content {
            kind.content = SnapshotContent::from_str_name(&format!("SNAPSHOT_CONTENT_{name}"))
                .expect("the suite names contents of the contract");
        }
        if let Some(name) = &self.format {
            kind.format = SnapshotFormat::from_str_name(&format!("SNAPSHOT_FORMAT_{name}"))
                .expect("the suite names formats of the contract");
        }
        kind
    }
}

#[derive(Deserialize)]
pub struct Export {
    identifier: String,
    #[serde(default)]
    offset: u64,
}

impl Export {
    pub async fn perform(&self, client: &Client, folder: &Path) -> Result<()> {
        client.export(&self.identifier, folder, ExportOptions::default().offset(self.offset)).await?;
        Ok(())
    }
}

#[derive(Deserialize)]
pub struct Read {
    identifier: String,
}

impl Read {
    pub async fn perform(&self, client: &Client, folder: &Path, seen: &mut Observation) -> Result<()> {
        let exported = client.export(&self.identifier, folder, ExportOptions::default()).await?;
        seen.read(&exported.files)
    }
}

#[derive(Deserialize)]
pub struct MirrorProject {
    project: String,
    #[serde(default)]
    namespace: i64,
    until: u64,
    #[serde(default)]
    on_expired: Expired,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Expired {
    #[default]
    Raise,
    BeginAgain,
}

impl From<Expired> for OnExpired {
    fn from(word: Expired) -> Self {
        match word {
            Expired::Raise => OnExpired::Fail,
            Expired::BeginAgain => OnExpired::BeginAgain,
        }
    }
}

impl MirrorProject {
    pub async fn perform(&self, client: &Client, folder: &Path) -> Result<()> {
        let mirror = Mirror {
            namespace: self.namespace,
            until_offset: self.until,
            on_expired: self.on_expired.into(),
            ..Mirror::new(&self.project, folder.join(SNAPSHOT))
        };
        client.mirror(mirror, MirroredPages::open(folder)).await
    }
}

#[derive(Deserialize)]
pub struct HourlyBatches {
    hour: Option<String>,
    #[serde(default)]
    projects: Vec<String>,
    #[serde(default)]
    namespaces: Vec<i64>,
}

impl HourlyBatches {
    pub async fn perform(&self, client: &Client, seen: &mut Observation) -> Result<()> {
        let hour = self.hour.as_deref().map(stamp_of);
        let which = Batches { hour, projects: self.projects.clone(), namespaces: self.namespaces.clone() };
        let mut batches = pin!(client.batches(which));
        while let Some(batch) = batches.next().await {
            seen.batch(&batch?);
        }
        Ok(())
    }
}

#[derive(Deserialize)]
pub struct ExportBatch {
    hour: String,
    identifier: String,
}

impl ExportBatch {
    pub async fn perform(&self, client: &Client, folder: &Path) -> Result<()> {
        let batch = client.batch(stamp_of(&self.hour), &self.identifier).await?;
        client.export_batch(&batch, folder, |_| ()).await?;
        Ok(())
    }
}
