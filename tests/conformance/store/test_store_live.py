"""What the store makes of live events: late ones, repeated ones, moves, deletions and undeletions."""

from dataclasses import replace

import pytest
from store_engines import Store
from store_model import write

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.change_service_pb2 import StreamChangesResponse
from wikifeed_server.errors import ProjectNotFoundError
from wikifeed_server.store import (
    ArticleWrite,
    EventType,
    Hidden,
    LogFilter,
    PageKey,
    PageState,
    Parts,
    PutResult,
    Reader,
    StoredArticle,
    StoredVersion,
)

PLENTY = 10**9
CREATE, UPDATE, DELETE = EventType.CREATE, EventType.UPDATE, EventType.DELETE
HIDING = EventType.VISIBILITY_CHANGE


def edit(page_id: int, title: str, revision_id: int, modified: int = 0, **values: object) -> ArticleWrite:
    return write(page_id, title, revision_id, modified, keeps_older=True, **values)


async def page(reader: Reader, *, title: str = "", page_id: int = 0, revision_id: int = 0) -> StoredArticle:
    found = await reader.get(PageKey("enwiki", title=title, page_id=page_id), Parts.ALL, revision_id)
    assert found is not None
    return found


async def events(reader: Reader) -> list[tuple[EventType, int]]:
    """All of the log: each event's type and revision."""
    frames, _ = await reader.read_frames(0, LogFilter(), 10_000, PLENTY)
    changes = StreamChangesResponse.FromString(b"".join(frames)).changes
    return [(EventType(change.event_type), change.article.version.identifier) for change in changes]


async def offsets(reader: Reader, as_of: int) -> list[int]:
    return [article.offset for article in await reader.scan("enwiki", (0,), as_of, 0, Parts.HEAD, 100, PLENTY)]


def test_an_event_that_was_told_before_is_known_by_any_of_its_keys(store: Store) -> None:
    first = write(1, "A", 1, event=UPDATE, keys=("a", "b"))
    with store.writer() as writer:
        assert writer.put([first, replace(first, event_keys=("b", "c"))]) == PutResult(1, 1, 1, 1, 0)
        assert writer.put([replace(first, event_keys=("c", "d"))]).written == 1
        assert writer.put([replace(first, event_keys=("d",))]).known == 1
        assert writer.put([replace(first, project="dewiki")]).written == 1
        assert writer.put([replace(first, event_keys=()), replace(first, event_keys=())]).written == 2
    with store.writer() as writer:
        assert writer.put([write(2, "B", 2, event=DELETE, keys=("x", "a"))]) == PutResult(0, 0, 0, 1, 0)
        assert writer.put([write(2, "B", 2, event=DELETE, keys=("x",))]).written == 1


def test_keys_are_committed_with_their_batch_or_not_at_all(store: Store) -> None:
    move = write(1, "A", 1, event=UPDATE, keys=("a",))
    with store.writer() as writer:
        with pytest.raises(ProjectNotFoundError):
            writer.put([move, replace(move, project="nowiki")])
        assert writer.put([move]).written == 1


def test_the_event_of_a_known_deletion_is_known_when_it_comes_again(store: Store) -> None:
    with store.writer() as writer:
        writer.put([edit(1, "A", 1), write(1, "A", 1, 10, event=DELETE, keys=("a",))])
        assert writer.put([write(1, "A", 1, 10, event=DELETE, keys=("b",))]).known == 1
        writer.put([write(1, "A", 1, event=CREATE, keys=("c",))])
        assert writer.put([write(1, "A", 1, 10, event=DELETE, keys=("b",))]).known == 1


async def test_an_overtaken_edit_is_in_the_log_and_leaves_the_page_as_it_is(store: Store) -> None:
    late = edit(1, "Old name", 2, target="Elsewhere")
    with store.writer() as writer:
        writer.put([edit(1, "A", 1), edit(1, "A", 3), edit(2, "R", 4, target="A")])
        assert writer.put([late, late, edit(1, "A", 3)]) == PutResult(4, 4, 1, 2, 0)
    async with store.reader() as reader:
        assert await events(reader) == [(CREATE, 1), (UPDATE, 3), (CREATE, 4), (UPDATE, 2)]
        newest = await page(reader, title="A")
        assert (newest.offset, newest.state, newest.title) == (2, PageState.LIVE, "A")
        assert [r.name for r in Article.FromString(b"".join(newest.fragments)).redirects] == ["R"]
        answer = await page(reader, page_id=1, revision_id=2)
        assert (answer.offset, answer.state, answer.redirect_target) == (4, PageState.REDIRECT, "Elsewhere")
        assert await reader.get(PageKey("enwiki", title="Old name"), Parts.HEAD) is None
        assert await offsets(reader, 4) == [2]


