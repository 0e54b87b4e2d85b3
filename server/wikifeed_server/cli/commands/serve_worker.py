"""`wikifeed serve-worker`: one of a server's processes, which `wikifeed serve` starts."""

import sys

import click

from wikifeed_server.cli.options import configuration, settings_options
from wikifeed_server.cli.output import write_lines
from wikifeed_server.runtime.logs import configure_logs, logging_beside
from wikifeed_server.runtime.serving import run_worker


@click.command("serve-worker", hidden=True)
@settings_options("store", "serve", "http", "accounts", "tls", "limits", "retention", "snapshots", "telemetry", "log")
@click.pass_context
def command(context: click.Context) -> None:
    """Answer calls until SIGTERM, or until the standard input ends. Prints a line of JSON when it listens."""
    settings = configuration(context).settings
    configure_logs(settings.log, sys.stderr)
    with logging_beside(sys.stderr):
        run_worker(settings, lambda addresses: write_lines([{"addresses": addresses}]))
