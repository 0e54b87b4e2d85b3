"""Rows for data sets, made by generators of plain arguments."""

import asyncio
import pickle

import pytest

from wikifeed_client import Client, SnapshotKind
from wikifeed_client.rows import article_rows, changed_rows, listed_rows

COLUMNS = ("identifier", "name", "version.editor.name", "categories")


@pytest.fixture
def pages(feed):
    feed.publish_many([feed.write(f"Page {page_id}", page_id) for page_id in range(1, 6)])


def row(page_id):
    return {
        "identifier": page_id,
        "name": f"Page {page_id}",
        "version.editor.name": "Ada",
        "categories": [{"name": "Category:Made up"}],
    }


async def made(make, arguments):
    """What a generator makes of arguments that came from another process."""
    make, arguments = pickle.loads(pickle.dumps((make, arguments)))
    return await asyncio.to_thread(lambda: list(make(**arguments)))


async def test_files_of_snapshots_are_rows(pages, server, tmp_path):
    await server.write_snapshot()
    with Client(server.address) as client:
        export = await asyncio.to_thread(client.export, SnapshotKind("enwiki"), tmp_path)
    files = [str(path) for path in export.files]
    assert await made(article_rows, {"files": files, "columns": COLUMNS}) == [row(page_id) for page_id in range(1, 6)]


async def test_what_a_server_has_is_rows(pages, server):
    arguments = {"address": server.address, "project": "enwiki", "columns": COLUMNS}
    assert await made(listed_rows, arguments) == [row(page_id) for page_id in range(1, 6)]


async def test_changes_are_rows_with_their_offset(pages, feed, server):
    until = feed.publish("Page 3", 3)
    arguments = {"address": server.address, "project": "enwiki", "after_offset": 4, "until_offset": until}
    rows = await made(changed_rows, {**arguments, "columns": COLUMNS})
    assert rows == [{"offset": 5, **row(5)}, {"offset": 6, **row(3)}]


def test_a_column_that_articles_do_not_have_is_told_at_once():
    with pytest.raises(KeyError):
        article_rows([], ("nonsense",))
