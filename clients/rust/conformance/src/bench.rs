//! What this client costs beside the bare stub: `bench ADDRESS {changes|changes-bare|export|export-bare} [SNAPSHOT
//! FOLDER]` reads a project's log, or a snapshot into a folder, and prints one line of JSON: items, bytes, wall_seconds
//! and cpu_seconds of what is measured.

use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use futures_util::StreamExt;
use tonic::transport::Endpoint;
use wikifeed_client::messages::change_service_client::ChangeServiceClient;
use wikifeed_client::messages::snapshot_service_client::SnapshotServiceClient;
use wikifeed_client::messages::stream_changes_request::Start as StartField;
use wikifeed_client::messages::{ExportSnapshotRequest, GetChangeLogInfoRequest, StreamChangesRequest};
use wikifeed_client::{Changes, Client, ExportOptions, Start};

const PROJECT: &str = "enwiki";
const RECEIVE_BYTES: usize = 64 << 20;

#[derive(Default)]
struct Counted {
    items: u64,
    bytes: u64,
}

async fn changes(address: &str) -> Result<Counted, Box<dyn Error>> {
    let client = Client::new(address)?;
    let newest = client.change_log().await?.newest_offset;
    let mut changes = client.changes(Changes::new().projects([PROJECT]).start(Start::After(0)).until(newest));
    let mut counted = Counted::default();
    while let Some(change) = changes.next().await {
        change?;
        counted.items += 1;
    }
    Ok(counted)
}

async fn changes_bare(address: &str) -> Result<Counted, Box<dyn Error>> {
    let channel = Endpoint::from_shared(format!("http://{address}"))?.connect().await?;
    let mut stub = ChangeServiceClient::new(channel).max_decoding_message_size(RECEIVE_BYTES);
    let newest = stub.get_change_log_info(GetChangeLogInfoRequest {}).await?.into_inner().newest_offset;
    let request = StreamChangesRequest {
        projects: vec![PROJECT.to_owned()],
        start: Some(StartField::AfterOffset(0)),
        until_offset: newest,
        ..Default::default()
    };
    let mut responses = stub.stream_changes(request).await?.into_inner();
    let mut counted = Counted::default();
    while let Some(response) = responses.message().await? {
        counted.items += response.changes.len() as u64;
    }
    Ok(counted)
}

async fn export(address: &str, snapshot: &str, folder: &Path) -> Result<Counted, Box<dyn Error>> {
    let exported = Client::new(address)?.export(snapshot, folder, ExportOptions::default()).await?;
    let mut counted = Counted { items: exported.files.len() as u64, bytes: 0 };
    for file in exported.files {
        counted.bytes += file.metadata()?.len();
    }
    Ok(counted)
}

async fn export_bare(address: &str, snapshot: &str, folder: &Path) -> Result<Counted, Box<dyn Error>> {
    let channel = Endpoint::from_shared(format!("http://{address}"))?.connect().await?;
    let mut stub = SnapshotServiceClient::new(channel).max_decoding_message_size(RECEIVE_BYTES);
    let request = ExportSnapshotRequest { identifier: snapshot.to_owned(), ..Default::default() };
    let mut pieces = stub.export_snapshot(request).await?.into_inner();
    let mut counted = Counted::default();
    let mut file: Option<File> = None;
    while let Some(piece) = pieces.message().await? {
        if piece.position == 0 {
            file = Some(File::create(folder.join(piece.chunk_number.to_string()))?);
            counted.items += 1;
        }
        if let Some(file) = &mut file {
            file.write_all(&piece.data)?;
        }
        counted.bytes += piece.data.len() as u64;
    }
    Ok(counted)
}

/// The CPU time that this process has taken, in seconds.
fn cpu_seconds() -> f64 {
    // SAFETY: getrusage writes the whole of the structure that it is given.
    let usage = unsafe {
        let mut usage = std::mem::zeroed::<libc::rusage>();
        libc::getrusage(libc::RUSAGE_SELF, &raw mut usage);
        usage
    };
    let seconds = |time: libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 / 1e6;
    seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (began, before) = (Instant::now(), cpu_seconds());
    let counted = match words[..] {
        [address, "changes"] => changes(address).await?,
        [address, "changes-bare"] => changes_bare(address).await?,
        [address, "export", snapshot, folder] => export(address, snapshot, Path::new(folder)).await?,
        [address, "export-bare", snapshot, folder] => export_bare(address, snapshot, Path::new(folder)).await?,
        _ => return Err("usage: bench ADDRESS {changes|changes-bare|export|export-bare} [SNAPSHOT FOLDER]".into()),
    };
    let (wall, cpu) = (began.elapsed().as_secs_f64(), cpu_seconds() - before);
    let Counted { items, bytes } = counted;
    println!(r#"{{"items": {items}, "bytes": {bytes}, "wall_seconds": {wall:.6}, "cpu_seconds": {cpu:.6}}}"#);
    Ok(())
}
