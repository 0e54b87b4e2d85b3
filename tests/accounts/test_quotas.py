"""Limits of a month: met exactly, whatever comes at once, in however many processes."""

import asyncio
import sys
from pathlib import Path

import pytest
from charging_process import METHOD

from wikifeed.v1.article_service_pb2 import BatchGetArticlesRequest, GetArticleRequest
from wikifeed_server.accounts import DailyUsage, Plan, UsageKind
from wikifeed_server.errors import QuotaExceededError, StoreError, UnauthenticatedError

REQUEST = GetArticleRequest(project="enwiki", title="Ada")
BATCH = "/wikifeed.v1.ArticleService/BatchGetArticles"
DAY = 86400


def limited(limit, kind=UsageKind.ON_DEMAND):
    return Plan("limited", monthly={kind: limit})


@pytest.fixture
def shown_by(accounts, key_of):
    """Makes an account with that plan and gives what it shows."""

    async def make(plan):
        await accounts.put_plan(plan)
        await accounts.add("ada", None, plan.identifier)
        return await key_of("ada")

    return make


async def used(accounts, kind=UsageKind.ON_DEMAND):
    return (await accounts.usage_of_month("ada"))[kind]


async def test_limit_is_met_exactly_however_much_comes_at_once(accounts, guard, shown_by):
    caller = await guard.caller(await shown_by(limited(50)))
    calls = (guard.admit(caller, METHOD, REQUEST) for _ in range(200))
    ends = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(end is REQUEST for end in ends) == 50
    assert sum(isinstance(end, QuotaExceededError) for end in ends) == 150
    assert await used(accounts) == 50


async def test_call_that_takes_more_than_is_left_takes_nothing(accounts, guard, shown_by):
    caller = await guard.caller(await shown_by(limited(5)))
    three = BatchGetArticlesRequest(keys=[{"project": "enwiki", "page_id": 1}] * 3)
    await guard.admit(caller, BATCH, three)
    with pytest.raises(QuotaExceededError, match="3 are used and this call takes 3"):
        await guard.admit(caller, BATCH, three)
    await guard.admit(caller, METHOD, REQUEST)
    assert await used(accounts) == 4


async def test_error_tells_when_the_month_ends(guard, shown_by, clock):
    caller = await guard.caller(await shown_by(limited(0)))
    with pytest.raises(QuotaExceededError, match="2026-02-01") as caught:
        await guard.admit(caller, METHOD, REQUEST)
    assert caught.value.retry_seconds == DAY // 2
    assert caught.value.metadata == {"limit": "0", "subject": "ada"}
    clock.turn(DAY / 2 - 0.25)
    with pytest.raises(QuotaExceededError) as caught:
        await guard.admit(caller, METHOD, REQUEST)
    assert caught.value.retry_seconds == 1


async def test_next_month_begins_anew(accounts, guard, shown_by, clock):
    shown = await shown_by(limited(1))
    for _ in range(3):
        caller = await guard.caller(shown)
        await guard.admit(caller, METHOD, REQUEST)
        with pytest.raises(QuotaExceededError):
            await guard.admit(caller, METHOD, REQUEST)
        clock.turn(days=31)
    assert [day.day for day in await accounts.usage("ada", "2026-01-01", "2026-12-31")] == [
        "2026-01-31",
        "2026-03-03",
        "2026-04-03",
    ]


async def test_limit_counts_what_was_used_before_there_was_one(accounts, guard, shown_by):
    shown = await shown_by(Plan("unbounded"))
    for _ in range(3):
        await guard.admit(await guard.caller(shown), METHOD, REQUEST)
    await guard.look()
    await accounts.put_plan(limited(4))
    await accounts.set_plan("ada", "limited")
    caller = await guard.caller(shown)
    await guard.admit(caller, METHOD, REQUEST)
    with pytest.raises(QuotaExceededError):
        await guard.admit(caller, METHOD, REQUEST)


async def test_usage_without_limits_is_stored_by_the_next_look_and_at_the_end(accounts, processes, shown_by):
    _, guard = await processes()
    caller = await guard.caller(await shown_by(Plan("unbounded")))
    for _ in range(3):
        await guard.admit(caller, METHOD, REQUEST)
    assert await used(accounts) == 0
    await guard.look()
    assert await used(accounts) == 3
    await guard.admit(caller, METHOD, REQUEST)
    await guard.close()
    assert await used(accounts) == 4


async def test_usage_is_told_by_day(accounts, guard, shown_by, clock):
    shown = await shown_by(Plan("unbounded"))
    for day in range(3):
        caller = await guard.caller(shown)
        for _ in range(day + 1):
            await guard.admit(caller, METHOD, REQUEST)
        clock.turn(days=1)
    await guard.look()
    assert await accounts.usage("ADA", "2026-02-01", "2026-02-02") == [
        DailyUsage("2026-02-01", {UsageKind.ON_DEMAND: 2}),
        DailyUsage("2026-02-02", {UsageKind.ON_DEMAND: 3}),
    ]
    assert await used(accounts) == 5