@pytest.mark.parametrize("modified", [4, 9, 10])
async def test_an_edit_no_later_than_its_pages_deletion_does_not_bring_the_page_back(
    store: Store, modified: int
) -> None:
    with store.writer() as writer:
        writer.put([edit(1, "A", 3), write(1, "A", 3, 10, event=DELETE)])
        assert writer.put([edit(1, "A", 20, modified), write(1, "A", 19, modified)]) == PutResult(3, 3, 1, 0, 1)
    async with store.reader() as reader:
        assert await events(reader) == [(CREATE, 3), (DELETE, 3), (UPDATE, 20)]
        assert (await page(reader, title="A")).state == PageState.DELETED
        assert await offsets(reader, 3) == []


async def test_an_edit_after_its_pages_deletion_brings_the_page_back(store: Store) -> None:
    with store.writer() as writer:
        assert writer.put([edit(1, "A", 3), write(1, "A", 3, 10, event=DELETE), edit(1, "A", 4, 11)]).written == 3
    async with store.reader() as reader:
        assert await events(reader) == [(CREATE, 3), (DELETE, 3), (CREATE, 4)]
        assert (await page(reader, title="A")).offset == 3


async def test_an_edit_is_its_own_change_though_other_events_told_of_its_revision_before(store: Store) -> None:
    with store.writer() as writer:
        writer.put([edit(1, "A", 1), write(1, "B", 2, event=UPDATE), write(1, "B", 3, event=HIDING)])
        assert writer.put([edit(1, "A", 2), edit(1, "A", 2), edit(1, "A", 3)]) == PutResult(4, 5, 2, 1, 0)
        assert writer.put([write(1, "A", 2), write(1, "A", 3)]) == PutResult(0, 0, 0, 2, 0)
        writer.put([write(2, "C", 5, 10, event=DELETE), edit(2, "C", 5)])
    async with store.reader() as reader:
        assert (await events(reader))[3:] == [(UPDATE, 2), (UPDATE, 3), (DELETE, 5), (UPDATE, 5)]
        assert (await page(reader, title="B")).offset == 3
        assert (await page(reader, title="C")).state == PageState.DELETED


async def test_the_edit_of_a_revision_that_a_move_made_is_known(store: Store) -> None:
    moved = replace(write(1, "B", 2, event=UPDATE), brings_revision=True)
    with store.writer() as writer:
        writer.put([edit(1, "A", 1)])
        assert writer.put([moved, edit(1, "B", 2)]) == PutResult(2, 2, 1, 1, 0)


async def test_other_facts_of_a_page_never_seen_create_it(store: Store) -> None:
    with store.writer() as writer:
        writer.put([write(1, "A", 1, event=UPDATE)])
    async with store.reader() as reader:
        assert await events(reader) == [(CREATE, 1)]


async def test_a_move_is_appended_though_the_page_has_its_revision(store: Store) -> None:
    with store.writer() as writer:
        writer.put([edit(1, "A", 2)])
        assert writer.put([write(1, "B", 2, event=UPDATE), write(1, "C", 1, event=UPDATE)]).written == 2
    async with store.reader() as reader:
        assert await events(reader) == [(CREATE, 2), (UPDATE, 2), (UPDATE, 1)]
        assert (await page(reader, title="B")).offset == 2
        assert (await page(reader, page_id=1, revision_id=1)).offset == 3
        for title in ("A", "C"):
            assert await reader.get(PageKey("enwiki", title=title), Parts.HEAD) is None


async def test_a_move_told_late_leaves_a_deleted_page_deleted(store: Store) -> None:
    with store.writer() as writer:
        writer.put([edit(1, "A", 1), write(1, "B", 1, 10, event=DELETE)])
        assert writer.put([write(1, "B", 1, event=UPDATE), write(1, "C", 12, event=UPDATE)]).written == 2
    async with store.reader() as reader:
        assert (await page(reader, title="B")).state == PageState.DELETED


async def test_the_deletion_of_a_page_never_seen_is_in_the_log(store: Store) -> None:
    with store.writer() as writer:
        assert writer.put([write(1, "A", 0, 10, event=DELETE)]).written == 1
    async with store.reader() as reader:
        assert await events(reader) == [(DELETE, 0)]
        found = await page(reader, title="A")
        assert (found.state, found.modified, len(found.fragments)) == (PageState.DELETED, 10, 1)
        assert await offsets(reader, 1) == []


async def test_a_deletion_that_the_page_outlived_is_only_in_the_log(store: Store) -> None:
    with store.writer() as writer:
        writer.put([edit(1, "A", 5, 50)])
        assert writer.put([write(1, "A", 5, 49, event=DELETE)]).written == 1
    async with store.reader() as reader:
        assert await events(reader) == [(CREATE, 5), (DELETE, 5)]
        for revision_id in (0, 5):
            found = await page(reader, page_id=1, revision_id=revision_id)
            assert (found.offset, found.state) == (1, PageState.LIVE)
        assert await offsets(reader, 2) == [1]


@pytest.mark.parametrize("revision_id", [0, 5, 6])
async def test_a_deletion_in_the_second_of_the_newest_edit_deletes(store: Store, revision_id: int) -> None:
    with store.writer() as writer:
        writer.put([edit(1, "A", 5, 50), write(1, "A", revision_id, 50, event=DELETE)])
    async with store.reader() as reader:
        assert (await page(reader, page_id=1)).state == PageState.DELETED


