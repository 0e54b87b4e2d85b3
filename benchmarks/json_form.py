"""How fast stored articles become Enterprise's JSON.

    python benchmarks/json_form.py [--full] [--json FILE]

The articles are the real ones of $WIKIFEED_SHARED/data/dumps, imported: their heads, as a stream without bodies has
them, their wikitext, and all of each with its structured contents. The changes are made-up ones of 3 KB. CPU time of
`article_bytes_to_json`, each article once a round and parsing included: the best of three rounds (`--full`: nine). Of
protobuf's own JSON, measured in turns, the ratio is that of the best rounds.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from google.protobuf.json_format import MessageToDict
from made_up_store import CHANGE_BYTES, MadeUpText, change
from server_process import at_least, report, row

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.contract.json import article_bytes_to_json
from wikifeed_server.store import EventType, LogFilter, Parts
from wikifeed_server.store.embedded import EmbeddedReader
from wikifeed_server.store.framing import make_frame

ROOT = Path(__file__).resolve().parent.parent
DUMP = Path(os.environ.get("WIKIFEED_SHARED") or ROOT.parent / "shared") / "data/dumps/enwiki-206-pages.xml.bz2"
CHANGES = 5_000
PROMISED_HEADS, PROMISED_CHANGES, PROMISED_MEGABYTES = 10_000, 100_000, 300
MICROSECONDS = 1_700_000_000_000_000  # since 1970; a change every millisecond from there


def main() -> int:
    """Run the command line; 0 when the promises hold."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--full", action="store_true")
    arguments.add_argument("--json", type=Path, metavar="FILE", help="write the rows there as well")
    chosen = arguments.parse_args()
    return report(measure(rounds=9 if chosen.full else 3), chosen.json)


def measure(rounds: int) -> list[dict[str, object]]:
    """The rows."""
    with tempfile.TemporaryDirectory() as scratch:
        store = Path(scratch) / "store"
        command = [sys.executable, "-m", "wikifeed_server.cli", "import", str(DUMP), "--project", "enwiki"]
        subprocess.run([*command, "--store", str(store)], check=True, capture_output=True)
        heads, bodies, whole = (asyncio.run(stored(store, parts)) for parts in (Parts.HEAD, Parts.WIKITEXT, Parts.ALL))
    changes = made_up_changes()
    head_seconds, theirs = best_seconds([article_bytes_to_json, protobufs_own], heads, rounds)
    (change_seconds,) = best_seconds([article_bytes_to_json], changes, rounds)
    (body_seconds,) = best_seconds([article_bytes_to_json], bodies, rounds)
    (whole_seconds,) = best_seconds([article_bytes_to_json], whole, rounds)
    return [
        at_least("JSON of real articles' heads", len(heads) / head_seconds, "a CPU-second", PROMISED_HEADS),
        row("JSON of real articles' heads, speed beside protobuf's own JSON", theirs / head_seconds, "x"),
        at_least("JSON of changes of 3 KB", len(changes) / change_seconds, "a CPU-second", PROMISED_CHANGES),
        at_least("JSON of real wikitext", megabytes(bodies) / body_seconds, "MB a CPU-second", PROMISED_MEGABYTES),
        row("JSON of real articles with all parts", megabytes(whole) / whole_seconds, "MB a CPU-second"),
    ]


async def stored(store: Path, parts: Parts) -> list[bytes]:
    """The serialized articles of the store's log, of so many parts."""
    async with await asyncio.to_thread(EmbeddedReader.open, store) as reader:
        entries, _ = await reader.read_entries(0, LogFilter(), parts, 10**6, 1 << 30)
        return [b"".join(entry.fragments) for entry in entries]


def made_up_changes() -> list[bytes]:
    """The serialized articles of CHANGES changes, as the log has them."""
    text = MadeUpText()
    articles = []
    for number in range(CHANGES):
        write = change("enwiki", number, text.of(CHANGE_BYTES))
        frame = make_frame(write, number + 1, EventType.UPDATE, MICROSECONDS + 1000 * number)
        articles.append(frame.data[frame.head_start :])
    return articles


def protobufs_own(article: bytes) -> bytes:
    """What `article_bytes_to_json` would be without a converter of ours."""
    return json.dumps(MessageToDict(Article.FromString(article), preserving_proto_field_name=True)).encode()


def best_seconds(converters: Sequence[Callable[[bytes], bytes]], articles: Sequence[bytes], rounds: int) -> list[float]:
    """The CPU time that each converter takes for all articles, in its best round."""
    best = [float("inf")] * len(converters)
    for _ in range(rounds):
        for index, convert in enumerate(converters):
            begin = time.process_time()
            for article in articles:
                convert(article)
            best[index] = min(best[index], time.process_time() - begin)
    return best


def megabytes(articles: Sequence[bytes]) -> float:
    """What the articles take, stored."""
    return sum(map(len, articles)) / 1e6


if __name__ == "__main__":
    raise SystemExit(main())
