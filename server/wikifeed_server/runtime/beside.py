"""The follower beside a server: what it follows, and the command that runs it as a process of its own."""

from dataclasses import replace
from urllib.parse import urlsplit

from wikifeed_server.runtime.config import Settings
from wikifeed_server.runtime.supervisor.command_line import child_command, flags_of
from wikifeed_server.sources.mediawiki import require_contact

_SETTINGS = frozenset(
    {
        "store",
        "follow",
        "log",
        "import.workers",
        "import.page_seconds",
        "import.page_memory_bytes",
        "import.worker_memory_bytes",
    }
)


def check_followed(settings: Settings) -> None:
    """Raise ConfigError where what `serve.follow` names may not be followed, before anything is started."""
    for address in settings.serve.follow:
        require_contact(address, settings.follow.contact)


def follow_command(settings: Settings) -> list[str]:
    """The command line of a follower of what `serve.follow` and the settings of following name."""
    # EventStreams' addresses have /stream/ in their path.
    streams = tuple(each for each in settings.serve.follow if "/stream/" in urlsplit(each).path)
    wikis = tuple(each for each in settings.serve.follow if each not in streams)
    follow = replace(
        settings.follow, wikis=(*settings.follow.wikis, *wikis), streams=(*settings.follow.streams, *streams)
    )
    return child_command("follow", ["--with-parent", *flags_of(replace(settings, follow=follow), _SETTINGS)])
