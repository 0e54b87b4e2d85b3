//! A project's namespace as it is, kept so: a snapshot first, then every change from its offset on.

use std::path::PathBuf;
use std::pin::pin;

use futures_util::StreamExt;
use wikifeed_proto::v1::{Article, Change, EventType, GetChangeLogInfoResponse, Snapshot, SnapshotState};

use crate::article_json::article_descriptor;
use crate::changes::{Changes, Start};
use crate::checkpoint::{blocking, CheckpointError};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::exporting::ExportOptions;
use crate::reading::read_articles;
use crate::resuming::ChangeBatch;
use crate::snapshots::SnapshotKind;

#[cfg(feature = "sqlite")]
mod sqlite_sink;

#[cfg(feature = "sqlite")]
pub use sqlite_sink::SqliteSink;

const AT_ONCE: usize = 500;
/// Snapshots hold whole articles without these, which are a content of their own.
const STRUCTURED: [&str; 5] = ["infoboxes", "sections", "references", "tables", "links"];

/// What happened to a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Update {
    /// The page has this article now. The offset is the change's, or the snapshot's.
    Put(Box<Article>, u64),
    /// The page of this id is gone: deleted, moved to another namespace, or a redirect by now.
    Remove(i64, u64),
}

/// Where a mirror writes to. All methods may block; they run beside the runtime's own threads.
pub trait Sink: Send {
    /// The offset through which everything is written; none when the mirror is to begin anew.
    ///
    /// # Errors
    ///
    /// What ends the mirror as [`Error::Caller`].
    fn position(&mut self) -> Result<Option<u64>, CheckpointError>;

    /// Forget all there is: what follows is the whole.
    ///
    /// # Errors
    ///
    /// What ends the mirror as [`Error::Caller`].
    fn begin(&mut self) -> Result<(), CheckpointError>;

    /// Write updates, and that everything through an offset is; none while the snapshot is not whole yet.
    ///
    /// # Errors
    ///
    /// What ends the mirror as [`Error::Caller`].
    fn write(&mut self, updates: Vec<Update>, through_offset: Option<u64>) -> Result<(), CheckpointError>;
}

/// What a mirror does where the log no longer has what follows the sink's offset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnExpired {
    /// End with [`Error::CursorExpired`]; the sink keeps what it has.
    #[default]
    Fail,
    /// Have the sink forget all, and begin with a snapshot anew. What is gone by then is gone without an update.
    BeginAgain,
}

/// What to mirror, and how.
#[derive(Clone, Debug)]
pub struct Mirror {
    /// The project.
    pub project: String,
    /// The namespace.
    pub namespace: i64,
    /// Where the snapshot's files lie while they are read; a folder of its own.
    pub folder: PathBuf,
    /// End once everything through this offset is written; 0 means never.
    pub until_offset: u64,
    /// What to do after a pause longer than the log.
    pub on_expired: OnExpired,
}

impl Mirror {
    /// The main namespace of a project, for ever. The snapshot lies in `folder` until it is read.
    pub fn new(project: impl Into<String>, folder: impl Into<PathBuf>) -> Self {
        Mirror {
            project: project.into(),
            namespace: 0,
            folder: folder.into(),
            until_offset: 0,
            on_expired: OnExpired::Fail,
        }
    }
}

impl Client {
    /// Keep a copy of a project's namespace current: begin with a snapshot where the sink is empty, and go on with the
    /// changes behind it, or behind what the sink has. A sink that stores updates and their offset in one transaction
    /// has every page exactly once.
    ///
    /// The snapshot is the newest. One that is being written is awaited; where there is none, or none behind which the
    /// log has everything, one is made.
    ///
    /// # Errors
    ///
    /// As [`Client::export`] and [`Client::changes`], [`Error::CursorExpired`] after a pause longer than the log unless
    /// [`Mirror::on_expired`] says otherwise; and what the sink fails with.
    pub async fn mirror<S: Sink + 'static>(&self, mirror: Mirror, sink: S) -> Result<()> {
        let (mut sink, mut found) = with_sink(sink, Sink::position).await?;
        loop {
            let after = match found {
                Some(offset) => offset,
                None => {
                    let offset;
                    (sink, offset) = self.fill(&mirror, sink).await?;
                    offset
                }
            };
            match self.follow(&mirror, sink, after).await? {
                Some(expired) => (sink, found) = (expired, None),
                None => return Ok(()),
            }
        }
    }

    /// Write every change behind an offset into the sink, which is returned where it is to begin anew.
    async fn follow<S: Sink + 'static>(&self, mirror: &Mirror, mut sink: S, after: u64) -> Result<Option<S>> {
        let mut batches = pin!(self.changes(followed(mirror, after)).batches());
        let namespace = mirror.namespace;
        while let Some(batch) = batches.next().await {
            let ChangeBatch { changes, through_offset } = match batch {
                Err(Error::CursorExpired { .. }) if mirror.on_expired == OnExpired::BeginAgain => {
                    return Ok(Some(sink));
                }
                batch => batch?,
            };
            let updates = changes.into_iter().map(|change| update_of(change, namespace)).collect();
            (sink, ()) = with_sink(sink, move |sink| sink.write(updates, Some(through_offset))).await?;
        }
        Ok(None)
    }

    /// Have the sink hold a snapshot; its offset.
    async fn fill<S: Sink + 'static>(&self, mirror: &Mirror, sink: S) -> Result<(S, u64)> {
        let kind = SnapshotKind { namespace: mirror.namespace, ..SnapshotKind::new(&mirror.project) };
        let options = ExportOptions::default().offset(self.followed_snapshot(&kind).await?.offset);
        let exported = self.export(&kind, &mirror.folder, options).await?;
        let offset = exported.snapshot.offset;
        let files = exported.files;
        let (sink, ()) = with_sink(sink, move |sink| {
            sink.begin()?;
            for file in &files {
                write_all(sink, read_articles(file)?, offset)?;
            }
            sink.write(Vec::new(), Some(offset))?;
            for file in files {
                std::fs::remove_file(&file).map_err(|error| Error::file(&file, error))?;
            }
            Ok(())
        })
        .await?;
        Ok((sink, offset))
    }

    /// The newest snapshot where it is usable, else one that is made for this.
    async fn followed_snapshot(&self, kind: &SnapshotKind) -> Result<Snapshot> {
        match self.snapshot(kind, 0).await {
            Ok(found) => {
                let snapshot = found.snapshot.unwrap_or_default();
                if is_usable(&snapshot, &self.change_log().await?) {
                    return Ok(snapshot);
                }
            }
            Err(Error::NotFound { call, .. }) if call.reason == "SNAPSHOT_NOT_FOUND" => {}
            Err(error) => return Err(error),
        }
        self.create_snapshot(kind, 0).await
    }
}

