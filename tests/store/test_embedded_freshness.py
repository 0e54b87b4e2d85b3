"""What a reader remembers never outlives a commit."""

import random
from collections.abc import Callable
from pathlib import Path

from wikifeed_server.store import ArticleWrite, PageKey, Parts
from wikifeed_server.store.embedded import EmbeddedReader, EmbeddedWriter
from wikifeed_server.store.embedded.schema import connect_reader
from wikifeed_server.store.embedded.unchanged import CommitMark


async def test_a_reader_sees_each_commit_at_once_however_often_it_asked_before(
    folder: Path, article: Callable[..., ArticleWrite]
) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    key = PageKey("enwiki", "Page 1")
    with EmbeddedWriter.open(folder) as writer:
        async with EmbeddedReader.open(folder) as reader:
            for revision in range(2, 300):
                for _ in range(chance.randrange(3)):
                    await reader.get(key, Parts.ALL)
                writer.put([article(1, revision_id=revision, modified=revision)])
                found = await reader.get(key, Parts.ALL)
                assert found is not None
                assert (found.offset, found.modified) == (revision, revision)
                if chance.random() < 0.05:
                    writer._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


async def test_a_page_that_was_missing_is_found_once_it_is_there(
    folder: Path, article: Callable[..., ArticleWrite]
) -> None:
    async with EmbeddedReader.open(folder) as reader:
        assert await reader.get(PageKey("enwiki", "Page 2"), Parts.ALL) is None
        with EmbeddedWriter.open(folder) as writer:
            writer.put([article(2)])
        assert await reader.get(PageKey("enwiki", "Page 2"), Parts.ALL) is not None


def test_the_mark_stays_while_nothing_is_committed_and_changes_with_each_commit(
    folder: Path, article: Callable[..., ArticleWrite]
) -> None:
    connection = connect_reader(folder)
    mark = CommitMark(folder)
    seen = [mark.read()]
    assert mark.read() == seen[0] != b""
    with EmbeddedWriter.open(folder) as writer:
        for page_id in range(2, 12):
            writer.put([article(page_id)])
            seen.append(mark.read())
    assert len(set(seen)) == len(seen)
    mark.close()
    connection.close()


def test_without_the_file_nothing_can_be_told(tmp_path: Path) -> None:
    assert CommitMark(tmp_path).read() == b""
