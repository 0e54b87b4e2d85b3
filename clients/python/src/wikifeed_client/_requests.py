"""Arguments as the contract's requests."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from itertools import islice
from typing import NamedTuple

from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp

from wikifeed.v1.account_service_pb2 import ListUsageRequest
from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.article_service_pb2 import (
    ArticleKey,
    ArticleOutcome,
    BatchGetArticlesRequest,
    GetArticleRequest,
    GetStructuredContentsRequest,
    ListArticlesRequest,
    LookupArticlesRequest,
)
from wikifeed.v1.batch_service_pb2 import ListBatchesRequest
from wikifeed.v1.change_pb2 import EventType
from wikifeed.v1.change_service_pb2 import (
    START_POSITION_NEWEST,
    START_POSITION_OLDEST,
    Share,
    StreamChangesRequest,
)
from wikifeed.v1.subscription_pb2 import ChangeFilter
from wikifeed_client._errors import WikifeedError, error_of_status

# How many keys a call may have.
_BATCH_KEYS = 10_000
Key = tuple[str, str | int]


class Start(Enum):
    """A start named by its place: after the newest change, or with the oldest that the log keeps."""

    NEWEST = START_POSITION_NEWEST
    OLDEST = START_POSITION_OLDEST


class After(NamedTuple):
    """Start with the first change whose offset is greater. 0 is the beginning of the log."""

    offset: int


class Since(NamedTuple):
    """Start with the first change that was published at this time or later. The time must name its zone."""

    time: datetime


@dataclass(frozen=True, slots=True)
class Changes:
    """Which changes of the log to send, and what of them. Empty fields let everything pass.

    `share` is (index, count): this consumer's part of the pages. `read_mask` names fields of the article; `no_body`
    leaves out its text and structured parts, and costs least. `until_offset` ends the stream there. `max_batch_size`
    and `max_delay_seconds` leave it to the server where they are unset.
    """

    projects: Sequence[str] = ()
    namespaces: Sequence[int] = ()
    languages: Sequence[str] = ()
    event_types: Sequence["EventType.ValueType"] = ()
    page_ids: Sequence[int] = ()
    share: tuple[int, int] | None = None
    read_mask: Sequence[str] = ()
    no_body: bool = False
    until_offset: int = 0
    max_batch_size: int = 0
    max_delay_seconds: float | None = None
    allow_compacted: bool = False

    def request(self, start: Start | After | Since) -> StreamChangesRequest:
        """The request of a stream from `start` on."""
        request = StreamChangesRequest(
            projects=self.projects,
            namespaces=self.namespaces,
            languages=self.languages,
            event_types=self.event_types,
            page_ids=self.page_ids,
            no_body=self.no_body,
            until_offset=self.until_offset,
            max_batch_size=self.max_batch_size,
            allow_compacted=self.allow_compacted,
        )
        if self.share is not None:
            request.share.CopyFrom(Share(index=self.share[0], count=self.share[1]))
        if self.read_mask:
            request.read_mask.paths.extend(self.read_mask)
        if self.max_delay_seconds is not None:
            request.max_delay.FromTimedelta(timedelta(seconds=self.max_delay_seconds))
        match start:
            case After(offset):
                request.after_offset = offset
            case Since(time):
                request.since.CopyFrom(timestamp(time))
            case Start():
                request.position = start.value
        return request

    def filter(self) -> ChangeFilter:
        """What of it a subscription keeps as its filter."""
        return ChangeFilter(
            projects=self.projects,
            namespaces=self.namespaces,
            languages=self.languages,
            event_types=self.event_types,
            page_ids=self.page_ids,
        )


class Outcome(NamedTuple):
    """What became of one key of `batch_get`: an article, or why there is none."""

    key: Key
    article: Article | None
    error: WikifeedError | None
    redirected_from: str


def timestamp(time: datetime) -> Timestamp:
    """A time as the contract has it. Raises ValueError when it names no zone."""
    if time.tzinfo is None:
        raise ValueError(f"{time!r} names no time zone; datetime.now(UTC) does")
    stamp = Timestamp()
    stamp.FromDatetime(time.astimezone(UTC).replace(tzinfo=None))
    return stamp


def article_request(project: str, page: str | int, revision_id: int | None, mask: Sequence[str]) -> GetArticleRequest:
    """The request of `get`."""
    request = GetArticleRequest(project=project, revision_id=revision_id, read_mask=_mask(mask))
    _name_page(request, page)
    return request


def structured_request(
    project: str, page: str | int, revision_id: int | None, mask: Sequence[str]
) -> GetStructuredContentsRequest:
    """The request of `structured`."""
    request = GetStructuredContentsRequest(project=project, revision_id=revision_id, read_mask=_mask(mask))
    _name_page(request, page)
    return request


def batch_parts(keys: Iterable[Key]) -> Iterator[list[Key]]:
    """The keys of `batch_get`, as many at a time as a call may have."""
    remaining = iter(keys)
    while part := list(islice(remaining, _BATCH_KEYS)):
        yield part


def batch_request(keys: Iterable[Key], mask: Sequence[str]) -> BatchGetArticlesRequest:
    """The request of one call of `batch_get`."""
    return BatchGetArticlesRequest(keys=map(_article_key, keys), read_mask=_mask(mask))


def outcome(keys: Sequence[Key], message: ArticleOutcome) -> Outcome:
    """What became of one of the keys of a request."""
    found = message.WhichOneof("outcome") == "article"
    return Outcome(
        keys[message.index],
        message.article if found else None,
        None if found else error_of_status(message.error),
        message.redirected_from,
    )


def lookup_request(
    title: str,
    projects: Sequence[str],
    languages: Sequence[str],
    namespaces: Sequence[int],
    limit: int,
    mask: Sequence[str],
) -> LookupArticlesRequest:
    """The request of `lookup`."""
    return LookupArticlesRequest(
        title=title,
        projects=projects,
        languages=languages,
        namespaces=namespaces,
        limit=limit,
        read_mask=_mask(mask),
    )


def list_request(project: str, namespaces: Sequence[int], page_size: int, mask: Sequence[str]) -> ListArticlesRequest:
    """The first request of `list`."""
    return ListArticlesRequest(project=project, namespaces=namespaces, page_size=page_size, read_mask=_mask(mask))


def batches_request(hour: datetime | None, projects: Sequence[str], namespaces: Sequence[int]) -> ListBatchesRequest:
    """The first request of `batches`."""
    request = ListBatchesRequest(projects=projects, namespaces=namespaces)
    if hour is not None:
        request.hour.CopyFrom(timestamp(hour))
    return request


def usage_request(first_day: date | None, last_day: date | None) -> ListUsageRequest:
    """The request of `usage`."""
    first, last = (day.isoformat() if day is not None else "" for day in (first_day, last_day))
    return ListUsageRequest(first_day=first, last_day=last)


def _mask(paths: Sequence[str]) -> FieldMask | None:
    if isinstance(paths, str):
        raise TypeError(f"a mask is a list of paths: [{paths!r}]")
    return FieldMask(paths=paths) if paths else None


def _article_key(key: Key) -> ArticleKey:
    project, page = key
    message = ArticleKey(project=project)
    _name_page(message, page)
    return message


def _name_page(message: ArticleKey | GetArticleRequest | GetStructuredContentsRequest, page: str | int) -> None:
    if isinstance(page, int):
        message.page_id = page
    else:
        message.title = page
