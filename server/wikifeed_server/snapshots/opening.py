"""Opening files without stalling the loop."""

import asyncio
from collections.abc import Callable
from typing import IO, Any, TypeVar

File = TypeVar("File", bound=IO[bytes])


async def opened_in_thread(open_: Callable[..., File], *arguments: Any) -> File:
    """What `open_` opens, in a thread. Whoever is cancelled meanwhile never sees the file, which is closed then."""
    opening = asyncio.ensure_future(asyncio.to_thread(open_, *arguments))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(_close)
        raise


def _close(opening: "asyncio.Future[File]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()
