"""The addresses of a server, held while its workers come and go.

Each worker listens by itself (SO_REUSEPORT). The supervisor holds a socket that is bound but does not listen: so that
port 0 becomes one real port for all workers, no other program takes the port between two of them, and a second server
is refused although sharing of the port is allowed.
"""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress

import structlog

from wikifeed_server.errors import ConfigError
from wikifeed_server.transport.listening import ABSENT, LISTEN, SOCKETS, cannot_listen, places, refuse_taken_port

# How long a server that is ending may take to let go of the port.
_LET_GO_SECONDS = 1.5
# The same for the workers of one that was killed: they may be starting, and see that it is gone when they have.
_ORPHANED_SECONDS = 20.0
_AGAIN_SECONDS = 0.05
# Names in Linux's abstract namespace of sockets: each is taken by one process at a time, and free when that is gone.
_LOOKING = "\0wikifeed-looks-for-a-port"
_HOLDING = "\0wikifeed-holds-port-{}"


@asynccontextmanager
async def held_addresses(
    addresses: Sequence[str], given_up: asyncio.Event, flag: str = LISTEN
) -> AsyncIterator[tuple[str, ...]]:
    """A context in which the addresses, given by `flag`, are held; they come with the ports in fact taken.

    Raises ConfigError when one is taken or none of this machine's. Where only workers of a server that was killed have
    the port, they are waited for until it is `given_up`.
    """
    with ExitStack() as stack:
        yield tuple([await _hold(address, stack, given_up, flag) for address in addresses])


async def _hold(address: str, stack: ExitStack, given_up: asyncio.Event, flag: str) -> str:
    if address.startswith(SOCKETS):
        return address
    clock = asyncio.get_running_loop().time
    began, told = clock(), False
    while True:
        try:
            async with _only_one_looks():
                return _bind(address, stack, flag)
        except ConfigError:
            waited = clock() - began
            if given_up.is_set() or not _may_come_free(address, waited):
                raise
        if waited > _LET_GO_SECONDS and not told:
            told = True
            structlog.get_logger().warning(
                "workers of a server that was killed have the port; waiting for them",
                address=address,
                at_most_seconds=_ORPHANED_SECONDS,
            )
        with suppress(TimeoutError):
            async with asyncio.timeout(_AGAIN_SECONDS):
                await given_up.wait()


@asynccontextmanager
async def _only_one_looks() -> AsyncIterator[None]:
    """A context that one supervisor of this machine at a time is in.

    Two that look at once would both find a port free, and then share it.
    """
    with socket.socket(socket.AF_UNIX) as guard:
        # Who keeps it for longer is no supervisor of ours, and must not keep us from serving.
        with suppress(TimeoutError):
            async with asyncio.timeout(_LET_GO_SECONDS):
                while sys.platform == "linux" and not _take(guard, _LOOKING):  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(_AGAIN_SECONDS)
        yield


def _take(guard: socket.socket, name: str) -> bool:
    try:
        guard.bind(name)
    except OSError:
        return False
    return True


def _bind(address: str, stack: ExitStack, flag: str) -> str:
    """Bind a socket for each place that the address names, all on one port, until `stack` is closed."""
    refuse_taken_port(address, flag)
    host, _, port = address.rpartition(":")
    taken = int(port)
    named = places(address, flag)
    with ExitStack() as holders:
        for family, place in named:
            holder = holders.enter_context(socket.socket(family, socket.SOCK_STREAM))
            try:
                _share(holder, family, (place[0], taken, *place[2:]))
            except OSError as error:
                if len(named) > 1 and error.errno in ABSENT:
                    continue  # a name may stand for IPv6 on a machine that has none
                raise cannot_listen(address, error.strerror or str(error), flag) from error
            taken = holder.getsockname()[1]
        if sys.platform == "linux":
            _take(holders.enter_context(socket.socket(socket.AF_UNIX)), _HOLDING.format(taken))
        stack.enter_context(holders.pop_all())
    return f"{host}:{taken}"


def _may_come_free(address: str, waited: float) -> bool:
    return waited <= _LET_GO_SECONDS or (waited <= _ORPHANED_SECONDS and _is_orphaned(address))


def _is_orphaned(address: str) -> bool:
    """Whether all that keeps the port from us are workers whose supervisor is gone.

    They share it, with programs of the same user as we are; and no supervisor that lives holds it.
    """
    if sys.platform != "linux":
        return False
    with socket.socket(socket.AF_UNIX) as guard:
        if not _take(guard, _HOLDING.format(address.rpartition(":")[2])):
            return False
    for family, place in places(address):
        with socket.socket(family, socket.SOCK_STREAM) as probe, suppress(OSError):
            _share(probe, family, place)
            return True
    return False


def _share(holder: socket.socket, family: socket.AddressFamily, place: tuple[object, ...]) -> None:
    """Bind to a place that workers listen on as well. Raises OSError."""
    if family == socket.AF_INET6:
        holder.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    holder.bind(place)
