"""ChangeService over a real store: starts, filters, cursors and ends of streams."""

import asyncio
import random
from contextlib import aclosing

import pytest
from change_streams import offsets, timestamp
from google.protobuf.field_mask_pb2 import FieldMask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up_feed import SECOND, START

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.change_pb2 import EVENT_TYPE_CREATE, EVENT_TYPE_DELETE, EVENT_TYPE_UPDATE
from wikifeed.v1.change_service_pb2 import (
    START_POSITION_NEWEST,
    START_POSITION_OLDEST,
    GetChangeLogInfoRequest,
    GetChangeLogInfoResponse,
    Share,
)
from wikifeed_server.errors import InvalidRequestError, OffsetExpiredError, OffsetInFutureError, ServerStoppingError


async def test_a_replay_has_every_change_with_its_whole_article(feed, replay):
    feed.publish("Ada", 1, "first")
    feed.publish("Ada", 1, "second")
    feed.redirect("Countess", "Ada", 2)
    feed.delete("Ada", 1)
    (response,) = await replay(4)
    assert offsets([response]) == [1, 2, 3, 4]
    assert response.through_offset == 4
    types = [change.event_type for change in response.changes]
    assert types == [EVENT_TYPE_CREATE, EVENT_TYPE_UPDATE, EVENT_TYPE_CREATE, EVENT_TYPE_DELETE]
    first, second, redirect, _ = response.changes
    assert [first.article.article_body.wikitext, second.article.article_body.wikitext] == ["first", "second"]
    assert first.date_published == timestamp(START)
    assert (redirect.redirect_target, redirect.article.name) == ("Ada", "Countess")


async def test_without_body_come_the_same_changes_without_body(feed, replay):
    for page_id in range(1, 6):
        feed.publish(f"Page {page_id}", page_id, "x" * 1000)
    (whole,), (bare,) = await replay(5), await replay(5, no_body=True)
    assert not any(change.article.HasField("article_body") or change.article.links for change in bare.changes)
    for change in whole.changes:
        change.article.ClearField("article_body")
        change.article.ClearField("links")
    assert whole == bare


async def test_a_mask_cuts_each_article_and_leaves_the_change(feed, replay):
    feed.publish("Ada", 1)
    (response,) = await replay(1, read_mask=FieldMask(paths=["identifier", "article_body"]))
    (change,) = response.changes
    assert change.article == Article(identifier=1, article_body={"wikitext": "text"})
    assert (change.offset, change.event_type) == (1, EVENT_TYPE_CREATE)


async def test_an_unknown_path_of_a_mask_is_refused(feed, replay):
    with pytest.raises(InvalidRequestError, match="nme"):
        await replay(1, read_mask=FieldMask(paths=["nme"]))


@pytest.mark.parametrize("no_body", [True, False])
async def test_batches_keep_to_the_size_asked_for(feed, replay, no_body):
    feed.publish_many([feed.write(f"Page {number}") for number in range(200)])
    assert [len(response.changes) for response in await replay(200, no_body=no_body)] == [64, 64, 64, 8]
    assert [len(response.changes) for response in await replay(200, no_body=no_body, max_batch_size=150)] == [150, 50]
    assert len(await replay(20, no_body=no_body, max_batch_size=1)) == 20


async def test_batches_keep_to_a_number_of_bytes(feed, replay):
    feed.publish_many([feed.write(f"Page {number}", text="x" * 100_000) for number in range(10)])
    responses = await replay(10)
    assert offsets(responses) == list(range(1, 11))
    assert [len(response.changes) for response in responses] == [2, 2, 2, 2, 2]


@pytest.mark.parametrize("no_body", [True, False])
async def test_a_replay_ends_at_the_offset_asked_for_whatever_passes(feed, replay, no_body):
    feed.publish_many([feed.write(f"Page {number}", namespace=number % 2) for number in range(1, 31)])
    responses = await replay(15, no_body=no_body, namespaces=[0])
    assert offsets(responses) == list(range(2, 15, 2))
    assert responses[-1].through_offset == 15
    responses = await replay(15, no_body=no_body, namespaces=[7])
    assert offsets(responses) == []
    assert responses[-1].through_offset == 15


