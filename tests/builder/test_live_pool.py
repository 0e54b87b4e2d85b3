"""The live pool: order, bounds, replaced workers, many wikis, word lists, and nobody left behind."""

import asyncio
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from made_up_pages import PROJECT, html_page, live_page

from wikifeed.v1.article_pb2 import Article, Extraction
from wikifeed_server.builder import BuildLimits, LiveOptions, LivePool
from wikifeed_server.builder.live import build_live
from wikifeed_server.errors import ConfigError
from wikifeed_server.projects import NamespaceInfo
from wikifeed_server.sources.events import EventKind

SMALL = BuildLimits(page_seconds=0.5, page_memory_bytes=1 << 30, workers=2)
SLOW = {"text": "[[a|b]] {{c|d}} " * 300_000}
LARGE = {"text": "[[a]]" * 400_000}


@pytest.fixture
async def pool():
    async with LivePool(SMALL) as pool:
        yield pool


async def test_pages_are_what_they_are_without_a_pool(pool):
    pages = [
        live_page(EventKind.MOVE, 1, event={"previous_title": "b", "keys": ("k",)}),
        replace(live_page(EventKind.DELETE, 2), facts=None),
        live_page(EventKind.EDIT, 3, facts={"html": html_page("<p>c</p>")}),
    ]
    built = await pool.build_pages(pages)
    assert [each.write for each in built] == [build_live(page) for page in pages]
    assert [each.state for each in built] == [Extraction.STATE_UNSPECIFIED] * 3
    assert await pool.build_page(pages[0]) == built[0]


