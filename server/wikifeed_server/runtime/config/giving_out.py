"""Settings of serving: where and how to listen, what is made beside it."""

from dataclasses import dataclass

from wikifeed_server.runtime.knobs import (
    ADDRESS,
    ADDRESS_OR_NONE,
    SCHEDULED,
    WEB_ADDRESS,
    WEB_ADDRESS_OR_NONE,
    choice,
    knob,
    seconds,
    share,
    size,
    whole,
)


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """How the server listens and stops."""

    listen: tuple[str, ...] = knob(
        ("127.0.0.1:50051",),
        ADDRESS,
        "where to listen; may be given several times",
        why="this machine alone, until you say otherwise: the server asks nobody for a key; 50051 is gRPC's usual port",
        environment="WIKIFEED_LISTEN",
    )
    workers: int = knob(
        0,
        whole(0, 256),
        "processes that answer calls; 0 means one for each core",
        why="one process of Python keeps one core busy",
    )
    transport: str = knob(
        "grpcio",
        choice("grpcio", "native"),
        "what carries the calls: grpcio, or the optional package pygrpc-native",
        why="grpcio is what the field runs; the other is young and has no TLS",
    )
    unprotected: str = knob(
        "no",
        choice("no", "yes"),
        "whether to listen beyond this machine without TLS: anybody who reaches the port may then read everything",
        why="an open server should be meant",
    )
    follow: tuple[str, ...] = knob(
        (),
        WEB_ADDRESS,
        "a wiki or an event stream to follow beside serving, as `wikifeed follow` does; may be repeated",
        why="a server need not know of any wiki",
    )
    drain_seconds: float = knob(
        4.0,
        seconds(0, 600),
        "how long calls in flight may take when the server stops; then they are cut off",
        why="streams end at once and resumably; supervisors kill after 5 to 10 seconds",
    )
    heartbeat_seconds: float = knob(
        15.0,
        seconds(0.05, 20),
        "how often a stream with nothing to send sends an empty response",
        why="the contract promises 20 seconds at most; proxies cut idle streams after 60",
    )
    keepalive_seconds: int = knob(
        60,
        whole(1, 7200),
        "how often an idle connection is pinged, in seconds",
        why="below the minutes after which routers forget a connection",
    )


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """How long the log keeps changes, and with them the versions of pages that only they need."""

    age_seconds: float = knob(
        7 * 86400.0,
        seconds(0, 86400 * 36500),
        "how long the log keeps changes; 0: for ever",
        why="a client that was away for a holiday goes on where it was",
        flag="--retention-age",
    )
    size_bytes: int = knob(
        0,
        size(0, 1 << 60),
        "the size of the changes beyond which the oldest are dropped sooner; 0: no bound",
        why="age alone tells people what they can rely on",
        flag="--retention-size",
    )
    compact: str = knob(
        "no",
        choice("no", "yes"),
        "whether of what is dropped the newest change of each page is kept",
        why="a snapshot does the same for less",
        flag="--retention-compact",
    )
    every_seconds: float = knob(
        60.0,
        seconds(0.05, 86400),
        "how often changes are dropped",
        why="little to do each time",
        flag="--retention-every",
    )


@dataclass(frozen=True, slots=True)
class SnapshotSettings:
    """How snapshots are written."""

    writers: int = knob(
        1,
        whole(1, 64),
        "processes that write snapshots beside the server",
        why="one keeps half of a two-core machine for calls",
        flag="--snapshot-writers",
    )
    scheduled: tuple[str, ...] = knob(
        (),
        SCHEDULED,
        "a snapshot to make regularly: PROJECT, PROJECT:NAMESPACE or PROJECT:NAMESPACE:CONTENT:FORMAT; may be repeated",
        why="a snapshot takes as much disk as it has articles",
        flag="--snapshot",
    )
    every_seconds: float = knob(
        86400.0,
        seconds(1, 86400 * 366),
        "how often the scheduled snapshots are made, counted from midnight UTC",
        why="Enterprise makes them daily",
        flag="--snapshot-every",
    )
    keep: int = knob(
        3,
        whole(1, 10_000),
        "how many snapshots of each identifier are kept, where they are scheduled",
        why="whoever began to download one has days to finish",
        flag="--snapshot-keep",
    )


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """Hourly batches: the changes of each hour as files."""

    write: str = knob(
        "no",
        choice("no", "yes"),
        "whether hourly batches are made",
        why="they take as much disk as what changes",
        flag="--batches",
    )
    grace_seconds: float = knob(
        60.0,
        seconds(0, 3600),
        "how long after the hour its batches are made",
        why="a commit that was under way at the hour's end is in by then",
        flag="--batch-grace",
    )
    keep_seconds: float = knob(
        7 * 86400.0,
        seconds(3600, 86400 * 36500),
        "how long batches are kept",
        why="as long as the log",
        flag="--batch-keep",
    )


@dataclass(frozen=True, slots=True)
class TelemetrySettings:
    """What the server tells of itself to programs."""

    admin: str = knob(
        "",
        ADDRESS_OR_NONE,
        "where to answer /metrics, /healthz, /debug/...: an address of this machine alone; none: nowhere",
        why="a port is opened when you say which",
    )
    traces: str = knob(
        "",
        WEB_ADDRESS_OR_NONE,
        "an OpenTelemetry collector (OTLP over HTTP) to send traces to, such as http://localhost:4318/v1/traces",
        why="traces cost each call some time",
    )
    traced_share: float = knob(
        0.01,
        share(),
        "which share of calls is traced, where the caller did not decide",
        why="one in a hundred tells where time goes",
    )
