"""The subscriptions of the store in one folder: asynchronous, for one event loop; any number of them, in any process.

All transactions run in one thread of their own. While there are clients a task goes round: it stores together what was
acknowledged since the last time, shows that this process lives, and looks for what other processes changed.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Self, TypeVar

from wikifeed_server.errors import StoreError, SubscriptionInterruptedError, WikifeedError
from wikifeed_server.store.embedded.subscription_process import SharingProcess
from wikifeed_server.store.embedded.subscription_tables import ClientKey, Joined
from wikifeed_server.store.subscriptions import CoordinationOptions, SubscriptionState

T = TypeVar("T")


class EmbeddedSubscriptions:
    """The `SubscriptionStore` of one folder. The database is made when it is first needed."""

    def __init__(self, folder: Path, options: CoordinationOptions | None = None) -> None:
        self._folder = folder
        self._options = options or CoordinationOptions()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="subscriptions")
        self._sharing: SharingProcess | None = None
        self._members: dict[ClientKey, EmbeddedMembership] = {}
        self._offsets: dict[ClientKey, dict[int, int]] = {}
        self._leaving: list[ClientKey] = []
        self._stirred = asyncio.Event()
        self._tending: asyncio.Task[None] | None = None
        self._closing = False

    async def get(self, name: str) -> SubscriptionState | None:
        """One subscription."""
        return await self._in_thread(lambda sharing: sharing.tables.get(name))

    async def list(self, after_name: str, limit: int) -> list[SubscriptionState]:
        """The next subscriptions in the order of their names."""
        return await self._in_thread(lambda sharing: sharing.tables.list(after_name, limit))

    async def delete(self, name: str) -> bool:
        """Forget a subscription; False where there is none."""
        found = await self._in_thread(lambda sharing: sharing.tables.delete(name))
        self._stirred.set()
        return found

    async def join(
        self, name: str, filter_: bytes | None, start: int | None, changed: Callable[[], None]
    ) -> "EmbeddedMembership | None":
        """Add a client to a subscription: see `SubscriptionStore.join`. Raises SubscriptionFullError."""
        joining = self._submit(lambda sharing: sharing.join(name, filter_, start))
        try:
            joined = await asyncio.shield(joining)
        except asyncio.CancelledError:
            joining.add_done_callback(self._give_up)
            raise
        if joined is None or self._sharing is None:
            return None
        member = EmbeddedMembership(self, self._sharing, joined, changed)
        self._members[joined.key] = member
        self._tend()
        return member

    def acknowledge(self, key: ClientKey, offsets: Mapping[int, int]) -> None:
        """Store with the next round that a client's slots are acknowledged, each through its offset."""
        waiting = self._offsets.setdefault(key, {})
        waiting.update((slot, offset) for slot, offset in offsets.items() if waiting.get(slot, -1) < offset)
        self._stirred.set()

    async def release(self, key: ClientKey, slots: Iterable[int]) -> None:
        """Store at once what a client acknowledged, and hand slots of it to their heirs."""
        offsets = self._offsets.pop(key, {})
        await self._in_thread(lambda sharing: sharing.release(key, offsets, slots))
        self._tell()

    async def set_filter(self, key: ClientKey, filter_: bytes) -> None:
        """Replace the filter of a client's subscription."""

        def change(sharing: SharingProcess) -> None:
            sharing.tables.set_filter(key.subscription, filter_)
            sharing.look()

        await self._in_thread(change)
        self._tell()

    def leave(self, key: ClientKey) -> None:
        """Take a client away with the next round."""
        if self._members.pop(key, None) is not None:
            self._leaving.append(key)
            self._tend()

    async def close(self) -> None:
        """Take all clients away and let go of files. What was acknowledged is stored first."""
        self._closing = True
        self._stirred.set()
        if self._tending is not None:
            await self._tending
        if self._sharing is not None:
            offsets, leaving = self._offsets, [*self._members, *self._leaving]
            self._end_members(SubscriptionInterruptedError("the server stops: subscribe again"))

            def end(sharing: SharingProcess) -> None:
                try:
                    sharing.go_round(offsets, leaving)
                finally:
                    sharing.close()

            await self._in_thread(end)
        await asyncio.to_thread(self._thread.shutdown)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _tend(self) -> None:
        """See that somebody goes round, and soon."""
        self._stirred.set()
        if self._tending is None:
            self._tending = asyncio.create_task(self._go_round())

    async def _go_round(self) -> None:
        while (self._members or self._leaving) and not self._closing:
            offsets, self._offsets = self._offsets, {}
            leaving, self._leaving = self._leaving, []
            self._stirred.clear()
            try:
                if await self._in_thread(_round(offsets, leaving)):
                    self._tell()
            except StoreError as error:
                await self._fail(error)
            await self._pause()
        self._tending = None

    async def _pause(self) -> None:
        """Until it is time to look or something was stirred, but never more often than acknowledgements are stored."""
        earliest = time.monotonic() + self._options.commit_seconds
        with suppress(TimeoutError):
            async with asyncio.timeout(self._options.look_seconds):
                await self._stirred.wait()
        await asyncio.sleep(earliest - time.monotonic())

    async def _fail(self, error: StoreError) -> None:
        """End all members: what they acknowledged could not be stored."""
        self._end_members(error)
        self._offsets.clear()
        self._leaving.clear()
        await self._in_thread(SharingProcess.forget)

    def _end_members(self, error: WikifeedError) -> None:
        for member in self._members.values():
            member.fail(error)
        self._members.clear()

    def _tell(self) -> None:
        for member in self._members.values():
            member.changed()

    def _give_up(self, joining: "asyncio.Future[Joined | None]") -> None:
        """Take a client away that was gone before it had joined."""
        joined = None if joining.cancelled() or joining.exception() else joining.result()
        if joined is not None:
            self._leaving.append(joined.key)
            self._tend()

    async def _in_thread(self, work: Callable[[SharingProcess], T]) -> T:
        """Work that is done to its end even where nobody waits for it any more."""
        return await asyncio.shield(self._submit(work))

    def _submit(self, work: Callable[[SharingProcess], T]) -> "asyncio.Future[T]":
        return asyncio.get_running_loop().run_in_executor(self._thread, self._with_sharing, work)

    def _with_sharing(self, work: Callable[[SharingProcess], T]) -> T:
        if self._sharing is None:
            self._sharing = SharingProcess(self._folder, self._options)
        return work(self._sharing)


