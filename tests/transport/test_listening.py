"""Addresses that can't be listened on are refused with a reason."""

import socket

import pytest

from wikifeed_server.errors import ConfigError
from wikifeed_server.transport.grpc_aio import start_server
from wikifeed_server.transport.options import ServerOptions


@pytest.fixture
def taken_port():
    """A port that another program holds on 127.0.0.1, and nowhere else."""
    with socket.create_server(("127.0.0.1", 0)) as holder:
        yield holder.getsockname()[1]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0"])
async def test_a_taken_port_is_refused(taken_port, stopping, host):
    with pytest.raises(ConfigError, match=f"cannot listen on {host}:{taken_port}: Address already in use"):
        await start_server({}, [f"{host}:{taken_port}"], ServerOptions(), stopping)


async def test_a_second_server_on_a_port_is_refused(serve):
    first = await serve()
    with pytest.raises(ConfigError, match="Address already in use"):
        await serve(first.addresses[0])


async def test_servers_that_share_a_port_on_purpose_are_not(stopping):
    options = ServerOptions(reuse_port=True)
    first = await start_server({}, ["127.0.0.1:0"], options, stopping)
    second = await start_server({}, list(first.addresses), options, stopping)
    assert second.addresses == first.addresses
    for server in (first, second):
        await server.stop(0)


@pytest.mark.parametrize("address", ["203.0.113.7:5005", "no such host:5005", "127.0.0.1:99999999"])
async def test_an_address_that_is_none_of_this_machines_is_refused(stopping, address):
    with pytest.raises(ConfigError, match="cannot listen on"):
        await start_server({}, [address], ServerOptions(), stopping)


@pytest.mark.parametrize("address", ["unix:/no/such/folder/feed.sock", "no port"])
async def test_what_only_grpc_can_judge_is_refused_too(stopping, address):
    with pytest.raises(ConfigError, match="cannot listen on"):
        await start_server({}, [address], ServerOptions(), stopping)


async def test_the_port_in_fact_taken_is_told(serve):
    server = await serve("127.0.0.1:0")
    host, _, port = server.addresses[0].rpartition(":")
    assert host == "127.0.0.1"
    assert int(port) > 0
