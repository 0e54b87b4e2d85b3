"""What a store holds, for metrics: asked of one worker, since the supervisor opens no store."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson

from wikifeed_server.snapshots import SnapshotLibrary
from wikifeed_server.snapshots.library import State
from wikifeed_server.store import Reader


def stored(folder: Path, reader: Reader) -> Callable[[dict[str, Any]], Awaitable[object]]:
    """What answers with the log's ends, the sources that are followed, and which snapshots there are."""
    library = SnapshotLibrary(folder)

    async def answer(question: dict[str, Any]) -> object:
        del question
        snapshots = await asyncio.to_thread(library.list)
        return {
            "log": (await reader.log_info())._asdict(),
            "sources": [orjson.loads(status) for _, status in await reader.statuses()],
            "snapshots": Counter(str(snapshot.state) for snapshot in snapshots),
            "newest_snapshot": max((s.created for s in snapshots if s.state is State.READY), default=0),
        }

    return answer
