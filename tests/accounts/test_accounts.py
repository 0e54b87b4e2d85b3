"""Accounts, plans and keys, in a real database."""

import asyncio
import sqlite3
import stat

import pytest
from turned_clock import PASSWORD, cheap_hashing

from wikifeed_server.accounts import Accounts, Plan, UsageKind
from wikifeed_server.accounts.model import Cadence
from wikifeed_server.accounts.schema import ACCOUNTS
from wikifeed_server.errors import (
    AccountExistsError,
    AccountNotFoundError,
    InvalidRequestError,
    KeyNotFoundError,
    PlanInUseError,
    PlanNotFoundError,
    StoreCorruptError,
    StoreError,
    StoreTooNewError,
)


async def test_looking_makes_nothing(accounts, tmp_path):
    assert await accounts.list() == []
    assert [plan.identifier for plan in await accounts.list_plans()] == ["free", "unlimited"]
    with pytest.raises(AccountNotFoundError):
        await accounts.get("ada")
    with pytest.raises(AccountNotFoundError):
        await accounts.disable("ada")
    await accounts.revoke("no token")
    assert list(tmp_path.iterdir()) == []


async def test_what_was_looked_at_before_the_database_was_made_elsewhere_is_there(accounts, processes):
    assert await accounts.list() == []
    others, _ = await processes()
    await others.add("ada", None, "free")
    assert [account.username for account in await accounts.list()] == ["ada"]


async def test_only_the_owner_may_read_the_files(accounts, ada, tmp_path):
    files = list(tmp_path.glob(f"{ACCOUNTS}*"))
    assert len(files) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


async def test_files_that_others_may_read_are_closed_to_them(tmp_path, clock):
    async with Accounts(tmp_path, clock.options(), cheap_hashing()) as accounts:
        await accounts.add("ada", None, "free")
    (tmp_path / ACCOUNTS).chmod(0o644)
    async with Accounts(tmp_path, clock.options(), cheap_hashing()) as accounts:
        assert (await accounts.get("ada")).username == "ada"
    assert stat.S_IMODE((tmp_path / ACCOUNTS).stat().st_mode) == 0o600


async def test_newer_database_is_refused(accounts, tmp_path):
    connection = sqlite3.connect(tmp_path / ACCOUNTS)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreTooNewError, match="update Wikifeed"):
        await accounts.list()


async def test_database_whose_maker_was_killed_is_made_on(accounts, tmp_path):
    (tmp_path / ACCOUNTS).touch()
    assert (await accounts.add("ada", None, "free")).plan == "free"


async def test_file_that_is_no_database_is_told_of(accounts, tmp_path):
    (tmp_path / ACCOUNTS).write_bytes(b"no database" * 1000)
    with pytest.raises(StoreCorruptError, match=ACCOUNTS):
        await accounts.list()


async def test_folder_that_is_a_file_is_an_error_of_the_store(tmp_path, clock):
    (tmp_path / "store").write_bytes(b"")
    async with Accounts(tmp_path / "store", clock.options(), cheap_hashing()) as accounts:
        with pytest.raises(StoreError):
            await accounts.add("ada", None, "free")


async def test_account_keeps_its_name_and_is_found_by_it_in_any_case(accounts, ada, clock):
    assert await accounts.get("aDA") == ada
    assert (ada.username, ada.plan, ada.created, ada.has_password) == ("Ada", "unlimited", clock.now, True)
    with pytest.raises(AccountExistsError):
        await accounts.add("ADA", None, "free")
    assert not (await accounts.add("grace", None, "free")).has_password


@pytest.mark.parametrize("username", ["", "a b", "a" * 65, "a\n", "äda", "a/b"])
async def test_names_that_are_none_are_refused(accounts, username):
    with pytest.raises(InvalidRequestError) as caught:
        await accounts.add(username, PASSWORD, "free")
    assert caught.value.violations[0].field == "username"


@pytest.mark.parametrize("password", ["", "a" * 11, "a" * 1025, "ä" * 513])
async def test_passwords_too_short_or_long_are_refused(accounts, password):
    with pytest.raises(InvalidRequestError) as caught:
        await accounts.add("ada", password, "free")
    assert caught.value.violations[0].field == "password"
    assert await accounts.list() == []


