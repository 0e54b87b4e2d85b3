"""A stored article as a snapshot's line."""

from collections.abc import Iterable
from typing import NamedTuple

import orjson
from google.protobuf.message import DecodeError, Message

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.revision_pb2 import Revision
from wikifeed_server.contract.json import message_to_object
from wikifeed_server.errors import StoreCorruptError
from wikifeed_server.snapshots.spec import Content
from wikifeed_server.store import Parts, StoredArticle

# Enterprise's article has no structured part: that is a feed of its own there.
PARTS = {
    Content.JSON: Parts.HEAD | Parts.REDIRECTS | Parts.HTML | Parts.WIKITEXT,
    Content.WIKITEXT: Parts.HEAD | Parts.WIKITEXT,
    Content.HTML: Parts.HEAD | Parts.HTML,
}

_IDENTITY = frozenset(
    {
        "name",
        "identifier",
        "date_modified",
        "version",
        "url",
        "namespace",
        "in_language",
        "is_part_of",
        "article_body",
        "license",
        "event",
    }
)
_NOT_IDENTITY = tuple(field.name for field in Article.DESCRIPTOR.fields if field.name not in _IDENTITY)
_NOT_IDENTITY_OF_VERSION = tuple(field.name for field in Revision.DESCRIPTOR.fields if field.name != "identifier")


class Line(NamedTuple):
    """One line with its end."""

    page_id: int
    data: bytes
    has_body: bool


def article_line(stored: StoredArticle, content: Content) -> Line:
    """The line of an article whose fragments are PARTS[content].

    Raises StoreCorruptError when the fragments are not those of an article.
    """
    try:
        article = Article.FromString(b"".join(stored.fragments))
    except DecodeError as error:
        raise StoreCorruptError(
            f"page {stored.page_id} ({stored.title!r}) as of offset {stored.offset} can't be read ({error}); import "
            "the page again from its source"
        ) from error
    if content is not Content.JSON:
        _keep_identity(article)
    data = orjson.dumps(message_to_object(article), option=orjson.OPT_APPEND_NEWLINE)
    return Line(stored.page_id, data, article.HasField("article_body"))


def _keep_identity(article: Article) -> None:
    _clear(article, _NOT_IDENTITY)
    if article.HasField("version"):
        _clear(article.version, _NOT_IDENTITY_OF_VERSION)


def _clear(message: Message, names: Iterable[str]) -> None:
    for name in names:
        message.ClearField(name)
