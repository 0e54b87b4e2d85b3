//! The stream of changes.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use async_stream::try_stream;
use futures_core::Stream;
use tokio::time::timeout;
use tonic::Streaming;
use wikifeed_proto::v1::stream_changes_request::Start as StartField;
use wikifeed_proto::v1::{
    Change, ChangeFilter, EventType, GetChangeLogInfoRequest, GetChangeLogInfoResponse, Share, StartPosition,
    StreamChangesRequest, StreamChangesResponse,
};

use crate::articles::owned_mask;
use crate::checkpoint::{self, Checkpoint};
use crate::client::{ask, Client};
use crate::error::{Error, Result};
use crate::resuming::{ChangeBatch, Resumption};

/// Where a stream of changes begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// With the first change whose offset is greater. 0 is the beginning of the log.
    After(u64),
    /// With the first change that was published at this time or later.
    Since(SystemTime),
    /// With everything that the log keeps.
    Oldest,
    /// With what is appended from the stream's beginning on.
    Newest,
}

/// Which changes of the log to send, and what of them. What is not said lets everything pass.
///
/// ```
/// use wikifeed_client::{Changes, Start};
///
/// let changes = Changes::new().projects(["enwiki"]).namespaces([0]).fields(["name", "version"]).start(Start::After(7));
/// ```
#[derive(Clone, Debug)]
pub struct Changes {
    pub(crate) request: StreamChangesRequest,
    pub(crate) start: Option<Start>,
}

impl Default for Changes {
    fn default() -> Self {
        Self::new()
    }
}

impl Changes {
    /// All changes, from when the stream begins.
    pub fn new() -> Self {
        Changes { request: StreamChangesRequest::default(), start: None }
    }

    /// Where to begin; [`Start::Newest`] unless set.
    pub fn start(mut self, start: Start) -> Self {
        self.start = Some(start);
        self
    }

    /// Only changes of these projects.
    pub fn projects(mut self, projects: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.request.projects = projects.into_iter().map(Into::into).collect();
        self
    }

    /// Only changes of pages in these namespaces.
    pub fn namespaces(mut self, namespaces: impl IntoIterator<Item = i64>) -> Self {
        self.request.namespaces = namespaces.into_iter().collect();
        self
    }

    /// Only changes of projects in these languages.
    pub fn languages(mut self, languages: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.request.languages = languages.into_iter().map(Into::into).collect();
        self
    }

    /// Only these events.
    pub fn event_types(mut self, types: impl IntoIterator<Item = EventType>) -> Self {
        self.request.event_types = types.into_iter().map(i32::from).collect();
        self
    }

    /// Only changes of these pages.
    pub fn page_ids(mut self, identifiers: impl IntoIterator<Item = i64>) -> Self {
        self.request.page_ids = identifiers.into_iter().collect();
        self
    }

    /// The part of one of `count` consumers, counted from 0: all changes of a page go to the same one.
    pub fn share(mut self, index: i32, count: i32) -> Self {
        self.request.share = Some(Share { index, count });
        self
    }

    /// These fields of the article, as dotted paths, and no others.
    pub fn fields(mut self, paths: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.request.read_mask = owned_mask(paths.into_iter().map(Into::into).collect());
        self
    }

    /// Leave out the text of pages and the structured parts: that costs the server least.
    pub fn no_body(mut self) -> Self {
        self.request.no_body = true;
        self
    }

    /// End the stream once every change up to and including this offset was given.
    pub fn until(mut self, offset: u64) -> Self {
        self.request.until_offset = offset;
        self
    }

    /// How many changes may come at once; the server decides unless set.
    pub fn max_batch_size(mut self, count: i32) -> Self {
        self.request.max_batch_size = count;
        self
    }

    /// How long a change may wait for others to come with it; the server decides unless set.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.request.max_delay = prost_types::Duration::try_from(delay).ok();
        self
    }

    /// Take what a compacted log has: of each page the last change only.
    pub fn allow_compacted(mut self) -> Self {
        self.request.allow_compacted = true;
        self
    }

    pub(crate) fn filter(&self) -> ChangeFilter {
        ChangeFilter {
            projects: self.request.projects.clone(),
            namespaces: self.request.namespaces.clone(),
            languages: self.request.languages.clone(),
            event_types: self.request.event_types.clone(),
            page_ids: self.request.page_ids.clone(),
        }
    }

    fn begun(mut self) -> StreamChangesRequest {
        self.request.start = Some(match self.start.unwrap_or(Start::Newest) {
            Start::After(offset) => StartField::AfterOffset(offset),
            Start::Since(time) => StartField::Since(time.into()),
            Start::Oldest => StartField::Position(StartPosition::Oldest.into()),
            Start::Newest => StartField::Position(StartPosition::Newest.into()),
        });
        self.request
    }
}

