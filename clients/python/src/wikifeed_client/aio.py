"""The client for asyncio."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import grpc

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.article_service_pb2 import ArticleMatch, ListArticlesResponse
from wikifeed.v1.article_service_pb2_grpc import ArticleServiceStub
from wikifeed.v1.catalog_service_pb2 import ListProjectsRequest
from wikifeed.v1.catalog_service_pb2_grpc import CatalogServiceStub
from wikifeed.v1.change_service_pb2 import (
    DeleteSubscriptionRequest,
    GetChangeLogInfoRequest,
    GetChangeLogInfoResponse,
    GetSubscriptionRequest,
    ListSubscriptionsRequest,
)
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub
from wikifeed.v1.project_pb2 import Project
from wikifeed.v1.snapshot_pb2 import Snapshot
from wikifeed.v1.snapshot_service_pb2 import GetSnapshotResponse, ListSnapshotsRequest
from wikifeed.v1.snapshot_service_pb2_grpc import SnapshotServiceStub
from wikifeed.v1.subscription_pb2 import Subscription
from wikifeed_client import _requests
from wikifeed_client._aio.changes import AsyncChangeStream
from wikifeed_client._aio.exporting import AsyncExporter
from wikifeed_client._aio.mirroring import mirror
from wikifeed_client._aio.subscribing import AsyncSubscriptionStream
from wikifeed_client._checkpoints import CheckpointStore
from wikifeed_client._connecting import Connection, Tls, channel_options
from wikifeed_client._errors import error_of_call
from wikifeed_client._exporting import (
    Export,
    ExportPlan,
    ExportProgress,
    SnapshotKind,
    is_ready,
    poll_seconds,
    snapshot_request,
)
from wikifeed_client._reconnecting import Reconnecting
from wikifeed_client._requests import After, Changes, Key, Outcome, Since, Start
from wikifeed_client._resuming import Resumption
from wikifeed_client._subscribing import SubscriptionCalls, open_subscription
from wikifeed_client.mirror import Sink

_Request = TypeVar("_Request")
_Response = TypeVar("_Response")


class AsyncClient:
    """A connection to a server. Make it where a loop runs. An asynchronous context manager; leaving it closes it.

    `address` is "host:port". `key` is an API key or an access token. TLS is on unless the address is of this machine;
    `tls` says otherwise: True, False, or a Tls with certificates. `timeout_seconds` is the deadline of calls that are
    not streams. `reconnecting` says how streams are opened again. All errors are WikifeedError or below it.
    """

    def __init__(
        self,
        address: str,
        *,
        key: str = "",
        tls: Tls | bool | None = None,
        timeout_seconds: float = 30.0,
        reconnecting: Reconnecting | None = None,
    ) -> None:
        connection = Connection(address, key, tls, timeout_seconds)
        credentials, options = connection.credentials, channel_options()
        self._channel = (
            grpc.aio.secure_channel(address, credentials, options)
            if credentials is not None
            else grpc.aio.insecure_channel(address, options)
        )
        self._metadata = connection.metadata
        self._timeout_seconds = timeout_seconds
        self._reconnecting = reconnecting or Reconnecting()
        self._articles = ArticleServiceStub(self._channel)
        self._catalog = CatalogServiceStub(self._channel)
        self._changes = ChangeServiceStub(self._channel)
        self._snapshots = SnapshotServiceStub(self._channel)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connection; calls and streams on it end."""
        await self._channel.close()

    async def get(
        self, project: str, page: str | int, *, revision_id: int | None = None, read_mask: Sequence[str] = ()
    ) -> Article:
        """The article of a title or a page id, cut to the mask; a redirect is followed. Raises NotFoundError."""
        request = _requests.article_request(project, page, revision_id, read_mask)
        return (await self._ask(self._articles.GetArticle, request)).article

    async def structured(
        self, project: str, page: str | int, *, revision_id: int | None = None, read_mask: Sequence[str] = ()
    ) -> Article:
        """The structured contents of an article. Raises NotFoundError."""
        request = _requests.structured_request(project, page, revision_id, read_mask)
        return (await self._ask(self._articles.GetStructuredContents, request)).article

    async def batch_get(self, keys: Iterable[Key], *, read_mask: Sequence[str] = ()) -> AsyncIterator[Outcome]:
        """What becomes of each key, (project, title or page id), in their order; one that is missing fails no other."""
        for part, request in _requests.batch_requests(keys, read_mask):
            call = self._articles.BatchGetArticles(request, metadata=self._metadata)
            try:
                async for response in call:
                    for message in response.outcomes:
                        yield _requests.outcome(part, message)
            except grpc.RpcError as error:
                raise error_of_call(error) from error
            finally:
                call.cancel()

    async def lookup(
        self,
        title: str,
        *,
        projects: Sequence[str] = (),
        languages: Sequence[str] = (),
        namespaces: Sequence[int] = (),
        limit: int = 0,
        read_mask: Sequence[str] = (),
    ) -> Sequence[ArticleMatch]:
        """The articles that bear a title, across projects; 3 at most unless `limit` says otherwise."""
        request = _requests.lookup_request(title, projects, languages, namespaces, limit, read_mask)
        return (await self._ask(self._articles.LookupArticles, request)).matches

    async def list(
        self, project: str, *, namespaces: Sequence[int] = (), page_size: int = 0, read_mask: Sequence[str] = ()
    ) -> AsyncIterator[Article]:
        """A project's articles in the order of their page ids, all as of one moment."""
        async for page in self.list_pages(project, namespaces=namespaces, page_size=page_size, read_mask=read_mask):
            for article in page.articles:
                yield article

    async def list_pages(
        self, project: str, *, namespaces: Sequence[int] = (), page_size: int = 0, read_mask: Sequence[str] = ()
    ) -> AsyncIterator[ListArticlesResponse]:
        """The same by pages, each with the `offset` as of which the list is exact."""
        request = _requests.list_request(project, namespaces, page_size, read_mask)
        while True:
            page = await self._ask(self._articles.ListArticles, request)
            yield page
            request.page_token = page.next_page_token
            if not request.page_token:
                return

    async def projects(self, *, languages: Sequence[str] = ()) -> Sequence[Project]:
        """The projects that the server has."""
        return (await self._ask(self._catalog.ListProjects, ListProjectsRequest(languages=languages))).projects

    async def change_log(self) -> GetChangeLogInfoResponse:
        """Which offsets and times the log holds."""
        return await self._ask(self._changes.GetChangeLogInfo, GetChangeLogInfoRequest())

    def changes(
        self,
        changes: Changes | None = None,
        *,
        start: Start | After | Since = Start.NEWEST,
        checkpoint: CheckpointStore | None = None,
    ) -> AsyncChangeStream:
        """The changes of the log from `start` on, those to come included, for ever: each once, in their order.

        Where the call is cut off, or falls silent, the stream waits and goes on where it was. With a checkpoint it
        starts where that one is, if it holds an offset, and saves the offset whenever the caller asks for the next
        item: at least once (`checkpoints` tell how it is exactly once). Raises CursorExpiredError when the log no
        longer has what follows, and whatever else does not pass by itself.
        """
        known = checkpoint.load() if checkpoint is not None else None
        request = (changes or Changes()).request(start if known is None else After(known))
        core = Resumption(request, self._reconnecting)
        silence = self._reconnecting.silence_seconds
        return AsyncChangeStream(self._changes, core, self._metadata, silence, checkpoint)

    def subscribe(
        self,
        name: str,
        changes: Changes | None = None,
        *,
        start: After | Since | None = None,
        credit: int = 1000,
        max_unacknowledged: int = 0,
    ) -> AsyncSubscriptionStream:
        """Deliveries of the durable subscription of that name, which is made where there is none.

        Handle a delivery, then acknowledge it. What is not acknowledged when a call ends is delivered again, so at
        least once, and in order for each page; clients with the same name share the pages. Calls that are cut off are
        made anew. `credit` is how many changes may be on their way; it is given back by itself.
        """
        opening = open_subscription(name, changes, start, credit, max_unacknowledged)
        core = SubscriptionCalls(opening, self._reconnecting)
        return AsyncSubscriptionStream(self._changes, core, self._metadata, self._reconnecting.silence_seconds)

    async def subscription(self, name: str) -> Subscription:
        """How far a subscription is. Raises NotFoundError."""
        return (await self._ask(self._changes.GetSubscription, GetSubscriptionRequest(name=name))).subscription

    async def subscriptions(self) -> AsyncIterator[Subscription]:
        """All subscriptions, in the order of their names."""
        request = ListSubscriptionsRequest()
        while True:
            page = await self._ask(self._changes.ListSubscriptions, request)
            for each in page.subscriptions:
                yield each
            request.page_token = page.next_page_token
            if not request.page_token:
                return

    async def delete_subscription(self, name: str) -> None:
        """Have the server forget a subscription. Raises NotFoundError."""
        await self._ask(self._changes.DeleteSubscription, DeleteSubscriptionRequest(name=name))

    async def snapshots(self, *, projects: Sequence[str] = ()) -> AsyncIterator[Snapshot]:
        """All snapshots, those being written included, the newest first within each identifier."""
        request = ListSnapshotsRequest(projects=projects)
        while True:
            page = await self._ask(self._snapshots.ListSnapshots, request)
            for each in page.snapshots:
                yield each
            request.page_token = page.next_page_token
            if not request.page_token:
                return

    async def snapshot(self, which: str | SnapshotKind, *, offset: int = 0) -> GetSnapshotResponse:
        """A snapshot and its chunks, the newest unless an offset is given. Raises NotFoundError."""
        return await self._ask(self._snapshots.GetSnapshot, snapshot_request(which, offset))

    async def create_snapshot(self, kind: SnapshotKind, *, chunk_size_bytes: int = 0) -> Snapshot:
        """Have a snapshot made as of the newest offset, and wait until it is. Raises WikifeedError when that fails."""
        made = (await self._ask(self._snapshots.CreateSnapshot, kind.creation(chunk_size_bytes))).snapshot
        return (await self._ready(made.identifier, made.offset)).snapshot

    async def export(
        self,
        which: str | SnapshotKind,
        folder: str | Path,
        *,
        offset: int = 0,
        parallel: int = 4,
        progress: Callable[[ExportProgress], None] | None = None,
    ) -> Export:
        """Fetch a snapshot's files into a folder, several at a time, and check every byte of them.

        What lies there already is kept: after a cut or a crash the same call goes on. Raises NotFoundError, and
        DamagedDataError when bytes are damaged however often they are asked for.
        """
        found = await self._ready(which, offset)
        plan = await asyncio.to_thread(ExportPlan, found, folder, self._reconnecting, progress)
        exporter = AsyncExporter(self._snapshots, plan, self._metadata, self._reconnecting.silence_seconds)
        return await exporter.run(parallel)

    async def mirror(
        self, project: str, sink: Sink, *, namespace: int = 0, folder: str | Path | None = None, until_offset: int = 0
    ) -> None:
        """Keep a sink what the project's namespace is: a snapshot first, then every change, for ever. The sink is
        called in threads, one call after the other.

        `folder` keeps the snapshot's files, else they are dropped once read. `until_offset` ends the mirror there.
        Raises CursorExpiredError when the sink is older than the log: begin anew with an empty one.
        """
        await mirror(self, project, sink, namespace, folder, until_offset)

    async def _ready(self, which: str | SnapshotKind, offset: int) -> GetSnapshotResponse:
        """The snapshot once it is written."""
        for seconds in poll_seconds():
            found = await self.snapshot(which, offset=offset)
            if is_ready(found.snapshot):
                break
            offset = found.snapshot.offset
            await asyncio.sleep(seconds)
        return found

    async def _ask(
        self, method: "grpc.aio.UnaryUnaryMultiCallable[_Request, _Response]", request: _Request
    ) -> _Response:
        try:
            return await method(request, timeout=self._timeout_seconds, metadata=self._metadata)
        except grpc.RpcError as error:
            raise error_of_call(error) from error
