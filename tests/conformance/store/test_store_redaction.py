"""What is hidden leaves every place that serves it, and stays away."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from store_engines import Store
from store_model import write

from wikifeed.v1.article_pb2 import Article, Visibility
from wikifeed.v1.change_pb2 import Change
from wikifeed.v1.change_service_pb2 import StreamChangesResponse
from wikifeed_server.store import ArticleWrite, EventType, Hidden, LogFilter, PageKey, PageState, Parts, Reader

PLENTY = 10**9
EVERYTHING = Hidden.TEXT | Hidden.EDITOR | Hidden.COMMENT
SECRETS = {
    Hidden.TEXT: (b"secret text", b"secret abstract", b"secret link", b"Category:Secret", b"secret sha1"),
    Hidden.EDITOR: (b"secret editor",),
    Hidden.COMMENT: (b"secret comment",),
}


def revealing(page_id: int, revision_id: int, **values: object) -> ArticleWrite:
    """A revision with something to hide in each of its parts."""
    head = Article(
        name="A",
        identifier=page_id,
        abstract="secret abstract",
        categories=[{"name": "Category:Secret"}],
        version={
            "identifier": revision_id,
            "comment": "secret comment",
            "editor": {"name": "secret editor"},
            "sha1": "secret sha1",
        },
    )
    return replace(
        write(page_id, "A", revision_id),
        head=head.SerializeToString(),
        body_html=Article(article_body={"html": "secret text"}).SerializeToString(),
        body_wikitext=Article(article_body={"wikitext": "secret text"}).SerializeToString(),
        structured=Article(links=[{"text": "secret link"}]).SerializeToString(),
        change=Change(previous_name="B").SerializeToString(),
        **values,
    )


def hiding(page_id: int, revision_id: int, hidden: Hidden) -> ArticleWrite:
    return write(page_id, "A", revision_id, event=EventType.VISIBILITY_CHANGE, hidden=hidden)


async def from_get(reader: Reader) -> bytes:
    found = await reader.get(PageKey("enwiki", title="A"), Parts.ALL)
    return b"".join(found.fragments) if found else b""


async def from_get_by_revision(reader: Reader) -> bytes:
    found = await reader.get(PageKey("enwiki", page_id=1), Parts.ALL, revision_id=2)
    return b"".join(found.fragments) if found else b""


async def from_frames(reader: Reader) -> bytes:
    return b"".join((await reader.read_frames(0, LogFilter(), 100, PLENTY)).frames)


async def from_filtered_frames(reader: Reader) -> bytes:
    return b"".join((await reader.read_frames(0, LogFilter(projects=("enwiki",)), 100, PLENTY)).frames)


async def from_entries(reader: Reader) -> bytes:
    entries, _ = await reader.read_entries(0, LogFilter(), Parts.ALL, 100, PLENTY)
    return b"".join(fragment for entry in entries for fragment in (entry.change, *entry.fragments))


async def from_scans(reader: Reader) -> bytes:
    newest = (await reader.log_info()).newest_offset
    scans = [await reader.scan("enwiki", (0,), as_of, 0, Parts.ALL, 100, PLENTY) for as_of in range(1, newest + 1)]
    return b"".join(fragment for scan in scans for article in scan for fragment in article.fragments)


PLACES = (from_get, from_get_by_revision, from_frames, from_filtered_frames, from_entries, from_scans)


def secrets_in(served: bytes) -> set[bytes]:
    return {secret for secrets in SECRETS.values() for secret in secrets if secret in served}


def hidden_secrets(hidden: Hidden) -> set[bytes]:
    return {secret for part, secrets in SECRETS.items() if part in hidden for secret in secrets}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("hidden", [*Hidden, Hidden.TEXT | Hidden.COMMENT, EVERYTHING])
async def test_what_is_hidden_is_served_nowhere(
    store: Store, place: Callable[[Reader], Awaitable[bytes]], hidden: Hidden
) -> None:
    """Also not by a reader that was asked before."""
    everything = hidden_secrets(EVERYTHING)
    shown = everything - hidden_secrets(hidden)
    if place in (from_frames, from_filtered_frames):  # which hold no bodies
        everything -= {b"secret text", b"secret link"}
    with store.writer() as writer:
        async with store.reader() as reader:
            writer.put([revealing(1, 2), replace(revealing(1, 2), event_type=EventType.UPDATE)])
            for _ in range(2):  # from the disk, then perhaps from memory
                assert secrets_in(await place(reader)) == everything
            writer.put([replace(revealing(1, 2), event_type=EventType.VISIBILITY_CHANGE, hidden=hidden)])
            for _ in range(2):
                assert secrets_in(await place(reader)) == everything & shown
    async with store.reader() as reader:
        assert secrets_in(await place(reader)) == everything & shown


async def test_the_log_keeps_its_order_times_and_events_and_says_what_is_hidden(store: Store) -> None:
    with store.writer() as writer:
        writer.put([revealing(1, 2), revealing(1, 3)])
        async with store.reader() as reader:
            before = StreamChangesResponse.FromString(await from_frames(reader)).changes
            writer.put([hiding(1, 2, EVERYTHING)])
            after = StreamChangesResponse.FromString(await from_frames(reader)).changes
    assert after[1] == before[1]
    assert not after[0].article.visibility.text
    assert not secrets_in(after[0].SerializeToString())
    for change in (before[0], after[0]):
        for name in ("abstract", "categories", "visibility", "version"):
            change.article.ClearField(name)
    assert after[0] == before[0]
    assert after[2].event_type == EventType.VISIBILITY_CHANGE
    assert after[2].article.visibility == Visibility()


async def test_only_the_revision_that_is_hidden_loses_something(store: Store) -> None:
    with store.writer() as writer:
        writer.put([revealing(1, 2), revealing(1, 3), revealing(2, 2), replace(revealing(1, 2), project="dewiki")])
        writer.put([hiding(1, 2, EVERYTHING)])
    async with store.reader() as reader:
        for project, page_id, revision_id in (("enwiki", 1, 3), ("enwiki", 2, 2), ("dewiki", 1, 2)):
            found = await reader.get(PageKey(project, page_id=page_id), Parts.ALL, revision_id)
            assert found is not None
            assert secrets_in(b"".join(found.fragments)) == hidden_secrets(EVERYTHING)
        newest = await reader.get(PageKey("enwiki", page_id=1), Parts.HEAD)
        assert newest is not None
        assert newest.offset == 2


async def test_the_state_of_a_page_whose_newest_revision_is_hidden_is_the_hidings_own(store: Store) -> None:
    with store.writer() as writer:
        writer.put([revealing(1, 2), write(2, "R", 3, target="A"), hiding(1, 2, Hidden.EDITOR)])
    async with store.reader() as reader:
        found = await reader.get(PageKey("enwiki", title="A"), Parts.ALL)
        assert found is not None
        article = Article.FromString(b"".join(found.fragments))
        assert (found.offset, found.state) == (3, PageState.LIVE)
        assert article.abstract == "Text 2"
        assert [redirect.name for redirect in article.redirects] == ["R"]
        assert article.visibility == Visibility(text=True, comment=True)


@pytest.mark.parametrize("late", [{"keeps_older": True}, {"event_type": EventType.UPDATE}])
async def test_what_is_told_of_a_hidden_revision_later_holds_nothing_hidden(store: Store, late: dict) -> None:
    with store.writer() as writer:
        writer.put([write(1, "A", 3), hiding(1, 2, Hidden.TEXT | Hidden.EDITOR)])
        assert writer.put([revealing(1, 2, **late)]).written == 1
    async with store.reader() as reader:
        for place in PLACES:
            assert secrets_in(await place(reader)) <= {b"secret comment"}
        assert secrets_in(await from_get_by_revision(reader)) == {b"secret comment"}


async def test_the_hiding_of_an_older_revision_is_not_the_pages_state_whatever_its_time(store: Store) -> None:
    """Where the wiki tells nothing more of the revision, the time is that of the hiding."""
    with store.writer() as writer:
        writer.put([revealing(1, 2), revealing(1, 3), replace(hiding(1, 2, EVERYTHING), modified=100)])
        writer.put([replace(hiding(1, 1, EVERYTHING), modified=100)])
    async with store.reader() as reader:
        for revision_id, offset in ((0, 2), (1, 4), (2, 3)):
            found = await reader.get(PageKey("enwiki", page_id=1), Parts.HEAD, revision_id)
            assert found is not None
            assert found.offset == offset


async def test_the_revisions_of_a_deleted_page_can_be_hidden(store: Store) -> None:
    deletion = replace(revealing(1, 2), modified=9, event_type=EventType.DELETE)
    with store.writer() as writer:
        writer.put([revealing(1, 2), deletion, hiding(1, 2, EVERYTHING)])
    async with store.reader() as reader:
        for place in PLACES:
            assert not secrets_in(await place(reader))
        found = await reader.get(PageKey("enwiki", title="A"), Parts.ALL)
        assert found is not None
        assert (found.offset, found.state) == (2, PageState.DELETED)


async def test_a_revision_that_is_shown_again_is_answered_with_what_came_with_that(store: Store) -> None:
    with store.writer() as writer:
        writer.put([revealing(1, 2), revealing(1, 3), hiding(1, 2, EVERYTHING)])
        async with store.reader() as reader:
            assert not secrets_in(await from_get_by_revision(reader))
            writer.put([replace(revealing(1, 2), event_type=EventType.VISIBILITY_CHANGE)])
            assert secrets_in(await from_get_by_revision(reader)) == hidden_secrets(EVERYTHING)
            writer.put([replace(revealing(1, 2), event_type=EventType.UPDATE)])
            assert secrets_in(await from_get_by_revision(reader)) == hidden_secrets(EVERYTHING)
            first = StreamChangesResponse.FromString(await from_frames(reader)).changes[0]
            assert not secrets_in(first.SerializeToString())
            found = await reader.get(PageKey("enwiki", page_id=1), Parts.HEAD)
            assert found is not None
            assert found.offset == 2


async def test_less_hidden_than_before_brings_nothing_back_into_older_versions(store: Store) -> None:
    with store.writer() as writer:
        writer.put([revealing(1, 2), hiding(1, 2, EVERYTHING)])
        shown_text = replace(revealing(1, 2), event_type=EventType.VISIBILITY_CHANGE, hidden=Hidden.EDITOR)
        writer.put([shown_text])
    async with store.reader() as reader:
        assert secrets_in(await from_get(reader)) == hidden_secrets(Hidden.TEXT | Hidden.COMMENT)
        first = StreamChangesResponse.FromString(await from_frames(reader)).changes[0].article
        assert not secrets_in(first.SerializeToString())
        assert first.visibility == Visibility()


async def test_what_the_log_forgot_is_hidden_too(store: Store) -> None:
    with store.writer() as writer:
        writer.put([revealing(1, 2), revealing(1, 3)])
    store.trim_log(2)
    with store.writer() as writer:
        writer.put([hiding(1, 2, EVERYTHING)])
    async with store.reader() as reader:
        assert not secrets_in(await from_get_by_revision(reader))
        (scanned,) = await reader.scan("enwiki", (0,), 1, 0, Parts.ALL, 1, PLENTY)
        assert not secrets_in(b"".join(scanned.fragments))


async def test_the_hiding_of_a_page_never_seen_holds_for_its_edit(store: Store) -> None:
    with store.writer() as writer:
        assert writer.put([hiding(1, 2, EVERYTHING), revealing(1, 2, keeps_older=True)]).written == 2
    async with store.reader() as reader:
        for place in PLACES:
            assert not secrets_in(await place(reader))
