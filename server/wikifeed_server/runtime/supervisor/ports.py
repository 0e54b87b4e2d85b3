"""What may be listened on, by whom it can be reached, and what that asks of the settings."""

import os
from pathlib import Path

from wikifeed_server.errors import ConfigError
from wikifeed_server.runtime.config import ServeSettings, Settings
from wikifeed_server.transport.listening import SOCKETS

_LOOPBACK = ("127.", "localhost:", "[::1]:")


def worker_count(settings: ServeSettings) -> int:
    """How many workers there are to be."""
    only_sockets = all(address.startswith(SOCKETS) for address in settings.listen)
    return settings.workers or (1 if only_sockets else os.cpu_count() or 1)


def check_listening(settings: Settings) -> None:
    """See that what is to be listened on can be, and may be.

    Raises ConfigError where others than programs of this machine could listen in without having been let, where a
    certificate can't be read, and where several workers would share a socket in the file system.
    """
    serve, tls = settings.serve, settings.tls
    for path in (tls.certificate, tls.key, tls.client_authority):
        if path != Path() and not os.access(path, os.R_OK):
            raise ConfigError(
                f"{path} can't be read: TLS needs PEM files that the server may read", {"file": str(path)}
            )
    if (tls.certificate == Path()) != (tls.key == Path()):
        raise ConfigError("TLS needs a certificate and its key: give both --tls-certificate and --tls-key")
    if serve.transport == "native" and tls.certificate != Path():
        raise ConfigError("pygrpc-native has no TLS: leave out --tls-certificate, or say --transport grpcio")
    for address in _addresses(settings):
        if address.startswith(SOCKETS) and worker_count(serve) > 1:
            raise ConfigError(f"{address} can be served by one worker only: say --workers 1", {"address": address})
        if is_exposed(address) and tls.certificate == Path() and serve.unprotected != "yes":
            raise ConfigError(
                f"{address} can be reached from other machines, and without TLS everybody on the way may read all: "
                "give --tls-certificate and --tls-key, or say --unprotected yes where that is meant",
                {"address": address},
            )


def is_exposed(address: str) -> bool:
    """Whether programs of other machines can reach the address."""
    return not address.startswith((*SOCKETS, *_LOOPBACK))


def accounts_required(settings: Settings) -> bool:
    """Whether calls need an account: as the setting says or, where that is "auto", if other machines can call."""
    required = settings.accounts.required
    return any(map(is_exposed, _addresses(settings))) if required == "auto" else required == "yes"


def _addresses(settings: Settings) -> tuple[str, ...]:
    """Where the server listens, for gRPC and for HTTP."""
    http = settings.http.listen
    return (*settings.serve.listen, http) if http else settings.serve.listen