async def test_an_undeleted_page_is_a_page_like_any_other(store: Store) -> None:
    """Its revision is older than its deletion."""
    with store.writer() as writer:
        writer.put([edit(1, "A", 1), edit(2, "R", 2, target="A"), write(1, "A", 1, 10, event=DELETE)])
        assert writer.put([write(1, "A", 1, event=CREATE)]).written == 1
        async with store.reader() as reader:
            undeleted = await page(reader, title="A")
            assert (undeleted.offset, undeleted.state, undeleted.modified) == (4, PageState.LIVE, 1)
            assert [r.name for r in Article.FromString(b"".join(undeleted.fragments)).redirects] == ["R"]
            assert (await page(reader, page_id=1, revision_id=1)).offset == 4
            assert [await offsets(reader, as_of) for as_of in (2, 3, 4)] == [[1], [], [4]]

            writer.put([edit(1, "A", 9, 9), write(1, "A", 1, 9, event=DELETE)])
            assert (await page(reader, page_id=1)).offset == 4
            writer.put([write(1, "A", 1, event=HIDING, hidden=Hidden.TEXT)])
            assert len((await page(reader, page_id=1)).fragments) == 2
            writer.put([write(1, "B", 1, event=UPDATE)])
            assert (await page(reader, title="B")).offset == 8
            assert writer.put([edit(1, "B", 11)]).written == 1
            assert (await page(reader, title="B")).offset == 9
            assert await offsets(reader, 9) == [9]
            types = [event for event, _ in (await events(reader))[3:]]
            assert types == [CREATE, UPDATE, DELETE, HIDING, UPDATE, UPDATE]


async def test_more_revisions_can_be_undeleted_later(store: Store) -> None:
    with store.writer() as writer:
        writer.put([edit(1, "A", 1), edit(1, "A", 5), write(1, "A", 5, 10, event=DELETE)])
        writer.put([write(1, "A", 1, event=CREATE)])
        assert writer.put([write(1, "A", 5, event=CREATE), write(1, "A", 5, event=CREATE)]) == PutResult(5, 5, 1, 1, 0)
        assert writer.put([write(1, "A", 1, event=CREATE), write(1, "A", 3, event=CREATE)]) == PutResult(6, 6, 1, 1, 0)
    async with store.reader() as reader:
        assert (await page(reader, page_id=1)).offset == 5
        assert (await page(reader, page_id=1, revision_id=3)).offset == 6


async def test_an_undeleted_page_takes_its_title_back(store: Store) -> None:
    with store.writer() as writer:
        writer.put([edit(1, "A", 1), write(1, "A", 1, 10, event=DELETE), edit(2, "A", 11), edit(2, "B", 12)])
        writer.put([write(1, "A", 1, event=CREATE)])
    async with store.reader() as reader:
        assert (await page(reader, title="A")).page_id == 1
        assert (await page(reader, title="B")).page_id == 2


async def test_an_undeleted_redirect_leads_again(store: Store) -> None:
    redirect = edit(1, "R", 1, target="A")
    with store.writer() as writer:
        writer.put([redirect, edit(2, "A", 2), write(1, "R", 1, 10, event=DELETE)])
        writer.put([replace(redirect, event_type=CREATE)])
    async with store.reader() as reader:
        for as_of, leading in ((2, ["R"]), (3, []), (4, ["R"])):
            (article,) = await reader.scan("enwiki", (0,), as_of, 0, Parts.REDIRECTS, 10, PLENTY)
            assert [r.name for r in Article.FromString(b"".join(article.fragments)).redirects] == leading


async def test_the_versions_of_a_page_come_newest_first(store: Store) -> None:
    with store.writer() as writer:
        writer.put([edit(1, "Draft", 5, namespace=2), edit(2, "B", 6), write(1, "A", 5, event=UPDATE)])
        writer.put([edit(1, "Draft", 3, namespace=2), write(1, "A", 5, 9, event=DELETE)])
    async with store.reader() as reader:
        assert await reader.versions("enwiki", 1, 3) == [
            StoredVersion(5, 5, 0, 9, "A", PageState.DELETED),
            StoredVersion(4, 3, 2, 3, "Draft", PageState.LIVE),
            StoredVersion(3, 5, 0, 5, "A", PageState.LIVE),
        ]
        assert len(await reader.versions("enwiki", 1, 100)) == 4
        for project, page_id in (("enwiki", 3), ("nowiki", 1), ("enwiki", 2**70)):
            assert await reader.versions(project, page_id, 10) == []


async def test_a_status_is_replaced_and_found_by_its_source(store: Store) -> None:
    with store.writer() as writer:
        async with store.reader() as reader:
            assert list(await reader.statuses()) == []
            writer.put_status("stream", b"connecting")
            writer.put_status("https://wiki.example/w/", b"\0")
            writer.put_status("stream", b"following")
            assert list(await reader.statuses()) == [("https://wiki.example/w/", b"\0"), ("stream", b"following")]
    async with store.reader() as reader:
        assert len(await reader.statuses()) == 2
        assert (await reader.log_info()).newest_offset == 0