async def test_a_stream_that_starts_at_or_after_its_end_says_so_and_ends(feed, replay):
    feed.publish_many([feed.write(f"Page {number}") for number in range(5)])
    for until in (1, 3, 5):
        (response,) = await replay(until, after_offset=5)
        assert (len(response.changes), response.through_offset) == (0, 5)


async def test_the_newest_start_has_only_what_comes_after_the_call(feed, stream):
    feed.publish("Before")
    for start in ({}, {"position": START_POSITION_NEWEST}):
        async with aclosing(stream(**start)) as responses:
            greeting = await anext(responses)
            assert not greeting.changes
            offset = feed.publish("After")
            assert offset == greeting.through_offset + 1
            assert offsets([await anext(responses)]) == [offset]


async def test_the_oldest_start_has_all_that_is_kept(feed, replay):
    feed.publish_many([feed.write(f"Page {number}") for number in range(10)])
    assert offsets(await replay(10, position=START_POSITION_OLDEST)) == list(range(1, 11))
    feed.trim(5)
    assert offsets(await replay(10, position=START_POSITION_OLDEST)) == list(range(5, 11))


async def test_an_empty_log_can_be_waited_on_from_its_start(feed, stream):
    async with aclosing(stream(after_offset=0)) as responses:
        assert (await anext(responses)).through_offset == 0
        feed.publish("First")
        assert offsets([await anext(responses)]) == [1]


@pytest.mark.parametrize("offset", [3, 2**63 - 1, 2**63, 2**64 - 1])
async def test_an_offset_beyond_the_newest_is_refused(feed, replay, offset):
    feed.publish("One")
    feed.publish("Two")
    with pytest.raises(OffsetInFutureError) as caught:
        await replay(0, after_offset=offset)
    assert caught.value.metadata == {"newest_offset": "2"}


async def test_an_offset_older_than_kept_is_refused_with_one_that_works(feed, replay):
    feed.publish_many([feed.write(f"Page {number}") for number in range(10)])
    feed.trim(5)
    with pytest.raises(OffsetExpiredError) as caught:
        await replay(10, after_offset=3)
    oldest = int(caught.value.metadata["oldest_offset"])
    assert offsets(await replay(10, after_offset=oldest - 1)) == list(range(5, 11))


async def test_a_stream_overtaken_by_trimming_ends_with_an_error(feed, stream):
    feed.publish_many([feed.write(f"Page {number}") for number in range(10)])
    async with aclosing(stream(after_offset=0, max_batch_size=2)) as responses:
        assert offsets([await anext(responses)]) == [1, 2]
        feed.trim(9)
        with pytest.raises(OffsetExpiredError):
            await anext(responses)


async def test_filters_let_pass_what_meets_all_of_them(feed, replay):
    feed.publish("Ada", 1)
    feed.publish("Kategorie:Ada", 2, project="dewiki", namespace=14)
    feed.publish("Category:Ada", 2, namespace=14)
    feed.publish("Ada", 1, "more")
    feed.delete("Ada", 1)
    cases = [
        ({}, [1, 2, 3, 4, 5]),
        ({"projects": ["enwiki"]}, [1, 3, 4, 5]),
        ({"projects": ["later"]}, []),
        ({"languages": ["de"]}, [2]),
        ({"namespaces": [14]}, [2, 3]),
        ({"namespaces": [14], "projects": ["enwiki"]}, [3]),
        ({"event_types": [EVENT_TYPE_UPDATE, EVENT_TYPE_DELETE]}, [4, 5]),
        ({"page_ids": [1], "projects": ["enwiki"]}, [1, 4, 5]),
        ({"page_ids": [2**63 - 1, -(2**63)]}, []),
    ]
    for fields, expected in cases:
        for no_body in (True, False):
            assert offsets(await replay(5, no_body=no_body, **fields)) == expected


async def test_shares_cover_every_change_once_and_keep_a_page_together(feed, replay):
    writes = [feed.write(f"Page {number % 50}", 1 + number % 50, project="enwiki") for number in range(200)]
    feed.publish_many(writes)
    shares = [await replay(200, share=Share(index=index, count=3)) for index in range(3)]
    assert sorted(offset for share in shares for offset in offsets(share)) == list(range(1, 201))
    pages = [{change.article.identifier for response in share for change in response.changes} for share in shares]
    assert sum(map(len, pages)) == 50
    assert all(pages)


