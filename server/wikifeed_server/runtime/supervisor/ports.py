"""The addresses of a server, held while its workers come and go.

Each worker listens by itself (SO_REUSEPORT). The supervisor holds a socket that is bound but does not listen: so that
port 0 becomes one real port for all workers, no other program takes the port between two of them, and a second server
is refused although sharing of the port is allowed.
"""

import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from wikifeed_server.errors import ConfigError
from wikifeed_server.transport.listening import cannot_listen, refuse_taken_port

# How long the workers of a server that was killed may take to let go of the port.
_LET_GO_SECONDS = 1.5
_AGAIN_SECONDS = 0.05
_LOOPBACK = ("127.", "localhost:", "[::1]:")


@contextmanager
def held_addresses(addresses: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """A context in which the addresses are held; they come with the ports in fact taken.

    Raises ConfigError when one is taken or none of this machine's.
    """
    with ExitStack() as stack:
        yield tuple(_hold(address, stack) for address in addresses)


def is_of_this_machine(address: str) -> bool:
    """Whether only programs on this machine can reach the address."""
    return address.startswith(("unix:", "unix-abstract:", *_LOOPBACK))


def _hold(address: str, stack: ExitStack) -> str:
    if address.startswith(("unix:", "unix-abstract:")):
        return address
    deadline = time.monotonic() + _LET_GO_SECONDS
    while True:
        try:
            refuse_taken_port(address)
            break
        except ConfigError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_AGAIN_SECONDS)
    host, _, port = address.rpartition(":")
    taken = int(port)
    places = socket.getaddrinfo(host.strip("[]") or None, taken, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    for family, _, _, _, place in places:
        holder = socket.socket(family, socket.SOCK_STREAM)
        stack.callback(holder.close)
        try:
            if family == socket.AF_INET6:
                holder.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            holder.bind((place[0], taken, *place[2:]))
        except OSError as error:
            if len(places) > 1 and family == socket.AF_INET6:
                continue  # a name may stand for IPv6 on a machine that has none
            raise cannot_listen(address, error.strerror or str(error)) from error
        taken = holder.getsockname()[1]
    return f"{host}:{taken}"
