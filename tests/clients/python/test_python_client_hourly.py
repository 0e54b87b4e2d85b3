"""Hourly batches, and an account's own view."""

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from live_server import CuttingProxy, LiveServer
from made_up_feed import START

from wikifeed_client import NotFoundError, UnauthenticatedError, read_articles
from wikifeed_server.accounts import AccountOptions, Accounts, Plan, StoreGuard, UsageKind
from wikifeed_server.batches import HOUR_MICROSECONDS, BatchLibrary, hour_of, write_hour
from wikifeed_server.store.embedded import EmbeddedReader

HOURS = [hour_of(START) + number * HOUR_MICROSECONDS for number in range(2)]
MOMENTS = [datetime.fromtimestamp(hour / 1e6 + 1800, UTC) for hour in HOURS]
NOISE = hashlib.shake_256(b"noise").hexdigest(200_000)


@pytest.fixture
async def hours(feed, store):
    """Two hours, of ten changes each in two namespaces."""
    library = BatchLibrary(store)
    for hour in HOURS:
        feed.time = hour + 1
        for number in range(10):
            feed.publish(f"Page {number}", 100 + number, namespace=number % 2, text=NOISE)
    async with EmbeddedReader.open(store) as reader:
        for hour in HOURS:
            await write_hour(reader, hour, library.begin(hour))
            library.finish(hour)


async def test_batches_are_listed_and_one_is_told(hours, client):
    every = [batch async for batch in client.batches()]
    assert [batch.hour.ToMicroseconds() for batch in every] == 4 * [HOURS[1]] + 4 * [HOURS[0]]
    (one,) = [
        batch
        async for batch in client.batches(hour=MOMENTS[0], projects=["enwiki"], namespaces=[1])
        if batch.file_name.endswith(".tar.gz")
    ]
    assert await client.batch(MOMENTS[0], one.identifier) == one
    with pytest.raises(NotFoundError) as caught:
        await client.batch(MOMENTS[0], "enwiki_namespace_14")
    assert caught.value.reason == "BATCH_NOT_FOUND"


async def test_a_batch_is_fetched_over_cuts_and_holds_the_changes_of_its_hour(hours, server, connect, tmp_path):
    async with CuttingProxy(server.address, iter([200_000, 200_000, 200_000])) as proxy:
        client = await connect(proxy.address)
        batch = await client.batch(MOMENTS[1], "enwiki_namespace_0")
        steps = []
        path = await client.export_batch(batch, tmp_path / "out", progress=steps.append)
        assert proxy.cut_off >= 2
    assert hashlib.sha256(path.read_bytes()).hexdigest() == batch.sha256
    assert steps[-1][:2] == (batch.size_bytes, batch.size_bytes)
    assert [article.identifier for article in read_articles(path)] == [100, 102, 104, 106, 108]


async def test_an_account_sees_its_plan_and_what_it_used(feed, store, connect):
    feed.publish("Ada", 7)
    async with Accounts(store, AccountOptions()) as accounts, StoreGuard(accounts, required=True) as guard:
        await accounts.put_plan(Plan("team", "For the team", monthly={UsageKind.ON_DEMAND: 10}))
        await accounts.add("ada", "correct horse battery", "team")
        _, key = await accounts.create_key("ada", "test", 0)
        async with LiveServer(store, guard=guard, accounts=accounts) as server:
            client = await connect(server.address, key=key)
            for _ in range(3):
                await client.get("enwiki", "Ada", read_mask=["name"])
            found = await client.account()
            assert (found.account.username, found.account.plan.identifier) == ("ada", "team")
            assert (found.used.on_demand, found.left.on_demand) == (3, 7)
            month = found.date_renews.ToDatetime(tzinfo=UTC).date() - timedelta(days=1)
            days = await client.usage(month.replace(day=1), month)
            assert sum(day.counts.on_demand for day in days) == 3
            assert list(await client.usage(date(2020, 1, 1), date(2020, 1, 31))) == []
            nobody = await connect(server.address)
            with pytest.raises(UnauthenticatedError):
                await nobody.account()
