"""Accounts of a folder of the test's own, with a clock that the test turns."""

from contextlib import AsyncExitStack

import pytest
from turned_clock import PASSWORD, TurnedClock, cheap_hashing

from wikifeed_server.accounts import Accounts, StoreGuard


@pytest.fixture
def clock():
    return TurnedClock()


@pytest.fixture
async def processes(tmp_path, clock):
    """Makes accounts and guards of the same folder, as other processes have them; closes them in the end."""
    async with AsyncExitStack() as stack:

        async def begin(*, required=True, **options):
            accounts = Accounts(tmp_path, clock.options(**options), cheap_hashing())
            await stack.enter_async_context(accounts)
            guard = await stack.enter_async_context(StoreGuard(accounts, required=required))
            return accounts, guard

        yield begin


@pytest.fixture
async def accounts(tmp_path, clock):
    async with Accounts(tmp_path, clock.options(), cheap_hashing()) as accounts:
        yield accounts


@pytest.fixture
async def guard(accounts):
    async with StoreGuard(accounts, required=True) as guard:
        yield guard


@pytest.fixture
async def ada(accounts):
    """An account without limits."""
    return await accounts.add("Ada", PASSWORD, "unlimited")


@pytest.fixture
def key_of(accounts):
    """Makes a key of an account and gives the authorization that shows it."""

    async def make(username, expires=0):
        _, text = await accounts.create_key(username, "test", expires)
        return f"Bearer {text}"

    return make
