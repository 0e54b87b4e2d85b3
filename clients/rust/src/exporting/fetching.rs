//! Fetching files: several at a time, each with as many calls as it takes.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::join;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::part::{Added, Part};
use super::source::{Piece, Source};
use super::{ExportProgress, Tell};
use crate::checkpoint::{blocking, sync_folder};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::reconnecting::Backoff;

/// How often in a row calls may bring nothing.
const TRIES: u32 = 20;
const DAMAGED_TRIES: u32 = 3;
const REJECTED_FILES: u32 = 2;
/// How many pieces of a file may wait to be written while the next ones come.
const PIECES_WAITING: usize = 2;

impl Client {
    /// Have these files in a folder, so many fetched at a time; where they are, in their order.
    pub(super) async fn fetch_all(
        &self,
        sources: Vec<Source>,
        folder: PathBuf,
        parallel: usize,
        tell: Option<Tell>,
    ) -> Result<Vec<PathBuf>> {
        let place = folder.clone();
        blocking(move || std::fs::create_dir_all(&place).map_err(|error| Error::file(&place, error))).await?;
        let total_bytes = sources.iter().map(|source| source.size_bytes).sum();
        let done = Arc::new(Mutex::new(vec![0; sources.len()]));
        let mut files = Vec::new();
        let mut fetches = Vec::new();
        for (number, source) in sources.into_iter().enumerate() {
            let part = Part::new(&folder, &source)?;
            files.push(part.path().to_owned());
            let name = source.file_name.clone();
            let progress = Progress { done: done.clone(), number, total_bytes, name, tell: tell.clone() };
            fetches.push(self.fetch(source, part, progress));
        }
        stream::iter(fetches).buffer_unordered(parallel).try_collect::<()>().await?;
        if let Some(file) = files.first().cloned() {
            blocking(move || sync_folder(&file).map_err(|error| Error::file(&file, error))).await?;
        }
        Ok(files)
    }

    /// Fetch one file.
    async fn fetch(&self, source: Source, part: Part, progress: Progress) -> Result<()> {
        let mut fetching = Fetching {
            client: self,
            source,
            backoff: Backoff::new(self.reconnecting),
            damaged: 0,
            rejected: 0,
            part: Arc::new(Mutex::new(part)),
            progress: Arc::new(progress),
        };
        let (is_whole, position) = fetching.with_part(|part| Ok((part.look()?, part.position()))).await?;
        fetching.progress.told(position);
        if is_whole {
            return Ok(());
        }
        loop {
            let wait = fetching.pull().await?;
            if fetching.finish().await? {
                return Ok(());
            }
            tokio::time::sleep(wait).await;
        }
    }
}

/// One file that is being fetched. Its part is worked on by threads of their own, one after the other.
struct Fetching<'client> {
    client: &'client Client,
    source: Source,
    backoff: Backoff,
    damaged: u32,
    rejected: u32,
    part: Arc<Mutex<Part>>,
    progress: Arc<Progress>,
}

impl Fetching<'_> {
    async fn with_part<Done: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Part) -> Result<Done> + Send + 'static,
    ) -> Result<Done> {
        let part = self.part.clone();
        blocking(move || work(&mut part.lock().unwrap_or_else(PoisonError::into_inner))).await
    }

    /// Make one call and take what it brings; how long to wait before the next.
    async fn pull(&mut self) -> Result<Duration> {
        let before = self.with_part(|part| Ok(part.position())).await?;
        let (pieces, received) = mpsc::channel(PIECES_WAITING);
        let progress = self.progress.clone();
        let writing = self.with_part(move |part| take(part, received, &progress));
        let (ended, written) = join(self.receive(before, pieces), writing).await;
        let written = written?;
        if written.position > before {
            self.backoff.reset();
            self.damaged = 0;
        }
        match (written.refused, ended) {
            (Some(why), _) => self.refused(why),
            (None, Ok(())) if written.is_complete => Ok(Duration::ZERO),
            (None, Ok(())) => self.failed(Error::silent("the export ended early")),
            (None, Err(error)) => self.failed(error),
        }
    }

    /// Make a call and hand its pieces over, until it ends or nobody takes them.
    async fn receive(&self, position: u64, pieces: mpsc::Sender<Piece>) -> Result<()> {
        let silence = self.client.reconnecting.silence;
        let fallen_silent = |_| Error::silent("the server fell silent");
        let asking = self.source.pieces(self.client, position);
        let mut call = timeout(silence, asking).await.map_err(fallen_silent)??;
        while let Some(piece) = timeout(silence, call.try_next()).await.map_err(fallen_silent)?? {
            if pieces.send(piece).await.is_err() {
                break;
            }
        }
        Ok(())
    }

    /// Give the file its name once all of it is there; whether it is.
    async fn finish(&mut self) -> Result<bool> {
        match self.with_part(|part| if part.is_complete() { part.finish().map(Some) } else { Ok(None) }).await? {
            Some(false) => self.rejected += 1,
            finished => return Ok(finished == Some(true)),
        }
        if self.rejected == REJECTED_FILES {
            let name = &self.source.file_name;
            return Err(Error::DamagedData(format!("{name}: its SHA-256 is not what the server says")));
        }
        Ok(false)
    }

    fn failed(&mut self, error: Error) -> Result<Duration> {
        if error.is_passing() && self.backoff.tries < TRIES {
            Ok(self.backoff.wait())
        } else {
            Err(error)
        }
    }

    fn refused(&mut self, why: String) -> Result<Duration> {
        self.damaged += 1;
        if self.damaged >= DAMAGED_TRIES {
            return Err(Error::DamagedData(why));
        }
        Ok(self.backoff.wait())
    }
}

/// What became of the pieces of a call.
struct Written {
    position: u64,
    is_complete: bool,
    /// Why a piece was not taken, and with it none behind it.
    refused: Option<String>,
}

/// Write pieces as they come.
fn take(part: &mut Part, mut pieces: mpsc::Receiver<Piece>, progress: &Progress) -> Result<Written> {
    let mut refused = None;
    while let Some(piece) = pieces.blocking_recv() {
        match part.add(&piece)? {
            Added::Taken(position) => progress.told(position),
            Added::Refused(why) => {
                refused = Some(why);
                break;
            }
        }
    }
    Ok(Written { position: part.position(), is_complete: part.is_complete(), refused })
}

/// Where a file tells how far it is; the caller is told of all together.
struct Progress {
    done: Arc<Mutex<Vec<u64>>>,
    number: usize,
    total_bytes: u64,
    name: String,
    tell: Option<Tell>,
}

impl Progress {
    fn told(&self, position: u64) {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done[self.number] = position;
        if let Some(tell) = &self.tell {
            let done_bytes = done.iter().sum();
            tell(ExportProgress { done_bytes, total_bytes: self.total_bytes, file_name: self.name.clone() });
        }
    }
}
