"""Waits and cancellation, as all streams need them."""

import asyncio


def is_cancelled() -> bool:
    """Whether somebody cancelled the task that runs: a CancelledError is theirs then, and not a call's."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def wait_or_closed(closed: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until the stream is closed."""
    try:
        async with asyncio.timeout(seconds):
            await closed.wait()
    except TimeoutError:
        pass
