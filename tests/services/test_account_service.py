"""AccountService over the accounts of a real store."""

from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher
from protovalidate import Validator

from wikifeed.v1 import account_service_pb2 as messages
from wikifeed.v1.account_pb2 import SNAPSHOT_CADENCE_MONTHLY
from wikifeed.v1.article_service_pb2 import GetArticleRequest
from wikifeed_server.accounts import AccountOptions, Accounts, Cadence, Caller, Plan, StoreGuard, UsageKind
from wikifeed_server.accounts.passwords import PasswordHashing
from wikifeed_server.contract.validation import validate
from wikifeed_server.errors import InvalidRequestError, KeyNotFoundError, UnauthenticatedError
from wikifeed_server.services.account import AccountService
from wikifeed_server.services.calling import CALLER

PASSWORD = "correct horse battery"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
SECOND, DAY = 1_000_000, 86400 * 1_000_000
TEAM = Plan(
    "team",
    "For the team",
    monthly={UsageKind.ON_DEMAND: 10, UsageKind.STREAM: 0},
    streams_at_once=3,
    projects=("dewiki", "enwiki"),
    snapshot_cadence=Cadence.MONTHLY,
    creates_snapshots=False,
)
OWN = ("ChangePassword", "GetAccount", "ListUsage", "CreateKey", "ListKeys", "DeleteKey")


class Clock:
    """Says what time it is."""

    def __init__(self):
        self.now = int(datetime(2026, 1, 31, 23, 59, 50, tzinfo=UTC).timestamp()) * SECOND

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def accounts(tmp_path, clock):
    """Accounts of which one, `ada`, has the plan `team`."""
    async with Accounts(tmp_path, AccountOptions(clock=clock), PasswordHashing(CHEAP)) as accounts:
        await accounts.put_plan(TEAM)
        await accounts.add("ada", PASSWORD, "team")
        yield accounts


@pytest.fixture
def ask(accounts):
    """Calls a method as an account, or as nobody."""
    service = AccountService(accounts)

    async def ask(method, caller="ada", /, **fields):
        CALLER.set(Caller(caller, TEAM))
        data = await getattr(service, method)(getattr(messages, f"{method}Request")(**fields))
        return getattr(messages, f"{method}Response").FromString(data)

    return ask


@pytest.fixture
async def use(accounts):
    """Counts articles that an account asked for."""
    async with StoreGuard(accounts, required=True) as guard:

        async def use(count):
            request = GetArticleRequest(project="enwiki", title="Ada")
            for _ in range(count):
                await guard.admit(Caller("ada", TEAM), "/wikifeed.v1.ArticleService/GetArticle", request)

        yield use


async def test_an_account_is_told_with_its_plan_and_what_is_left_this_month(ask, use):
    await use(4)
    found = await ask("GetAccount")
    assert (found.account.username, found.account.has_password) == ("ada", True)
    plan = found.account.plan
    assert (plan.identifier, plan.description, plan.streams_at_once) == ("team", "For the team", 3)
    assert (plan.realtime, plan.creates_snapshots, list(plan.projects)) == (True, False, ["dewiki", "enwiki"])
    assert plan.snapshot_cadence == SNAPSHOT_CADENCE_MONTHLY
    assert (found.used.on_demand, found.left.on_demand) == (4, 6)
    assert (found.left.HasField("streams"), found.left.streams) == (True, 0)
    assert not found.left.HasField("snapshot_downloads")
    assert found.date_renews.ToJsonString() == "2026-02-01T00:00:00Z"


async def test_with_a_new_month_all_is_there_anew(ask, use, clock):
    await use(10)
    assert (await ask("GetAccount")).left.on_demand == 0
    clock.now += 20 * SECOND
    found = await ask("GetAccount")
    assert (found.used.on_demand, found.left.on_demand) == (0, 10)
    assert found.date_renews.ToJsonString() == "2026-03-01T00:00:00Z"


async def test_what_was_used_is_told_by_day(ask, use, clock):
    await use(3)
    clock.now += DAY
    await use(2)
    everything = await ask("ListUsage", first_day="2026-01-01")
    assert [(each.day, each.counts.on_demand) for each in everything.days] == [("2026-01-31", 3), ("2026-02-01", 2)]
    assert [each.day for each in (await ask("ListUsage")).days] == ["2026-02-01"]
    assert [each.day for each in (await ask("ListUsage", last_day="2026-01-31")).days] == ["2026-01-31"]


