"""The process that writes one claimed snapshot: `python -m wikifeed_server.snapshots STORE IDENTIFIER OFFSET`.

Whoever starts it holds the claim and lets it inherit the lock. Exit code 0: the snapshot is ready; 1: it is noted as
failed.
"""

import asyncio
import os
import sys
import time
from pathlib import Path

from wikifeed_server.errors import WikifeedError
from wikifeed_server.snapshots.library import SnapshotLibrary, SnapshotStatus, State
from wikifeed_server.snapshots.writing import Progress, write_snapshot
from wikifeed_server.store.embedded import EmbeddedReader

# Answering comes first: writers get what the servers on the machine leave over.
_NICENESS = 10
_REPORT_SECONDS = 0.5


def main(store: str, identifier: str, offset: str) -> int:
    """Write the snapshot; the exit code."""
    os.nice(_NICENESS)
    library = SnapshotLibrary(Path(store))
    status = library.get(identifier, int(offset))
    if status is None or status.state is not State.WRITING:
        sys.stderr.write(f"{identifier} at offset {offset} is not claimed: ask the server to create it\n")
        return 1
    try:
        asyncio.run(_write(Path(store), library, status))
    except (WikifeedError, OSError) as error:
        library.fail(status, str(error))
        return 1
    return 0


async def _write(store: Path, library: SnapshotLibrary, status: SnapshotStatus) -> None:
    due = time.monotonic()

    def report(progress: Progress) -> None:
        nonlocal due
        if time.monotonic() >= due:
            library.report(status, progress.articles_count, progress.uncompressed_size_bytes)
            due = time.monotonic() + _REPORT_SECONDS

    reader = EmbeddedReader.open(store)
    try:
        await write_snapshot(reader, status.spec, status.folder, report, threads=os.cpu_count() or 1)
    finally:
        await reader.close()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