async def test_a_page_not_yet_of_any_project_passes_once_it_comes(feed, stream):
    async with aclosing(stream(projects=["dewiki"], no_body=True)) as responses:
        await anext(responses)
        feed.publish("Ada")
        offset = feed.publish("Ada", project="dewiki")
        assert offsets([await anext(responses)]) == [offset]


async def test_a_quiet_stream_beats_and_moves_its_cursor(feed, make_changes, stream):
    async with aclosing(stream(make_changes(heartbeat_seconds=0.01), namespaces=[14])) as responses:
        await anext(responses)
        feed.publish("Ada")
        through = [(await anext(responses)).through_offset for _ in range(3)]
    assert through[-1] == 1


async def test_a_replay_that_comes_to_the_end_says_so_at_once(feed, stream):
    feed.publish_many([feed.write(f"Page {number}", namespace=number % 2) for number in range(10)])
    async with aclosing(stream(after_offset=0, namespaces=[0], max_batch_size=3)) as responses:
        while (await anext(responses)).through_offset < 10:
            pass


async def test_a_stop_ends_streams_with_where_to_go_on(feed, stream, stopping):
    feed.publish("Ada")
    streams = [stream(after_offset=0), stream(), stream(namespaces=[14])]
    for responses in streams:
        await anext(responses)
    waits = [asyncio.ensure_future(anext(responses)) for responses in streams]
    await asyncio.sleep(0)
    stopping.set()
    for ended in await asyncio.gather(*waits, return_exceptions=True):
        assert isinstance(ended, ServerStoppingError)
        assert ended.metadata == {"through_offset": "1"}


async def test_a_stop_comes_between_the_batches_of_a_replay(feed, stream, stopping):
    feed.publish_many([feed.write(f"Page {number}") for number in range(10)])
    async with aclosing(stream(after_offset=0, max_batch_size=4)) as responses:
        await anext(responses)
        stopping.set()
        with pytest.raises(ServerStoppingError) as caught:
            await anext(responses)
    assert caught.value.metadata == {"through_offset": "4"}


@given(seed=st.integers(0, 2**32), filtered=st.booleans(), no_body=st.booleans())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
async def test_whatever_the_cuts_a_resumed_stream_loses_and_repeats_nothing(feed, stream, seed, filtered, no_body):
    rng = random.Random(seed)
    before = len(await _resumed(stream, rng, 0, {"no_body": no_body}, _newest(feed)))
    count = rng.randint(1, 40)
    until = feed.publish_many([feed.write(f"Page {seed}/{n}", namespace=n % 2) for n in range(count)])
    fields = {"no_body": no_body} | ({"namespaces": [1]} if filtered else {})
    seen = await _resumed(stream, rng, before, fields, until)
    expected = range(before + 1, until + 1)
    assert seen == ([offset for offset in expected if (offset - before) % 2 == 0] if filtered else list(expected))


def _newest(feed):
    return feed.publish("Before")


async def _resumed(stream, rng, after, fields, until):
    """Offsets seen by a client that is cut off after a few responses, again and again."""
    seen = []
    while after < until:
        size = rng.randint(1, 7)
        async with aclosing(stream(after_offset=after, until_offset=until, max_batch_size=size, **fields)) as responses:
            for _ in range(rng.randint(1, 4)):
                response = await anext(responses, None)
                if response is None:
                    break
                assert after <= response.through_offset <= until
                seen += offsets([response])
                after = response.through_offset
    return seen


async def test_the_log_tells_what_it_holds(feed, changes):
    async def info():
        return GetChangeLogInfoResponse.FromString(await changes.GetChangeLogInfo(GetChangeLogInfoRequest()))

    assert await info() == GetChangeLogInfoResponse()
    for number in range(1, 4):
        feed.time = START + number * SECOND
        feed.publish(f"Page {number}")
    feed.trim(2)
    assert await info() == GetChangeLogInfoResponse(
        oldest_offset=2,
        newest_offset=3,
        oldest_time=timestamp(START + 2 * SECOND),
        newest_time=timestamp(START + 3 * SECOND),
    )
