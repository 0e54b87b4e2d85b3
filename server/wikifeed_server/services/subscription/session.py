"""One client of a subscription: delivers what follows in its slots, and hands slots over when the shares move.

Promises: what a client is delivered is of slots that it holds, after what was acknowledged of them, and each slot in
the order of offsets. A slot that should go to another client gets nothing more, and goes when all of it is
acknowledged. What the filter lets nothing of pass is acknowledged by the server, so that a subscription never falls
behind by it. One response is in memory at a time.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterable

from wikifeed.v1.change_service_pb2 import SubscribeRequest
from wikifeed_server.errors import AcknowledgementOverdueError, ServerStoppingError, SubscriberStalledError
from wikifeed_server.services.subscription.control import Control
from wikifeed_server.services.subscription.cursor import Cursor, Stretch
from wikifeed_server.services.subscription.messages import news_fields, response, subscription_message
from wikifeed_server.services.subscription.options import SubscriptionOptions, Wishes
from wikifeed_server.services.subscription.owning import shown_name
from wikifeed_server.services.subscription.reading import SlotReader
from wikifeed_server.services.subscription.waiting import Alarm
from wikifeed_server.store import Reader
from wikifeed_server.store.subscriptions import Membership, SubscriptionState

_NO_LEASE_SECONDS = 0.1  # how soon to look whether a lease that is over is good again


class Session:
    """A client that joined as `membership`, which rings `alarm` when it should be looked at.

    Whoever made `alarm` has it rung when `stopping` is set, and closes it behind the session.
    """

    def __init__(
        self,
        reader: Reader,
        membership: Membership,
        wishes: Wishes,
        options: SubscriptionOptions,
        stopping: asyncio.Event,
        alarm: Alarm,
    ) -> None:
        self._reader = reader
        self._membership = membership
        self._options = options
        self._stopping = stopping
        self._alarm = alarm
        self._cursor = Cursor()
        self._control = Control(wishes, self._cursor, membership, alarm.ring)
        self._log = SlotReader(reader, wishes, options, alarm)
        self._state: SubscriptionState | None = None
        self._active: frozenset[int] = frozenset()
        self._leaving: dict[int, float] = {}  # since when
        self._has_news = True
        self._has_more = False
        self._passed_over: dict[int, int] = {}
        self._store_at = self._heartbeat_at = 0.0

    async def responses(self, requests: AsyncIterator[SubscribeRequest]) -> AsyncGenerator[bytes, None]:
        """Serialized SubscribeResponses until the client says no more; what it said is stored before they end.

        Raises SubscriptionNotFoundError, SubscriptionInterruptedError, AcknowledgementOverdueError, OffsetExpiredError,
        ServerStoppingError, InvalidRequestError, StoreError.
        """
        try:
            following = self._alarm.task(self._control.follow(requests))
            while not following.done():
                self._alarm.clear()
                await self._settle()
                data = await self._next()
                if data:
                    self._heartbeat_at = time.monotonic() + self._options.heartbeat_seconds
                    yield data
                else:
                    await self._rest()
            following.result()
            await self._release(())
        finally:
            self._store_passed_over()
            self._membership.leave()

    def stalled_error(self) -> SubscriberStalledError:
        """What to tell a client that takes nothing."""
        return SubscriberStalledError(
            "the client took nothing for too long; subscribe again, and read: what was not acknowledged is delivered "
            "again",
            {"through_offset": str(self._cursor.through(self._active))},
        )

    async def _settle(self) -> None:
        """Do what the newest state of the subscription asks for."""
        if self._stopping.is_set():
            raise self._stopping_error()
        state = self._membership.state()
        now = time.monotonic()
        if state is not self._state:
            self._take(state, now)
        ready = self._leaving.keys() - self._cursor.waiting()
        if ready:
            for slot in ready:
                del self._leaving[slot]
            self._cursor.drop(ready)
            await self._release(ready)
        if any(now - since > self._options.handover_seconds for since in self._leaving.values()):
            raise self._overdue_error(shown_name(state.name))
        if self._passed_over and now >= self._store_at:
            self._store_passed_over()

    def _take(self, state: SubscriptionState, now: float) -> None:
        client, shares = self._membership.client, state.shares
        held, leaving = shares.held_by(client), shares.leaving(client)
        for slot in held - self._cursor.slots:
            self._cursor.take(slot, shares.acknowledged[slot])
        self._leaving = {slot: self._leaving.get(slot, now) for slot in leaving}
        active = held - leaving
        filter_changed = self._state is None or state.filter_ != self._state.filter_
        if filter_changed:
            self._log.set_filter(state.filter_)
        if filter_changed or len(active) != len(self._active):
            self._has_news = True
        self._active = active
        self._state = state

    async def _next(self) -> bytes:
        """The next response; empty when there is nothing to send."""
        self._has_more = False
        if self._has_news and self._state is not None:
            self._has_news = False
            newest = (await self._reader.log_info()).newest_offset
            news = news_fields(subscription_message(self._state, newest), len(self._active))
            return response(self._cursor.through(self._active), news=news)
        stretch = self._cursor.stretch(self._active)
        if stretch is not None and self._membership.may_deliver:
            data = await self._deliver(stretch)
            if data:
                return data
        if time.monotonic() >= self._heartbeat_at:
            return response(self._cursor.through(self._active))
        return b""

    async def _deliver(self, stretch: Stretch) -> bytes:
        """A response with the next changes of a stretch; empty when there is none, or none may be delivered."""
        allowance = self._control.allowance
        if allowance <= 0:
            self._pass_over(stretch, await self._log.pass_over(stretch))
            return b""
        frames, through = await self._log.next(stretch, allowance)
        if not frames:
            self._pass_over(stretch, through)
            return b""
        # To read takes time, and a lease that is over means that another may have these slots.
        if not self._membership.may_deliver:
            return b""
        delivery_id = self._cursor.deliver(stretch.slots, through, len(frames))
        self._control.spend(len(frames))
        return response(self._cursor.through(self._active), frames, delivery_id)

    def _pass_over(self, stretch: Stretch, through: int) -> None:
        if through == stretch.after:
            if self._log.at_end:
                self._log.watch(through, self._options.heartbeat_seconds)
            return
        self._has_more = True
        if not self._passed_over:
            self._store_at = time.monotonic() + self._options.idle_seconds
        self._passed_over.update(self._cursor.pass_over(stretch.slots, through))

    async def _rest(self) -> None:
        """Wait for something to do."""
        if self._has_more:
            await asyncio.sleep(0)  # a filter that lets little pass must not hold up other calls
            return
        ends = [self._heartbeat_at]
        if self._passed_over:
            ends.append(self._store_at)
        if self._leaving:
            ends.append(min(self._leaving.values()) + self._options.handover_seconds)
        if not self._membership.may_deliver:
            ends.append(time.monotonic() + _NO_LEASE_SECONDS)
        await self._alarm.wait(min(ends) - time.monotonic())

    async def _release(self, slots: Iterable[int]) -> None:
        """Store all that is acknowledged, and let the slots go."""
        self._store_passed_over()
        await self._membership.release(slots)

    def _store_passed_over(self) -> None:
        if self._passed_over:
            self._membership.acknowledge(self._passed_over)
            self._passed_over = {}

    def _stopping_error(self) -> ServerStoppingError:
        return ServerStoppingError(
            "the server stops; subscribe again: what was not acknowledged is delivered again",
            {"through_offset": str(self._cursor.through(self._active))},
        )

    def _overdue_error(self, name: str) -> AcknowledgementOverdueError:
        return AcknowledgementOverdueError(
            f"a share of subscription {name!r} is to move to another client, and what was delivered of it was not "
            f"acknowledged in {self._options.handover_seconds:g} seconds; subscribe again, and acknowledge sooner or "
            "set a lower max_unacknowledged",
            {"through_offset": str(self._cursor.through(self._active))},
        )
