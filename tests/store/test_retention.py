"""What is dropped of a store, table by table, and by which bound."""

import itertools
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.errors import StoreBusyError, StoreMissingError, StoreTooNewError
from wikifeed_server.store import ArticleWrite, EventType, Hidden
from wikifeed_server.store.embedded import EmbeddedWriter
from wikifeed_server.store.embedded.retention import Dropped, LogRetention

SECOND = 1_000_000
Make = Callable[..., ArticleWrite]


def clock() -> Callable[[], int]:
    return itertools.count(SECOND, SECOND).__next__


def rows(folder: Path, statement: str) -> list[tuple]:
    connection = sqlite3.connect(folder / "wikifeed.db")
    found = connection.execute(statement).fetchall()
    connection.close()
    return found


def numbers(folder: Path, table: str) -> list[int]:
    return [offset for (offset,) in rows(folder, f"SELECT offset FROM {table} ORDER BY offset")]


def size_of(folder: Path, oldest: int) -> int:
    """The bytes of frames and bodies from an offset on, as they are stored."""
    ((size,),) = rows(
        folder,
        "SELECT sum(length(data) + length(ifnull(structured, '')) + length(ifnull(wikitext, ''))"
        f" + length(ifnull(html, ''))) FROM frame LEFT JOIN body USING (offset) WHERE offset >= {oldest}",
    )
    return size


def test_an_age_drops_what_is_older(revisions: Path) -> None:
    with LogRetention.open(revisions) as retention:
        assert retention.apply(10 * SECOND, 9, 0, compact=False) == Dropped(0, 0, 0, 1)
        before = size_of(revisions, 1)
        dropped = retention.apply(10 * SECOND, 5.5, 0, compact=False)
        assert dropped == Dropped(4, 3, before - size_of(revisions, 1), 5)
        assert dropped.bytes > 0
        assert retention.apply(10 * SECOND, 5, 0, compact=False) == Dropped(0, 0, 0, 5)
        assert retention.apply(0, 1, 0, compact=False) == Dropped(0, 0, 0, 5)
        assert retention.apply(10**18, 0.05, 0, compact=False).oldest_offset == 10
    for table in ("log", "frame", "body"):
        assert numbers(revisions, table) == [9, 10]


@pytest.mark.parametrize("oldest", range(2, 11))
def test_a_size_keeps_exactly_what_fits(revisions: Path, oldest: int) -> None:
    size = size_of(revisions, oldest)
    with LogRetention.open(revisions) as retention:
        assert retention.apply(0, 0, size, compact=False).oldest_offset == oldest
        assert retention.apply(0, 0, size, compact=False).changes == 0
        assert retention.apply(0, 0, size - 1, compact=False).oldest_offset == min(oldest + 1, 10)


def test_the_stricter_of_two_bounds_counts(revisions: Path) -> None:
    with LogRetention.open(revisions) as retention:
        assert retention.apply(10 * SECOND, 7.5, size_of(revisions, 5), compact=False).oldest_offset == 5
        assert retention.apply(10 * SECOND, 3.5, size_of(revisions, 6), compact=False).oldest_offset == 7
        assert retention.apply(10 * SECOND, 0, 0, compact=False) == Dropped(0, 0, 0, 7)


def test_the_size_counts_what_comes_later_and_not_what_is_dropped(revisions: Path, article: Make) -> None:
    with LogRetention.open(revisions) as retention, EmbeddedWriter.open(revisions, clock=clock()) as writer:
        for number in range(20, 60):
            writer.put(
                [
                    article(
                        number % 7 + 1, size=random.Random(number).randrange(5000), revision_id=number, modified=number
                    )
                ]
            )
            oldest = retention.apply(0, 0, 3000, compact=number % 2 == 0).oldest_offset
            assert size_of(revisions, oldest) <= 3000
            assert size_of(revisions, oldest - 1) > 3000 or oldest - 1 not in numbers(revisions, "log")


def test_an_empty_store_has_nothing_to_drop(tmp_path: Path) -> None:
    EmbeddedWriter.open(tmp_path).close()
    with LogRetention.open(tmp_path) as retention:
        assert retention.apply(10**16, 1, 1, compact=True) == Dropped(0, 0, 0, 0)


def test_changes_that_never_were_their_pages_state_go_as_well(folder: Path, article: Make) -> None:
    with EmbeddedWriter.open(folder) as writer:
        writer.put([article(1, revision_id=9, modified=9), article(1, revision_id=5, modified=5, keeps_older=True)])
        writer.put([article(2)])
    with LogRetention.open(folder) as retention:
        assert retention.drop_before(4, compact=True).versions == 2
    assert numbers(folder, "log") == numbers(folder, "frame") == [2, 4]


