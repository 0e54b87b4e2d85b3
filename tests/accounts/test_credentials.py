"""Who the guard takes a caller for, by what is shown."""

import base64
import json

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from turned_clock import PASSWORD

from wikifeed_server.accounts import GUEST_TOKEN, OPEN_CALLER
from wikifeed_server.accounts.authorization import read_authorization
from wikifeed_server.accounts.keys import KeyText
from wikifeed_server.errors import StoreError, UnauthenticatedError

_TOKEN_LETTERS = "abcXYZ0189-._~+/="


async def refused(guard, shown):
    with pytest.raises(UnauthenticatedError) as caught:
        await guard.caller(shown)
    return caught.value.message


@pytest.fixture
async def tokens(accounts, ada):
    return await accounts.log_in("ada", PASSWORD)


@pytest.fixture
async def secret(accounts, tokens):
    return await accounts.database.read(lambda execute: execute("SELECT secret FROM signing_key").fetchone()[0])


def forged(token, key, algorithm="HS256", header=(), **claims):
    """A token that says what the given one says, but for some claims."""
    said = jwt.decode(token, options={"verify_signature": False}) | claims
    headers = {"kid": jwt.get_unverified_header(token)["kid"]} | dict(header)
    return "Bearer " + jwt.encode(said, key, algorithm=algorithm, headers=headers)


async def test_where_none_is_required_nobody_needs_credentials(processes, tmp_path):
    _, guard = await processes(required=False)
    assert await guard.caller("") is OPEN_CALLER
    assert await guard.caller("  ") is OPEN_CALLER
    await guard.look()
    assert list(tmp_path.iterdir()) == []


async def test_what_is_shown_must_be_good_even_where_none_is_required(processes, tmp_path):
    _, guard = await processes(required=False)
    await refused(guard, "Bearer a.b.c")
    await refused(guard, f"Bearer wf_{'0' * 16}_{'a' * 43}")
    await refused(guard, "Basic YTpi")
    assert list(tmp_path.iterdir()) == []


async def test_token_of_guests_is_good_where_none_is_required(guard, processes):
    _, open_guard = await processes(required=False)
    assert await open_guard.caller(f"Bearer {GUEST_TOKEN}") is OPEN_CALLER
    await refused(guard, f"Bearer {GUEST_TOKEN}")


async def test_where_one_is_required_callers_are_told_what_to_show(guard):
    assert "Bearer" in await refused(guard, "")


async def test_tokens_say_what_they_should(tokens, clock):
    header = jwt.get_unverified_header(tokens.access_token)
    access = jwt.decode(tokens.access_token, options={"verify_signature": False})
    now = clock.now // 1_000_000
    assert (header["alg"], bool(header["kid"])) == ("HS256", True)
    assert {name: access[name] for name in ("iss", "sub", "iat", "exp", "token_use")} == {
        "iss": "wikifeed",
        "sub": "Ada",
        "iat": now,
        "exp": now + 86400,
        "token_use": "access",
    }
    other = jwt.decode(tokens.id_token, options={"verify_signature": False})
    assert (other["token_use"], other["sid"]) == ("id", access["sid"])
    assert other["jti"] != access["jti"]


async def test_token_as_it_was_given_is_good(guard, tokens, secret):
    assert (await guard.caller(forged(tokens.access_token, secret))).username == "Ada"


async def test_id_token_is_no_access_token(guard, tokens):
    await refused(guard, f"Bearer {tokens.id_token}")


async def test_token_signed_with_another_key_is_refused(guard, tokens):
    await refused(guard, forged(tokens.access_token, b"x" * 32))


async def test_token_that_is_not_signed_is_refused(guard, tokens):
    await refused(guard, forged(tokens.access_token, "", "none"))
    unsigned = tokens.access_token.rpartition(".")[0]
    await refused(guard, f"Bearer {unsigned}.")


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
async def test_token_signed_by_another_algorithm_is_refused(guard, tokens, secret, algorithm):
    await refused(guard, forged(tokens.access_token, secret * 2, algorithm))


