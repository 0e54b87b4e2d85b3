"""What no row of the lists tells: redirects that moves leave, forgotten edits, pages that render anew, all pages."""

from contextlib import aclosing

from fake_following import OVERLAP, begun, read, source, what
from fake_wiki import START, FakeWiki, stamp

from wikifeed_server.sources.events import EventKind, PageEvent
from wikifeed_server.sources.mediawiki import PollingOptions


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
    wiki = FakeWiki(limit=2)
    state = await begun(wiki)
    wiki.log(START + 1, "delete/delete", title="P", logpage=5, pageid=5)
    for second in range(6):
        wiki.edit(START + 4 * OVERLAP + second, title="Other")
    wiki.log(START + 5 * OVERLAP, "delete/restore", title="P", logpage=5, pageid=5)
    wiki.page(5, "P")
    wiki.clock += 6 * OVERLAP
    events, _ = await read(wiki, state, requests=9)
    told = [event for event in events if event.title == "P"]
    assert [event.kind for event in told] == [EventKind.DELETE, EventKind.UNDELETE, EventKind.CREATE]
    assert told[2].revision_id == 1005
    assert len(events) == 9


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
