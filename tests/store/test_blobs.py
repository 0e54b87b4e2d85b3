"""Blobs are seen whole or not at all."""

import os
import signal
from pathlib import Path

import pytest

from wikifeed_server.errors import StoreFullError
from wikifeed_server.store.blobs import BlobFolder


@pytest.fixture
def blobs(tmp_path: Path) -> BlobFolder:
    return BlobFolder(tmp_path / "blobs")


def put(blobs: BlobFolder, name: str, content: bytes) -> None:
    with blobs.create(name) as file:
        file.write(content)


def test_an_empty_folder_has_no_blobs(blobs: BlobFolder) -> None:
    assert blobs.names() == []
    blobs.delete("absent")
    with pytest.raises(FileNotFoundError):
        blobs.open("absent")


def test_a_blob_is_listed_when_it_is_committed_and_not_before(blobs: BlobFolder) -> None:
    with blobs.create("a/b.gz") as file:
        file.write(b"content")
        assert blobs.names() == []
    assert blobs.names() == ["a/b.gz"]
    assert blobs.path("a/b.gz").read_bytes() == b"content"


def test_a_blob_whose_writing_fails_is_gone(blobs: BlobFolder) -> None:
    put(blobs, "a", b"old")
    with pytest.raises(TypeError), blobs.create("a") as file:
        file.writelines([b"new", 7])
    with blobs.open("a") as blob:
        assert blob.read(0, 100) == b"old"
    assert unfinished(blobs) == []


def test_names_are_sorted_and_chosen_by_prefix(blobs: BlobFolder) -> None:
    for name in ("b/2", "b/10", "a", "bc"):
        put(blobs, name, b"")
    assert blobs.names() == ["a", "b/10", "b/2", "bc"]
    assert blobs.names("b/") == ["b/10", "b/2"]


def test_ranges_are_read_at_any_position(blobs: BlobFolder) -> None:
    put(blobs, "a", bytes(range(200)))
    with blobs.open("a") as blob:
        assert blob.size == 200
        assert blob.modified == blobs.path("a").stat().st_mtime_ns // 1000
        assert blob.read(10, 3) == bytes([10, 11, 12])
        assert blob.read(198, 10) == bytes([198, 199])
        assert blob.read(300, 10) == b""


def test_an_open_blob_outlives_its_replacement_and_its_deletion(blobs: BlobFolder) -> None:
    put(blobs, "a", b"first")
    with blobs.open("a") as blob:
        put(blobs, "a", b"second")
        blobs.delete("a")
        assert blob.read(0, 10) == b"first"
    assert blobs.names() == []


@pytest.mark.parametrize(
    "name", ["", "..", "../a", "a/../../b", "/etc/passwd", ".hidden", "a//b", "a/", "a\0b", "a/.b"]
)
def test_names_do_not_lead_out_of_the_folder(blobs: BlobFolder, name: str) -> None:
    with pytest.raises(ValueError, match="no name for a blob"):
        blobs.open(name)
    with pytest.raises(ValueError, match="no name for a blob"), blobs.create(name):
        pass


WRITE_AND_HANG = """
import sys, time
from pathlib import Path
from wikifeed_server.store.blobs import BlobFolder
with BlobFolder(Path(sys.argv[1])).create("a") as file:
    file.write(b"half")
    file.flush()
    print("half", flush=True)
    sys.stdin.read()
"""


def test_what_a_killed_process_left_is_removed_and_what_a_live_one_writes_is_not(
    blobs: BlobFolder, tmp_path: Path, run_python
) -> None:
    processes = [run_python(WRITE_AND_HANG, tmp_path / "blobs") for _ in range(2)]
    assert [process.stdout.readline() for process in processes] == ["half\n"] * 2
    processes[0].send_signal(signal.SIGKILL)
    processes[0].wait()
    assert blobs.names() == []
    put(blobs, "b", b"")
    assert len(unfinished(blobs)) == 1
    processes[1].communicate()
    assert blobs.names() == ["a", "b"]


def test_a_full_disk_is_told(blobs: BlobFolder, tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    with pytest.raises(StoreFullError, match="free some space"), blobs.create("a"):
        Path("/dev/full").write_bytes(b"x")
    assert os.listdir(tmp_path / "blobs") == []


def unfinished(blobs: BlobFolder) -> list[str]:
    folder = blobs.path("x").parent / ".unfinished"
    return os.listdir(folder) if folder.is_dir() else []
