"""Settings of the listening side."""

from dataclasses import dataclass, field
from pathlib import Path

# What pygrpc-native lacks beside grpcio: "With grpcio servicers" of its own documentation.
NATIVE_LACKS = (
    "TLS",
    "listening on several addresses",
    "ending connections for their age",
    "disconnecting clients that ping too often",
    "more speed for bidirectional calls and reflection, which go through grpcio",
    "the addresses of bidirectional callers, whose streams are bounded as if they were one caller's",
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What callers may have at once of one process. A caller is told by its address without the port."""

    calls: int = 10_000
    caller_streams: int = 2000
    caller_connections: int = 1000


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """PEM files. With `client_authority` clients must show a certificate that it signed."""

    certificate: Path
    key: Path
    client_authority: Path | None = None


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """Settings of the listening side. Times are in seconds, sizes in bytes."""

    reuse_port: bool = False  # for several processes on one port; with it a second server starts silently
    max_request_bytes: int = 16 * 1024 * 1024  # a BatchGetArticles of 10,000 titles, each as long as may be, has room
    keepalive_seconds: int = 60  # an idle connection is pinged so often; below the minutes that NATs keep one
    keepalive_timeout_seconds: int = 20
    min_client_ping_seconds: int = 10  # a client that pings more often is disconnected
    connection_streams: int = 1000
    # 0: connections are not ended for their age. At that age gRPC opens no more calls on one, and cuts off those that
    # are left after the grace: UNAVAILABLE, "max connection age", without details. Only gRPC knows a connection's age,
    # so that no service can end its stream first; a client goes on after the last `through_offset` that it received.
    connection_age_seconds: float = 0.0
    connection_grace_seconds: float = 30.0
    stalled_seconds: float = 60.0  # how long a stream waits for a client that takes nothing
    limits: Limits = field(default_factory=Limits)
    tls: TlsFiles | None = None
    native: bool = False  # pygrpc-native in place of grpcio

    def as_channel_arguments(self) -> list[tuple[str, int]]:
        """The options as gRPC names them."""
        arguments = [
            ("grpc.so_reuseport", int(self.reuse_port)),
            ("grpc.max_receive_message_length", self.max_request_bytes),
            ("grpc.max_send_message_length", -1),
            ("grpc.keepalive_time_ms", self.keepalive_seconds * 1000),
            ("grpc.keepalive_timeout_ms", self.keepalive_timeout_seconds * 1000),
            ("grpc.http2.min_ping_interval_without_data_ms", self.min_client_ping_seconds * 1000),
            ("grpc.max_concurrent_streams", self.connection_streams),
        ]
        if self.connection_age_seconds:
            # gRPC itself adds a tenth either way, so that connections made together do not end together.
            arguments.append(("grpc.max_connection_age_ms", int(self.connection_age_seconds * 1000)))
            arguments.append(("grpc.max_connection_age_grace_ms", int(self.connection_grace_seconds * 1000)))
        return arguments
