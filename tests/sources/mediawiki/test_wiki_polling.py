import asyncio
from contextlib import aclosing, suppress

import orjson
import pytest
from fake_wiki import PROJECT, START, WIKI, DirectApi, FakeWiki, stamp
from hypothesis import given, settings
from hypothesis import strategies as st

from wikifeed_server.errors import SourceCorruptError
from wikifeed_server.sources.events import EventKind, PageEvent
from wikifeed_server.sources.mediawiki import MediaWikiSource, PollingOptions

OVERLAP = 10
QUICK = PollingOptions(poll_seconds=0.0, overlap_seconds=OVERLAP, backfill=False)


def source(wiki: FakeWiki, options: PollingOptions = QUICK) -> MediaWikiSource:
    return MediaWikiSource(WIKI, DirectApi(wiki), options)


async def read(
    wiki: FakeWiki, state: bytes | None, requests: int = 5, options: PollingOptions = QUICK
) -> tuple[list[PageEvent], bytes | None]:
    """What comes until the wiki was asked so many times more, and the state then."""
    events: list[PageEvent] = []
    api = DirectApi(wiki)
    enough = asyncio.Event()
    end = len(wiki.asked) + requests
    ask = api.query

    async def query(parameters):
        if len(wiki.asked) >= end:
            enough.set()
            await asyncio.Event().wait()
        return await ask(parameters)

    api.query = query

    async def follow() -> None:
        nonlocal state
        async with aclosing(MediaWikiSource(WIKI, api, options).read(state)) as batches:
            async for batch in batches:
                events.extend(batch.events)
                state = batch.state

    following = asyncio.create_task(follow())
    waiting = asyncio.create_task(enough.wait())
    await asyncio.wait((following, waiting), return_when=asyncio.FIRST_COMPLETED)
    following.cancel()
    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await following
    return events, state


async def begun(wiki: FakeWiki, options: PollingOptions = QUICK) -> bytes:
    async with aclosing(source(wiki, options).read(None)) as batches:
        async for batch in batches:
            return batch.state
    raise AssertionError


def what(events: list[PageEvent]) -> list[tuple[EventKind, str]]:
    return [(event.kind, event.title) for event in events]


async def test_a_new_follower_begins_with_this_moment():
    wiki = FakeWiki()
    wiki.edit(START - 5)
    wiki.edit(START, title="Last")
    state = await begun(wiki)
    wiki.edit(START, title="Same second")
    events, _ = await read(wiki, state)
    assert what(events) == [(EventKind.EDIT, "Same second")]


async def test_edits_and_creations_bear_page_and_revision():
    wiki = FakeWiki()
    state = await begun(wiki)
    wiki.clock += 3
    wiki.edit(START + 1, type="new", title="你好", pageid=7, revid=70, old_revid=0)
    wiki.edit(START + 2, title="你好", pageid=7, revid=71, old_revid=70)
    events, _ = await read(wiki, state)
    assert events == [
        PageEvent(EventKind.CREATE, "fakewiki", 7, 0, "你好", (START + 1) * 1_000_000, revision_id=70),
        PageEvent(EventKind.EDIT, "fakewiki", 7, 0, "你好", (START + 2) * 1_000_000, revision_id=71, parent_id=70),
    ]


async def test_rows_that_share_a_second_with_the_checkpoint_come_once():
    wiki = FakeWiki()
    state = await begun(wiki)
    wiki.edit(START, title="A")
    first, state = await read(wiki, state)
    wiki.edit(START, title="B")
    second, state = await read(wiki, state)
    third, _ = await read(wiki, state)
    assert [what(each) for each in (first, second, third)] == [[(EventKind.EDIT, "A")], [(EventKind.EDIT, "B")], []]


async def test_a_row_stored_late_is_not_missed():
    wiki = FakeWiki()
    state = await begun(wiki)
    wiki.edit(START + 1, visible=START + OVERLAP, title="Late")
    wiki.edit(START + OVERLAP - 1, title="In time")
    wiki.clock = START + OVERLAP - 1
    first, state = await read(wiki, state)
    wiki.clock = START + OVERLAP
    second, _ = await read(wiki, state)
    assert what(first) == [(EventKind.EDIT, "In time")]
    assert what(second) == [(EventKind.EDIT, "Late")]


async def test_more_rows_than_an_answer_holds_come_in_the_order_of_both_lists():
    wiki = FakeWiki(limit=2)
    state = await begun(wiki)
    wiki.clock += 40
    for second in range(20):
        if second % 5 == 3:
            wiki.log(START + second, "delete/delete", listed=False, title=f"T{second}")
        else:
            wiki.edit(START + second, title=f"T{second}")
    events, _ = await read(wiki, state, requests=15)
    assert [event.title for event in events] == [f"T{second}" for second in range(20)]


async def test_more_rows_in_one_second_than_an_answer_holds_come_all():
    wiki = FakeWiki(limit=2)
    state = await begun(wiki)
    wiki.clock += 2
    for number in range(9):
        wiki.edit(START + 1, title=f"T{number}")
    events, _ = await read(wiki, state, requests=8)
    assert [event.title for event in events] == [f"T{number}" for number in range(9)]


