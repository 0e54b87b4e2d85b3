"""Accounts, keys, plans, tokens and usage of the store in one folder: asynchronous, for one event loop.

Any number of these in any number of processes share `accounts.db`. See `schema` for what survives what.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Self, TypeVar
from weakref import WeakValueDictionary

from wikifeed_server.accounts import keys, registry, sessions, tries
from wikifeed_server.accounts.database import AccountDatabase, Execute
from wikifeed_server.accounts.days import check_day, day_of, month_of
from wikifeed_server.accounts.model import (
    Account,
    AccountOptions,
    ApiKey,
    DailyUsage,
    Plan,
    Tokens,
    UsageKind,
)
from wikifeed_server.accounts.passwords import PasswordHashing, check_password
from wikifeed_server.accounts.usage import sum_usage, usage_by_day
from wikifeed_server.errors import UnauthenticatedError

T = TypeVar("T")


class Accounts:
    """All methods raise StoreError where the database can't be used. It is made by the first change of something.

    Names of accounts are told apart by more than case. Days are "2026-01-31", other times microseconds since 1970.
    """

    def __init__(
        self, folder: Path, options: AccountOptions | None = None, hashing: PasswordHashing | None = None
    ) -> None:
        self.options = options or AccountOptions()
        self.folder = folder
        self.database = AccountDatabase(folder)
        self._hashing = hashing or PasswordHashing()
        self._trying: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._watchers: list[Callable[[], Awaitable[None]]] = []

    def watch(self, watcher: Callable[[], Awaitable[None]]) -> None:
        """Await `watcher` after each change that this object makes, before the change's method returns."""
        self._watchers.append(watcher)

    def unwatch(self, watcher: Callable[[], Awaitable[None]]) -> None:
        """Undo `watch`."""
        self._watchers.remove(watcher)

    async def add(self, username: str, password: str | None, plan: str) -> Account:
        """Make an account; without a password it can only have keys.

        Raises InvalidRequestError, AccountExistsError, PlanNotFoundError.
        """
        registry.check_username(username)
        if password is not None:
            check_password("password", password)
        hashed = None if password is None else await self._hashing.hash(password)
        now = self.options.clock()
        return await self.database.create(lambda execute: registry.add_account(execute, username, hashed, plan, now))

    async def get(self, username: str) -> Account:
        """One account. Raises AccountNotFoundError."""
        return await self.database.read(lambda execute: registry.get_account(execute, username))

    async def list(self) -> list[Account]:
        """All accounts, by name."""
        return await self.database.read(registry.list_accounts)

    async def set_password(self, username: str, password: str) -> None:
        """Set another password, which ends all sessions of the account; keys stay.

        Raises InvalidRequestError, AccountNotFoundError.
        """
        check_password("password", password)
        hashed = await self._hashing.hash(password)
        await self._change(lambda execute: sessions.set_password_hash(execute, username, hashed))

    async def change_password(self, username: str, old: str, new: str) -> None:
        """As `set_password`, for who knows the old one. Raises UnauthenticatedError, TooManyTriesError too."""
        check_password("new_password", new)
        hashed = await self._hashing.hash(new)
        await self._prove(username, old, lambda execute, name: sessions.set_password_hash(execute, name, hashed))
        await self._tell()

    async def set_plan(self, username: str, plan: str) -> Account:
        """Give an account another plan. Raises AccountNotFoundError, PlanNotFoundError."""
        return await self._change(lambda execute: registry.set_account_plan(execute, username, plan))

    async def disable(self, username: str) -> Account:
        """Refuse all credentials of an account and end its sessions. Raises AccountNotFoundError."""
        return await self._change(lambda execute: registry.set_disabled(execute, username, disabled=True))

    async def enable(self, username: str) -> Account:
        """Undo `disable`; sessions do not come back, keys do. Raises AccountNotFoundError."""
        return await self._change(lambda execute: registry.set_disabled(execute, username, disabled=False))

    async def delete(self, username: str) -> None:
        """Forget an account with its keys, sessions and usage. Raises AccountNotFoundError."""
        await self._change(lambda execute: registry.delete_account(execute, username))

    async def create_key(self, username: str, label: str = "", expires: int = 0) -> tuple[ApiKey, str]:
        """A key of an account, and its text, which is kept nowhere; `expires` 0 is never.

        Raises AccountNotFoundError, InvalidRequestError, LimitExceededError.
        """
        now = self.options.clock()
        return await self.database.write(lambda execute: keys.create_key(execute, username, label, expires, now))

    async def list_keys(self, username: str) -> Sequence[ApiKey]:
        """The keys of an account, the oldest first. Raises AccountNotFoundError."""
        return await self.database.read(lambda execute: keys.list_keys(execute, username))

    async def revoke_key(self, username: str, identifier: str) -> None:
        """Forget a key. Raises AccountNotFoundError, KeyNotFoundError."""
        await self._change(lambda execute: keys.revoke_key(execute, username, identifier))

    async def put_plan(self, plan: Plan) -> None:
        """Keep a plan in place of what there was under its identifier. Raises InvalidRequestError."""
        await self.database.create(lambda execute: registry.put_plan(execute, plan))
        await self._tell()

    async def get_plan(self, identifier: str) -> Plan:
        """One plan. Raises PlanNotFoundError."""
        return await self.database.read(lambda execute: registry.get_plan(execute, identifier))

    async def list_plans(self) -> Sequence[Plan]:
        """All plans, by identifier."""
        return await self.database.read(registry.list_plans)

    async def plans_in_use(self) -> Sequence[Plan]:
        """The plans that some account has."""
        return await self.database.read(registry.plans_in_use)

    async def delete_plan(self, identifier: str) -> None:
        """Forget a plan that no account has. Raises PlanNotFoundError, PlanInUseError."""
        await self._change(lambda execute: registry.delete_plan(execute, identifier))

    async def log_in(self, username: str, password: str) -> Tokens:
        """Tokens for a password.

        Raises UnauthenticatedError, which does not tell what was wrong, and TooManyTriesError.
        """
        return await self._prove(
            username, password, lambda execute, name: sessions.begin_session(execute, name, self.options)
        )

    async def refresh(self, username: str, refresh_token: str) -> Tokens:
        """Further tokens for a refresh token; an empty name is not compared. Raises UnauthenticatedError."""
        return await self.database.write(
            lambda execute: sessions.refresh_session(execute, username, refresh_token, self.options)
        )

    async def revoke(self, refresh_token: str) -> None:
        """End the session of a refresh token: its tokens are refused, its streams end. No error where there is none."""
        await self._change(lambda execute: sessions.end_session(execute, refresh_token))

    async def usage(self, username: str, first_day: str, last_day: str) -> Sequence[DailyUsage]:
        """What an account used on the days from the first to the last, oldest first; days without any are left out.

        What was used without a limit comes in within a second. Raises InvalidRequestError, AccountNotFoundError.
        """
        check_day("first_day", first_day)
        check_day("last_day", last_day)

        def read(execute: Execute) -> Sequence[DailyUsage]:
            return usage_by_day(execute, registry.get_account(execute, username).username, first_day, last_day)

        return await self.database.read(read)

    async def usage_of_month(self, username: str) -> dict[UsageKind, int]:
        """What an account used in this month, UTC, of every kind. Raises AccountNotFoundError."""
        now = self.options.clock()
        return sum_usage(await self.usage(username, month_of(now)[0], day_of(now)))

    async def close(self) -> None:
        """Let go of files and threads."""
        await self.database.close()
        await self._hashing.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _change(self, work: Callable[[Execute], T]) -> T:
        """A change that others are told of."""
        result = await self.database.write(work)
        await self._tell()
        return result

    async def _tell(self) -> None:
        for watcher in self._watchers:
            await watcher()

    async def _prove(self, username: str, password: str, then: Callable[[Execute, str], T]) -> T:
        """What `then` makes of the account whose password it is, in the transaction that finds that it still is.

        Raises UnauthenticatedError, TooManyTriesError.
        """
        # One after the other: tries at once of who knows the password would count as wrong ones meanwhile.
        async with self._trying.setdefault(username.lower(), asyncio.Lock()):
            now = self.options.clock()
            kept = await self.database.note(lambda execute: tries.begin_try(execute, username, now))
            right = await self._hashing.is_right(kept, password)
            if kept is None or not right:
                raise UnauthenticatedError("the user name or the password is wrong, or the account is disabled")
            fresh = await self._hashing.hash(password) if self._hashing.is_outdated(kept) else None
            return await self.database.write(
                lambda execute: then(execute, tries.end_try(execute, username, kept, fresh))
            )
