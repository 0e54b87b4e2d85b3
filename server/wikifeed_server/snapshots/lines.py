"""A stored article as a snapshot's line, or as what becomes its row."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import orjson
from google.protobuf.message import DecodeError, Message

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.revision_pb2 import Revision
from wikifeed_server.contract.fragments import STRUCTURED_CONTENTS, STRUCTURED_FIELDS
from wikifeed_server.contract.json import message_to_object
from wikifeed_server.errors import StoreCorruptError
from wikifeed_server.snapshots.spec import Content, Format
from wikifeed_server.store import LogEntry, Parts, StoredArticle

PARTS = {
    Content.JSON: Parts.HEAD | Parts.REDIRECTS | Parts.HTML | Parts.WIKITEXT,
    Content.WIKITEXT: Parts.HEAD | Parts.WIKITEXT,
    Content.HTML: Parts.HEAD | Parts.HTML,
    Content.STRUCTURED: Parts.HEAD | Parts.STRUCTURED,
}

_ALL = frozenset(Article.DESCRIPTOR.fields_by_name)
_IDENTITY = frozenset(
    {
        "name",
        "identifier",
        "date_modified",
        "url",
        "namespace",
        "in_language",
        "is_part_of",
        "license",
        "event",
    }
)
# What each content has, as paths over Article. Enterprise's article has no structured part: that is a feed of its own.
PATHS: Mapping[Content, frozenset[str]] = {
    Content.JSON: _ALL - STRUCTURED_FIELDS,
    Content.WIKITEXT: _IDENTITY | {"version.identifier", "article_body.wikitext"},
    Content.HTML: _IDENTITY | {"version.identifier", "article_body.html"},
    Content.STRUCTURED: frozenset(STRUCTURED_CONTENTS),
}
_CLEARED = {content: tuple(_ALL - {path.partition(".")[0] for path in paths}) for content, paths in PATHS.items()}
_NOT_IDENTITY_OF_VERSION = tuple(field.name for field in Revision.DESCRIPTOR.fields if field.name != "identifier")
_STRUCTURE = ("infoboxes", "sections", "references", "tables")


class Line(NamedTuple):
    """One line with its end; where the format is Parquet, the serialized article that becomes a row."""

    page_id: int
    data: bytes
    has_body: bool


class ChangeLine(NamedTuple):
    """A change of the log as a batch's line, with its end, and whose it is."""

    project: str
    namespace: int
    page_id: int
    data: bytes


def change_line(entry: LogEntry) -> ChangeLine:
    """The line of a change whose fragments are PARTS[Content.JSON]: the article as of the change, with its `event`.

    Of a deletion that is the page's identity; a redirect page has no body. Raises StoreCorruptError.
    """
    article = _article(entry.fragments, f"the change at offset {entry.offset}")
    _clear(article, _CLEARED[Content.JSON])
    data = orjson.dumps(message_to_object(article), option=orjson.OPT_APPEND_NEWLINE)
    return ChangeLine(article.is_part_of.identifier, article.namespace.identifier, article.identifier, data)


def article_line(stored: StoredArticle, content: Content, format_: Format) -> Line:
    """The line of an article whose fragments are PARTS[content].

    Raises StoreCorruptError when the fragments are not those of an article.
    """
    article = _article(stored.fragments, f"page {stored.page_id} ({stored.title!r}) as of offset {stored.offset}")
    _clear(article, _CLEARED[content])
    if "version.identifier" in PATHS[content] and article.HasField("version"):
        _clear(article.version, _NOT_IDENTITY_OF_VERSION)
    if format_ is Format.PARQUET:
        data = article.SerializeToString()
    else:
        data = orjson.dumps(message_to_object(article), option=orjson.OPT_APPEND_NEWLINE)
    return Line(stored.page_id, data, _has_body(article, content))


def _article(fragments: Sequence[bytes], what: str) -> Article:
    try:
        return Article.FromString(b"".join(fragments))
    except DecodeError as error:
        raise StoreCorruptError(f"{what} can't be read ({error}); import the page again from its source") from error


def _has_body(article: Article, content: Content) -> bool:
    """Whether the article has what the content is about."""
    if content is Content.STRUCTURED:
        return any(getattr(article, name) for name in _STRUCTURE)
    return article.HasField("article_body")


def _clear(message: Message, names: Iterable[str]) -> None:
    for name in names:
        message.ClearField(name)
