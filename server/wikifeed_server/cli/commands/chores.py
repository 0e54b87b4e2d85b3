"""`wikifeed chores`: what a server does beside serving; `wikifeed serve` starts it."""

import sys

import click

from wikifeed_server.cli.options import configuration, settings_options
from wikifeed_server.runtime.chores.process import run_chores
from wikifeed_server.runtime.logs import configure_logs, logging_beside


@click.command("chores", hidden=True)
@settings_options("store", "retention", "snapshots", "batches", "log")
@click.pass_context
def command(context: click.Context) -> None:
    """Do the chores until SIGTERM, or until the standard input ends."""
    settings = configuration(context).settings
    configure_logs(settings.log, sys.stderr)
    with logging_beside(sys.stderr):
        run_chores(settings)