async def test_results_are_in_the_order_of_the_pages_whoever_asks(pool):
    async def build(first):
        pages = [live_page(number=first + n, revision={"text": f"{n} " * (3000 // (n + 1))}) for n in range(40)]
        return [each.write.page_id for each in await pool.build_pages(pages)]

    asked = (1, 101, 201)
    assert await asyncio.gather(*map(build, asked)) == [list(range(first, first + 40)) for first in asked]


async def test_nothing_to_build_is_nothing(pool):
    assert await pool.build_pages([]) == []


async def test_workers_run_before_the_first_page_comes(pool):
    processes = pool.processes()
    assert len(processes) == 2
    await pool.build_page(live_page())
    assert pool.processes() == processes


async def test_event_loop_goes_on_while_pages_are_built(pool):
    building = asyncio.ensure_future(pool.build_page(live_page(revision=SLOW)))
    turns = 0
    while not building.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert turns > 20


async def test_page_that_takes_too_long_is_marked_and_harms_no_other(pool):
    pages = [live_page(number=n, revision=SLOW if n == 2 else {}) for n in (1, 2, 3, 4)]
    built = await pool.build_pages(pages)
    assert [each.state for each in built] == [0, Extraction.STATE_TIME_EXCEEDED, 0, 0]
    article = Article.FromString(built[1].write.head + built[1].write.body_wikitext)
    assert article.extraction.detail == "took more than 0.5 s of CPU time"
    assert (article.article_body.wikitext, article.version.editor.name) == (SLOW["text"], "Grace")


async def test_page_that_takes_too_much_memory_is_marked_and_harms_no_other():
    pages = [live_page(number=n, revision=LARGE if n == 2 else {}) for n in (1, 2, 3)]
    async with LivePool(BuildLimits(page_memory_bytes=64 << 20, workers=1)) as pool:
        built = await pool.build_pages(pages)
    assert [each.state for each in built] == [0, Extraction.STATE_MEMORY_EXCEEDED, 0]
    assert Article.FromString(built[1].write.body_wikitext).article_body.wikitext == LARGE["text"]


async def test_page_that_a_reader_gives_up_on_is_marked(pool):
    built = await pool.build_page(live_page(facts={"html": "<b>" * 40_000}))
    assert built.state == Extraction.STATE_FAILED
    assert Article.FromString(built.write.body_html).article_body.html == "<b>" * 40_000


async def test_worker_that_was_killed_is_replaced_and_its_pages_are_built(pool):
    for number in range(1, 30):
        if number % 5 == 0:
            for process in pool.processes():
                os.kill(process, signal.SIGKILL)
        built = await pool.build_pages([live_page(number=number), live_page(number=number + 100)])
        assert [each.state for each in built] == [0, 0]


async def test_worker_that_grew_large_is_replaced():
    async with LivePool(BuildLimits(workers=1, resident_bytes=1)) as pool:
        built = [await pool.build_page(live_page(number=number)) for number in (1, 2, 3)]
    assert [each.write.page_id for each in built] == [1, 2, 3]


async def test_pages_of_many_wikis_are_each_built_as_their_wiki_has_it(pool):
    german = replace(PROJECT, identifier="dewiki", namespaces=(NamespaceInfo(0, ""), NamespaceInfo(14, "Kategorie")))
    cyrillic = replace(german, identifier="ruwiki", namespaces=(NamespaceInfo(14, "Категория"),))
    wikis = [german, cyrillic, PROJECT] * 10
    pages = [
        live_page(number=number, project=wiki, revision={"text": "[[Категория:x]] [[Kategorie:y]] [[Category:z]]"})
        for number, wiki in enumerate(wikis, start=1)
    ]
    names = {"dewiki": ["Kategorie:Y"], "ruwiki": ["Категория:X"], "enwiki": ["Category:Z"]}
    for built in await pool.build_pages(pages):
        found = [category.name for category in Article.FromString(built.write.head).categories]
        assert found == names[built.write.project]


async def test_project_that_changed_is_told_anew(pool):
    page = live_page(revision={"text": "[[Kategorie:x]]"})
    before = await pool.build_pages([page] * 4)
    renamed = replace(PROJECT, namespaces=(NamespaceInfo(14, "Kategorie"),))
    after = await pool.build_pages([replace(page, project=renamed)] * 4)
    counts = [[len(Article.FromString(each.write.head).categories) for each in built] for built in (before, after)]
    assert counts == [[0] * 4, [1] * 4]


async def test_word_lists_are_those_of_the_pages_language(tmp_path):
    (tmp_path / "en.informal.txt").write_text("lol")
    page = live_page(revision={"text": "lol", "parent_id": 0})
    async with LivePool(SMALL, LiveOptions(word_lists=tmp_path)) as pool:
        english, german = await pool.build_pages([page, replace(page, project=replace(PROJECT, language="de"))])
    assert Article.FromString(english.write.head).version.diff.informal_words.increase == 1
    assert not Article.FromString(german.write.head).version.diff.HasField("informal_words")


def test_word_lists_that_cannot_be_read_are_refused_at_once(tmp_path):
    with pytest.raises(ConfigError, match="no such folder"):
        LivePool(SMALL, LiveOptions(word_lists=tmp_path / "none"))


async def test_caller_that_gives_up_harms_no_other(pool):
    given_up = [asyncio.ensure_future(pool.build_page(live_page(number=number))) for number in range(1, 20)]
    await asyncio.sleep(0)
    for task in given_up:
        task.cancel()
    built = await pool.build_pages([live_page(number=number) for number in range(50, 60)])
    assert [each.write.page_id for each in built] == list(range(50, 60))
    assert all(task.cancelled() for task in await asyncio.gather(*map(_settled, given_up)))


async def _settled(task):
    await asyncio.wait([task])
    return task


def _is_running(process):
    return Path(f"/proc/{process}").exists()


async def test_leaving_the_pool_ends_the_workers_whatever_they_are_at():
    async with LivePool(BuildLimits(workers=2)) as pool:
        building = [asyncio.ensure_future(pool.build_page(live_page(revision=SLOW))) for _ in range(5)]
        await asyncio.sleep(0.3)
        processes = pool.processes()
    assert len(processes) == 2
    assert not any(map(_is_running, processes))
    assert all(task.cancelled() for task in await asyncio.gather(*map(_settled, building)))
