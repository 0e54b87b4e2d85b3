"""Where the admin server may listen: on this machine alone, for it asks nobody who they are."""

import asyncio
import socket
from ipaddress import ip_address

from wikifeed_server.errors import ConfigError

_UNIX = "unix:"


def unix_path(address: str) -> str:
    """The path of an address such as "unix:/run/wikifeed-admin.sock"; nothing for others."""
    return address.removeprefix(_UNIX) if address.startswith(_UNIX) else ""


async def loopback(address: str) -> tuple[str, int]:
    """The host and port of `address` ("localhost:9090", "[::1]:9090").

    Raises ConfigError when the host is not this machine alone.
    """
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, int(port), type=socket.SOCK_STREAM) if host else []
    except socket.gaierror as error:
        raise cannot_listen(address, error.strerror or str(error)) from error
    # Every address that the name stands for, or the server would listen on those that others reach too.
    if not found or not all(ip_address(place[0]).is_loopback for *_, place in found):
        raise cannot_listen(address, "it may be reached from other machines, and whoever asks there is answered")
    return host, int(port)


def cannot_listen(address: str, why: str) -> ConfigError:
    """The error that says so, and what to do."""
    return ConfigError(
        f"telemetry.admin can't be {address}: {why}; give a free address of this machine alone, such as "
        "127.0.0.1:9464, or unix:PATH",
        {"setting": "telemetry.admin", "address": address},
    )
