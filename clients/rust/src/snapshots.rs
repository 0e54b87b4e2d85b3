//! Which snapshots there are, and having one made.

use std::time::Duration;

use async_stream::try_stream;
use futures_core::Stream;
use wikifeed_proto::v1::{
    CreateSnapshotRequest, GetSnapshotRequest, GetSnapshotResponse, ListSnapshotsRequest, Snapshot, SnapshotContent,
    SnapshotFormat, SnapshotState,
};

use crate::client::{ask, Client};
use crate::error::{CallError, Error, Result};

/// The seconds between looks whether a snapshot is written: soon at first, for most are small.
const READY_POLLS: [f64; 5] = [0.05, 0.1, 0.2, 0.5, 1.0];
const LATER_POLLS: f64 = 2.0;

/// Which snapshot of a project's namespace: what it holds of each article, and the form of its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotKind {
    /// The project.
    pub project: String,
    /// The namespace.
    pub namespace: i64,
    /// What it holds of each article.
    pub content: SnapshotContent,
    /// The form of its files.
    pub format: SnapshotFormat,
}

impl SnapshotKind {
    /// The snapshot of whole articles of the main namespace, in `.tar.gz`.
    pub fn new(project: impl Into<String>) -> Self {
        SnapshotKind {
            project: project.into(),
            namespace: 0,
            content: SnapshotContent::Json,
            format: SnapshotFormat::NdjsonTarGz,
        }
    }

    /// The identifier that the server gives snapshots of this kind.
    pub fn identifier(&self) -> String {
        let content = match self.content {
            SnapshotContent::Wikitext => "_wikitext",
            SnapshotContent::Html => "_html",
            SnapshotContent::Structured => "_structured",
            _ => "",
        };
        let format = match self.format {
            SnapshotFormat::NdjsonZst => "_zst",
            SnapshotFormat::Parquet => "_parquet",
            _ => "",
        };
        format!("{}_namespace_{}{content}{format}", self.project, self.namespace)
    }
}

impl From<&SnapshotKind> for String {
    fn from(kind: &SnapshotKind) -> Self {
        kind.identifier()
    }
}

impl Client {
    /// All snapshots of these projects, those being written included, the newest first within each identifier. No
    /// projects mean all.
    pub fn snapshots(&self, projects: &[&str]) -> impl Stream<Item = Result<Snapshot>> + Send + 'static {
        let client = self.clone();
        let projects = projects.iter().map(|&project| project.to_owned()).collect();
        let mut request = ListSnapshotsRequest { projects, ..Default::default() };
        try_stream! {
            loop {
                let answer = ask!(client, client.snapshot_service(), list_snapshots, request.clone()).await?;
                for snapshot in answer.snapshots {
                    yield snapshot;
                }
                if answer.next_page_token.is_empty() {
                    break;
                }
                request.page_token = answer.next_page_token;
            }
        }
    }

    /// A snapshot, by its identifier or a [`SnapshotKind`], and its chunks once it is written. Offset 0 means the
    /// newest that is ready or, where none is, the newest.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where there is none.
    pub async fn snapshot(&self, which: impl Into<String>, offset: u64) -> Result<GetSnapshotResponse> {
        let request = GetSnapshotRequest { identifier: which.into(), offset };
        ask!(self, self.snapshot_service(), get_snapshot, request).await
    }

    /// Have a snapshot made as of the newest offset, and wait until it is written. 0 as the size of its chunks leaves
    /// that to the server.
    ///
    /// # Errors
    ///
    /// What a call can end with, and what writing it failed with.
    pub async fn create_snapshot(&self, kind: &SnapshotKind, chunk_size_bytes: i64) -> Result<Snapshot> {
        let request = CreateSnapshotRequest {
            project: kind.project.clone(),
            namespace: kind.namespace,
            content: kind.content.into(),
            format: kind.format.into(),
            chunk_size_bytes,
        };
        let made = ask!(self, self.snapshot_service(), create_snapshot, request).await?.snapshot.unwrap_or_default();
        Ok(self.ready_snapshot(made.identifier, made.offset).await?.snapshot.unwrap_or_default())
    }

    /// The snapshot once it is written.
    pub(crate) async fn ready_snapshot(&self, identifier: String, mut offset: u64) -> Result<GetSnapshotResponse> {
        let mut polls = READY_POLLS.into_iter();
        loop {
            let found = self.snapshot(&identifier, offset).await?;
            let snapshot = found.snapshot.as_ref().ok_or_else(|| no_snapshot(&identifier))?;
            if is_ready(snapshot)? {
                return Ok(found);
            }
            offset = snapshot.offset;
            tokio::time::sleep(Duration::from_secs_f64(polls.next().unwrap_or(LATER_POLLS))).await;
        }
    }
}

fn no_snapshot(identifier: &str) -> Error {
    Error::DamagedData(format!("the answer holds no snapshot {identifier}"))
}

fn is_ready(snapshot: &Snapshot) -> Result<bool> {
    if snapshot.state() == SnapshotState::Failed {
        return Err(Error::Call(Box::new(CallError {
            code: tonic::Code::FailedPrecondition as i32,
            message: format!("writing {} failed: {}", snapshot.identifier, snapshot.error),
            reason: "SNAPSHOT_NOT_READY".to_owned(),
            ..CallError::default()
        })));
    }
    Ok(snapshot.state() == SnapshotState::Ready)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_the_servers_identifiers() {
        let mut kind = SnapshotKind::new("enwiki");
        assert_eq!(kind.identifier(), "enwiki_namespace_0");
        (kind.namespace, kind.content, kind.format) = (14, SnapshotContent::Structured, SnapshotFormat::NdjsonZst);
        assert_eq!(String::from(&kind), "enwiki_namespace_14_structured_zst");
    }

    #[test]
    fn a_snapshot_that_could_not_be_written_is_told_and_one_that_is_being_written_is_awaited() {
        let at = |state: SnapshotState| Snapshot { state: state.into(), error: "no room".into(), ..Default::default() };
        assert!(is_ready(&at(SnapshotState::Ready)).unwrap());
        assert!(!is_ready(&at(SnapshotState::Writing)).unwrap());
        assert!(is_ready(&at(SnapshotState::Failed)).unwrap_err().to_string().contains("no room"));
    }
}
