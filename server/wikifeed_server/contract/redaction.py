"""Takes out of an article what the public may not see of its revision.

Promise: what comes out holds nothing that tells of a hidden part, whoever filled it in, and `visibility` says what is
hidden. What was hidden before stays hidden, and taking the same out twice changes nothing. Where the text is hidden,
fields stay only by name: one that is added to the contract goes with the text until it is listed here.
"""

from collections.abc import Iterable
from enum import IntFlag

from google.protobuf.message import Message

from wikifeed.v1.article_pb2 import Article, Visibility
from wikifeed.v1.revision_pb2 import Revision


class Hidden(IntFlag):
    """The parts of a revision that the public may not see."""

    TEXT = 1
    EDITOR = 2
    COMMENT = 4


# What is known of a page and a revision from elsewhere than the text.
_BESIDE_THE_TEXT = frozenset(
    {
        "name",
        "identifier",
        "date_created",
        "date_modified",
        "date_previously_modified",
        "protection",
        "version",
        "previous_version",
        "url",
        "watchers_count",
        "namespace",
        "in_language",
        "main_entity",
        "redirects",
        "is_part_of",
        "license",
        "visibility",
        "event",
    }
)
_VERSION_BESIDE_THE_TEXT = frozenset(
    {"identifier", "comment", "tags", "is_minor_edit", "is_flagged_stable", "editor", "event"}
)
_OF_THE_TEXT = frozenset(Article.DESCRIPTOR.fields_by_name) - _BESIDE_THE_TEXT
_VERSION_OF_THE_TEXT = frozenset(Revision.DESCRIPTOR.fields_by_name) - _VERSION_BESIDE_THE_TEXT


def redact(article: bytes, hidden: Hidden) -> bytes:
    """A serialized (partial) Article without what is hidden. Raises DecodeError when it is none."""
    if not hidden:
        return article
    message = Article.FromString(article)
    # What a field that is unknown here tells is unknown as well.
    message.DiscardUnknownFields()
    if hidden & Hidden.TEXT:
        _clear(message, _OF_THE_TEXT)
    if message.HasField("version"):
        _clear(message.version, _version_fields(hidden))
    message.visibility.CopyFrom(_visibility(message, hidden))
    return message.SerializeToString()


def _version_fields(hidden: Hidden) -> set[str]:
    """The fields of Article.version that tell of what is hidden."""
    names: set[str] = set()
    if hidden & Hidden.TEXT:
        names |= _VERSION_OF_THE_TEXT
    if hidden & Hidden.EDITOR:
        names.add("editor")
    if hidden & Hidden.COMMENT:
        names.add("comment")
    return names


def _clear(message: Message, names: Iterable[str]) -> None:
    for name in names:
        message.ClearField(name)


def _visibility(article: Article, hidden: Hidden) -> Visibility:
    seen = article.visibility if article.HasField("visibility") else Visibility(text=True, editor=True, comment=True)
    return Visibility(
        text=seen.text and not hidden & Hidden.TEXT,
        editor=seen.editor and not hidden & Hidden.EDITOR,
        comment=seen.comment and not hidden & Hidden.COMMENT,
    )