impl Client {
    /// Changes, each exactly once and in order, for ever.
    ///
    /// The stream reconnects with growing waits where the connection is cut, the server stops, or nothing came for too
    /// long ([`Reconnecting`](crate::Reconnecting)), and goes on after the last change it gave. It ends with the first
    /// error that does not pass, [`Error::CursorExpired`] among them, which names a snapshot to begin from; and, where
    /// [`Changes::until`] says so, at an offset. Dropping it ends it at once.
    pub fn changes(&self, changes: Changes) -> ChangeStream {
        ChangeStream { follower: Some(Follower::new(self.clone(), changes)), running: None }
    }

    /// Which offsets and times the log holds, and how long it keeps them.
    ///
    /// # Errors
    ///
    /// What a call can end with.
    pub async fn change_log(&self) -> Result<GetChangeLogInfoResponse> {
        ask!(self, self.change_service(), get_change_log_info, GetChangeLogInfoRequest {}).await
    }
}

/// What [`Client::changes`] gives: a [`Stream`] of changes.
pub struct ChangeStream {
    follower: Option<Follower>,
    running: Option<Pin<Box<dyn Stream<Item = Result<Change>> + Send>>>,
}

impl ChangeStream {
    /// Begin where the checkpoint says, if it says something, and save there how far the caller is.
    ///
    /// An offset is saved when the next change is asked for, that is once the one before was handled: a program that
    /// dies in between gets that one again, so each change comes *at least once*. It is *exactly once* where the
    /// caller writes what it makes of changes and the offset in one transaction, as
    /// [`SqliteCheckpoint`](crate::SqliteCheckpoint) shows.
    pub fn with_checkpoint(mut self, checkpoint: impl Checkpoint + 'static) -> Self {
        if let Some(follower) = &mut self.follower {
            follower.checkpoint = Some(Arc::new(checkpoint));
        }
        self
    }

    /// The same changes as they came, several at a time, batches without changes included: their `through_offset` says
    /// that everything up to there came or does not pass the filter.
    pub fn batches(self) -> impl Stream<Item = Result<ChangeBatch>> + Send {
        try_stream! {
            let Some(mut follower) = self.follower else { return };
            follower.load().await?;
            loop {
                let batch = follower.core.next_batch();
                follower.save().await?;
                match batch {
                    Some(batch) => yield batch,
                    None => if !follower.receive().await? { break },
                }
            }
        }
    }
}

impl Stream for ChangeStream {
    type Item = Result<Change>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(follower) = self.follower.take() {
            self.running = Some(Box::pin(follower.changes()));
        }
        match &mut self.running {
            Some(running) => running.as_mut().poll_next(context),
            None => Poll::Ready(None),
        }
    }
}

/// One stream, made of one call after the other.
struct Follower {
    client: Client,
    core: Resumption,
    call: Option<Streaming<StreamChangesResponse>>,
    checkpoint: Option<Arc<dyn Checkpoint>>,
    saved: Option<u64>,
}

impl Follower {
    fn new(client: Client, changes: Changes) -> Self {
        let core = Resumption::new(changes.begun(), client.reconnecting);
        Follower { client, core, call: None, checkpoint: None, saved: None }
    }

    fn changes(mut self) -> impl Stream<Item = Result<Change>> + Send {
        try_stream! {
            self.load().await?;
            loop {
                let change = self.core.next_change();
                self.save().await?;
                match change {
                    Some(change) => yield change,
                    None => if !self.receive().await? { break },
                }
            }
        }
    }

    async fn load(&mut self) -> Result<()> {
        if let Some(store) = &self.checkpoint {
            if let Some(offset) = checkpoint::load(store).await? {
                self.core.begin_after(offset);
                self.saved = Some(offset);
            }
        }
        Ok(())
    }

    async fn save(&mut self) -> Result<()> {
        match (&self.checkpoint, self.core.handled()) {
            (Some(store), Some(offset)) if self.saved != Some(offset) => {
                checkpoint::save(store, offset).await?;
                self.saved = Some(offset);
            }
            _ => {}
        }
        Ok(())
    }

    /// Have the core take a response; false at the end.
    async fn receive(&mut self) -> Result<bool> {
        while !self.core.is_at_end() {
            let silence = self.client.reconnecting.silence;
            let wait = match timeout(silence, self.pull()).await {
                Ok(Ok(Some(response))) => {
                    self.core.received(response);
                    return Ok(true);
                }
                Ok(Ok(None)) if self.core.is_at_end() => break,
                Ok(Ok(None)) | Err(_) => self.core.wait(),
                Ok(Err(error)) => self.core.failed(error)?,
            };
            self.call = None;
            tokio::time::sleep(wait).await;
        }
        self.call = None;
        Ok(false)
    }

    async fn pull(&mut self) -> Result<Option<StreamChangesResponse>, Error> {
        if self.call.is_none() {
            let answer = self.client.change_service().stream_changes(self.core.request()).await?;
            self.call = Some(answer.into_inner());
        }
        match &mut self.call {
            Some(call) => Ok(call.message().await?),
            None => Ok(None),
        }
    }
}
