//! The sink that scenarios mirror into.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use wikifeed_client::{CheckpointError, Sink, Update};

const FILE: &str = "mirror.json";
/// The folder for the snapshot's files.
pub const SNAPSHOT: &str = "snapshot";

/// The offset through which a mirror is whole, and that at which each page came last.
#[derive(Default, Deserialize, Serialize)]
pub struct Mirrored {
    through: Option<u64>,
    pages: BTreeMap<i64, u64>,
}

/// The same, kept in a file of JSON.
pub struct MirroredPages {
    path: PathBuf,
    known: Mirrored,
}

impl MirroredPages {
    /// The sink in that folder, with what it left there before.
    pub fn open(folder: &Path) -> Self {
        MirroredPages { path: folder.join(FILE), known: Self::look(folder).unwrap_or_default() }
    }

    /// What a sink left in that folder; none where none wrote.
    pub fn look(folder: &Path) -> Option<Mirrored> {
        let text = std::fs::read(folder.join(FILE)).ok()?;
        Some(serde_json::from_slice(&text).expect("a sink wrote it"))
    }
}

impl Sink for MirroredPages {
    fn position(&mut self) -> Result<Option<u64>, CheckpointError> {
        Ok(self.known.through)
    }

    fn begin(&mut self) -> Result<(), CheckpointError> {
        self.known = Mirrored::default();
        Ok(())
    }

    fn write(&mut self, updates: Vec<Update>, through_offset: Option<u64>) -> Result<(), CheckpointError> {
        for update in updates {
            match update {
                Update::Put(article, offset) => self.known.pages.insert(article.identifier, offset),
                Update::Remove(page_id, _) => self.known.pages.remove(&page_id),
            };
        }
        self.known.through = through_offset.or(self.known.through);
        Ok(std::fs::write(&self.path, serde_json::to_vec(&self.known)?)?)
    }
}
