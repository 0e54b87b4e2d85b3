"""`wikifeed config`: the settings in force."""

import click

from wikifeed_server.cli.main import COMMANDS
from wikifeed_server.cli.options import configuration, json_option, settings_options
from wikifeed_server.cli.output import write_bytes
from wikifeed_server.runtime import showing
from wikifeed_server.runtime.config import SECTIONS


@click.command("config", short_help=COMMANDS["config"])
@json_option
@click.option("--toml", "to_toml", is_flag=True, help="Print them as a commented wikifeed.toml.")
@settings_options(*SECTIONS)
@click.pass_context
def command(context: click.Context, as_json: bool, to_toml: bool) -> None:
    """Print every setting in force: its value, and where that came from.

    A flag wins over the environment, that over wikifeed.toml in the working folder, that over the default.

    \b
      wikifeed config
      wikifeed config --toml > wikifeed.toml
    """
    if as_json and to_toml:
        raise click.UsageError("give one of --json and --toml", context)
    found = configuration(context)
    if to_toml:
        write_bytes(showing.as_template(found).encode())
    elif as_json:
        write_bytes(showing.as_json(found) + b"\n")
    else:
        write_bytes(showing.as_table(found).encode() + b"\n")
