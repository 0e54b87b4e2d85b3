"""Clients of subscriptions, for tests: each on a call of its own, driven by what the test says."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing, suppress

from wikifeed.v1.change_service_pb2 import SubscribeRequest, SubscribeResponse
from wikifeed_server.store import SLOTS
from wikifeed_server.store.framing import page_hash
from wikifeed_server.store.subscriptions import CoordinationOptions

PATIENCE_SECONDS = 30
QUICK = CoordinationOptions(beat_seconds=0.05, lease_seconds=5.0, look_seconds=0.01, commit_seconds=0.005)


def slot_of(page_id: int, project: str = "enwiki") -> int:
    """The slot that a page is in."""
    return page_hash(project, page_id) % SLOTS


async def came(client: "Subscriber", count: int) -> list[int]:
    """Wait until so many changes came; their offsets."""
    await client.until(lambda: len(client.changes) >= count)
    return client.offsets


class Subscriber:
    """A client: `responses` are those that came, `changes` the changes in them as (offset, page id)."""

    def __init__(self, subscriptions, name="mine", acknowledges=True, **fields) -> None:
        self.responses: list[SubscribeResponse] = []
        self.changes: list[tuple[int, int]] = []
        self.acknowledged = 0
        self.acknowledges = acknowledges
        self._came = asyncio.Event()
        self._requests: asyncio.Queue[SubscribeRequest | None] = asyncio.Queue()
        self.say(open={"name": name, **fields})
        self.call = asyncio.create_task(self._run(subscriptions))
        self.call.add_done_callback(lambda _: self._came.set())

    def say(self, **fields) -> None:
        """Send a request."""
        self._requests.put_nowait(SubscribeRequest(**fields))

    def acknowledge(self, delivery_id: int = 0) -> None:
        """Acknowledge a delivery, the last one if none is named."""
        delivery_id = delivery_id or self.last_id
        if delivery_id > self.acknowledged:
            self.acknowledged = delivery_id
            self.say(acknowledge=delivery_id)

    @property
    def last_id(self) -> int:
        """The id of the last delivery."""
        return max((response.delivery_id for response in self.responses), default=0)

    @property
    def offsets(self) -> list[int]:
        """The offsets of the changes that came."""
        return [offset for offset, _ in self.changes]

    @property
    def share(self) -> int:
        """How many slots the client has, as last told."""
        return next((each.share_count for each in reversed(self.responses) if each.HasField("subscription")), 0)

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for responses until something holds. Raises what ended the call."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not holds():
                self._came.clear()
                if self.call.done():
                    self.call.result()
                    raise AssertionError("the call ended before")
                await self._came.wait()

    async def error(self) -> BaseException | None:
        """Wait for the call's end; what ended it."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.wait({self.call})
        return self.call.exception()

    async def end(self) -> None:
        """Say that no more requests come, and wait for the call's end."""
        self._requests.put_nowait(None)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.call

    async def vanish(self) -> None:
        """Be cut off, as when the connection breaks."""
        self.call.cancel()
        with suppress(asyncio.CancelledError):
            await self.call

    async def _run(self, subscriptions) -> None:
        async with aclosing(subscriptions.Subscribe(self._said())) as responses:
            async for data in responses:
                self.handle(SubscribeResponse.FromString(data))
                self._came.set()

    def handle(self, response: SubscribeResponse) -> None:
        """Take a response."""
        self.responses.append(response)
        self.changes += [(change.offset, change.article.identifier) for change in response.changes]
        if self.acknowledges and response.delivery_id:
            self.acknowledge()

    async def _said(self):
        while (request := await self._requests.get()) is not None:
            yield request
