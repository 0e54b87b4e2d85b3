"""The server's life, as who starts and stops it sees it."""

import json
import signal
import subprocess

import grpc
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub

from wikifeed.v1.article_service_pb2 import GetArticleRequest
from wikifeed.v1.article_service_pb2_grpc import ArticleServiceStub
from wikifeed.v1.change_service_pb2 import START_POSITION_OLDEST, StreamChangesRequest
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub


def test_the_greeting_shows_three_commands_that_work(serve, store, wikifeed):
    with serve(store) as server:
        assert f"Wikifeed serves {store} on {server.address}" in server.greeting
        commands = [line.split() for line in server.greeting.splitlines() if line.startswith("  wikifeed")]
        assert len(commands) == 2
        get, tail = commands
        assert json.loads(wikifeed(*get[1:]).stdout)["name"]
        assert len(wikifeed(*tail[1:], "--until-now").stdout.splitlines()) == 30
        assert 'grpcurl -plaintext -d \'{"project":"enwiki"' in server.greeting


def test_an_imported_page_is_served_while_the_server_runs(serve, tmp_path, wikifeed, pages):
    with serve(tmp_path / "empty") as server:
        assert "The store is empty" in server.greeting
        assert wikifeed("import", pages, "--store", "empty", "--import-workers", "1").returncode == 0
        result = wikifeed("get", "enwiki", "Anarchism", "--mask", "name", "--server", server.address)
        assert json.loads(result.stdout) == {"name": "Anarchism"}


def test_sigterm_ends_streams_with_the_offset_to_go_on_from(serve, store):
    with serve(store) as server, grpc.insecure_channel(server.address) as channel:
        request = StreamChangesRequest(position=START_POSITION_OLDEST, no_body=True)
        stream = ChangeServiceStub(channel).StreamChanges(request)
        reached = next(response.through_offset for response in stream if response.through_offset == 30)
        assert reached == 30
        assert server.stop() == 0
        with pytest.raises(grpc.RpcError) as ended:
            list(stream)
        assert ended.value.code() is grpc.StatusCode.UNAVAILABLE
        assert b"SERVER_STOPPING" in dict(ended.value.trailing_metadata())["grpc-status-details-bin"]


def test_watchers_of_health_hear_that_the_server_stops(serve, store):
    with serve(store) as server, grpc.insecure_channel(server.address) as channel:
        watch = HealthStub(channel).Watch(HealthCheckRequest(service="wikifeed.v1.ArticleService"))
        assert next(watch).status == HealthCheckResponse.SERVING
        server.process.send_signal(signal.SIGTERM)
        assert next(watch).status == HealthCheckResponse.NOT_SERVING
        assert server.process.wait(timeout=20) == 0


def test_a_port_that_is_taken_is_a_clear_error(server, store, wikifeed):
    result = wikifeed("serve", "--store", store, "--listen", server.address, "--http", "none")
    assert result.returncode == 2
    assert result.stderr.splitlines()[-1].startswith(f"wikifeed: cannot listen on {server.address}")
    assert "Traceback" not in result.stderr


def test_localhost_and_the_numeric_address_reach_the_server(server):
    for host in ("localhost", "127.0.0.1"):
        with grpc.insecure_channel(f"{host}:{server.port}") as channel:
            request = GetArticleRequest(project="enwiki", title="Anarchism")
            request.read_mask.paths.append("name")
            assert ArticleServiceStub(channel).GetArticle(request).article.name == "Anarchism"


def test_tail_goes_on_exactly_when_the_server_comes_back(serve, tmp_path, wikifeed, command, environment, pages):
    with serve(tmp_path / "live") as first:
        words = [*command, "tail", "--oldest", "--server", first.address]
        tail = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        try:
            wikifeed("import", pages, "--store", "live", "--import-workers", "1")
            offsets = [int(tail.stdout.readline().split()[0]) for _ in range(30)]
            assert first.stop() == 0
            assert "to go on after offset 30" in tail.stderr.readline()
            with serve(tmp_path / "live", listen=first.address):
                wikifeed("import", pages.with_name("enterprise.ndjson.gz"), "--store", "live", "--import-workers", "1")
                offsets += [int(tail.stdout.readline().split()[0]) for _ in range(2)]
        finally:
            tail.kill()
            tail.communicate()
    assert offsets == list(range(1, 33))
