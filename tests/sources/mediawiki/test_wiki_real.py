"""What a real MediaWiki tells, followed as it happens."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, suppress

import aiohttp
import pytest

from wikifeed_server.sources.events import EventKind, PageEvent, Visible
from wikifeed_server.sources.mediawiki import Etiquette, MediaWikiSource, PollingOptions, WikiApi, find_wiki, user_agent

pytestmark = [pytest.mark.full, pytest.mark.timeout(300)]

TITLES = ["Zürich", "مرحبا بالعالم", "你好，世界", "Party 😀"]
POLLING = PollingOptions(poll_seconds=0.2, backfill=False)
IMPORTED = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/" version="0.10" xml:lang="en"><page>
<title>{title}</title><ns>0</ns><id>1</id><revision><id>1</id><timestamp>2020-01-01T00:00:00Z</timestamp>
<contributor><username>X</username></contributor><text xml:space="preserve">old</text></revision></page></mediawiki>"""


class Follower:
    """Follows the wiki from the moment it was made."""

    def __init__(self, source: MediaWikiSource) -> None:
        self.source = source
        self.events: asyncio.Queue[PageEvent] = asyncio.Queue()
        self.state: bytes | None = None
        self.begun = asyncio.Event()

    async def follow(self) -> None:
        async with aclosing(self.source.read(self.state)) as batches:
            async for batch in batches:
                self.state = batch.state
                self.begun.set()
                for event in batch.events:
                    self.events.put_nowait(event)

    async def next(self, count: int) -> list[PageEvent]:
        async with asyncio.timeout(100):
            return [await self.events.get() for _ in range(count)]


@pytest.fixture
async def follow(mediawiki) -> AsyncIterator[Callable]:
    async with aiohttp.ClientSession() as session:
        tasks = []

        async def begin(options: PollingOptions = POLLING) -> Follower:
            etiquette = Etiquette(user_agent=user_agent("tests@wikifeed.example"))
            wiki = await find_wiki(mediawiki, session, etiquette)
            api = WikiApi(wiki.api_url, wiki.rest_url, session, etiquette)
            follower = Follower(MediaWikiSource(wiki, api, options))
            tasks.append(asyncio.create_task(follower.follow()))
            await follower.begun.wait()
            return follower

        yield begin
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@pytest.fixture
async def follower(follow) -> Follower:
    return await follow()


def what(events: list[PageEvent]) -> list[tuple[EventKind, int, str, int]]:
    return [(event.kind, event.page_id, event.title, event.revision_id) for event in events]


async def test_the_wiki_tells_what_it_is(follower, mediawiki):
    async with aiohttp.ClientSession() as session:
        for address in ("", "/", "/api.php", "/index.php/Main_Page", "/index.php?title=Main_Page", "/rest.php"):
            wiki = await find_wiki(mediawiki + address, session, Etiquette())
            assert (wiki.api_url, wiki.rest_url) == (f"{mediawiki}/api.php", f"{mediawiki}/rest.php")
    project = wiki.project
    assert (project.identifier, project.name, project.language) == ("wiki", "Test Wiki", "en")
    assert (project.url, project.article_path) == (mediawiki, "/index.php/$1")
    assert project.namespace(4).canonical == "Project"
    assert project.namespace(6).aliases == ("Image",)
    assert {"Cite", "PageImages"} <= wiki.extensions


@pytest.mark.parametrize("title", TITLES)
async def test_creations_and_edits(follower, administrator, title):
    title = f"{title} edited"
    first = await administrator.edit(title, "a")
    second = await administrator.edit(title, "b")
    events = await follower.next(2)
    page = first["pageid"]
    assert what(events) == [
        (EventKind.CREATE, page, title, first["newrevid"]),
        (EventKind.EDIT, page, title, second["newrevid"]),
    ]
    assert events[1].parent_id == first["newrevid"]


@pytest.mark.parametrize("title", TITLES)
async def test_moves_with_and_without_a_redirect_and_over_one(follower, administrator, title):
    title = f"{title} moved"
    made = await administrator.edit(title, "a")
    page, revision = made["pageid"], made["newrevid"]
    await administrator.do("move", **{"from": title, "to": f"{title} 2"})
    _, moved, redirect = await follower.next(3)
    assert what([moved]) == [(EventKind.MOVE, page, f"{title} 2", revision + 1)]
    assert (moved.previous_title, len(moved.keys)) == (title, 1)
    assert (redirect.kind, redirect.title, redirect.revision_id) == (EventKind.CREATE, title, revision + 2)
    assert redirect.page_id > page

    await administrator.do("move", **{"from": f"{title} 2", "to": title})
    deleted, back, second = await follower.next(3)
    assert what([deleted]) == [(EventKind.DELETE, redirect.page_id, title, 0)]
    assert (back.kind, back.page_id, back.title, back.previous_title) == (EventKind.MOVE, page, title, f"{title} 2")
    assert (second.kind, second.title) == (EventKind.CREATE, f"{title} 2")

    await administrator.do("move", **{"from": title, "to": f"Talk:{title}", "noredirect": 1})
    await administrator.edit(f"Talk:{title}", "b")
    silent, last = await follower.next(2)
    assert (silent.kind, silent.namespace, silent.title) == (EventKind.MOVE, 1, f"Talk:{title}")
    assert last.kind == EventKind.EDIT


