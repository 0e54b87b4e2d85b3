"""The admin server: whom it answers, and what."""

import asyncio
import socket
import stat
import subprocess
import sys

import aiohttp
import grpc
import pytest

from wikifeed_server.errors import ConfigError
from wikifeed_server.runtime.config import TelemetrySettings
from wikifeed_server.runtime.telemetry.admin import admin_server


@pytest.mark.parametrize("address", ["0.0.0.0:0", "[::]:0", ":0", "192.0.2.1:0", "8.8.8.8:9464"])
async def test_an_address_that_others_reach_is_refused(address, supervisor):
    with pytest.raises(ConfigError, match=r"127\.0\.0\.1:9464"):
        async with admin_server(TelemetrySettings(admin=address), supervisor):
            pass


async def test_a_name_with_an_address_that_others_reach_is_refused(supervisor, monkeypatch):
    async def both(*_, **__):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, 0)) for host in ("127.0.0.1", "192.0.2.1")]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", both)
    with pytest.raises(ConfigError, match="other machines"):
        async with admin_server(TelemetrySettings(admin="twofold:0"), supervisor):
            pass


@pytest.mark.parametrize("address", ["127.0.0.1:0", "127.1.2.3:0", "localhost:0"])
async def test_addresses_of_this_machine_alone_are_served(address, supervisor):
    async with admin_server(TelemetrySettings(admin=address), supervisor) as told, aiohttp.ClientSession() as session:
        assert told.split(":")[0] == address.split(":")[0]
        async with session.get(f"http://{told}/metrics") as response:
            assert response.status == 200


async def test_a_taken_port_is_refused(supervisor):
    settings = TelemetrySettings(admin="127.0.0.1:0")
    async with admin_server(settings, supervisor) as taken:
        with pytest.raises(ConfigError, match="in use"):
            async with admin_server(TelemetrySettings(admin=taken), supervisor):
                pass


async def test_a_unix_socket_is_for_its_user_alone(supervisor, tmp_path):
    path = tmp_path / "admin.sock"
    settings = TelemetrySettings(admin=f"unix:{path}")
    # The second time, the socket that the first left is there.
    for _ in range(2):
        async with (
            admin_server(settings, supervisor),
            aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(path))) as session,
        ):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            async with session.get("http://admin/metrics") as response:
                assert response.status == 200


async def test_a_unix_socket_of_another_is_left_to_it(supervisor, tmp_path):
    path = tmp_path / "admin.sock"
    settings = TelemetrySettings(admin=f"unix:{path}")
    async with admin_server(settings, supervisor):
        with pytest.raises(ConfigError, match="in use"):
            async with admin_server(settings, supervisor):
                pass
        async with (
            aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(path))) as session,
            session.get("http://admin/metrics") as response,
        ):
            assert response.status == 200


async def test_without_an_address_nothing_listens(supervisor):
    async with admin_server(TelemetrySettings(), supervisor) as address:
        assert address == ""


async def test_health_is_that_of_all_workers(admin, supervisor):
    async def health():
        async with admin.get("/healthz") as response:
            told = await response.json()
            return response.status, told["status"], {worker["pid"]: worker["state"] for worker in told["workers"]}

    assert await health() == (503, "unavailable", {})
    supervisor.states = {1: "listening", 2: "starting"}
    assert await health() == (503, "unavailable", {1: "listening", 2: "starting"})
    supervisor.states = {1: "listening", 2: "listening"}
    assert await health() == (200, "ok", {1: "listening", 2: "listening"})


async def test_the_index_leads_to_every_page(admin, supervisor, start_worker):
    worker = start_worker()
    async with admin.get("/") as response:
        page = await response.text()
    assert f"process {worker.pid}, listening" in page
    links = [part.split('"')[0].replace("&amp;", "&") for part in page.split('href="')[1:]]
    assert len(links) == 6
    for link in links:
        async with admin.get(link.replace("seconds=5", "seconds=0.01")) as response:
            assert response.status == 200


