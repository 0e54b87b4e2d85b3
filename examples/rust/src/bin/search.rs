//! Fills a full-text index with the passages of a project's articles, keeps it current, and finds in it what a search
//! page or a language model would be given.
//!
//!     cargo run --bin search fill [HOST:PORT [PROJECT [FILE]]]
//!     cargo run --bin search find FILE WORD ...

use std::env;
use std::error::Error;
use std::pin::pin;

use futures_util::StreamExt;
use rusqlite::{params, Connection, Transaction};
use wikifeed_client::messages::{Article, Change, EventType, Part, SnapshotContent};
use wikifeed_client::{
    read_articles, ChangeBatch, Changes, Client, ExportOptions, SnapshotKind, SqliteCheckpoint, Start,
};

/// `section` is the path of headings that leads to the passage.
const TABLES: &str = "
    CREATE VIRTUAL TABLE IF NOT EXISTS passage USING fts5(title, section, text, url UNINDEXED);
    CREATE TABLE IF NOT EXISTS page_passage (page INTEGER, passage INTEGER, PRIMARY KEY (page, passage)) WITHOUT ROWID;
";
const FIELDS: [&str; 5] = ["name", "identifier", "url", "namespace", "sections"];
/// Under which name the index keeps how far it is.
const PLACE: &str = "passages";

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let words: Vec<String> = env::args().skip(1).collect();
    let word = |place: usize, unset: &str| words.get(place).map_or(unset, String::as_str).to_owned();
    match word(0, "").as_str() {
        "fill" => fill(&word(1, "localhost:50051"), &word(2, "enwiki"), &word(3, "search.db")).await,
        "find" if words.len() > 2 => find(&words[1], &words[2..].join(" ")),
        _ => Err("usage: search fill [HOST:PORT [PROJECT [FILE]]], or search find FILE WORD ...".into()),
    }
}

async fn fill(server: &str, project: &str, file: &str) -> Outcome<()> {
    let mut index = Connection::open(file)?;
    index.execute_batch(TABLES)?;
    SqliteCheckpoint::prepare(&index)?;
    let client = Client::new(server)?;
    let place = match SqliteCheckpoint::load_from(&index, PLACE)? {
        Some(place) => place,
        None => load(&client, project, &format!("{file}.snapshot"), &mut index).await?,
    };
    let changes = Changes::new().projects([project]).fields(FIELDS).start(Start::After(place));
    let mut batches = pin!(client.changes(changes).batches());
    while let Some(batch) = batches.next().await {
        apply(batch?, &mut index)?;
    }
    Ok(())
}

/// Put a snapshot into the empty index; the offset as of which it is.
async fn load(client: &Client, project: &str, folder: &str, index: &mut Connection) -> Outcome<u64> {
    let kind = SnapshotKind { content: SnapshotContent::Structured, ..SnapshotKind::new(project) };
    let snapshot = client.create_snapshot(&kind, 0).await?;
    let exported = client.export(&kind, folder, ExportOptions::default().offset(snapshot.offset)).await?;
    let transaction = index.transaction()?;
    for file in exported.files {
        for article in read_articles(file)? {
            put(&article?, &transaction)?;
        }
    }
    SqliteCheckpoint::save_in(&transaction, PLACE, snapshot.offset)?;
    transaction.commit()?;
    println!("{} articles at offset {}", snapshot.articles_count, snapshot.offset);
    Ok(snapshot.offset)
}

/// Changes and the offset through which they are known are one transaction, so each counts exactly once.
fn apply(batch: ChangeBatch, index: &mut Connection) -> Outcome<()> {
    let transaction = index.transaction()?;
    for change in &batch.changes {
        replace(change, &transaction)?;
    }
    SqliteCheckpoint::save_in(&transaction, PLACE, batch.through_offset)?;
    transaction.commit()?;
    println!("{} changes, through offset {}", batch.changes.len(), batch.through_offset);
    Ok(())
}

fn replace(change: &Change, index: &Transaction) -> rusqlite::Result<()> {
    let Some(article) = &change.article else { return Ok(()) };
    let page = [article.identifier];
    index.execute("DELETE FROM passage WHERE rowid IN (SELECT passage FROM page_passage WHERE page = ?1)", page)?;
    index.execute("DELETE FROM page_passage WHERE page = ?1", page)?;
    let is_article = article.namespace.as_ref().is_some_and(|namespace| namespace.identifier == 0);
    if is_article && change.event_type() != EventType::Delete && change.redirect_target.is_empty() {
        put(article, index)?;
    }
    Ok(())
}

fn put(article: &Article, index: &Transaction) -> rusqlite::Result<()> {
    let mut passages = Vec::new();
    for section in &article.sections {
        collect(section, "", &mut passages);
    }
    for (section, text) in passages {
        let mut insert = index.prepare_cached("INSERT INTO passage VALUES (?1, ?2, ?3, ?4)")?;
        let passage = insert.insert(params![article.name, section, text, article.url])?;
        index.execute("INSERT INTO page_passage VALUES (?1, ?2)", [article.identifier, passage])?;
    }
    Ok(())
}

/// The passages of a section: its paragraphs and lists, and those of the sections within.
fn collect(section: &Part, above: &str, passages: &mut Vec<(String, String)>) {
    let path = if above.is_empty() { section.name.clone() } else { format!("{above} > {}", section.name) };
    for part in &section.has_parts {
        if part.r#type == "section" {
            collect(part, &path, passages);
        } else {
            let text = text_of(part);
            if !text.is_empty() {
                passages.push((path.clone(), text));
            }
        }
    }
}

fn text_of(part: &Part) -> String {
    let texts = std::iter::once(part.value.clone()).chain(part.has_parts.iter().map(text_of));
    texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
}

/// Print the passages that fit best, the best first.
fn find(file: &str, words: &str) -> Outcome<()> {
    let index = Connection::open(file)?;
    let query = "SELECT title, section, snippet(passage, 2, '[', ']', '...', 24), url
        FROM passage WHERE passage MATCH ?1 ORDER BY rank LIMIT 5";
    let mut found = index.prepare(query)?;
    let mut rows = found.query([words])?;
    while let Some(row) = rows.next()? {
        let [title, section, text, url]: [String; 4] = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?];
        println!("{title} > {section}\n  {text}\n  {url}");
    }
    Ok(())
}
