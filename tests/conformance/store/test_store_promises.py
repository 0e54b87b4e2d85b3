"""Each promise of `wikifeed_server.store`, by example."""

from dataclasses import replace

import pytest
from store_engines import PROJECTS, Engine, Store
from store_model import write

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.change_service_pb2 import StreamChangesResponse
from wikifeed_server.errors import ProjectNotFoundError
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.store import (
    Checkpoint,
    EventType,
    LogFilter,
    LogInfo,
    PageKey,
    PageState,
    Parts,
    PutResult,
)

BIG = 2**64 - 1
PLENTY = 10**9
ALL = LogFilter()


def names(articles: list) -> list[str]:
    return [article.title for article in articles]


async def test_an_empty_store_has_no_log_no_articles_and_its_projects(store: Store) -> None:
    async with store.reader() as reader:
        assert await reader.log_info() == LogInfo(0, 0, 0, 0)
        assert await reader.offset_at(0) == 1
        assert await reader.read_frames(0, ALL, 10, PLENTY) == ([], 0)
        assert await reader.get(PageKey("enwiki", title="A"), Parts.ALL) is None
        assert await reader.scan("enwiki", (0,), 0, 0, Parts.ALL, 10, PLENTY) == []
        assert list(await reader.projects()) == list(PROJECTS)
        assert await reader.project("frwiki") is None


async def test_a_project_that_is_put_again_is_replaced(store: Store) -> None:
    async with store.reader() as reader:
        assert (await reader.project("enwiki")) == PROJECTS[1]
        with store.writer() as writer:
            writer.put_project(ProjectInfo("enwiki", name="Other", language="simple"))
            writer.put([write(1, "A", 1)])
            assert writer.project("enwiki") == ProjectInfo("enwiki", name="Other", language="simple")
        assert await reader.project("enwiki") == ProjectInfo("enwiki", name="Other", language="simple")
        assert len((await reader.read_frames(0, LogFilter(languages=("simple",)), 10, PLENTY)).frames) == 1


async def test_a_batch_is_stored_wholly_with_its_checkpoint_or_not_at_all(store: Store) -> None:
    with store.writer() as writer:
        writer.put([write(1, "A", 1)], Checkpoint("dump", b"first"))
        with pytest.raises(ProjectNotFoundError):
            writer.put([write(2, "B", 2), write(3, "C", 3, project="nowiki")], Checkpoint("dump", b"second"))
        assert writer.checkpoint("dump") == b"first"
        assert writer.checkpoint("other") is None
        assert writer.put([write(2, "B", 2)], Checkpoint("dump", b"\0third")) == PutResult(2, 2, 1, 0, 0)
    with store.writer() as writer:
        assert writer.checkpoint("dump") == b"\0third"


async def test_a_checkpoint_commits_without_writes_too(store: Store) -> None:
    with store.writer() as writer:
        assert writer.put([], Checkpoint("dump", b"done")) == PutResult(0, 0, 0, 0, 0)
        assert writer.checkpoint("dump") == b"done"


async def test_importing_the_same_again_or_something_older_changes_nothing(store: Store) -> None:
    with store.writer() as writer:
        writer.put([write(1, "A", 5, 50), write(2, "B", 6, 60)])
        assert writer.known("enwiki", [(1, 5), (1, 4), (2, 6), (3, 5), (BIG, BIG)]) == [True, False, True, False, False]
        assert writer.known("nowiki", [(1, 5)]) == [False]
        assert writer.known("enwiki", []) == []
        assert writer.put([write(1, "Old name", 4, 40), write(2, "B", 6, 60)]) == PutResult(0, 0, 0, 1, 1)
    async with store.reader() as reader:
        assert (await reader.log_info()).newest_offset == 2
        assert await reader.get(PageKey("enwiki", title="Old name"), Parts.HEAD) is None


async def test_a_revision_twice_in_a_batch_is_stored_once(store: Store) -> None:
    with store.writer() as writer:
        assert writer.put([write(1, "A", 5), write(1, "A", 5), write(1, "A", 6)]) == PutResult(1, 2, 2, 1, 0)


async def test_published_never_decreases_though_the_clock_does(engine: Engine) -> None:
    times = iter([1000, 3000, 2000, 5000])
    store = engine.store(clock=lambda: next(times))
    with store.writer() as writer:
        for number in range(1, 5):
            writer.put([write(number, "A", number)])
    async with store.reader() as reader:
        frames, _ = await reader.read_frames(0, ALL, 10, PLENTY)
        changes = StreamChangesResponse.FromString(b"".join(frames)).changes
        assert [change.date_published.ToMicroseconds() for change in changes] == [1000, 3000, 3000, 5000]
        assert await reader.log_info() == LogInfo(1, 4, 1000, 5000)
        assert [await reader.offset_at(time) for time in (0, 1000, 1001, 3000, 3001, 5001)] == [1, 1, 2, 2, 4, 5]


async def test_a_moved_page_is_found_under_its_new_title_only(store: Store) -> None:
    with store.writer() as writer:
        writer.put([write(1, "Old", 1), write(1, "New", 2)])
    async with store.reader() as reader:
        assert await reader.get(PageKey("enwiki", title="Old"), Parts.HEAD) is None
        found = await reader.get(PageKey("enwiki", title="New"), Parts.HEAD)
        assert found is not None
        assert found.page_id == 1


