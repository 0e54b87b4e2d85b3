"""Who is at the other end of a connection, and by which name they called us."""

from contextlib import suppress
from ipaddress import ip_address

from aiohttp import web

_LOCAL = "localhost"


def peer_of(request: web.Request) -> str:
    """The other end as gRPC writes it: "ipv4:192.0.2.1:50123"; "unix:" for a socket in the file system."""
    name = request.transport.get_extra_info("peername") if request.transport else None
    if not isinstance(name, tuple):
        return "unix:"
    host, port = name[:2]
    return f"ipv6:[{host}]:{port}" if ":" in host else f"ipv4:{host}:{port}"


def is_local_name(host: str) -> bool:
    """Whether a Host header ("localhost:8080", "[::1]:8080") names this machine as only this machine does."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    name = (name or host).strip("[]").lower().removesuffix(".")
    with suppress(ValueError):
        return ip_address(name).is_loopback
    return name == _LOCAL or name.endswith(f".{_LOCAL}")
