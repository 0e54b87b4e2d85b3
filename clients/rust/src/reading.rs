//! Articles out of the files of snapshots and hourly batches, one after the other, without unpacking them to the disk.
//! All of it blocks.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use wikifeed_proto::v1::Article;

use crate::article_json::article_from_json;
use crate::error::{Error, Result};

const BLOCK_BYTES: usize = 1 << 17;

/// What a file holds, one after the other.
pub type Items<Item> = Box<dyn Iterator<Item = Result<Item>> + Send>;

/// The articles in a `.tar.gz`, `.ndjson.gz`, `.zst` (with the feature `zstd`) or `.ndjson` file, in order.
///
/// # Errors
///
/// [`Error::File`] for a file that can't be read or is of another kind. An item is an error where the file is cut short
/// or a line is no article.
pub fn read_articles(path: impl AsRef<Path>) -> Result<Items<Article>> {
    Ok(Box::new(read_lines(path)?.map(|line| line.and_then(|line| article_from_json(&line)))))
}

/// The same as the lines of JSON that they are, which is several times as fast.
///
/// # Errors
///
/// As [`read_articles`].
pub fn read_lines(path: impl AsRef<Path>) -> Result<Items<Vec<u8>>> {
    let path = path.as_ref().to_owned();
    let fail = |error: io::Error| Error::file(&path, error);
    let file = File::open(&path).map_err(fail)?;
    let name = path.to_string_lossy();
    let content: Box<dyn Read + Send> = if name.ends_with(".tar.gz") {
        Box::new(Members::new(MultiGzDecoder::new(BufReader::with_capacity(BLOCK_BYTES, file))))
    } else if name.ends_with(".gz") {
        Box::new(MultiGzDecoder::new(BufReader::with_capacity(BLOCK_BYTES, file)))
    } else if name.ends_with(".zst") {
        unpacked(file).map_err(fail)?
    } else if name.ends_with(".ndjson") {
        Box::new(file)
    } else {
        return Err(fail(io::Error::new(io::ErrorKind::Unsupported, "this is no file of NDJSON")));
    };
    let mut lines = BufReader::with_capacity(BLOCK_BYTES, content);
    Ok(Box::new(std::iter::from_fn(move || loop {
        let mut line = Vec::new();
        match lines.read_until(b'\n', &mut line) {
            Ok(0) => return None,
            Ok(_) if line.trim_ascii().is_empty() => {}
            Ok(_) => return Some(Ok(line)),
            Err(error) => return Some(Err(Error::file(&path, error))),
        }
    })))
}

#[cfg(feature = "zstd")]
fn unpacked(file: File) -> io::Result<Box<dyn Read + Send>> {
    Ok(Box::new(zstd::Decoder::new(file)?))
}

#[cfg(not(feature = "zstd"))]
fn unpacked(_: File) -> io::Result<Box<dyn Read + Send>> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "reading .zst needs the feature zstd of wikifeed-client"))
}

/// What the files inside a tar hold, one behind the other.
struct Members<R: Read> {
    archive: R,
    left: u64,
    padding: u64,
}

const TAR_BLOCK: usize = 512;

impl<R: Read> Members<R> {
    fn new(archive: R) -> Self {
        Members { archive, left: 0, padding: 0 }
    }

    /// Go to the next file; whether there is one.
    fn advance(&mut self) -> io::Result<bool> {
        loop {
            skip(&mut self.archive, self.padding)?;
            self.padding = 0;
            let mut block = [0; TAR_BLOCK];
            match read_block(&mut self.archive, &mut block)? {
                0 => return Ok(false),
                TAR_BLOCK => {}
                _ => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
            if block.iter().all(|&byte| byte == 0) {
                // Between archives that were put one behind the other, and at the end, are blocks of zeros.
                continue;
            }
            let mut header = tar::Header::new_old();
            header.as_mut_bytes().copy_from_slice(&block);
            let size = header.entry_size()?;
            let padded = size.div_ceil(TAR_BLOCK as u64) * TAR_BLOCK as u64;
            if header.entry_type().is_file() {
                (self.left, self.padding) = (size, padded - size);
                if size > 0 {
                    return Ok(true);
                }
            } else {
                self.padding = padded;
            }
        }
    }
}

impl<R: Read> Read for Members<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && !self.advance()? {
            return Ok(0);
        }
        let bound = usize::try_from(self.left).unwrap_or(usize::MAX).min(target.len());
        let count = self.archive.read(&mut target[..bound])?;
        if count == 0 && bound > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= count as u64;
        Ok(count)
    }
}

fn skip(source: &mut impl Read, count: u64) -> io::Result<()> {
    if io::copy(&mut source.take(count), &mut io::sink())? < count {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(())
}

/// Fill the block as far as there is something; how far.
fn read_block(source: &mut impl Read, block: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < block.len() {
        match source.read(&mut block[filled..])? {
            0 => break,
            count => filled += count,
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn archive(members: &[(&str, &str)]) -> Vec<u8> {
        let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), flate2::Compression::fast()));
        for (name, text) in members {
            let mut header = tar::Header::new_ustar();
            header.set_size(text.len() as u64);
            header.set_cksum();
            builder.append_data(&mut header, name, text.as_bytes()).unwrap();
        }
        builder.into_inner().unwrap().finish().unwrap()
    }

    fn names(file: &str, content: &[u8]) -> Result<Vec<String>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(file);
        std::fs::write(&path, content).unwrap();
        read_articles(&path)?.map(|article| article.map(|article| article.name)).collect()
    }

    #[test]
    fn articles_come_out_of_all_files_of_an_archive() {
        let first = "{\"name\":\"A\",\"identifier\":1}\n{\"name\":\"B\"}\n";
        let content = archive(&[("one.ndjson", first), ("empty", ""), ("two.ndjson", "{\"name\":\"C\"}")]);
        assert_eq!(names("x.tar.gz", &content).unwrap(), ["A", "B", "C"]);
    }

    #[test]
    fn archives_one_behind_the_other_are_one() {
        let mut content = archive(&[("one", "{\"name\":\"A\"}\n")]);
        content.extend(archive(&[("two", "{\"name\":\"B\"}\n")]));
        assert_eq!(names("x.tar.gz", &content).unwrap(), ["A", "B"]);
    }

    #[test]
    fn a_file_that_is_cut_short_is_an_error() {
        let long: String = (0..2000).map(|number| format!("{{\"name\":\"Page {number}\"}}\n")).collect();
        let content = archive(&[("one", &long)]);
        assert!(matches!(names("x.tar.gz", &content[..content.len() / 2]), Err(Error::File { .. })));
    }

    #[cfg(feature = "zstd")]
    #[test]
    fn frames_of_zstd_one_behind_the_other_are_read() {
        let mut content = zstd::encode_all(&b"{\"name\":\"A\"}\n"[..], 1).unwrap();
        content.extend(zstd::encode_all(&b"{\"name\":\"B\"}\n"[..], 1).unwrap());
        assert_eq!(names("x.ndjson.zst", &content).unwrap(), ["A", "B"]);
        content.truncate(content.len() - 5);
        assert!(names("x.ndjson.zst", &content).is_err());
    }

    #[test]
    fn a_gzipped_file_and_a_plain_one_are_read() {
        let mut packed = GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"{\"name\":\"A\"}\n\n").unwrap();
        assert_eq!(names("x.ndjson.gz", &packed.finish().unwrap()).unwrap(), ["A"]);
        assert_eq!(names("x.ndjson", b"{\"name\":\"A\"}").unwrap(), ["A"]);
        assert!(matches!(names("x.parquet", b"PAR1"), Err(Error::File { .. })));
    }
}
