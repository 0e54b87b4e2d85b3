"""Workers keep the order, survive hostile pages and their own death, and leave nobody behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from wikifeed.v1.article_pb2 import Article, Extraction
from wikifeed_server.builder.pool import BuildLimits, BuildPool, PageBatch
from wikifeed_server.sources import ArticleDocument

SMALL = BuildLimits(page_seconds=0.5, page_memory_bytes=1 << 30, workers=2)
SLOW = "[[a|b]] {{c|d}} " * 300_000  # seconds of work; the bound ends it long before
LARGE = "[[a]]" * 400_000


def batch(*pages):
    return PageBatch(tuple(pages), sum(len(page.text) for page in pages))


@pytest.fixture
def pool(project):
    with BuildPool(project, SMALL) as pool:
        yield pool


def states(pool, *batches):
    return [result.state for built in pool.build(batches) for result in built.results]


def test_results_come_in_the_order_of_the_pages(pool, revision):
    pages = [revision(number, text=f"{number} " * (2000 // number)) for number in range(1, 60)]
    batches = [batch(*pages[first : first + 4]) for first in range(0, len(pages), 4)]
    built = [result.write.page_id for done in pool.build(batches) for result in done.results]
    assert built == list(range(1, 60))


def test_page_that_takes_too_long_is_marked_and_harms_no_other(pool, revision):
    pages = [revision(number, text=text) for number, text in enumerate(["fine", SLOW, "fine"], start=1)]
    (built,) = pool.build([batch(*pages)])
    assert [result.state for result in built.results] == [0, Extraction.STATE_TIME_EXCEEDED, 0]
    slow = Article.FromString(built.results[1].write.head + built.results[1].write.body_wikitext)
    assert slow.extraction.detail == "took more than 0.5 s of CPU time"
    assert slow.article_body.wikitext == SLOW


def test_page_that_takes_too_much_memory_is_marked_and_harms_no_other(project, revision):
    pages = [revision(number, text=text) for number, text in enumerate(["fine", LARGE, "fine"], start=1)]
    with BuildPool(project, BuildLimits(page_memory_bytes=64 << 20, workers=1)) as pool:
        (built,) = pool.build([batch(*pages)])
    assert [result.state for result in built.results] == [0, Extraction.STATE_MEMORY_EXCEEDED, 0]
    large = Article.FromString(built.results[1].write.head + built.results[1].write.body_wikitext)
    assert large.extraction.detail == "took more than 67,108,864 bytes of memory"
    assert large.article_body.wikitext == LARGE


@pytest.mark.parametrize(
    "text",
    ["{{" * 100_000, "{{a|" * 20_000 + "}}" * 20_000, "x" * 10_000_000, "<b>" * 20_000, "((" * 100_000],
    ids=["open templates", "nested templates", "a line of 10 MB", "open tags", "parentheses"],
)
def test_any_hostile_page_comes_back_with_its_text(pool, revision, text):
    (built,) = pool.build([batch(revision(text=text))])
    assert Article.FromString(built.results[0].write.body_wikitext).article_body.wikitext == text


def test_hostile_documents_are_marked(revision):
    data = (
        b'{"name":"A","identifier":1,"date_modified":"2024-01-01T00:00:00Z","version":{"identifier":1},'
        b'"is_part_of":{"identifier":"xwiki"},"article_body":{"wikitext":"%b"}}' % SLOW.replace("\n", "\\n").encode()
    )
    with BuildPool(None, SMALL) as pool:
        (built,) = pool.build([PageBatch((ArticleDocument(1, "a.ndjson, line 1", data),), len(data))])
    assert built.results[0].state == Extraction.STATE_TIME_EXCEEDED
    assert built.results[0].project.identifier == "xwiki"


def test_worker_that_was_killed_is_replaced_and_its_pages_are_built(pool, revision):
    def batches():
        for number in range(1, 30):
            if number % 5 == 0:
                for process in pool.processes():
                    os.kill(process, signal.SIGKILL)
            yield batch(revision(number), revision(number + 100))

    assert states(pool, *batches()) == [0] * 58


def test_worker_that_grew_large_is_replaced(project, revision):
    with BuildPool(project, BuildLimits(workers=1, resident_bytes=1)) as pool:
        assert states(pool, batch(revision(1)), batch(revision(2))) == [0, 0]
        assert pool.processes() == []


def test_pages_under_way_are_bounded(project, revision):
    asked = []

    def batches():
        for number in range(1, 50):
            asked.append(number)
            yield batch(revision(number, text="word " * 200))

    with BuildPool(project, BuildLimits(workers=1, look_ahead_bytes=5000)) as pool:
        taken = 0
        for taken, _ in enumerate(pool.build(batches()), start=1):
            assert len(asked) - taken <= 5
        assert taken == 49


def test_leaving_the_pool_ends_the_workers_whatever_they_are_at(project, revision):
    with BuildPool(project, BuildLimits(workers=2)) as pool:
        results = pool.build([batch(revision(1)), *(batch(revision(number, text=SLOW)) for number in (2, 3))])
        next(results)
        processes = pool.processes()
    assert processes
    assert not any(Path(f"/proc/{process}").exists() for process in processes)


def test_workers_end_with_their_parent():
    program = (
        "import os, signal\n"
        "from wikifeed_server.builder.pool import BuildLimits, BuildPool, PageBatch\n"
        "from wikifeed_server.sources import ArticleDocument\n"
        "pool = BuildPool(None, BuildLimits(workers=1))\n"
        "list(pool.build([PageBatch((ArticleDocument(1, 'x', b'{}'),), 1)]))\n"
        "print(*pool.processes(), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    # The worker holds the standard error too: reading it to its end waits for the worker's.
    done = subprocess.run((sys.executable, "-c", program), capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    assert done.stderr == ""
    assert not Path(f"/proc/{int(done.stdout)}/exe").exists()
