"""Passwords, sessions, and what keeps people from guessing."""

import asyncio

import pytest
from argon2 import PasswordHasher
from turned_clock import PASSWORD, cheap_hashing

from wikifeed_server.accounts import Accounts
from wikifeed_server.accounts.passwords import PasswordHashing
from wikifeed_server.contract.status import status_of
from wikifeed_server.errors import InvalidRequestError, TooManyTriesError, UnauthenticatedError

WRONG = "incorrect horse battery"


async def fail(accounts, username="ada"):
    with pytest.raises(UnauthenticatedError):
        await accounts.log_in(username, WRONG)


async def test_log_in_gives_tokens_that_are_good_for_a_day(accounts, guard, ada):
    tokens = await accounts.log_in("ada", PASSWORD)
    assert tokens.expires_in == 86400
    caller = await guard.caller(f"Bearer {tokens.access_token}")
    assert (caller.username, caller.plan.identifier) == ("Ada", "unlimited")


async def test_why_logging_in_failed_is_not_told(accounts, ada):
    await accounts.add("keys-only", None, "free")
    await accounts.add("off", PASSWORD, "free")
    await accounts.disable("off")
    tries = [("ada", WRONG), ("nobody", PASSWORD), ("keys-only", PASSWORD), ("off", PASSWORD), ("\ud800", "\ud800")]
    messages = set()
    for username, password in tries:
        with pytest.raises(UnauthenticatedError) as caught:
            await accounts.log_in(username, password)
        messages.add(caught.value.message)
    assert len(messages) == 1


async def test_password_too_long_is_wrong(accounts, ada):
    with pytest.raises(UnauthenticatedError):
        await accounts.log_in("ada", PASSWORD + "a" * 1024)


async def test_five_wrong_passwords_make_the_next_try_wait(accounts, ada, clock):
    for _ in range(5):
        await fail(accounts)
    for seconds in (1, 2, 4, 8, 16, 32, 60, 60):
        with pytest.raises(TooManyTriesError) as caught:
            await accounts.log_in("ADA", PASSWORD)
        assert caught.value.retry_seconds == seconds
        clock.turn(seconds)
        await fail(accounts)
    clock.turn(60)
    await accounts.log_in("ada", PASSWORD)
    await fail(accounts)
    await accounts.log_in("ada", PASSWORD)


async def test_a_hundred_wrong_passwords_take_over_an_hour(accounts, ada, clock):
    begun, wrong = clock.now, 0
    while wrong < 100:
        try:
            await accounts.log_in("ada", WRONG)
        except UnauthenticatedError:
            wrong += 1
        except TooManyTriesError as error:
            clock.turn(error.retry_seconds)
    assert clock.now - begun > 3600 * 1_000_000


async def test_wrong_passwords_at_once_gain_nothing(accounts, ada):
    tries = await asyncio.gather(*(accounts.log_in("ada", WRONG) for _ in range(50)), return_exceptions=True)
    assert sum(isinstance(error, UnauthenticatedError) for error in tries) == 5
    assert sum(isinstance(error, TooManyTriesError) for error in tries) == 45


async def test_right_passwords_at_once_all_count(accounts, ada):
    tokens = await asyncio.gather(*(accounts.log_in("ada", PASSWORD) for _ in range(20)))
    assert len({each.refresh_token for each in tokens}) == 20


async def test_names_without_an_account_wait_as_well(accounts, ada):
    for _ in range(5):
        await fail(accounts, "nobody")
    with pytest.raises(TooManyTriesError):
        await accounts.log_in("NOBODY", WRONG)
    await accounts.log_in("ada", PASSWORD)


async def test_wrong_passwords_are_counted_across_processes_and_restarts(accounts, ada, processes, tmp_path, clock):
    others, _ = await processes()
    for each in (accounts, others, accounts, others, accounts):
        await fail(each)
    for each in (accounts, others):
        with pytest.raises(TooManyTriesError):
            await each.log_in("ada", PASSWORD)
    async with Accounts(tmp_path, clock.options(), cheap_hashing()) as restarted:
        with pytest.raises(TooManyTriesError):
            await restarted.log_in("ada", PASSWORD)


async def test_clock_set_back_locks_nobody_out(accounts, ada, clock):
    for _ in range(8):
        await fail(accounts)
        clock.turn(60)
    clock.turn(days=-1)
    await accounts.log_in("ada", PASSWORD)


async def test_error_tells_when_to_try_again():
    status = status_of(TooManyTriesError(7))
    assert [detail.type_url.rpartition(".")[2] for detail in status.details] == ["ErrorInfo", "RetryInfo"]


async def test_known_names_outlast_unknown_ones_in_the_table(accounts, ada, monkeypatch):
    monkeypatch.setattr("wikifeed_server.accounts.tries._MAX_NAMES", 3)
    for _ in range(5):
        await fail(accounts)
    for number in range(5):
        await fail(accounts, f"nobody-{number}")
    (count,) = await accounts.database.read(lambda execute: execute("SELECT count(*) FROM wrong_password").fetchone())
    assert count == 3
    with pytest.raises(TooManyTriesError):
        await accounts.log_in("ada", PASSWORD)


