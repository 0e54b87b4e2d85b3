from contextlib import aclosing

import orjson
import pytest
from fake_following import OVERLAP, begun, read, source, what
from fake_wiki import START, WIKI, FakeWiki
from hypothesis import given, settings
from hypothesis import strategies as st

from wikifeed_server.errors import SourceCorruptError
from wikifeed_server.sources.events import EventKind, PageEvent


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


async def test_a_row_stored_late_behind_a_place_that_a_long_turn_has_passed_is_not_missed():
    wiki = FakeWiki(limit=1)
    state = await begun(wiki)
    wiki.edit(START + 1, visible=START + 1 + OVERLAP, title="Late")
    wiki.edit(START + 2, title="First")
    wiki.edit(START + 2, title="Second")
    wiki.edit(START + 14, title="During the turn")
    # Whether edits are forgotten is asked first; then the turn begins, and each answer takes longer than the overlap.
    wiki.tick, wiki.clock = 12, START + 3 - 12
    events, _ = await read(wiki, state, requests=9)
    assert [event.title for event in events] == ["First", "Second", "During the turn", "Late"]


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


@pytest.mark.parametrize("limit", [1, 500])
async def test_what_the_log_tells_first_waits_for_recentchanges_and_holds_up_what_is_behind(limit):
    wiki = FakeWiki(limit=limit)
    state = await begun(wiki)
    wiki.clock += 3
    wiki.edit(START + 1, title="Before")
    to = {"target_ns": 0, "target_title": "New", "suppressredirect": True}
    wiki.log(START + 2, "move/move", listed=False, title="Old", logpage=3, params=to)
    wiki.edit(START + 3, title="Behind")
    wiki.edit(START + 3, title="Last")
    first, state = await read(wiki, state)
    row = {"type": "log", "logid": 1, "logtype": "move", "logaction": "move", "title": "Old", "pageid": 3, "revid": 33}
    wiki.edit(START + 2, **row, logparams=to)
    second, _ = await read(wiki, state, requests=9)
    assert what(first) == [(EventKind.EDIT, "Before")]
    assert what(second) == [(EventKind.MOVE, "New"), (EventKind.EDIT, "Behind"), (EventKind.EDIT, "Last")]
    assert second[0].revision_id == 33


async def test_what_only_the_log_tells_is_not_waited_for_without_end():
    wiki = FakeWiki()
    state = await begun(wiki)
    wiki.log(START + 1, "delete/delete", listed=False, title="Gone")
    wiki.edit(START + 2, title="Behind")
    wiki.clock = START + 5
    first, state = await read(wiki, state)
    wiki.clock = START + 6
    second, _ = await read(wiki, state)
    assert what(first) == []
    assert what(second) == [(EventKind.DELETE, "Gone"), (EventKind.EDIT, "Behind")]


async def test_a_quiet_wiki_moves_its_state_on():
    wiki = FakeWiki()
    state = await begun(wiki)
    wiki.clock += 100 * OVERLAP
    _, state = await read(wiki, state)
    assert orjson.loads(state)["time"] == START + 90 * OVERLAP


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
