//! The client against servers that run: tests/clients/rust starts them and tells where they are. `WIKIFEED_ADDRESS` has
//! the bundled pages, 16 articles and 14 redirects; `WIKIFEED_TLS_ADDRESS` the same for those who show a certificate
//! out of the folder `WIKIFEED_TLS_FOLDER`.

use std::collections::BTreeSet;
use std::env;
use std::error::Error as StdError;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use futures_util::{StreamExt, TryStreamExt};
use wikifeed_client::messages::{SnapshotContent, SnapshotFormat};
use wikifeed_client::{
    read_articles, Changes, Client, Error, ExportOptions, List, Lookup, Mirror, Outcome, Result, SnapshotKind, Start,
    Subscribe,
};

type Tested = Result<(), Box<dyn StdError + Send + Sync>>;

fn told(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}

fn client() -> Result<Client> {
    Client::new(told("WIKIFEED_ADDRESS"))
}

async fn titles(client: &Client) -> Result<BTreeSet<String>> {
    let list = List { fields: vec!["name".to_owned()], namespaces: vec![0], page_size: 5 };
    client.list("enwiki", list).map_ok(|article| article.name).try_collect().await
}

#[tokio::test]
#[ignore = "needs a server"]
async fn articles_come_one_by_one_and_many_at_once() -> Tested {
    let client = client()?;
    assert_eq!(
        client.get_fields("enwiki", "Anarchism", &["url"]).await?.url,
        "https://en.wikipedia.org/wiki/Anarchism"
    );
    let whole = client.get("enwiki", "Anarchism").await?;
    let revision = whole.version.unwrap_or_default().identifier;
    assert_eq!(client.get_revision("enwiki", whole.identifier, revision, &["name"]).await?.name, "Anarchism");
    assert!(!client.structured("enwiki", whole.identifier, &["sections"]).await?.sections.is_empty());
    assert_eq!(client.structured_revision("enwiki", whole.identifier, revision, &["name"]).await?.name, "Anarchism");
    let never = client.structured_revision("enwiki", whole.identifier, revision + 1, &["name"]).await;
    assert!(matches!(never, Err(Error::NotFound { .. })), "{never:?}");
    assert_eq!(client.lookup("Anarchism", Lookup::default()).await?.len(), 1);

    let keys = [("enwiki", "Abacus"), ("enwiki", "No such page"), ("enwiki", "Anarchism")];
    let outcomes: Vec<Outcome> = client.batch_get(keys, &["name"]).try_collect().await?;
    assert!(matches!(outcomes[1].article, Err(Error::NotFound { deleted_at: None, .. })));
    assert_eq!(outcomes[2].article.as_ref().unwrap().name, "Anarchism");

    assert_eq!(titles(&client).await?.len(), 16);
    assert_eq!(client.projects(&[]).await?[0].identifier, "enwiki");
    assert_eq!(client.projects(&["en"]).await?.len(), 1);
    assert_eq!(client.projects(&["eo"]).await?.len(), 0);
    Ok(())
}

#[cfg(feature = "sqlite")]
#[tokio::test]
#[ignore = "needs a server"]
async fn a_stream_that_was_dropped_goes_on_at_its_checkpoint() -> Tested {
    use wikifeed_client::{Checkpoint, SqliteCheckpoint};

    let client = client()?;
    let newest = client.change_log().await?.newest_offset;
    let database = Arc::new(Mutex::new(rusqlite::Connection::open_in_memory()?));
    let checkpoint = SqliteCheckpoint::new(database, "changes")?;
    let changes = Changes::new().projects(["enwiki"]).no_body().start(Start::Oldest).until(newest);
    let mut seen = Vec::new();
    while seen.last() != Some(&newest) {
        let part = client.changes(changes.clone()).with_checkpoint(checkpoint.clone()).take(8);
        let offsets: Vec<u64> = part.map_ok(|change| change.offset).try_collect().await?;
        // What was taken last was not said to be handled, so that it comes again.
        assert!(seen.last().is_none_or(|last| offsets[0] == *last), "{offsets:?} after {seen:?}");
        seen.extend(offsets);
    }
    seen.dedup();
    assert_eq!(seen, (1..=newest).collect::<Vec<_>>());
    assert_eq!(checkpoint.load()?, Some(newest), "asking for what follows the last says that it was handled");
    Ok(())
}

