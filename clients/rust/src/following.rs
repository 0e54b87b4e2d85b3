//! The stream of changes as its caller sees it.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use async_stream::try_stream;
use futures_core::Stream;
use tokio::time::timeout;
use tonic::Streaming;
use wikifeed_proto::v1::{Change, GetChangeLogInfoRequest, GetChangeLogInfoResponse, StreamChangesResponse};

use crate::changes::Changes;
use crate::checkpoint::{self, Checkpoint};
use crate::client::{ask, Client};
use crate::error::{Error, Result};
use crate::resuming::{ChangeBatch, Resumption};

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
