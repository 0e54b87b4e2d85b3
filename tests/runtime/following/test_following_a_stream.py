"""An event stream that misbehaves is followed by a process that is killed now and then."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from followed_store import TYPES, Follower
from made_up_events import TIME, canary, older, page_change, recent_change
from made_up_wiki import MadeUpWiki, html_of
from misbehaving_stream import MisbehavingStream

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.store import PageKey, Parts
from wikifeed_server.store.embedded import EmbeddedReader

pytestmark = pytest.mark.timeout(150)

PAGES, VERSIONS = 40, 10
HASTY = ("--silence-seconds", "1", "--log-format", "json", "--import-workers", "1")


@pytest.fixture
async def wiki():
    async with MadeUpWiki() as opened:
        yield opened


def edits(wiki: MadeUpWiki) -> list[dict]:
    """Each version of each page, in order, as page_change tells it."""
    told = []
    for version in range(1, VERSIONS + 1):
        for page_id in range(1, PAGES + 1):
            revision = 1000 * version + page_id
            parent = {"rev_parent_id": revision - 1000} if version > 1 else {}
            kind = "edit" if version > 1 else "create"
            name = {"page_title": f"Page_{page_id}", "page_id": page_id, "namespace_id": 0}
            event = page_change(kind, page_id, TIME + 60 * version, revision={"rev_id": revision} | parent, page=name)
            event["meta"]["id"] = f"{kind} {revision}"
            told.append(event)
            wiki.newest[page_id] = max(wiki.newest.get(page_id, 0), revision)
    return told


def following(stream: MisbehavingStream, wiki: MadeUpWiki, folder: Path, *options: str) -> Follower:
    address = f"{wiki.address}/{{host}}/w/"
    return Follower(folder / "store", "--stream", stream.url, "--wiki-address", address, *HASTY, *options)


async def revisions(follower: Follower) -> list[int]:
    return [change.article.version.identifier for change in await follower.changes()]


async def test_cuts_and_kills_lose_and_double_nothing(wiki, tmp_path):
    chance = random.Random(11)
    wanted = edits(wiki)
    # A second stream tells of the same edits, later and out of order.
    others = [
        older("revision-create", page_id, TIME, rev_id=1000 * version + page_id, rev_parent_id=1)
        for version in range(1, VERSIONS + 1)
        for page_id in range(1, PAGES + 1)
    ]
    told = [*wanted]
    for other in others:
        told.insert(chance.randint(0, len(told)), other)
    told[50:50] = [canary(), b"{no json", page_change("edit", 1) | {"wiki_id": "otherwiki"}]
    async with MisbehavingStream(told, repeats=3) as stream:
        stream.faults += [
            chance.choice([503, 429, ("hang",)]) if chance.random() < 0.1 else ("cut", chance.randint(2_000, 20_000))
            for _ in range(40)
        ]
        follower = following(stream, wiki, tmp_path, "--project", "enwiki")
        follower.start()
        for _ in range(10):
            await asyncio.sleep(1 + chance.random() * 1.5)
            await asyncio.to_thread(follower.kill)
            follower.start()
        everything = {event["revision"]["rev_id"] for event in wanted}
        async with asyncio.timeout(100):
            while set(found := await revisions(follower)) != everything:
                await asyncio.sleep(0.5)
                assert max(Counter(found).values(), default=1) == 1
        await asyncio.to_thread(follower.stop)
        assert Counter(await revisions(follower)) == dict.fromkeys(everything, 1)


async def test_what_happens_to_a_page_is_told_with_what_its_wiki_says(wiki, tmp_path):
    wiki.newest[5] = 3005
    name = {"page_id": 5, "page_title": "Page_5", "namespace_id": 0}
    hidden = {"rev_id": 2005, "rev_parent_id": 1005, "is_content_visible": False, "is_editor_visible": False}

    def change(kind: str, number: int, revision: dict | None = None, **fields) -> dict:
        event = page_change(kind, 5, TIME + number, revision=revision or {}, page=name, **fields)
        event["meta"]["id"] = f"event {number}"
        return event

    happened = [
        change("create", 100, {"rev_id": 1005}),
        change("edit", 200, {"rev_id": 2005, "rev_parent_id": 1005}),
        recent_change("edit", 5, TIME + 200, revision={"new": 2005, "old": 1005}),
        change("edit", 300, {"rev_id": 3005, "rev_parent_id": 2005}),
        change("visibility_change", 400, hidden),
        older("page-properties-change", 5, TIME + 450),
        change("delete", 500, {"rev_id": 3005}),
        older("page-delete", 5, TIME + 501),
        change("undelete", 600, {"rev_id": 3005, "rev_parent_id": 2005}),
    ]
    async with MisbehavingStream(happened) as stream:
        follower = following(stream, wiki, tmp_path)
        follower.start()
        changes = await until(follower, 7)
        await asyncio.to_thread(follower.kill)
    assert [(TYPES[each.event_type], each.article.version.identifier) for each in changes] == [
        ("create", 1005),
        ("update", 2005),
        ("update", 3005),
        ("visibility-change", 2005),
        ("update", 3005),
        ("delete", 0),
        ("create", 3005),
    ]
    async with EmbeddedReader.open(tmp_path / "store") as reader:
        found = await reader.get(PageKey("enwiki", "Page 5"), Parts.ALL)
        assert Article.FromString(b"".join(found.fragments)).article_body.html == html_of(3005)
        once = await reader.get(PageKey("enwiki", "Page 5"), Parts.ALL, 2005)
        assert not Article.FromString(b"".join(once.fragments)).article_body.wikitext
    for each in changes:
        if each.article.version.identifier == 2005:
            assert not each.article.version.HasField("editor")


async def test_a_wiki_that_refuses_us_does_not_hold_up_the_others(wiki, tmp_path):
    closed = page_change("edit", 3, wiki_id="closedwiki", revision={"rev_id": 9})
    closed["meta"]["domain"] = "closed/nowhere"
    async with MisbehavingStream([closed, *edits(wiki)[:5]]) as stream:
        follower = following(stream, wiki, tmp_path)
        follower.start()
        changes = await until(follower, 6)
        await asyncio.to_thread(follower.kill)
    first = changes[0].article
    assert (first.is_part_of.identifier, first.name, first.version.identifier) == ("closedwiki", "Page 3", 9)
    assert changes[1].article.is_part_of.identifier == "enwiki"


async def test_a_server_may_follow_beside_serving(wiki, tmp_path):
    async with MisbehavingStream(edits(wiki)[:3]) as stream:
        server = serving(tmp_path / "store", stream, wiki)
        try:
            log = Follower(tmp_path / "store")
            assert len(await until(log, 3)) == 3
            (status,) = await asyncio.to_thread(log.status)
            os.kill(status["process"], signal.SIGKILL)
            stream.add(*edits(wiki)[3:6])
            assert len(await until(log, 6)) == 6
            server.terminate()
            assert await asyncio.to_thread(server.wait, 20) == 0
        finally:
            server.kill()
            server.wait()
        (status,) = await asyncio.to_thread(log.status)
        assert status["state"] == "stopped"


def serving(store: Path, stream: MisbehavingStream, wiki: MadeUpWiki) -> "subprocess.Popen[bytes]":
    """`wikifeed serve --follow` on the stream."""
    command = [sys.executable, "-m", "wikifeed_server.cli", "serve", "--store", store, "--listen", "127.0.0.1:0"]
    command += ["--http", "none"]
    environment = {"WIKIFEED_FOLLOW_WIKI_ADDRESS": f"{wiki.address}/{{host}}/w/", "WIKIFEED_IMPORT_WORKERS": "1"}
    return subprocess.Popen([*command, "--follow", stream.url], env=os.environ | environment, stderr=subprocess.DEVNULL)


async def until(follower: Follower, count: int):
    """The log as soon as it has so many changes."""
    async with asyncio.timeout(60):
        while True:
            changes = await follower.changes()
            if len(changes) >= count:
                return changes
            await asyncio.sleep(0.05)
