"""A project's namespace as it is, kept so: a snapshot first, then every change from its offset on.

    with Client("localhost:50051") as client:
        client.mirror("enwiki", SqliteSink("enwiki.db"))

A *sink* is where to: `SqliteSink` has every article once and its offset in the same transaction, so exactly once;
`CallingSink` calls a function of yours and remembers how far it came, so at least once; or write your own.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Literal, NamedTuple, Protocol, Self

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.change_pb2 import EVENT_TYPE_DELETE, Change
from wikifeed.v1.change_service_pb2 import GetChangeLogInfoResponse
from wikifeed.v1.snapshot_pb2 import SNAPSHOT_STATE_FAILED, Snapshot
from wikifeed_client._checkpoints import CheckpointStore
from wikifeed_client._requests import Changes

_AT_ONCE = 500
# Snapshots hold whole articles without these, which are a content of their own.
_STRUCTURED = frozenset({"infoboxes", "sections", "references", "tables", "links"})
_MASK = tuple(field.name for field in Article.DESCRIPTOR.fields if field.name not in _STRUCTURED)


class Put(NamedTuple):
    """The page has this article now. `offset` is the change's, or the snapshot's."""

    article: Article
    offset: int


class Remove(NamedTuple):
    """The page is gone: deleted, moved to another namespace, or a redirect by now."""

    page_id: int
    offset: int


Update = Put | Remove
# What a mirror does when the log no longer has what follows its place.
OnExpired = Literal["raise", "begin_again"]


class Sink(Protocol):
    """Where a mirror writes to."""

    def position(self) -> int | None:
        """The offset through which everything is written; None when the mirror is to begin anew."""
        ...

    def begin(self) -> None:
        """Forget all there is: what follows is the whole."""
        ...

    def write(self, updates: Sequence[Update], through_offset: int | None) -> None:
        """Write updates, and that everything through an offset is. None while the snapshot is not whole yet."""
        ...


class SqliteSink:
    """Articles in a table of SQLite's: `article(identifier, name, offset, data)`, `data` the serialized Article.

    Updates and the offset are one transaction: killed at any point, the mirror goes on without loss or repeat.
    A context manager; leaving it closes the file.
    """

    def __init__(self, path: str | Path) -> None:
        # A mirror of asyncio's writes from a thread, one write after the other.
        self._connection = sqlite3.connect(path, check_same_thread=False)
        self._connection.executescript(
            "PRAGMA journal_mode = WAL;"
            "CREATE TABLE IF NOT EXISTS article ("
            "  identifier INTEGER PRIMARY KEY, name TEXT NOT NULL, offset INTEGER NOT NULL, data BLOB NOT NULL);"
            "CREATE INDEX IF NOT EXISTS article_name ON article (name);"
            "CREATE TABLE IF NOT EXISTS mirror (through_offset INTEGER NOT NULL)"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def position(self) -> int | None:
        """The offset through which everything is written."""
        row = self._connection.execute("SELECT through_offset FROM mirror").fetchone()
        return None if row is None else int(row[0])

    def begin(self) -> None:
        """Forget all articles."""
        with self._connection:
            self._connection.execute("DELETE FROM mirror")
            self._connection.execute("DELETE FROM article")

    def write(self, updates: Sequence[Update], through_offset: int | None) -> None:
        """Write updates and the offset in one transaction."""
        with self._connection:
            for update in updates:
                self._write(update)
            if through_offset is not None:
                self._connection.execute("DELETE FROM mirror")
                self._connection.execute("INSERT INTO mirror VALUES (?)", (through_offset,))

    def get(self, page: int | str) -> Article | None:
        """The article of a page id or a title; None where there is none."""
        column = "identifier" if isinstance(page, int) else "name"
        row = self._connection.execute(f"SELECT data FROM article WHERE {column} = ?", (page,)).fetchone()  # noqa: S608
        return None if row is None else Article.FromString(row[0])

    def _write(self, update: Update) -> None:
        match update:
            case Put(article, offset):
                values = (article.identifier, article.name, offset, article.SerializeToString())
                self._connection.execute("INSERT OR REPLACE INTO article VALUES (?, ?, ?, ?)", values)
            case Remove(page_id, _):
                self._connection.execute("DELETE FROM article WHERE identifier = ?", (page_id,))


class CallingSink:
    """Calls a function with each update, and remembers in a checkpoint how far it came.

    A program that dies gets the last few updates again, and the snapshot from its beginning where it was not whole.
    `forget` is called before a snapshot comes: drop all you have, for nothing tells of pages that were deleted since.
    """

    def __init__(
        self,
        function: Callable[[Update], None],
        checkpoint: CheckpointStore,
        forget: Callable[[], None] | None = None,
    ) -> None:
        self._function = function
        self._checkpoint = checkpoint
        self._forget = forget

    def position(self) -> int | None:
        """The offset that the checkpoint holds."""
        return self._checkpoint.load()

    def begin(self) -> None:
        """Have the caller forget; each page comes again."""
        if self._forget is not None:
            self._forget()

    def write(self, updates: Sequence[Update], through_offset: int | None) -> None:
        """Call the function with each, then remember."""
        for update in updates:
            self._function(update)
        if through_offset is not None:
            self._checkpoint.save(through_offset)


def puts(articles: Iterable[Article], offset: int) -> Iterator[list[Update]]:
    """A snapshot's articles, some hundreds at a time."""
    remaining = iter(articles)
    while part := list(islice(remaining, _AT_ONCE)):
        yield [Put(article, offset) for article in part]


def is_usable(snapshot: Snapshot, log: GetChangeLogInfoResponse) -> bool:
    """Whether a snapshot is whole or will be, and the log has every change after it."""
    return snapshot.state != SNAPSHOT_STATE_FAILED and snapshot.offset >= log.oldest_offset - 1


def mirrored_changes(project: str, until_offset: int) -> Changes:
    """What a mirror streams. All namespaces: a page that moves out of the one that is mirrored is seen to leave it."""
    return Changes(projects=(project,), read_mask=_MASK, until_offset=until_offset)


def update_of(change: Change, namespace: int) -> Update:
    """What a change is to the mirror of a namespace."""
    article = change.article
    is_there = change.event_type != EVENT_TYPE_DELETE and not change.redirect_target
    if is_there and article.namespace.identifier == namespace:
        return Put(article, change.offset)
    return Remove(article.identifier, change.offset)
