//! A file that a server has, and how its bytes are asked for: one of a snapshot or an hourly batch.

use futures_core::Stream;
use futures_util::future::Either;
use futures_util::TryStreamExt;
use prost::bytes::Bytes;
use tonic::Status;
use wikifeed_proto::v1::{
    Batch, Chunk, ExportBatchRequest, ExportBatchResponse, ExportSnapshotRequest, ExportSnapshotResponse, Snapshot,
};

use crate::client::Client;

/// A piece of a file as it came, not yet verified.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) chunk_number: i32,
    pub(super) position: i64,
    pub(super) crc32c: u32,
    pub(super) data: Bytes,
}

impl From<ExportSnapshotResponse> for Piece {
    fn from(came: ExportSnapshotResponse) -> Self {
        Piece { chunk_number: came.chunk_number, position: came.position, crc32c: came.crc32c, data: came.data }
    }
}

impl From<ExportBatchResponse> for Piece {
    fn from(came: ExportBatchResponse) -> Self {
        Piece { chunk_number: 0, position: came.position, crc32c: came.crc32c, data: came.data }
    }
}

/// What the server says of a file, and what asks for it.
pub(super) struct Source {
    pub(super) file_name: String,
    pub(super) size_bytes: u64,
    pub(super) sha256: String,
    /// Which file of those that the same request may ask for, from 0.
    pub(super) number: i32,
    request: Request,
}

/// A request from the first byte on.
enum Request {
    Chunk(ExportSnapshotRequest),
    Batch(ExportBatchRequest),
}

impl Source {
    pub(super) fn chunk(snapshot: &Snapshot, number: usize, chunk: &Chunk) -> Self {
        let number = i32::try_from(number).unwrap_or(i32::MAX);
        Source {
            file_name: chunk.file_name.clone(),
            size_bytes: chunk.size_bytes.max(0).cast_unsigned(),
            sha256: chunk.sha256.clone(),
            number,
            request: Request::Chunk(ExportSnapshotRequest {
                identifier: snapshot.identifier.clone(),
                offset: snapshot.offset,
                first_chunk: number,
                chunk_count: 1,
                ..Default::default()
            }),
        }
    }

    pub(super) fn batch(batch: &Batch) -> Self {
        Source {
            file_name: batch.file_name.clone(),
            size_bytes: batch.size_bytes.max(0).cast_unsigned(),
            sha256: batch.sha256.clone(),
            number: 0,
            request: Request::Batch(ExportBatchRequest {
                hour: batch.hour,
                identifier: batch.identifier.clone(),
                ..Default::default()
            }),
        }
    }

    /// The pieces of the file from that byte on.
    pub(super) async fn pieces(
        &self,
        client: &Client,
        position: u64,
    ) -> Result<impl Stream<Item = Result<Piece, Status>> + Unpin, Status> {
        let start_position = position.cast_signed();
        match &self.request {
            Request::Chunk(request) => {
                let request = ExportSnapshotRequest { start_position, ..request.clone() };
                let call = client.snapshot_service().export_snapshot(request).await?;
                Ok(Either::Left(call.into_inner().map_ok(Piece::from)))
            }
            Request::Batch(request) => {
                let request = ExportBatchRequest { start_position, ..request.clone() };
                let call = client.batch_service().export_batch(request).await?;
                Ok(Either::Right(call.into_inner().map_ok(Piece::from)))
            }
        }
    }
}
