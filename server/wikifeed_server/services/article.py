"""ArticleService: what articles say now.

Promise: without a read mask, and with one that follows the borders of fragments, no protobuf message of an article is
parsed or built: a response is stored bytes behind a length. Structured contents, and masks of whole fields, parse the
tags and lengths of an article's fields and no field.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Sequence

from wikifeed.v1.article_service_pb2 import (
    ArticleKey,
    BatchGetArticlesRequest,
    GetArticleRequest,
    GetStructuredContentsRequest,
    ListArticlesRequest,
    LookupArticlesRequest,
)
from wikifeed_server.contract.masks import WHOLE_ARTICLE, ReadPlan, read_plan, structured_contents_plan
from wikifeed_server.contract.status import status_of
from wikifeed_server.contract.wire import length_field, length_tag, varint, varint_field
from wikifeed_server.errors import FieldViolation, InvalidRequestError, NotFoundError, OffsetExpiredError
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.services.finding import Finder, Found
from wikifeed_server.services.paging import ListPosition, read_token, write_token
from wikifeed_server.services.projects import known_project
from wikifeed_server.store import PageKey, PageState, Parts, Reader

# Field numbers, named by the message that they belong to.
_GET_ARTICLE, _GET_REDIRECTED_FROM = 1, 2
_BATCH_OUTCOMES, _OUTCOME_INDEX, _OUTCOME_ARTICLE, _OUTCOME_ERROR, _OUTCOME_REDIRECTED_FROM = 1, 1, 2, 3, 4
_LOOKUP_MATCHES, _MATCH_ARTICLE, _MATCH_REDIRECTED_FROM = 1, 1, 2
_LIST_ARTICLES, _LIST_NEXT_PAGE_TOKEN, _LIST_OFFSET = 1, 2, 3

_ARTICLE_TAG = length_tag(_GET_ARTICLE)
_BATCH_BYTES = 1024 * 1024
_BATCH_OUTCOMES_COUNT = 128  # keeps a response of small outcomes from holding up other calls for long
_RESPONSE_BYTES = 3 * 1024 * 1024
_DEFAULT_PAGE_SIZE = 100
_DEFAULT_LOOKUP_LIMIT = 3
_LOOKUPS_BETWEEN_BREAKS = 64


class ArticleService:
    """The methods of wikifeed.v1.ArticleService."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._finder = Finder(reader)

    def GetArticle(self, request: GetArticleRequest) -> Awaitable[bytes]:
        """Serialized GetArticleResponse. Raises what `Finder.settle` does, and InvalidRequestError for the mask."""
        plan = read_plan(request.read_mask) if request.HasField("read_mask") else WHOLE_ARTICLE
        return self._get(request, plan)

    def GetStructuredContents(self, request: GetStructuredContentsRequest) -> Awaitable[bytes]:
        """Serialized GetStructuredContentsResponse. Raises what GetArticle does."""
        return self._get(request, structured_contents_plan(request.read_mask))

    async def _get(self, request: GetArticleRequest | GetStructuredContentsRequest, plan: ReadPlan) -> bytes:
        """The serialized response of either method: their requests and responses have the same fields."""
        key, revision_id = PageKey(request.project, request.title, request.page_id), request.revision_id
        article = await self._reader.get(key, plan.parts, revision_id)
        redirect = b""
        if article is None or revision_id or article.state is not PageState.LIVE:
            article, redirected_from = await self._finder.settle(key, article, plan.parts, revision_id)
            if redirected_from:
                redirect = length_field(_GET_REDIRECTED_FROM, redirected_from.encode())
        fragments = plan.cut(article.fragments)
        return b"".join((_ARTICLE_TAG, varint(sum(map(len, fragments))), *fragments, redirect))

    async def BatchGetArticles(self, request: BatchGetArticlesRequest) -> AsyncGenerator[bytes, None]:
        """Serialized BatchGetArticlesResponses of up to 1 MiB, or one outcome where that is greater."""
        plan = read_plan(request.read_mask)
        outcomes: list[bytes] = []
        size = 0
        for index, key in enumerate(request.keys):
            outcome = length_field(_BATCH_OUTCOMES, await self._outcome(index, key, plan))
            if outcomes and (size + len(outcome) > _BATCH_BYTES or len(outcomes) == _BATCH_OUTCOMES_COUNT):
                yield b"".join(outcomes)
                outcomes, size = [], 0
            outcomes.append(outcome)
            size += len(outcome)
        yield b"".join(outcomes)

    async def LookupArticles(self, request: LookupArticlesRequest) -> bytes:
        """Serialized LookupArticlesResponse of up to 3 MiB, or one article where that is greater.

        Projects that do not exist match nothing.
        """
        plan = read_plan(request.read_mask)
        limit = request.limit or _DEFAULT_LOOKUP_LIMIT
        matches: list[bytes] = []
        size = 0
        for count, project in enumerate(await self._searched(request), start=1):
            if count % _LOOKUPS_BETWEEN_BREAKS == 0:
                await asyncio.sleep(0)
            found = await self._match(project, request, plan.parts)
            if found is not None:
                match = length_field(
                    _LOOKUP_MATCHES, _with_article(_MATCH_ARTICLE, _MATCH_REDIRECTED_FROM, plan, found)
                )
                size += len(match)
                if matches and size > _RESPONSE_BYTES:
                    break
                matches.append(match)
                if len(matches) == limit:
                    break
        return b"".join(matches)

    async def ListArticles(self, request: ListArticlesRequest) -> bytes:
        """Serialized ListArticlesResponse of up to 3 MiB, or one article where that is greater.

        Raises ProjectNotFoundError, and InvalidRequestError for a mask or a page token that is wrong.
        """
        plan = read_plan(request.read_mask)
        await known_project(self._reader, request.project)
        newest = (await self._reader.log_info()).newest_offset
        position = read_token(request, newest) if request.page_token else ListPosition(newest, 0)
        namespaces = tuple(request.namespaces)
        limit = request.page_size or _DEFAULT_PAGE_SIZE
        try:
            page = await self._reader.scan(
                request.project, namespaces, *position, plan.parts, limit=limit, limit_bytes=_RESPONSE_BYTES
            )
        except OffsetExpiredError as error:
            problem = "is of a list that was begun longer ago than this server keeps; list anew, without a token"
            raise InvalidRequestError([FieldViolation("page_token", problem)]) from error
        pieces = [length_field(_LIST_ARTICLES, b"".join(plan.cut(article.fragments))) for article in page]
        if page:
            position = ListPosition(position.offset, page[-1].page_id)
            if await self._reader.scan(request.project, namespaces, *position, Parts.HEAD, limit=1, limit_bytes=1):
                pieces.append(length_field(_LIST_NEXT_PAGE_TOKEN, write_token(position, request).encode()))
        pieces.append(varint_field(_LIST_OFFSET, position.offset))
        return b"".join(pieces)

    async def _outcome(self, index: int, key: ArticleKey, plan: ReadPlan) -> bytes:
        """Serialized ArticleOutcome. What is wrong with the store rather than with the key is raised."""
        try:
            found = await self._finder.find(PageKey(key.project, key.title, key.page_id), plan.parts)
        except (NotFoundError, InvalidRequestError) as error:
            content = length_field(_OUTCOME_ERROR, status_of(error).SerializeToString())
        else:
            content = _with_article(_OUTCOME_ARTICLE, _OUTCOME_REDIRECTED_FROM, plan, found)
        return varint_field(_OUTCOME_INDEX, index) + content

    async def _searched(self, request: LookupArticlesRequest) -> Sequence[ProjectInfo]:
        """The projects that the request's filters leave."""
        projects, languages = set(request.projects), set(request.languages)
        return [
            project
            for project in await self._reader.projects()
            if (not projects or project.identifier in projects) and (not languages or project.language in languages)
        ]

    async def _match(self, project: ProjectInfo, request: LookupArticlesRequest, parts: Parts) -> Found | None:
        try:
            found = await self._finder.find(PageKey(project.identifier, project.normalize_title(request.title)), parts)
        except NotFoundError:
            return None
        return found if not request.namespaces or found.article.namespace in request.namespaces else None


def _with_article(article_field: int, redirected_from_field: int, plan: ReadPlan, found: Found) -> bytes:
    """The fields of a message that hold an article and where it was redirected from."""
    content = length_field(article_field, b"".join(plan.cut(found.article.fragments)))
    if found.redirected_from:
        content += length_field(redirected_from_field, found.redirected_from.encode())
    return content