async def test_logging_in_where_there_are_no_accounts_makes_nothing(accounts, tmp_path):
    await fail(accounts)
    with pytest.raises(UnauthenticatedError):
        await accounts.refresh("ada", "no token")
    assert list(tmp_path.iterdir()) == []


class CountingHasher(PasswordHasher):
    """Keeps what it verified."""

    def __init__(self):
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.verified = []

    def verify(self, kept, password):
        self.verified.append((kept, password))
        return super().verify(kept, password)


async def test_unknown_names_cost_a_hash_too(tmp_path, clock):
    hasher = CountingHasher()
    async with Accounts(tmp_path, clock.options(), PasswordHashing(hasher)) as accounts:
        await accounts.add("ada", PASSWORD, "free")
        for username in ("ada", "nobody", "no name at all"):
            await fail(accounts, username)
    assert [password for _, password in hasher.verified] == [WRONG.encode()] * 3
    assert {kept.split("$")[3] for kept, _ in hasher.verified} == {"m=8,t=1,p=1"}


async def test_hash_of_another_cost_is_made_anew(accounts, ada, tmp_path, clock):
    async def kept():
        return await accounts.database.read(lambda execute: execute("SELECT password FROM account").fetchone()[0])

    assert "t=1" in await kept()
    async with Accounts(tmp_path, clock.options(), cheap_hashing(time_cost=2)) as costlier:
        await costlier.log_in("ada", PASSWORD)
        assert "t=2" in await kept()
        await costlier.log_in("ada", PASSWORD)


async def test_another_password_ends_all_sessions(accounts, guard, ada):
    first = await accounts.log_in("ada", PASSWORD)
    shown = f"Bearer {first.access_token}"
    await guard.caller(shown)
    await accounts.change_password("ada", PASSWORD, "another horse battery")
    with pytest.raises(UnauthenticatedError):
        await guard.caller(shown)
    with pytest.raises(UnauthenticatedError):
        await accounts.refresh("ada", first.refresh_token)
    await fail(accounts)
    await accounts.log_in("ada", "another horse battery")
    await accounts.set_password("ada", PASSWORD)
    await accounts.log_in("ada", PASSWORD)


async def test_password_is_changed_by_who_knows_the_old_one(accounts, ada):
    with pytest.raises(UnauthenticatedError):
        await accounts.change_password("ada", WRONG, "another horse battery")
    with pytest.raises(InvalidRequestError):
        await accounts.change_password("ada", PASSWORD, "short")
    await accounts.log_in("ada", PASSWORD)


async def test_refresh_gives_tokens_until_the_session_ends(accounts, guard, ada, clock):
    first = await accounts.log_in("ada", PASSWORD)
    clock.turn(days=80)
    fresh = await accounts.refresh("ADA", first.refresh_token)
    assert (fresh.refresh_token, fresh.expires_in) == ("", 86400)
    await guard.caller(f"Bearer {fresh.access_token}")
    clock.turn(86400 * 9.5)
    last = await accounts.refresh("", first.refresh_token)
    assert last.expires_in == 43200
    clock.turn(43200)
    for call in (accounts.refresh("ada", first.refresh_token), guard.caller(f"Bearer {last.access_token}")):
        with pytest.raises(UnauthenticatedError):
            await call


async def test_refresh_token_is_its_accounts(accounts, ada):
    await accounts.add("grace", PASSWORD, "free")
    tokens = await accounts.log_in("ada", PASSWORD)
    with pytest.raises(UnauthenticatedError):
        await accounts.refresh("grace", tokens.refresh_token)


async def test_revoked_session_ends_alone(accounts, guard, ada):
    one, other = await accounts.log_in("ada", PASSWORD), await accounts.log_in("ada", PASSWORD)
    await accounts.revoke(one.refresh_token)
    with pytest.raises(UnauthenticatedError):
        await accounts.refresh("ada", one.refresh_token)
    with pytest.raises(UnauthenticatedError):
        await guard.caller(f"Bearer {one.access_token}")
    await guard.caller(f"Bearer {other.access_token}")
    await accounts.revoke(one.refresh_token)


async def test_sessions_of_an_account_are_bounded(accounts, guard, ada, monkeypatch):
    monkeypatch.setattr("wikifeed_server.accounts.sessions._MAX_SESSIONS", 2)
    tokens = [await accounts.log_in("ada", PASSWORD) for _ in range(3)]
    with pytest.raises(UnauthenticatedError):
        await guard.caller(f"Bearer {tokens[0].access_token}")
    for each in tokens[1:]:
        await guard.caller(f"Bearer {each.access_token}")


async def test_secrets_are_not_shown_where_tokens_are(accounts, ada):
    tokens = await accounts.log_in("ada", PASSWORD)
    assert tokens.access_token not in repr(tokens)
    assert tokens.refresh_token not in repr(tokens)
