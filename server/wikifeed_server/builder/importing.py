"""Brings a source into a store.

Promises:

1. Pages are stored in the source's order, and how far the source was read is committed with them. An import that is
   killed at any point and started again ends with the same store and no doubled change.
2. What was read before a source failed is committed before the failure is raised.
3. What the store has already is not built again.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import orjson

from wikifeed.v1.article_pb2 import Extraction
from wikifeed_server.builder.document import merged_project
from wikifeed_server.builder.messages import Built, SourcePage
from wikifeed_server.builder.pool import BuildLimits, BuildPool, BuiltBatch, PageBatch
from wikifeed_server.content import DEFAULT_VOCABULARY, Vocabulary
from wikifeed_server.errors import SourceCorruptError, SourceError
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources import ArticleDocument, Source
from wikifeed_server.store import ArticleWrite, Checkpoint, Writer

_KNOWN_PAGES = 20  # this many times faster is a page passed that the store has


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import.

    revisions: all that the source has, or each page's latest only. limits, vocabulary: the builder's. batch_pages,
    batch_bytes: what a worker gets at once; a tenth of a second's work, so that the handing over does not count and
    little is done again when one of the pages is hostile. commit_pages, commit_bytes: what is committed at once; a
    second's work, so that syncing does not count and a kill loses little.
    """

    revisions: Literal["all", "latest"] = "all"
    limits: BuildLimits = field(default_factory=BuildLimits)
    vocabulary: Vocabulary = DEFAULT_VOCABULARY
    batch_pages: int = 256
    batch_bytes: int = 512 << 10
    commit_pages: int = 500
    commit_bytes: int = 8 << 20


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """Counts since this import began, of what is committed.

    pages: revisions and documents read. written, known (the store had it), older (than the store has): what became of
    them. marked: pages kept raw, by the name of their Extraction's state. redirects: redirect pages among the written.
    text_bytes: how much text was built. bytes_read, bytes_total: how far the source is.
    """

    pages: int = 0
    written: int = 0
    known: int = 0
    older: int = 0
    redirects: int = 0
    marked: Mapping[str, int] = field(default_factory=dict)
    text_bytes: int = 0
    bytes_read: int = 0
    bytes_total: int = 0


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. `resumed_after`: the position that an earlier import had come to; `was_done`: it had
    come to the end, and nothing was to be done. Offsets are those of the first and last change appended, 0 for none."""

    source: str
    projects: tuple[str, ...]
    resumed_after: int
    was_done: bool
    first_offset: int
    last_offset: int
    counts: ImportProgress


def import_source(
    source: Source, writer: Writer, options: ImportOptions, report: Callable[[ImportProgress], None]
) -> ImportReport:
    """Read a source to its end into the store; `report` is told after every commit.

    Raises SourceError where the source can't be read on, and what the store raises; all before that is committed.
    """
    state = orjson.loads(writer.checkpoint(source.identity) or b"{}")
    position, was_done = state.get("position", 0), state.get("done", False)
    target = _Target(source, writer, position, options, report)
    project = target.add_project(source.project())
    if not was_done:
        with BuildPool(project, options.limits, options.vocabulary) as pool:
            pages = _Pages(source, position, only_latest=options.revisions == "latest")
            for built in pool.build(_batches(pages, project, writer, options)):
                target.add(built)
        target.finish(pages.failure)
    return ImportReport(
        source.identity,
        tuple(target.projects),
        position,
        was_done,
        target.first_offset,
        target.last_offset,
        target.progress(),
    )


class _Pages:
    """The pages of a source, each with the position up to which it stands for; keeps the failure that ended them."""

    def __init__(self, source: Source, skip: int, *, only_latest: bool) -> None:
        self._source = source
        self._skip = skip
        self._only_latest = only_latest
        self.failure: SourceError | OSError | None = None

    def __iter__(self) -> Iterator[tuple[SourcePage, int]]:
        latest: tuple[SourcePage, int] | None = None
        try:
            for page in self._source.read(self._skip):
                if not self._only_latest or isinstance(page, ArticleDocument):
                    yield page, page.position
                    continue
                kept = latest[0] if latest is not None else None
                if kept is None or isinstance(kept, ArticleDocument) or kept.page_id != page.page_id:
                    if latest is not None:
                        yield latest
                    latest = page, page.position
                else:
                    latest = max(kept, page, key=lambda item: (item.timestamp, item.revision_id)), page.position
        except (SourceError, OSError) as failure:
            # What follows of the page at hand is unknown, so which of its revisions is the latest is so, too.
            self.failure = failure
            return
        if latest is not None:
            yield latest


def _batches(
    pages: Iterable[tuple[SourcePage, int]], project: ProjectInfo | None, writer: Writer, options: ImportOptions
) -> Iterator[PageBatch]:
    """The pages in batches, without those that the store has."""
    held: list[SourcePage] = []
    size_bytes = last = 0
    for page, position in pages:
        size = _size_bytes(page)
        if held and (len(held) >= options.batch_pages or size_bytes + size > options.batch_bytes):
            yield _batch(held, last, project, writer)
            held, size_bytes = [], 0
        held.append(page)
        size_bytes += size
        last = position
    if held:
        yield _batch(held, last, project, writer)


def _batch(held: list[SourcePage], position: int, project: ProjectInfo | None, writer: Writer) -> PageBatch:
    unknown: list[SourcePage] = [page for page in held if isinstance(page, ArticleDocument)]
    revisions = [page for page in held if not isinstance(page, ArticleDocument)]
    if project is not None and revisions:
        known = writer.known(project.identifier, [(page.page_id, page.revision_id) for page in revisions])
        unknown += [page for page, is_known in zip(revisions, known, strict=True) if not is_known]
    return PageBatch(tuple(unknown), sum(map(_size_bytes, unknown)), position, len(held))


def _size_bytes(page: SourcePage) -> int:
    return len(page.data) if isinstance(page, ArticleDocument) else len(page.text)


class _Target:
    """The store as an import sees it: gathers what was built and commits it with the checkpoint, and counts."""

    def __init__(
        self,
        source: Source,
        writer: Writer,
        position: int,
        options: ImportOptions,
        report: Callable[[ImportProgress], None],
    ) -> None:
        self._source = source
        self._writer = writer
        self._options = options
        self._report = report
        self._position = position
        self._writes: list[ArticleWrite] = []
        self._gathered_bytes = self._pages_since_commit = 0
        self._marked: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self.projects: dict[str, ProjectInfo] = {}
        self.first_offset = 0
        self.last_offset = 0

    def add_project(self, told: ProjectInfo | None) -> ProjectInfo | None:
        """Store what a dump tells of its project; what is known beyond that. None where the source tells nothing."""
        if told is None:
            return None
        known = self._writer.project(told.identifier)
        return self._put_project(merged_project(told, known) if known is not None else told, known)

    def add(self, built: BuiltBatch) -> None:
        """Take a batch in; commit when enough has come together. Raises the error of a document that is no article."""
        self._counts["pages"] += built.batch.pages_read
        self._pages_since_commit += built.batch.pages_read
        self._counts["known"] += built.batch.pages_read - len(built.batch.pages)
        for page, result in zip(built.batch.pages, built.results, strict=True):
            if isinstance(result, SourceCorruptError):
                self.finish(result)
            else:
                self._add_page(result)
            self._position = max(self._position, page.position)
        self._position = built.batch.position
        if self._is_enough():
            self._commit(is_done=False)

    def finish(self, failure: SourceError | OSError | None) -> None:
        """Commit the rest; raise what ended the source too early."""
        self._commit(is_done=failure is None)
        if failure is not None:
            raise failure

    def progress(self) -> ImportProgress:
        """The counts at this moment."""
        read, total = self._source.progress()
        return ImportProgress(**self._counts, marked=dict(self._marked), bytes_read=read, bytes_total=total)

    def _is_enough(self) -> bool:
        """Whether to commit: there is much to store, or many pages that the store had were passed."""
        options = self._options
        return (
            len(self._writes) + options.batch_pages > options.commit_pages
            or self._gathered_bytes >= options.commit_bytes
            or self._pages_since_commit >= _KNOWN_PAGES * options.commit_pages
        )

    def _add_page(self, built: Built) -> None:
        if built.project is not None:
            identifier = built.project.identifier
            known = self.projects.get(identifier) or self._writer.project(identifier)
            self._put_project(merged_project(known, built.project), known)
        if built.state:
            self._marked[Extraction.State.Name(built.state)] += 1
        write = built.write
        self._writes.append(write)
        self._counts["redirects"] += bool(write.redirect_target)
        text_bytes = len(write.body_wikitext) + len(write.body_html)
        self._counts["text_bytes"] += text_bytes
        self._gathered_bytes += text_bytes + len(write.head) + len(write.structured)

    def _put_project(self, project: ProjectInfo, known: ProjectInfo | None) -> ProjectInfo:
        if project != known:
            self._writer.put_project(project)
        self.projects[project.identifier] = project
        return project

    def _commit(self, *, is_done: bool) -> None:
        state = orjson.dumps({"position": self._position, "done": is_done})
        result = self._writer.put(self._writes, Checkpoint(self._source.identity, state))
        self._counts.update(written=result.written, known=result.known, older=result.older)
        self.first_offset = self.first_offset or result.first_offset
        self.last_offset = result.last_offset or self.last_offset
        self._writes = []
        self._gathered_bytes = self._pages_since_commit = 0
        self._report(self.progress())
