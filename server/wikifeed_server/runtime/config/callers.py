"""Settings of who may call and how: HTTP, accounts, TLS, bounds on callers."""

from dataclasses import dataclass
from pathlib import Path

from wikifeed_server.runtime.knobs import ADDRESS_OR_NONE, FILE_OR_NONE, ORIGIN, choice, knob, seconds, size, whole

_NO_FILE = Path()


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """Certificates. Files are looked at anew when they change."""

    certificate: Path = knob(  # noqa: RUF009 - a Path is immutable
        _NO_FILE,
        FILE_OR_NONE,
        "a PEM file with the server's certificate and those that it hangs on; with it the server speaks TLS",
        why="certificates are yours to give",
        flag="--tls-certificate",
    )
    key: Path = knob(  # noqa: RUF009 - as above
        _NO_FILE, FILE_OR_NONE, "a PEM file with the certificate's key", why="as above", flag="--tls-key"
    )
    client_authority: Path = knob(  # noqa: RUF009 - as above
        _NO_FILE,
        FILE_OR_NONE,
        "a PEM file with the authorities whose certificates clients must show",
        why="most clients have none",
        flag="--tls-client-authority",
    )


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """What callers may ask of one worker process. Of a key: of one caller, by its key or, without keys, its address."""

    connection_streams: int = knob(
        1000,
        whole(1, 1_000_000),
        "calls at once on one connection",
        why="a client with more opens another connection and is not refused",
    )
    calls: int = knob(
        10_000,
        whole(1, 1_000_000),
        "calls at once; more are refused with RESOURCE_EXHAUSTED",
        why="an idle stream takes 20 KB, so they fit 200 MB",
    )
    key_streams: int = knob(
        2000,
        whole(1, 1_000_000),
        "streams at once of one key",
        why="one caller leaves room for the others",
    )
    key_connections: int = knob(1000, whole(1, 1_000_000), "connections at once of one key", why="as above")
    request_bytes: int = knob(
        16 << 20,
        size(1 << 10, 1 << 30),
        "the size of the largest request",
        why="a BatchGetArticles of 10,000 titles, each as long as may be, has room",
        flag="--request-size",
    )
    ping_seconds: int = knob(
        10,
        whole(1, 3600),
        "how often a client may ping, in seconds; one that does more often is disconnected",
        why="keepalive of clients is commonly 10 seconds and more",
    )
    connection_age_seconds: float = knob(
        0.0,
        seconds(0, 86400 * 30),
        "the age at which a connection is ended, give or take a tenth; 0: never",
        why="needed only behind a balancer of connections; streams end with it, resumably",
    )
    connection_grace_seconds: float = knob(
        30.0, seconds(0, 86400), "how long calls on a connection of that age may take to end", why="calls are short"
    )
    stalled_seconds: float = knob(
        60.0,
        seconds(0.1, 86400),
        "how long a stream waits for a client that takes nothing before it ends the call",
        why="a client that hangs for a minute will not come back to this call",
    )


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """The HTTP gateway: Wikimedia Enterprise's API, and the status page."""

    listen: str = knob(
        "127.0.0.1:8080",
        ADDRESS_OR_NONE,
        'where to answer HTTP: the API of Wikimedia Enterprise and the status page; "none": nowhere',
        why="this machine alone, until you say otherwise",
        flag="--http",
        environment="WIKIFEED_HTTP",
    )
    body_bytes: int = knob(
        1 << 20,
        size(1 << 10, 1 << 30),
        "the size of the largest request body",
        why="255 fields and 255 filters fit many times",
        flag="--http-body-size",
    )
    read_seconds: float = knob(
        30.0,
        seconds(0.1, 3600),
        "how long a client may take to send a request's body",
        why="slow bodies must not hold connections for ever",
    )
    origins: tuple[str, ...] = knob(
        (),
        ORIGIN,
        'an origin whose pages may call from a browser, such as https://app.example; "*": all; may be repeated',
        why="pages of other servers may read yours when you say which",
        flag="--http-origin",
    )


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """Accounts: who may call, and how long tokens are good."""

    required: str = knob(
        "auto",
        choice("auto", "yes", "no"),
        "whether calls need an account; auto: where the server can be reached from other machines",
        why="a server on this machine alone is yours; an open one should be meant",
        flag="--accounts",
    )
    token_seconds: float = knob(
        86400.0,
        seconds(1, 86400 * 30),
        "how long an access token is good",
        why="Enterprise's are good for a day",
        flag="--token-age",
    )
    refresh_seconds: float = knob(
        90 * 86400.0,
        seconds(1, 86400 * 3660),
        "how long a refresh token is good",
        why="Enterprise's are good for 90 days",
        flag="--refresh-token-age",
    )
    rotation_seconds: float = knob(
        30 * 86400.0,
        seconds(1, 86400 * 3660),
        "how often the key that signs tokens is replaced; old ones verify until their last token has expired",
        why="what leaks is good for a month at most",
        flag="--signing-key-age",
    )
