"""What comes of events whose pages and revisions the wiki has lost, hides, or tells of in part."""

import pytest
from facts_wiki import FactsWiki, event, refresh
from made_up_wiki import html_of, text_of

from wikifeed_server.sources.events import EventKind, PageEvent
from wikifeed_server.sources.mediawiki.revisions import past_row, revision_of


@pytest.fixture
async def wiki():
    async with FactsWiki() as opened:
        yield opened


async def test_a_page_that_is_gone_leaves_what_the_event_told(wiki):
    wiki.gone.add(7)
    async with wiki.reader() as reader:
        (facts,) = await reader.read([refresh(7)])
    assert (facts.page_id, facts.title, facts.revision, facts.html) == (7, "Page 7", None, "")


async def test_a_revision_that_is_gone_leaves_what_is_known_of_its_page(wiki):
    wiki.lost.add(2007)
    wiki.newest[7] = 3007
    wiki.extra[7] = {"title": "Page 7, moved", "watchers": 3}
    async with wiki.reader() as reader:
        gone, last = await reader.read([event(2007), event(3007)])
    assert (gone.revision, gone.html, gone.is_latest, gone.templates) == (None, "", False, None)
    assert (gone.title, gone.watchers) == ("Page 7, moved", 3)
    assert (last.revision.revision_id, last.is_latest, last.parent_text) == (3007, True, None)


async def test_a_page_edited_while_the_wiki_answers_has_the_revision_that_it_told(wiki):
    wiki.newest[7] = 3007
    wiki.later[7] = 4007
    async with wiki.reader() as reader:
        edit, refreshed = await reader.read([event(2007), refresh(7)])
    assert (refreshed.revision.revision_id, refreshed.html, refreshed.is_latest) == (3007, html_of(3007), False)
    assert (edit.revision.revision_id, edit.is_latest) == (2007, False)


async def test_many_deleted_revisions_do_not_stop_the_asking_for_html(wiki):
    wiki.lost |= {1000 + page for page in range(1, 41)}
    async with wiki.reader() as reader:
        await reader.read([event(1000 + page) for page in range(1, 41)])
        (facts,) = await reader.read([event(1100)])
    assert facts.html == html_of(1100)


async def test_pages_that_are_no_wikitext_do_not_stop_the_asking_for_html(wiki):
    wiki.has_rest = False
    for page in range(1, 41):
        slots = {"main": {"contentmodel": "json", "contentformat": "application/json", "content": "{}"}}
        wiki.revised[1000 + page] = {"slots": slots}
    async with wiki.reader() as reader:
        await reader.read([event(1000 + page) for page in range(1, 41)])
        wiki.has_rest = True
        (facts,) = await reader.read([event(1100)])
    assert facts.html == html_of(1100)


async def test_a_hidden_user_is_not_asked_about(wiki):
    wiki.hidden.add(1007)
    async with wiki.reader() as reader:
        await reader.read([event(1007)])
    assert wiki.count("ususers") == 0


@pytest.mark.parametrize(
    ("user", "told", "is_anonymous"),
    [
        ({"user": "192.0.2.1", "userid": 0, "anon": True}, {}, True),
        ({"user": "2001:DB8:0:0:0:0:0:1", "userid": 0, "anon": True}, {}, True),
        ({"user": "imported>Someone", "userid": 0}, {}, True),
        ({"user": "~2025-12345-6", "userid": 9}, {}, True),
        ({"user": "*Unregistered 5", "userid": 9}, {"temp": True}, True),
        ({"user": "~2 cents", "userid": 9}, {}, False),
        ({"user": "Someone", "userid": 9}, {}, False),
    ],
)
async def test_addresses_and_temporary_accounts_are_anonymous(wiki, user, told, is_anonymous):
    wiki.revised[1007] = user
    wiki.users[user["user"]] = told
    async with wiki.reader() as reader:
        (facts,) = await reader.read([event(1007)])
    editor = facts.revision.editor
    assert (editor.name, editor.identifier, editor.is_anonymous) == (user["user"], user["userid"], is_anonymous)
    assert wiki.count("ususers") == (user["userid"] != 0)


@pytest.mark.parametrize(
    ("hidden", "visible"),
    [
        ({"userhidden": True, "user": "", "userid": 0}, (True, False, True)),
        ({"commenthidden": True, "comment": ""}, (True, True, False)),
        ({"sha1hidden": True, "sha1": ""}, (True, True, True)),
        ({"slots": {"main": {"contentmodel": "wikitext", "texthidden": True}}}, (False, True, True)),
    ],
)
async def test_each_part_is_hidden_by_itself(wiki, hidden, visible):
    wiki.revised[1007] = hidden
    async with wiki.reader() as reader:
        (facts,) = await reader.read([event(1007)])
    revision = facts.revision
    assert (revision.text_visible, revision.editor_visible, revision.comment_visible) == visible
    assert (revision.text, facts.html) == ((text_of(1007), html_of(1007)) if visible[0] else ("", ""))
    assert (revision.editor.name, revision.comment) == (
        "User 1" if visible[1] else "",
        "version 1" if visible[2] else "",
    )


async def test_a_title_that_the_wiki_writes_its_own_way_is_found(wiki):
    wiki.extra[7] = {"title": "Usuaria:Page 7"}
    asked = PageEvent(EventKind.REFRESH, "madeupwiki", 0, 2, "Usuaria:Page 7", 0)
    async with wiki.reader() as reader:
        (facts,) = await reader.read([asked])
    assert (facts.page_id, facts.revision.revision_id) == (7, 1007)


def test_a_revision_of_which_no_parent_is_told_counts_as_the_first():
    told = {"revid": 5, "timestamp": "2002-01-01T00:00:00Z"}
    assert revision_of(told).parent_id == past_row(told).parent_id == 0
