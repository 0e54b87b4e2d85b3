"""Streams of accounts: how many at once, and that they end with what they were opened with."""

import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from turned_clock import PASSWORD

from wikifeed_server.accounts import Plan, StoreGuard
from wikifeed_server.errors import LimitExceededError, UnauthenticatedError


@pytest.fixture
async def shown(accounts, ada, key_of):
    return await key_of("ada")


@pytest.fixture
async def token(accounts, ada):
    return await accounts.log_in("ada", PASSWORD)


class Stream:
    """A stream that some task runs until it is ended."""

    def __init__(self, context):
        self.opened = asyncio.Event()
        self.task = asyncio.create_task(self._run(context))

    async def _run(self, context):
        async with context:
            self.opened.set()
            await asyncio.Event().wait()

    async def ended(self):
        async with asyncio.timeout(30):
            await asyncio.wait([self.task])
        return self.task.exception()


@pytest.fixture
async def opened():
    """Opens streams; those that are still open in the end are cancelled."""
    streams = []

    async def open_(guard, caller, *, file=False):
        streams.append(stream := Stream(guard.download(caller) if file else guard.stream(caller)))
        waiting = asyncio.create_task(stream.opened.wait())
        await asyncio.wait([waiting, stream.task], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        return stream

    yield open_
    for stream in streams:
        stream.task.cancel()
    await asyncio.gather(*(stream.task for stream in streams), return_exceptions=True)


async def change_password(accounts):
    await accounts.set_password("ada", "another horse battery")


async def disable(accounts):
    await accounts.disable("ada")


async def delete(accounts):
    await accounts.delete("ada")


async def take_realtime(accounts):
    await accounts.set_plan("ada", "free")


async def change_plan(accounts):
    await accounts.put_plan(Plan("unlimited", projects=("dewiki",)))


@pytest.mark.parametrize("change", [change_password, disable, delete, take_realtime, change_plan])
async def test_stream_ends_with_what_it_was_opened_with(accounts, guard, processes, token, opened, change):
    _, elsewhere = await processes()
    streams = [await opened(each, await each.caller(f"Bearer {token.access_token}")) for each in (guard, elsewhere)]
    await change(accounts)
    assert isinstance(await streams[0].ended(), UnauthenticatedError)
    assert not streams[1].task.done()
    await elsewhere.look()
    assert isinstance(await streams[1].ended(), UnauthenticatedError)
    assert streams[1].task.cancelling() == 0


@pytest.mark.parametrize("change", [change_password, disable, delete, change_plan])
async def test_file_that_is_being_sent_ends_with_what_it_was_asked_for_with(accounts, guard, token, opened, change):
    sending = await opened(guard, await guard.caller(f"Bearer {token.access_token}"), file=True)
    await change(accounts)
    assert isinstance(await sending.ended(), UnauthenticatedError)


async def test_plan_without_streams_ends_no_file(accounts, guard, shown, opened):
    sending = await opened(guard, await guard.caller(shown), file=True)
    await take_realtime(accounts)
    await guard.look()
    assert not sending.task.done()


async def test_files_do_not_count_among_the_streams_at_once(guard, shown, two_at_once, opened):
    caller = await guard.caller(shown)
    opens = [await opened(guard, caller, file=file) for file in (True, True, True, False, False)]
    assert not any(each.task.done() for each in opens)


async def test_revocation_ends_the_sessions_streams_alone(accounts, guard, shown, token, opened):
    of_session = await opened(guard, await guard.caller(f"Bearer {token.access_token}"))
    of_key = await opened(guard, await guard.caller(shown))
    await accounts.revoke(token.refresh_token)
    assert isinstance(await of_session.ended(), UnauthenticatedError)
    await guard.look()
    assert not of_key.task.done()
    (key,) = await accounts.list_keys("ada")
    await accounts.revoke_key("ada", key.identifier)
    assert isinstance(await of_key.ended(), UnauthenticatedError)


async def test_stream_ends_when_its_token_expires(guard, token, opened, clock):
    stream = await opened(guard, await guard.caller(f"Bearer {token.access_token}"))
    clock.turn(86399)
    await guard.look()
    assert not stream.task.done()
    clock.turn(1)
    await guard.look()
    assert isinstance(await stream.ended(), UnauthenticatedError)


async def test_stream_ends_when_its_key_expires(guard, ada, key_of, opened, clock):
    stream = await opened(guard, await guard.caller(await key_of("ada", clock.now + 1)))
    clock.turn(1)
    await guard.look()
    assert isinstance(await stream.ended(), UnauthenticatedError)


async def test_stream_is_not_opened_with_what_was_revoked_meanwhile(accounts, processes, shown, opened):
    _, guard = await processes()
    caller = await guard.caller(shown)
    await accounts.disable("ada")
    stream = await opened(guard, caller)
    assert isinstance(await stream.ended(), UnauthenticatedError)
    assert not stream.opened.is_set()


async def test_plan_that_shows_more_ends_no_stream(accounts, guard, shown, opened):
    await accounts.put_plan(Plan("narrow", projects=("enwiki",)))
    await accounts.set_plan("ada", "narrow")
    stream = await opened(guard, await guard.caller(shown))
    await accounts.put_plan(Plan("narrow", projects=("enwiki", "dewiki")))
    await accounts.put_plan(Plan("narrow"))
    await guard.look()
    assert not stream.task.done()


async def test_stream_that_is_cancelled_by_others_stays_cancelled(accounts, guard, shown, opened):
    stream = await opened(guard, await guard.caller(shown))
    stream.task.cancel()
    await asyncio.wait([stream.task])
    assert stream.task.cancelled()
    both = await opened(guard, await guard.caller(shown))
    both.task.cancel()
    await accounts.disable("ada")
    await asyncio.wait([both.task])
    assert both.task.cancelled()


async def test_error_of_what_runs_in_a_stream_comes_through(guard, shown):
    with pytest.raises(ZeroDivisionError):
        async with guard.stream(await guard.caller(shown)):
            raise ZeroDivisionError


@pytest.fixture
async def two_at_once(accounts, shown):
    await accounts.put_plan(Plan("two", streams_at_once=2))
    await accounts.set_plan("ada", "two")


async def test_streams_at_once_are_counted_across_processes(guard, processes, shown, two_at_once, opened):
    _, elsewhere = await processes()
    first = await opened(guard, await guard.caller(shown))
    await opened(elsewhere, await elsewhere.caller(shown))
    for each in (guard, elsewhere):
        refused = await opened(each, await each.caller(shown))
        assert isinstance(await refused.ended(), LimitExceededError)
    first.task.cancel()
    await asyncio.wait([first.task])
    assert (await opened(guard, await guard.caller(shown))).opened.is_set()


async def test_streams_at_once_hold_against_many_at_once(guard, processes, shown, two_at_once, opened):
    guards = [guard, *[(await processes())[1] for _ in range(3)]]
    callers = [await each.caller(shown) for each in guards]
    streams = await asyncio.gather(*(opened(*pair) for pair in list(zip(guards, callers, strict=True)) * 5))
    assert sum(stream.opened.is_set() for stream in streams) == 2


async def test_streams_of_a_dead_process_do_not_count(accounts, guard, shown, two_at_once, opened, clock):
    async with AsyncExitStack() as stack:
        dead = StoreGuard(accounts, required=True)  # nobody looks for it, and so it does not show
        caller = await dead.caller(shown)
        for _ in range(2):
            await stack.enter_async_context(dead.stream(caller))
        clock.turn(4.9)
        refused = await opened(guard, await guard.caller(shown))
        assert isinstance(await refused.ended(), LimitExceededError)
        clock.turn(0.1)
        assert (await opened(guard, await guard.caller(shown))).opened.is_set()


async def test_process_that_shows_keeps_its_streams_and_gets_them_back(
    guard, processes, shown, two_at_once, opened, clock
):
    _, elsewhere = await processes()
    for _ in range(2):
        await opened(guard, await guard.caller(shown))
    for _ in range(3):
        clock.turn(4)
        await guard.look()
    caller = await elsewhere.caller(shown)
    assert isinstance(await (await opened(elsewhere, caller)).ended(), LimitExceededError)
    clock.turn(6)
    third = await opened(elsewhere, caller)
    assert third.opened.is_set()
    await elsewhere.look()
    await guard.look()
    third.task.cancel()
    await asyncio.wait([third.task])
    assert isinstance(await (await opened(elsewhere, caller)).ended(), LimitExceededError)


async def test_revocation_ends_a_stream_of_another_process(accounts, shown):
    streaming = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("streaming_process.py")),
        str(accounts.folder),
        shown,
        stdout=asyncio.subprocess.PIPE,
    )
    assert await streaming.stdout.readline() == b"open\n"
    (key,) = await accounts.list_keys("ada")
    await accounts.revoke_key("ada", key.identifier)
    assert (await streaming.communicate())[0] == b"CREDENTIALS_INVALID\n"
    assert streaming.returncode == 0


async def test_stream_that_outlives_its_guard_ends_quietly(accounts, processes, shown, two_at_once, opened):
    _, guard = await processes()
    stream = await opened(guard, await guard.caller(shown))
    await guard.close()
    stream.task.cancel()
    await asyncio.wait([stream.task])
    assert stream.task.cancelled()
    async with StoreGuard(accounts, required=True) as another:
        for _ in range(2):
            assert (await opened(another, await another.caller(shown))).opened.is_set()
