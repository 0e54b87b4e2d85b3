"""What is asked of a wiki for its events, and what comes of its answers."""

import aiohttp
import pytest
from made_up_wiki import TIME, MadeUpWiki, html_of, text_of

from wikifeed_server.projects import ProjectInfo
from wikifeed_server.sources.events import EventKind, PageEvent, Patience, Visible
from wikifeed_server.sources.facts import FirstHour, PageImage, Restriction
from wikifeed_server.sources.mediawiki import Etiquette, FactsOptions, FactsReader, WikiApi

SECOND = 1_000_000
HASTY = Etiquette(patience=Patience(first_delay=0.001, longest_delay=0.01))


@pytest.fixture
async def wiki():
    async with MadeUpWiki() as opened:
        yield opened


@pytest.fixture
async def facts_reader(wiki):
    async with aiohttp.ClientSession() as session:

        def opened(**options):
            base = f"{wiki.address}/made.up/w"
            api = WikiApi(f"{base}/api.php", f"{base}/rest.php", session, HASTY)
            return FactsReader(api, ProjectInfo("madeupwiki"), FactsOptions(**options))

        yield opened


def edit(revision_id: int, kind: EventKind = EventKind.EDIT, **facts) -> PageEvent:
    page_id = revision_id % 1000
    told = {"revision_id": revision_id} | facts
    return PageEvent(kind, "madeupwiki", page_id, 0, f"Page {page_id}", TIME * SECOND, **told)


async def test_an_edit_gets_its_revision_with_text_and_html_and_what_was_before(wiki, facts_reader):
    wiki.newest[7] = 3007
    (facts,) = await facts_reader().read([edit(3007)])
    revision = facts.revision
    assert (facts.title, facts.page_id, facts.is_latest) == ("Page 7", 7, True)
    assert (revision.revision_id, revision.parent_id, revision.comment) == (3007, 2007, "version 3")
    assert (revision.text, facts.html) == (text_of(3007), html_of(3007))
    assert (facts.parent_text, facts.parent_timestamp) == (text_of(2007), (TIME + 120) * SECOND)
    assert [past.revision_id for past in facts.history] == [2007, 1007]
    assert (facts.created, facts.first_hour) == ((TIME + 60) * SECOND, FirstHour(edits=3, editors=3))
    editor = revision.editor
    assert (editor.name, editor.edit_count, editor.groups, editor.is_anonymous) == ("User 3", 30, ("sysop",), False)
    assert facts.templates == ("Template:Made up",)


async def test_an_overtaken_edit_gets_its_own_text_and_no_facts_of_a_later_one(wiki, facts_reader):
    wiki.newest[7] = 4007
    old, new = await facts_reader().read([edit(2007), edit(4007)])
    assert (old.revision.text, old.html, old.is_latest, old.templates) == (text_of(2007), html_of(2007), False, None)
    assert (new.revision.text, new.html, new.is_latest) == (text_of(4007), html_of(4007), True)


async def test_what_is_hidden_is_empty_and_its_html_is_not_waited_for(wiki, facts_reader):
    wiki.newest[7] = 3007
    wiki.hidden.add(2007)
    (facts,) = await facts_reader().read([edit(2007)])
    revision = facts.revision
    assert (revision.text_visible, revision.editor_visible, revision.comment_visible) == (False, False, False)
    assert (revision.text, revision.sha1, revision.editor.name, facts.html) == ("", "", "", "")
    (after,) = await facts_reader().read([edit(3007)])
    assert after.parent_text is None
    assert [past.sha1 for past in after.history] == ["", f"{1007:040x}"]
    hiding = edit(2007, EventKind.VISIBILITY, visible=Visible(text=False, editor=True, comment=True))
    rendered = len(wiki.rendered)
    await facts_reader().read([hiding])
    assert len(wiki.rendered) == rendered


async def test_what_is_gone_leaves_what_the_event_told(wiki, facts_reader):
    wiki.lost.add(1007)
    (facts,) = await facts_reader().read([edit(1007)])
    assert (facts.page_id, facts.title, facts.revision, facts.html) == (7, "Page 7", None, "")