@pytest.mark.parametrize("kid", ["0123456789abcdef", "", "' OR 1=1 --", "../../dev/null", "\ud800"])
async def test_token_of_an_unknown_signing_key_is_refused(guard, tokens, secret, kid):
    await refused(guard, forged(tokens.access_token, secret, header={"kid": kid}))


@pytest.mark.parametrize("claims", [{"iss": "another"}, {"sub": "grace"}, {"sid": 99}, {"token_use": "refresh"}])
async def test_token_that_says_something_else_is_refused(guard, tokens, secret, claims):
    await refused(guard, forged(tokens.access_token, secret, **claims))


async def test_hostile_headers_are_refused(guard, tokens):
    for header in (b"[" * 2000, b"{}", b"null", b"\xff", json.dumps({"alg": "HS256", "kid": [1]}).encode()):
        first = base64.urlsafe_b64encode(header).decode().rstrip("=")
        await refused(guard, f"Bearer {first}.{'.'.join(tokens.access_token.split('.')[1:])}")


async def test_token_expires(guard, tokens, clock):
    shown = f"Bearer {tokens.access_token}"
    clock.turn(86399)
    await guard.caller(shown)
    clock.turn(1)
    await refused(guard, shown)


async def test_signing_keys_are_replaced_and_stay_until_their_last_token_expired(accounts, guard, tokens, clock):
    async def keys():
        return await accounts.database.read(lambda execute: execute("SELECT count(*) FROM signing_key").fetchone()[0])

    clock.turn(days=29, seconds=86399)
    old = await accounts.refresh("ada", tokens.refresh_token)
    clock.turn(1)
    fresh = await accounts.refresh("ada", tokens.refresh_token)
    kids = {jwt.get_unverified_header(each.access_token)["kid"] for each in (old, fresh)}
    assert (len(kids), await keys()) == (2, 2)
    for each in (old, fresh):
        await guard.caller(f"Bearer {each.access_token}")
    clock.turn(days=31)
    await accounts.refresh("ada", tokens.refresh_token)
    assert await keys() == 1


async def test_key_is_good_until_it_is_revoked(accounts, guard, ada, key_of):
    shown = await key_of("ada")
    caller = await guard.caller(shown)
    (key,) = await accounts.list_keys("ada")
    assert (caller.username, caller.credential) == ("Ada", f"key:{key.identifier}")
    await accounts.revoke_key("ada", key.identifier)
    await refused(guard, shown)


async def test_key_with_another_secret_is_refused(guard, ada, key_of):
    shown = await key_of("ada")
    last = "a" if shown[-1] != "a" else "b"
    message = await refused(guard, shown[:-1] + last)
    assert shown[-43:-1] not in message


async def test_key_expires(guard, ada, key_of, clock):
    shown = await key_of("ada", clock.now + 10_000_000)
    await guard.caller(shown)
    clock.turn(10)
    await refused(guard, shown)


async def test_day_of_a_keys_last_use_is_kept(accounts, guard, ada, key_of, clock):
    shown = await key_of("ada")
    assert (await accounts.list_keys("ada"))[0].last_used == 0
    for _ in range(3):
        clock.turn(days=1)
        await guard.caller(shown)
        await guard.caller(shown)
        used = (await accounts.list_keys("ada"))[0].last_used
        assert used == clock.now - clock.now % (86400 * 1_000_000)


async def test_disabled_account_is_refused_and_its_keys_come_back(accounts, guard, ada, tokens, key_of):
    key, token = await key_of("ada"), f"Bearer {tokens.access_token}"
    for shown in (key, token):
        await guard.caller(shown)
    await accounts.disable("ada")
    for shown in (key, token):
        await refused(guard, shown)
    await accounts.enable("ada")
    await guard.caller(key)
    await refused(guard, token)


async def test_account_made_anew_is_another(accounts, guard, ada, tokens, key_of):
    key = await key_of("ada")
    await accounts.delete("ada")
    await accounts.add("ada", PASSWORD, "unlimited")
    await refused(guard, key)
    await refused(guard, f"Bearer {tokens.access_token}")


