"""The facts that a real MediaWiki with Parsoid tells, beside what it tells when asked for them one by one."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from wiki_editor import WikiEditor

from wikifeed_server.sources.events import EventKind, PageEvent
from wikifeed_server.sources.mediawiki import Etiquette, FactsReader, WikiApi, find_wiki

pytestmark = [pytest.mark.full, pytest.mark.timeout(300)]

TITLES = ["Facts Zürich", "Facts مرحبا بالعالم", "Facts 你好，世界", "Facts 😀"]


@pytest.fixture
async def editor(mediawiki) -> AsyncIterator[WikiEditor]:
    async with WikiEditor(mediawiki) as opened:
        yield opened


@pytest.fixture
async def reader(mediawiki, session) -> FactsReader:
    wiki = await find_wiki(mediawiki, session, Etiquette())
    return FactsReader(WikiApi(wiki.api_url, wiki.rest_url, session, Etiquette()), wiki.project)


async def rendered(mediawiki: str, session: aiohttp.ClientSession, revision_id: int) -> str:
    async with session.get(f"{mediawiki}/rest.php/v1/revision/{revision_id}/html") as response:
        assert response.status == 200
        return (await response.read()).decode()


def edited(page_id: int, title: str, revision_id: int, kind: EventKind = EventKind.EDIT) -> PageEvent:
    return PageEvent(kind, "wiki", page_id, 0, title, 0, revision_id=revision_id)


@pytest.mark.parametrize("title", TITLES)
async def test_an_overtaken_edit_and_the_last_have_their_own_text_and_html(mediawiki, session, editor, reader, title):
    texts = [f"'''{title}''' number {number} {{{{Facts shown}}}}" for number in range(3)]
    revisions = [await editor.edit(title, text, f"number {number}") for number, text in enumerate(texts)]
    page = await editor.page_id(title)
    facts = await reader.read([edited(page, title, revision) for revision in revisions])
    assert [each.title for each in facts] == [title] * 3
    assert [each.revision.text for each in facts] == texts
    assert [each.revision.comment for each in facts] == [f"number {number}" for number in range(3)]
    assert [each.parent_text for each in facts] == [None, *texts[:2]]
    assert [each.html for each in facts] == [await rendered(mediawiki, session, each) for each in revisions]
    assert [each.is_latest for each in facts] == [False, False, True]
    assert [each.templates for each in facts] == [None, None, ("Template:Facts shown",)]
    assert [[past.revision_id for past in each.history] for each in facts] == [[], revisions[:1], revisions[1::-1]]
    assert {each.created for each in facts} == {facts[0].revision.timestamp}
    assert "sysop" in facts[0].revision.editor.groups
    assert not facts[0].revision.editor.is_anonymous


async def test_a_redirect_has_the_html_of_the_redirect_itself(mediawiki, session, editor, reader):
    await editor.edit("Facts target", "the body of it")
    revision = await editor.edit("Facts redirect", "#REDIRECT [[Facts target]]")
    (facts,) = await reader.read([edited(await editor.page_id("Facts redirect"), "Facts redirect", revision)])
    assert facts.html == await rendered(mediawiki, session, revision)
    assert "mw:PageProp/redirect" in facts.html
    assert "the body of it" not in facts.html


async def test_a_protection_is_told_by_the_page_or_its_title(editor, reader):
    revision = await editor.edit("Facts protected", "a")
    await editor.do("protect", title="Facts protected", protections="edit=sysop|move=sysop", expiry="infinite|1 week")
    page = await editor.page_id("Facts protected")
    by_id, by_title = await reader.read(
        [
            PageEvent(EventKind.REFRESH, "wiki", page, 0, "Facts protected", 0),
            PageEvent(EventKind.REFRESH, "wiki", 0, 0, "facts_protected", 0),
        ]
    )
    assert by_id == by_title
    assert by_id.revision.revision_id > revision
    edit, move = sorted(by_id.protection)
    assert edit == ("edit", "sysop", "infinity")
    assert move[:2] == ("move", "sysop")
    assert move.expiry.endswith("Z")


async def test_what_is_hidden_is_not_told(editor, reader):
    revisions = [await editor.edit("Facts hidden", text) for text in "abc"]
    await editor.do(
        "revisiondelete", type="revision", target="Facts hidden", ids=revisions[1], hide="content|comment|user"
    )
    page = await editor.page_id("Facts hidden")
    hidden, last = await reader.read([edited(page, "Facts hidden", revision) for revision in revisions[1:]])
    revision = hidden.revision
    assert (revision.text_visible, revision.editor_visible, revision.comment_visible) == (False, False, False)
    assert (revision.text, revision.sha1, revision.editor.name, revision.comment, hidden.html) == ("", "", "", "", "")
    assert (last.revision.text, last.parent_text) == ("c", None)
    assert (last.history[0].sha1, last.history[0].editor_name) == ("", "")


async def test_a_page_that_was_deleted_leaves_what_the_event_told(editor, reader):
    revision = await editor.edit("Facts deleted", "a")
    page = await editor.page_id("Facts deleted")
    await editor.do("delete", title="Facts deleted")
    *gone, deletion = await reader.read(
        [
            edited(page, "Facts deleted", revision),
            PageEvent(EventKind.REFRESH, "wiki", page, 0, "Facts deleted", 0),
            PageEvent(EventKind.REFRESH, "wiki", 0, 0, "Facts deleted", 0),
            edited(page, "Facts deleted", 0, EventKind.DELETE),
        ]
    )
    assert [each.page_id for each in gone] == [page, page, 0]
    assert {(each.title, each.revision, each.html) for each in gone} == {("Facts deleted", None, "")}
    assert deletion is None


async def test_a_burst_has_each_revision_and_what_was_before_it(editor, reader):
    texts = [f"text {number % 20}" for number in range(60)]
    revisions = [await editor.edit("Facts burst", text) for text in texts]
    page = await editor.page_id("Facts burst")
    facts = await reader.read([edited(page, "Facts burst", revision) for revision in revisions])
    assert [each.revision.text for each in facts] == texts
    assert [each.parent_text for each in facts] == [None, *texts[:-1]]
    for number, each in enumerate(facts):
        before = revisions[max(0, number - 15) : number][::-1]
        assert [past.revision_id for past in each.history] == before
    sha1 = [each.revision.sha1 for each in facts]
    assert sha1[0] == sha1[20] != sha1[1]
    assert [past.sha1 for past in facts[30].history] == sha1[15:30][::-1]
