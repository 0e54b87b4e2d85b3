"""`wikifeed doctor`: is everything in order here?"""

from dataclasses import asdict

import click

from wikifeed_server.cli.exits import Exit
from wikifeed_server.cli.main import COMMANDS
from wikifeed_server.cli.options import configuration, json_option, settings_options
from wikifeed_server.cli.output import write_lines, write_table
from wikifeed_server.runtime.checks import run_checks


@click.command("doctor", short_help=COMMANDS["doctor"])
@json_option
@settings_options("store", "serve")
@click.pass_context
def command(context: click.Context, as_json: bool) -> int:
    """Check the program, the store, the disk and the port. Exit code 1 when something is broken.

    \b
      wikifeed doctor
      wikifeed doctor --store enwiki-data --json
    """
    results = run_checks(configuration(context).settings)
    if as_json:
        write_lines(map(asdict, results))
    else:
        write_table(("check", "", "finding"), [(each.name, each.verdict, each.finding) for each in results])
    return Exit.FAILED if any(each.verdict == "broken" for each in results) else Exit.OK
