"""A server's hold on its addresses."""

import asyncio
import socket
from contextlib import contextmanager

import pytest

from wikifeed_server.errors import ConfigError
from wikifeed_server.runtime.supervisor import holding


def held_addresses(addresses, given_up=None):
    return holding.held_addresses(addresses, given_up or asyncio.Event())


@contextmanager
def listening(*, shared):
    """A socket that listens on a port of its own; its address."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, int(shared))
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener, f"127.0.0.1:{listener.getsockname()[1]}"


async def test_a_port_of_its_own_is_one_that_others_are_refused():
    async with held_addresses(["127.0.0.1:0"]) as (address,):
        assert not address.endswith(":0")
        with pytest.raises(ConfigError, match=f"cannot listen on {address}: Address already in use"):
            async with held_addresses([address]):
                pass
    async with held_addresses([address]) as again:
        assert again == (address,)


async def test_workers_listen_on_what_is_held():
    async with held_addresses(["127.0.0.1:0"]) as (address,):
        with socket.socket() as worker:
            worker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            worker.bind(("127.0.0.1", int(address.rpartition(":")[2])))
            worker.listen()


async def test_another_programs_port_is_refused():
    with listening(shared=False) as (_, address), pytest.raises(ConfigError, match="Address already in use"):
        async with held_addresses([address]):
            pass


async def test_the_workers_of_a_server_that_was_killed_are_waited_for():
    with listening(shared=True) as (left_behind, address):
        starting = asyncio.create_task(held_addresses([address]).__aenter__())
        _, waiting = await asyncio.wait([starting], timeout=2 * holding._LET_GO_SECONDS)
        assert waiting
        left_behind.close()
        assert await starting == (address,)


async def test_the_wait_for_workers_can_be_given_up(monkeypatch):
    monkeypatch.setattr(holding, "_ORPHANED_SECONDS", float("inf"))
    given_up = asyncio.Event()
    with listening(shared=True) as (_, address):
        starting = asyncio.create_task(held_addresses([address], given_up).__aenter__())
        await asyncio.wait([starting], timeout=2 * holding._LET_GO_SECONDS)
        given_up.set()
        with pytest.raises(ConfigError, match="Address already in use"):
            await starting


async def test_workers_that_stay_are_not_waited_for_for_ever(monkeypatch):
    monkeypatch.setattr(holding, "_LET_GO_SECONDS", 0.1)
    monkeypatch.setattr(holding, "_ORPHANED_SECONDS", 0.3)
    with listening(shared=True) as (_, address), pytest.raises(ConfigError, match="Address already in use"):
        async with held_addresses([address]):
            pass


async def test_the_workers_of_a_server_that_lives_are_not_waited_for(monkeypatch):
    monkeypatch.setattr(holding, "_ORPHANED_SECONDS", float("inf"))
    async with held_addresses(["127.0.0.1:0"]) as (address,):
        with socket.socket() as worker:
            worker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            worker.bind(("127.0.0.1", int(address.rpartition(":")[2])))
            worker.listen()
            with pytest.raises(ConfigError, match="Address already in use"):
                async with held_addresses([address]):
                    pass
