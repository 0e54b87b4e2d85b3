"""The addresses of a server, held while its workers come and go.

Each worker listens by itself (SO_REUSEPORT). The supervisor holds a socket that is bound but does not listen: so that
port 0 becomes one real port for all workers, no other program takes the port between two of them, and a second server
is refused although sharing of the port is allowed.
"""

import os
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from wikifeed_server.errors import ConfigError
from wikifeed_server.runtime.config import ServeSettings, Settings
from wikifeed_server.transport.listening import ABSENT, LISTEN, cannot_listen, refuse_taken_port

# How long the workers of a server that was killed may take to let go of the port.
_LET_GO_SECONDS = 1.5
_AGAIN_SECONDS = 0.05
_GUARD = "\0wikifeed-looks-for-a-port"
_SOCKETS = ("unix:", "unix-abstract:")
_LOOPBACK = ("127.", "localhost:", "[::1]:")


@contextmanager
def held_addresses(addresses: Sequence[str], flag: str = LISTEN) -> Iterator[tuple[str, ...]]:
    """A context in which the addresses, given by `flag`, are held; they come with the ports in fact taken.

    Raises ConfigError when one is taken or none of this machine's.
    """
    with ExitStack() as stack:
        yield tuple(_hold(address, stack, flag) for address in addresses)


def worker_count(settings: ServeSettings) -> int:
    """How many workers there are to be."""
    only_sockets = all(address.startswith(_SOCKETS) for address in settings.listen)
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
        if address.startswith(_SOCKETS) and worker_count(serve) > 1:
            raise ConfigError(f"{address} can be served by one worker only: say --workers 1", {"address": address})
        if is_exposed(address) and tls.certificate == Path() and serve.unprotected != "yes":
            raise ConfigError(
                f"{address} can be reached from other machines, and without TLS everybody on the way may read all: "
                "give --tls-certificate and --tls-key, or say --unprotected yes where that is meant",
                {"address": address},
            )


def is_exposed(address: str) -> bool:
    """Whether programs of other machines can reach the address."""
    return not address.startswith((*_SOCKETS, *_LOOPBACK))


def accounts_required(settings: Settings) -> bool:
    """Whether calls need an account: as the setting says or, where that is "auto", if other machines can call."""
    required = settings.accounts.required
    return any(map(is_exposed, _addresses(settings))) if required == "auto" else required == "yes"


def _addresses(settings: Settings) -> tuple[str, ...]:
    """Where the server listens, for gRPC and for HTTP."""
    http = settings.http.listen
    return (*settings.serve.listen, http) if http else settings.serve.listen


def _hold(address: str, stack: ExitStack, flag: str) -> str:
    if address.startswith(_SOCKETS):
        return address
    deadline = time.monotonic() + _LET_GO_SECONDS
    while True:
        try:
            with _only_one_looks():
                return _bind(address, stack, flag)
        except ConfigError:
            if time.monotonic() > deadline:
                raise
        time.sleep(_AGAIN_SECONDS)


@contextmanager
def _only_one_looks() -> Iterator[None]:
    """A context that one supervisor of this machine at a time is in.

    Two that look at once would both find a port free, and then share it. The guard is a name in Linux's abstract
    namespace of sockets: it is taken by one at a time and free when its process is gone.
    """
    with socket.socket(socket.AF_UNIX) as guard:
        deadline = time.monotonic() + _LET_GO_SECONDS
        # Who keeps it for longer is no supervisor of ours, and must not keep us from serving.
        while sys.platform == "linux" and not _take(guard) and time.monotonic() < deadline:
            time.sleep(_AGAIN_SECONDS)
        yield


def _take(guard: socket.socket) -> bool:
    try:
        guard.bind(_GUARD)
    except OSError:
        return False
    return True


def _bind(address: str, stack: ExitStack, flag: str) -> str:
    """Bind a socket for each place that the address names, all on one port, until `stack` is closed."""
    refuse_taken_port(address, flag)
    host, _, port = address.rpartition(":")
    taken = int(port)
    places = socket.getaddrinfo(host.strip("[]") or None, taken, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    with ExitStack() as holders:
        for family, _, _, _, place in places:
            holder = holders.enter_context(socket.socket(family, socket.SOCK_STREAM))
            try:
                if family == socket.AF_INET6:
                    holder.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
                holder.bind((place[0], taken, *place[2:]))
            except OSError as error:
                if len(places) > 1 and error.errno in ABSENT:
                    continue  # a name may stand for IPv6 on a machine that has none
                raise cannot_listen(address, error.strerror or str(error), flag) from error
            taken = holder.getsockname()[1]
        stack.enter_context(holders.pop_all())
    return f"{host}:{taken}"
