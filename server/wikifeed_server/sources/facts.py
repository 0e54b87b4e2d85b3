"""What is known of a page and of one of its revisions beyond the event that told of it."""

from dataclasses import dataclass, field
from typing import NamedTuple


class EditorFacts(NamedTuple):
    """Who made a revision. `registered` is in microseconds since 1970; None and 0 mean unknown."""

    identifier: int = 0
    name: str = ""
    is_anonymous: bool = False
    edit_count: int | None = None
    groups: tuple[str, ...] = ()
    registered: int = 0


class Restriction(NamedTuple):
    """A protection in force: "edit", "sysop", and "infinity" or an RFC 3339 time."""

    type: str
    level: str
    expiry: str


class EntityUse(NamedTuple):
    """A Wikidata entity that a page uses, and which parts of it ("C.P31", "L.en", "S")."""

    identifier: str
    aspects: tuple[str, ...]


class PageImage(NamedTuple):
    """A page's main image: its address and its size in pixels (0 where unknown)."""

    url: str
    width: int
    height: int


class PastRevision(NamedTuple):
    """A revision before the one at hand: its SHA-1 (hex, empty where hidden), time, and who made it."""

    revision_id: int
    sha1: str
    timestamp: int
    editor_name: str


class FirstHour(NamedTuple):
    """What was edited in the hour after a page was created."""

    edits: int
    editors: int


class Scores(NamedTuple):
    """Judgements of machine-learned models, each 0 to 1; None where there is none."""

    revert_risk: float | None = None
    reverted: bool | None = None
    reference_need: float | None = None
    reference_risk: float | None = None


_NOBODY = EditorFacts()


@dataclass(frozen=True, slots=True)
class RevisionFacts:
    """One revision as the wiki tells it. What is hidden is empty. Times in microseconds since 1970, UTC."""

    revision_id: int
    parent_id: int
    timestamp: int
    editor: EditorFacts = _NOBODY
    comment: str = ""
    is_minor: bool = False
    is_stable: bool = False
    tags: tuple[str, ...] = ()
    sha1: str = ""
    size_bytes: int = 0
    model: str = ""
    text: str = ""
    text_visible: bool = True
    editor_visible: bool = True
    comment_visible: bool = True


@dataclass(frozen=True, slots=True)
class PageFacts:
    """A page with one revision of it. Page-level facts are those of the moment of asking.

    `revision` is None where the wiki has no such revision (any more). `html` is what Parsoid made of it, empty where
    there is none. `is_latest`: the revision is the page's newest. `properties` are the page's own ("wikibase_item",
    "noindex"). `templates` are the titles of all that the page transcludes, None where not asked or overtaken.
    `history` are up to 15 revisions before this one, newest first. `parent_text` is None where unknown. `created` and
    `moved_into_main` (the last move from another namespace) are microseconds since 1970, 0 where unknown.
    """

    page_id: int
    namespace: int
    title: str
    revision: RevisionFacts | None = None
    html: str = ""
    is_latest: bool = True
    protection: tuple[Restriction, ...] = ()
    watchers: int | None = None
    properties: dict[str, str] = field(default_factory=dict)
    entities: tuple[EntityUse, ...] = ()
    templates: tuple[str, ...] | None = None
    image: PageImage | None = None
    created: int = 0
    moved_into_main: int = 0
    history: tuple[PastRevision, ...] = ()
    first_hour: FirstHour | None = None
    parent_text: str | None = None
    parent_timestamp: int = 0
    scores: Scores | None = None
