"""/v1: tokens for passwords, and what they open."""

import pytest
from gateway_client import http_client

from wikifeed_server.accounts import StoreGuard

PASSWORD = "correct horse battery"


@pytest.fixture
async def closed(start, accounts):
    """A client of a gateway that wants an account, of which there is one: ada."""
    await accounts.add("ada", PASSWORD, "free")
    async with (
        StoreGuard(accounts, required=True) as guard,
        http_client(await start(guard=guard, accounts=accounts)) as session,
    ):
        yield session


async def post(http, path, token="", **body):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = await http.post(path, json=body, headers=headers)
    return answer.status, await answer.json() if answer.status != 204 else None


async def log_in(http):
    status, tokens = await post(http, "/v1/login", username="ada", password=PASSWORD)
    assert status == 200
    return tokens


async def test_a_password_gives_tokens_that_open_the_api(closed):
    tokens = await log_in(closed)
    assert set(tokens) == {"id_token", "access_token", "refresh_token", "expires_in"}
    assert (await post(closed, "/v2/codes", tokens["access_token"]))[0] == 200


async def test_without_a_token_the_api_is_closed_and_health_is_open(closed):
    answer = await closed.get("/v2/codes")
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert (await answer.json())["status"] == 401
    assert [(await closed.get(path)).status for path in ("/healthz", "/v2/status")] == [200, 200]


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "wf_none_at_all"])
async def test_tokens_that_are_none_open_nothing(closed, token):
    assert (await post(closed, "/v2/codes", token))[0] == 401


async def test_id_tokens_open_nothing(closed):
    tokens = await log_in(closed)
    assert (await post(closed, "/v2/codes", tokens["id_token"]))[0] == 401


async def test_refreshing_gives_further_tokens(closed):
    tokens = await log_in(closed)
    refreshing = {"username": "ada", "refresh_token": tokens["refresh_token"]}
    status, further = await post(closed, "/v1/token-refresh", **refreshing)
    assert status == 200
    assert set(further) == {"id_token", "access_token", "expires_in"}
    assert (await post(closed, "/v2/codes", further["access_token"]))[0] == 200


async def test_a_revoked_session_is_over(closed):
    tokens = await log_in(closed)
    status, _ = await post(closed, "/v1/token-revoke", refresh_token=tokens["refresh_token"])
    assert status == 204
    assert (await post(closed, "/v2/codes", tokens["access_token"]))[0] == 401
    refreshing = {"username": "ada", "refresh_token": tokens["refresh_token"]}
    assert (await post(closed, "/v1/token-refresh", **refreshing))[0] == 401


async def test_who_one_is_and_what_one_used(closed):
    token = (await log_in(closed))["access_token"]
    await closed.get("/v2/articles/Nowhere", headers={"Authorization": f"Bearer {token}"})
    status, user = await post(closed, "/v1/get-user", token)
    assert status == 200
    assert user["username"] == "ada"
    assert user["plan"]["identifier"] == "free"
    assert user["usage"]["on_demand"] == 1
    assert user["limits"]["on_demand"] == 10_000


async def test_a_password_can_be_changed_by_who_knows_it(closed):
    token = (await log_in(closed))["access_token"]
    fresh = "another horse battery"
    changing = {"previous_password": "wrong password", "proposed_password": fresh}
    assert (await post(closed, "/v1/change-password", token, **changing))[0] == 401
    assert (await post(closed, "/v1/change-password", token, **changing | {"previous_password": PASSWORD}))[0] == 200
    assert (await post(closed, "/v1/login", username="ada", password=PASSWORD))[0] == 401
    assert (await post(closed, "/v1/login", username="ada", password=fresh))[0] == 200


@pytest.mark.parametrize(
    "body", [{}, {"username": "ada"}, {"username": 7, "password": "x"}, {"username": "", "password": "x"}]
)
async def test_a_login_says_who_and_how(closed, body):
    status, told = await post(closed, "/v1/login", **body)
    assert (status, told["status"]) == (422, 422)


async def test_wrong_passwords_make_one_wait(closed):
    statuses = [(await post(closed, "/v1/login", username="ada", password="wrong password"))[0] for _ in range(20)]
    assert set(statuses) == {401, 429}
    answer = await closed.post("/v1/login", json={"username": "ada", "password": PASSWORD})
    assert answer.status == 429
    assert int(answer.headers["Retry-After"]) >= 1


async def test_what_needs_a_mail_server_says_whom_to_ask(closed):
    status, told = await post(closed, "/v1/forgot-password", username="ada")
    assert status == 501
    assert "wikifeed users" in told["message"]


async def test_where_no_account_is_needed_any_name_gets_a_token(http):
    status, tokens = await post(http, "/v1/login", username="anybody", password="anything")
    assert status == 200
    assert (await post(http, "/v2/codes", tokens["access_token"]))[0] == 200
    refreshing = {"username": "anybody", "refresh_token": tokens["refresh_token"]}
    assert (await post(http, "/v1/token-refresh", **refreshing))[0] == 200
    assert (await post(http, "/v1/token-revoke", refresh_token=tokens["refresh_token"]))[0] == 204


async def test_a_guest_of_an_open_server_is_a_stranger_to_one_that_needs_accounts(start, accounts, closed):
    async with (
        StoreGuard(accounts, required=False) as guard,
        http_client(await start(guard=guard, accounts=accounts)) as http,
    ):
        _, tokens = await post(http, "/v1/login", username="anybody", password="anything")
        assert (await post(http, "/v2/codes", tokens["access_token"]))[0] == 200
        assert (await post(http, "/v1/login", username="ada", password="wrong password"))[0] == 401
    assert (await post(closed, "/v2/codes", tokens["access_token"]))[0] == 401
