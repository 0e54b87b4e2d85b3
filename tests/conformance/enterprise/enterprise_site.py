"""A served store for Enterprise's clients: two wikis, snapshots whole and in chunks, structured contents, a batch."""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from uuid import uuid4

from made_up_feed import SECOND, Feed

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.batches import HOUR_MICROSECONDS, BatchLibrary, hour_of, write_hour
from wikifeed_server.snapshots import Content, Progress, SnapshotLibrary, SnapshotSpec, write_snapshot
from wikifeed_server.store import ArticleWrite
from wikifeed_server.store.embedded import EmbeddedReader

REAL_ARTICLES = Path(__file__).resolve().parents[2] / "data" / "enterprise.ndjson.gz"
COMMAND = [sys.executable, "-m", "wikifeed_server.cli"]
USER, PASSWORD = "ada", "an analytical engine"
PAGES, TEXT_BYTES = 60, 4000  # of each wiki's main namespace, beside those with names; of each of them
CHUNK_BYTES = 200_000
LINE_ENDS = "\u2028\u2029\u0085"  # what Python, not JSON, takes for the end of a line
STRUCTURED = Article(
    infoboxes=[
        {"name": "Infobox person", "type": "infobox", "has_parts": [{"type": "field", "name": "Born", "value": "1815"}]}
    ],
    sections=[
        {"name": "Abstract", "type": "section", "has_parts": [{"type": "paragraph", "value": "Ada wrote programs."}]}
    ],
)


@dataclass(frozen=True)
class Site:
    """A running server. `hour` is the one that has batches, `newest` the offset of the last change before it began."""

    http: str
    feed: Feed
    store: Path
    hour: datetime
    newest: int
    process: subprocess.Popen[str]

    @property
    def batches(self) -> str:
        """The path of the hour's batches."""
        return f"batches/{self.hour:%Y-%m-%d/%H}"

    def publish(self, title: str, page_id: int = 0, text: str = "text") -> int:
        """Publish a change of this moment; its offset."""
        self.feed.time = time.time_ns() // 1000
        return self.feed.publish_many([page(self.feed, title, page_id, text)])


@contextmanager
def served_site(folder: Path) -> Iterator[Site]:
    """Build a store in the folder and serve it until the context ends."""
    store = folder / "store"
    hour = hour_of(time.time_ns() // 1000) - HOUR_MICROSECONDS
    with closing(Feed(store)) as feed:
        _fill(feed, hour)
    _run("import", REAL_ARTICLES, "--store", store, "--import-workers", "1", "--quiet")
    newest = asyncio.run(_write_files(store, hour))
    _run("users", "add", USER, "--plan", "unlimited", "--password-stdin", "--store", store, stdin=PASSWORD + "\n")
    moment = datetime.fromtimestamp(hour // SECOND, UTC)
    with closing(Feed(store)) as feed, serving(store) as (address, process):
        yield Site(f"http://{address}", feed, store, moment, newest, process)


def noise(number: int) -> str:
    """A text that stays long when it is compressed."""
    return random.Random(number).randbytes(TEXT_BYTES).hex()


def page(feed: Feed, title: str, page_id: int, text: str = "text", **values: object) -> ArticleWrite:
    """A page with what Enterprise's clients insist on."""
    write = feed.write(title, page_id, text, **values)
    head = Article.FromString(write.head)
    head.categories[0].url = "https://example.org/category"
    head.event.identifier = str(uuid4())
    head.event.date_created.FromMicroseconds(feed.time)
    head.in_language.identifier = write.project[:2]
    head.license.add(name="Creative Commons", identifier="CC-BY-SA-4.0", url="https://example.org/license")
    head.version.size.value, head.version.size.unit_text = float(len(text)), "B"
    head.date_modified.FromMicroseconds(write.modified)
    head.date_created.FromMicroseconds(write.modified)
    return replace(write, head=head.SerializeToString(), structured=STRUCTURED.SerializeToString())


def _fill(feed: Feed, hour: int) -> None:
    """Changes of three seconds of the hour."""
    feed.time = hour + SECOND
    for project in ("dewiki", "enwiki"):
        pages = [page(feed, f"Page {n}", n, noise(n), project=project) for n in range(1, PAGES + 1)]
        feed.publish_many(pages)
    feed.time += SECOND
    feed.publish_many(
        [
            page(feed, "Ada Lovelace", 101),
            page(feed, "Ada Lovelace", 101),
            page(feed, "Ada Lovelace", 201, project="dewiki"),
            page(feed, "AC/DC", 102),
            page(feed, "Category:Music", 103, namespace=14),
        ]
    )
    feed.time += SECOND
    feed.delete(f"Page {PAGES}", PAGES)


async def _write_files(store: Path, hour: int) -> int:
    """What an operator's schedule would have made: snapshots and the hour's batches. The newest offset."""
    async with EmbeddedReader.open(store) as reader:
        newest = (await reader.log_info()).newest_offset
        snapshots, batches = SnapshotLibrary(store), BatchLibrary(store)
        for spec in (
            SnapshotSpec("dewiki", 0, newest),
            SnapshotSpec("enwiki", 0, newest, chunk_size_bytes=CHUNK_BYTES),
            SnapshotSpec("enwiki", 0, newest, content=Content.STRUCTURED),
        ):
            claim = snapshots.claim(spec)
            await write_snapshot(reader, claim.status.spec, claim.status.folder, _ignore)
            os.close(claim.lock)
        await write_hour(reader, hour, batches.begin(hour))
        batches.finish(hour)
        return newest


def _ignore(progress: Progress) -> None:
    """Reports nothing."""


def _run(*words: object, stdin: str = "") -> None:
    command = [*COMMAND, *map(str, words)]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, env=_environment(), check=False)
    assert done.returncode == 0, done.stderr


@contextmanager
def serving(store: Path, *words: object) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The server and the address of its HTTP."""
    command = [*COMMAND, "serve", "--store", str(store), "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"]
    command += ["--accounts", "yes", "--heartbeat-seconds", "0.1", "--log-format", "json", *map(str, words)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=_environment())
    assert process.stderr is not None
    line = process.stderr.readline()
    rest = Thread(target=process.stderr.read)
    rest.start()
    try:
        yield json.loads(line)["http"], process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
        rest.join()
        process.stderr.close()


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("WIKIFEED_")}
