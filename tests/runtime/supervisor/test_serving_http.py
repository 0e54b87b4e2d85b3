"""HTTP and accounts of a server of several processes."""

import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import deque

import grpc
import pytest

from wikifeed.v1.catalog_service_pb2 import ListCodesRequest
from wikifeed.v1.catalog_service_pb2_grpc import CatalogServiceStub
from wikifeed.v1.change_service_pb2 import StreamChangesRequest
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub

PATIENCE_SECONDS = 20
PASSWORD = "correct horse battery"


def ask(server, path, body=None, token=""):
    """The status and the JSON of an answer, each over a connection of its own."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://{server.http}{path}", data, headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def wikifeed(store, *words, entered=None):
    command = [sys.executable, "-m", "wikifeed_server.cli", *words, "--store", str(store)]
    result = subprocess.run(command, input=entered, capture_output=True, text=True, timeout=60, check=True)
    return result.stdout


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def closed(supervise, store):
    """A server of two workers that needs an account, of which there is one: ada."""
    server = supervise("--workers", 2, "--http", "127.0.0.1:0", "--accounts", "yes")
    wikifeed(store, "users", "add", "ada", "--plan", "unlimited", "--password-stdin", entered=PASSWORD)
    return server


def log_in(server):
    status, tokens = ask(server, "/v1/login", {"username": "ada", "password": PASSWORD})
    assert status == 200
    return tokens


def code_of(server, token):
    with grpc.insecure_channel(server.addresses[0]) as channel:
        metadata = (("authorization", f"Bearer {token}"),) if token else ()
        try:
            CatalogServiceStub(channel).ListCodes(ListCodesRequest(), metadata=metadata, timeout=10)
        except grpc.RpcError as error:
            return error.code()
    return grpc.StatusCode.OK


def test_workers_share_one_port_of_http_and_renew_it(supervise):
    server = supervise("--workers", 2, "--http", "127.0.0.1:0")
    assert {ask(server, "/healthz")[0] for _ in range(8)} == {200}
    server.send(signal.SIGHUP)
    server.event("reloaded")
    assert {ask(server, "/healthz")[0] for _ in range(8)} == {200}


def test_a_port_of_http_that_is_taken_is_told_with_its_flag(supervise, tmp_path):
    server = supervise("--workers", 1, "--http", "127.0.0.1:0")
    command = [sys.executable, "-m", "wikifeed_server.cli", "serve", "--store", str(tmp_path / "other")]
    command += ["--listen", "127.0.0.1:0", "--http", server.http]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 2
    assert "--http" in result.stderr


def test_one_token_opens_http_and_grpc_in_every_worker(closed):
    token = log_in(closed)["access_token"]
    assert {ask(closed, "/v2/codes", token=token)[0] for _ in range(8)} == {200}
    assert {code_of(closed, token) for _ in range(4)} == {grpc.StatusCode.OK}
    assert {ask(closed, "/v2/codes")[0] for _ in range(4)} == {401}
    assert {code_of(closed, "") for _ in range(4)} == {grpc.StatusCode.UNAUTHENTICATED}


def test_keys_open_what_tokens_open_until_they_are_revoked(closed, store):
    made = json.loads(wikifeed(store, "keys", "create", "ada", "--json"))
    assert code_of(closed, made["secret"]) is grpc.StatusCode.OK
    assert ask(closed, "/v2/codes", token=made["secret"])[0] == 200
    wikifeed(store, "keys", "revoke", "ada", made["identifier"])
    deadline = time.monotonic() + PATIENCE_SECONDS
    while ask(closed, "/v2/codes", token=made["secret"])[0] == 200:
        assert time.monotonic() < deadline


def test_disabling_an_account_ends_its_open_streams(closed, store):
    token = log_in(closed)["access_token"]
    with grpc.insecure_channel(closed.addresses[0]) as channel:
        metadata = (("authorization", f"Bearer {token}"),)
        stream = ChangeServiceStub(channel).StreamChanges(StreamChangesRequest(), metadata=metadata)
        next(stream)
        wikifeed(store, "users", "disable", "ada")
        with pytest.raises(grpc.RpcError) as ended:
            deque(stream, maxlen=0)
        assert ended.value.code() is grpc.StatusCode.UNAUTHENTICATED


def test_a_quota_is_one_for_all_workers_and_both_transports(closed, store):
    wikifeed(store, "plans", "set", "tiny", "--on-demand", "10")
    wikifeed(store, "users", "set-plan", "ada", "tiny")
    token = log_in(closed)["access_token"]
    statuses = [ask(closed, "/v2/articles/Nowhere", token=token)[0] for _ in range(16)]
    assert statuses == [404] * 10 + [429] * 6


def test_who_listens_beyond_this_machine_needs_accounts_unless_asked_otherwise(supervise):
    exposed = ("--workers", 1, "--listen", "0.0.0.0:0", "--unprotected", "yes")
    assert supervise(*exposed).accounts
    assert not supervise(*exposed, "--accounts", "no").accounts
    assert not supervise("--workers", 1).accounts
