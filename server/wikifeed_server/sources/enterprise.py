"""Files of Wikimedia Enterprise's articles as a source: one a line, such files in a tar archive, or one alone."""

from collections.abc import Iterator
from contextlib import closing

from wikifeed_server.errors import SourceError
from wikifeed_server.sources.documents import Document, documents
from wikifeed_server.sources.faults import UnreadableError, explain
from wikifeed_server.sources.items import ArticleDocument
from wikifeed_server.sources.limits import SourceLimits
from wikifeed_server.sources.raw import RawFile
from wikifeed_server.sources.tar import json_members
from wikifeed_server.sources.unpacking import unpack


class EnterpriseSource:
    """The articles in a file, in the file's order. Each names its own project."""

    def __init__(self, raw: RawFile, is_tar: bool, limits: SourceLimits) -> None:
        self._raw = raw
        self._is_tar = is_tar
        self._limits = limits
        self.identity = raw.identity
        self.description = f"{raw.path}, articles as Wikimedia Enterprise writes them"

    def project(self) -> None:
        """None: every article names its own."""
        return

    def progress(self) -> tuple[int, int]:
        """How many bytes of the file were read, and how many it has."""
        return self._raw.position, self._raw.size

    def read(self, skip: int = 0) -> Iterator[ArticleDocument]:
        """The articles whose position is greater than `skip`. Otherwise as Source says."""
        position = 0
        with closing(unpack(self._raw, self._limits)) as pieces:
            try:
                for document in self._documents(pieces):
                    position += 1
                    if position > skip:
                        yield ArticleDocument(position, document.where, document.data)
            except UnreadableError as fault:
                raise self._explain(fault, position) from fault

    def _documents(self, pieces: Iterator[bytes]) -> Iterator[Document]:
        name = self._raw.path.name
        if not self._is_tar:
            yield from documents(pieces, name, self._limits)
            return
        for member, content in json_members(pieces):
            yield from documents(content, f"{name} member {member}", self._limits)
        # Packed data carry their checks at their end, behind the end of the archive.
        for _ in pieces:
            pass

    def _explain(self, fault: UnreadableError, read: int) -> SourceError:
        read_well = f"{read:,} articles were read well" if read else "no article was read"
        return explain(fault, str(self._raw.path), *self.progress(), read_well)
