"""Passages of a wiki's articles in a full-text index, kept as the wiki changes: what answers are made of (RAG).

    python search.py fill [HOST:PORT [PROJECT [FILE]]]     # fill the index, then follow the changes, for ever
    python search.py find WORDS [FILE]                     # the passages that fit best

A passage is the text of a section up to its first subsection, with the titles that lead to it. The index is SQLite's
FTS5; for a search by meaning, compute a vector where a passage is inserted and store it beside it.
"""

import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.change_pb2 import EVENT_TYPE_DELETE
from wikifeed.v1.structured_pb2 import Part
from wikifeed_client import Changes, Client, SqliteCheckpoint, Start

FIELDS = ["identifier", "name", "url", "abstract", "sections"]
TABLES = """
CREATE TABLE IF NOT EXISTS passage (id INTEGER PRIMARY KEY, page INTEGER, title TEXT, path TEXT, text TEXT, url TEXT);
CREATE INDEX IF NOT EXISTS passage_page ON passage (page);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5
    (title, path, text, content = passage, content_rowid = id, tokenize = 'porter unicode61');
CREATE TRIGGER IF NOT EXISTS passage_added AFTER INSERT ON passage BEGIN
    INSERT INTO words (rowid, title, path, text) VALUES (new.id, new.title, new.path, new.text);
END;
CREATE TRIGGER IF NOT EXISTS passage_gone AFTER DELETE ON passage BEGIN
    INSERT INTO words (words, rowid, title, path, text) VALUES ('delete', old.id, old.title, old.path, old.text);
END;
"""
FIND = """SELECT passage.title, passage.path, passage.url, snippet(words, 2, '[', ']', '...', 24) FROM words
    JOIN passage ON passage.id = words.rowid WHERE words MATCH ? ORDER BY bm25(words, 4, 2, 1) LIMIT 5"""


def passages(article: Article) -> Iterator[tuple[int, str, str, str, str]]:
    """The rows of an article. The abstract stands for an article of which no section is known."""
    found = False
    for section in article.sections:
        for path, text in texts(section, ()):
            found = True
            yield article.identifier, article.name, " > ".join(path), text, article.url
    if not found and article.abstract:
        yield article.identifier, article.name, "", article.abstract, article.url


def texts(part: Part, above: Sequence[str]) -> Iterator[tuple[Sequence[str], str]]:
    """The texts of a section and of those within it, each with the titles that lead to it."""
    path = (*above, part.name) if part.name else above
    inner = [each for each in part.has_parts if each.type == "section"]
    own = "\n".join(text for each in part.has_parts if each.type != "section" for text in lines(each))
    if own:
        yield path, own
    for section in inner:
        yield from texts(section, path)


def lines(part: Part) -> Iterator[str]:
    """The text of a paragraph, or of a list's items."""
    if part.value:
        yield part.value
    for each in part.has_parts:
        yield from lines(each)


def put(database: sqlite3.Connection, page_id: int, rows: Iterator[tuple[int, str, str, str, str]]) -> None:
    """Have a page's passages be these."""
    database.execute("DELETE FROM passage WHERE page = ?", (page_id,))
    database.executemany("INSERT INTO passage (page, title, path, text, url) VALUES (?, ?, ?, ?, ?)", rows)


def fill(server: str = "localhost:50051", project: str = "enwiki", file: str = "search.db") -> None:
    """Index every article, then each that changes."""
    database = sqlite3.connect(file)
    database.executescript(TABLES)
    place = SqliteCheckpoint(database, project)
    with Client(server) as client:
        if place.load() is None:
            for page in client.list_pages(project, namespaces=[0], page_size=100, read_mask=FIELDS):
                for article in page.articles:
                    put(database, article.identifier, passages(article))
            place.save(page.offset)  # commits; the list is exact as of this offset
        (count,) = database.execute("SELECT count(*) FROM passage").fetchone()
        print(f"{count} passages", flush=True)
        wanted = Changes(projects=[project], namespaces=[0], read_mask=FIELDS)
        with client.changes(wanted, start=Start.OLDEST, checkpoint=place) as stream:
            for change in stream:  # asking for the next one commits this one with its offset
                gone = change.event_type == EVENT_TYPE_DELETE or change.redirect_target
                put(database, change.article.identifier, iter(()) if gone else passages(change.article))
                print(f"{change.offset} {change.article.name}", flush=True)


def find(words: str, file: str = "search.db") -> None:
    """Print the passages that fit best."""
    query = " ".join(f'"{word}"' for word in words.replace('"', " ").split())
    for title, path, url, text in sqlite3.connect(file).execute(FIND, (query,)):
        print(f"{title}{' > ' + path if path else ''}\n  {url}\n  {' '.join(text.split())}")


if __name__ == "__main__":
    command, *arguments = sys.argv[1:] or ["fill"]
    with suppress(KeyboardInterrupt):
        {"fill": fill, "find": find}[command](*arguments)
