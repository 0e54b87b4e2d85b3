"""The thread in which all transactions of this process on `accounts.db` run, one after the other."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from wikifeed_server.accounts.schema import ACCOUNTS, connect_accounts, connect_nothing
from wikifeed_server.store.embedded.faults import store_error

T = TypeVar("T")
Execute: TypeAlias = Callable[..., sqlite3.Cursor]  # of a connection, in a transaction
Row: TypeAlias = tuple[Any, ...]


class AccountDatabase:
    """Runs functions that take a connection's `execute`, each in a transaction of its own.

    All methods raise StoreError. What was begun is done to its end even where nobody waits for it any more.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="accounts")
        self._connection: sqlite3.Connection | None = None
        self._nothing: sqlite3.Connection | None = None

    async def read(self, work: Callable[[Execute], T]) -> T:
        """What `work` reads, all of it of one moment. Without a database it sees one that was just made."""
        return await self._in_thread(lambda: self._run(work, "BEGIN", self._existing()))

    async def create(self, work: Callable[[Execute], T]) -> T:
        """Change what must survive a power loss. The database is made where there is none."""
        return await self._in_thread(lambda: self._run(work, "BEGIN IMMEDIATE", self._made()))

    async def write(self, work: Callable[[Execute], T]) -> T:
        """Change what must survive a power loss. Without a database there is nothing to change."""
        return await self._in_thread(lambda: self._run(work, "BEGIN IMMEDIATE", self._existing()))

    async def note(self, work: Callable[[Execute], T]) -> T:
        """Change what need not survive a power loss. Without a database the change is in memory alone."""
        return await asyncio.shield(self.begin_note(work))

    def begin_note(self, work: Callable[[Execute], T]) -> "asyncio.Future[T]":
        """As `note`, for who does not wait."""
        return self._submit(lambda: self._run(work, "BEGIN IMMEDIATE", self._existing(), "NORMAL"))

    async def close(self) -> None:
        """Let go of the database, after all that was begun."""
        await self._in_thread(self._close)
        await asyncio.to_thread(self._thread.shutdown)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.shield(self._submit(work))

    def _submit(self, work: Callable[[], T]) -> "asyncio.Future[T]":
        return asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _made(self) -> sqlite3.Connection:
        if self._connection is None:
            with self._translated():
                self._connection = connect_accounts(self._folder)
        return self._connection

    def _existing(self) -> sqlite3.Connection:
        if self._connection is not None or (self._folder / ACCOUNTS).exists():
            return self._made()
        if self._nothing is None:
            self._nothing = connect_nothing()
        return self._nothing

    def _run(
        self, work: Callable[[Execute], T], begin: str, connection: sqlite3.Connection, synchronous: str = "FULL"
    ) -> T:
        with self._translated():
            if begin != "BEGIN":
                connection.execute(f"PRAGMA synchronous = {synchronous}")
            connection.execute(begin)
            try:
                result = work(connection.execute)
                connection.execute("COMMIT")
            except BaseException:
                # SQLite rolls back by itself on some errors, a full disk among them.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            return result

    def _close(self) -> None:
        for connection in (self._connection, self._nothing):
            if connection is not None:
                connection.close()
        self._connection = self._nothing = None

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise store_error(self._folder, error, ACCOUNTS) from error
