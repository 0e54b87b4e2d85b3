"""Tokens that are made up, have ended or are another's, and passwords that are guessed."""

import asyncio
import base64
import hashlib
import hmac
import json

import jwt
import pytest
from gateway_client import http_client

from wikifeed_server.accounts import AccountOptions, Accounts, StoreGuard

PASSWORD = "correct horse battery"
HOUR = 3_600_000_000


class Clock:
    """A time that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 1_700_000_000_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def accounts(tmp_path, clock):
    """One account, ada's."""
    async with Accounts(tmp_path, AccountOptions(token_seconds=60, refresh_seconds=600, clock=clock)) as accounts:
        await accounts.add("ada", PASSWORD, "free")
        yield accounts


@pytest.fixture
async def http(start, accounts):
    """A client of a gateway that wants an account."""
    async with StoreGuard(accounts, required=True) as guard, http_client(await start(guard=guard)) as session:
        yield session


async def log_in(http, password=PASSWORD, username="ada"):
    async with http.post("/v1/login", json={"username": username, "password": password}) as answer:
        return answer.status, await answer.json(), answer.headers


async def status_of(http, authorization):
    async with http.get("/v2/projects", headers={"Authorization": authorization}) as answer:
        told = await answer.json()
        if answer.status != 200:
            assert set(told) == {"status", "message"}
            assert told["status"] == answer.status
        return answer.status


def part(value):
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def forged(token):
    """Tokens like a good one whose signature is none, or not this server's."""
    header, claims, signature = token.split(".")
    head, said = jwt.get_unverified_header(token), jwt.decode(token, options={"verify_signature": False})
    for algorithm in ("none", "None", "NONE"):
        yield f"{part({**head, 'alg': algorithm})}.{claims}."
        yield f"{part({**head, 'alg': algorithm})}.{claims}.{signature}"
    yield f"{header}.{part({**said, 'sub': 'grace'})}.{signature}"
    yield f"{header}.{part({**said, 'exp': said['exp'] + 10**9})}.{signature}"
    yield f"{header}.{claims}.{part(b'x' * 32)}"
    yield f"{header}.{claims}."
    yield f"{header}.{claims}"
    for key in (b"", b"secret", head["kid"].encode()):
        signed = f"{header}.{claims}"
        yield f"{signed}.{part(hmac.new(key, signed.encode(), hashlib.sha256).digest())}"
    for kid in ("", "nope", "' OR 1=1 --", "../../accounts.db", 7, None, ["a"], {"a": 1}, "\0", "x" * 4000):
        yield f"{part({**head, 'kid': kid})}.{claims}.{signature}"
    for named in ({"jku": "http://127.0.0.1:1/keys"}, {"jwk": {"kty": "oct", "k": "AA"}}, {"crit": ["exp"]}):
        signed = f"{part({**head, **named})}.{claims}"
        yield f"{signed}.{part(hmac.new(b'', signed.encode(), hashlib.sha256).digest())}"
    yield f"{part(b'[' * 5000)}.{claims}.{signature}"
    yield f"{part(b'7')}.{part(b'7')}.{signature}"


async def test_forged_tokens_open_nothing(http):
    _, tokens, _ = await log_in(http)
    token = tokens["access_token"]
    assert await status_of(http, f"Bearer {token}") == 200
    for each in forged(token):
        assert await status_of(http, f"Bearer {each}") == 401, each[:200]


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic YWRhOnBhc3N3b3Jk",
        "bearer x y",
        "Bearer \xff\xfe",
        "Bearer " + "a" * 8000,
        "Bearer ...",
        "Bearer wf_",
        "Bearer wf_" + "a" * 60,
        "Bearer null",
        "Digest username=ada",
    ],
)
async def test_what_is_no_token_opens_nothing(http, authorization):
    assert await status_of(http, authorization) == 401


async def test_tokens_that_have_ended_open_nothing(http, clock):
    _, tokens, _ = await log_in(http)
    assert await status_of(http, f"Bearer {tokens['access_token']}") == 200
    clock.now += HOUR
    assert await status_of(http, f"Bearer {tokens['access_token']}") == 401
    refreshing = {"username": "ada", "refresh_token": tokens["refresh_token"]}
    assert (await http.post("/v1/token-refresh", json=refreshing)).status == 401


async def test_a_token_of_another_kind_opens_nothing(http):
    _, tokens, _ = await log_in(http)
    for kind in ("id_token", "refresh_token"):
        assert await status_of(http, f"Bearer {tokens[kind]}") == 401
    for kind in ("id_token", "access_token"):
        answer = await http.post("/v1/token-refresh", json={"username": "ada", "refresh_token": tokens[kind]})
        assert answer.status == 401


@pytest.mark.parametrize("username", ["ada", "ADA", "nobody", "x" * 5000, "\0", "' OR 1=1 --"])
async def test_a_hundred_wrong_passwords_are_refused_ever_more_slowly(http, clock, username):
    refusals = [await log_in(http, f"wrong {number}", username) for number in range(100)]
    statuses = [status for status, _, _ in refusals]
    assert set(statuses[:5]) == {401}
    assert set(statuses[5:]) == {429}
    assert {int(headers["Retry-After"]) for _, _, headers in refusals[5:]} == {1}
    assert len({told["message"] for _, told, _ in refusals[:5]}) == 1
    if username.lower() == "ada":
        assert (await log_in(http))[0] == 429
        clock.now += 2_000_000
    assert (await log_in(http))[0] == 200


async def test_guessing_at_once_gains_nothing(http):
    statuses = [status for status, _, _ in await asyncio.gather(*(log_in(http, f"wrong {n}") for n in range(40)))]
    assert sorted(set(statuses)) == [401, 429]
    assert statuses.count(401) == 5