def test_many_versions_of_one_page_go_in_several_transactions(folder: Path, article: Make) -> None:
    with EmbeddedWriter.open(folder) as writer:
        writer.put([article(1, revision_id=n, modified=n) for n in range(2, 501)])
        writer.put([article(2)])
    with LogRetention.open(folder) as retention:
        assert retention.drop_before(501).versions == 499
    assert numbers(folder, "frame") == [500, 501]


def test_ended_redirects_go_with_their_versions(folder: Path, article: Make) -> None:
    def redirect(revision: int, target: str) -> ArticleWrite:
        entry = Article(redirects=[{"name": f"R{revision}"}]).SerializeToString()
        told = {"redirect_target": target, "redirect_entry": entry, "title": "R"}
        return article(2, revision_id=revision, modified=revision, **told)

    with EmbeddedWriter.open(folder) as writer:
        writer.put([redirect(1, "Page 1"), redirect(2, "Page 1"), redirect(3, "Other"), redirect(4, "Page 1")])
        writer.put([article(3)])
    with LogRetention.open(folder) as retention:
        retention.drop_before(5)
    assert rows(folder, "SELECT target, since FROM redirect ORDER BY since") == [("Other", 4), ("Page 1", 5)]


def test_what_is_forgotten_longest_goes_for_good(revisions: Path, article: Make) -> None:
    with LogRetention.open(revisions, remembered_changes=4) as retention:
        retention.drop_before(10)
    known = [1 <= revision <= 9 and revision > 6 for revision in range(1, 10)]
    with EmbeddedWriter.open(revisions) as writer:
        assert writer.known("enwiki", [(1, revision) for revision in range(1, 10)]) == known
        old = [article(1, revision_id=n, modified=n) for n in range(1, 10)]
        assert writer.put(old)[2:] == (0, 3, 6)


@pytest.mark.parametrize("remembered", [0, 1000])
def test_what_is_hidden_stays_hidden_of_what_was_dropped(revisions: Path, article: Make, remembered: int) -> None:
    secret = {"revision_id": 2, "modified": 2, "head": Article(abstract="secret").SerializeToString()}
    hiding = article(1, event_type=EventType.VISIBILITY_CHANGE, hidden=Hidden.TEXT, **secret)
    with LogRetention.open(revisions, remembered_changes=remembered) as retention:
        retention.drop_before(10)
        with EmbeddedWriter.open(revisions) as writer:
            assert writer.put([hiding, article(2, revision_id=99, modified=99)]).written == 2
            retention.drop_before(13)
            writer.put([article(1, keeps_older=True, **secret)])
    assert not any(b"secret" in data for (data,) in rows(revisions, "SELECT data FROM frame"))


def test_only_one_process_drops(revisions: Path) -> None:
    with (
        LogRetention.open(revisions),
        pytest.raises(StoreBusyError, match=r"another process drops old changes of .* process"),
    ):
        LogRetention.open(revisions)
    LogRetention.open(revisions).close()


def test_what_is_told_to_stop_drops_nothing_any_more(revisions: Path) -> None:
    with LogRetention.open(revisions) as retention:
        retention.stop()
        assert retention.drop_before(8) == Dropped(0, 0, 0, 1)


def test_a_store_that_is_missing_or_too_new_is_left_alone(tmp_path: Path, revisions: Path) -> None:
    with pytest.raises(StoreMissingError):
        LogRetention.open(tmp_path / "none")
    with LogRetention.open(revisions) as retention:
        rows(revisions, "PRAGMA user_version = 9")
        with pytest.raises(StoreTooNewError):
            retention.drop_before(8)
    with pytest.raises(StoreTooNewError):
        LogRetention.open(revisions)
    assert numbers(revisions, "log") == list(range(1, 11))


@pytest.mark.full
def test_the_file_stops_growing_once_as_much_is_dropped_as_is_written(folder: Path, article: Make) -> None:
    chance = random.Random(7)
    sizes = []
    with EmbeddedWriter.open(folder) as writer, LogRetention.open(folder, remembered_changes=2000) as retention:
        for start in range(2, 40_000, 400):
            pages = [chance.randrange(1, 300) for _ in range(400)]
            writer.put(
                [
                    article(
                        page,
                        chance.randrange(9000),
                        revision_id=start + n,
                        modified=start + n,
                        structured=chance.randbytes(chance.randrange(9000)),
                    )
                    for n, page in enumerate(pages)
                ]
            )
            retention.drop_before(start - 2000)
            ((pages_count,),) = rows(folder, "PRAGMA page_count")
            sizes.append(pages_count)
    assert max(sizes[50:]) <= max(sizes[:50]) * 1.1
