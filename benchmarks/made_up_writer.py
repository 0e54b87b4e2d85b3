"""Puts made-up changes of 3 KB into a store at a pace, as a process of its own, and says when each was committed.

    python benchmarks/made_up_writer.py STORE FIRST PUTS CHANGES PUTS_A_SECOND

It makes PUTS commits of CHANGES changes each, of pages from the number FIRST on. It prints a line for each commit: the
offset of its last change, and when `put` returned, in microseconds since 1970.
"""

import sys
import time
from pathlib import Path

from made_up_store import CHANGE_BYTES, PROJECT, MadeUpText, change

from wikifeed_server.store.embedded import EmbeddedWriter


def main() -> None:
    """Run the command line."""
    first, puts, changes = map(int, sys.argv[2:5])
    pace = float(sys.argv[5])
    text = MadeUpText()
    texts = [text.of(CHANGE_BYTES) for _ in range(100)]
    with EmbeddedWriter.open(Path(sys.argv[1])) as writer:
        began = time.monotonic()
        for put in range(puts):
            time.sleep(max(0, began + put / pace - time.monotonic()))
            numbers = range(first + put * changes, first + (put + 1) * changes)
            done = writer.put([change(PROJECT, number, texts[number % len(texts)]) for number in numbers])
            print(done.last_offset, time.time_ns() // 1000)


if __name__ == "__main__":
    main()
