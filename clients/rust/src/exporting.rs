//! Files of snapshots and hourly batches on their way to a folder.
//!
//! Promises:
//!
//! 1. A file has its name only when it is whole and its SHA-256 is what the server said; until then it is a hidden
//!    ".part" file, named after that sum, so that parts of files with the same name never mix.
//! 2. A piece whose CRC-32C is wrong, or that is not the next one, is not written.
//! 3. What lies in the folder is not fetched again, after a cut as after a restart.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use wikifeed_proto::v1::{Batch, Snapshot};

use crate::client::Client;
use crate::error::Result;

mod fetching;
mod part;
mod source;

use source::Source;

const PARALLEL: usize = 4;

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
    /// [`Error::NotFound`](crate::Error::NotFound) where there is no such snapshot,
    /// [`Error::DamagedData`](crate::Error::DamagedData) where bytes stay damaged,
    /// [`Error::File`](crate::Error::File) where the disk is full: what came stays for the next try.
    pub async fn export(
        &self,
        which: impl Into<String>,
        folder: impl AsRef<Path>,
        options: ExportOptions,
    ) -> Result<Export> {
        let found = self.ready_snapshot(which.into(), options.offset).await?;
        let snapshot = found.snapshot.unwrap_or_default();
        let sources =
            found.chunks.iter().enumerate().map(|(number, chunk)| Source::chunk(&snapshot, number, chunk)).collect();
        let parallel = if options.parallel == 0 { PARALLEL } else { options.parallel };
        let files = self.fetch_all(sources, folder.as_ref().to_owned(), parallel, options.tell).await?;
        Ok(Export { snapshot, files })
    }

    /// Have the file of an hourly batch in a folder, as [`Client::export`] has those of a snapshot; where it is. Its
    /// lines are the hour's changes. `tell` is called whenever something came, on a thread that may block.
    ///
    /// Files of all hours bear the same name: take a folder for each.
    ///
    /// # Errors
    ///
    /// As [`Client::export`].
    pub async fn export_batch(
        &self,
        batch: &Batch,
        folder: impl AsRef<Path>,
        tell: impl Fn(ExportProgress) + Send + Sync + 'static,
    ) -> Result<PathBuf> {
        let folder = folder.as_ref().to_owned();
        let mut files = self.fetch_all(vec![Source::batch(batch)], folder, 1, Some(Arc::new(tell))).await?;
        Ok(files.swap_remove(0))
    }
}
