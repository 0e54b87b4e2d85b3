"""The calls that are answered once."""

from collections.abc import Mapping
from typing import Any

from made_up_contents import article, batches, find_batch, first_second
from made_up_status import DELETED, NOT_FOUND, CallEndedError
from scripted_call import ScriptedCall, Site
from scripted_records import RECORD_ANSWERS, Answers, page_of

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.article_service_pb2 import (
    ArticleMatch,
    GetArticleRequest,
    GetArticleResponse,
    GetStructuredContentsRequest,
    GetStructuredContentsResponse,
    ListArticlesRequest,
    ListArticlesResponse,
    LookupArticlesRequest,
    LookupArticlesResponse,
)
from wikifeed.v1.batch_service_pb2 import (
    GetBatchRequest,
    GetBatchResponse,
    ListBatchesRequest,
    ListBatchesResponse,
)
from wikifeed.v1.snapshot_pb2 import (
    SNAPSHOT_CONTENT_STRUCTURED,
    SNAPSHOT_FORMAT_NDJSON_ZST,
    SNAPSHOT_STATE_READY,
    Snapshot,
)
from wikifeed.v1.snapshot_service_pb2 import (
    CreateSnapshotRequest,
    CreateSnapshotResponse,
    GetSnapshotRequest,
    GetSnapshotResponse,
    ListSnapshotsRequest,
    ListSnapshotsResponse,
)

_LOOKUP_PROJECTS = ("dewiki", "enwiki")
_CONTENT_ENDINGS = {SNAPSHOT_CONTENT_STRUCTURED: "_structured"}
_FORMAT_ENDINGS = {SNAPSHOT_FORMAT_NDJSON_ZST: "_zst"}


def find_article(site: Site, title: str, page_id: int) -> Article:
    """The article of a title or an id. Raises CallEndedError where there is none."""
    if title == "Deleted page":
        raise CallEndedError(DELETED)
    number = page_id or int(title.removeprefix("Page ")) if page_id or title.startswith("Page ") else 0
    if not 1 <= number <= site.words.get("articles", 0):
        raise CallEndedError(NOT_FOUND)
    return article(number, body_bytes=site.words.get("body_bytes", 0))


def _get(site: Site, request: GetArticleRequest) -> GetArticleResponse:
    return GetArticleResponse(article=find_article(site, request.title, request.page_id))


def _lookup(site: Site, request: LookupArticlesRequest) -> LookupArticlesResponse:
    number = find_article(site, request.title, 0).identifier
    return LookupArticlesResponse(
        matches=[ArticleMatch(article=article(number, project)) for project in _LOOKUP_PROJECTS]
    )


def _list(site: Site, request: ListArticlesRequest) -> ListArticlesResponse:
    first, count = int(request.page_token or 1), site.words.get("articles", 0)
    after = min(first + (request.page_size or 100), count + 1)
    token = str(after) if after <= count else ""
    return ListArticlesResponse(
        articles=[article(number) for number in range(first, after)], next_page_token=token, offset=site.log
    )


def _snapshot(site: Site, request: GetSnapshotRequest) -> GetSnapshotResponse:
    found = site.snapshots.find(request.offset)
    response = GetSnapshotResponse(snapshot=found.told(request.identifier), chunks=found.chunks(request.identifier))
    found.looks = max(0, found.looks - 1)
    return response


def _make_snapshot(site: Site, request: CreateSnapshotRequest) -> CreateSnapshotResponse:
    ending = _CONTENT_ENDINGS.get(request.content, "") + _FORMAT_ENDINGS.get(request.format, "")
    identifier = f"{request.project}_namespace_{request.namespace}{ending}"
    return CreateSnapshotResponse(snapshot=site.snapshots.make(site.log).told(identifier))


def _list_snapshots(site: Site, request: ListSnapshotsRequest) -> ListSnapshotsResponse:
    words = site.words["snapshots"]
    asked = [
        Snapshot(identifier=f"{project}_namespace_0", offset=offset, state=SNAPSHOT_STATE_READY)
        for project in sorted(words["projects"])
        if not request.projects or project in request.projects
        for offset in words["offsets"]
    ]
    snapshots, token = page_of(asked, words["in_a_page"], request.page_token)
    return ListSnapshotsResponse(snapshots=snapshots, next_page_token=token)


def _structured(site: Site, request: GetStructuredContentsRequest) -> GetStructuredContentsResponse:
    return GetStructuredContentsResponse(article=find_article(site, request.title, request.page_id))


def _list_batches(site: Site, request: ListBatchesRequest) -> ListBatchesResponse:
    words = site.words["batches"]
    asked = [
        batch
        for batch in batches(words)
        if (not request.projects or batch.is_part_of.identifier in request.projects)
        and (not request.HasField("hour") or batch.hour.seconds == first_second(request.hour.seconds))
    ]
    listed, token = page_of(asked, words["in_a_page"], request.page_token)
    return ListBatchesResponse(batches=listed, next_page_token=token)


def _batch(site: Site, request: GetBatchRequest) -> GetBatchResponse:
    return GetBatchResponse(batch=find_batch(site.words, request.hour.seconds, request.identifier))


ANSWERS: Answers = {
    **RECORD_ANSWERS,
    "GetArticle": (GetArticleRequest, _get),
    "LookupArticles": (LookupArticlesRequest, _lookup),
    "ListArticles": (ListArticlesRequest, _list),
    "GetStructuredContents": (GetStructuredContentsRequest, _structured),
    "GetSnapshot": (GetSnapshotRequest, _snapshot),
    "ListSnapshots": (ListSnapshotsRequest, _list_snapshots),
    "CreateSnapshot": (CreateSnapshotRequest, _make_snapshot),
    "ListBatches": (ListBatchesRequest, _list_batches),
    "GetBatch": (GetBatchRequest, _batch),
}


class UnaryCall(ScriptedCall):
    """A call of one of the methods above."""

    async def open(self) -> None:
        """Read the request."""
        self._request = await self.ask(ANSWERS[self.method][0])

    async def step(self, step: Mapping[str, Any]) -> None:
        """No step is of these methods alone."""
        raise ValueError(f"{self.method} can't do {step}")

    async def finish(self) -> None:
        """Answer."""
        await self.send(ANSWERS[self.method][1](self.site, self._request))
