"""The whole feed in Python: a snapshot, checked, and from its offset on the stream, so that nothing is lost or doubled.

    wikifeed serve &
    PYTHONPATH=generated/python python examples/feed.py [HOST:PORT [PROJECT]]

It needs the packages grpcio, protobuf and protovalidate, and the generated stubs. In an environment that has Wikifeed
installed (.venv after `make demo`), plain `python examples/feed.py` does.
"""

import hashlib
import sys
import tempfile
import time
from pathlib import Path

import grpc

from wikifeed.v1.article_service_pb2 import GetArticleRequest
from wikifeed.v1.article_service_pb2_grpc import ArticleServiceStub
from wikifeed.v1.change_service_pb2 import GetChangeLogInfoRequest, StreamChangesRequest
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub
from wikifeed.v1.snapshot_pb2 import SNAPSHOT_STATE_WRITING, Snapshot
from wikifeed.v1.snapshot_service_pb2 import CreateSnapshotRequest, ExportSnapshotRequest, GetSnapshotRequest
from wikifeed.v1.snapshot_service_pb2_grpc import SnapshotServiceStub


def main(server: str = "localhost:50051", project: str = "enwiki") -> None:
    # Articles may be larger than the 4 MiB that gRPC accepts by default.
    with grpc.insecure_channel(server, options=[("grpc.max_receive_message_length", -1)]) as channel:
        snapshot = make_snapshot(SnapshotServiceStub(channel), project)
        with tempfile.TemporaryDirectory() as folder:
            path = fetch(SnapshotServiceStub(channel), snapshot, Path(folder))
            print(f"{path.name}: {snapshot.articles_count} articles, {path.stat().st_size} bytes, checksum right")
        follow(channel, snapshot.offset, project)


def make_snapshot(service: SnapshotServiceStub, project: str) -> Snapshot:
    """Ask for a snapshot of the project's articles and wait until it is written."""
    snapshot = service.CreateSnapshot(CreateSnapshotRequest(project=project, namespace=0)).snapshot
    while snapshot.state == SNAPSHOT_STATE_WRITING:
        time.sleep(0.2)
        wanted = GetSnapshotRequest(identifier=snapshot.identifier, offset=snapshot.offset)
        snapshot = service.GetSnapshot(wanted).snapshot
    if snapshot.error:
        raise SystemExit(snapshot.error)
    return snapshot


def fetch(service: SnapshotServiceStub, snapshot: Snapshot, folder: Path) -> Path:
    """Write the snapshot's only file into the folder. A call that is cut off may go on at `start_position`."""
    path = folder / f"{snapshot.identifier}.tar.gz"
    digest = hashlib.sha256()
    expected = ""
    with path.open("wb") as file:
        for piece in service.ExportSnapshot(
            ExportSnapshotRequest(identifier=snapshot.identifier, offset=snapshot.offset)
        ):
            file.write(piece.data)
            digest.update(piece.data)
            expected = piece.sha256
    if digest.hexdigest() != expected:
        raise SystemExit(f"{path.name} came damaged")
    return path


def follow(channel: grpc.Channel, offset: int, project: str) -> None:
    """Print what changed after the offset. Without until_offset it would go on with each change as it happens."""
    changes = ChangeServiceStub(channel)
    newest = changes.GetChangeLogInfo(GetChangeLogInfoRequest()).newest_offset
    request = StreamChangesRequest(after_offset=max(offset - 3, 0), until_offset=newest, projects=[project])
    for response in changes.StreamChanges(request):
        for change in response.changes:
            print(change.offset, change.article.name, len(change.article.article_body.wikitext))
            if not change.redirect_target:
                show(channel, project, change.article.identifier)


def show(channel: grpc.Channel, project: str, page_id: int) -> None:
    """Print two fields of an article; the read mask lets the server send no more."""
    request = GetArticleRequest(project=project, page_id=page_id)
    request.read_mask.paths.extend(["url", "abstract"])
    article = ArticleServiceStub(channel).GetArticle(request).article
    print(f"  {article.url}\n  {article.abstract[:100]}")


if __name__ == "__main__":
    main(*sys.argv[1:])
