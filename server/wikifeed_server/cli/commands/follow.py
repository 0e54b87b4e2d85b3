"""`wikifeed follow`: keeps the store current."""

import sys

import click

from wikifeed_server.cli.main import COMMANDS
from wikifeed_server.cli.options import configuration, settings_options
from wikifeed_server.cli.output import remark
from wikifeed_server.runtime.following.process import Following, run_follower
from wikifeed_server.runtime.logs import configure_logs, logging_beside

_BUILDING = ("import.workers", "import.page_seconds", "import.page_memory_bytes", "import.worker_memory_bytes")


@click.command("follow", short_help=COMMANDS["follow"])
@click.option("--with-parent", is_flag=True, hidden=True, help="End when the standard input does.")
@settings_options("store", "follow", *_BUILDING, "log")
@click.pass_context
def command(context: click.Context, with_parent: bool) -> None:
    """Follow wikis until Ctrl-C: every edit, move, deletion and hiding goes into the store as it happens.

    A wiki that was not followed before is first read whole. However following ends, the next time goes on right where
    this one came to. Servers on the store serve each change at once.

    \b
      wikifeed follow --wiki https://wiki.example/w/ --contact you@example.org
      wikifeed follow --stream https://stream.wikimedia.org/v2/stream/mediawiki.page_change.v1 --project enwiki
    """
    settings = configuration(context).settings
    configure_logs(settings.log, sys.stderr)
    with logging_beside(sys.stderr):
        run_follower(settings, _announce, ends_with_parent=with_parent)


def _announce(following: Following) -> None:
    sources = ", ".join(following.sources)
    remark(f"Wikifeed follows {sources} into {following.store}; Ctrl-C stops it, `wikifeed status` tells how it goes.")
