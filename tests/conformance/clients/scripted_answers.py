"""The calls that are answered once."""

from collections.abc import Callable, Mapping
from typing import Any

from google.protobuf.message import Message
from made_up_contents import article, batches, find_batch, first_second, snapshot
from made_up_status import DELETED, NOT_FOUND, CallEndedError
from scripted_call import ScriptedCall, Site

from wikifeed.v1.account_service_pb2 import GetAccountRequest, GetAccountResponse
from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.article_service_pb2 import (
    ArticleMatch,
    GetArticleRequest,
    GetArticleResponse,
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
from wikifeed.v1.change_service_pb2 import GetChangeLogInfoRequest, GetChangeLogInfoResponse
from wikifeed.v1.snapshot_service_pb2 import GetSnapshotRequest, GetSnapshotResponse

_LOOKUP_PROJECTS = ("dewiki", "enwiki")


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


def _log_info(site: Site, request: GetChangeLogInfoRequest) -> GetChangeLogInfoResponse:
    return GetChangeLogInfoResponse(oldest_offset=min(1, site.log), newest_offset=site.log)


def _snapshot(site: Site, request: GetSnapshotRequest) -> GetSnapshotResponse:
    words = site.words.get("snapshot")
    if words is None:
        raise CallEndedError({"code": "NOT_FOUND", "reason": "SNAPSHOT_NOT_FOUND"})
    made, chunks = snapshot(request.identifier, words["chunks"])
    return GetSnapshotResponse(snapshot=made, chunks=chunks)


def _list_batches(site: Site, request: ListBatchesRequest) -> ListBatchesResponse:
    words = site.words["batches"]
    first, page = int(request.page_token or 0), words["in_a_page"]
    asked = [
        batch
        for batch in batches(words)
        if (not request.projects or batch.is_part_of.identifier in request.projects)
        and (not request.HasField("hour") or batch.hour.seconds == first_second(request.hour.seconds))
    ]
    token = str(first + page) if first + page < len(asked) else ""
    return ListBatchesResponse(batches=asked[first : first + page], next_page_token=token)


def _batch(site: Site, request: GetBatchRequest) -> GetBatchResponse:
    return GetBatchResponse(batch=find_batch(site.words, request.hour.seconds, request.identifier))


def _account(site: Site, request: GetAccountRequest) -> GetAccountResponse:
    answer = GetAccountResponse()
    answer.account.username = site.words["account"]
    return answer


ANSWERS: Mapping[str, tuple[type[Message], Callable[[Site, Any], Message]]] = {
    "GetArticle": (GetArticleRequest, _get),
    "LookupArticles": (LookupArticlesRequest, _lookup),
    "ListArticles": (ListArticlesRequest, _list),
    "GetChangeLogInfo": (GetChangeLogInfoRequest, _log_info),
    "GetSnapshot": (GetSnapshotRequest, _snapshot),
    "ListBatches": (ListBatchesRequest, _list_batches),
    "GetBatch": (GetBatchRequest, _batch),
    "GetAccount": (GetAccountRequest, _account),
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
