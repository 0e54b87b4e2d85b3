"""How often a wiki is asked for the facts behind events, and what it is not asked for again."""

import pytest
from facts_wiki import FactsWiki, event, refresh
from made_up_wiki import TIME, text_of

from wikifeed_server.sources.events import EventKind
from wikifeed_server.sources.facts import FirstHour

MINUTES_OF_A_DAY = 24 * 60


@pytest.fixture
async def wiki():
    async with FactsWiki() as opened:
        yield opened


async def test_events_and_their_parents_are_asked_for_by_fifty(wiki):
    for page in range(1, 121):
        wiki.newest[page] = 3000 + page
    async with wiki.reader() as reader:
        facts = await reader.read([event(3000 + page, parent_id=2000 + page) for page in range(1, 121)])
    assert [each.revision.text for each in facts] == [text_of(3000 + page) for page in range(1, 121)]
    assert [each.parent_text for each in facts] == [text_of(2000 + page) for page in range(1, 121)]
    assert wiki.count("revids") == 5


async def test_a_single_edit_of_a_known_page_takes_two_requests(wiki):
    wiki.newest[7] = 9007
    async with wiki.reader() as reader:
        await reader.read([event(8007, parent_id=7007)])
        wiki.revised[9007] = {"user": "User 8", "userid": 8}
        wiki.asked.clear()
        wiki.rendered.clear()
        await reader.read([event(9007, parent_id=8007)])
    assert (len(wiki.asked), len(wiki.rendered)) == (1, 1)


async def test_an_answer_in_pieces_is_put_together(wiki):
    wiki.pieces = True
    async with wiki.reader() as reader:
        seventh, eighth = await reader.read([event(1007), event(1008)])
    assert seventh.templates == eighth.templates == ("Template:Made up", "Template:Last")
    assert (seventh.revision.text, eighth.revision.text) == (text_of(1007), text_of(1008))
    assert wiki.count("revids") == 2


async def test_a_text_before_that_the_event_does_not_name_is_asked_for_too(wiki):
    wiki.newest[7] = 3007
    async with wiki.reader() as reader:
        (facts,) = await reader.read([event(3007)])
    assert facts.parent_text == text_of(2007)


async def test_the_text_before_is_not_asked_for_where_nobody_wants_it(wiki):
    wiki.newest[7] = 3007

    async def known(page_id: int, revision_id: int) -> str | None:
        pytest.fail("asked for a text before")

    async with wiki.reader(skip_parent_text=True, parents=known) as reader:
        named, unnamed = await reader.read([event(3007, parent_id=2007), event(3007)])
    assert named.parent_text is unnamed.parent_text is None
    assert [asked["revids"] for asked in wiki.asked if "revids" in asked] == ["3007"]


async def test_editors_are_asked_for_by_fifty_and_remembered_for_a_while(wiki):
    pages = range(1, 121)
    for page in pages:
        wiki.revised[1000 + page] = {"user": f"Editor {page}", "userid": page}
    async with wiki.reader() as reader:
        facts = await reader.read([event(1000 + page) for page in pages])
        assert [each.revision.editor.name for each in facts] == [f"Editor {page}" for page in pages]
        assert {each.revision.editor.edit_count for each in facts} == {2}
        assert wiki.count("ususers") == 3
        await reader.read([event(1000 + page) for page in pages])
        assert wiki.count("ususers") == 3
    async with wiki.reader(seconds=-1) as reader:
        await reader.read([event(1007)])
        await reader.read([event(1007)])
    assert wiki.count("ususers") == 5


async def test_a_burst_on_one_page_asks_for_its_past_once(wiki):
    wiki.newest[7] = 60007
    versions = range(30, 61)
    async with wiki.reader() as reader:
        facts = await reader.read([event(1000 * version + 7) for version in versions])
    for version, each in zip(versions, facts, strict=True):
        before = [1000 * earlier + 7 for earlier in range(version - 1, version - 16, -1)]
        assert [past.revision_id for past in each.history] == before
        assert each.created == (TIME + 60) * 1_000_000
    assert wiki.count("rvstartid") == 1


async def test_events_that_come_again_ask_nothing_of_the_past_and_forget_nothing(wiki):
    wiki.newest[7] = 12007
    async with wiki.reader() as reader:
        for version in (10, 11, 10, 1, 11, 12):
            (facts,) = await reader.read([event(1000 * version + 7)])
            before = [1000 * earlier + 7 for earlier in range(version - 1, 0, -1)]
            assert [past.revision_id for past in facts.history] == before
    assert wiki.count("rvstartid") == 1


async def test_what_was_hidden_meanwhile_is_not_remembered(wiki):
    wiki.newest[7] = 4007
    async with wiki.reader() as reader:
        (before,) = await reader.read([event(3007)])
        assert [past.editor_name for past in before.history] == ["User 2", "User 1"]
        wiki.hidden.add(2007)
        await reader.read([event(2007, EventKind.VISIBILITY)])
        (after,) = await reader.read([event(4007)])
    assert [(past.sha1, past.editor_name) for past in after.history][1] == ("", "")


async def test_the_first_hour_of_a_much_edited_page_is_counted_once_it_is_over(wiki):
    wiki.newest[7] = 80007
    async with wiki.reader() as reader:
        early, *late = await reader.read([event(1000 * version + 7) for version in (30, 70, 71, 72)])
        assert wiki.count("rvend") == 2
        (again,) = await reader.read([event(30007)])
    assert early.first_hour == again.first_hour == FirstHour(edits=30, editors=30)
    assert {each.first_hour for each in late} == {FirstHour(edits=61, editors=61)}


async def test_the_first_hour_matters_only_for_fresh_pages_and_those_moved_lately(wiki):
    old = MINUTES_OF_A_DAY + 100
    for page in (7, 8):
        wiki.newest[page] = (old + 1) * 1000 + page
    async with wiki.reader(seconds=-1) as reader:
        moved = event(old * 1000 + 7, EventKind.MOVE)
        await reader.read([moved, event(old * 1000 + 8)])
        seventh, eighth = await reader.read([event((old + 1) * 1000 + page) for page in (7, 8)])
    assert seventh.first_hour == FirstHour(edits=61, editors=61)
    assert eighth.first_hour is None


async def test_an_event_that_names_no_revision_is_asked_for_by_its_page(wiki):
    pages = range(1, 61)
    async with wiki.reader() as reader:
        facts = await reader.read([refresh(page) for page in pages])
    assert [each.revision.revision_id for each in facts] == [1000 + page for page in pages]
    assert sum("pageids" in asked and "rvlimit" not in asked for asked in wiki.asked) == 2
