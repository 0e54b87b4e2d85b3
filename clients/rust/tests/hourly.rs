//! Hourly batches and the account's own view, against a server that tests/clients/rust starts: `WIKIFEED_HOURLY_ADDRESS`
//! has batches of 26 hours, in each those of two namespaces in two formats, that is more than one page of the list;
//! `WIKIFEED_HOURLY_KEY` is a key of its account "ada", whose plan allows 10 articles a month.

use std::collections::BTreeSet;
use std::env;
use std::error::Error as StdError;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use futures_util::TryStreamExt;
use wikifeed_client::messages::Batch;
use wikifeed_client::{read_articles, read_lines, Batches, Client, Error, Result, Timestamp};

type Tested = Result<(), Box<dyn StdError + Send + Sync>>;

fn told(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}

fn client() -> Result<Client> {
    Client::builder(told("WIKIFEED_HOURLY_ADDRESS")).key(told("WIKIFEED_HOURLY_KEY")).build()
}

async fn listed(client: &Client, batches: Batches) -> Result<Vec<Batch>> {
    client.batches(batches).try_collect().await
}

fn start(batch: &Batch) -> i64 {
    batch.hour.unwrap_or_default().seconds
}

/// The batch of the newest hour, whose file comes in several pieces.
async fn newest(client: &Client) -> Result<Batch> {
    let hour = listed(client, Batches::default()).await?[0].hour.unwrap_or_default();
    client.batch(hour, "enwiki_namespace_0").await
}

/// Where the bytes of a batch are while they are not whole.
fn part_of(batch: &Batch, folder: &Path) -> PathBuf {
    folder.join(format!(".{}.{}.part", batch.file_name, &batch.sha256[..16]))
}

/// How far an export into a folder was each time that it told.
async fn steps(client: &Client, batch: &Batch, folder: &Path) -> Result<Vec<u64>> {
    let told = Arc::new(Mutex::new(Vec::new()));
    let telling = told.clone();
    client.export_batch(batch, folder, move |progress| telling.lock().unwrap().push(progress.done_bytes)).await?;
    let told = told.lock().unwrap().clone();
    Ok(told)
}

#[tokio::test]
#[ignore = "needs a server"]
async fn batches_of_all_pages_are_listed_the_newest_hour_first() -> Tested {
    let client = client()?;
    let every = listed(&client, Batches::default()).await?;
    assert_eq!(every.len(), 26 * 4);
    let hours: Vec<i64> = every.iter().map(start).collect();
    assert!(hours.is_sorted_by(|one, next| one >= next), "{hours:?}");
    let named = |batch: &Batch| (start(batch), batch.identifier.clone());
    assert_eq!(every.iter().map(named).collect::<BTreeSet<_>>().len(), every.len());

    let oldest = &every[every.len() - 1];
    let moment = Timestamp { seconds: start(oldest) + 1800, nanos: 0 };
    let which = Batches { hour: Some(moment), projects: vec!["enwiki".to_owned()], namespaces: vec![1] };
    let chosen = listed(&client, which.clone()).await?;
    let identifiers: Vec<&str> = chosen.iter().map(|batch| batch.identifier.as_str()).collect();
    assert_eq!(identifiers, ["enwiki_namespace_1", "enwiki_namespace_1_zst"]);
    assert_eq!(start(&chosen[0]), start(oldest));
    assert_eq!(client.batch(moment, "enwiki_namespace_1").await?, chosen[0]);
    assert_eq!(listed(&client, Batches { projects: vec!["dewiki".to_owned()], ..which }).await?, []);
    Ok(())
}

#[tokio::test]
#[ignore = "needs a server"]
async fn a_batch_that_is_not_there_is_told() -> Tested {
    let client = client()?;
    let hour = listed(&client, Batches::default()).await?[0].hour.unwrap_or_default();
    let error = client.batch(hour, "enwiki_namespace_14").await.unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }) && error.reason() == "BATCH_NOT_FOUND", "{error:?}");
    let folder = tempfile::tempdir()?;
    let gone = Batch { hour: Some(Timestamp { seconds: 3600, nanos: 0 }), ..newest(&client).await? };
    let error = client.export_batch(&gone, folder.path(), |_| ()).await.unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }) && error.reason() == "BATCH_NOT_FOUND", "{error:?}");
    Ok(())
}

