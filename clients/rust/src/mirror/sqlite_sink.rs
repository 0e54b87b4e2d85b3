//! A mirror in a SQLite database.

use std::path::Path;

use prost::Message;
use rusqlite::{Connection, OptionalExtension};
use wikifeed_proto::v1::Article;

use super::{CheckpointError, Sink, Update};

/// Articles in a table of SQLite's: `article(identifier, name, offset, data)`, `data` the serialized `Article`.
///
/// Updates and the offset are one transaction: killed at any point, the mirror goes on without loss or repeat.
pub struct SqliteSink {
    database: Connection,
}

impl SqliteSink {
    /// The sink in that file, which is made where there is none.
    ///
    /// # Errors
    ///
    /// What SQLite fails with.
    pub fn open(path: impl AsRef<Path>) -> rusqlite::Result<Self> {
        let database = Connection::open(path)?;
        database.execute_batch(
            "PRAGMA journal_mode = WAL;
            CREATE TABLE IF NOT EXISTS article (
              identifier INTEGER PRIMARY KEY, name TEXT NOT NULL, offset INTEGER NOT NULL, data BLOB NOT NULL);
            CREATE INDEX IF NOT EXISTS article_name ON article (name);
            CREATE TABLE IF NOT EXISTS mirror (through_offset INTEGER NOT NULL)",
        )?;
        Ok(SqliteSink { database })
    }

    /// The article of a title; none where there is none.
    ///
    /// # Errors
    ///
    /// What SQLite fails with, and what is no article.
    pub fn get(&self, name: &str) -> Result<Option<Article>, CheckpointError> {
        let query = "SELECT data FROM article WHERE name = ?1";
        let found: Option<Vec<u8>> = self.database.query_row(query, [name], |row| row.get(0)).optional()?;
        Ok(found.map(|data| Article::decode(data.as_slice())).transpose()?)
    }
}

impl Sink for SqliteSink {
    fn position(&mut self) -> Result<Option<u64>, CheckpointError> {
        let query = "SELECT through_offset FROM mirror";
        let found: Option<i64> = self.database.query_row(query, [], |row| row.get(0)).optional()?;
        Ok(found.map(i64::cast_unsigned))
    }

    fn begin(&mut self) -> Result<(), CheckpointError> {
        let transaction = self.database.transaction()?;
        transaction.execute("DELETE FROM mirror", [])?;
        transaction.execute("DELETE FROM article", [])?;
        Ok(transaction.commit()?)
    }

    fn write(&mut self, updates: Vec<Update>, through_offset: Option<u64>) -> Result<(), CheckpointError> {
        let transaction = self.database.transaction()?;
        {
            let mut put = transaction.prepare_cached("INSERT OR REPLACE INTO article VALUES (?1, ?2, ?3, ?4)")?;
            let mut remove = transaction.prepare_cached("DELETE FROM article WHERE identifier = ?1")?;
            for update in updates {
                match update {
                    Update::Put(article, offset) => {
                        let data = article.encode_to_vec();
                        put.execute((article.identifier, &article.name, offset.cast_signed(), data))?;
                    }
                    Update::Remove(page_id, _) => {
                        remove.execute([page_id])?;
                    }
                }
            }
        }
        if let Some(offset) = through_offset {
            transaction.execute("DELETE FROM mirror", [])?;
            transaction.execute("INSERT INTO mirror VALUES (?1)", [offset.cast_signed()])?;
        }
        Ok(transaction.commit()?)
    }
}
