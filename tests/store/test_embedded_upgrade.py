"""A store of an older version is brought to this one by whoever opens it first, with all that it holds."""

import asyncio
import signal
import sqlite3
from pathlib import Path

import pytest

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.errors import StoreBusyError, StoreError
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.store import Checkpoint, EventType, Hidden, LogFilter, PageKey, PageState, Parts, PutResult
from wikifeed_server.store.embedded import EmbeddedReader, EmbeddedWriter, schema, upgrading
from wikifeed_server.store.embedded.retention import LogRetention

VERSION_1 = """
CREATE TABLE project (id INTEGER PRIMARY KEY, identifier TEXT NOT NULL UNIQUE, language TEXT NOT NULL,
    info BLOB NOT NULL);
CREATE TABLE checkpoint (source TEXT PRIMARY KEY, state BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE title (project INTEGER NOT NULL, title TEXT NOT NULL, page_id INTEGER NOT NULL,
    PRIMARY KEY (project, title)) WITHOUT ROWID;
CREATE TABLE page (project INTEGER NOT NULL, page_id INTEGER NOT NULL, offset INTEGER NOT NULL, state INTEGER NOT NULL,
    namespace INTEGER NOT NULL, modified INTEGER NOT NULL, latest_modified INTEGER NOT NULL,
    latest_revision INTEGER NOT NULL, title TEXT NOT NULL, redirect_target TEXT NOT NULL,
    PRIMARY KEY (project, page_id)) WITHOUT ROWID;
CREATE TABLE redirect (project INTEGER NOT NULL, target TEXT NOT NULL, page_id INTEGER NOT NULL,
    since INTEGER NOT NULL, until INTEGER NOT NULL, entry BLOB NOT NULL,
    PRIMARY KEY (project, target, page_id, since)) WITHOUT ROWID;
CREATE TABLE version (project INTEGER NOT NULL, page_id INTEGER NOT NULL, revision_id INTEGER NOT NULL,
    offset INTEGER NOT NULL, newest INTEGER NOT NULL, state INTEGER NOT NULL, namespace INTEGER NOT NULL,
    PRIMARY KEY (project, page_id, revision_id, offset)) WITHOUT ROWID;
CREATE TABLE log (offset INTEGER PRIMARY KEY, published INTEGER NOT NULL, project INTEGER NOT NULL,
    namespace INTEGER NOT NULL, event_type INTEGER NOT NULL, page_id INTEGER NOT NULL, page_hash INTEGER NOT NULL
    );
CREATE TABLE frame (offset INTEGER PRIMARY KEY, head_start INTEGER NOT NULL, modified INTEGER NOT NULL,
    title TEXT NOT NULL, redirect_target TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE body (offset INTEGER PRIMARY KEY, structured BLOB, wikitext BLOB, html BLOB);
"""
VERSION_2 = """
ALTER TABLE version ADD COLUMN edit INTEGER NOT NULL DEFAULT 1;
CREATE TABLE event_key (number INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE);
CREATE TABLE hidden (project INTEGER NOT NULL, page_id INTEGER NOT NULL, revision_id INTEGER NOT NULL,
    parts INTEGER NOT NULL, PRIMARY KEY (project, page_id, revision_id)) WITHOUT ROWID;
CREATE TABLE redaction (generation INTEGER NOT NULL);
INSERT INTO redaction VALUES (0);
CREATE TABLE status (source TEXT PRIMARY KEY, status BLOB NOT NULL) WITHOUT ROWID;
"""
TABLES = ("project", "checkpoint", "title", "page", "redirect", "version", "log", "frame", "body")
LOCK = """
import sys
from pathlib import Path
from wikifeed_server.store.embedded.lock import StoreLock
lock = StoreLock(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""
HEAD = Article(name="A", abstract="secret").SerializeToString()
BODY = Article(article_body={"wikitext": "secret"}).SerializeToString()


@pytest.fixture(params=[1, 2])
def old_version(request: pytest.FixtureRequest) -> int:
    return request.param


@pytest.fixture
def old(tmp_path: Path, article, old_version: int) -> Path:
    """A store as an older version left it, with what its writer would have put: a page of two revisions, a redirect
    and a deleted page. It kept the same rows, of which the columns that it had are copied into its tables."""
    made = tmp_path / "made"
    with EmbeddedWriter.open(made) as writer:
        writer.put_project(ProjectInfo("enwiki", language="en"))
        entry = Article(redirects=[{"name": "R"}]).SerializeToString()
        redirect = article(2, redirect_target="Page 1", redirect_entry=entry)
        first = article(1, revision_id=1, head=HEAD, body_wikitext=BODY)
        writer.put([first, article(1, revision_id=5, modified=5), redirect], Checkpoint("dump", b"state"))
        writer.put([article(3), article(3, modified=9, event_type=EventType.DELETE)])
    folder = tmp_path / "old"
    folder.mkdir()
    connection = sqlite3.connect(folder / "wikifeed.db", isolation_level=None)
    connection.execute("PRAGMA page_size = 8192")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("ATTACH ? AS made", (str(made / "wikifeed.db"),))
    connection.executescript(VERSION_1 if old_version == 1 else VERSION_1 + VERSION_2)
    for name in TABLES:
        columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({name})"))
        connection.execute(f"INSERT INTO main.{name} SELECT {columns} FROM made.{name}")
    connection.executescript(f"PRAGMA application_id = {schema.APPLICATION_ID}; PRAGMA user_version = {old_version}")
    connection.close()
    return folder


def version(folder: Path) -> int:
    connection = sqlite3.connect(folder / "wikifeed.db")
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    return number


def layout(folder: Path) -> tuple[dict[str, list[tuple]], list[tuple]]:
    """The columns of each table (name, type, whether it may be null, place in the primary key), and the indexes."""
    connection = sqlite3.connect(folder / "wikifeed.db")
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    columns = {name: connection.execute(f"PRAGMA table_info({name})").fetchall() for name in names}
    indexes = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'index' ORDER BY name").fetchall()
    connection.close()
    return {name: [(row[1], row[2], row[3], row[5]) for row in rows] for name, rows in columns.items()}, indexes


async def test_a_reader_upgrades_and_finds_everything(old: Path) -> None:
    async with EmbeddedReader.open(old) as reader:
        assert version(old) == schema.SCHEMA_VERSION
        assert len((await reader.read_frames(0, LogFilter(), 100, 10**6)).frames) == 5
        page = await reader.get(PageKey("enwiki", title="Page 1"), Parts.REDIRECTS)
        assert page is not None
        assert [r.name for r in Article.FromString(b"".join(page.fragments)).redirects] == ["R"]
        gone = await reader.get(PageKey("enwiki", page_id=3), Parts.HEAD)
        assert gone is not None
        assert gone.state == PageState.DELETED
        assert [found.revision_id for found in await reader.versions("enwiki", 1, 10)] == [5, 1]
        assert list(await reader.statuses()) == []


async def test_a_writer_upgrades_and_goes_on(old: Path, article) -> None:
    with EmbeddedWriter.open(old) as writer:
        assert writer.checkpoint("dump") == b"state"
        assert writer.put([article(1, revision_id=1, keeps_older=True)]) == PutResult(0, 0, 0, 1, 0)
        assert writer.put([article(1, revision_id=3, modified=3, keeps_older=True)]) == PutResult(6, 6, 1, 0, 0)
        assert writer.put([article(1, revision_id=5, event_type=EventType.UPDATE, event_keys=("a",))]).written == 1
        assert writer.put([article(4, event_keys=("a",))]).known == 1
        hiding = article(1, revision_id=1, event_type=EventType.VISIBILITY_CHANGE, hidden=Hidden.TEXT)
        assert writer.put([hiding]).written == 1
        writer.put_status("dump", b"well")
    async with EmbeddedReader.open(old) as reader:
        assert list(await reader.statuses()) == [("dump", b"well")]
        frames, _ = await reader.read_frames(0, LogFilter(), 100, 10**6)
        assert b"secret" not in b"".join(frames)
        entries, _ = await reader.read_entries(0, LogFilter(), Parts.ALL, 1, 10**6)
        assert b"secret" not in b"".join(entries[0].fragments)


async def test_retention_upgrades_and_drops_first_what_was_there_before(old: Path, article) -> None:
    with LogRetention.open(old) as retention:
        assert version(old) == schema.SCHEMA_VERSION
        assert retention.apply(0, 0, size_bytes=1, compact=False).oldest_offset == 1
        with EmbeddedWriter.open(old) as writer:
            writer.put([article(number, head=bytes(1000)) for number in range(10, 13)])
        assert retention.apply(0, 0, size_bytes=2500, compact=False).oldest_offset == 7
    async with EmbeddedReader.open(old) as reader:
        assert (await reader.log_info())[:2] == (7, 8)


def test_an_upgraded_store_has_the_tables_of_one_made_anew(old: Path, tmp_path: Path) -> None:
    EmbeddedWriter.open(old).close()
    EmbeddedWriter.open(tmp_path / "anew").close()
    assert layout(old) == layout(tmp_path / "anew")


def test_an_upgrade_that_fails_leaves_the_store_as_it_was(
    old: Path, old_version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = layout(old)
    monkeypatch.setitem(schema._UPGRADES, 2, schema._UPGRADES[2] + "CREATE TABLE page (x);")
    with pytest.raises(StoreError, match="already exists"):
        EmbeddedWriter.open(old)
    assert (version(old), layout(old)) == (old_version, before)
    monkeypatch.undo()
    EmbeddedWriter.open(old).close()
    assert version(old) == schema.SCHEMA_VERSION


async def test_readers_that_start_together_all_get_the_upgraded_store(old: Path) -> None:
    readers = await asyncio.gather(*(asyncio.to_thread(EmbeddedReader.open, old) for _ in range(6)))
    for reader in readers:
        assert await reader.get(PageKey("enwiki", page_id=1), Parts.HEAD) is not None
        await reader.close()


async def test_a_reader_is_told_who_keeps_the_store_from_being_upgraded(
    old: Path, old_version: int, run_python, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrading, "_PATIENCE_SECONDS", 0.1)
    older = run_python(LOCK, old)
    assert older.stdout.readline() == "held\n"
    with pytest.raises(
        StoreBusyError, match=rf"upgraded to version {schema.SCHEMA_VERSION} .* older Wikifeed.* process {older.pid} on"
    ):
        EmbeddedReader.open(old)
    assert version(old) == old_version
    older.send_signal(signal.SIGKILL)
    older.wait()
    async with EmbeddedReader.open(old) as reader:
        assert (await reader.log_info()).newest_offset == 5


async def test_a_reader_waits_for_the_one_who_upgrades(old: Path, run_python) -> None:
    """The lock is let go while the reader waits for it."""
    first = run_python(LOCK, old)
    assert first.stdout.readline() == "held\n"
    opening = asyncio.create_task(asyncio.to_thread(EmbeddedReader.open, old))
    await asyncio.sleep(0.1)
    assert not opening.done()
    first.kill()
    async with await opening as reader:
        assert (await reader.log_info()).newest_offset == 5


async def test_a_reader_of_before_goes_on_when_the_store_is_upgraded(old: Path) -> None:
    """One of an older Wikifeed, which reads by columns that stay."""
    before = sqlite3.connect(f"file:{old / 'wikifeed.db'}?mode=ro", uri=True)
    statement = "SELECT page_id, max(offset), state FROM version WHERE project = 1 AND newest GROUP BY page_id"
    rows = before.execute(statement).fetchall()
    EmbeddedWriter.open(old).close()
    assert before.execute(statement).fetchall() == rows
    before.close()