#[tokio::test]
#[ignore = "needs a server"]
async fn the_file_of_a_batch_has_the_changes_of_its_hour() -> Tested {
    let client = client()?;
    let folder = tempfile::tempdir()?;
    let place = folder.path().join("made").join("for it");
    let hour = newest(&client).await?.hour.unwrap_or_default();
    for identifier in ["enwiki_namespace_0", "enwiki_namespace_0_zst"] {
        let batch = client.batch(hour, identifier).await?;
        let file = client.export_batch(&batch, &place, |_| ()).await?;
        assert_eq!(file, place.join(&batch.file_name));
        assert_eq!(file.metadata()?.len(), batch.size_bytes.cast_unsigned());
        assert_eq!(read_lines(&file)?.count(), usize::try_from(batch.changes_count)?);
        let pages: Vec<i64> =
            read_articles(&file)?.map(|article| article.map(|article| article.identifier)).collect::<Result<_>>()?;
        assert_eq!(pages, [100, 102, 104, 106, 108], "{identifier}");
    }
    Ok(())
}

#[tokio::test]
#[ignore = "needs a server"]
async fn what_lies_in_the_folder_of_a_batch_is_not_fetched_again() -> Tested {
    let client = client()?;
    let batch = newest(&client).await?;
    let size = batch.size_bytes.cast_unsigned();
    let (first, second) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let told = steps(&client, &batch, first.path()).await?;
    assert!(told.len() > 2 && told[0] == 0 && told[told.len() - 1] == size, "{told:?} of {size}");
    assert_eq!(steps(&client, &batch, first.path()).await?, [size], "it is there whole");

    let whole = fs::read(first.path().join(&batch.file_name))?;
    let half = whole.len() / 2;
    fs::write(part_of(&batch, second.path()), &whole[..half])?;
    assert_eq!(steps(&client, &batch, second.path()).await?[0], half as u64);
    assert!(fs::read(second.path().join(&batch.file_name))? == whole, "it is another file");
    assert_eq!(fs::read_dir(second.path())?.count(), 1);
    Ok(())
}

#[tokio::test]
#[ignore = "needs a server"]
async fn a_part_of_a_batch_that_is_damaged_is_fetched_anew() -> Tested {
    let client = client()?;
    let batch = newest(&client).await?;
    let folder = tempfile::tempdir()?;
    fs::write(part_of(&batch, folder.path()), vec![7; 1000])?;
    let told = steps(&client, &batch, folder.path()).await?;
    assert_eq!((told[0], told[told.len() - 1]), (1000, batch.size_bytes.cast_unsigned()));
    assert_eq!(read_articles(folder.path().join(&batch.file_name))?.count(), 5);

    let never = Batch { sha256: "0".repeat(64), ..batch };
    let error = client.export_batch(&never, folder.path(), |_| ()).await.unwrap_err();
    assert!(matches!(error, Error::DamagedData(_)), "{error:?}");
    Ok(())
}

#[tokio::test]
#[ignore = "needs a server"]
async fn an_account_sees_its_plan_and_what_it_used() -> Tested {
    let client = client()?;
    for _ in 0..3 {
        client.get_fields("enwiki", 100, &["name"]).await?;
    }
    let found = client.account().await?;
    let account = found.account.unwrap_or_default();
    assert_eq!((account.username, account.plan.unwrap_or_default().identifier), ("ada".to_owned(), "few".to_owned()));
    assert_eq!(found.used.unwrap_or_default().on_demand, 3);
    assert_eq!(found.left.unwrap_or_default().on_demand, Some(7));

    let days = client.usage(Some("2020-01-01"), None).await?;
    assert_eq!(days.iter().map(|day| day.counts.unwrap_or_default().on_demand).sum::<i64>(), 3);
    assert_eq!(client.usage(Some("2020-01-01"), Some("2020-01-31")).await?, []);
    assert_eq!(client.usage(None, Some("2020-01-31")).await?, []);
    let error = client.usage(Some("2020-02-01"), Some("2020-01-31")).await.unwrap_err();
    assert!(matches!(error, Error::InvalidRequest { .. }), "{error:?}");

    let nobody = Client::new(told("WIKIFEED_HOURLY_ADDRESS"))?;
    assert!(matches!(nobody.account().await, Err(Error::Unauthenticated(_))));
    Ok(())
}
