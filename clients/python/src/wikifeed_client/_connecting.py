"""How to reach a server: address, TLS, who calls, and what every channel is set to."""

import ipaddress
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import grpc
from google.protobuf.descriptor import FileDescriptor

from wikifeed.v1 import (
    account_service_pb2,
    article_service_pb2,
    batch_service_pb2,
    catalog_service_pb2,
    change_service_pb2,
    snapshot_service_pb2,
)
from wikifeed_client._version import VERSION

_RECEIVE_BYTES = 64 << 20
_FILES = (
    article_service_pb2,
    batch_service_pb2,
    catalog_service_pb2,
    change_service_pb2,
    snapshot_service_pb2,
)
# Of an account's own calls those that only look, which may be made twice.
_LOOKS = ("GetAccount", "ListUsage")


@dataclass(frozen=True, slots=True)
class Tls:
    """Whom to trust and what to show, in PEM. Without `root_certificates` those that gRPC ships are trusted."""

    root_certificates: bytes | None = None
    private_key: bytes | None = field(default=None, repr=False)
    certificate_chain: bytes | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach a server and show who calls.

    `address` is "host:port" or a target as gRPC knows them. `tls` unset means TLS unless the address is of this
    machine. `key` is an API key or an access token. `timeout_seconds` is the deadline of calls that are not streams.
    """

    address: str
    key: str = field(default="", repr=False)
    tls: Tls | bool | None = None
    timeout_seconds: float = 30.0

    @property
    def credentials(self) -> grpc.ChannelCredentials | None:
        """What a secure channel is made with; None where the channel has no TLS."""
        tls = self.tls if self.tls is not None else not is_loopback(self.address)
        if tls is False:
            return None
        chosen = tls if isinstance(tls, Tls) else Tls()
        return grpc.ssl_channel_credentials(chosen.root_certificates, chosen.private_key, chosen.certificate_chain)

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """What goes with every call."""
        return (("authorization", f"Bearer {self.key}"),) if self.key else ()


def is_loopback(address: str) -> bool:
    """Whether an address leads to this machine and nowhere else."""
    scheme, _, rest = address.rpartition("://")
    if scheme == "" and address.startswith("unix:"):
        return True
    host = rest.rsplit("/", 1)[-1]
    if host.count(":") == 1 or host.startswith("["):
        host = host.rpartition(":")[0] or host
    host = host.strip("[]")
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def channel_options() -> Sequence[tuple[str, str | int]]:
    """The options of every channel."""
    return (
        ("grpc.primary_user_agent", f"wikifeed-python/{VERSION}"),
        ("grpc.keepalive_time_ms", 30_000),
        ("grpc.keepalive_timeout_ms", 10_000),
        # A stream that only receives is pinged too, however long it lasts.
        ("grpc.http2.max_pings_without_data", 0),
        ("grpc.max_receive_message_length", _RECEIVE_BYTES),
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 10_000),
        # Channels to one server would share a connection, and with it its bound on streams and its fate.
        ("grpc.use_local_subchannel_pool", 1),
        ("grpc.enable_retries", 1),
        ("grpc.service_config", _service_config()),
    )


def export_options() -> Sequence[tuple[str, str | int]]:
    """The options of the channels of exports, for threads: who waits for a piece fetches it, without a thread between.

    Calls of such a channel can only be iterated and cancelled.
    """
    return (*channel_options(), ("SingleThreadedUnaryStream", 1))


def _service_config() -> str:
    """Retries of the calls that are not streams, all of which may be made twice.

    A server that stops cancels calls that reach it too late; a call that the caller cancels is not made again.
    """
    policy = {
        "maxAttempts": 4,
        "initialBackoff": "0.1s",
        "maxBackoff": "2s",
        "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE", "CANCELLED"],
    }
    names = [name for file in _FILES for name in _unary_methods(file.DESCRIPTOR)]
    names += [name for name in _unary_methods(account_service_pb2.DESCRIPTOR) if name["method"] in _LOOKS]
    return json.dumps({"methodConfig": [{"name": names, "retryPolicy": policy}]})


def _unary_methods(file: FileDescriptor) -> Iterator[dict[str, str]]:
    for service in file.services_by_name.values():
        for method in service.methods:
            if not method.client_streaming and not method.server_streaming:
                yield {"service": service.full_name, "method": method.name}
