"""Every setting of the whole server: one frozen dataclass for each room, each field with its default and the reason.

The declarations here are the only ones: flags, environment variables, the keys of wikifeed.toml and `wikifeed config`
are made from them.
"""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import get_type_hints

from wikifeed_server.runtime.knobs import (
    ADDRESS,
    FOLDER,
    TEXT,
    WEB_ADDRESS,
    Knob,
    choice,
    knob,
    knobs_of,
    seconds,
    size,
    whole,
)


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where articles, the log and snapshots are kept."""

    folder: Path = knob(  # noqa: RUF009 - a Path is immutable
        Path("wikifeed-data"),
        FOLDER,
        "the store's folder; `import` makes it",
        why="in the working folder and visible: what an import writes is found, moved and deleted without asking where",
        flag="--store",
        environment="WIKIFEED_STORE",
    )
    cache_bytes: int = knob(
        64 << 20,
        size(0, 1 << 40),
        "the memory in which a reader keeps articles that were read lately",
        why="a thousand large articles, which is where most repeated questions go",
        flag="--cache",
    )


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """How sources are taken in."""

    workers: int = knob(
        0,
        whole(0, 256),
        "processes that read pages; 0 means one for each core",
        why="reading wikitext is nearly all of an import's work, and each process keeps one core busy",
    )
    revisions: str = knob(
        "all",
        choice("all", "latest"),
        "which revisions to store of a dump that holds several of a page",
        why="nothing is left out unasked; most dumps hold only the latest",
    )
    page_seconds: float = knob(
        20.0,
        seconds(0.1, 3600),
        "the processor time that one page may take; one that takes longer is kept with its raw text alone",
        why="the slowest real pages take a second; a hostile one takes hours",
    )
    page_memory_bytes: int = knob(
        1 << 30,
        size(1 << 26),
        "the memory one page may take; one that needs more is kept with its raw text alone",
        why="the largest real pages take 100 MB; a hostile one takes all there is",
        flag="--page-memory",
    )
    worker_memory_bytes: int = knob(
        200 << 20,
        size(1 << 26),
        "the memory at which a worker is replaced by a fresh one",
        why="Python rarely gives memory back: without a bound each worker stays as large as its largest page made it",
        flag="--worker-memory",
    )
    look_ahead_bytes: int = knob(
        16 << 20,
        size(1 << 16),
        "how much of the source may be under way beyond what is stored",
        why="keeps eight workers busy, and the importing process small",
        flag="--look-ahead",
    )

    unpacked_ratio: int = knob(
        500,
        whole(1),
        "how many unpacked bytes a source may have for each packed one; beyond it is refused as a bomb",
        why="histories of real wikis reach about 200",
    )
    text_bytes: int = knob(
        64 << 20,
        size(1 << 10, 1 << 30),
        "the size of the largest text that a dump may hold; one with a larger text is refused",
        why="MediaWiki stores 2 MiB unless told otherwise",
        flag="--text-size",
    )
    line_bytes: int = knob(
        128 << 20,
        size(1 << 10, 1 << 30),
        "the size of the largest article of an Enterprise file; one with a larger article is refused",
        why="real ones, with HTML and wikitext, reach tens of megabytes",
        flag="--line-size",
    )


@dataclass(frozen=True, slots=True)
class FollowSettings:
    """Which wikis are followed, and how."""

    wikis: tuple[str, ...] = knob(
        (),
        WEB_ADDRESS,
        "a MediaWiki to follow: the address of its API, of its scripts or of any of its pages; may be repeated",
        why="a wiki is followed when you say which",
        flag="--wiki",
    )
    streams: tuple[str, ...] = knob(
        (),
        WEB_ADDRESS,
        "an event stream to follow, such as https://stream.wikimedia.org/v2/stream/mediawiki.page_change.v1",
        why="as above",
        flag="--stream",
    )
    projects: tuple[str, ...] = knob(
        (),
        TEXT,
        "of event streams, only these projects; none means all",
        why="a stream is of all wikis",
        flag="--project",
    )
    namespaces: tuple[int, ...] = knob(
        (), whole(-2), "only these namespaces; none means all", why="nothing is left out unasked", flag="--namespace"
    )
    contact: str = knob(
        "",
        TEXT,
        "your address, by mail or web, told to the wiki with each request",
        why="Wikimedia and others refuse programs of unknown owners; only a wiki on this machine does without",
    )
    backfill: str = knob(
        "yes",
        choice("yes", "no"),
        "whether all pages of a wiki that was not followed before are read first",
        why="a feed of a wiki has its pages, not only those that change from today",
    )
    poll_seconds: float = knob(
        2.0, seconds(0.05, 3600), "how often a wiki is asked what changed", why="one cheap request for each turn"
    )
    overlap_seconds: float = knob(
        60.0,
        seconds(1, 3600),
        "how far back each turn looks for changes that the wiki stored late",
        why="a database transaction that takes longer is hardly ever seen",
    )
    silence_seconds: float = knob(
        60.0,
        seconds(0.5, 3600),
        "the silence after which an event stream is connected to anew",
        why="Wikimedia's canary events come at least that often with a stream of any size",
    )
    concurrency: int = knob(
        3, whole(1, 64), "how many requests a wiki may have to answer at once", why="Wikimedia's etiquette asks for few"
    )
    maxlag: int = knob(
        5,
        whole(0, 60),
        "the lag of its database, in seconds, at which a wiki is left alone; 0: never",
        why="the value that MediaWiki's own manual recommends",
    )
    wiki_address: str = knob(
        "https://{host}/w/", TEXT, "where the wiki of an event is, by its host", why="where Wikimedia has its scripts"
    )
    scores_url: str = knob(
        "",
        TEXT,
        "a LiftWing-compatible service that scores revisions, such as https://api.wikimedia.org/service/lw/inference",
        why="without one the scores stay unset",
    )
    scores_seconds: float = knob(
        2.0,
        seconds(0.05, 60),
        "how long an event waits for its scores",
        why="a late score is worth less than the event",
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
class SnapshotSettings:
    """How snapshots are written."""

    writers: int = knob(
        1,
        whole(1, 64),
        "processes that write snapshots beside the server",
        why="one keeps half of a two-core machine for calls",
        flag="--snapshot-writers",
    )


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


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings in force."""

    store: StoreSettings
    import_: ImportSettings
    follow: FollowSettings
    serve: ServeSettings
    snapshots: SnapshotSettings
    log: LogSettings
    client: ClientSettings


# Sections are named as the fields of Settings, without the underscore that keeps a keyword out of Python's way.
SECTIONS = {each.name.removesuffix("_"): get_type_hints(Settings)[each.name] for each in fields(Settings)}


def all_knobs() -> tuple[Knob, ...]:
    """Every setting there is, in the order of a configuration file."""
    return tuple(found for section, settings in SECTIONS.items() for found in knobs_of(section, settings))