@pytest.mark.parametrize("limit", [1, 2, 500])
async def test_what_is_in_the_way_of_a_move_is_deleted_before_it(limit):
    wiki = FakeWiki(limit=limit)
    state = await begun(wiki)
    wiki.log(START, "create/create", listed=False)
    row = {"ns": 0, "title": "Old", "logpage": 3, "pageid": 3}
    to = {"target_ns": 0, "target_title": "New", "suppressredirect": True}
    wiki.log(START, "delete/delete_redir", listed=False, title="New", logpage=9)
    wiki.log(START, "move/move_redir", **row, params=to, revid=33)
    wiki.edit(START, type="log", logid=2, logtype="delete", logaction="delete_redir", title="New", pageid=9, revid=0)
    wiki.edit(START, title="New", pageid=3)
    events, _ = await read(wiki, state, requests=9)
    assert what(events) == [(EventKind.DELETE, "New"), (EventKind.MOVE, "New"), (EventKind.EDIT, "New")]
    assert (events[1].previous_title, events[1].page_id, events[1].revision_id) == ("Old", 3, 33)


async def test_a_redirect_that_a_move_left_is_created():
    wiki = FakeWiki()
    state = await begun(wiki)
    wiki.page(40, "Old")
    to = {"target_ns": 0, "target_title": "New", "suppressredirect": False}
    wiki.log(START, "move/move", title="Old", logpage=3, pageid=40, params=to, revid=1039)
    events, _ = await read(wiki, state)
    assert what(events) == [(EventKind.MOVE, "New"), (EventKind.CREATE, "Old")]
    assert (events[1].page_id, events[1].revision_id) == (40, 1040)


async def test_a_redirect_that_is_gone_again_is_not_created():
    wiki = FakeWiki()
    state = await begun(wiki)
    wiki.page(3, "Old")
    to = {"target_ns": 0, "target_title": "New", "suppressredirect": False}
    wiki.log(START, "move/move", title="Old", logpage=3, pageid=3, params=to, revid=1002)
    events, _ = await read(wiki, state)
    assert what(events) == [(EventKind.MOVE, "New")]


async def test_edits_that_a_deletion_made_the_wiki_forget_come_with_the_restoration():
    wiki = FakeWiki()
    state = await begun(wiki)
    wiki.log(START + 1, "delete/delete", title="P", logpage=5, pageid=5)
    wiki.log(START + 2, "delete/restore", title="P", logpage=5, pageid=5)
    wiki.page(5, "P")
    wiki.clock += 3
    events, _ = await read(wiki, state)
    assert what(events) == [(EventKind.DELETE, "P"), (EventKind.UNDELETE, "P"), (EventKind.CREATE, "P")]
    assert events[2].revision_id == 1005


async def test_pages_that_embed_a_template_follow_when_the_wiki_has_touched_them():
    wiki = FakeWiki()
    state = await begun(wiki)
    wiki.page(1, "Quick", touched=START + 2)
    wiki.page(2, "Slow", touched=START)
    wiki.page(4, "Same second", touched=START + 1)
    wiki.embedded["Template:T"] = [1, 2, 3, 4]
    wiki.clock += 2
    number = wiki.edit(START + 1, ns=10, title="Template:T", pageid=9)
    first, state = await read(wiki, state)
    assert what(first) == [(EventKind.EDIT, "Template:T"), (EventKind.REFRESH, "Quick")]
    assert first[1].keys == (f"rc:{number}:1",)
    wiki.pages[2]["touched"] = stamp(START + 2)
    second, state = await read(wiki, state)
    assert what(second) == [(EventKind.REFRESH, "Slow")]
    wiki.clock = START + 6
    third, state = await read(wiki, state)
    assert what(third) == [(EventKind.REFRESH, "Same second")]
    assert what((await read(wiki, state))[0]) == []


async def test_pages_that_are_never_touched_are_not_waited_for_without_end():
    wiki = FakeWiki()
    options = PollingOptions(poll_seconds=0, overlap_seconds=OVERLAP, backfill=False, embedding_seconds=20)
    state = await begun(wiki, options)
    wiki.page(2, "Slow", touched=START)
    wiki.embedded["Template:T"] = [2]
    wiki.edit(START + 1, ns=10, title="Template:T", pageid=9)
    wiki.clock = START + 20
    first, state = await read(wiki, state, options=options)
    wiki.clock = START + 21
    second, _ = await read(wiki, state, options=options)
    assert what(first) == [(EventKind.EDIT, "Template:T")]
    assert what(second) == [(EventKind.REFRESH, "Slow")]


async def test_all_pages_come_first_and_what_happens_meanwhile_behind_them():
    wiki = FakeWiki(limit=2)
    options = PollingOptions(poll_seconds=0, overlap_seconds=OVERLAP)
    for number in range(1, 6):
        wiki.page(number, f"Page {number}", namespace=10 if number == 4 else 0)
    state = await begun(wiki, options)
    wiki.edit(START, title="Meanwhile")
    seen: list[PageEvent] = []
    for _ in range(9):
        # A process that lives for three requests: whether edits are forgotten, how many pages there are, some of them.
        events, state = await read(wiki, state, requests=3, options=options)
        seen += events
    assert [event.title for event in seen] == ["Page 1", "Page 2", "Page 3", "Page 5", "Page 4", "Meanwhile"]
    assert [event.revision_id for event in seen[:5]] == [1001, 1002, 1003, 1005, 1004]


