"""What a pool and its workers say to each other, and how: pickled, behind its length, through pipes."""

import pickle
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

from wikifeed.v1.article_pb2 import Extraction
from wikifeed_server.builder.live import LivePage
from wikifeed_server.builder.signals.breaking_news import DEFAULT_NEWS_RULE, NewsRule
from wikifeed_server.content import Vocabulary
from wikifeed_server.errors import SourceCorruptError
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources import ArticleDocument, PageRevision
from wikifeed_server.store import ArticleWrite

OUT_OF_MEMORY = 71  # a worker's exit code where memory ended and it could not even say so

_LENGTH = struct.Struct("<Q")

SourcePage = PageRevision | ArticleDocument
Page = SourcePage | LivePage


@dataclass(frozen=True, slots=True)
class WorkerSetup:
    """What a worker must know. `project` is that of the revisions; documents and live pages tell their own.

    A worker whose resident memory is above `resident_bytes` after a batch retires, so that one huge page does not
    leave a huge process. `news` and the folder `word_lists` are for live pages.
    """

    project: ProjectInfo | None
    vocabulary: Vocabulary
    page_seconds: float
    page_memory_bytes: int
    resident_bytes: int
    news: NewsRule = DEFAULT_NEWS_RULE
    word_lists: Path | None = None


class Request(NamedTuple):
    """Pages to build. Unless `understands`, they are kept raw with the remark (`state`, `detail`).

    `projects` are those that the worker was not told of before: on their way to it, live pages have their project's
    identifier alone, since pickling a project takes as long as building a small page.
    """

    pages: Sequence[Page]
    understands: bool = True
    state: "Extraction.State.ValueType" = Extraction.STATE_UNSPECIFIED
    detail: str = ""
    projects: Sequence[ProjectInfo] = ()


class Built(NamedTuple):
    """What became of a page: what to store, what a document tells of its project, the state of its Extraction."""

    write: ArticleWrite
    project: ProjectInfo | None
    state: "Extraction.State.ValueType"


class Reply(NamedTuple):
    """What became of a request's pages, in their order, and whether the worker ends now.

    A document that is no article has its error in place of a result.
    """

    results: Sequence[Built | SourceCorruptError]
    retires: bool


def send(stream: IO[bytes], message: object) -> None:
    """Write one message, any value that can be pickled, and flush. Raises BrokenPipeError when nobody reads."""
    data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """The next message. Raises EOFError where the stream ends, be it in the midst of one."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return pickle.loads(data)  # noqa: S301 - both ends of the pipe are this program
