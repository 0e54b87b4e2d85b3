//! A server with snapshots of one article, and a log that begins at offset 44 and ends at 46.

use std::sync::{Arc, Mutex};

use futures_util::future::ready;
use futures_util::stream::{self, BoxStream, StreamExt};
use sha2::{Digest, Sha256};
use tonic::transport::server::TcpIncoming;
use tonic::transport::Server;
use tonic::{Code, Request, Response, Status, Streaming};
use tonic_types::{ErrorDetails, StatusExt};
use wikifeed_client::messages::change_service_server::{ChangeService, ChangeServiceServer};
use wikifeed_client::messages::snapshot_service_server::{SnapshotService, SnapshotServiceServer};
use wikifeed_client::messages::stream_changes_request::Start;
use wikifeed_client::messages::{
    Article, Change, Chunk, CreateSnapshotRequest, CreateSnapshotResponse, DeleteSubscriptionRequest,
    DeleteSubscriptionResponse, EventType, ExportSnapshotRequest, ExportSnapshotResponse, GetChangeLogInfoRequest,
    GetChangeLogInfoResponse, GetSnapshotRequest, GetSnapshotResponse, GetSubscriptionRequest, GetSubscriptionResponse,
    ListSnapshotsRequest, ListSnapshotsResponse, ListSubscriptionsRequest, ListSubscriptionsResponse, Snapshot,
    SnapshotState, StreamChangesRequest, StreamChangesResponse, SubscribeRequest, SubscribeResponse,
};

const OLDEST: u64 = 44;
/// The newest offset when a snapshot is made; one more change follows.
const NEWEST: u64 = 45;
const FILE: &[u8] = b"{\"name\":\"Moon\",\"identifier\":1}\n";

/// What the server has, and which calls came.
#[derive(Default)]
pub struct Site {
    /// The offset and the state of each snapshot, the newest last.
    pub snapshots: Mutex<Vec<(u64, SnapshotState)>>,
    /// Whether the disk is full: what is being written then fails.
    pub fails: bool,
    /// Why nothing is found, where it is for another reason than that there is no snapshot.
    pub not_found: Option<&'static str>,
    /// The calls in their order, and the offsets that they name.
    pub calls: Mutex<Vec<String>>,
}

impl Site {
    /// Serve it; the address.
    pub fn served(self: &Arc<Self>) -> String {
        let incoming = TcpIncoming::bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = incoming.local_addr().unwrap().to_string();
        let server = Server::builder()
            .add_service(SnapshotServiceServer::from_arc(self.clone()))
            .add_service(ChangeServiceServer::from_arc(self.clone()));
        tokio::spawn(server.serve_with_incoming(incoming));
        address
    }

    fn called(&self, words: String) {
        self.calls.lock().unwrap().push(words);
    }
}

fn status(code: Code, reason: &str) -> Status {
    Status::with_error_details(code, "words", ErrorDetails::with_error_info(reason, "wikifeed", []))
}

fn told(identifier: &str, (offset, state): (u64, SnapshotState)) -> GetSnapshotResponse {
    let snapshot = Snapshot { identifier: identifier.to_owned(), offset, state: state.into(), ..Default::default() };
    let chunk = Chunk {
        size_bytes: FILE.len() as i64,
        sha256: Sha256::digest(FILE).iter().map(|byte| format!("{byte:02x}")).collect(),
        file_name: format!("{identifier}.ndjson"),
        ..Default::default()
    };
    let chunks = if state == SnapshotState::Ready { vec![chunk] } else { Vec::new() };
    GetSnapshotResponse { snapshot: Some(snapshot), chunks }
}

fn once<Message: Send + 'static>(message: Message) -> BoxStream<'static, Result<Message, Status>> {
    stream::once(ready(Ok(message))).boxed()
}

#[tonic::async_trait]
impl SnapshotService for Site {
    type ExportSnapshotStream = BoxStream<'static, Result<ExportSnapshotResponse, Status>>;

