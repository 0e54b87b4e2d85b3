"""Keep a wiki's articles in SQLite, as they are, in columns of your own.

    python mirror.py [HOST:PORT [PROJECT [FILE]]]

A snapshot first, then every change, each batch in one transaction with its offset: kill it at any point, it goes on
without loss or repeat. Where it was away for longer than the server's log reaches back, it begins with the newest
snapshot again. `SqliteSink` of the package does the same with whole articles as one column.
"""

import sqlite3
import sys
from collections.abc import Sequence
from contextlib import suppress

from wikifeed_client import Client, Put, SqliteCheckpoint, Update

TABLE = """CREATE TABLE IF NOT EXISTS page (
    id INTEGER PRIMARY KEY, title TEXT NOT NULL, url TEXT, revision INTEGER, modified TEXT, text TEXT)"""


class Pages:
    """Where the mirror writes to: a sink."""

    def __init__(self, file: str, project: str) -> None:
        self._database = sqlite3.connect(file)
        self._database.execute(TABLE)
        self._place = SqliteCheckpoint(self._database, project)

    def position(self) -> int | None:
        return self._place.load()

    def begin(self) -> None:
        with self._database:
            self._database.execute("DELETE FROM page")

    def write(self, updates: Sequence[Update], through_offset: int | None) -> None:
        with self._database:  # one transaction: pages and offset
            for update in updates:
                self._apply(update)
            if through_offset is not None:
                self._place.put(through_offset)
        if through_offset is not None:
            print(f"{len(updates)} updates, through offset {through_offset}", flush=True)

    def _apply(self, update: Update) -> None:
        if not isinstance(update, Put):
            self._database.execute("DELETE FROM page WHERE id = ?", (update.page_id,))
            return
        article = update.article
        row = (
            article.identifier,
            article.name,
            article.url,
            article.version.identifier,
            article.date_modified.ToJsonString(),
            article.article_body.wikitext,
        )
        self._database.execute("INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?, ?)", row)


def main(server: str = "localhost:50051", project: str = "enwiki", file: str = "mirror.db") -> None:
    with Client(server) as client:
        client.mirror(project, Pages(file, project), on_expired="begin_again")


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main(*sys.argv[1:])
