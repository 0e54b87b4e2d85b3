"""The elements of MediaWiki's XML export that are read, each by its path, and what follows from their texts.

The schema: https://www.mediawiki.org/xml/export-0.11.xsd, and its forerunners from 0.1.
"""

from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, timedelta

from wikifeed_server.errors import SourceCorruptError
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources.faults import UnreadableError
from wikifeed_server.sources.items import PageRevision

VERSIONS = tuple(f"0.{minor}" for minor in range(1, 12))

ROOT = "mediawiki"
SITE = "mediawiki/siteinfo"
SITE_NAME, DATABASE, BASE, CASE = (f"{SITE}/{name}" for name in ("sitename", "dbname", "base", "case"))
NAMESPACES = f"{SITE}/namespaces"
NAMESPACE = f"{NAMESPACES}/namespace"
LOG_ITEM = "mediawiki/logitem"
PAGE = "mediawiki/page"
TITLE, NS, PAGE_ID, REDIRECT = (f"{PAGE}/{name}" for name in ("title", "ns", "id", "redirect"))
REVISION = f"{PAGE}/revision"
REVISION_ID, PARENT_ID, TIMESTAMP, MINOR, COMMENT, MODEL, FORMAT, TEXT, CONTRIBUTOR = (
    f"{REVISION}/{name}"
    for name in ("id", "parentid", "timestamp", "minor", "comment", "model", "format", "text", "contributor")
)
USER_NAME, USER_ID, IP = (f"{CONTRIBUTOR}/{name}" for name in ("username", "id", "ip"))

# Elements whose text is kept.
SITE_FIELDS = frozenset({SITE_NAME, DATABASE, BASE, CASE, NAMESPACE})
PAGE_FIELDS = frozenset({TITLE, NS, PAGE_ID})
REVISION_FIELDS = frozenset({REVISION_ID, PARENT_ID, TIMESTAMP, COMMENT, MODEL, FORMAT, TEXT, USER_NAME, USER_ID, IP})
FIELDS = SITE_FIELDS | PAGE_FIELDS | REVISION_FIELDS
# An element of any other name: it and all below it is passed over.
ELSEWHERE = ""

_LARGEST_ID = 2**63 - 1
_LONGEST_NUMBER = len(str(-_LARGEST_ID))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Fields = dict[str, str]


def _children() -> dict[str, dict[str, str]]:
    paths = FIELDS | {SITE, NAMESPACES, LOG_ITEM, PAGE, REDIRECT, REVISION, MINOR, CONTRIBUTOR}
    children: dict[str, dict[str, str]] = {path: {} for path in (*paths, ROOT, ELSEWHERE)}
    for path in paths:
        parent, _, name = path.rpartition("/")
        children[parent][name] = path
    return children


# For the path of an element, the paths of its children by their names.
CHILDREN = _children()


def revision_of(
    position: int,
    page: Fields,
    revision: Fields,
    hidden: AbstractSet[str],
    redirect_target: str,
    project: ProjectInfo,
) -> PageRevision:
    """A revision from the texts of its elements and its page's. `hidden` are elements marked as deleted.

    Raises UnreadableError where a text is not what it must be.
    """
    title = page.get(TITLE, "").strip()
    if not title:
        raise UnreadableError(SourceCorruptError, "a page has no title")
    namespace = page.get(NS, "").strip()
    return PageRevision(
        position=position,
        page_id=number(page.get(PAGE_ID, ""), f"id of page {title!r}", least=1),
        title=title,
        namespace=number(namespace, f"ns of page {title!r}") if namespace else project.split_title(title)[0].identifier,
        redirect_target=redirect_target,
        revision_id=number(revision.get(REVISION_ID, ""), f"id of a revision of page {title!r}", least=1),
        parent_id=number(revision.get(PARENT_ID) or "0", f"parentid of a revision of page {title!r}", least=0),
        timestamp=_microseconds(revision.get(TIMESTAMP, ""), title),
        editor_id=number(revision.get(USER_ID) or "0", f"contributor's id of a revision of page {title!r}", least=0),
        editor_name=revision.get(USER_NAME) or revision.get(IP, ""),
        is_anonymous=IP in revision and USER_NAME not in revision,
        is_minor=MINOR in revision,
        comment=revision.get(COMMENT, ""),
        model=revision.get(MODEL, "").strip(),
        format=revision.get(FORMAT, "").strip(),
        text=revision.get(TEXT, ""),
        text_visible=TEXT not in hidden,
        editor_visible=CONTRIBUTOR not in hidden,
        comment_visible=COMMENT not in hidden,
    )


def number(text: str, field: str, least: int = -_LARGEST_ID) -> int:
    """The number that `text` is, of 64 bits. Raises UnreadableError, naming the `field`, where it is none."""
    digits = text.strip()
    if len(digits) <= _LONGEST_NUMBER and digits.isascii() and digits.removeprefix("-").isdecimal():
        value = int(digits)
        if least <= value <= _LARGEST_ID:
            return value
    raise UnreadableError(SourceCorruptError, f"the {field} is {text[:64]!r}, which none can be")


def _microseconds(text: str, title: str) -> int:
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UnreadableError(
            SourceCorruptError, f"the timestamp of a revision of page {title!r} is {text[:64]!r}, which is no time"
        ) from None
    return ((time if time.tzinfo else time.replace(tzinfo=UTC)) - _EPOCH) // _MICROSECOND
