"""Measure the embedded store: reads by key, the log with and without a filter, durable writes, waking.

    python benchmarks/store.py [--full] [--json FILE]

Articles are made-up text of 20 KB, entries of the log 3 KB. Times of reads are CPU time of the process, threads
included; writes and waking are wall time, since they wait for the disk and for another process.
"""

import argparse
import asyncio
import json
import operator
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.store import ArticleWrite, LogFilter, PageKey, Parts
from wikifeed_server.store.embedded import EmbeddedReader, EmbeddedWriter

ARTICLE_BYTES, HEAD_BYTES = 20_000, 2_850
HOT_PAGES = 500
ROUNDS = 3
WHOLE = Parts.ALL
COMPARISONS = {"<=": operator.le, ">=": operator.ge}
WRITER = """
import sys, time
from pathlib import Path
from wikifeed_server.store import ArticleWrite
from wikifeed_server.store.embedded import EmbeddedWriter
with EmbeddedWriter.open(Path(sys.argv[1])) as writer:
    for line in sys.stdin:
        revision = int(line)
        writer.put([ArticleWrite("enwiki", 1, "Page 1", 0, revision, revision, b"")])
        print(time.monotonic(), flush=True)
"""


def main() -> int:
    """Run the command line; 0 also when a promise is missed, which the rows tell."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--full", action="store_true", help="60,000 articles instead of 15,000")
    arguments.add_argument("--json", type=Path, metavar="FILE", help="write the rows there as well")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="wikifeed-bench-") as scratch:
        rows = measure(Path(scratch), 60_000 if chosen.full else 15_000)
    for one in rows:
        print(
            f"{one['name']:<52} {one['value']:>12,.1f} {one['unit']:<16} {one['bound']}{'' if one['ok'] else ' MISSED'}"
        )
    if chosen.json:
        chosen.json.write_text(json.dumps(rows, indent=1))
    return 0


def measure(folder: Path, count: int) -> list[dict[str, object]]:
    """All rows."""
    rng = random.Random(1)
    rows = write(folder, made_up_articles(rng, count))
    rows += asyncio.run(read(folder, rng, count))
    rows.append(asyncio.run(wake(folder)))
    return rows


def row(name: str, value: float, unit: str, bound: str = "") -> dict[str, object]:
    """A row of the table; `bound` is a comparison and a number, or empty."""
    comparison, _, limit = bound.partition(" ")
    holds = not bound or COMPARISONS[comparison](value, float(limit.replace(",", "")))
    return {"name": f"store: {name}", "value": value, "unit": unit, "bound": bound, "ok": holds}


def made_up_articles(rng: random.Random, count: int) -> list[ArticleWrite]:
    """Articles whose text compresses about as wikitext does; one in a hundred is in another project."""
    words = ["".join(rng.choices("etaoinshrdlucmfwypvbgk", k=rng.randint(2, 9))) for _ in range(4000)]
    weights = [1 / rank for rank in range(1, len(words) + 1)]

    def text(size: int) -> str:
        return " ".join(rng.choices(words, weights, k=size // 3))[:size]

    bodies = [Article(article_body={"wikitext": text(ARTICLE_BYTES)}).SerializeToString() for _ in range(300)]
    abstracts = [text(HEAD_BYTES) for _ in range(300)]
    heads = [Article(abstract=abstract).SerializeToString() for abstract in abstracts]
    titles = rng.sample(range(10 * count), count)
    return [
        ArticleWrite(
            project="dewiki" if number % 100 == 0 else "enwiki",
            page_id=number,
            title=f"Page {titles[number - 1]}",
            namespace=0,
            revision_id=number,
            modified=number,
            head=heads[number % 300],
            body_wikitext=bodies[number % 300],
        )
        for number in range(1, count + 1)
    ]


def write(folder: Path, articles: Sequence[ArticleWrite]) -> list[dict[str, object]]:
    """Fill the store: a third in small batches, the rest in large ones."""
    rows = []
    with EmbeddedWriter.open(folder) as writer:
        for project in ("dewiki", "enwiki"):
            writer.put_project(ProjectInfo(project, language=project[:2]))
        small = len(articles) // 3
        for size, part in ((100, articles[:small]), (1000, articles[small:])):
            began, cpu = time.perf_counter(), time.process_time()
            for start in range(0, len(part), size):
                writer.put(part[start : start + size])
            rows.append(row(f"durable puts, batches of {size}", len(part) / (time.perf_counter() - began), "puts/s"))
            spent = (time.process_time() - cpu) / len(part) * 1e6
            rows.append(row(f"CPU of a put, batches of {size}", spent, "µs"))
    return rows


async def read(folder: Path, rng: random.Random, count: int) -> list[dict[str, object]]:
    """Reads by key and of the log."""
    page_ids = [number for number in range(1, count + 1) if number % 100]
    rng.shuffle(page_ids)
    async with EmbeddedReader.open(folder) as reader:
        found = [await reader.get(PageKey("enwiki", page_id=number), Parts.HEAD) for number in page_ids]
        titles = [PageKey("enwiki", title=article.title) for article in found if article]
        ids = [PageKey("enwiki", page_id=number) for number in page_ids]
    rows = [
        row("get by title, 20 KB, hot", await get_cost(folder, titles[:HOT_PAGES] * 10, 64 << 20), "µs CPU", "<= 15"),
        row("get by page id, 20 KB, hot", await get_cost(folder, ids[:HOT_PAGES] * 10, 64 << 20), "µs CPU", "<= 15"),
        row("get by title, 20 KB, no cache", await get_cost(folder, titles[:5000], 0), "µs CPU"),
        row("get by page id, 20 KB, no cache", await get_cost(folder, ids[:5000], 0), "µs CPU"),
    ]
    async with EmbeddedReader.open(folder) as reader:
        one_in_a_hundred = LogFilter(projects=("dewiki",))
        seconds, _, size = await least(lambda: read_log(reader, LogFilter()))
        rows.append(row("log replay, frames of 3 KB", size / seconds / 1e6, "MB/s CPU", ">= 300"))
        rows.append(row("log replay, frames of 3 KB", count / seconds, "entries/s CPU", ">= 100,000"))
        seconds, passed, _ = await least(lambda: read_log(reader, one_in_a_hundred))
        assert passed == count // 100
        rows.append(row("log, filter passing 1 in 100", count / seconds, "entries/s CPU", ">= 500,000"))
        seconds, _, _ = await least(lambda: read_bodies(reader))
        rows.append(row("log replay with bodies of 20 KB", count / seconds, "entries/s CPU"))
        seconds, _, _ = await least(lambda: scan(reader, count))
        rows.append(row("scan, articles of 20 KB", count / seconds, "articles/s CPU"))
    return rows


async def get_cost(folder: Path, keys: Sequence[PageKey], cache_bytes: int) -> float:
    """Microseconds of CPU for one get, the best of some rounds over the keys."""
    async with EmbeddedReader.open(folder, cache_bytes) as reader:

        async def get_all() -> tuple[int, int]:
            for key in keys:
                await reader.get(key, WHOLE)
            return len(keys), 0

        seconds, _, _ = await least(get_all)
    return seconds / len(keys) * 1e6


async def least(work: Callable) -> tuple[float, int, int]:
    """The least CPU time of some rounds, and what the work returned."""
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        result = await work()
        times.append(time.process_time() - began)
    return (min(times), *result)


async def read_log(reader: EmbeddedReader, filter_: LogFilter) -> tuple[int, int]:
    """Read the whole log in the portions of a stream; how many entries passed, and their bytes."""
    after = passed = size = 0
    while True:
        frames, through = await reader.read_frames(after, filter_, 64, 256 << 10)
        if through == after:
            return passed, size
        after = through
        passed += len(frames)
        size += sum(map(len, frames))


async def read_bodies(reader: EmbeddedReader) -> tuple[int, int]:
    """The same with bodies."""
    after = passed = 0
    while True:
        entries, through = await reader.read_entries(after, LogFilter(), WHOLE, 64, 256 << 10)
        if through == after:
            return passed, 0
        after = through
        passed += len(entries)


async def scan(reader: EmbeddedReader, as_of: int) -> tuple[int, int]:
    """Read all articles of the larger project."""
    after = found = 0
    while articles := await reader.scan("enwiki", (0,), as_of, after, WHOLE, 1000, 8 << 20):
        after = articles[-1].page_id
        found += len(articles)
    return found, 0


async def wake(folder: Path) -> dict[str, object]:
    """How long after a commit in another process a waiting reader goes on."""
    delays = []
    async with EmbeddedReader.open(folder) as reader:
        newest = (await reader.log_info()).newest_offset
        with other_process(folder) as process:
            for number in range(100):
                waiting = asyncio.create_task(reader.wait(newest, 30))
                await asyncio.sleep(random.uniform(0, 0.01))
                process.stdin.write(f"{10**9 + number}\n")
                process.stdin.flush()
                newest = await waiting
                woken = time.monotonic()
                delays.append(woken - float(process.stdout.readline()))
    # A commit is seen a little before its writer has said that it is done.
    return row("a commit in another process wakes a reader, median", 1000 * statistics.median(delays), "ms", "<= 10")


@contextmanager
def other_process(folder: Path) -> Iterator[subprocess.Popen]:
    """A process that puts one revision for each line it gets, and says when it was stored."""
    command = [sys.executable, "-c", WRITER, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.stdin.close()


if __name__ == "__main__":
    sys.exit(main())