    /// The second time that one is asked for, it is no longer being written.
    async fn get_snapshot(
        &self,
        request: Request<GetSnapshotRequest>,
    ) -> Result<Response<GetSnapshotResponse>, Status> {
        let GetSnapshotRequest { identifier, offset } = request.into_inner();
        self.called(format!("GetSnapshot {offset}"));
        let mut snapshots = self.snapshots.lock().unwrap();
        let found = snapshots.iter_mut().rev().find(|(of, _)| [0, *of].contains(&offset));
        let found = found.ok_or_else(|| status(Code::NotFound, self.not_found.unwrap_or("SNAPSHOT_NOT_FOUND")))?;
        let answer = told(&identifier, *found);
        if found.1 == SnapshotState::Writing {
            found.1 = if self.fails { SnapshotState::Failed } else { SnapshotState::Ready };
        }
        Ok(Response::new(answer))
    }

    async fn create_snapshot(
        &self,
        request: Request<CreateSnapshotRequest>,
    ) -> Result<Response<CreateSnapshotResponse>, Status> {
        self.called("CreateSnapshot".to_owned());
        let made = (NEWEST, SnapshotState::Writing);
        self.snapshots.lock().unwrap().push(made);
        let identifier = format!("{}_namespace_0", request.into_inner().project);
        Ok(Response::new(CreateSnapshotResponse { snapshot: told(&identifier, made).snapshot }))
    }

    async fn export_snapshot(
        &self,
        request: Request<ExportSnapshotRequest>,
    ) -> Result<Response<Self::ExportSnapshotStream>, Status> {
        self.called(format!("ExportSnapshot {}", request.into_inner().offset));
        let piece = ExportSnapshotResponse { data: FILE.into(), crc32c: crc32c::crc32c(FILE), ..Default::default() };
        Ok(Response::new(once(piece)))
    }

    async fn list_snapshots(
        &self,
        _: Request<ListSnapshotsRequest>,
    ) -> Result<Response<ListSnapshotsResponse>, Status> {
        Err(Status::unimplemented("no test lists them"))
    }
}

#[tonic::async_trait]
impl ChangeService for Site {
    type StreamChangesStream = BoxStream<'static, Result<StreamChangesResponse, Status>>;
    type SubscribeStream = BoxStream<'static, Result<SubscribeResponse, Status>>;

    /// The last change of the log, or that the log no longer has what follows the start.
    async fn stream_changes(
        &self,
        request: Request<StreamChangesRequest>,
    ) -> Result<Response<Self::StreamChangesStream>, Status> {
        let Some(Start::AfterOffset(after)) = request.into_inner().start else { panic!("mirrors begin at an offset") };
        self.called(format!("StreamChanges {after}"));
        if after + 1 < OLDEST {
            return Err(status(Code::OutOfRange, "OFFSET_EXPIRED"));
        }
        let namespace = Some(Default::default());
        let change = Change {
            offset: NEWEST + 1,
            event_type: EventType::Update.into(),
            article: Some(Article { identifier: 2, name: "Earth".to_owned(), namespace, ..Default::default() }),
            ..Default::default()
        };
        let changes = vec![change];
        Ok(Response::new(once(StreamChangesResponse { changes, through_offset: NEWEST + 1 })))
    }

    async fn get_change_log_info(
        &self,
        _: Request<GetChangeLogInfoRequest>,
    ) -> Result<Response<GetChangeLogInfoResponse>, Status> {
        let log = GetChangeLogInfoResponse { oldest_offset: OLDEST, newest_offset: NEWEST, ..Default::default() };
        Ok(Response::new(log))
    }

    async fn subscribe(
        &self,
        _: Request<Streaming<SubscribeRequest>>,
    ) -> Result<Response<Self::SubscribeStream>, Status> {
        Err(Status::unimplemented("no test subscribes"))
    }

    async fn get_subscription(
        &self,
        _: Request<GetSubscriptionRequest>,
    ) -> Result<Response<GetSubscriptionResponse>, Status> {
        Err(Status::unimplemented("no test subscribes"))
    }

    async fn list_subscriptions(
        &self,
        _: Request<ListSubscriptionsRequest>,
    ) -> Result<Response<ListSubscriptionsResponse>, Status> {
        Err(Status::unimplemented("no test subscribes"))
    }

    async fn delete_subscription(
        &self,
        _: Request<DeleteSubscriptionRequest>,
    ) -> Result<Response<DeleteSubscriptionResponse>, Status> {
        Err(Status::unimplemented("no test subscribes"))
    }
}
