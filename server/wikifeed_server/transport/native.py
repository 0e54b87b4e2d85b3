"""pygrpc-native in place of grpcio: HTTP/2 and framing in Rust, outside Python's lock. An optional package.

It serves unary and server-streaming methods by itself, and all else (bidirectional ones, reflection's among them)
through a grpcio server behind it.
"""

import importlib
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import grpc

from wikifeed_server.errors import ConfigError
from wikifeed_server.transport.handlers import Handlers
from wikifeed_server.transport.options import ServerOptions

_FITTING = "0.5."  # `native_streams` mends the insides of these
# What it refuses: see "With grpcio servicers" of its own documentation.
_REFUSED = frozenset({"grpc.max_connection_age_ms", "grpc.max_connection_age_grace_ms"})


def native_server(options: ServerOptions, handlers: Handlers, addresses: Sequence[str]) -> grpc.aio.Server:
    """A server of that package with these handlers, to listen on `addresses`.

    Raises ConfigError where it is missing or can't do what is asked.
    """
    if options.tls is not None:
        raise ConfigError("pygrpc-native has no TLS: leave out --tls-certificate, or use --transport grpcio")
    if len(addresses) > 1:
        raise ConfigError("pygrpc-native listens on one address: give one --listen, or use --transport grpcio")
    _check_version()
    # Loaded by its name, since the package behind it need not be installed.
    streams: Any = importlib.import_module("wikifeed_server.transport.native_streams")
    server = streams.PatientServer(
        [(name, value) for name, value in options.as_channel_arguments() if name not in _REFUSED]
    )
    by_service: dict[str, Handlers] = {}
    for path, handler in handlers.items():
        _, service, method = path.split("/")
        by_service.setdefault(service, {})[method] = server.patient(handler)
    for service, methods in by_service.items():
        server.add_registered_method_handlers(service, methods)
    running: grpc.aio.Server = server
    return running


def _check_version() -> None:
    try:
        found = version("pygrpc-native")
    except PackageNotFoundError as error:
        raise ConfigError(
            f"--transport native needs a package that is not installed: pip install 'pygrpc-native=={_FITTING}*'"
        ) from error
    if not found.startswith(_FITTING):
        raise ConfigError(
            f"--transport native does not fit pygrpc-native {found}: pip install 'pygrpc-native=={_FITTING}*'"
        )
