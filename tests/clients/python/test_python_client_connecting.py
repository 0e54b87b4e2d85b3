"""Who may call and over what: keys and TLS."""

import grpc
import pytest
from argon2 import PasswordHasher
from live_server import LiveServer
from made_up_certificates import make_certificate

from wikifeed_client import PermissionDeniedError, QuotaExceededError, Tls, UnauthenticatedError, UnavailableError
from wikifeed_client._connecting import Connection, is_loopback
from wikifeed_server.accounts import AccountOptions, Accounts, Plan, StoreGuard, UsageKind
from wikifeed_server.accounts.passwords import PasswordHashing
from wikifeed_server.transport.options import ServerOptions, TlsFiles

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
async def accounts(store):
    async with Accounts(store, AccountOptions(look_seconds=0.02), PasswordHashing(CHEAP)) as accounts:
        yield accounts


@pytest.fixture
async def guarded(feed, store, accounts):
    """A server where every call needs a key."""
    feed.publish("Ada", 7)
    async with StoreGuard(accounts, required=True) as guard, LiveServer(store, guard=guard) as server:
        yield server


async def key(accounts, **plan):
    """The key of an account with a plan."""
    await accounts.put_plan(Plan("mine", **plan))
    await accounts.add("ada", None, "mine")
    return (await accounts.create_key("ada"))[1]


async def test_a_key_opens_calls_and_streams(guarded, accounts, connect):
    client = await connect(guarded.address, key=await key(accounts))
    assert (await client.get("enwiki", 7)).name == "Ada"
    async with client.subscribe("mine") as subscription:
        await subscription.close()
    (outcome,) = [outcome async for outcome in client.batch_get([("enwiki", 7)])]
    assert outcome.article.name == "Ada"


@pytest.mark.parametrize("shown", ["", "wf_wrong"])
async def test_without_a_good_key_calls_and_streams_are_refused(guarded, connect, shown):
    client = await connect(guarded.address, key=shown)
    with pytest.raises(UnauthenticatedError):
        await client.get("enwiki", 7)
    async with client.changes() as stream:
        with pytest.raises(UnauthenticatedError):
            await anext(stream)


async def test_a_plan_that_has_no_streams_is_permission_denied(guarded, accounts, connect):
    client = await connect(guarded.address, key=await key(accounts, realtime=False))
    async with client.changes() as stream:
        with pytest.raises(PermissionDeniedError) as caught:
            await anext(stream)
    assert caught.value.metadata["plan"] == "mine"


async def test_a_quota_that_is_used_up_tells_when_there_is_more(guarded, accounts, connect):
    client = await connect(guarded.address, key=await key(accounts, monthly={UsageKind.ON_DEMAND: 1}))
    await client.get("enwiki", 7)
    with pytest.raises(QuotaExceededError) as caught:
        await client.get("enwiki", 7)
    assert (caught.value.reason, caught.value.retry_after_seconds > 0) == ("QUOTA_EXCEEDED", True)


async def test_tls_with_a_certificate_of_ones_own(feed, store, connect, tmp_path):
    for name in ("server", "client", "other"):
        make_certificate(tmp_path, name)
    feed.publish("Ada", 7)
    files = TlsFiles(tmp_path / "server.pem", tmp_path / "server.key", tmp_path / "client.pem")
    pem = {path.name: path.read_bytes() for path in tmp_path.glob("*.*") if path.is_file()}
    async with LiveServer(store, ServerOptions(tls=files)) as server:
        client = await connect(server.address, tls=Tls(pem["server.pem"], pem["client.key"], pem["client.pem"]))
        assert (await client.get("enwiki", 7)).name == "Ada"
        doubting = await connect(server.address, tls=Tls(pem["other.pem"], pem["client.key"], pem["client.pem"]))
        with pytest.raises(UnavailableError):
            await doubting.get("enwiki", 7)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("localhost:50051", True),
        ("127.0.0.1:1", True),
        ("[::1]:50051", True),
        ("::1", True),
        ("dns:///localhost:1", True),
        ("unix:/run/wikifeed", True),
        ("example.org:443", False),
        ("10.0.0.1:50051", False),
        ("[2001:db8::1]:50051", False),
        ("localhost.example.org:1", False),
    ],
)
def test_tls_is_left_out_for_this_machine_alone(address, expected):
    assert is_loopback(address) is expected
    assert (Connection(address).credentials is None) is expected


def test_tls_may_be_asked_for_and_left_out():
    assert isinstance(Connection("localhost:1", tls=True).credentials, grpc.ChannelCredentials)
    assert Connection("example.org:1", tls=False).credentials is None


def test_keys_are_not_shown():
    assert "secret" not in repr(Connection("localhost:1", "secret", Tls(None, b"secret")))
