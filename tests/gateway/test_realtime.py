"""/v2/articles: what a stream tells of changes, and in which form."""

import asyncio

import orjson
import pytest
from gateway_client import http_client
from made_up_feed import START, Feed
from realtime_reading import EVENT_STREAM, PATH, Stream, from_oldest, partition_of, realtime, refusal, rfc3339

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.change_service_pb2 import StreamChangesRequest, StreamChangesResponse
from wikifeed_server.contract.json import article_to_json
from wikifeed_server.services.change import ChangeService

PAGE = 42
BEAT_SECONDS = 0.05


@pytest.fixture
async def beating(start, parts, reader):
    """A client of a gateway whose streams are never silent for long."""
    changes = ChangeService(reader, parts.stopping, BEAT_SECONDS)
    async with http_client(await start(changes=changes, heartbeat_seconds=BEAT_SECONDS)) as http:
        yield http


async def test_a_line_is_the_whole_article_as_of_its_change(feed, http, parts):
    first = feed.publish("Ada", PAGE, text="Countess")
    last = feed.publish("Ada Lovelace", PAGE, text="Countess of Lovelace")
    async with realtime(http, offsets=from_oldest()) as stream:
        lines = [await stream.line(), await stream.line()]
    request = StreamChangesRequest(after_offset=first - 1, until_offset=last)
    responses = [StreamChangesResponse.FromString(data) async for data in parts.changes.StreamChanges(request)]
    changes = [change for response in responses for change in response.changes]
    assert lines == [article_to_json(change.article) + b"\n" for change in changes]
    assert orjson.loads(lines[0])["article_body"] == {"wikitext": "Countess"}


async def test_the_event_tells_where_in_the_stream_an_article_is(feed, http):
    made = Article(name="Ada", identifier=PAGE, event={"identifier": "e1"})
    made.event.date_created.FromMicroseconds(START - 5)
    feed.publish("Ada", PAGE, head=made.SerializeToString())
    async with realtime(http, offsets=from_oldest()) as stream:
        assert (await stream.article())["event"] == {
            "identifier": "e1",
            "type": "create",
            "date_created": rfc3339(START - 5),
            "date_published": rfc3339(START),
            "partition": partition_of(PAGE),
            "offset": 1,
        }


async def test_a_stream_without_a_start_tells_of_what_comes(feed, http):
    feed.publish("Ada")
    async with realtime(http) as stream:
        later = feed.publish("Grace")
        assert await stream.offsets(1) == [later]


async def test_deletions_and_redirect_pages_are_told_without_bodies(feed, http):
    feed.publish("Ada", PAGE)
    feed.publish("Grace", PAGE + 1)
    feed.redirect("Ada", "Ada Lovelace", PAGE)
    feed.delete("Grace", PAGE + 1)
    async with realtime(http, offsets=from_oldest()) as stream:
        _, _, redirect, deleted = await stream.articles(4)
    assert (redirect["identifier"], redirect["event"]["type"]) == (PAGE, "update")
    assert (deleted["identifier"], deleted["event"]["type"]) == (PAGE + 1, "delete")
    assert "article_body" not in redirect
    assert "article_body" not in deleted


# Fields


async def test_fields_are_cut_and_the_event_is_always_among_them(feed, http):
    feed.publish("Ada", PAGE)
    fields = ["name", "version.editor.name", "namespace.*", "categories.name", "article_body.wikitext"]
    async with realtime(http, offsets=from_oldest(), fields=fields) as stream:
        article = await stream.article()
    assert article.pop("event")["offset"] == 1
    assert article == {
        "name": "Ada",
        "version": {"editor": {"name": "Ada"}},
        "namespace": {"identifier": 0},
        "categories": [{"name": "Category:Made up"}],
        "article_body": {"wikitext": "text"},
    }


