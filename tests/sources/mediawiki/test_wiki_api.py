import asyncio
from collections.abc import Callable

import aiohttp
import pytest
from aiohttp import web
from fake_wiki import FakeServer

from wikifeed_server.errors import ConfigError, SourceError, SourceRefusedError
from wikifeed_server.sources.events import Patience
from wikifeed_server.sources.mediawiki import Etiquette, WikiApi, require_contact, user_agent
from wikifeed_server.sources.mediawiki.etiquette import wished_wait

QUICK = Etiquette(user_agent="Wikifeed/test (a@b.example)", patience=Patience(first_delay=0.001, longest_delay=0.01))


def good(_: web.Request) -> web.Response:
    return web.json_response({"batchcomplete": True, "query": {"good": True}})


def error(code: str, status: int = 200, **headers: str) -> Callable[[web.Request], web.Response]:
    body = {"errors": [{"code": code, "text": f"It is {code}", "module": "main"}]}
    return lambda _: web.json_response(body, status=status, headers=headers)


def status(number: int, **headers: str) -> Callable[[web.Request], web.Response]:
    return lambda _: web.Response(status=number, text="<html>Sorry</html>", content_type="text/html", headers=headers)


def cut(request: web.Request) -> web.Response:
    request.transport.abort()
    return web.Response()