async def test_a_title_goes_to_the_page_that_takes_it(store: Store) -> None:
    with store.writer() as writer:
        writer.put([write(1, "A", 1), write(2, "A", 2), write(1, "A", 3, event=EventType.DELETE)])
    async with store.reader() as reader:
        found = await reader.get(PageKey("enwiki", title="A"), Parts.HEAD)
        assert found is not None
        assert (found.page_id, found.state) == (2, PageState.LIVE)


async def test_a_deleted_page_keeps_its_title_and_tells_that_it_was_deleted(store: Store) -> None:
    with store.writer() as writer:
        writer.put([write(1, "A", 1), write(1, "A", 1, 77, event=EventType.DELETE)])
        assert writer.put([write(1, "A", 1, 77, event=EventType.DELETE)]).known == 1
    async with store.reader() as reader:
        found = await reader.get(PageKey("enwiki", title="A"), Parts.ALL)
        assert found is not None
        assert (found.state, found.modified, len(found.fragments)) == (PageState.DELETED, 77, 1)
        assert await reader.scan("enwiki", (0,), 2, 0, Parts.HEAD, 10, PLENTY) == []
        assert names(await reader.scan("enwiki", (0,), 1, 0, Parts.HEAD, 10, PLENTY)) == ["A"]


async def test_a_page_that_returns_is_created_again(store: Store) -> None:
    with store.writer() as writer:
        writer.put([write(1, "A", 1), write(1, "A", 1, 5, event=EventType.DELETE)])
        assert writer.put([write(1, "A", 1)]).known == 1
        assert writer.put([write(1, "A", 1, event=EventType.CREATE)]).written == 1
        assert writer.put([write(2, "B", 2), write(2, "B", 3, event=EventType.DELETE), write(2, "B", 4)]).written == 3
    async with store.reader() as reader:
        found = await reader.get(PageKey("enwiki", title="A"), Parts.ALL)
        assert found is not None
        assert found.state == PageState.LIVE
        created = LogFilter(event_types=(EventType.CREATE,))
        frames, _ = await reader.read_frames(0, created, 10, PLENTY)
        changes = StreamChangesResponse.FromString(b"".join(frames)).changes
        assert [change.offset for change in changes] == [1, 3, 4, 6]


async def test_only_the_parts_asked_for_come_back(store: Store) -> None:
    one = write(1, "A", 1)
    with store.writer() as writer:
        writer.put([one, write(2, "R", 2, target="A")])
    async with store.reader() as reader:
        for parts, expected in (
            (Parts.WIKITEXT, {one.body_wikitext}),
            (Parts.HTML | Parts.STRUCTURED, {one.body_html, one.structured}),
            (Parts.REDIRECTS, {write(2, "R", 2, target="A").redirect_entry}),
            (Parts(0), set()),
        ):
            for _ in range(2):  # from the disk, then perhaps from memory
                found = await reader.get(PageKey("enwiki", title="A"), parts)
                assert found is not None
                assert set(found.fragments) == expected
            (scanned,) = await reader.scan("enwiki", (0,), 2, 0, parts, 10, PLENTY)
            assert set(scanned.fragments) == expected
            entry = (await reader.read_entries(0, ALL, parts, 1, PLENTY)).entries[0]
            assert set(entry.fragments) == expected - {write(2, "R", 2, target="A").redirect_entry}


async def test_redirects_follow_the_pages_that_lead_there(store: Store) -> None:
    with store.writer() as writer:
        writer.put([write(1, "R", 1, target="A"), write(2, "A", 2), write(3, "S", 3, target="A")])
        writer.put([write(1, "R", 4, target="B"), write(3, "T", 5, target="A")])

    async with store.reader() as reader:

        async def leading(as_of: int) -> list[str]:
            (article,) = await reader.scan("enwiki", (0,), as_of, 0, Parts.REDIRECTS, 10, PLENTY)
            return sorted(r.name for r in Article.FromString(b"".join(article.fragments)).redirects)

        assert [await leading(as_of) for as_of in (2, 3, 4, 5)] == [["R"], ["R", "S"], ["S"], ["T"]]


async def test_a_reader_sees_what_was_acknowledged_before_it_asks(store: Store) -> None:
    async with store.reader() as reader:
        with store.writer() as writer:
            for number in range(1, 20):
                writer.put([write(1, "A", number)])
                found = await reader.get(PageKey("enwiki", title="A"), Parts.WIKITEXT)
                assert found is not None
                assert found.fragments == (write(1, "A", number).body_wikitext,)
                assert (await reader.log_info()).newest_offset == number


async def test_bodies_of_any_size_and_content_come_back_as_they_were(store: Store) -> None:
    bodies = [b"\0", b"\x28\xb5\x2f\xfd", bytes(range(256)) * 10_000, b"x" * 3_000_000]
    with store.writer() as writer:
        writer.put([replace(write(number, "A", number), body_html=body) for number, body in enumerate(bodies, 1)])
    async with store.reader() as reader:
        for number, body in enumerate(bodies, 1):
            found = await reader.get(PageKey("enwiki", page_id=number), Parts.HTML)
            assert found is not None
            assert found.fragments == (body,)