async def test_fields_of_the_head_alone_have_nothing_else_read(feed, start, parts, reader):
    class WithoutBodies:
        def __getattr__(self, name):
            assert name != "read_entries"
            return getattr(reader, name)

    feed.publish("Ada")
    gateway = await start(changes=ChangeService(WithoutBodies(), parts.stopping))
    async with http_client(gateway) as http, realtime(http, offsets=from_oldest(), fields=["name"]) as stream:
        assert (await stream.article())["name"] == "Ada"
        feed.publish("Grace")
        assert (await stream.article())["name"] == "Grace"


@pytest.mark.parametrize("field", ["version", "categories", "article_body", "nonsense", "version.nonsense", "name.*"])
async def test_fields_that_are_no_fields_or_objects_without_wildcard_are_refused(http, field):
    status, message = await refusal(http, fields=["url", field])
    assert status == 422
    assert message.startswith("fields[1]: ")


# Filters


async def publish_many_kinds(feed: Feed) -> None:
    feed.publish("Ada", 1)
    feed.publish("Talk:Ada", 2, namespace=1)
    feed.publish("Ada", 3, project="dewiki")
    feed.publish("Ada", 1, text="")
    feed.delete("Ada", 1)
    feed.publish("Grace", 4)


@pytest.mark.parametrize(
    ("filters", "offsets"),
    [
        ({"is_part_of.identifier": "dewiki"}, [3]),
        ({"in_language.identifier": "en"}, [1, 2, 4, 5, 6]),
        ({"namespace.identifier": 1}, [2]),
        ({"event.type": "delete"}, [5]),
        ({"event.type": "create", "namespace.identifier": 0}, [1, 3, 6]),
        ({"name": "Ada"}, [1, 3, 4, 5]),
        ({"identifier": 1, "event.type": "update"}, [4]),
        ({"article_body.wikitext": "text", "in_language.identifier": "en"}, [1, 2, 6]),
        ({"version.identifier": 6}, [6]),
    ],
)
async def test_filters_let_pass_what_equals_them_all(feed, http, filters, offsets):
    await publish_many_kinds(feed)
    asked = [{"field": field, "value": value} for field, value in filters.items()]
    async with realtime(http, offsets=from_oldest(), filters=asked, fields=["name"]) as stream:
        assert await stream.offsets(len(offsets)) == offsets


async def test_two_filters_of_one_field_must_both_hold(feed, beating):
    await publish_many_kinds(feed)
    asked = [{"field": "is_part_of.identifier", "value": value} for value in ("dewiki", "enwiki")]
    async with realtime(beating, EVENT_STREAM, offsets=from_oldest(), filters=asked) as stream:
        while (event := await stream.event()).get("id") != "6":
            assert "data" not in event


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("event.type", "move"),
        ("namespace.identifier", "main"),
        ("is_part_of.identifier", 7),
        ("version", "1"),
        ("categories.name", "a"),
        ("nonsense", 1),
    ],
)
async def test_filters_that_no_article_could_pass_are_refused(http, field, value):
    filters = [{"field": "namespace.identifier", "value": 0}, {"field": field, "value": value}]
    status, message = await refusal(http, filters=filters)
    assert status == 422
    assert message.startswith("filters[1]")


# How it is asked for


async def test_parameters_come_in_a_body_or_in_the_query_string(feed, http):
    feed.publish("Ada", 1)
    feed.publish("Talk:Ada", 2, namespace=1)
    body = {"offsets": from_oldest(), "filters": [{"field": "namespace.identifier", "value": 1}], "fields": ["name"]}
    query = {name: orjson.dumps(body[name]).decode() for name in ("offsets", "filters")} | {"fields": "name"}
    calls = [http.post(PATH, json=body), http.get(PATH, json=body), http.get(PATH, params=query)]
    for call in calls:
        async with call as response:
            assert response.status == 200
            assert await Stream(response).offsets(1) == [2]


