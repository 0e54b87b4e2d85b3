"""What the embedded engine refuses, and how it says so."""

import os
import resource
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from wikifeed_server.errors import (
    StoreBusyError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreMissingError,
    StoreTooNewError,
)
from wikifeed_server.store import Checkpoint, LogFilter, PageKey, Parts, PutResult
from wikifeed_server.store.embedded import EmbeddedReader, EmbeddedWriter

HOLD = """
import sys
from pathlib import Path
from wikifeed_server.store.embedded import EmbeddedWriter
writer = EmbeddedWriter.open(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""

HOLD_AND_FORK = """
import os, sys
from pathlib import Path
from wikifeed_server.store.embedded import EmbeddedWriter
writer = EmbeddedWriter.open(Path(sys.argv[1]))
child = os.fork()
if not child:
    print("forked", flush=True)
    sys.stdin.read()
    print("child ends", flush=True)
    os._exit(0)
os.wait()
"""


async def test_a_second_writer_is_refused_and_told_who_the_first_is(folder: Path, run_python) -> None:
    first = run_python(HOLD, folder)
    assert first.stdout.readline() == "held\n"
    with pytest.raises(StoreBusyError, match=rf"process {first.pid} on .* since 2.*python.* -c .*stop it") as raised:
        EmbeddedWriter.open(folder)
    assert raised.value.metadata["folder"] == str(folder)
    async with EmbeddedReader.open(folder) as reader:
        assert await reader.get(PageKey("enwiki", page_id=1), Parts.HEAD) is not None


def test_a_second_writer_in_the_same_process_is_refused_until_the_first_closes(folder: Path) -> None:
    with EmbeddedWriter.open(folder), pytest.raises(StoreBusyError):
        EmbeddedWriter.open(folder)
    EmbeddedWriter.open(folder).close()


def test_a_killed_writer_keeps_nobody_out(folder: Path, run_python) -> None:
    first = run_python(HOLD, folder)
    first.stdout.readline()
    first.send_signal(signal.SIGKILL)
    first.wait()
    EmbeddedWriter.open(folder).close()


def test_a_forked_child_neither_keeps_nor_loses_the_writers_lock(folder: Path, run_python) -> None:
    first = run_python(HOLD_AND_FORK, folder)
    assert first.stdout.readline() == "forked\n"
    with pytest.raises(StoreBusyError):
        EmbeddedWriter.open(folder)
    first.send_signal(signal.SIGKILL)
    first.wait()
    EmbeddedWriter.open(folder).close()
    assert first.communicate()[0] == "child ends\n"


def test_a_reader_of_an_empty_folder_is_told_to_import_first(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(StoreMissingError, match="wikifeed import"):
            EmbeddedReader.open(folder)
        with pytest.raises(StoreMissingError, match="wikifeed import"):
            EmbeddedWriter.open(folder, create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_store_whose_making_was_cut_off_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "wikifeed.db").touch()
    with pytest.raises(StoreMissingError):
        EmbeddedReader.open(tmp_path)
    EmbeddedWriter.open(tmp_path).close()


@pytest.mark.parametrize("engine", [EmbeddedReader, EmbeddedWriter])
def test_a_store_of_a_newer_version_is_refused(folder: Path, engine: type) -> None:
    change(folder, "PRAGMA user_version = 7")
    with pytest.raises(StoreTooNewError, match=r"version 7 .* up to 3: update Wikifeed"):
        engine.open(folder)


@pytest.mark.parametrize("engine", [EmbeddedReader, EmbeddedWriter])
def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path, engine: type) -> None:
    change(tmp_path, "CREATE TABLE precious (x)")
    before = (tmp_path / "wikifeed.db").read_bytes()
    with pytest.raises(StoreCorruptError, match="another program"):
        engine.open(tmp_path)
    assert (tmp_path / "wikifeed.db").read_bytes() == before


@pytest.mark.parametrize("engine", [EmbeddedReader, EmbeddedWriter])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, engine: type) -> None:
    (tmp_path / "wikifeed.db").write_bytes(b"<mediawiki>" * 1000)
    with pytest.raises(StoreCorruptError, match=r"wikifeed\.db is damaged.*integrity_check"):
        engine.open(tmp_path)


async def test_damage_inside_the_file_is_told_and_not_served(folder: Path, article) -> None:
    with EmbeddedWriter.open(folder) as writer:
        writer.put([article(number, head=os.urandom(3000)) for number in range(2, 200)])
    path = folder / "wikifeed.db"
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(16384)
        file.write(b"\xff" * (size - 16384))
    async with EmbeddedReader.open(folder) as reader:
        keys = [PageKey("enwiki", page_id=number) for number in range(1, 200)]
        with pytest.raises(StoreCorruptError, match=r"wikifeed\.db is damaged"):
            [await reader.get(key, Parts.ALL) for key in keys]
        with pytest.raises(StoreCorruptError):
            await reader.read_frames(0, LogFilter(), 1000, 10**9)


async def test_a_body_whose_bytes_changed_is_told_and_not_served(folder: Path, article) -> None:
    text = b"\xa2\x01" + b"some text that is long enough to be compressed " * 50
    with EmbeddedWriter.open(folder) as writer:
        writer.put([article(2, body_wikitext=text)])
    change(folder, "UPDATE body SET wikitext = CAST(substr(wikitext, 1, 40) || x'00' || substr(wikitext, 42) AS BLOB)")
    async with EmbeddedReader.open(folder) as reader:
        with pytest.raises(StoreCorruptError):
            await reader.get(PageKey("enwiki", page_id=2), Parts.ALL)


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"can't be written to: Not a directory|can't be written to: File exists"):
        EmbeddedWriter.open(tmp_path / "file" / "store")


async def test_a_full_disk_loses_nothing_acknowledged_and_the_writer_goes_on_after(folder: Path, article) -> None:
    """The limit on pages makes SQLite answer as a full disk does (sqlite.org/pragma.html, "max_page_count")."""
    writer = EmbeddedWriter.open(folder)
    writer._connection.execute("PRAGMA max_page_count = 60")
    stored, error = fill(writer, article)
    assert isinstance(error, StoreFullError)
    assert "everything acknowledged is kept: free some space and start again" in error.message
    assert writer.checkpoint("dump") == str(stored).encode()
    writer._connection.execute("PRAGMA max_page_count = 100000")
    assert writer.put([article(stored + 1)]) == PutResult(stored + 1, stored + 1, 1, 0, 0)
    writer.close()
    async with EmbeddedReader.open(folder) as reader:
        assert len((await reader.read_frames(0, LogFilter(), 10**4, 10**9)).frames) == stored + 1


LIMITED = """
import os, resource, sys
from pathlib import Path
from wikifeed_server.errors import StoreError
from wikifeed_server.store import ArticleWrite
from wikifeed_server.store.embedded import EmbeddedWriter
with EmbeddedWriter.open(Path(sys.argv[1])) as writer:
    def put(number):
        body = os.urandom(20000)
        writer.put([ArticleWrite("enwiki", number, f"Page {number}", 0, number, number, b"", body)])
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.RLIM_INFINITY))
    number = 1
    try:
        while True:
            put(number + 1)
            number += 1
    except StoreError as error:
        print(number, type(error).__name__, error.message, flush=True)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    put(number + 1)
