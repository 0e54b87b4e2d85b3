"""A store with snapshots, and SnapshotService over it."""

import os
from pathlib import Path

from wikifeed.v1 import snapshot_pb2
from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.snapshot_service_pb2 import (
    CreateSnapshotRequest,
    CreateSnapshotResponse,
    ExportSnapshotRequest,
    ExportSnapshotResponse,
    GetSnapshotRequest,
    GetSnapshotResponse,
    ListSnapshotsRequest,
    ListSnapshotsResponse,
)
from wikifeed_server.projects import NamespaceInfo, ProjectInfo
from wikifeed_server.services.snapshot import SnapshotService
from wikifeed_server.snapshots import SnapshotLibrary, SnapshotSpec, SnapshotWriters, write_snapshot
from wikifeed_server.store import ArticleWrite
from wikifeed_server.store.embedded import EmbeddedReader, EmbeddedWriter


class Site:
    """A store with two projects, and the service over it."""

    def __init__(self, folder: Path, writers: SnapshotWriters, library: SnapshotLibrary) -> None:
        self.folder = folder
        self.library = library
        self.writer = EmbeddedWriter.open(folder)
        for project in ("dewiki", "enwiki"):
            namespaces = (NamespaceInfo(0, ""), NamespaceInfo(14, "Category"))
            self.writer.put_project(ProjectInfo(project, language=project[:2], namespaces=namespaces))
        self.reader = EmbeddedReader.open(folder)
        self.service = SnapshotService(self.reader, library, writers)

    def publish(self, project: str, *page_ids: int, text: str = "text") -> int:
        """Import pages; the newest offset."""
        body = Article(article_body={"wikitext": text}).SerializeToString()
        writes = []
        for page_id in page_ids:
            title = f"Page {page_id}"
            head = Article(name=title, identifier=page_id).SerializeToString()
            writes.append(ArticleWrite(project, page_id, title, 0, 1, 1, head, body_wikitext=body))
        return self.writer.put(writes).last_offset

    async def write(self, project: str, offset: int, **options) -> snapshot_pb2.Snapshot:
        """A ready snapshot."""
        claim = self.library.claim(SnapshotSpec(project, 0, offset, **options))
        await write_snapshot(self.reader, claim.status.spec, claim.status.folder, lambda progress: None)
        os.close(claim.lock)
        return (await self.get(identifier=claim.status.spec.identifier, offset=offset)).snapshot

    async def get(self, **request) -> GetSnapshotResponse:
        """GetSnapshot."""
        return GetSnapshotResponse.FromString(await self.service.GetSnapshot(GetSnapshotRequest(**request)))

    async def create(self, **request) -> snapshot_pb2.Snapshot:
        """CreateSnapshot."""
        response = await self.service.CreateSnapshot(CreateSnapshotRequest(**request))
        return CreateSnapshotResponse.FromString(response).snapshot

    async def listed(self, **request) -> ListSnapshotsResponse:
        """ListSnapshots."""
        return ListSnapshotsResponse.FromString(await self.service.ListSnapshots(ListSnapshotsRequest(**request)))

    async def export(self, **request) -> list[ExportSnapshotResponse]:
        """ExportSnapshot."""
        request.setdefault("identifier", "enwiki_namespace_0")
        pieces = self.service.ExportSnapshot(ExportSnapshotRequest(**request))
        return [ExportSnapshotResponse.FromString(piece) async for piece in pieces]
