"""The guard of a store's accounts: one for each process; all processes of a store count together.

Promises:

1. What was revoked, disabled, expired or taken from a plan is refused within a second in all processes, and in the one
   that did it at once; open streams end within 5 seconds.
2. A limit is never exceeded, whatever comes at once, in however many processes, and whichever of them is killed.
3. Who calls without an account, where none is needed, costs nothing and leaves nothing.

A task looks for changes twice a second, writes what was counted, and shows that this process lives.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Self

import structlog
from google.protobuf.message import Message

from wikifeed_server.accounts.accounts import Accounts
from wikifeed_server.accounts.authorization import read_authorization
from wikifeed_server.accounts.changes import changed_since
from wikifeed_server.accounts.credentials import holders, identify
from wikifeed_server.accounts.downloads import Downloads
from wikifeed_server.accounts.entitlements import (
    ENTITLEMENTS,
    require_creation,
    require_project,
    require_realtime,
)
from wikifeed_server.accounts.keys import KeyText, note_use
from wikifeed_server.accounts.metering import Meter
from wikifeed_server.accounts.model import GUEST_TOKEN, OPEN_CALLER, Caller, UsageKind
from wikifeed_server.accounts.remembering import RememberedCallers
from wikifeed_server.accounts.streams import OpenStream, OpenStreams
from wikifeed_server.accounts.usage import Charge
from wikifeed_server.errors import StoreError, UnauthenticatedError
from wikifeed_server.snapshots import SnapshotLibrary


class StoreGuard:
    """The `Guard` of the accounts of a store. All methods raise StoreError."""

    def __init__(self, accounts: Accounts, *, required: bool) -> None:
        options = accounts.options
        self._accounts = accounts
        self._database = accounts.database
        self._required = required
        self._clock = options.clock
        self._look_seconds = options.look_seconds
        self._remembered = RememberedCallers(options.remembered_credentials)
        self._meter = Meter(self._database, options)
        self._downloads = Downloads(SnapshotLibrary(accounts.folder))
        self._streams = OpenStreams(self._database, options)
        self._seen = 0
        # What is remembered counts only while somebody looks for changes.
        self._fresh_microseconds = round(options.lease_seconds * 1e6)
        self._fresh_until = 0
        self._tending: asyncio.Task[None] | None = None

    @property
    def required(self) -> bool:
        """Whether calls need credentials."""
        return self._required

    async def caller(self, authorization: str) -> Caller:
        """Who shows these credentials: "Bearer " and a token or an API key; empty for none.

        Raises UnauthenticatedError where none are shown and some are required, and for some that are not good.
        """
        now = self._clock()
        known = self._remembered.get(authorization, now) if now < self._fresh_until else None
        return known or await self._identify(authorization)

    async def admit(self, caller: Caller, method: str, request: Message) -> Message:
        """Count a call of an RPC ("/wikifeed.v1.ArticleService/GetArticle") whose request was validated.

        Returns the request to answer: as it came, or a copy narrowed to what the caller's plan shows. Raises
        PermissionDeniedError, QuotaExceededError; then nothing is counted. KeyError for no RPC of the contract.
        """
        entitlement = ENTITLEMENTS[method]
        if not caller.username:
            return request
        plan = caller.plan
        if entitlement.realtime:
            require_realtime(plan)
        if entitlement.creates_snapshots:
            require_creation(plan)
        if plan.projects:
            request = entitlement.narrow(request, plan)
        if entitlement.kind is not None:
            amount = entitlement.amount(request)
            if amount:
                await self._count(caller, entitlement.kind, amount)
        elif self._downloads.has(method):
            download = await self._downloads.find(caller, method, request)
            if download.kind is not None:
                await self._count_file(caller, download.kind, download.file)
            request = download.request
        return request

    async def admit_download(self, caller: Caller, kind: UsageKind, project: str, file: str) -> None:
        """Count the download of a file ("enwiki_namespace_0@1234"): once a day for each file, whatever ranges of it.

        Raises PermissionDeniedError, QuotaExceededError; then nothing is counted.
        """
        if not caller.username:
            return
        require_project(caller.plan, project)
        if kind is UsageKind.BATCH_DOWNLOAD:
            require_realtime(caller.plan)
        await self._count_file(caller, kind, file)

    @asynccontextmanager
    async def stream(self, caller: Caller) -> AsyncGenerator[None, None]:
        """A context for a stream of the caller's, run by the current task.

        Raises PermissionDeniedError at its beginning where the plan has no streams and LimitExceededError where as many
        are open as it allows at once; UnauthenticatedError at its end, having cancelled what runs in it, within 5
        seconds of the credentials being revoked or expired.
        """
        if caller.username:
            require_realtime(caller.plan)
        async with self._while_good(caller, is_realtime=True):
            yield

    @asynccontextmanager
    async def download(self, caller: Caller) -> AsyncGenerator[None, None]:
        """A context for a file that is sent to the caller by the current task; no plan bounds how many are at once.

        Raises UnauthenticatedError as `stream` does at its end.
        """
        async with self._while_good(caller, is_realtime=False):
            yield

    @asynccontextmanager
    async def _while_good(self, caller: Caller, *, is_realtime: bool) -> AsyncGenerator[None, None]:
        if not caller.username:
            yield
            return
        stream = OpenStream(caller, is_realtime=is_realtime)
        with stream.translated():
            await self._streams.add(stream)
            try:
                # What was revoked before the stream was added is in no change that is still to come.
                await self._check([stream])
                if stream.error is not None:
                    await asyncio.sleep(0)  # where the cancellation arrives
                yield
            finally:
                self._streams.remove(stream)

    async def look(self) -> None:
        """See what changed, end what expired, store what was counted, and show that this process lives."""
        now = self._clock()
        for stream in self._streams:
            if stream.caller.expires and stream.caller.expires <= now:
                stream.end(UnauthenticatedError("the access token or key has expired: show another, and open again"))
        await self._see_changes()
        self._fresh_until = now + self._fresh_microseconds
        await self._meter.store()
        await self._streams.show()

    async def close(self) -> None:
        """Stop looking, and store what was counted."""
        if self._tending is not None:
            self._tending.cancel()
            with suppress(asyncio.CancelledError):
                await self._tending
            self._tending = None
            self._accounts.unwatch(self._see_changes)
        try:
            await self._meter.close()
        finally:
            await self._streams.close()

    async def __aenter__(self) -> Self:
        self._accounts.watch(self._see_changes)
        await self._see_changes()
        self._fresh_until = self._clock() + self._fresh_microseconds
        self._tending = asyncio.create_task(self._tend())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _tend(self) -> None:
        while True:
            await asyncio.sleep(self._look_seconds)
            try:
                await self.look()
            except StoreError as error:
                structlog.get_logger().error("accounts can't be looked at", error=error.message)

    async def _identify(self, authorization: str) -> Caller:
        shown = read_authorization(authorization)
        if not self._required and shown == GUEST_TOKEN:
            return OPEN_CALLER
        if not shown:
            if self._required:
                raise UnauthenticatedError(
                    'this server needs an account: show "authorization: Bearer " and an access token or an API key'
                )
            return OPEN_CALLER
        now = self._clock()
        caller, change, unused = await self._database.read(lambda execute: identify(execute, shown, now))
        if caller is None:
            what = "API key" if isinstance(shown, KeyText) else "access token"
            way_out = "show another" if isinstance(shown, KeyText) else "refresh it, or log in again"
            raise UnauthenticatedError(f"the {what} is not good, has expired or was revoked: {way_out}")
        if unused:
            await self._database.note(lambda execute: note_use(execute, unused, now))
        if change >= self._seen:
            self._remembered.put(authorization, caller, now)
        return caller

    async def _see_changes(self) -> None:
        """Forget and end what changes took away."""
        newest, names = await self._database.read(lambda execute: changed_since(execute, self._seen))
        self._seen = max(newest, self._seen)
        self._remembered.forget(names)
        await self._check([each for each in self._streams if names is None or each.caller.username.lower() in names])

    async def _check(self, streams: Sequence[OpenStream]) -> None:
        """End those of the streams that could not be opened any more."""
        if not streams:
            return
        callers, now = [stream.caller for stream in streams], self._clock()
        found = await self._database.read(lambda execute: holders(execute, callers, now))
        for stream in streams:
            holder = found[stream.caller.credential]
            if holder is None:
                stream.end(UnauthenticatedError("the access token or key was revoked: log in again, or show another"))
            elif (stream.is_realtime and not holder.plan.realtime) or not _shows_as_much(holder, stream.caller):
                stream.end(UnauthenticatedError("the account's plan changed, and does not show this stream any more"))

    async def _count(self, caller: Caller, kind: UsageKind, amount: int) -> None:
        limit = (caller.plan.monthly or {}).get(kind)
        if limit is None:
            self._meter.count(caller.username, kind, amount)
        else:
            await self._meter.charge(Charge(caller.username, kind, amount, limit))

    async def _count_file(self, caller: Caller, kind: UsageKind, file: str) -> None:
        limit = (caller.plan.monthly or {}).get(kind)
        await self._meter.charge(Charge(caller.username, kind, 1, limit, file))


def _shows_as_much(holder: Caller, caller: Caller) -> bool:
    """Whether a plan shows all projects that the one before did."""
    now, before = holder.plan.projects, caller.plan.projects
    return not now or bool(before and set(before) <= set(now))
