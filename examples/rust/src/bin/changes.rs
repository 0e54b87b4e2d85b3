//! Prints each change of a project, for ever, and keeps in a file how far it is: the next run goes on there.
//!
//!     cargo run --bin changes [HOST:PORT [PROJECT [FILE]]]

use std::env;

use futures_util::StreamExt;
use wikifeed_client::{Changes, Client, FileCheckpoint, Result, Start};

#[tokio::main]
async fn main() -> Result<()> {
    let mut words = env::args().skip(1);
    let server = words.next().unwrap_or("localhost:50051".to_owned());
    let project = words.next().unwrap_or("enwiki".to_owned());
    let file = words.next().unwrap_or("changes.offset".to_owned());

    let client = Client::new(server)?;
    let changes = Changes::new().projects([project]).no_body().start(Start::Oldest);
    let mut stream = client.changes(changes).with_checkpoint(FileCheckpoint::new(file));
    while let Some(change) = stream.next().await {
        let change = change?;
        let (offset, event) = (change.offset, change.event_type().as_str_name());
        let article = change.article.unwrap_or_default();
        println!("{offset} {} {}", event.trim_start_matches("EVENT_TYPE_"), article.name);
    }
    Ok(())
}
