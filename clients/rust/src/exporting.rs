//! Snapshots on their way to a folder.
//!
//! Promises:
//!
//! 1. A file has its name only when it is whole and its SHA-256 is what the server said; until then it is a hidden
//!    ".part" file, named after that sum, so that parts of two snapshots never mix.
//! 2. A piece whose CRC-32C is wrong, or that is not the next one, is not written.
//! 3. What lies in the folder is not fetched again, after a cut as after a restart.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::join;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use tokio::sync::mpsc;
use tokio::time::timeout;
use wikifeed_proto::v1::{ExportSnapshotRequest, ExportSnapshotResponse, Snapshot};

use crate::checkpoint::{blocking, sync_folder};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::reconnecting::Backoff;

mod part;

use part::{Added, Part};

/// How often in a row calls may bring nothing.
const TRIES: u32 = 8;
const DAMAGED_TRIES: u32 = 3;
const REJECTED_FILES: u32 = 2;
const PARALLEL: usize = 4;
/// How many pieces of a file may wait to be written while the next ones come.
const PIECES_WAITING: usize = 2;

/// How far an export is, what lay in the folder included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportProgress {
    /// How much is there.
    pub done_bytes: u64,
    /// How much there will be.
    pub total_bytes: u64,
    /// The file that grew.
    pub file_name: String,
}

type Tell = Arc<dyn Fn(ExportProgress) + Send + Sync>;

/// How to export.
#[derive(Clone, Default)]
pub struct ExportOptions {
    offset: u64,
    parallel: usize,
    tell: Option<Tell>,
}

impl ExportOptions {
    /// Export the snapshot of this offset; the newest that is ready unless set.
    pub fn offset(mut self, offset: u64) -> Self {
        self.offset = offset;
        self
    }

    /// Fetch so many files at once; 4 unless set.
    pub fn parallel(mut self, files: usize) -> Self {
        self.parallel = files;
        self
    }

    /// Call this whenever something came, on a thread that may block.
    pub fn on_progress(mut self, tell: impl Fn(ExportProgress) + Send + Sync + 'static) -> Self {
        self.tell = Some(Arc::new(tell));
        self
    }
}

/// A snapshot that is in a folder.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// What the server says of it.
    pub snapshot: Snapshot,
    /// Its files, in the order of their pages.
    pub files: Vec<PathBuf>,
}

impl Client {
    /// Have the files of a snapshot, named by its identifier or a [`SnapshotKind`](crate::SnapshotKind), in a folder,
    /// whole and verified. What lies there of it is taken up; a snapshot that is being written is awaited.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where there is no such snapshot, [`Error::DamagedData`] where bytes stay damaged,
    /// [`Error::File`] where the disk is full: what came stays for the next try.
    pub async fn export(
        &self,
        which: impl Into<String>,
        folder: impl AsRef<Path>,
        options: ExportOptions,
    ) -> Result<Export> {
        let found = self.ready_snapshot(which.into(), options.offset).await?;
        let snapshot = found.snapshot.unwrap_or_default();
        let total_bytes = found.chunks.iter().map(|chunk| chunk.size_bytes.max(0).cast_unsigned()).sum();
        let place = folder.as_ref().to_owned();
        let folder = place.clone();
        blocking(move || std::fs::create_dir_all(&place).map_err(|error| Error::file(&place, error))).await?;
        let done = Arc::new(Mutex::new(vec![0; found.chunks.len()]));
        let mut files = Vec::new();
        let mut fetches = Vec::new();
        for (number, chunk) in found.chunks.iter().enumerate() {
            let part = Part::new(&folder, &snapshot, number, chunk)?;
            files.push(part.path().to_owned());
            let progress = Progress {
                done: done.clone(),
                number,
                total_bytes,
                name: chunk.file_name.clone(),
                tell: options.tell.clone(),
            };
            fetches.push(self.fetch(part, progress));
        }
        let parallel = if options.parallel == 0 { PARALLEL } else { options.parallel };
        stream::iter(fetches).buffer_unordered(parallel).try_collect::<()>().await?;
        if let Some(file) = files.first().cloned() {
            blocking(move || sync_folder(&file).map_err(|error| Error::file(&file, error))).await?;
        }
        Ok(Export { snapshot, files })
    }

    /// Fetch one file: as many calls as it takes.
    async fn fetch(&self, part: Part, progress: Progress) -> Result<()> {
        let mut fetching = Fetching {
            client: self,
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
        let (before, request) = self.with_part(|part| Ok((part.position(), part.request()))).await?;
        let (pieces, received) = mpsc::channel(PIECES_WAITING);
        let progress = self.progress.clone();
        let writing = self.with_part(move |part| take(part, received, &progress));
        let (ended, written) = join(self.receive(request, pieces), writing).await;
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
    async fn receive(
        &self,
        request: ExportSnapshotRequest,
        pieces: mpsc::Sender<ExportSnapshotResponse>,
    ) -> Result<()> {
        let silence = self.client.reconnecting.silence;
        let fallen_silent = |_| Error::silent("the server fell silent");
        let mut stub = self.client.snapshot_service();
        let mut call = timeout(silence, stub.export_snapshot(request)).await.map_err(fallen_silent)??.into_inner();
        while let Some(piece) = timeout(silence, call.message()).await.map_err(fallen_silent)?? {
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
            let name = &self.progress.name;
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
fn take(part: &mut Part, mut pieces: mpsc::Receiver<ExportSnapshotResponse>, progress: &Progress) -> Result<Written> {
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