async def test_file_is_counted_once_a_day(accounts, guard, shown_by, clock):
    kind = UsageKind.SNAPSHOT_DOWNLOAD
    shown = await shown_by(limited(2, kind))

    async def download(file):
        await guard.admit_download(await guard.caller(shown), kind, "enwiki", file)

    await asyncio.gather(*(download("enwiki_namespace_0@1") for _ in range(20)))
    assert await used(accounts, kind) == 1
    await download("enwiki_namespace_0@2")
    with pytest.raises(QuotaExceededError):
        await download("enwiki_namespace_0@3")
    await download("enwiki_namespace_0@1")
    clock.turn(days=1)
    await download("enwiki_namespace_0@1")
    clock.turn(days=1)
    await download("enwiki_namespace_0@1")
    with pytest.raises(QuotaExceededError):
        await download("enwiki_namespace_0@2")


async def test_file_is_counted_once_a_day_without_limits_too(accounts, guard, shown_by):
    caller = await guard.caller(await shown_by(Plan("unbounded")))
    for _ in range(3):
        await guard.admit_download(caller, UsageKind.CHUNK_DOWNLOAD, "enwiki", "enwiki_namespace_0_chunk_1@1")
    assert await used(accounts, UsageKind.CHUNK_DOWNLOAD) == 1


async def test_account_that_is_gone_uses_nothing(accounts, guard, shown_by):
    caller = await guard.caller(await shown_by(limited(5)))
    await accounts.delete("ada")
    with pytest.raises(UnauthenticatedError):
        await guard.admit(caller, METHOD, REQUEST)


async def test_caller_who_gave_up_leaves_the_others_alone(accounts, guard, shown_by):
    caller = await guard.caller(await shown_by(limited(100)))
    calls = [asyncio.create_task(guard.admit(caller, METHOD, REQUEST)) for _ in range(20)]
    await asyncio.sleep(0)
    for call in calls[::2]:
        call.cancel()
    ends = await asyncio.gather(*calls, return_exceptions=True)
    assert [isinstance(end, asyncio.CancelledError) for end in ends] == [True, False] * 10
    assert 10 <= await used(accounts) <= 20


async def test_database_that_can_not_be_written_refuses_and_forgets_nothing(accounts, guard, shown_by):
    shown = await shown_by(limited(5))
    caller = await guard.caller(shown)
    await accounts.database.note(lambda execute: execute("ALTER TABLE usage RENAME TO gone"))
    guard._meter.count("ada", UsageKind.STREAM, 2)
    with pytest.raises(StoreError):
        await guard.admit(caller, METHOD, REQUEST)
    with pytest.raises(StoreError):
        await guard.look()
    await accounts.database.note(lambda execute: execute("ALTER TABLE gone RENAME TO usage"))
    await guard.admit(caller, METHOD, REQUEST)
    await guard.look()
    assert (await used(accounts), await used(accounts, UsageKind.STREAM)) == (1, 2)


async def ready(folder, shown, dies_after):
    """A process with 20 tasks, ready to begin."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("charging_process.py")),
        *(str(folder), shown, "20", str(dies_after)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert await process.stdout.readline() == b"ready\n"
    return process


async def admitted(folder, shown, *dies_after):
    """How often processes that begin at once got an article, and what they ended with."""
    processes = [await ready(folder, shown, count) for count in dies_after]
    outputs = await asyncio.gather(*(process.communicate(b"") for process in processes))
    return [output.count(b"admitted") for output, _ in outputs], [process.returncode for process in processes]


async def stored(accounts):
    days = await accounts.usage("ada", "2020-01-01", "2999-12-31")
    return sum(day.counts[UsageKind.ON_DEMAND] for day in days)


async def test_four_processes_meet_a_limit_exactly(accounts, shown_by, tmp_path):
    shown = await shown_by(limited(5000))
    counts, codes = await admitted(tmp_path, shown, 0, 0, 0, 0)
    assert codes == [0] * 4
    assert sum(counts) == await stored(accounts) == 5000


@pytest.mark.parametrize("dies_after", [1, 25, 150])
async def test_killed_process_took_no_more_than_was_charged(accounts, shown_by, tmp_path, dies_after):
    shown = await shown_by(limited(20_000))
    counts, codes = await admitted(tmp_path, shown, dies_after, 0, 0, 0)
    assert codes == [-9, 0, 0, 0]
    assert counts[0] == dies_after
    assert await stored(accounts) == 20_000
    # What was charged for the other 19 tasks of the killed process is lost, and nothing else.
    assert 20_000 - 20 < sum(counts) <= 20_000
