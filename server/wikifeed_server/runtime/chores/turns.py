"""Doing something again and again, whatever becomes of it each time."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from wikifeed_server.errors import WikifeedError


async def take_turns(name: str, turn: Callable[[], Awaitable[None]], pause_seconds: Callable[[], float]) -> None:
    """Take a turn, pause, and so on without end. A turn that fails is logged; the next is as if it had not been."""
    log = structlog.get_logger().bind(chore=name)
    while True:
        try:
            await turn()
        except (WikifeedError, OSError) as error:
            log.warning("chore failed; it is tried again", error=str(error), seconds=round(pause_seconds(), 1))
        await asyncio.sleep(pause_seconds())
