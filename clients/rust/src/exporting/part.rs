//! One file of a snapshot on its way into a folder. All of it blocks.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use wikifeed_proto::v1::{Chunk, ExportSnapshotRequest, ExportSnapshotResponse, Snapshot};

use crate::checkpoint::sync_folder;
use crate::error::{Error, Result};

const READ_BYTES: usize = 1 << 20;
/// After how many bytes the disk is told to hold them, so that little is left to wait for at the end.
const FLUSH_BYTES: u64 = 16 << 20;

/// What became of a piece.
pub(super) enum Added {
    /// It is written; so many bytes of the file are there.
    Taken(u64),
    /// It is damaged or not the next one, and was not written: why.
    Refused(String),
}

pub(super) struct Part {
    path: PathBuf,
    part: PathBuf,
    open: Option<File>,
    size: u64,
    position: u64,
    identifier: String,
    offset: u64,
    number: i32,
    sha256: String,
    digest: Sha256,
}

impl Part {
    pub(super) fn new(folder: &Path, snapshot: &Snapshot, number: usize, chunk: &Chunk) -> Result<Self> {
        let name = &chunk.file_name;
        if name.starts_with('.') || Path::new(name).file_name().is_none_or(|plain| plain != name.as_str()) {
            return Err(Error::DamagedData(format!("the server names a file {name:?}, which is no plain file name")));
        }
        let sum: String = chunk.sha256.chars().filter(char::is_ascii_alphanumeric).take(16).collect();
        Ok(Part {
            path: folder.join(name),
            part: folder.join(format!(".{name}.{sum}.part")),
            open: None,
            size: chunk.size_bytes.max(0).cast_unsigned(),
            position: 0,
            identifier: snapshot.identifier.clone(),
            offset: snapshot.offset,
            number: i32::try_from(number).unwrap_or(i32::MAX),
            sha256: chunk.sha256.clone(),
            digest: Sha256::new(),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn position(&self) -> u64 {
        self.position
    }

    pub(super) fn is_complete(&self) -> bool {
        self.position == self.size
    }

    /// What asks for the bytes that are missing.
    pub(super) fn request(&self) -> ExportSnapshotRequest {
        ExportSnapshotRequest {
            identifier: self.identifier.clone(),
            offset: self.offset,
            first_chunk: self.number,
            start_position: self.position.cast_signed(),
            chunk_count: 1,
            ..Default::default()
        }
    }

    /// Take up what lies in the folder; whether the file is there whole.
    pub(super) fn look(&mut self) -> Result<bool> {
        let whole = self.path.clone();
        if size_of(&whole)? == Some(self.size) && self.take_up(&whole)? {
            return Ok(true);
        }
        let part = self.part.clone();
        match size_of(&part)? {
            Some(size) if size <= self.size => {
                self.take_up(&part)?;
            }
            _ => self.begin_anew()?,
        }
        Ok(false)
    }

    /// Write a piece, if it is the next one and what its sum says.
    pub(super) fn add(&mut self, piece: &ExportSnapshotResponse) -> Result<Added> {
        let name = self.path.display();
        if piece.chunk_number != self.number || piece.position != self.position.cast_signed() {
            return Ok(Added::Refused(format!("{name}: a piece of another place came than byte {}", self.position)));
        }
        if crc32c::crc32c(&piece.data) != piece.crc32c {
            return Ok(Added::Refused(format!("{name}: the piece at byte {} is damaged", self.position)));
        }
        let end = self.position + piece.data.len() as u64;
        if end > self.size {
            return Ok(Added::Refused(format!("{name}: more came than its {} bytes", self.size)));
        }
        let written = self.opened().and_then(|mut file| file.write_all(&piece.data));
        written.map_err(|error| self.failed(error))?;
        self.digest.update(&piece.data);
        if end / FLUSH_BYTES > self.position / FLUSH_BYTES {
            self.opened().and_then(File::sync_data).map_err(|error| self.failed(error))?;
        }
        self.position = end;
        Ok(Added::Taken(end))
    }

    /// Give the whole file its name; whether it was what the server said. One that was not is begun anew.
    pub(super) fn finish(&mut self) -> Result<bool> {
        let found: String = self.digest.finalize_reset().iter().map(|byte| format!("{byte:02x}")).collect();
        if found != self.sha256 {
            self.begin_anew()?;
            return Ok(false);
        }
        let named = self
            .opened()
            .and_then(File::sync_all)
            .and_then(|()| fs::rename(&self.part, &self.path))
            .and_then(|()| sync_folder(&self.path));
        named.map_err(|error| self.failed(error))?;
        self.open = None;
        Ok(true)
    }

    fn opened(&mut self) -> io::Result<&File> {
        if self.open.is_none() {
            self.open = Some(OpenOptions::new().append(true).create(true).open(&self.part)?);
        }
        Ok(self.open.as_ref().unwrap_or_else(|| unreachable!("it was opened above")))
    }

    /// Continue the sum over a file's bytes; whether it is that of the whole.
    fn take_up(&mut self, path: &Path) -> Result<bool> {
        self.digest = Sha256::new();
        self.position = 0;
        let mut file = File::open(path).map_err(|error| Error::file(path, error))?;
        let mut block = vec![0; READ_BYTES];
        loop {
            let count = file.read(&mut block).map_err(|error| Error::file(path, error))?;
            if count == 0 {
                let found: String = self.digest.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect();
                return Ok(found == self.sha256);
            }
            self.digest.update(&block[..count]);
            self.position += count as u64;
        }
    }

    fn begin_anew(&mut self) -> Result<()> {
        self.open = None;
        File::create(&self.part).map_err(|error| self.failed(error))?;
        self.digest = Sha256::new();
        self.position = 0;
        Ok(())
    }

    /// What a failed write leaves behind it is cut off, so that the next try goes on with what was verified.
    fn failed(&self, source: io::Error) -> Error {
        if let Ok(file) = OpenOptions::new().write(true).open(&self.part) {
            // Where that fails too, the next look at the sum finds it out.
            let _ = file.set_len(self.position);
        }
        Error::file(&self.part, source)
    }
}

fn size_of(path: &Path) -> Result<Option<u64>> {
    match fs::metadata(path) {
        Ok(found) => Ok(Some(found.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::file(path, error)),
    }
}
