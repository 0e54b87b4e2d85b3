"""`wikifeed serve`: the server."""

import sys
from contextlib import ExitStack

import click

from wikifeed_server.cli.main import COMMANDS
from wikifeed_server.cli.options import configuration, settings_options
from wikifeed_server.cli.output import remark
from wikifeed_server.runtime.hints import address_for_clients
from wikifeed_server.runtime.logs import configure_logs, logging_beside
from wikifeed_server.runtime.supervisor.supervising import Listening, run_supervisor


@click.command("serve", short_help=COMMANDS["serve"])
@settings_options(
    "store",
    "serve",
    "http",
    "accounts",
    "follow.contact",
    "follow.projects",
    "follow.namespaces",
    "tls",
    "limits",
    "retention",
    "snapshots",
    "batches",
    "telemetry",
    "log",
)
@click.pass_context
def command(context: click.Context) -> None:
    """Serve the store over gRPC and HTTP until Ctrl-C or SIGTERM; a second one ends at once.

    Imports may run beside it: what they commit is served at once. SIGHUP reads the settings anew.

    \b
      wikifeed serve
      wikifeed serve --store enwiki-data --workers 4 --http 127.0.0.1:8081
      wikifeed serve --listen 0.0.0.0:50051 --tls-certificate server.pem --tls-key server.key
      wikifeed serve --batches yes --snapshot enwiki --admin 127.0.0.1:9477
      wikifeed serve --follow https://wiki.example/w/ --contact you@example.org
    """
    settings = configuration(context).settings
    configure_logs(settings.log, sys.stderr)
    with ExitStack() as stack:

        def announce(server: Listening) -> None:
            _announce(server)
            stack.enter_context(logging_beside(sys.stderr))  # from here on: what is told of the start keeps its order

        run_supervisor(settings, lambda: configuration(context).settings, announce)


def _announce(server: Listening) -> None:
    remark(f"Wikifeed serves {server.store} on {', '.join(server.addresses)}; Ctrl-C stops it.")
    if server.http:
        scheme = "https" if server.tls else "http"
        remark(f"Status page and Wikimedia Enterprise's API: {scheme}://{address_for_clients(server.http)}/")
    if server.needs_accounts:
        remark(f"Calls need an account: wikifeed users add NAME --store {server.store}")
    if server.things_to_try:
        remark("\n".join(["Try:", *(f"  {each}" for each in server.things_to_try)]))
    else:
        load = f"wikifeed import FILE --store {server.store}"
        remark(f"The store is empty. Load it beside the running server:\n  {load}")
