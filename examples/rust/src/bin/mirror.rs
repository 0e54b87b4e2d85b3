//! Keeps a project's articles in a SQLite database: all of a snapshot first, then each change, in one transaction with
//! its offset. So each counts exactly once, however often this is killed.
//!
//!     cargo run --bin mirror [HOST:PORT [PROJECT [FILE]]]

use std::env;
use std::error::Error;

use wikifeed_client::{CheckpointError, Client, Mirror, OnExpired, Sink, SqliteSink, Update};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut words = env::args().skip(1);
    let server = words.next().unwrap_or("localhost:50051".to_owned());
    let project = words.next().unwrap_or("enwiki".to_owned());
    let file = words.next().unwrap_or("mirror.db".to_owned());

    let sink = Told(SqliteSink::open(&file)?);
    let mirror = Mirror { on_expired: OnExpired::BeginAgain, ..Mirror::new(project, file + ".snapshot") };
    Client::new(server)?.mirror(mirror, sink).await?;
    Ok(())
}

/// A sink that tells what goes into another.
struct Told(SqliteSink);

impl Sink for Told {
    fn position(&mut self) -> Result<Option<u64>, CheckpointError> {
        self.0.position()
    }

    fn begin(&mut self) -> Result<(), CheckpointError> {
        self.0.begin()
    }

    fn write(&mut self, updates: Vec<Update>, through_offset: Option<u64>) -> Result<(), CheckpointError> {
        let count = updates.len();
        self.0.write(updates, through_offset)?;
        match through_offset {
            Some(offset) => println!("{count} updates, through offset {offset}"),
            None => println!("{count} articles of the snapshot"),
        }
        Ok(())
    }
}