async def test_changes_of_other_processes_are_seen_by_the_next_look(accounts, ada, key_of, processes):
    _, guard = await processes()
    shown = await key_of("ada")
    assert (await guard.caller(shown)).plan.identifier == "unlimited"
    await accounts.set_plan("ada", "free")
    await guard.look()
    assert (await guard.caller(shown)).plan.identifier == "free"
    await accounts.disable("ada")
    await guard.look()
    await refused(guard, shown)


async def test_changed_plan_reaches_all_of_its_accounts(accounts, ada, guard, key_of):
    shown = await key_of("ada")
    plan = (await guard.caller(shown)).plan
    await accounts.put_plan(type(plan)("unlimited", "not any more", realtime=False))
    assert not (await guard.caller(shown)).plan.realtime


async def test_who_missed_too_many_changes_forgets_everybody(accounts, ada, key_of, processes, monkeypatch):
    monkeypatch.setattr("wikifeed_server.accounts.changes._KEPT", 2)
    _, guard = await processes()
    await accounts.add("grace", None, "free")
    key, text = await accounts.create_key("ada")
    await guard.look()
    await guard.caller(f"Bearer {text}")
    await accounts.revoke_key("ada", key.identifier)
    for plan in ("free", "unlimited", "free"):
        await accounts.set_plan("grace", plan)
    await guard.look()
    await refused(guard, f"Bearer {text}")


async def test_who_was_seen_is_remembered_while_changes_are_looked_for(accounts, guard, ada, key_of, clock):
    shown = await key_of("ada")
    caller = await guard.caller(shown)
    await accounts.database.note(lambda execute: execute("ALTER TABLE api_key RENAME TO gone"))
    assert await guard.caller(shown) is caller
    clock.turn(4)
    await guard.look()
    clock.turn(4)
    assert await guard.caller(shown) is caller
    clock.turn(1)
    with pytest.raises(StoreError):
        await guard.caller(shown)


async def test_remembered_callers_are_bounded(accounts, ada, key_of, processes):
    _, guard = await processes(remembered_credentials=2)
    shown = [await key_of("ada") for _ in range(3)]
    for each in (*shown, *shown):
        await guard.caller(each)
    assert len(guard._remembered._callers) == 2


PIECES = st.sampled_from(["Bearer", "bearer", " ", "\n", "wf_", "0123456789abcdef_", "a" * 43, ".", "ä", ":"])


@settings(deadline=None)
@given(st.text() | st.lists(PIECES, max_size=8).map("".join))
def test_authorization_is_one_word_behind_the_scheme_or_refused(text):
    try:
        shown = read_authorization(text)
    except UnauthenticatedError:
        return
    words = text.split()
    if isinstance(shown, KeyText):
        shown = f"wf_{shown.identifier}_{shown.secret}"
    assert (words[0].lower(), words[1:]) == ("bearer", [shown]) if shown else not words


@settings(deadline=None)
@given(
    st.sampled_from(["Bearer", "bearer", "BEARER"]),
    st.integers(1, 3),
    st.text(_TOKEN_LETTERS, min_size=1, max_size=200),
)
def test_token_is_what_follows_the_scheme(scheme, spaces, token):
    assert read_authorization(f"{scheme}{' ' * spaces}{token}") == token


@settings(deadline=None)
@given(st.from_regex(r"[0-9a-f]{16}", fullmatch=True), st.from_regex(r"[A-Za-z0-9_-]{43}", fullmatch=True))
def test_key_is_told_from_tokens(identifier, secret):
    assert read_authorization(f"Bearer wf_{identifier}_{secret}") == KeyText(identifier, secret)


@pytest.mark.parametrize(
    "text", ["Bearer", "Bearer ", "Bearer a b", "Basic a", "Bearer\ta", "Bearer ä", "Bearer " + "a" * 5000]
)
def test_authorization_of_another_form_is_refused(text):
    with pytest.raises(UnauthenticatedError):
        read_authorization(text)
