"""The calls that are answered by streams."""

import asyncio
from abc import abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from made_up_contents import change, offset_before
from made_up_status import CallEndedError
from scripted_answers import find_article
from scripted_call import ScriptedCall

from wikifeed.v1.article_service_pb2 import ArticleOutcome, BatchGetArticlesRequest, BatchGetArticlesResponse
from wikifeed.v1.change_pb2 import Change
from wikifeed.v1.change_service_pb2 import (
    START_POSITION_OLDEST,
    StreamChangesRequest,
    StreamChangesResponse,
    SubscribeRequest,
    SubscribeResponse,
)
from wikifeed.v1.subscription_pb2 import Subscription

_HEARTBEAT_SECONDS = 0.1
_OUTCOMES = 2


class BatchGetCall(ScriptedCall):
    """BatchGetArticles: two outcomes in a message."""

    async def open(self) -> None:
        """Read the keys."""
        self._keys = (await self.ask(BatchGetArticlesRequest)).keys
        self._next = 0

    async def step(self, step: Mapping[str, Any]) -> None:
        """Send some messages with outcomes."""
        match step:
            case {"outcomes": count}:
                for _ in range(count):
                    await self._send()
            case _:
                raise ValueError(f"{self.method} can't do {step}")

    async def finish(self) -> None:
        """Send the rest of the outcomes."""
        while self._next < len(self._keys):
            await self._send()

    async def _send(self) -> None:
        numbers = range(self._next, min(self._next + _OUTCOMES, len(self._keys)))
        self._next = numbers.stop
        await self.send(BatchGetArticlesResponse(outcomes=[self._outcome(number) for number in numbers]))

    def _outcome(self, number: int) -> ArticleOutcome:
        key = self._keys[number]
        try:
            return ArticleOutcome(index=number, article=find_article(self.site, key.title, key.page_id))
        except CallEndedError as missing:
            return ArticleOutcome(index=number, error=missing.status)


class LogCall(ScriptedCall):
    """A stream of the log's changes: `through` is the offset through which they were sent."""

    through = 0

    @abstractmethod
    async def deliver(self, changes: list[Change]) -> None:
        """Send a message with these changes, through `through`."""

    async def step(self, step: Mapping[str, Any]) -> None:
        """Send changes, or messages without any."""
        match step:
            case {"send": count}:
                if "from" in step:
                    self.through = step["from"] - 1
                await self._send(self.through + count, step.get("batch", 1))
            case {"through": offset}:
                self.through = offset
                await self.deliver([])
            case {"heartbeats": count, "every_seconds": seconds}:
                for _ in range(count):
                    await asyncio.sleep(seconds)
                    await self.deliver([])
            case _:
                raise ValueError(f"{self.method} can't do {step}")

    async def finish(self) -> None:
        """Send the rest of the log, then heartbeats."""
        while True:
            await self._send(self.site.log, 2)
            await self.deliver([])
            await asyncio.sleep(_HEARTBEAT_SECONDS)

    async def _send(self, last: int, batch: int) -> None:
        while self.through < last:
            first, self.through = self.through + 1, min(self.through + batch, last)
            gone = self.site.words.get("gone", {})
            changes = [change(offset, gone.get(str(offset), "")) for offset in range(first, self.through + 1)]
            await self.deliver(changes)


class ChangesCall(LogCall):
    """StreamChanges."""

    async def open(self) -> None:
        """Read where to start and where to end."""
        request = await self.ask(StreamChangesRequest)
        self._until = request.until_offset
        match request.WhichOneof("start"):
            case "after_offset":
                self.through = request.after_offset
            case "since":
                self.through = offset_before(request.since.seconds)
            case _:
                self.through = 0 if request.position == START_POSITION_OLDEST else self.site.log

    async def deliver(self, changes: list[Change]) -> None:
        """Send a response."""
        await self.send(StreamChangesResponse(changes=changes, through_offset=self.through))

    async def finish(self) -> None:
        """Send the rest; a stream that has an end ends there."""
        if not self._until:
            await super().finish()
        await self._send(self._until, 2)


class SubscribeCall(LogCall):
    """Subscribe. The site keeps what was acknowledged."""

    async def open(self) -> None:
        """Read the first request, and let the others be read from here on."""
        opening = (await self.ask(SubscribeRequest)).open
        self._name = opening.name
        known = self.site.acknowledged.get(opening.name)
        self.through = known if known is not None else opening.after_offset
        self.site.acknowledged[opening.name] = self.through
        self.record["acknowledged"] = []
        self._credit = opening.credit
        self._is_bounded = bool(opening.credit)
        self._deliveries: list[int] = []
        self._changed = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())

    async def close(self) -> None:
        """Read no more."""
        self._reading.cancel()
        with suppress(asyncio.CancelledError):
            await self._reading

    async def deliver(self, changes: list[Change]) -> None:
        """Send a delivery, once there is credit for it; without changes, a heartbeat."""
        if not changes:
            await self.send(SubscribeResponse(through_offset=self.through))
            return
        async with self._changed:
            await self._changed.wait_for(lambda: not self._is_bounded or self._credit >= len(changes))
            self._credit -= len(changes)
        self._deliveries.append(self.through)
        number = len(self._deliveries)
        await self.send(SubscribeResponse(changes=changes, through_offset=self.through, delivery_id=number))

    async def step(self, step: Mapping[str, Any]) -> None:
        """Wait for an acknowledgement, tell when the subscription was made, or what other streams do."""
        match step:
            case {"tell_created": seconds}:
                told = Subscription(name=self._name)
                told.date_created.seconds = seconds
                await self.send(SubscribeResponse(subscription=told, share_count=64, through_offset=self.through))
            case {"await_acknowledge": number}:
                async with self._changed:
                    await self._changed.wait_for(lambda: number in self.record["acknowledged"])
            case _:
                await super().step(step)

    async def finish(self) -> None:
        """Send the rest until the client has said all."""
        sending = asyncio.create_task(super().finish())
        try:
            await asyncio.wait((sending, self._reading), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sending.cancel()

    async def _read(self) -> None:
        async for data in self.requests:
            request = SubscribeRequest.FromString(data)
            async with self._changed:
                match request.WhichOneof("action"):
                    case "acknowledge":
                        self.record["acknowledged"].append(request.acknowledge)
                        self.site.acknowledged[self._name] = self._deliveries[request.acknowledge - 1]
                    case "credit":
                        self._credit += request.credit
                self._changed.notify_all()
