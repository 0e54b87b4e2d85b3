"""A mirror in a DuckDB database, for questions over all of a wiki at once: pip install 'wikifeed-client[duckdb]'."""

from collections.abc import Sequence
from datetime import UTC
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from wikifeed.v1.article_pb2 import Article
from wikifeed_client.mirror import Put, Update

_TABLES = """
CREATE TABLE IF NOT EXISTS article (
    identifier BIGINT, name VARCHAR, url VARCHAR, abstract VARCHAR, date_modified TIMESTAMPTZ, wikitext VARCHAR,
    changed UBIGINT, data BLOB);
CREATE TABLE IF NOT EXISTS mirror (through_offset UBIGINT)
"""
_COLUMNS = 8
_PUT = f"INSERT INTO article SELECT {', '.join(['unnest(?)'] * _COLUMNS)}"


class DuckDbSink:
    """Articles in a table of DuckDB's, with what is asked for most in columns; `data` is the serialized Article.

    `article(identifier, name, url, abstract, date_modified, wikitext, changed, data)`; `changed` is the offset. Updates
    and the offset are one transaction: killed at any point, the mirror goes on without loss or repeat.
    A context manager; leaving it closes the file.
    """

    def __init__(self, path: str | Path) -> None:
        self._connection = duckdb.connect(str(path))
        self._connection.execute(_TABLES)

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
        self._transaction([("DELETE FROM mirror", ()), ("DELETE FROM article", ())])

    def write(self, updates: Sequence[Update], through_offset: int | None) -> None:
        """Write updates and the offset in one transaction."""
        # The last update of a page is what holds.
        last = {update.article.identifier if isinstance(update, Put) else update.page_id: update for update in updates}
        steps: list[tuple[str, Sequence[Any]]] = []
        if last:
            steps.append(("DELETE FROM article WHERE identifier IN (SELECT unnest(?))", (list(last),)))
        rows = [_row(update) for update in last.values() if isinstance(update, Put)]
        if rows:
            steps.append((_PUT, [list(column) for column in zip(*rows, strict=True)]))
        if through_offset is not None:
            steps += [("DELETE FROM mirror", ()), ("INSERT INTO mirror VALUES (?)", (through_offset,))]
        self._transaction(steps)

    def get(self, page: int | str) -> Article | None:
        """The article of a page id or a title; None where there is none."""
        by_page_id = "SELECT data FROM article WHERE identifier = ?"
        by_title = "SELECT data FROM article WHERE name = ?"
        row = self._connection.execute(by_page_id if isinstance(page, int) else by_title, (page,)).fetchone()
        return None if row is None else Article.FromString(row[0])

    def _transaction(self, steps: Sequence[tuple[str, Sequence[Any]]]) -> None:
        self._connection.begin()
        try:
            for words, values in steps:
                self._connection.execute(words, values)
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()


def _row(update: Put) -> tuple[Any, ...]:
    article = update.article
    modified = article.date_modified.ToDatetime(UTC) if article.HasField("date_modified") else None
    wikitext = article.article_body.wikitext
    data = article.SerializeToString()
    return article.identifier, article.name, article.url, article.abstract, modified, wikitext, update.offset, data