async def test_a_profile_names_what_a_worker_is_busy_with(admin, start_worker):
    idle, busy = start_worker(), start_worker()
    busy("spin")

    async with admin.get("/debug/profile?worker=1&seconds=0.3") as response:
        lines = (await response.text()).splitlines()
    counts = {stack: int(count) for stack, count in (line.rsplit(" ", 1) for line in lines)}
    spinning = sum(count for stack, count in counts.items() if ";spin_in_circles(counting_worker.py)" in stack)
    assert spinning == 30

    async with admin.get("/debug/profile?worker=1&seconds=0.1&format=speedscope") as response:
        file = await response.json()
    assert {"name": "spin_in_circles(counting_worker.py)"} in file["shared"]["frames"]

    async with admin.get("/debug/profile?worker=0&seconds=0.1") as response:
        assert "spin_in_circles" not in await response.text()
    idle.stop()


async def test_a_profile_under_way_does_not_hold_up_the_end_of_a_worker(admin, start_worker):
    worker = start_worker()
    worker("calls", "/x/y", "OK", 1, 1, 1)
    asking = asyncio.create_task(profile(admin, "/debug/profile?seconds=300"))
    while "sample(profile.py)" not in (await profile(admin, "/debug/profile?seconds=0.01"))[1]:
        pass
    await asyncio.to_thread(worker.stop)
    assert (await asking)[0] in {200, 503}


async def profile(admin, path):
    async with admin.get(path) as response:
        return response.status, await response.text()


async def test_tasks_are_shown_with_what_they_wait_for(admin, start_worker):
    worker = start_worker()
    for _ in range(3):
        worker("wait_for_godot")

    async with admin.get("/debug/tasks") as response:
        groups = await response.json()

    (waiting,) = [group for group in groups if group["stack"][0].startswith("wait_for_godot")]
    assert waiting["tasks_count"] == 3
    assert waiting["names"] == ["vladimir"] * 3
    assert waiting["stack"][0].startswith("wait_for_godot (counting_worker.py:")
    assert waiting["stack"][1].startswith("Event.wait (locks.py:")


async def test_channelz_tells_of_a_worker_s_connections(admin, start_worker):
    port = start_worker()("listen")
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        await channel.channel_ready()
        async with admin.get("/debug/channelz") as response:
            told = await response.json()
    (server,) = told["servers"]
    (connection,) = server["connections"]
    assert connection["local"] == f"127.0.0.1 port {port}"
    assert server["has_more_connections"] is False


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/debug/profile?seconds=0", "seconds=0"),
        ("/debug/profile?seconds=-1", "seconds=-1"),
        ("/debug/profile?seconds=nan", "seconds=nan"),
        ("/debug/profile?seconds=long", "seconds=long"),
        ("/debug/profile?seconds=301", "seconds=301"),
        ("/debug/profile?format=pdf", "format=pdf"),
        ("/debug/tasks?worker=1", "there are 1 workers"),
        ("/debug/tasks?worker=-1", "there are 1 workers"),
        ("/debug/channelz?worker=²", "there are 1 workers"),
    ],
)
async def test_wrong_questions_are_refused(path, problem, admin, supervisor):
    supervisor.states = {1: "listening"}
    async with admin.get(path) as response:
        assert response.status == 400
        assert problem in await response.text()


async def test_a_worker_that_is_gone_is_said_to_be(admin, supervisor, start_worker):
    worker = start_worker()
    worker.kill()
    async with admin.get("/debug/tasks") as response:
        assert response.status == 503
        assert f"worker-{worker.pid}" in await response.text()


@pytest.mark.parametrize("line", [b"", b"\n", b"what\n", b"[]\n", b"7\n", b"{}\n", b'{"ask": 7}\n', b'{"ask": "x"}\n'])
async def test_a_worker_answers_nonsense_with_an_error(line, start_worker, supervisor):
    worker = start_worker()
    reader, writer = await asyncio.open_unix_connection(str(supervisor.runtime_folder / f"worker-{worker.pid}.sock"))
    writer.write(line)
    writer.write_eof()
    assert (await reader.read()).startswith(b'{"error":')
    writer.close()
    await writer.wait_closed()


def test_the_supervisor_s_side_loads_no_grpc():
    code = "import sys, wikifeed_server.runtime.telemetry.admin; print('grpc' in sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert printed == "False\n"