/// Whether a snapshot is whole or will be, and the log has every change behind it.
fn is_usable(snapshot: &Snapshot, log: &GetChangeLogInfoResponse) -> bool {
    snapshot.state() != SnapshotState::Failed && snapshot.offset >= log.oldest_offset.saturating_sub(1)
}

fn write_all(
    sink: &mut impl Sink,
    articles: impl Iterator<Item = Result<Article>>,
    offset: u64,
) -> Result<(), CheckpointError> {
    let mut waiting = Vec::with_capacity(AT_ONCE);
    for article in articles {
        waiting.push(Update::Put(Box::new(article?), offset));
        if waiting.len() == AT_ONCE {
            sink.write(std::mem::take(&mut waiting), None)?;
        }
    }
    sink.write(waiting, None)
}

async fn with_sink<S: Sink + 'static, Done: Send + 'static>(
    mut sink: S,
    work: impl FnOnce(&mut S) -> Result<Done, CheckpointError> + Send + 'static,
) -> Result<(S, Done)> {
    blocking(move || {
        let done = work(&mut sink).map_err(|error| match error.downcast::<Error>() {
            Ok(own) => *own,
            Err(foreign) => Error::Caller(foreign),
        })?;
        Ok((sink, done))
    })
    .await
}

/// What a mirror streams. All namespaces: a page that moves out of the one that is mirrored is seen to leave it.
fn followed(mirror: &Mirror, after: u64) -> Changes {
    let fields = article_fields().filter(|name| !STRUCTURED.contains(&name.as_str()));
    Changes::new().projects([&mirror.project]).fields(fields).until(mirror.until_offset).start(Start::After(after))
}

fn article_fields() -> impl Iterator<Item = String> {
    article_descriptor().fields().map(|field| field.name().to_owned()).collect::<Vec<_>>().into_iter()
}

/// What a change is to the mirror of a namespace.
fn update_of(change: Change, namespace: i64) -> Update {
    let is_there = change.event_type() != EventType::Delete && change.redirect_target.is_empty();
    let article = change.article.unwrap_or_default();
    if is_there && article.namespace.as_ref().map_or(0, |space| space.identifier) == namespace {
        Update::Put(Box::new(article), change.offset)
    } else {
        Update::Remove(article.identifier, change.offset)
    }
}

#[cfg(test)]
mod tests {
    use wikifeed_proto::v1::Namespace;

    use super::*;

    fn change(event: EventType, namespace: i64, redirect_target: &str) -> Change {
        let namespace = Some(Namespace { identifier: namespace, ..Default::default() });
        let article = Some(Article { identifier: 7, namespace, ..Default::default() });
        Change {
            offset: 3,
            event_type: event.into(),
            redirect_target: redirect_target.into(),
            article,
            ..Default::default()
        }
    }

    #[test]
    fn what_is_no_article_of_the_namespace_any_more_is_removed() {
        assert!(matches!(update_of(change(EventType::Update, 0, ""), 0), Update::Put(_, 3)));
        let removed = Update::Remove(7, 3);
        assert_eq!(update_of(change(EventType::Delete, 0, ""), 0), removed);
        assert_eq!(update_of(change(EventType::Update, 4, ""), 0), removed);
        assert_eq!(update_of(change(EventType::Update, 0, "Moon"), 0), removed);
    }

    #[test]
    fn the_fields_of_a_mirror_are_those_of_snapshots() {
        let fields: Vec<String> = followed(&Mirror::new("enwiki", "folder"), 0).request.read_mask.unwrap().paths;
        assert!(fields.contains(&"article_body".to_owned()) && !fields.contains(&"sections".to_owned()), "{fields:?}");
    }
}
