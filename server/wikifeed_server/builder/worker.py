"""The process that understands pages: reads batches from its input, writes what it made of them to its output.

Promises:

1. No page takes longer than the bound on CPU time: the kernel ends the process (SIGPROF), in whatever library it is.
2. No page takes more memory than the bound on top of what the process had: allocations fail.
3. It ends with its parent: at the end of its input or when nobody reads its output. It ignores SIGINT.

Who asked learns from the process's end which of the bounds was met, and asks again page by page.
"""

import gc
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from wikifeed.v1.article_pb2 import Extraction
from wikifeed_server.builder.article import build_revision, mark_revision
from wikifeed_server.builder.bounds import bound_memory, memory_bytes
from wikifeed_server.builder.document import build_document, mark_document
from wikifeed_server.builder.live import LivePage, build_live, mark_live
from wikifeed_server.builder.messages import OUT_OF_MEMORY, Built, Page, Reply, Request, WorkerSetup, receive, send
from wikifeed_server.builder.signals.word_lists import NO_WORD_LISTS, WordLists, read_word_lists
from wikifeed_server.content import ContentError
from wikifeed_server.errors import ConfigError, SourceCorruptError
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources import ArticleDocument


def main() -> None:
    """Serve the parent until it ends, or until this process has grown too large."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests = sys.stdin.buffer
    # What a library prints must not come between the replies.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        setup: WorkerSetup = receive(requests)
        # Trees and messages have no cycles, so there is nothing for the collector to find while a page is read.
        gc.freeze()
        gc.disable()
        builder = _Builder(setup)
        retires = False
        while not retires:
            request: Request = receive(requests)
            builder.learn(request.projects)
            results = [builder.build(page, request) for page in request.pages]
            gc.collect()
            retires = memory_bytes()[1] > setup.resident_bytes
            send(replies, Reply(results, retires))
    except (EOFError, BrokenPipeError):
        pass
    except MemoryError:
        # Nothing more can be done here, not even to say so. The parent asks again, page by page.
        os._exit(OUT_OF_MEMORY)


class _Builder:
    """What this process knows beside the pages: its setup, and the projects and word lists of live pages."""

    def __init__(self, setup: WorkerSetup) -> None:
        self._setup = setup
        self._projects: dict[str, ProjectInfo] = {}
        self._word_lists: dict[str, WordLists] = {}

    def learn(self, projects: Sequence[ProjectInfo]) -> None:
        """Take in what live pages will name by its identifier alone."""
        folder = self._setup.word_lists
        for project in projects:
            self._projects[project.identifier] = project
            if folder is not None and project.language not in self._word_lists:
                # They were checked when the pool began; where one is gone since, its fields stay unset.
                with suppress(ConfigError):
                    self._word_lists[project.language] = read_word_lists(folder, project.language)

    def build(self, page: Page, request: Request) -> Built | SourceCorruptError:
        """What becomes of one page, within its bounds."""
        bound_memory(self._setup.page_memory_bytes)
        signal.setitimer(signal.ITIMER_PROF, self._setup.page_seconds)
        try:
            if not request.understands:
                return self._mark(page, request.state, request.detail)
            try:
                return self._understand(page)
            except MemoryError:
                detail = f"took more than {self._setup.page_memory_bytes:,} bytes of memory"
                state: Extraction.State.ValueType = Extraction.STATE_MEMORY_EXCEEDED
            except ContentError as error:
                detail = str(error)
                state = Extraction.STATE_FAILED
            return self._mark(page, state, detail)
        except SourceCorruptError as error:
            return error
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)

    def _understand(self, page: Page) -> Built:
        vocabulary = self._setup.vocabulary
        project = None
        if isinstance(page, ArticleDocument):
            write, project = build_document(page, vocabulary)
        elif isinstance(page, LivePage):
            page = self._complete(page)
            lists = self._word_lists.get(page.project.language, NO_WORD_LISTS)
            write = build_live(page, vocabulary, self._setup.news, lists)
        else:
            write = build_revision(page, self._project(), vocabulary)
        return Built(write, project, Extraction.STATE_UNSPECIFIED)

    def _mark(self, page: Page, state: "Extraction.State.ValueType", detail: str) -> Built:
        project = None
        if isinstance(page, ArticleDocument):
            write, project = mark_document(page, state, detail)
        elif isinstance(page, LivePage):
            write = mark_live(self._complete(page), state, detail, self._setup.news)
        else:
            write = mark_revision(page, self._project(), state, detail)
        return Built(write, project, state)

    def _complete(self, page: LivePage) -> LivePage:
        """The page with all of its project, of which its identifier came along."""
        return replace(page, project=self._projects[page.project.identifier])

    def _project(self) -> ProjectInfo:
        if self._setup.project is None:
            raise ValueError("revisions need a project; documents and live pages tell their own")
        return self._setup.project


if __name__ == "__main__":
    main()
