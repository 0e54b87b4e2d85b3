"""What lists and articles are asked with."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import asdict
from typing import TypeVar
from urllib.parse import quote, urlencode

import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request
from hypothesis import example, given
from hypothesis import strategies as st

from wikifeed_server.gateway.errors import HttpError, error_response
from wikifeed_server.gateway.queries import Filter, Query, read_query, whole_number

Result = TypeVar("Result")
LARGEST = 2**63 - 1
SCALARS = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | st.floats(allow_nan=False) | st.text(max_size=4)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
)
QUERIES = st.fixed_dictionaries(
    {}, optional={"fields": VALUES, "filters": VALUES, "limit": VALUES, "since": VALUES, "parts": VALUES}
)


async def tell_query(request: web.Request) -> web.Response:
    """What the server understood."""
    try:
        query = await read_query(request, read_seconds=0.2)
    except HttpError as error:
        return error_response(error)
    return web.Response(body=orjson.dumps(asdict(query)), content_type="application/json")


@pytest.fixture
async def client() -> AsyncGenerator[TestClient, None]:
    application = web.Application(client_max_size=1000)
    application.router.add_route("*", "/", tell_query)
    async with TestClient(TestServer(application)) as client:
        yield client


async def understood(response) -> dict:
    assert response.status == 200, await response.text()
    query = orjson.loads(await response.read())
    return {name: query[name] for name in ("fields", "filters", "limit") if query[name]}


async def refusal(response) -> str:
    told = orjson.loads(await response.read())
    assert (response.status, told["status"]) == (422, 422)
    return told["message"]


ASKED = {
    "fields": ["name", "version.*"],
    "filters": [{"field": "in_language.identifier", "value": "en"}, {"field": "namespace.identifier", "value": 0}],
    "limit": 2,
}


# Bodies


async def test_a_body_says_what_is_wanted(client):
    assert await understood(await client.post("/", json=ASKED)) == ASKED


async def test_a_body_is_json_whatever_its_content_type_says(client):
    data = orjson.dumps(ASKED)
    for content_type in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = await client.post("/", data=data, headers={"Content-Type": content_type})
        assert await understood(answer) == ASKED


@pytest.mark.parametrize("body", [b"", b" \n", b"{}", b"null", b'{"fields": null, "filters": null, "limit": null}'])
async def test_a_body_that_says_nothing_asks_for_everything(client, body):
    answer = await client.post("/", data=body, headers={"Content-Type": "application/json"})
    assert await understood(answer) == {}


async def test_body_and_query_string_add_up_and_the_body_counts_where_both_say_something(client):
    answer = await client.post("/?limit=1&fields=url", json={"fields": ["name"]})
    assert await understood(answer) == {"fields": ["name"], "limit": 1}


@pytest.mark.parametrize("body", [b"[", b"[]", b'"fields"', b"7", b'{"fields": [NaN]}', b"\xff", b"[" * 900])
async def test_a_body_that_is_no_object_is_refused(client, body):
    assert "body" in await refusal(await client.post("/", data=body))


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"fields": "name"}, "fields"),
        ({"fields": [""]}, "fields[0]"),
        ({"fields": ["name", 7]}, "fields[1]"),
        ({"fields": ["n" * 256]}, "fields[0]"),
        ({"fields": ["name"] * 256}, "fields"),
        ({"filters": "name"}, "filters"),
        ({"filters": ["name"]}, "filters[0]"),
        ({"filters": [{"field": "", "value": 1}]}, "filters[0].field"),
        ({"filters": [{"field": 1, "value": 1}]}, "filters[0]"),
        ({"filters": [{"field": "name"}]}, "filters[0].value"),
        ({"filters": [{"field": "name", "value": ["a"]}]}, "filters[0].value"),
        ({"limit": "many"}, "limit"),
        ({"limit": 1.5}, "limit"),
        ({"limit": True}, "limit"),
        ({"limit": 2**63}, "limit"),
    ],
)
async def test_what_is_wrong_is_named(client, body, named):
    client.server.app._client_max_size = 10_000
    assert (await refusal(await client.post("/", json=body))).startswith(f"{named}: ")


async def test_a_body_that_is_too_large_or_too_slow_is_refused(client):
    assert (await client.post("/", data=b" " * 1001)).status == 413

    async def never_ending():
        yield b"{"
        await asyncio.Event().wait()

    assert (await client.post("/", data=never_ending())).status == 408


# Query strings


async def test_a_query_string_says_what_is_wanted(client):
    pairs = [("fields", each) for each in ASKED["fields"]]
    pairs += [("filters", orjson.dumps(each).decode()) for each in ASKED["filters"]]
    assert await understood(await client.get(f"/?{urlencode([*pairs, ('limit', '2')])}")) == ASKED


async def test_fields_may_stand_between_commas_and_filters_in_one_list(client):
    filters = quote(orjson.dumps(ASKED["filters"]))
    assert await understood(await client.get(f"/?fields=name,version.*&filters={filters}&limit=2")) == ASKED


async def test_empty_parameters_say_nothing(client):
    assert await understood(await client.get("/?fields=&filters=&limit=")) == {}


@pytest.mark.parametrize("limit", [0, -1, -9_000_000_000_000_000_000])
async def test_a_limit_of_nothing_is_no_limit(client, limit):
    assert orjson.loads(await (await client.get(f"/?limit={limit}")).read())["limit"] is None


@pytest.mark.parametrize("text", ["{", "7", "name", '{"field":"a"}', "[[]]"])
async def test_a_filter_that_is_no_json_or_no_filter_is_refused(client, text):
    assert "filters" in await refusal(await client.get("/", params={"filters": text}))


# Whatever comes


def outcome(call: Callable[[], Result]) -> Result | HttpError:
    try:
        return call()
    except HttpError as error:
        return error


@given(QUERIES)
@example({"limit": "--1"})
@example({"limit": "-"})
def test_any_body_is_understood_or_refused(values):
    class Body:
        method = "POST"
        query: dict = {}

        async def read(self) -> bytes:
            return orjson.dumps(values)

    query = outcome(lambda: asyncio.run(read_query(Body(), 1)))  # type: ignore[arg-type]
    if isinstance(query, HttpError):
        assert query.status == 422
    else:
        assert query.fields == tuple(values.get("fields") or ())
        assert all(isinstance(each, Filter) for each in query.filters)


@given(st.lists(st.tuples(st.sampled_from(["fields", "filters", "limit", "parts", "offsets"]), st.text(max_size=8))))
def test_any_query_string_is_understood_or_refused(pairs):
    request = make_mocked_request("GET", f"/?{urlencode(pairs, errors='replace')}")
    query = outcome(lambda: asyncio.run(read_query(request, 1)))
    assert isinstance(query, Query) or query.status == 422


@given(SCALARS | st.from_regex("-*[0-9]{0,30}", fullmatch=True), st.integers(-9, 0), st.integers(0, LARGEST))
def test_whole_numbers_are_within_their_bounds(value, least, most):
    number = outcome(lambda: whole_number("limit", value, least, most))
    if isinstance(number, HttpError):
        assert number.status == 422
    else:
        assert number is None or (least <= number <= most and number == int(value))