def _round(offsets: Mapping[ClientKey, dict[int, int]], leaving: list[ClientKey]) -> Callable[[SharingProcess], bool]:
    return lambda sharing: sharing.go_round(offsets, leaving)


class EmbeddedMembership:
    """The `Membership` of one client. `changed` is called when the client should look at it."""

    def __init__(
        self,
        store: EmbeddedSubscriptions,
        sharing: SharingProcess,
        joined: Joined,
        changed: Callable[[], None],
    ) -> None:
        self.changed = changed
        self._store = store
        self._sharing = sharing
        self._process, self._key = joined.process, joined.key
        self._name = joined.state.name
        self._error: WikifeedError | None = None

    @property
    def client(self) -> int:
        """The client's number."""
        return self._key.client

    @property
    def may_deliver(self) -> bool:
        """Whether the lease is good."""
        return self._error is None and self._sharing.may_deliver(self._process)

    def state(self) -> SubscriptionState:
        """The subscription as last seen."""
        if self._error is not None:
            raise self._error
        return self._sharing.state(self._key, self._name)

    def acknowledge(self, offsets: Mapping[int, int]) -> None:
        """Store soon that slots are acknowledged, each through its offset."""
        self._store.acknowledge(self._key, offsets)

    async def release(self, slots: Iterable[int]) -> None:
        """Store what was acknowledged, and hand the slots to their heirs."""
        await self._store.release(self._key, slots)

    async def set_filter(self, filter_: bytes) -> None:
        """Replace the subscription's filter for all clients."""
        await self._store.set_filter(self._key, filter_)

    def leave(self) -> None:
        """Store what was acknowledged, and give up all slots."""
        self._store.leave(self._key)

    def fail(self, error: WikifeedError) -> None:
        """Let the client know that it is none any more."""
        self._error = error
        self.changed()
