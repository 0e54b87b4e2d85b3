"""A real MediaWiki is worked on, and the log and the store are held against what was done to it."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from followed_store import Follower, Told, told
from wiki_editor import WikiEditor

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.store import PageKey, PageState, Parts
from wikifeed_server.store.embedded import EmbeddedReader

pytestmark = [pytest.mark.full, pytest.mark.timeout(600)]

QUICK = ("--poll-seconds", "0.1", "--log-format", "json")


@pytest.fixture
async def editor(mediawiki: str) -> AsyncIterator[WikiEditor]:
    async with WikiEditor(mediawiki) as opened:
        yield opened


@pytest.fixture
def follower(mediawiki: str, tmp_path: Path):
    follower = Follower(tmp_path / "store", "--wiki", mediawiki, *QUICK)
    follower.start()
    yield follower
    follower.kill()


class Worked:
    """Does things to the wiki and waits until the log tells of them."""

    def __init__(self, editor: WikiEditor, follower: Follower) -> None:
        self.editor = editor
        self.follower = follower
        self.after = 0

    async def settled(self) -> list[Told]:
        """What the log has since the last call, once it has come to this moment."""
        mark = f"Mark {uuid4()}"
        await self.editor.edit(mark, "here")
        changes = await self.follower.until(mark, self.after)
        last = next(index for index, change in enumerate(changes) if change.article.name == mark)
        self.after = changes[last].offset
        return told(changes[:last])


@pytest.fixture
async def worked(editor, follower) -> Worked:
    """A wiki whose pages so far are in the store."""
    worked = Worked(editor, follower)
    await worked.settled()
    await worked.settled()  # the first may be told among the pages that were there before it
    return worked


async def test_what_is_done_to_a_page_is_told_event_by_event(worked, editor, tmp_path):
    await editor.edit("Alpha", "first")
    second = await editor.edit("Alpha", "second [[Category:Greek]]")
    assert await worked.settled() == [Told("create", "Alpha"), Told("update", "Alpha")]

    await editor.do("move", **{"from": "Alpha", "to": "Beta", "reason": "a better name"})
    assert await worked.settled() == [Told("update", "Beta", "Alpha"), Told("create", "Alpha", "", "Beta")]
    await editor.do("move", **{"from": "Beta", "to": "Gamma", "noredirect": "1"})
    assert await worked.settled() == [Told("update", "Gamma", "Beta")]

    await editor.do("protect", title="Gamma", protections="edit=sysop|move=sysop")
    assert await worked.settled() == [Told("update", "Gamma")]
    article = await stored(tmp_path, "Gamma")
    assert [(each.type, each.level, each.expiry) for each in article.protection] == [
        ("edit", "sysop", "infinity"),
        ("move", "sysop", "infinity"),
    ]

    await editor.do("revisiondelete", type="revision", ids=second, hide="content|user|comment")
    assert await worked.settled() == [Told("visibility-change", "Gamma")]
    await editor.do("delete", title="Gamma", reason="gone")
    assert await worked.settled() == [Told("delete", "Gamma")]
    await editor.do("undelete", title="Gamma")
    assert await worked.settled() == [Told("create", "Gamma")]


async def test_what_is_hidden_leaves_the_log(worked, editor, follower, tmp_path):
    await editor.edit("Open", "before")
    secret = await editor.edit("Open", "the secret word is swordfish", "summary with swordfish")
    await editor.edit("Open", "after")
    await worked.settled()
    async with EmbeddedReader.open(tmp_path / "store") as reader:
        key = PageKey("wiki", "Open")
        assert b"swordfish" in b"".join((await reader.get(key, Parts.ALL, secret)).fragments)
        await editor.do("revisiondelete", type="revision", ids=secret, hide="content|user|comment")
        assert await worked.settled() == [Told("visibility-change", "Open")]
        assert b"swordfish" not in b"".join((await reader.get(key, Parts.ALL, secret)).fragments)
    for change in await follower.changes():
        if change.article.version.identifier == secret:
            assert b"swordfish" not in change.SerializeToString()
            assert not change.article.version.HasField("editor")
    await editor.do("revisiondelete", type="revision", ids=secret, show="content|user|comment")
    assert await worked.settled() == [Told("visibility-change", "Open")]
    async with EmbeddedReader.open(tmp_path / "store") as reader:
        assert b"swordfish" in b"".join((await reader.get(key, Parts.ALL, secret)).fragments)


@pytest.mark.parametrize(
    "title", ["موسوعة حرة", "维基百科 自由的百科全书", "🦉 Eule 🎉", "Ünïcødé & <b> + 'q' \"d\" ?"]
)
async def test_titles_in_every_script(worked, editor, tmp_path, title):
    title = title.replace("<b>", "b")
    revision = await editor.edit(title, f"text of {title}")
    assert await worked.settled() == [Told("create", title)]
    article = await stored(tmp_path, title)
    assert article.article_body.html == await editor.html(revision)
    await editor.do("delete", title=title)
    assert await worked.settled() == [Told("delete", title)]


async def test_an_import_brings_the_page(worked, editor, tmp_path):
    await editor.import_xml(
        '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en"><page>'
        "<title>From elsewhere</title><ns>0</ns><id>1</id>"
        + "".join(
            f"<revision><id>{number}</id><timestamp>2020-01-0{number}T00:00:00Z</timestamp><contributor>"
            "<username>X</username><id>3</id></contributor><model>wikitext</model><format>text/x-wiki</format>"
            f"<text>imported {number}</text></revision>"
            for number in (1, 2)
        )
        + "</page></mediawiki>"
    )
    assert await worked.settled() == [Told("create", "From elsewhere")]
    assert (await stored(tmp_path, "From elsewhere")).article_body.wikitext == "imported 2"


async def test_a_template_brings_the_pages_that_show_it(worked, editor, tmp_path):
    await editor.edit("Template:Greeting", "good morning")
    await editor.edit("Greeted", "{{Greeting}}, world")
    await worked.settled()
    assert "good morning" in (await stored(tmp_path, "Greeted")).article_body.html
    await asyncio.sleep(1.5)  # MediaWiki does not see that a page is out of date within the second of its rendering
    await editor.edit("Template:Greeting", "good night [[Category:Evening]]")
    before = worked.after
    assert Told("update", "Template:Greeting") in await worked.settled()
    # A page is refreshed once the wiki has touched it, which is among the work that it puts off.
    async with asyncio.timeout(200):
        while Told("update", "Greeted") not in told(await worked.follower.changes(before)):
            await editor.visit(10)
    assert "good night" in (await stored(tmp_path, "Greeted")).article_body.html


async def test_a_burst_of_edits_is_told_edit_by_edit(worked, editor):
    revisions = [await editor.edit(f"Burst {number % 10}", f"text {number}") for number in range(500)]
    await worked.settled()
    found = [c.article.version.identifier for c in await worked.follower.changes()]
    assert [revision for revision in found if revision in set(revisions)] == revisions


async def test_killed_at_any_moment_it_goes_on_without_loss_or_repeat(worked, editor, follower):
    chance = random.Random(4)
    revisions: list[int] = []
    for _ in range(12):
        revisions += [
            await editor.edit(f"Cut {chance.randint(1, 5)}", f"text {chance.random()}")
            for _ in range(chance.randint(1, 12))
        ]
        await asyncio.sleep(chance.random() * 0.8)
        follower.kill()
        revisions.append(await editor.edit("Cut 1", f"while it was down {chance.random()}"))
        follower.start()
    await worked.settled()
    found = Counter(change.article.version.identifier for change in await follower.changes())
    assert {revision: found[revision] for revision in revisions} == dict.fromkeys(revisions, 1)
    assert set(found.values()) == {1}


async def test_the_store_is_as_the_wiki_page_by_page(worked, editor, tmp_path):
    await editor.edit("Redirecting", "#REDIRECT [[Redirected to]]")
    await editor.edit("Redirected to", "'''Text''' with a [[link]]<ref>note</ref>")
    await worked.settled()
    checked = 0
    async with EmbeddedReader.open(tmp_path / "store") as reader:
        for namespace in (0, 1, 2, 3, 4, 6, 8, 10, 12, 14):
            found = await editor.query(list="allpages", apnamespace=namespace, aplimit=500)
            for page in found["allpages"]:
                await matches_the_wiki(reader, editor, page)
                checked += 1
    assert checked > 5


async def matches_the_wiki(reader: EmbeddedReader, editor: WikiEditor, page: dict[str, object]) -> None:
    """Assert that the store has a page as the wiki has it."""
    title = str(page["title"])
    revision = await editor.revision(title)
    found = await reader.get(PageKey("wiki", title), Parts.HEAD | Parts.HTML | Parts.WIKITEXT)
    assert found is not None, title
    assert found.page_id == page["pageid"]
    article = Article.FromString(b"".join(found.fragments))
    assert article.version.identifier == revision["revid"], title
    if found.state is PageState.LIVE:
        assert article.article_body.wikitext == revision["slots"]["main"]["content"]
        assert article.article_body.html == await editor.html(revision["revid"]), title


async def stored(folder: Path, title: str) -> Article:
    """The article of that title as the store has it."""
    async with EmbeddedReader.open(folder / "store") as reader:
        found = await reader.get(PageKey("wiki", title), Parts.ALL)
        assert found is not None
        return Article.FromString(b"".join(found.fragments))


async def test_the_status_tells_how_it_goes(worked, follower):
    await asyncio.sleep(1.5)
    (status,) = await asyncio.to_thread(follower.status)
    assert (status["state"], status["retries"], status["last_error"], status["lag_events"]) == ("following", 0, "", 0)
    assert status["stored"] > 0
    assert await asyncio.to_thread(follower.stop) == 0
    (status,) = await asyncio.to_thread(follower.status)
    assert status["state"] == "stopped"
    follower.start()
