"""What a source tells, item by item, and what every source can do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from wikifeed_server.projects import ProjectInfo


@dataclass(frozen=True, slots=True)
class PageRevision:
    """One revision of a page, as a dump tells it.

    `position` is the revision's ordinal in its source, from 1. `redirect_target` is where the page leads as a redirect:
    a dump says so of the page, so it is set on the page's last revision in the dump alone, and empty where the dump
    does not say it. `timestamp` is in microseconds since 1970, UTC. `model` and `format` are empty in exports before
    0.8. What is not visible is empty.
    """

    position: int
    page_id: int
    title: str
    namespace: int
    redirect_target: str
    revision_id: int
    parent_id: int
    timestamp: int
    editor_id: int
    editor_name: str
    is_anonymous: bool
    is_minor: bool
    comment: str
    model: str
    format: str
    text: str
    text_visible: bool
    editor_visible: bool
    comment_visible: bool


@dataclass(frozen=True, slots=True)
class ArticleDocument:
    """One article as Enterprise's JSON, not yet parsed; it begins with "{".

    `position` is its ordinal in its source, from 1; `where` says for people where it stands: "x.ndjson line 12".
    """

    position: int
    where: str
    data: bytes


class Source(Protocol):
    """Something that tells of pages.

    `identity` names this very input for checkpoints: the same for a moved or touched file, another for other bytes or
    another project. `description` is for people.
    """

    @property
    def identity(self) -> str: ...

    @property
    def description(self) -> str: ...

    def project(self) -> ProjectInfo | None:
        """The project that the revisions belong to; None where every article names its own."""
        ...

    def read(self, skip: int = 0) -> Iterator[PageRevision | ArticleDocument]:
        """The items whose position is greater than `skip`, in order, in memory that does not grow with the source.

        Raises SourceTruncatedError, SourceCorruptError or SourceRefusedError where it can't go on; what came before
        is valid.
        """
        ...

    def progress(self) -> tuple[int, int]:
        """How many bytes of the file were read, and how many it has."""
        ...