@pytest.mark.parametrize("days", [{"first_day": "2026-02-31"}, {"last_day": "2026-13-01"}])
async def test_what_is_no_day_is_refused(ask, days):
    with pytest.raises(InvalidRequestError) as caught:
        await ask("ListUsage", **days)
    assert [violation.field for violation in caught.value.violations] == list(days)


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (messages.ListUsageRequest(first_day="yesterday"), "first_day"),
        (messages.ListUsageRequest(first_day="2026-02-01", last_day="2026-01-31"), ""),
        (messages.CreateSessionRequest(username="ada"), "password"),
        (messages.CreateSessionRequest(username="ada", password="x" * 1025), "password"),
        (messages.ChangePasswordRequest(old_password="x", new_password="x" * 11), "new_password"),
        (messages.CreateKeyRequest(date_expires={"seconds": 1}), "date_expires"),
        (messages.DeleteKeyRequest(), "identifier"),
    ],
)
def test_requests_that_break_a_rule_name_the_field(request_, field):
    with pytest.raises(InvalidRequestError) as caught:
        validate(Validator(), request_)
    assert [violation.field for violation in caught.value.violations] == [field]


async def test_a_session_gives_tokens_until_it_is_deleted(ask):
    session = await ask("CreateSession", "", username="ada", password=PASSWORD)
    assert session.id_token
    assert session.access_token
    assert session.expires_in == 86400
    fresh = await ask("RefreshSession", "", refresh_token=session.refresh_token)
    assert fresh.id_token
    assert fresh.access_token
    assert fresh.expires_in == 86400
    with pytest.raises(UnauthenticatedError):
        await ask("RefreshSession", "", refresh_token=session.refresh_token, username="grace")
    for _ in range(2):
        await ask("DeleteSession", "", refresh_token=session.refresh_token)
    with pytest.raises(UnauthenticatedError):
        await ask("RefreshSession", "", refresh_token=session.refresh_token)


async def test_another_password_ends_sessions_and_leaves_keys(ask):
    session = await ask("CreateSession", "", username="ada", password=PASSWORD)
    await ask("CreateKey")
    with pytest.raises(UnauthenticatedError):
        await ask("ChangePassword", old_password="not that one", new_password="battery staple horse")
    await ask("ChangePassword", old_password=PASSWORD, new_password="battery staple horse")
    with pytest.raises(UnauthenticatedError):
        await ask("RefreshSession", "", refresh_token=session.refresh_token)
    assert len((await ask("ListKeys")).keys) == 1
    assert (await ask("CreateSession", "", username="ada", password="battery staple horse")).access_token


async def test_a_key_is_shown_once_and_listed_without_itself(ask, accounts, clock):
    expires = {"seconds": clock.now // SECOND + 3600}
    made = await ask("CreateKey", label="laptop", date_expires=expires)
    clock.now += 1
    await ask("CreateKey")
    first, second = (await ask("ListKeys")).keys
    assert first == made.key
    assert (first.label, first.date_expires.seconds) == ("laptop", expires["seconds"])
    assert not second.HasField("date_expires")
    assert not second.HasField("date_last_used")
    assert made.secret not in str(await ask("ListKeys"))
    async with StoreGuard(accounts, required=True) as guard:
        assert (await guard.caller(f"Bearer {made.secret}")).username == "ada"
    assert (await ask("ListKeys")).keys[0].date_last_used.ToJsonString() == "2026-01-31T00:00:00Z"


async def test_a_key_is_deleted_by_its_owner_alone(ask, accounts):
    await accounts.add("grace", None, "unlimited")
    key = (await ask("CreateKey")).key
    with pytest.raises(KeyNotFoundError):
        await ask("DeleteKey", "grace", identifier=key.identifier)
    await ask("DeleteKey", identifier=key.identifier)
    assert not (await ask("ListKeys")).keys
    with pytest.raises(KeyNotFoundError):
        await ask("DeleteKey", identifier=key.identifier)


async def test_plans_are_listed_by_their_identifiers(ask):
    plans = (await ask("ListPlans", "")).plans
    names = [plan.identifier for plan in plans]
    assert names == sorted(names)
    assert {"free", "team", "unlimited"} <= set(names)
    unlimited = plans[names.index("unlimited")]
    assert unlimited.realtime
    assert not unlimited.HasField("streams_at_once")
    assert not unlimited.monthly.HasField("on_demand")


@pytest.mark.parametrize("method", OWN)
async def test_who_shows_no_account_can_not_ask_about_one(ask, method):
    with pytest.raises(UnauthenticatedError, match="authorization"):
        await ask(method, "")
