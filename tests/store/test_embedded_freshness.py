"""What a reader remembers never outlives a commit."""

import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.store import ArticleWrite, EventType, PageKey, Parts
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


HIDE_ON_DEMAND = """
import sys
from pathlib import Path
from wikifeed_server.store import ArticleWrite, EventType, Hidden
from wikifeed_server.store.embedded import EmbeddedWriter
with EmbeddedWriter.open(Path(sys.argv[1])) as writer:
    for line in sys.stdin:
        hiding = {"event_type": EventType.VISIBILITY_CHANGE, "hidden": Hidden[line.strip()]}
        writer.put([ArticleWrite("enwiki", 1, "Page 1", 0, 1, 1, b"", **hiding)])
        print("hidden", flush=True)
"""


@pytest.mark.parametrize("has_mark", [True, False])
async def test_what_another_process_hides_is_not_served_from_memory(
    folder: Path,
    article: Callable[..., ArticleWrite],
    run_python: Callable[..., subprocess.Popen],
    monkeypatch: pytest.MonkeyPatch,
    has_mark: bool,
) -> None:
    """Of a deleted page, whose state stays the same version when its revisions are hidden."""
    if not has_mark:
        monkeypatch.setattr(CommitMark, "read", lambda _: b"")
    head = Article(version={"comment": "secret comment", "editor": {"name": "secret editor"}})
    with EmbeddedWriter.open(folder) as writer:
        writer.put([article(1, modified=9, head=head.SerializeToString(), event_type=EventType.DELETE)])
    process = run_python(HIDE_ON_DEMAND, folder)
    async with EmbeddedReader.open(folder) as reader:

        async def served() -> tuple[int, bytes]:
            found = await reader.get(PageKey("enwiki", "Page 1"), Parts.HEAD)
            return (found.offset, b"".join(found.fragments)) if found else (0, b"")

        for part, left in (("EDITOR", {b"secret comment"}), ("COMMENT", set())):
            assert (await served())[1].count(b"secret") == len(left) + 1
            process.stdin.write(f"{part}\n")
            process.stdin.flush()
            assert process.stdout.readline() == "hidden\n"
            offset, fragments = await served()
            assert offset == 2
            assert {secret for secret in (b"secret comment", b"secret editor") if secret in fragments} == left