async def test_a_body_that_says_nothing_asks_for_all_that_comes(feed, http):
    async with http.get(PATH, data=b"", headers={"Content-Type": "application/json"}) as response:
        feed.publish("Ada")
        assert (await Stream(response).article())["name"] == "Ada"


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, "application/x-ndjson"),
        ("*/*", "application/x-ndjson"),
        ("application/x-ndjson", "application/x-ndjson"),
        ("application/x-ndjson, text/event-stream", "application/x-ndjson"),
        ("text/event-stream", "text/event-stream"),
    ],
)
async def test_accept_chooses_the_form(http, accept, content_type):
    headers = {"Accept": accept} if accept else {}
    async with http.get(PATH, headers=headers, skip_auto_headers=["Accept"]) as response:
        assert response.headers["Content-Type"] == f"{content_type}; charset=utf-8"
        assert "Content-Encoding" not in response.headers


async def test_the_head_of_a_stream_can_not_be_asked_for(http):
    assert (await http.head(PATH)).status == 405


# Server-sent events


async def test_an_event_has_the_offset_as_its_id_and_the_article_as_its_data(feed, http):
    feed.publish("Ada", PAGE)
    async with realtime(http, offsets=from_oldest()) as stream:
        line = (await stream.line()).decode().strip()
    async with realtime(http, EVENT_STREAM, offsets=from_oldest()) as stream:
        assert await stream.event() == {"id": "1", "event": "message", "data": line}


async def test_last_event_id_goes_on_behind_it(feed, http):
    for number in range(5):
        feed.publish(f"Page {number}")
    async with realtime(http, {**EVENT_STREAM, "Last-Event-ID": "3"}, offsets=from_oldest()) as stream:
        assert [(await stream.event())["id"] for _ in range(2)] == ["4", "5"]
    async with realtime(http, {**EVENT_STREAM, "Last-Event-ID": "4"}) as stream:
        assert (await stream.event())["id"] == "5"


async def test_last_event_id_lets_no_partition_begin_before_its_start(feed, http):
    for page_id in (PAGE, PAGE + 1, PAGE, PAGE + 1, PAGE, PAGE + 1):
        feed.publish("Page", page_id)
    assert partition_of(PAGE) != partition_of(PAGE + 1)
    starts = {str(partition_of(PAGE)): 1, str(partition_of(PAGE + 1)): 6}
    async with realtime(http, {**EVENT_STREAM, "Last-Event-ID": "1"}, offsets=starts) as stream:
        assert [(await stream.event())["id"] for _ in range(3)] == ["3", "5", "6"]


@pytest.mark.parametrize("last", ["x", "-1", "1.5", "2"])
async def test_last_event_id_must_be_one_of_this_log(feed, http, last):
    feed.publish("Ada")
    status, _ = await refusal(http, {**EVENT_STREAM, "Last-Event-ID": last})
    assert status == 422


# Silence


async def test_a_silent_stream_of_lines_sends_blanks_that_no_reader_of_lines_sees(feed, beating):
    async with realtime(beating) as stream:
        async with asyncio.timeout(10):
            assert await stream.response.content.readexactly(3) == b"   "
        feed.publish("Ada")
        line = await stream.line()
    assert line.endswith(b"}\n")
    assert orjson.loads(line)["name"] == "Ada"


async def test_a_silent_stream_of_events_sends_comments(beating):
    async with realtime(beating, EVENT_STREAM) as stream:
        assert [await stream.event() for _ in range(2)] == [{"": "", "id": "0"}] * 2


@pytest.mark.parametrize("field", ["namespace.identifier", "name"])
async def test_a_filter_that_lets_nothing_pass_moves_on_all_the_same(feed, beating, field):
    wanted = [{"field": field, "value": 14 if field != "name" else "Nobody"}]
    async with realtime(beating, EVENT_STREAM, filters=wanted) as stream:
        newest = feed.publish_many([feed.write(f"Page {number}") for number in range(200)])
        while (event := await stream.event())["id"] != str(newest):
            assert "data" not in event
