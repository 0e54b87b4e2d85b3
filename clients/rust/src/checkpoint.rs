//! Where a stream remembers how far its caller is.
//!
//! A stream saves an offset when the caller asks for what follows, that is once the caller is done with what came
//! before. A program that dies between the two gets that again: *at least once*. It is *exactly once* where the caller
//! writes data and offset in one transaction, as [`SqliteCheckpoint::save_in`] does.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::{Error, Result};

/// What a checkpoint of the caller's own fails with.
pub type CheckpointError = Box<dyn std::error::Error + Send + Sync>;

/// What a stream needs of a place to remember an offset in. Both methods may block; they run beside the runtime's own
/// threads.
pub trait Checkpoint: Send + Sync {
    /// The offset saved last; none where none was.
    ///
    /// # Errors
    ///
    /// What ends the stream as [`Error::Caller`].
    fn load(&self) -> Result<Option<u64>, CheckpointError>;

    /// Remember the offset, durably when this returns.
    ///
    /// # Errors
    ///
    /// What ends the stream as [`Error::Caller`].
    fn save(&self, offset: u64) -> Result<(), CheckpointError>;
}

impl<Store: Checkpoint + ?Sized> Checkpoint for Arc<Store> {
    fn load(&self) -> Result<Option<u64>, CheckpointError> {
        self.as_ref().load()
    }

    fn save(&self, offset: u64) -> Result<(), CheckpointError> {
        self.as_ref().save(offset)
    }
}

/// An offset in a file of its own, which is replaced in one step: a crash leaves the old one or the next.
#[derive(Clone, Debug)]
pub struct FileCheckpoint {
    path: PathBuf,
}

impl FileCheckpoint {
    /// The checkpoint in that file, which need not be there yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        FileCheckpoint { path: path.into() }
    }

    fn replace(&self, offset: u64) -> io::Result<()> {
        let mut fresh = self.path.clone().into_os_string();
        fresh.push(".tmp");
        let mut file = File::create(&fresh)?;
        writeln!(file, "{offset}")?;
        file.sync_all()?;
        fs::rename(&fresh, &self.path)?;
        sync_folder(&self.path)
    }
}

impl Checkpoint for FileCheckpoint {
    fn load(&self) -> Result<Option<u64>, CheckpointError> {
        match fs::read_to_string(&self.path) {
            Ok(text) => match text.trim_end().parse() {
                Ok(offset) => Ok(Some(offset)),
                Err(_) => Err(format!("{} holds no offset: {:.40?}", self.path.display(), text).into()),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(Error::file(&self.path, source).into()),
        }
    }

    fn save(&self, offset: u64) -> Result<(), CheckpointError> {
        self.replace(offset).map_err(|source| Error::file(&self.path, source).into())
    }
}

/// Have the disk know the names beside a file: one that was renamed is then under its name after a crash.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

pub(crate) async fn load(store: &Arc<dyn Checkpoint>) -> Result<Option<u64>> {
    let store = store.clone();
    blocking(move || store.load().map_err(Error::Caller)).await
}

pub(crate) async fn save(store: &Arc<dyn Checkpoint>, offset: u64) -> Result<()> {
    let store = store.clone();
    blocking(move || store.save(offset).map_err(Error::Caller)).await
}

/// Do what blocks on a thread for that. A panic in there goes on here.
pub(crate) async fn blocking<Done: Send + 'static>(
    work: impl FnOnce() -> Result<Done> + Send + 'static,
) -> Result<Done> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(error) => Err(Error::caller(error)),
    }
}

#[cfg(feature = "sqlite")]
pub use sqlite::SqliteCheckpoint;

#[cfg(feature = "sqlite")]
mod sqlite {
    use std::sync::{Arc, Mutex, PoisonError};

    use rusqlite::{Connection, OptionalExtension};

    use super::{Checkpoint, CheckpointError, Result};

