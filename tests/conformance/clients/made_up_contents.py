"""What the misbehaving server has: a log, articles and hourly batches, the same each time."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from google.protobuf.message import Message
from made_up_status import CallEndedError

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.batch_pb2 import Batch
from wikifeed.v1.change_pb2 import EVENT_TYPE_DELETE, EVENT_TYPE_UPDATE, Change

PAGES = 5
# A batch's file has the contents of the chunk of that number.
BATCH_NUMBER = 7
_HOUR_SECONDS = 3600
_TALK = 1
# The moment before the first change; each offset is a second.
_EPOCH = 1_767_225_600
# What a later contract has: field 9001, a number, and field 9002, a text.
_UNKNOWN_FIELDS = b"\xc8\xb2\x04\x07" + b"\xd2\xb2\x04\x05later"
_UNKNOWN_EVENT = 99
_MADE_NEWER = frozenset({"wikifeed.v1.Article", "wikifeed.v1.Change", "wikifeed.v1.ArticleOutcome"})


def article(page_id: int, project: str = "enwiki", body_bytes: int = 0) -> Article:
    """The article of a page id."""
    made = Article(name=f"Page {page_id}", identifier=page_id, abstract=f"What page {page_id} is about.")
    made.is_part_of.identifier = project
    made.article_body.wikitext = "x" * body_bytes
    return made


def change(offset: int, what: str = "") -> Change:
    """The change at an offset: an update, unless it is what takes an article away from its namespace."""
    made = Change(offset=offset, event_type=EVENT_TYPE_UPDATE, article=article((offset - 1) % PAGES + 1))
    made.date_published.seconds = _EPOCH + offset
    match what:
        case "delete":
            made.event_type = EVENT_TYPE_DELETE
        case "move":
            made.article.namespace.identifier = _TALK
        case "redirect":
            made.redirect_target = "Page 1"
    return made


def make_newer(message: Message) -> None:
    """Turn a message into one of a later version of the contract: with fields and values that clients do not know."""
    message.MergeFromString(_UNKNOWN_FIELDS)
    for field, value in message.ListFields():
        if field.message_type is not None and field.message_type.full_name in _MADE_NEWER:
            for each in value if field.is_repeated else (value,):
                make_newer(each)
    if isinstance(message, Change):
        message.event_type = _UNKNOWN_EVENT


def offset_before(seconds: int) -> int:
    """The last offset that was published before a moment, in seconds of the Unix epoch."""
    return max(0, seconds - _EPOCH - 1)


def chunk_bytes(number: int, size: int) -> bytes:
    """The contents of a chunk's file. No two pieces of it are alike."""
    block = 32
    blocks = -(-size // block)
    return b"".join(hashlib.sha256(f"{number} {at}".encode()).digest() for at in range(blocks))[:size]


def batches(words: Mapping[str, Any]) -> Iterator[Batch]:
    """The batches of a scenario, the newest hour first, by identifier within each."""
    for hour in words["hours"]:
        for project in sorted(words["projects"]):
            made = Batch(
                identifier=f"{project}_namespace_0",
                size_bytes=words["bytes"],
                sha256=hashlib.sha256(chunk_bytes(BATCH_NUMBER, words["bytes"])).hexdigest(),
                file_name=f"{project}_namespace_0.tar.gz",
            )
            made.is_part_of.identifier = project
            made.hour.FromDatetime(datetime.fromisoformat(hour))
            yield made


def first_second(moment: int) -> int:
    """The beginning of the hour that a moment is in, both in seconds of the Unix epoch."""
    return moment - moment % _HOUR_SECONDS


def find_batch(words: Mapping[str, Any], moment: int, identifier: str) -> Batch:
    """The batch of the hour that a moment is in. Raises CallEndedError where the server has none."""
    for batch in batches(words["batches"]):
        if (batch.hour.seconds, batch.identifier) == (first_second(moment), identifier):
            return batch
    raise CallEndedError({"code": "NOT_FOUND", "reason": "BATCH_NOT_FOUND"})
