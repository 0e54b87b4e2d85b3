"""The RPCs for browsers, in Connect and gRPC-Web, where the optional package connectrpc is installed."""

import importlib
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import structlog
from aiohttp import web

from wikifeed_server.gateway.parts import Parts

_PACKAGE = "connectrpc"
_FITTING = "0.13."  # it says itself that its API may change with each minor version


def routes(parts: Parts) -> list[web.RouteDef]:
    """A route for each method of the services; none without the package."""
    if not parts.services or not _is_there():
        return []
    # Loaded by its name, since the package behind it need not be installed.
    calls: Any = importlib.import_module("wikifeed_server.gateway.connect_calls")
    found: list[web.RouteDef] = calls.routes(parts)
    return found


def _is_there() -> bool:
    try:
        found = version(_PACKAGE)
    except PackageNotFoundError:
        return False
    if not found.startswith(_FITTING):
        structlog.get_logger().warning("connect_not_served", package=f"{_PACKAGE} {found}", needed=f"{_FITTING}*")
        return False
    return True