@pytest.mark.parametrize("title", TITLES)
async def test_deletions_and_restorations(follower, administrator, title):
    title = f"{title} deleted"
    page = (await administrator.edit(title, "a"))["pageid"]
    assert (await follower.next(1))[0].kind == EventKind.CREATE
    await administrator.do("delete", title=title)
    await administrator.do("undelete", title=title)
    deleted, restored, *again = await follower.next(3)
    assert (deleted.kind, deleted.page_id, deleted.title) == (EventKind.DELETE, page, title)
    assert (restored.kind, restored.page_id, restored.title) == (EventKind.UNDELETE, page, title)
    assert deleted.keys != restored.keys
    # The edit comes again, for the wiki has forgotten that it told of it.
    assert [event.kind for event in again] == [EventKind.CREATE]


async def test_an_edit_of_a_page_deleted_before_it_was_read_comes_with_the_restoration(follow, administrator):
    follower = await follow(PollingOptions(poll_seconds=3.0, backfill=False))
    await administrator.edit("Marker", "a")
    await follower.next(1)
    made = await administrator.edit("Quickly deleted", "a")
    await administrator.do("delete", title="Quickly deleted")
    await administrator.do("undelete", title="Quickly deleted")
    events = await follower.next(3)
    assert {event.kind for event in events} == {EventKind.DELETE, EventKind.UNDELETE, EventKind.CREATE}
    assert {event.revision_id for event in events} == {0, made["newrevid"]}


async def test_protections(follower, administrator):
    page = (await administrator.edit("Protected", "a"))["pageid"]
    await administrator.do("protect", title="Protected", protections="edit=sysop", expiry="infinite")
    await administrator.do("protect", title="Protected", protections="edit=all")
    await administrator.do("protect", title="Not there", protections="create=sysop")
    await administrator.edit("Protected", "b")
    events = await follower.next(4)
    assert [event.kind for event in events] == [EventKind.CREATE, EventKind.REFRESH, EventKind.REFRESH, EventKind.EDIT]
    assert {event.page_id for event in events} == {page}


async def test_parts_of_revisions_hidden_and_shown(follower, administrator):
    revisions = [(await administrator.edit("Hidden", text))["newrevid"] for text in "abc"]
    target = {"type": "revision", "target": "Hidden"}
    await administrator.do("revisiondelete", **target, ids=f"{revisions[0]}|{revisions[1]}", hide="content|comment")
    await administrator.do("revisiondelete", **target, ids=revisions[0], show="content|comment", hide="user")
    *_, first, second, third = await follower.next(6)
    assert {event.kind for event in (first, second, third)} == {EventKind.VISIBILITY}
    assert {first.revision_id, second.revision_id} == set(revisions[:2])
    assert first.visible == second.visible == Visible(text=False, editor=True, comment=False)
    assert (third.revision_id, third.visible) == (revisions[0], Visible(text=True, editor=False, comment=True))
    assert len({key for event in (first, second, third) for key in event.keys}) == 3


async def test_imports_and_merged_histories(follower, administrator):
    page = (await administrator.edit("Target", "a"))["pageid"]
    await administrator.import_pages(IMPORTED.format(title="Imported"))
    await asyncio.sleep(1.1)  # a merge wants older revisions than the target has
    events = await follower.next(2)
    assert [(event.kind, event.title) for event in events] == [
        (EventKind.CREATE, "Target"),
        (EventKind.REFRESH, "Imported"),
    ]
    imported = events[1]
    assert imported.revision_id > 0
    await administrator.do("mergehistory", **{"from": "Imported", "to": "Target", "timestamp": "2020-06-01T00:00:00Z"})
    source, target = await follower.next(2)
    assert (source.kind, source.page_id) == (EventKind.REFRESH, imported.page_id)
    assert (target.kind, target.page_id, target.title) == (EventKind.REFRESH, 0, "Target")
    assert page != imported.page_id


async def test_pages_that_embed_a_template_follow_when_they_render_anew(follower, administrator):
    await administrator.edit("Template:Shown", "before")
    await follower.next(1)
    pages = {(await administrator.edit(f"Embeds {number}", "{{Shown}}"))["pageid"] for number in range(3)}
    await follower.next(3)
    api = follower.source._api
    for number in range(3):
        assert b"before" in await api.get(f"/v1/page/Embeds_{number}/html")
    await asyncio.sleep(1.1)  # what MediaWiki cached in the second of the change it serves for ever
    edit = await administrator.edit("Template:Shown", "after")
    assert what(await follower.next(1)) == [(EventKind.EDIT, edit["pageid"], "Template:Shown", edit["newrevid"])]
    looking = asyncio.create_task(administrator.look_around())
    refreshed = await follower.next(3)
    looking.cancel()
    assert {(event.kind, event.page_id) for event in refreshed} == {(EventKind.REFRESH, page) for page in pages}
    for number in range(3):
        assert b"after" in await api.get(f"/v1/page/Embeds_{number}/html")


async def test_a_burst_of_edits_comes_whole_and_in_order(follower, administrator):
    made = [(await administrator.edit("Burst", f"text {number}"))["newrevid"] for number in range(60)]
    events = await follower.next(60)
    assert [event.revision_id for event in events] == made


async def test_all_pages_come_at_the_first_start(follow, administrator):
    await administrator.edit("Filled", "a")
    await administrator.edit("Filled redirect", "#REDIRECT [[Filled]]")
    told = await administrator.call(action="query", generator="allpages", gaplimit="max", prop="info")
    expected = {(page["pageid"], page["lastrevid"]) for page in told["query"]["pages"]}
    follower = await follow(PollingOptions(poll_seconds=0.2))
    await administrator.edit("Filled later", "a")
    # The page that is made meanwhile may come among those that were there.
    missing = {*expected, "Filled later"}
    while missing:
        (event,) = await follower.next(1)
        missing -= {(event.page_id, event.revision_id), event.title}
        assert event.kind == EventKind.EDIT or event.title == "Filled later"
