"""Parses MediaWiki's XML export as it comes in.

Promises:

1. Memory holds two revisions at most, however many a page has, besides those that nobody has taken yet.
2. A document type, and so any entity that expands, is refused.
3. However the bytes are cut into pieces, the same revisions come out.

Of a revision in several slots the main one is read: it is the one that stands in the revision itself.
"""

from xml.parsers import expat

from wikifeed_server.errors import SourceCorruptError, SourceRefusedError, SourceTruncatedError
from wikifeed_server.projects import NamespaceInfo, ProjectInfo
from wikifeed_server.sources import elements
from wikifeed_server.sources.elements import Fields
from wikifeed_server.sources.faults import UnreadableError
from wikifeed_server.sources.items import PageRevision
from wikifeed_server.sources.limits import SourceLimits
from wikifeed_server.sources.siteinfo import SiteInfo
from wikifeed_server.sources.wikimedia import namespace_info

_DEEPEST = 64
_BUFFERED_TEXT_BYTES = 256 << 10
_TAKE_PAGES = "of a wiki's dumps take one with pages-articles or pages-meta-history in its name"


class ExportParser:
    """Takes an export's bytes and gives its revisions.

    `pages` counts the pages that were read whole, `last_title` is the title of the last of them. Without a project no
    revisions are made: only the site is of interest.
    """

    def __init__(self, encoding: str | None, project: ProjectInfo | None, limits: SourceLimits) -> None:
        """`encoding` is that of the bytes; None when expat is to find it out."""
        self.is_site_read = False
        self.pages = 0
        self.last_title = ""
        self._project = project
        self._limits = limits
        self._fed_bytes = 0
        self._open: list[str] = []
        self._parts: list[str] | None = None
        self._parts_bytes = 0
        self._site: Fields = {}
        self._language = ""
        self._namespaces: list[NamespaceInfo] = []
        self._namespace: Fields = {}
        self._page: Fields = {}
        self._revision: Fields = {}
        self._hidden: set[str] = set()
        self._is_stub = False
        self._held: tuple[Fields, set[str]] | None = None
        self._made = 0
        self._done: list[PageRevision] = []
        self._starts = {
            elements.PAGE: self._start_page,
            elements.REDIRECT: self._start_redirect,
            elements.REVISION: self._start_revision,
            elements.MINOR: self._start_minor,
            elements.CONTRIBUTOR: self._start_hideable,
            elements.COMMENT: self._start_hideable,
            elements.TEXT: self._start_text,
            elements.NAMESPACE: self._start_namespace,
            elements.LOG_ITEM: self._refuse_log,
        }
        self._ends = {
            elements.SITE: self._end_site,
            elements.PAGE: self._end_page,
            elements.REVISION: self._end_revision,
        }
        self._parser = expat.ParserCreate(encoding)
        self._parser.buffer_text = True
        self._parser.buffer_size = _BUFFERED_TEXT_BYTES
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = _refuse_doctype

    @property
    def site(self) -> SiteInfo:
        """What the export says of its wiki: complete once `is_site_read`."""
        return SiteInfo(
            language=self._language,
            name=self._site.get(elements.SITE_NAME, ""),
            database=self._site.get(elements.DATABASE, ""),
            base=self._site.get(elements.BASE, ""),
            case=self._site.get(elements.CASE, ""),
            namespaces=tuple(self._namespaces),
        )

    def feed(self, piece: bytes) -> None:
        """Take the next bytes. Raises UnreadableError; revisions that came before the fault can be taken still."""
        try:
            self._parser.Parse(piece, False)
        except expat.ExpatError as error:
            problem = f"the XML is malformed in line {error.lineno:,} ({expat.ErrorString(error.code)})"
            raise UnreadableError(SourceCorruptError, problem) from error
        # The parser holds what it has not made sense of yet, and looks it over with each piece.
        self._fed_bytes += len(piece)
        if self._fed_bytes - self._parser.CurrentByteIndex > self._limits.tag_bytes + len(piece):
            raise UnreadableError(
                SourceRefusedError,
                f"a tag or comment in {self._place()} has more than {self._limits.tag_bytes:,} bytes",
            )

    def close(self) -> None:
        """Say that there are no more bytes. Raises UnreadableError when the export is not at its end."""
        try:
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            problem = f"the XML ends before its end, in {self._place()}, so the file is cut short"
            raise UnreadableError(SourceTruncatedError, problem) from error

    def take(self) -> list[PageRevision]:
        """The revisions that are complete, each once."""
        done, self._done = self._done, []
        return done

    def _start(self, name: str, attributes: Fields) -> None:
        if not self._open:
            self._start_root(name, attributes)
            return
        path = elements.CHILDREN[self._open[-1]].get(name, elements.ELSEWHERE)
        self._open.append(path)
        if len(self._open) > _DEEPEST:
            raise UnreadableError(
                SourceRefusedError, f"elements in {self._place()} are nested more than {_DEEPEST} deep"
            )
        if path in elements.FIELDS:
            self._parts, self._parts_bytes = [], 0
        if start := self._starts.get(path):
            start(path, attributes)

    def _end(self, name: str) -> None:
        path = self._open.pop()
        if path in elements.FIELDS:
            self._set(path, "".join(self._parts or ()))
            self._parts = None
        elif end := self._ends.get(path):
            end()

    def _characters(self, data: str) -> None:
        if self._parts is None:
            return
        self._parts.append(data)
        self._parts_bytes += len(data) if data.isascii() else len(data.encode())
        if self._parts_bytes > self._limits.text_bytes:
            field = self._open[-1].rpartition("/")[2]
            raise UnreadableError(
                SourceRefusedError,
                f"the {field} in {self._place()} has more than {self._limits.text_bytes:,} bytes, the most that is "
                "taken",
            )

    def _set(self, path: str, text: str) -> None:
        if path in elements.REVISION_FIELDS:
            self._revision[path] = text
        elif path in elements.PAGE_FIELDS:
            self._page[path] = text
        elif path == elements.NAMESPACE:
            key = elements.number(self._namespace.get("key", ""), "key of a namespace")
            case = self._namespace.get("case", "") or self._site.get(elements.CASE, "")
            self._namespaces.append(namespace_info(key, text.strip(), case))
        else:
            self._site[path] = text.strip()

    def _start_root(self, name: str, attributes: Fields) -> None:
        if name != elements.ROOT:
            raise UnreadableError(
                SourceRefusedError,
                f"this is XML, but no MediaWiki export: its root is <{name[:64]}> and not <{elements.ROOT}>; "
                + _TAKE_PAGES,
            )
        version = attributes.get("version", "")
        if version and version not in elements.VERSIONS:
            raise UnreadableError(
                SourceRefusedError,
                f"this is a MediaWiki export of version {version[:16]}; versions {elements.VERSIONS[0]} to "
                f"{elements.VERSIONS[-1]} are read",
            )
        self._language = attributes.get("xml:lang", "")
        self._open.append(elements.ROOT)

    def _start_namespace(self, path: str, attributes: Fields) -> None:
        self._namespace = attributes

    def _end_site(self) -> None:
        self.is_site_read = True

    def _start_page(self, path: str, attributes: Fields) -> None:
        self.is_site_read = True
        self._page = {}

    def _start_redirect(self, path: str, attributes: Fields) -> None:
        self._page[path] = attributes.get("title", "")

    def _end_page(self) -> None:
        self._finish_held(self._page.get(elements.REDIRECT, ""))
        self.pages += 1
        self.last_title = self._page.get(elements.TITLE, "")

    def _start_revision(self, path: str, attributes: Fields) -> None:
        # The one held is not the page's last, and a page may have become a redirect only later.
        self._finish_held("")
        self._revision = {}
        self._hidden = set()
        self._is_stub = False

    def _end_revision(self) -> None:
        if self._is_stub and not self._revision.get(elements.TEXT):
            raise UnreadableError(SourceRefusedError, f"this is a stub dump, which has no texts; {_TAKE_PAGES}")
        self._held = self._revision, self._hidden

    def _start_minor(self, path: str, attributes: Fields) -> None:
        self._revision[path] = ""

    def _start_hideable(self, path: str, attributes: Fields) -> None:
        if "deleted" in attributes:
            self._hidden.add(path)

    def _start_text(self, path: str, attributes: Fields) -> None:
        self._start_hideable(path, attributes)
        # Dumps without texts say where the texts are in the wiki's database.
        self._is_stub = ("id" in attributes or "location" in attributes) and attributes.get("bytes", "1") != "0"

    def _refuse_log(self, path: str, attributes: Fields) -> None:
        raise UnreadableError(SourceRefusedError, f"this dump holds log entries and no pages; {_TAKE_PAGES}")

    def _finish_held(self, redirect_target: str) -> None:
        held, self._held = self._held, None
        if held is None or self._project is None:
            return
        self._made += 1
        self._done.append(elements.revision_of(self._made, self._page, *held, redirect_target, self._project))

    def _place(self) -> str:
        line = f"line {self._parser.CurrentLineNumber:,}"
        title = self._page.get(elements.TITLE, "")
        return f"page {title[:256]!r}, {line}" if elements.PAGE in self._open and title else line


def _refuse_doctype(name: str, system: str | None, public: str | None, has_internal_subset: bool) -> None:
    if name.lower() == "html":
        problem = "this is an HTML page, perhaps one on which a server says what went wrong; look into it"
    else:
        problem = "the XML declares a document type; MediaWiki's exports have none, and none is taken"
    raise UnreadableError(SourceRefusedError, problem)
