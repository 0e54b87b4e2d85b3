"""A MediaWiki dump as a source."""

from collections.abc import Iterator
from contextlib import closing

from wikifeed_server.errors import SourceError
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources.charsets import foreign_encoding, transcoded
from wikifeed_server.sources.export import ExportParser
from wikifeed_server.sources.faults import UnreadableError, explain
from wikifeed_server.sources.items import PageRevision
from wikifeed_server.sources.limits import SourceLimits
from wikifeed_server.sources.raw import Pieces, RawFile
from wikifeed_server.sources.siteinfo import SiteInfo, project_of
from wikifeed_server.sources.unpacking import unpack


class DumpSource:
    """The revisions of a dump's pages, in the dump's order."""

    def __init__(self, raw: RawFile, head: bytes, asked_project: str, limits: SourceLimits) -> None:
        """`head` is how the dump begins, unpacked.

        Raises SourceError when its beginning can't be read, or nothing says which project it is of.
        """
        self._raw = raw
        self._limits = limits
        self._encoding = self._encoding_of(head)
        self._project = project_of(self._read_site(), asked_project, raw.path.name)
        self.identity = f"{self._project.identifier} {raw.identity}"
        self.description = f"{raw.path}, a MediaWiki dump of {self._project.identifier}"

    def project(self) -> ProjectInfo:
        """The project that the dump is of."""
        return self._project

    def progress(self) -> tuple[int, int]:
        """How many bytes of the file were read, and how many it has."""
        return self._raw.position, self._raw.size

    def read(self, skip: int = 0) -> Iterator[PageRevision]:
        """The revisions whose position is greater than `skip`. Otherwise as Source says."""
        parser = self._parser(self._project)
        with closing(self._xml()) as xml:
            try:
                for piece in xml:
                    parser.feed(piece)
                    yield from _after(skip, parser.take())
                parser.close()
            except UnreadableError as fault:
                yield from _after(skip, parser.take())
                raise self._explain(fault, parser) from fault

    def _read_site(self) -> SiteInfo:
        parser = self._parser(None)
        with closing(self._xml()) as xml:
            try:
                for piece in xml:
                    parser.feed(piece)
                    if parser.is_site_read:
                        break
                else:
                    parser.close()
            except UnreadableError as fault:
                # What is wrong further on is told when it is read: what stands before can be taken in.
                if not parser.is_site_read:
                    raise self._explain(fault, parser) from fault
        self._raw.position = 0
        return parser.site

    def _parser(self, project: ProjectInfo | None) -> ExportParser:
        return ExportParser("utf-8" if self._encoding else None, project, self._limits)

    def _xml(self) -> Pieces:
        pieces = unpack(self._raw, self._limits)
        return transcoded(pieces, self._encoding) if self._encoding else pieces

    def _encoding_of(self, head: bytes) -> str | None:
        try:
            return foreign_encoding(head)
        except UnreadableError as fault:
            raise explain(fault, str(self._raw.path), *self.progress(), "no page was read") from fault

    def _explain(self, fault: UnreadableError, parser: ExportParser) -> SourceError:
        read_well = f"{parser.pages:,} pages were read well, the last {parser.last_title!r}" if parser.pages else ""
        return explain(fault, str(self._raw.path), *self.progress(), read_well or "no page was read")


def _after(skip: int, revisions: list[PageRevision]) -> Iterator[PageRevision]:
    return (revision for revision in revisions if revision.position > skip)