async def test_account_needs_a_plan_that_is_there(accounts, ada):
    with pytest.raises(PlanNotFoundError, match="free, unlimited"):
        await accounts.add("grace", None, "gold")
    with pytest.raises(PlanNotFoundError):
        await accounts.set_plan("ada", "gold")
    assert (await accounts.set_plan("ada", "free")).plan == "free"


async def test_deleted_account_leaves_nothing(accounts, ada, guard, key_of, tmp_path):
    shown = await key_of("Ada")
    await accounts.log_in("Ada", PASSWORD)
    await guard.admit_download(await guard.caller(shown), UsageKind.SNAPSHOT_DOWNLOAD, "enwiki", "file@1")
    await accounts.delete("ada")
    with sqlite3.connect(tmp_path / ACCOUNTS) as connection:
        found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%username%'")
        tables = [name for (name,) in found]
        left = [name for name in tables if connection.execute(f"SELECT count(*) FROM {name}").fetchone() != (0,)]
    connection.close()
    assert left == ["change"]
    with pytest.raises(AccountNotFoundError):
        await accounts.delete("ada")


async def test_plans_come_back_as_they_were_put(accounts):
    plan = Plan(
        "gold",
        "much",
        monthly={UsageKind.STREAM: 3, UsageKind.ON_DEMAND: 0},
        realtime=False,
        streams_at_once=7,
        projects=("enwiki", "dewiki"),
        snapshot_cadence=Cadence.MONTHLY,
        creates_snapshots=False,
    )
    await accounts.put_plan(plan)
    assert await accounts.get_plan("gold") == plan
    await accounts.put_plan(Plan("gold"))
    assert await accounts.get_plan("gold") == Plan("gold")


async def test_plan_goes_when_no_account_has_it(accounts, ada):
    with pytest.raises(PlanInUseError):
        await accounts.delete_plan("unlimited")
    await accounts.set_plan("ada", "free")
    await accounts.delete_plan("unlimited")
    with pytest.raises(PlanNotFoundError):
        await accounts.get_plan("unlimited")


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (Plan("a b"), "identifier"),
        (Plan("a", "two\nlines"), "description"),
        (Plan("a", monthly={UsageKind.ON_DEMAND: -1}), "monthly.on_demand"),
        (Plan("a", streams_at_once=-1), "streams_at_once"),
        (Plan("a", projects=("en wiki",)), "projects"),
    ],
)
async def test_plans_that_mean_nothing_are_refused(accounts, plan, field):
    with pytest.raises(InvalidRequestError) as caught:
        await accounts.put_plan(plan)
    assert caught.value.violations[0].field == field


async def test_key_is_shown_once_and_kept_as_a_hash(tmp_path, clock):
    async with Accounts(tmp_path, clock.options(), cheap_hashing()) as accounts:
        await accounts.add("Ada", None, "free")
        key, text = await accounts.create_key("ada", "laptop")
        assert await accounts.list_keys("Ada") == [key]
    beginning, secret = text[:-43], text[-43:]
    assert beginning == f"wf_{key.identifier}_"
    assert not any(secret.encode() in file.read_bytes() for file in tmp_path.iterdir())


async def test_keys_of_others_can_not_be_revoked(accounts, ada):
    await accounts.add("grace", None, "free")
    key, _ = await accounts.create_key("ada")
    with pytest.raises(KeyNotFoundError):
        await accounts.revoke_key("grace", key.identifier)
    await accounts.revoke_key("ada", key.identifier)
    assert await accounts.list_keys("ada") == []


async def test_keys_that_mean_nothing_are_refused(accounts, ada, clock):
    with pytest.raises(InvalidRequestError):
        await accounts.create_key("ada", "two\nlines")
    with pytest.raises(InvalidRequestError):
        await accounts.create_key("ada", "late", clock.now)
    with pytest.raises(AccountNotFoundError):
        await accounts.create_key("grace")


async def test_two_processes_make_the_database_at_once(processes):
    made = [await processes() for _ in range(4)]
    await asyncio.gather(*(accounts.add(f"a{n}", None, "free") for n, (accounts, _) in enumerate(made)))
    assert [account.username for account in await made[0][0].list()] == ["a0", "a1", "a2", "a3"]


async def test_accounts_are_flushed_and_usage_is_not(accounts, ada):
    def flushes(execute):
        return execute("PRAGMA synchronous").fetchone()[0]

    full, normal = 2, 1
    assert await accounts.database.create(flushes) == await accounts.database.write(flushes) == full
    assert await accounts.database.note(flushes) == normal