#[tokio::test]
#[ignore = "needs a server"]
async fn a_subscription_goes_on_behind_what_was_acknowledged() -> Tested {
    let client = client()?;
    let opening = Subscribe::new("live").changes(&Changes::new().no_body().max_batch_size(10).start(Start::Oldest));
    let mut first = client.subscribe(opening.clone().credit(10));
    let delivery = first.next().await?;
    assert!(delivery.acknowledge());
    let through = delivery.through_offset;
    first.close().await;
    assert!(!delivery.acknowledge(), "its call is over");

    let mut second = client.subscribe(opening);
    assert_eq!(second.next().await?.changes[0].offset, through + 1);
    assert_eq!((second.state().map(|state| state.name.as_str()), second.share_count()), (Some("live"), 64));
    second.close().await;
    let named: Vec<String> = client.subscriptions().map_ok(|each| each.name).try_collect().await?;
    assert_eq!(named, ["live"]);
    assert_eq!(client.subscription("live").await?.acknowledged_offset, through);
    client.delete_subscription("live").await?;
    assert!(matches!(client.subscription("live").await, Err(Error::NotFound { .. })));
    Ok(())
}

#[tokio::test]
#[ignore = "needs a server"]
async fn an_export_holds_what_the_list_has() -> Tested {
    let client = client()?;
    let folder = tempfile::tempdir()?;
    for (content, format) in
        [(SnapshotContent::Json, SnapshotFormat::NdjsonTarGz), (SnapshotContent::Structured, SnapshotFormat::NdjsonZst)]
    {
        let kind = SnapshotKind { content, format, ..SnapshotKind::new("enwiki") };
        let snapshot = client.create_snapshot(&kind, 200_000).await?;
        let told = Arc::new(Mutex::new(Vec::new()));
        let telling = told.clone();
        let options = ExportOptions::default()
            .offset(snapshot.offset)
            .parallel(2)
            .on_progress(move |progress| telling.lock().unwrap().push((progress.done_bytes, progress.total_bytes)));
        let exported = client.export(&kind, folder.path(), options).await?;
        let mut names = BTreeSet::new();
        for file in &exported.files {
            for article in read_articles(file)? {
                names.insert(article?.name);
            }
        }
        assert_eq!(names, titles(&client).await?);
        let (done, total) = *told.lock().unwrap().last().unwrap();
        assert!(done == total && total > 0, "{done} of {total}");
    }
    let listed: BTreeSet<String> =
        client.snapshots(&["enwiki"]).map_ok(|snapshot| snapshot.identifier).try_collect().await?;
    assert!(listed.contains("enwiki_namespace_0_structured_zst"), "{listed:?}");
    Ok(())
}

/// A file in place of the folder: the disk refuses what would be written.
#[tokio::test]
#[ignore = "needs a server"]
async fn a_folder_that_can_not_be_written_to_is_named() -> Tested {
    let client = client()?;
    let file = tempfile::NamedTempFile::new()?;
    client.create_snapshot(&SnapshotKind::new("enwiki"), 0).await?;
    let kind = SnapshotKind::new("enwiki");
    let error = client.export(&kind, file.path().join("folder"), ExportOptions::default()).await.unwrap_err();
    assert!(matches!(&error, Error::File { path, .. } if path.starts_with(file.path())), "{error:?}");
    Ok(())
}

#[cfg(feature = "sqlite")]
#[tokio::test]
#[ignore = "needs a server"]
async fn a_mirror_has_every_article() -> Tested {
    use wikifeed_client::SqliteSink;

    let client = client()?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("mirror.db");
    let newest = client.change_log().await?.newest_offset;
    let mirror = Mirror { until_offset: newest, ..Mirror::new("enwiki", folder.path().join("snapshot")) };
    // The second one finds everything there.
    for _ in 0..2 {
        client.mirror(mirror.clone(), SqliteSink::open(&file)?).await?;
    }
    let sink = SqliteSink::open(&file)?;
    for title in titles(&client).await? {
        assert_eq!(sink.get(&title)?.map(|article| article.name), Some(title));
    }
    assert_eq!(sink.get("AccessibleComputing")?, None, "it is a redirect");
    Ok(())
}

#[tokio::test]
#[ignore = "needs a server"]
async fn tls_trusts_the_authority_that_is_named_and_shows_a_certificate() -> Tested {
    let folder = PathBuf::from(told("WIKIFEED_TLS_FOLDER"));
    let pem = |name: &str| fs::read(folder.join(name)).unwrap();
    let builder = || Client::builder(told("WIKIFEED_TLS_ADDRESS"));
    let trusting = builder().authority(pem("authority.pem")).identity(pem("client.pem"), pem("client.key")).build()?;
    assert_eq!(trusting.get("enwiki", "Anarchism").await?.name, "Anarchism");
    let nameless = builder().authority(pem("authority.pem")).build()?;
    let error = nameless.get("enwiki", "Anarchism").await.unwrap_err();
    assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
    let doubting = builder().authority(pem("other.pem")).identity(pem("client.pem"), pem("client.key")).build()?;
    let error = doubting.get("enwiki", "Anarchism").await.unwrap_err();
    assert!(matches!(error, Error::Unavailable(_)) && error.to_string().contains("certificate"), "{error}");
    Ok(())
}
