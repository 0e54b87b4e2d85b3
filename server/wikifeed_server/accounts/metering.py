"""Counts what callers use: exactly where there is a limit, soon where there is none.

Charges against limits that come while others are being committed are committed together, in one transaction that all
processes take turns at; each caller waits for its verdict.
"""

import asyncio
from collections import Counter
from functools import partial
from typing import TypeAlias

from wikifeed_server.accounts.database import AccountDatabase, Execute
from wikifeed_server.accounts.days import DAY_MICROSECONDS, day_of, month_of, seconds_left_in_month
from wikifeed_server.accounts.model import AccountOptions, UsageKind
from wikifeed_server.accounts.usage import Charge, Verdict, add_usage, charge_all
from wikifeed_server.errors import QuotaExceededError, StoreError, UnauthenticatedError

_NAMES = {
    UsageKind.ON_DEMAND: "articles on demand",
    UsageKind.SNAPSHOT_DOWNLOAD: "downloads of snapshots",
    UsageKind.CHUNK_DOWNLOAD: "downloads of chunks",
    UsageKind.BATCH_DOWNLOAD: "downloads of batches",
    UsageKind.STREAM: "streams",
}
_Group: TypeAlias = list[tuple[Charge, "asyncio.Future[tuple[Verdict, int]]"]]


class Meter:
    """What the callers of one process use."""

    def __init__(self, database: AccountDatabase, options: AccountOptions) -> None:
        self._database = database
        self._clock = options.clock
        self._counted: Counter[tuple[str, UsageKind, str]] = Counter()
        self._day = ""
        self._day_ends = 0
        self._waiting: _Group = []
        self._committing: asyncio.Task[None] | None = None

    def count(self, username: str, kind: UsageKind, amount: int) -> None:
        """Count what has no limit; it is stored by the next `store`."""
        now = self._clock()
        if now >= self._day_ends or self._day_ends - now > DAY_MICROSECONDS:
            self._day, self._day_ends = day_of(now), now - now % DAY_MICROSECONDS + DAY_MICROSECONDS
        self._counted[username, kind, self._day] += amount

    async def charge(self, charge: Charge) -> None:
        """Count what may have a limit. Raises QuotaExceededError, UnauthenticatedError, StoreError."""
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.append((charge, waiting))
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit())
        verdict, used = await waiting
        if verdict is Verdict.EXHAUSTED:
            raise self._exhausted(charge, used)
        if verdict is Verdict.ACCOUNT_GONE:
            raise UnauthenticatedError("there is no such account any more")

    async def store(self) -> None:
        """Store what was counted. Raises StoreError; then it stays counted."""
        if not self._counted:
            return
        counted, self._counted = self._counted, Counter()
        try:
            await self._database.note(lambda execute: add_usage(execute, counted))
        except StoreError:
            self._counted.update(counted)
            raise

    async def close(self) -> None:
        """Wait for the charges that are being committed, and store what was counted. Raises StoreError."""
        if self._committing is not None:
            await self._committing
        await self.store()

    async def _commit(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            try:
                verdicts = await self._database.note(partial(_charge_group, group, self._clock()))
            except StoreError as error:
                for _, waiting in group:
                    if not waiting.done():
                        waiting.set_exception(error)
            else:
                for (_, waiting), verdict in zip(group, verdicts, strict=True):
                    if not waiting.done():
                        waiting.set_result(verdict)
        self._committing = None

    def _exhausted(self, charge: Charge, used: int) -> QuotaExceededError:
        now = self._clock()
        limit = charge.limit or 0
        return QuotaExceededError(
            f"the plan allows {limit} {_NAMES[charge.kind]} a month, {used} are used and this call takes "
            f"{charge.amount}: wait until {month_of(now)[1]}, or ask for another plan",
            charge.username,
            limit,
            seconds_left_in_month(now),
        )


def _charge_group(group: _Group, now: int, execute: Execute) -> list[tuple[Verdict, int]]:
    return charge_all(execute, [charge for charge, _ in group], now)