"""


async def test_a_file_size_limit_loses_nothing_acknowledged(folder: Path, run_python) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    said = run_python(LIMITED, folder).communicate(timeout=60)[0]
    stored, name, message = said.split(" ", 2)
    assert name in ("StoreError", "StoreFullError")
    assert "everything acknowledged is kept" in message
    async with EmbeddedReader.open(folder) as reader:
        assert (await reader.log_info()).newest_offset == int(stored) + 1


FULL = """
import asyncio, os, sys
from pathlib import Path
from wikifeed_server.errors import StoreFullError
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.store import ArticleWrite
from wikifeed_server.store.embedded import EmbeddedReader, EmbeddedWriter
disk = Path(sys.argv[1])
ballast = disk / "ballast"
ballast.write_bytes(bytes(500_000))
with EmbeddedWriter.open(disk / "store") as writer:
    writer.put_project(ProjectInfo("enwiki"))
    def put(number):
        body = os.urandom(20000)
        writer.put([ArticleWrite("enwiki", number, f"Page {number}", 0, number, number, b"", body)])
    number = 0
    try:
        while True:
            put(number + 1)
            number += 1
    except StoreFullError as error:
        assert str(disk / "store") in error.message
    ballast.unlink()
    put(number + 1)
async def stored():
    async with EmbeddedReader.open(disk / "store") as reader:
        return (await reader.log_info()).newest_offset
print(number, asyncio.run(stored()))
"""


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    """A file system of 3 MB in a mount namespace of its own, which ends with the process whatever happens to it."""
    disk = tmp_path / "small"
    disk.mkdir()
    alone = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    mount = 'mount -t tmpfs -o size=3m tmpfs "$0" || exit 77; exec "$@"'
    command = [*alone, "sh", "-c", mount, str(disk), sys.executable, "-c", FULL, str(disk)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if ran.returncode == 77 or "unshare failed" in ran.stderr:
        pytest.skip(f"this machine lets nobody mount a small disk: {ran.stderr.strip()}")
    assert ran.returncode == 0, ran.stderr
    acknowledged, stored = map(int, ran.stdout.split())
    assert acknowledged > 1
    assert stored == acknowledged + 1


def fill(writer: EmbeddedWriter, article) -> tuple[int, StoreError]:
    """Put articles from 2 on, each with a checkpoint, until it fails: the last one stored, and the error."""
    for number in range(2, 1000):
        try:
            body = os.urandom(20_000)
            writer.put([article(number, body_wikitext=body)], Checkpoint("dump", str(number).encode()))
        except StoreError as error:
            return number - 1, error
    raise AssertionError("the disk was never full")


def change(folder: Path, statement: str) -> None:
    """Change a store as another program would."""
    connection = sqlite3.connect(folder / "wikifeed.db")
    connection.execute(statement)
    connection.commit()
    connection.close()
