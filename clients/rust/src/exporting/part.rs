//! One file on its way into a folder. All of it blocks.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::source::{Piece, Source};
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
    number: i32,
    sha256: String,
    digest: Sha256,
}

impl Part {
    pub(super) fn new(folder: &Path, source: &Source) -> Result<Self> {
        let name = &source.file_name;
        if name.starts_with('.') || Path::new(name).file_name().is_none_or(|plain| plain != name.as_str()) {
            return Err(Error::DamagedData(format!("the server names a file {name:?}, which is no plain file name")));
        }
        let sum: String = source.sha256.chars().filter(char::is_ascii_alphanumeric).take(16).collect();
        Ok(Part {
            path: folder.join(name),
            part: folder.join(format!(".{name}.{sum}.part")),
            open: None,
            size: source.size_bytes,
            position: 0,
            number: source.number,
            sha256: source.sha256.clone(),
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
    pub(super) fn add(&mut self, piece: &Piece) -> Result<Added> {
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
        let named = self.opened().and_then(File::sync_all).and_then(|()| fs::rename(&self.part, &self.path));
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

    /// What was written of a piece stays: its sum was right.
    fn failed(&self, source: io::Error) -> Error {
        let place =
            format!("at byte {} of {}; what came is kept, and the next export goes on", self.position, self.size);
        Error::file(&self.part, io::Error::new(source.kind(), format!("{source}, {place}")))
    }
}

fn size_of(path: &Path) -> Result<Option<u64>> {
    match fs::metadata(path) {
        Ok(found) => Ok(Some(found.len())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::file(path, error)),
    }
}

#[cfg(test)]
mod tests {
    use wikifeed_proto::v1::{Batch, Chunk, Snapshot};

    use super::*;

    const CONTENT: &[u8] = b"what the file holds";

    fn part(folder: &Path) -> Part {
        let sha256 = Sha256::digest(CONTENT).iter().map(|byte| format!("{byte:02x}")).collect();
        let batch =
            Batch { file_name: "a.tar.gz".into(), size_bytes: CONTENT.len() as i64, sha256, ..Default::default() };
        Part::new(folder, &Source::batch(&batch)).unwrap()
    }

    fn piece(position: usize, data: &'static [u8]) -> Piece {
        Piece { chunk_number: 0, position: position as i64, crc32c: crc32c::crc32c(data), data: data.into() }
    }

    fn names(folder: &Path) -> Vec<String> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_part_is_taken_up_where_it_was_left_and_named_once_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = part(folder.path());
        assert!(!first.look().unwrap());
        assert!(matches!(first.add(&piece(0, &CONTENT[..5])).unwrap(), Added::Taken(5)));
        drop(first);
        assert!(names(folder.path()).iter().all(|name| name.ends_with(".part")));

        let mut second = part(folder.path());
        assert!(!second.look().unwrap());
        assert_eq!(second.position(), 5);
        assert!(matches!(second.add(&piece(5, &CONTENT[5..])).unwrap(), Added::Taken(_)));
        assert!(second.finish().unwrap());
        assert_eq!(names(folder.path()), ["a.tar.gz"]);
        assert!(part(folder.path()).look().unwrap(), "it is there whole");
    }

    #[test]
    fn a_piece_that_is_damaged_or_of_another_place_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let mut part = part(folder.path());
        part.look().unwrap();
        let damaged = Piece { crc32c: 1, ..piece(0, CONTENT) };
        let of_another_file = Piece { chunk_number: 1, ..piece(0, CONTENT) };
        for wrong in [damaged, of_another_file, piece(3, CONTENT), piece(0, b"more than there is in the whole file")] {
            assert!(matches!(part.add(&wrong).unwrap(), Added::Refused(_)), "{wrong:?}");
        }
        assert_eq!(part.position(), 0);
    }

    #[test]
    fn a_file_that_is_not_what_its_sum_says_is_begun_anew() {
        let folder = tempfile::tempdir().unwrap();
        let mut part = part(folder.path());
        part.look().unwrap();
        part.add(&piece(0, b"what the file lacks")).unwrap();
        assert!(part.is_complete() && !part.finish().unwrap());
        assert_eq!(part.position(), 0);
    }

    #[test]
    fn a_name_that_leads_out_of_the_folder_is_refused() {
        for name in ["../a.tar.gz", "/etc/passwd", ".hidden", "", ".."] {
            let chunk = Source::chunk(&Snapshot::default(), 0, &Chunk { file_name: name.into(), ..Default::default() });
            let batch = Source::batch(&Batch { file_name: name.into(), ..Default::default() });
            for source in [chunk, batch] {
                let made = Part::new(Path::new("folder"), &source);
                assert!(matches!(made, Err(Error::DamagedData(_))), "{name:?} was taken");
            }
        }
    }
}
