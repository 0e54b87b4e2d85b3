"""Logging in as Enterprise's clients do."""

import pytest
from enterprise_client import EnterpriseError
from enterprise_site import PASSWORD, USER


def test_a_login_gives_all_tokens(new_client):
    tokens = new_client().login(USER, PASSWORD)
    assert tokens.id_token
    assert tokens.access_token != tokens.refresh_token
    assert isinstance(tokens.expires_in, int)
    assert tokens.expires_in > 0


def test_a_refresh_gives_an_access_token_that_is_good(new_client):
    client = new_client()
    first = client.login(USER, PASSWORD)
    second = client.refresh(USER)
    assert second.access_token != first.access_token
    assert client.all_of("projects")


def test_a_refresh_may_come_as_often_as_it_will(new_client):
    client = new_client()
    client.login(USER, PASSWORD)
    assert len({client.refresh(USER).access_token for _ in range(3)}) == 3


def test_a_revoked_session_is_over(new_client):
    client = new_client()
    client.login(USER, PASSWORD)
    client.refresh(USER)
    answer = client.revoke()
    assert (answer.status_code, answer.content) == (204, b"")
    for call in (lambda: client.refresh(USER), lambda: client.all_of("projects")):
        with pytest.raises(EnterpriseError) as error:
            call()
        assert error.value.status == 401


@pytest.mark.parametrize(("username", "password"), [(USER, "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_login_is_refused_the_same_way(new_client, username, password):
    with pytest.raises(EnterpriseError) as error:
        new_client().login(username, password)
    assert error.value.status == error.value.told["status"] == 401
    assert isinstance(error.value.told["message"], str)


@pytest.mark.parametrize(
    "body", [{}, {"username": USER}, {"username": "", "password": ""}, {"username": 1, "password": 2}]
)
def test_a_login_without_what_it_needs_is_unprocessable(site, new_client, body):
    with pytest.raises(EnterpriseError) as error:
        new_client().call("POST", f"{site.http}/v1/login", json=body)
    assert error.value.status == error.value.told["status"] == 422


@pytest.mark.parametrize("token", ["", "Bearer nonsense", "Basic YTpi"])
@pytest.mark.parametrize("path", ["projects", "articles/Ada", "snapshots", "articles"])
def test_nothing_is_told_without_a_good_token(site, new_client, path, token):
    client = new_client()
    client.http.headers["Authorization"] = token
    with pytest.raises(EnterpriseError) as error:
        client.call("POST", f"{site.http}/v2/{path}", json={})
    assert error.value.status == error.value.told["status"] == 401
