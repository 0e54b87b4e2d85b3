"""The processes of a server: how many, what becomes of those that die, what signals do."""

import os
import signal
import subprocess
import sys

import grpc
import psutil
import pytest
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub

from wikifeed.v1.change_service_pb2 import StreamChangesRequest
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub


def serve_in_vain(*words):
    """What `wikifeed serve` says where it does not start."""
    command = [sys.executable, "-m", "wikifeed_server.cli", "serve", "--http", "none", *map(str, words)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in result.stderr
    return result.returncode, result.stderr


def pid_of(server):
    return {child.pid for child in server.children("serve-worker")}


def test_as_many_workers_share_one_port_as_asked_for(supervise):
    server = supervise("--workers", 3)
    assert len(server.children("serve-worker")) == 3
    assert server.child("chores").is_running()
    assert all(server.answers() for _ in range(12))


def test_a_worker_that_dies_is_replaced_and_the_others_answer_meanwhile(supervise):
    server = supervise("--workers", 2)
    before = pid_of(server)
    killed = min(before)
    os.kill(killed, signal.SIGKILL)
    event = server.event("worker ended; it is replaced")
    assert (event["pid"], event["exit_code"]) == (killed, -signal.SIGKILL)
    assert server.answers()
    while len(pid_of(server)) < 2:
        pass
    assert killed not in pid_of(server)
    assert before - {killed} < pid_of(server)


def test_chores_that_die_are_started_again(supervise):
    server = supervise("--workers", 1)
    killed = server.child("chores")
    killed.kill()
    assert server.event("child ended; it is started again")["child"] == "chores"
    assert server.child("chores").pid != killed.pid


def test_nothing_to_do_beside_serving_is_no_process(supervise):
    server = supervise("--workers", 1, "--retention-age", 0)
    assert server.children("chores") == []


def test_sighup_replaces_the_workers_and_somebody_answers_all_the_time(supervise, tmp_path):
    settings = tmp_path / "wikifeed.toml"
    settings.write_text("[serve]\nheartbeat_seconds = 15\n")
    server = supervise("--workers", 2, "--config", settings)
    before = pid_of(server)
    settings.write_text("[serve]\nheartbeat_seconds = 0.05\n")
    server.send(signal.SIGHUP)
    answered = 0
    while pid_of(server) & before:
        assert server.answers()
        answered += 1
    server.event("reloaded")
    assert answered
    assert len(pid_of(server)) == 2
    # The heartbeat of fifteen seconds would be waited for in vain.
    with grpc.insecure_channel(server.addresses[0]) as channel:
        stream = ChangeServiceStub(channel).StreamChanges(StreamChangesRequest(), timeout=10)
        for _ in range(3):
            next(stream)
        stream.cancel()


def test_settings_that_are_wrong_leave_everything_as_it_is(supervise, tmp_path):
    settings = tmp_path / "wikifeed.toml"
    settings.write_text("")
    server = supervise("--workers", 1, "--config", settings)
    before = pid_of(server)
    settings.write_text("[serve]\nheartbeat_seconds = -1\n")
    server.send(signal.SIGHUP)
    event = server.event("settings can't be read anew; the old ones stay")
    assert "serve.heartbeat_seconds" in event["error"]
    assert pid_of(server) == before


def test_a_stop_ends_all_processes_and_tells_watchers_of_health(supervise):
    server = supervise("--workers", 2)
    children = psutil.Process(server.process.pid).children(recursive=True)
    with grpc.insecure_channel(server.addresses[0]) as channel:
        watch = HealthStub(channel).Watch(HealthCheckRequest(service="wikifeed.v1.ChangeService"))
        assert next(watch).status == HealthCheckResponse.SERVING
        server.send(signal.SIGTERM)
        assert next(watch).status == HealthCheckResponse.NOT_SERVING
    assert server.process.wait(30) == 0
    assert not any(child.is_running() for child in children)


def test_a_second_signal_ends_at_once_what_does_not_end(supervise):
    server = supervise("--workers", 1, "--drain-seconds", 600)
    with grpc.insecure_channel(server.addresses[0]) as channel:
        watch = HealthStub(channel).Watch(HealthCheckRequest())
        next(watch)
        children = psutil.Process(server.process.pid).children(recursive=True)
        server.send(signal.SIGTERM)
        server.event("draining")
        server.send(signal.SIGTERM)
        assert server.process.wait(30) in {0, 130}
    psutil.wait_procs(children, timeout=30)
    assert not any(child.is_running() for child in children)


def test_where_the_supervisor_is_killed_its_children_end_and_another_may_start(supervise):
    server = supervise("--workers", 2)
    children = psutil.Process(server.process.pid).children(recursive=True)
    server.process.kill()
    follows = supervise("--workers", 2, "--listen", server.addresses[0])
    assert follows.addresses == server.addresses
    assert follows.answers()
    _, alive = psutil.wait_procs(children, timeout=30)
    assert not alive


@pytest.mark.parametrize("workers", [1, 2])
def test_a_second_server_on_a_port_is_refused(supervise, tmp_path, workers):
    server = supervise("--workers", workers)
    words = ("--store", tmp_path / "other", "--workers", workers, "--listen", server.addresses[0])
    code, said = serve_in_vain(*words)
    assert code == 2
    assert f"cannot listen on {server.addresses[0]}" in said


def test_listening_beyond_this_machine_must_be_meant(supervise, tmp_path):
    code, said = serve_in_vain("--store", tmp_path / "other", "--listen", "0.0.0.0:0")
    assert code == 2
    assert "--tls-certificate" in said
    assert "--unprotected yes" in said
    server = supervise("--workers", 1, "--listen", "0.0.0.0:0", "--unprotected", "yes")
    assert server.answers()


def test_a_unix_socket_serves(supervise, tmp_path):
    server = supervise("--workers", 1, "--listen", f"unix:{tmp_path}/socket")
    assert server.answers()


def test_several_workers_can_not_share_a_unix_socket(tmp_path):
    code, said = serve_in_vain("--store", tmp_path, "--workers", 2, "--listen", f"unix:{tmp_path}/socket")
    assert code == 2
    assert "one worker" in said


def test_a_certificate_that_is_missing_is_told_before_anything_starts(tmp_path):
    words = ("--tls-certificate", tmp_path / "none.pem", "--tls-key", tmp_path / "none.key")
    code, said = serve_in_vain("--store", tmp_path, "--workers", 1, "--listen", "127.0.0.1:0", *words)
    assert code == 2
    assert "none.pem" in said
