"""Telling early and clearly that an address can't be listened on.

gRPC is content with any one of the addresses that a host name stands for, and says of the others' failures nothing
but a line on stderr: a server on "localhost" would start beside another that holds the port on 127.0.0.1 alone.
"""

import errno
import socket

from wikifeed_server.errors import ConfigError

LISTEN = "--listen"
SOCKETS = ("unix:", "unix-abstract:")
_MAX_PORT = 65535
ABSENT = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}  # a name may stand for IPv6 on a machine that has none


def refuse_taken_port(address: str, flag: str = LISTEN) -> None:
    """Raise ConfigError when `address` ("host:port", "[::1]:port") is taken, or is none of this machine's.

    `flag` is how it was given.

    Addresses of other kinds ("unix:/run/wikifeed.sock") and port 0 pass: gRPC tells of those well enough.
    """
    _, colon, port = address.rpartition(":")
    if not colon or not port.isdecimal() or int(port) == 0 or address.startswith(SOCKETS):
        return
    if int(port) > _MAX_PORT:
        raise cannot_listen(address, f"ports go up to {_MAX_PORT}", flag)
    absent = 0
    named = places(address, flag)
    for family, place in named:
        try:
            _try_to_bind(family, place)
        except OSError as error:
            if error.errno not in ABSENT:
                raise cannot_listen(address, error.strerror or str(error), flag) from error
            absent += 1
    if absent == len(named):
        raise cannot_listen(address, "this machine has no such address", flag)


def cannot_listen(address: str, why: str, flag: str = LISTEN) -> ConfigError:
    """The error that says so, and what to do: `flag` is how the address was given."""
    return ConfigError(
        f"cannot listen on {address}: {why}; stop what holds the port, or choose another with {flag} HOST:PORT",
        {"address": address},
    )


def places(address: str, flag: str = LISTEN) -> list[tuple[socket.AddressFamily, tuple[object, ...]]]:
    """Where a socket is bound for an address ("host:port"): more than one place for a name, or no host at all.

    Raises ConfigError for a name that nobody knows.
    """
    host, _, port = address.rpartition(":")
    try:
        found = socket.getaddrinfo(
            host.strip("[]") or None, int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except socket.gaierror as error:
        raise cannot_listen(address, error.strerror or str(error), flag) from error
    return [(family, place) for family, _, _, _, place in found]


def _try_to_bind(family: socket.AddressFamily, place: tuple[object, ...]) -> None:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        probe.bind(place)