async def test_a_deletion_asks_nothing(wiki, facts_reader):
    assert await facts_reader().read([edit(1007, EventKind.DELETE)]) == [None]
    assert wiki.asked == wiki.rendered == []


async def test_an_event_without_a_revision_gets_the_newest(wiki, facts_reader):
    wiki.newest[8] = 2008
    by_id, by_title = await facts_reader().read(
        [
            PageEvent(EventKind.REFRESH, "madeupwiki", 8, 0, "Page 8", TIME * SECOND),
            PageEvent(EventKind.CREATE, "madeupwiki", 0, 0, "Page 9", TIME * SECOND),
        ]
    )
    assert (by_id.revision.revision_id, by_id.html) == (2008, html_of(2008))
    assert (by_title.page_id, by_title.revision.revision_id) == (9, 1009)


async def test_events_share_requests(wiki, facts_reader):
    events = [edit(1000 + number) for number in range(1, 121)]
    facts = await facts_reader().read(events)
    assert [each.revision.revision_id for each in facts] == [event.revision_id for event in events]
    assert sum("revids" in asked for asked in wiki.asked) == 3
    assert sum(asked.get("list") == "users" for asked in wiki.asked) == 1
    assert len(wiki.rendered) == 120


async def test_a_busy_page_is_asked_for_its_past_once(wiki, facts_reader):
    reader = facts_reader()
    wiki.newest[7] = 30007
    for version in range(20, 31):
        (facts,) = await reader.read([edit(1000 * version + 7)])
        assert [past.revision_id for past in facts.history] == [
            1000 * n + 7 for n in range(version - 1, version - 16, -1)
        ]
        assert facts.created == (TIME + 60) * SECOND
    past = [asked for asked in wiki.asked if "rvstartid" in asked]
    assert len(past) == 1
    assert sum(asked.get("rvdir") == "newer" and asked["rvlimit"] == "1" for asked in wiki.asked) == 1


async def test_parents_that_are_known_are_not_asked_for(wiki, facts_reader):
    wiki.newest[7] = 3007

    async def known(page_id: int, revision_id: int) -> str | None:
        return f"ours of {revision_id}"

    (facts,) = await facts_reader(parents=known).read([edit(3007, parent_id=2007)])
    assert facts.parent_text == "ours of 2007"
    assert [asked["revids"] for asked in wiki.asked if "revids" in asked] == ["3007"]


async def test_what_else_the_wiki_tells_of_the_page(wiki, facts_reader):
    wiki.extra[7] = {
        "protection": [
            {"type": "edit", "level": "sysop", "expiry": "infinity"},
            {"type": "edit", "level": "sysop", "expiry": "infinity", "source": "Main Page"},
        ],
        "watchers": 31,
        "pageprops": {"wikibase_item": "Q7", "noindex": ""},
        "original": {"source": "https://made.up/x.png", "width": 10, "height": 20},
        "wbentityusage": {"Q8": {"aspects": ["S", "L.en"]}},
        "flagged": {"stable_revid": 1007},
    }
    (facts,) = await facts_reader().read([edit(1007)])
    assert facts.protection == (Restriction("edit", "sysop", "infinity"),)
    assert (facts.watchers, facts.properties) == (31, {"wikibase_item": "Q7", "noindex": ""})
    assert facts.image == PageImage("https://made.up/x.png", 10, 20)
    assert [(use.identifier, use.aspects) for use in facts.entities] == [("Q8", ("S", "L.en"))]
    assert facts.revision.is_stable


async def test_a_wiki_without_rest_is_not_asked_for_html_again_and_again(wiki, facts_reader):
    wiki.has_rest = False
    reader = facts_reader()
    for number in range(1, 61):
        (facts,) = await reader.read([edit(1000 + number)])
        assert (facts.revision.text, facts.html) == (text_of(1000 + number), "")
    assert len(wiki.rendered) == 20