async def test_a_quiet_wiki_moves_its_state_on():
    wiki = FakeWiki()
    state = await begun(wiki)
    wiki.clock += 100 * OVERLAP
    _, state = await read(wiki, state)
    assert orjson.loads(state)["time"] == START + 90 * OVERLAP


async def test_after_a_gap_longer_than_the_wiki_remembers_all_pages_are_read_again():
    wiki = FakeWiki()
    options = PollingOptions(poll_seconds=0, overlap_seconds=OVERLAP)
    state = await begun(wiki, PollingOptions(poll_seconds=0, overlap_seconds=OVERLAP, backfill=False))
    wiki.page(1, "Forgotten")
    wiki.clock += 100 * 86_400
    wiki.edit(wiki.clock - 86_400, title="Remembered")
    events, _ = await read(wiki, state, requests=9, options=options)
    assert what(events) == [(EventKind.EDIT, "Forgotten"), (EventKind.EDIT, "Remembered")]


async def test_a_gap_is_told_where_pages_are_not_to_be_read():
    wiki = FakeWiki()
    state = await begun(wiki)
    wiki.clock += 100 * 86_400
    following = source(wiki)
    async with aclosing(following.read(state)) as batches:
        async for _ in batches:
            break
    assert "may have forgotten edits made since 2023-11-14T22:13:20Z" in following.condition.last_error


async def test_rows_that_make_no_sense_are_counted_and_passed_over():
    wiki = FakeWiki()
    state = await begun(wiki)
    wiki.log(START, "move/move", params={"4": "old", "5": ""})
    wiki.changes.append({"time": START, "visible": START, "rcid": 99, "revid": "x"})
    wiki.edit(START, title="Good")
    following = source(wiki)
    async with aclosing(following.read(state)) as batches:
        async for batch in batches:
            assert what(list(batch.events)) == [(EventKind.EDIT, "Good")]
            break
    assert following.condition.malformed == 2


@pytest.mark.parametrize("state", [b"", b"[]", b"{}", b'{"version":2}', b'{"version":1,"time":null}'])
async def test_a_state_that_is_none_is_refused(state):
    with pytest.raises(SourceCorruptError):
        await read(FakeWiki(), state)


ROWS = st.tuples(
    st.integers(0, 90),
    st.integers(0, OVERLAP),
    st.sampled_from(["edit", "protect", "unlisted", "hidden", "template"]),
)


@settings(deadline=None, max_examples=150)
@given(
    rows=st.lists(ROWS, max_size=40),
    limit=st.integers(1, 8),
    tick=st.integers(1, 7),
    stops=st.lists(st.tuples(st.integers(1, 12), st.booleans()), max_size=12),
)
async def test_wherever_it_is_stopped_each_row_comes_once(rows, limit, tick, stops):
    wiki = FakeWiki(limit=limit)
    state = await begun(wiki)
    wiki.tick = tick
    wiki.embedded["Template:T"] = [1]
    wiki.page(1, "Embedding", touched=START + 500)
    expected = []
    for time, late, kind in rows:
        at, visible = START + 1 + time, START + 1 + time + late
        if kind == "edit":
            expected.append(("edit", 1000 + wiki.edit(at, visible)))
        elif kind == "template":
            expected.append(("edit", 1000 + wiki.edit(at, visible, ns=10, title="Template:T")))
        elif kind == "hidden":
            params = {"type": "revision", "ids": [1, 2], "new": {"bitmask": 1}}
            number = wiki.log(at, "delete/revision", visible, params=params)
            expected += [(f"log:{number}:1", 1), (f"log:{number}:2", 2)]
        else:
            number = wiki.log(at, "protect/protect", visible, listed=kind == "protect")
            expected.append((f"log:{number}", 0))
    committed: list[PageEvent] = []
    for requests, is_kept in stops:
        events, reached = await read(wiki, state, requests)
        # A kill between delivery and commit: the events are gone, and so is their state.
        if is_kept:
            committed += events
            state = reached
    wiki.clock = max(wiki.clock, START + 200)
    events, state = await read(wiki, state, 300)
    committed += events
    got = [(event.keys[0] if event.keys else "edit", event.revision_id) for event in committed]
    assert sorted(each for each in got if not each[0].startswith("rc:")) == sorted(expected)
    refreshes = [each for each in got if each[0].startswith("rc:")]
    assert len(refreshes) == len(set(refreshes))
    assert bool(refreshes) == any(kind == "template" for _, _, kind in rows)


def test_the_source_is_named_after_its_wiki():
    assert source(FakeWiki()).name == f"mediawiki:{WIKI.api_url}"
    assert PROJECT.identifier == "fakewiki"
