//! Snapshots, chunks and hourly batches: what is told of them, and how much comes.

use bytes::Bytes;
use futures::{Stream, StreamExt};
use http::HeaderValue;
use serde_json::{json, Value};
use wme_models::SnapshotIdentifier;

use crate::{Seen, Site};

fn enwiki() -> SnapshotIdentifier {
    SnapshotIdentifier::enwiki_namespace_0()
}

fn dewiki() -> SnapshotIdentifier {
    SnapshotIdentifier::dewiki_namespace_0()
}

pub async fn snapshot(site: &Site) -> Seen {
    let snapshots = site.client.snapshot();
    let listed = snapshots.list_snapshots().await?;
    let alone = snapshots.get_snapshot_info(&dewiki()).await?;
    let headers = snapshots.head_snapshot_download(&dewiki()).await?;
    let whole = length_of(snapshots.download_snapshot(&dewiki(), None).await?).await?;
    let some = length_of(
        snapshots
            .download_snapshot(&dewiki(), Some("bytes=10-109"))
            .await?,
    )
    .await?;
    Ok(json!({
        "listed": listed, "alone": alone, "told_length": text(headers.get("content-length")),
        "etag": text(headers.get("etag")), "whole": whole, "range": some,
    }))
}

pub async fn chunk(site: &Site) -> Seen {
    let snapshots = site.client.snapshot();
    let listed = snapshots.list_chunks(&enwiki()).await?;
    let name = &listed.last().ok_or("no chunks")?.identifier;
    let alone = snapshots.get_chunk_info(&enwiki(), name).await?;
    let headers = snapshots.head_chunk_download(&enwiki(), name).await?;
    let whole = length_of(snapshots.download_chunk(&enwiki(), name, None).await?).await?;
    Ok(json!({
        "listed": listed, "alone": alone, "told_length": text(headers.get("content-length")), "whole": whole,
    }))
}

pub async fn structured_snapshot(site: &Site) -> Seen {
    let snapshots = site.client.snapshot();
    let listed = snapshots.list_structured_snapshots().await?;
    let alone = snapshots.get_structured_snapshot_info(&enwiki()).await?;
    let headers = snapshots
        .head_structured_snapshot_download(&enwiki())
        .await?;
    let whole = length_of(
        snapshots
            .download_structured_snapshot(&enwiki(), None)
            .await?,
    )
    .await?;
    Ok(json!({
        "listed": listed, "alone": alone, "told_length": text(headers.get("content-length")), "whole": whole,
    }))
}

pub async fn batch(site: &Site) -> Seen {
    let (realtime, name) = (site.client.realtime(), "enwiki_namespace_0");
    let listed: Vec<Value> = match realtime.list_batches(&site.date, &site.hour).await {
        Ok(batches) => batches.iter().map(|batch| json!(batch)).collect(),
        Err(error) => vec![json!(error.to_string())],
    };
    let headers = realtime
        .head_batch_download(&site.date, &site.hour, name)
        .await?;
    let whole = length_of(
        realtime
            .download_batch(&site.date, &site.hour, name, None)
            .await?,
    )
    .await?;
    Ok(
        json!({"listed": listed, "told_length": text(headers.get("content-length")), "whole": whole}),
    )
}

pub async fn batch_read(site: &Site) -> Seen {
    let mut articles = site
        .client
        .realtime()
        .stream_batch(&site.date, &site.hour, "enwiki_namespace_0")
        .await?;
    let (mut names, mut errors) = (Vec::new(), Vec::new());
    while let Some(article) = articles.next().await {
        match article {
            Ok(article) => names.push(article.name),
            Err(error) => errors.push(error.to_string()),
        }
    }
    errors.sort();
    errors.dedup();
    Ok(json!({"names": names, "errors": errors}))
}

async fn length_of<S, E>(mut pieces: S) -> Result<usize, E>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    let mut length = 0;
    while let Some(piece) = pieces.next().await {
        length += piece?.len();
    }
    Ok(length)
}

fn text(value: Option<&HeaderValue>) -> Option<String> {
    value?.to_str().ok().map(String::from)
}
