"""Settings of the store and of all that fills it."""

from dataclasses import dataclass
from pathlib import Path

from wikifeed_server.runtime.knobs import FOLDER, TEXT, WEB_ADDRESS, choice, knob, seconds, size, whole


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
        flag="--import-workers",
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
