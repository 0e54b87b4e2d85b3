"""Files that are opened in a thread, whoever waits for them."""

import asyncio
import threading

import pytest

from wikifeed_server.snapshots.opening import opened_in_thread


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"data")
    return path


async def test_the_file_comes_open(path):
    with await opened_in_thread(path.open, "rb") as file:
        assert file.read() == b"data"


async def test_what_can_not_be_opened_is_told(tmp_path):
    with pytest.raises(FileNotFoundError):
        await opened_in_thread(tmp_path.joinpath("none").open, "rb")


async def test_a_file_that_is_open_when_nobody_waits_any_more_is_closed(path):
    is_given_up, files = threading.Event(), []

    def open_late():
        is_given_up.wait()
        files.append(path.open("rb"))
        return files[0]

    opening = asyncio.create_task(opened_in_thread(open_late))
    await asyncio.sleep(0)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    is_given_up.set()
    async with asyncio.timeout(30):
        while not files or not files[0].closed:  # noqa: ASYNC110 - nobody is told
            await asyncio.sleep(0.01)
