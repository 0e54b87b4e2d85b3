"""Every setting of the whole server: one frozen dataclass for each room, each field with its default and the reason.

The declarations here are the only ones: flags, environment variables, the keys of wikifeed.toml and `wikifeed config`
are made from them.
"""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import get_type_hints

from wikifeed_server.runtime.config.callers import AccountSettings as AccountSettings
from wikifeed_server.runtime.config.callers import HttpSettings as HttpSettings
from wikifeed_server.runtime.config.callers import LimitSettings as LimitSettings
from wikifeed_server.runtime.config.callers import TlsSettings as TlsSettings
from wikifeed_server.runtime.config.giving_out import BatchSettings as BatchSettings
from wikifeed_server.runtime.config.giving_out import RetentionSettings as RetentionSettings
from wikifeed_server.runtime.config.giving_out import ServeSettings as ServeSettings
from wikifeed_server.runtime.config.giving_out import SnapshotSettings as SnapshotSettings
from wikifeed_server.runtime.config.giving_out import TelemetrySettings as TelemetrySettings
from wikifeed_server.runtime.config.taking_in import FollowSettings as FollowSettings
from wikifeed_server.runtime.config.taking_in import ImportSettings as ImportSettings
from wikifeed_server.runtime.config.taking_in import StoreSettings as StoreSettings
from wikifeed_server.runtime.knobs import ADDRESS, FILE_OR_NONE, Knob, choice, knob, knobs_of, seconds


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What the server tells of itself, on stderr."""

    level: str = knob(
        "info",
        choice("debug", "info", "warning", "error"),
        "the least grave kind of event to log",
        why="starts, stops and failures, but not each call",
        flag="--log-level",
    )
    format: str = knob(
        "auto",
        choice("auto", "json", "text"),
        "the form of the log: text on a terminal and JSON elsewhere, unless you choose",
        why="people read the one, programs the other",
        flag="--log-format",
    )
    access: str = knob(
        "no",
        choice("no", "yes"),
        "whether each call is logged: method, caller, status, time, sizes, request id",
        why="/metrics tells as much of busy servers at a hundredth of the cost",
        flag="--log-access",
    )


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """How commands reach a server."""

    server: str = knob(
        "localhost:50051",
        ADDRESS,
        "the server that commands ask",
        why="where `wikifeed serve` listens unless told otherwise",
        environment="WIKIFEED_SERVER",
    )
    timeout_seconds: float = knob(
        30.0,
        seconds(0.1, 3600),
        "how long a call may take before it is given up; streams have no bound",
        why="a large article over a slow line takes seconds",
        flag="--timeout",
    )
    tls: str = knob(
        "no",
        choice("no", "yes"),
        "whether the server speaks TLS; naming an authority says yes as well",
        why="a server on this machine does not, unless told to",
        flag="--tls",
    )
    authority: Path = knob(  # noqa: RUF009 - a Path is immutable
        Path(),
        FILE_OR_NONE,
        "a PEM file with the authorities that may vouch for the server; none: those that the world trusts",
        why="most certificates come from public authorities",
        flag="--server-authority",
    )
    certificate: Path = knob(  # noqa: RUF009 - as above
        Path(),
        FILE_OR_NONE,
        "a PEM file with the certificate to show the server",
        why="most servers ask for none",
        flag="--client-certificate",
    )
    key: Path = knob(  # noqa: RUF009 - as above
        Path(), FILE_OR_NONE, "a PEM file with that certificate's key", why="as above", flag="--client-key"
    )
    credentials: Path = knob(  # noqa: RUF009 - as above
        Path(),
        FILE_OR_NONE,
        "a file with the API key or access token to show the server; none: WIKIFEED_CREDENTIALS holds it",
        why="a server on this machine alone asks for none",
        flag="--credentials-file",
        environment="WIKIFEED_CREDENTIALS_FILE",
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings in force."""

    store: StoreSettings
    import_: ImportSettings
    follow: FollowSettings
    serve: ServeSettings
    http: HttpSettings
    accounts: AccountSettings
    tls: TlsSettings
    limits: LimitSettings
    retention: RetentionSettings
    snapshots: SnapshotSettings
    batches: BatchSettings
    telemetry: TelemetrySettings
    log: LogSettings
    client: ClientSettings


# Sections are named as the fields of Settings, without the underscore that keeps a keyword out of Python's way.
SECTIONS = {each.name.removesuffix("_"): get_type_hints(Settings)[each.name] for each in fields(Settings)}


def all_knobs() -> tuple[Knob, ...]:
    """Every setting there is, in the order of a configuration file."""
    return tuple(found for section, settings in SECTIONS.items() for found in knobs_of(section, settings))
