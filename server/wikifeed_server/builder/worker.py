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

from wikifeed.v1.article_pb2 import Extraction
from wikifeed_server.builder.article import build_revision, mark_revision
from wikifeed_server.builder.bounds import bound_memory, memory_bytes
from wikifeed_server.builder.document import build_document, mark_document
from wikifeed_server.builder.messages import OUT_OF_MEMORY, Built, Page, Reply, Request, WorkerSetup, receive, send
from wikifeed_server.content import ContentError
from wikifeed_server.errors import SourceCorruptError
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
        retires = False
        while not retires:
            request: Request = receive(requests)
            results = [_build(page, request, setup) for page in request.pages]
            gc.collect()
            retires = memory_bytes()[1] > setup.resident_bytes
            send(replies, Reply(results, retires))
    except (EOFError, BrokenPipeError):
        pass
    except MemoryError:
        # Nothing more can be done here, not even to say so. The parent asks again, page by page.
        os._exit(OUT_OF_MEMORY)


def _build(page: Page, request: Request, setup: WorkerSetup) -> Built | SourceCorruptError:
    """What becomes of one page, within its bounds."""
    bound_memory(setup.page_memory_bytes)
    signal.setitimer(signal.ITIMER_PROF, setup.page_seconds)
    try:
        if not request.understands:
            return _mark(page, setup, request.state, request.detail)
        try:
            return _understand(page, setup)
        except MemoryError:
            detail = f"took more than {setup.page_memory_bytes:,} bytes of memory"
            state: Extraction.State.ValueType = Extraction.STATE_MEMORY_EXCEEDED
        except ContentError as error:
            detail = str(error)
            state = Extraction.STATE_FAILED
        return _mark(page, setup, state, detail)
    except SourceCorruptError as error:
        return error
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _understand(page: Page, setup: WorkerSetup) -> Built:
    if isinstance(page, ArticleDocument):
        write, project = build_document(page, setup.vocabulary)
        return Built(write, project, Extraction.STATE_UNSPECIFIED)
    return Built(build_revision(page, _project(setup), setup.vocabulary), None, Extraction.STATE_UNSPECIFIED)


def _mark(page: Page, setup: WorkerSetup, state: "Extraction.State.ValueType", detail: str) -> Built:
    if isinstance(page, ArticleDocument):
        write, project = mark_document(page, state, detail)
        return Built(write, project, state)
    return Built(mark_revision(page, _project(setup), state, detail), None, state)


def _project(setup: WorkerSetup) -> ProjectInfo:
    if setup.project is None:
        raise ValueError("revisions need a project; only documents tell their own")
    return setup.project


if __name__ == "__main__":
    main()
