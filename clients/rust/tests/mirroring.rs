//! Mirrors of a server whose log is short and whose snapshots are old, fail, or are not there.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use wikifeed_client::messages::SnapshotState::{self, Failed, Ready, Writing};
use wikifeed_client::{CheckpointError, Client, Error, Mirror, OnExpired, Result, Sink, Update};

mod made_up_site;

use made_up_site::Site;

/// A sink that has the name of each page, for all who hold it.
#[derive(Clone, Default)]
struct Names {
    through: Arc<Mutex<Option<u64>>>,
    pages: Arc<Mutex<BTreeMap<i64, String>>>,
}

impl Names {
    /// A sink that has a page no longer there, as of an offset that the log no longer reaches.
    fn outdated() -> Self {
        let names = Names::default();
        *names.through.lock().unwrap() = Some(30);
        names.pages.lock().unwrap().insert(9, "Vulcan".to_owned());
        names
    }

    fn all(&self) -> Vec<String> {
        self.pages.lock().unwrap().values().cloned().collect()
    }
}

impl Sink for Names {
    fn position(&mut self) -> Result<Option<u64>, CheckpointError> {
        Ok(*self.through.lock().unwrap())
    }

    fn begin(&mut self) -> Result<(), CheckpointError> {
        *self.through.lock().unwrap() = None;
        self.pages.lock().unwrap().clear();
        Ok(())
    }

    fn write(&mut self, updates: Vec<Update>, through_offset: Option<u64>) -> Result<(), CheckpointError> {
        for update in updates {
            let Update::Put(article, _) = update else { panic!("{update:?}") };
            self.pages.lock().unwrap().insert(article.identifier, article.name);
        }
        *self.through.lock().unwrap() = through_offset;
        Ok(())
    }
}

/// Mirror a site to its end; what it ended with, and the calls.
async fn mirrored(site: Site, sink: &Names, on_expired: OnExpired) -> (Result<()>, Vec<String>) {
    let (site, folder) = (Arc::new(site), tempfile::tempdir().unwrap());
    let client = Client::new(site.served()).unwrap();
    let mirror = Mirror { until_offset: 46, on_expired, ..Mirror::new("enwiki", folder.path()) };
    let ended = client.mirror(mirror, sink.clone()).await;
    let calls = site.calls.lock().unwrap().clone();
    (ended, calls)
}

fn with(snapshots: &[(u64, SnapshotState)]) -> Site {
    Site { snapshots: Mutex::new(snapshots.to_vec()), ..Site::default() }
}

#[tokio::test]
async fn a_mirror_that_is_older_than_the_log_ends_and_keeps_what_it_has() {
    let sink = Names::outdated();
    let (ended, calls) = mirrored(with(&[(45, Ready)]), &sink, OnExpired::default()).await;
    assert!(matches!(ended, Err(Error::CursorExpired { .. })), "{ended:?}");
    assert_eq!((sink.all(), calls), (vec!["Vulcan".to_owned()], vec!["StreamChanges 30".to_owned()]));
}

#[tokio::test]
async fn told_to_begin_again_it_forgets_all_and_takes_a_snapshot() {
    let sink = Names::outdated();
    let (ended, calls) = mirrored(with(&[(45, Ready)]), &sink, OnExpired::BeginAgain).await;
    ended.unwrap();
    assert_eq!(sink.all(), ["Moon", "Earth"]);
    assert_eq!(*sink.through.lock().unwrap(), Some(46));
    let after = ["GetSnapshot 0", "GetSnapshot 45", "ExportSnapshot 45", "StreamChanges 45"];
    assert_eq!(calls, [&["StreamChanges 30"], &after[..]].concat());
}

#[tokio::test]
async fn a_snapshot_behind_which_the_log_begins_is_taken() {
    let sink = Names::default();
    let (ended, calls) = mirrored(with(&[(43, Ready)]), &sink, OnExpired::Fail).await;
    ended.unwrap();
    assert_eq!(calls, ["GetSnapshot 0", "GetSnapshot 43", "ExportSnapshot 43", "StreamChanges 43"]);
}

#[tokio::test]
async fn where_no_snapshot_is_usable_one_is_made() {
    for snapshots in [&[][..], &[(42, Ready)], &[(45, Failed)]] {
        let (ended, calls) = mirrored(with(snapshots), &Names::default(), OnExpired::Fail).await;
        ended.unwrap();
        let waited = ["GetSnapshot 45", "GetSnapshot 45", "GetSnapshot 45"];
        let after = ["ExportSnapshot 45", "StreamChanges 45"];
        assert_eq!(calls, [&["GetSnapshot 0", "CreateSnapshot"], &waited[..], &after].concat(), "{snapshots:?}");
    }
}

#[tokio::test]
async fn a_snapshot_that_is_being_written_is_awaited_and_told_of_where_that_fails() {
    let (ended, calls) = mirrored(with(&[(44, Writing)]), &Names::default(), OnExpired::Fail).await;
    ended.unwrap();
    assert_eq!(calls, ["GetSnapshot 0", "GetSnapshot 44", "ExportSnapshot 44", "StreamChanges 44"]);

    let site = Site { fails: true, ..with(&[(44, Writing)]) };
    let (ended, _) = mirrored(site, &Names::default(), OnExpired::Fail).await;
    let error = ended.unwrap_err();
    assert!(matches!(&error, Error::Call(call) if call.code() == tonic::Code::FailedPrecondition), "{error:?}");
    assert_eq!(error.reason(), "SNAPSHOT_NOT_READY");
}

#[tokio::test]
async fn what_else_is_not_found_is_an_error() {
    let site = Site { not_found: Some("PROJECT_NOT_FOUND"), ..Site::default() };
    let (ended, calls) = mirrored(site, &Names::default(), OnExpired::Fail).await;
    assert!(matches!(ended, Err(Error::NotFound { .. })), "{ended:?}");
    assert_eq!(calls, ["GetSnapshot 0"]);
}
