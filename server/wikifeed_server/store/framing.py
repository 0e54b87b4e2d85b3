"""How a commit turns an article's head into its log entry. The same for every engine.

Layout of a frame, all of it the `changes` field of a StreamChangesResponse:

    tag, length of Change | offset | event_type | date_published | what the builder knew
                          | tag, length of Article | event stamp | head

The head comes last and reaches to the end, so `frame[head_start:]` is the article's head fragment, and one copy of the
bytes serves both GetArticle and StreamChanges.
"""

import zlib
from typing import NamedTuple

from wikifeed_server.contract.wire import length_field, length_tag, varint, varint_field
from wikifeed_server.store import ArticleWrite, EventType

CHANGES_FIELD = 1  # StreamChangesResponse.changes
_OFFSET, _EVENT_TYPE, _DATE_PUBLISHED, ARTICLE_FIELD = 1, 2, 3, 6  # Change
_EVENT_FIELD = 23  # Article.event
_TYPE, _EVENT_DATE_PUBLISHED, _PARTITION, _EVENT_OFFSET = 2, 4, 5, 6  # Event
_CHANGES_TAG, _ARTICLE_TAG = length_tag(CHANGES_FIELD), length_tag(ARTICLE_FIELD)
PARTITIONS = 50
_EVENT_NAMES = {
    EventType.CREATE: b"create",
    EventType.UPDATE: b"update",
    EventType.DELETE: b"delete",
    EventType.VISIBILITY_CHANGE: b"visibility-change",
}


class Frame(NamedTuple):
    """A log entry's bytes, and where in them the article begins."""

    data: bytes
    head_start: int


def page_hash(project: str, page_id: int) -> int:
    """A fixed 32-bit hash of a page (CRC-32 of "project:page id"): decides shares and Enterprise's partitions."""
    return zlib.crc32(f"{project}:{page_id}".encode())


def make_frame(write: ArticleWrite, offset: int, event_type: EventType, published: int) -> Frame:
    """The log entry of `write` at `offset`. `published` is in microseconds since 1970."""
    time = _timestamp(published)
    stamp = length_field(
        _EVENT_FIELD,
        length_field(_TYPE, _EVENT_NAMES[event_type])
        + length_field(_EVENT_DATE_PUBLISHED, time)
        # partition and offset have presence: a partition of 0 is written.
        + varint(_PARTITION << 3)
        + varint(page_hash(write.project, write.page_id) % PARTITIONS)
        + varint_field(_EVENT_OFFSET, offset),
    )
    before = b"".join(
        (
            varint_field(_OFFSET, offset),
            varint_field(_EVENT_TYPE, event_type),
            length_field(_DATE_PUBLISHED, time),
            write.change,
            _ARTICLE_TAG,
            varint(len(stamp) + len(write.head)),
        )
    )
    prefix = _CHANGES_TAG + varint(len(before) + len(stamp) + len(write.head)) + before
    return Frame(b"".join((prefix, stamp, write.head)), len(prefix))


def change_without_article(frame: bytes, head_start: int) -> bytes:
    """The partial Change of a frame: everything before its article."""
    article_length = len(frame) - head_start
    end = head_start - len(_ARTICLE_TAG) - len(varint(article_length))
    start = len(_CHANGES_TAG)
    while frame[start] & 0x80:
        start += 1
    return frame[start + 1 : end]


def join_change(change: bytes, article: bytes) -> bytes:
    """A frame made of a partial Change and an article, the inverse of `change_without_article`."""
    before = b"".join((change, _ARTICLE_TAG, varint(len(article))))
    return b"".join((_CHANGES_TAG, varint(len(before) + len(article)), before, article))


def replace_article(frame: Frame, article: bytes) -> Frame:
    """The same log entry with another serialized article, event stamp included."""
    data = join_change(change_without_article(*frame), article)
    return Frame(data, len(data) - len(article))


def _timestamp(microseconds: int) -> bytes:
    """A serialized google.protobuf.Timestamp."""
    seconds, rest = divmod(microseconds, 1_000_000)
    return varint_field(1, seconds) + varint_field(2, rest * 1000)