async def until(is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while True:
            if is_so():
                return
            await asyncio.sleep(0.001)


@pytest.fixture
def fake() -> FakeServer:
    return FakeServer(good)


@pytest.fixture
async def api(fake, serve, session) -> WikiApi:
    base = await serve(fake)
    return WikiApi(f"{base}/w/api.php", f"{base}/w/rest.php", session, QUICK)


async def test_a_query_says_who_asks_and_how_it_wants_the_answer(api, fake):
    assert (await api.query({"meta": "siteinfo"}))["query"] == {"good": True}
    method, path, headers, _ = fake.requests[0]
    assert method == "GET"
    assert headers["User-Agent"] == "Wikifeed/test (a@b.example)"
    for part in ("action=query", "format=json", "formatversion=2", "maxlag=5", "meta=siteinfo"):
        assert part in path


async def test_a_long_query_is_posted(api, fake):
    titles = "|".join(f"你好 {number}" for number in range(300))
    await api.query({"titles": titles})
    method, path, _, form = fake.requests[0]
    assert (method, path, form["titles"]) == ("POST", "/w/api.php", titles)


TROUBLE = [
    error("maxlag", **{"Retry-After": "0"}),
    error("ratelimited"),
    error("readonly"),
    error("internal_api_error_DBQueryError", status=500),
    status(429),
    status(502),
    status(503, **{"Retry-After": "0"}),
    lambda _: web.Response(text='{"query": {"goo', content_type="application/json"),
]


@pytest.mark.parametrize("trouble", TROUBLE)
async def test_trouble_that_passes_is_waited_out(api, fake, trouble):
    fake.replies.extend([trouble] * 6)
    assert (await api.query({}))["query"] == {"good": True}
    assert len(fake.requests) == 7
    condition = api.condition
    assert (condition.failures, condition.retries) == (6, 0)
    assert condition.last_error
    assert condition.last_sign >= condition.last_error_time > 0
    assert condition.connected_since > 0


async def test_a_connection_that_breaks_is_made_again(api, fake):
    fake.replies.extend([cut] * 6)
    assert (await api.query({}))["query"] == {"good": True}
    # aiohttp itself asks again where a connection that was kept turns out to be closed.
    assert 1 <= api.condition.failures <= 6
    assert "can't be reached" in api.condition.last_error


async def test_an_answer_that_takes_too_long_is_asked_for_again(fake, serve, session):
    late = asyncio.Event()

    async def delay() -> None:
        if len(fake.requests) == 1:
            await late.wait()

    fake.delay = delay
    patience = Patience(first_delay=0.001, longest_delay=0.01, request=0.05)
    api = WikiApi(f"{await serve(fake)}/api.php", "", session, Etiquette(patience=patience))
    assert (await api.query({}))["query"] == {"good": True}
    assert api.condition.last_error.endswith("did not answer in time")
    late.set()


async def test_a_wish_to_be_left_alone_holds_up_all_requests(api, fake):
    fake.replies.append(status(429, **{"Retry-After": "3600"}))
    waiting = [asyncio.create_task(api.query({"a": 1}))]
    await until(lambda: api.condition.failures == 1)
    waiting.append(asyncio.create_task(api.query({"b": 1})))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(api.get("/v1/page/A/html"), 0.1)
    assert len(fake.requests) == 1
    for task in waiting:
        task.cancel()


@pytest.mark.parametrize(
    ("refusal", "says"),
    [
        (status(401), "private"),
        (status(403), "blocks programs"),
        (status(404), "there is no api.php"),
        (status(301, Location="https://new.example/w/api.php"), "has moved to https://new.example/w/api.php"),
        (error("readapidenied"), "anonymous readers"),
        (lambda _: web.Response(text="<html>Log in</html>", content_type="text/html"), "instead of JSON"),
        (lambda _: web.json_response([1]), "instead of JSON"),
    ],
)
async def test_a_refusal_says_what_to_do(api, fake, refusal, says):
    fake.last = refusal
    with pytest.raises(SourceRefusedError, match=says):
        await api.query({"titles": "x" * 3000})
    assert len(fake.requests) == 1


async def test_a_query_that_is_wrong_is_told(api, fake):
    fake.last = error("badinteger")
    with pytest.raises(SourceError, match="It is badinteger") as caught:
        await api.query({"rclimit": "x"})
    assert caught.value.metadata == {"code": "badinteger"}


async def test_old_wikis_tell_errors_otherwise(api, fake):
    fake.last = lambda _: web.json_response({"error": {"code": "unknown_list", "info": "No such list"}})
    with pytest.raises(SourceError, match="No such list"):
        await api.query({})


async def test_an_answer_without_end_is_refused(fake, serve, session):
    fake.last = lambda _: web.Response(body=b" " * 5000, content_type="application/json")
    api = WikiApi(f"{await serve(fake)}/api.php", "", session, Etiquette(answer_bytes=4999))
    with pytest.raises(SourceError, match="more than 4999 bytes"):
        await api.query({})


async def test_continuations_are_followed(api, fake):
    fake.replies.append(
        lambda _: web.json_response({"continue": {"rccontinue": "5|6", "continue": "-||"}, "query": {"part": 1}})
    )
    parts = [answer["query"] async for answer in api.query_all({"list": "recentchanges"})]
    assert parts == [{"part": 1}, {"good": True}]
    assert "rccontinue=5%7C6" in fake.requests[1][1]


async def test_no_more_requests_at_once_than_etiquette_allows(api, fake):
    fake.delay = lambda: asyncio.sleep(0.005)
    await asyncio.gather(*(api.query({"titles": number}) for number in range(20)))
    assert len(fake.requests) == 20
    assert fake.most_at_once == 3


async def test_identical_requests_at_once_are_made_once(api, fake):
    answers = await asyncio.gather(*(api.get("/v1/revision/5/html") for _ in range(20)))
    assert len(fake.requests) == 1
    assert len(set(answers)) == 1


async def test_a_request_under_way_is_not_joined_for_its_answer_may_be_old(api, fake):
    under_way, go_on = asyncio.Event(), asyncio.Event()

    async def delay() -> None:
        under_way.set()
        await go_on.wait()

    fake.delay = delay
    first = asyncio.create_task(api.get("/v1/page/A/html"))
    await under_way.wait()
    second = asyncio.create_task(api.get("/v1/page/A/html"))
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(first, second)
    assert len(fake.requests) == 2


async def test_one_who_goes_does_not_end_the_request_for_others(api, fake):
    hold = asyncio.Event()
    fake.delay = hold.wait
    first, second = (asyncio.create_task(api.get("/v1/page/A/html")) for _ in range(2))
    await until(lambda: fake.requests)
    first.cancel()
    await asyncio.sleep(0)
    hold.set()
    assert await second
    assert first.cancelled()


async def test_who_waits_for_a_wiki_that_is_down_can_go(session):
    api = WikiApi("http://127.0.0.1:9/api.php", "", session, Etiquette(patience=Patience(0.001, 0.002)))
    waiting = asyncio.create_task(api.query({}))
    await until(lambda: api.condition.retries >= 3)
    assert "can't be reached" in api.condition.last_error
    assert api.condition.connected_since == 0
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


@pytest.mark.parametrize("number", [400, 403, 404, 410, 413, 415])
async def test_a_page_that_is_not_there_for_us_is_none(api, fake, number):
    fake.last = status(number)
    assert await api.get("/v1/revision/5/html") is None
    assert len(fake.requests) == 1


async def test_a_page_is_waited_for(api, fake):
    fake.last = lambda _: web.Response(text="<p>")
    fake.replies.extend([status(503), cut, status(429)] * 4)
    assert await api.get("/v1/page/A%2FB%3F/html") == b"<p>"
    assert fake.requests[0][1] == "/w/rest.php/v1/page/A%2FB%3F/html"


async def test_a_page_that_the_wiki_fails_to_make_is_given_up(api, fake):
    fake.last = lambda _: web.json_response({"httpCode": 500}, status=500)
    assert await api.get("/v1/revision/5/html") is None
    assert len(fake.requests) == Etiquette().page_attempts


@pytest.mark.parametrize(
    ("text", "seconds"), [("7", 7), ("99999", 3600), ("", 0), ("soon", 0), ("Mon, 01 Jan 2001 00:00:00 GMT", 0)]
)
def test_a_wish_is_read_with_reason(text, seconds):
    assert wished_wait({"Retry-After": text}) == seconds


def test_a_wish_may_be_a_time():
    assert wished_wait({"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"}) == 3600


def test_waiting_gets_longer_but_not_without_end():
    etiquette = Etiquette(patience=Patience(first_delay=1, longest_delay=60))
    assert 0.5 <= etiquette.delay(1, 0) <= 1
    assert 4 <= etiquette.delay(4, 0) <= 8
    assert 30 <= etiquette.delay(5000, 0) <= 60
    assert etiquette.delay(1, 120) == 120


def test_a_wiki_elsewhere_must_know_whom_to_turn_to():
    for url in ("http://127.0.0.1:8085/", "http://localhost/w/", "http://[::1]/", "https://wiki.localhost"):
        require_contact(url, "")
    require_contact("https://wiki.example/", "me@example.org")
    for url in ("https://wiki.example/", "https://128.0.0.1/", "https://localhost.example/"):
        with pytest.raises(ConfigError, match="--contact"):
            require_contact(url, " ")


def test_the_user_agent_tells_the_contact():
    assert user_agent("me@example.org").endswith(" (me@example.org)")
    assert user_agent("me@example.org").startswith("Wikifeed/")
    with pytest.raises(ConfigError, match="can't be sent"):
        user_agent("me\r\nX: y")


async def test_the_session_stays_its_owners(api, session):
    await api.query({})
    assert isinstance(session, aiohttp.ClientSession)
    assert not session.closed