    /// An offset in a table of the caller's database, under a name.
    ///
    /// For *exactly once*, take [`batches`](crate::ChangeStream::batches), write what they bring and the offset in one
    /// transaction, and begin after what is stored:
    ///
    /// ```no_run
    /// # use futures_util::StreamExt;
    /// # use wikifeed_client::{Changes, Checkpoint, Client, SqliteCheckpoint, Start};
    /// # async fn run() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    /// let mut database = rusqlite::Connection::open("index.db")?;
    /// SqliteCheckpoint::prepare(&database)?;
    /// let start = Start::After(SqliteCheckpoint::load_from(&database, "index")?.unwrap_or(0));
    /// let client = Client::new("localhost:50051")?;
    /// let mut batches = Box::pin(client.changes(Changes::new().start(start)).batches());
    /// while let Some(batch) = batches.next().await {
    ///     let batch = batch?;
    ///     let transaction = database.transaction()?;
    ///     // ... write batch.changes through the transaction ...
    ///     SqliteCheckpoint::save_in(&transaction, "index", batch.through_offset)?;
    ///     transaction.commit()?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[derive(Clone)]
    pub struct SqliteCheckpoint {
        connection: Arc<Mutex<Connection>>,
        name: String,
    }

    impl SqliteCheckpoint {
        /// The checkpoint of that name in a database that others may use as well.
        ///
        /// # Errors
        ///
        /// What SQLite fails with.
        pub fn new(connection: Arc<Mutex<Connection>>, name: impl Into<String>) -> rusqlite::Result<Self> {
            Self::prepare(&connection.lock().unwrap_or_else(PoisonError::into_inner))?;
            Ok(SqliteCheckpoint { connection, name: name.into() })
        }

        /// Make the table, where there is none.
        ///
        /// # Errors
        ///
        /// What SQLite fails with.
        pub fn prepare(connection: &Connection) -> rusqlite::Result<()> {
            connection.execute_batch(
                "CREATE TABLE IF NOT EXISTS wikifeed_checkpoint (name TEXT PRIMARY KEY, offset INTEGER NOT NULL)",
            )
        }

        /// The offset saved last under a name; none where none was.
        ///
        /// # Errors
        ///
        /// What SQLite fails with.
        pub fn load_from(connection: &Connection, name: &str) -> rusqlite::Result<Option<u64>> {
            let query = "SELECT offset FROM wikifeed_checkpoint WHERE name = ?1";
            let found: Option<i64> = connection.query_row(query, [name], |row| row.get(0)).optional()?;
            Ok(found.map(i64::cast_unsigned))
        }

        /// Write the offset into the transaction that is open, and leave the commit to the caller.
        ///
        /// # Errors
        ///
        /// What SQLite fails with.
        pub fn save_in(connection: &Connection, name: &str, offset: u64) -> rusqlite::Result<()> {
            connection.execute(
                "INSERT INTO wikifeed_checkpoint VALUES (?1, ?2) ON CONFLICT DO UPDATE SET offset = excluded.offset",
                (name, offset.cast_signed()),
            )?;
            Ok(())
        }
    }

    impl Checkpoint for SqliteCheckpoint {
        fn load(&self) -> Result<Option<u64>, CheckpointError> {
            let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(Self::load_from(&connection, &self.name)?)
        }

        fn save(&self, offset: u64) -> Result<(), CheckpointError> {
            let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(Self::save_in(&connection, &self.name, offset)?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_holds_what_was_saved_last() {
        let folder = tempfile::tempdir().unwrap();
        let checkpoint = FileCheckpoint::new(folder.path().join("offset"));
        assert_eq!(checkpoint.load().unwrap(), None);
        for offset in [7, u64::MAX] {
            checkpoint.save(offset).unwrap();
            assert_eq!(checkpoint.load().unwrap(), Some(offset));
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_holds_something_else_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("offset");
        fs::write(&path, "a poem\n").unwrap();
        let words = FileCheckpoint::new(&path).load().unwrap_err().to_string();
        assert!(words.contains(path.to_str().unwrap()) && words.contains("a poem"), "{words}");
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn an_offset_and_what_it_stands_for_are_one_transaction() {
        let mut database = rusqlite::Connection::open_in_memory().unwrap();
        SqliteCheckpoint::prepare(&database).unwrap();
        for (offset, commits) in [(5, true), (9, false)] {
            let transaction = database.transaction().unwrap();
            SqliteCheckpoint::save_in(&transaction, "index", offset).unwrap();
            if commits {
                transaction.commit().unwrap();
            }
        }
        assert_eq!(SqliteCheckpoint::load_from(&database, "index").unwrap(), Some(5));
        assert_eq!(SqliteCheckpoint::load_from(&database, "other").unwrap(), None);
    }
}
