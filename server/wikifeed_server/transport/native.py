"""pygrpc-native in place of grpcio: HTTP/2 and framing in Rust, outside Python's lock. An optional package.

It serves unary and server-streaming methods by itself, and all else (bidirectional ones, reflection's among them)
through a grpcio server behind it.
"""

import importlib
from typing import Any

import grpc

from wikifeed_server.errors import ConfigError
from wikifeed_server.transport.handlers import Handlers
from wikifeed_server.transport.options import ServerOptions

# What it refuses: see "With grpcio servicers" of its own documentation.
_REFUSED = frozenset({"grpc.max_connection_age_ms", "grpc.max_connection_age_grace_ms"})


def native_server(options: ServerOptions, handlers: Handlers) -> grpc.aio.Server:
    """A server of that package with these handlers.

    Raises ConfigError where it is missing or can't do what is asked.
    """
    if options.tls is not None:
        raise ConfigError("pygrpc-native has no TLS: leave out --tls-certificate, or use --transport grpcio")
    try:
        native: Any = importlib.import_module("pygrpc_native.aio")
    except ImportError as error:
        raise ConfigError(
            "--transport native needs a package that is not installed: pip install pygrpc-native"
        ) from error
    server: grpc.aio.Server = native.server(
        options=[(name, value) for name, value in options.as_channel_arguments() if name not in _REFUSED]
    )
    by_service: dict[str, Handlers] = {}
    for path, handler in handlers.items():
        _, service, method = path.split("/")
        by_service.setdefault(service, {})[method] = handler
    for service, methods in by_service.items():
        server.add_registered_method_handlers(service, methods)
    return server
