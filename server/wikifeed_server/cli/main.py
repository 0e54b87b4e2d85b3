"""The entry point: finds the command, and turns whatever goes wrong into a line on stderr and an exit code."""

import importlib
import keyword
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from wikifeed_server import __version__
from wikifeed_server.cli.exits import CommandError, Exit, exit_of
from wikifeed_server.errors import WikifeedError

DEBUG_VARIABLE = "WIKIFEED_DEBUG"

# What the overview says of each command; the overview must not load their modules, and with them gRPC.
COMMANDS = {
    "import": "Load dumps or Enterprise files into the store.",
    "follow": "Keep the store current: follow wikis and event streams.",
    "serve": "Serve the store over gRPC and HTTP.",
    "get": "Print an article.",
    "tail": "Print changes as they happen, or from any point of the log.",
    "export": "Write a project's namespace as files, exact at one offset.",
    "extract": "Print what the builder understands of wikitext files.",
    "projects": "List the server's projects.",
    "snapshots": "List the server's snapshots.",
    "batches": "List the server's hourly batches, or fetch their files.",
    "status": "Show how following goes.",
    "users": "Make, change and list accounts.",
    "keys": "Make, list and revoke API keys of accounts.",
    "plans": "Say what accounts may do.",
    "config": "Print the settings in force, and why.",
    "doctor": "Check whether everything is in order here.",
    "completion": "Print the completion script of a shell.",
}
# Commands that are clients of a server.
_ASKING = frozenset({"get", "tail", "projects", "snapshots", "batches"})
# What commands start as children, and nobody by hand.
_INTERNAL = frozenset({"serve-worker", "chores"})


class _ReaderGoneError(Exception):
    """Whoever read our output (`| head`) has what it wanted."""


class _Commands(click.Group):
    """Loads a command's module when the command is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS and cmd_name not in _INTERNAL:
            return None
        if cmd_name in _ASKING:
            # gRPC's own remarks, of failed handshakes for one, would stand beside what we say. It reads this once.
            os.environ.setdefault("GRPC_VERBOSITY", "NONE")
        name = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name.replace("-", "_")
        module = importlib.import_module(f"wikifeed_server.cli.commands.{name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=ctx) from None

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise _ReaderGoneError from None  # click would end the program with a failure

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, message="wikifeed %(version)s")
@click.pass_context
def wikifeed(context: click.Context) -> None:
    """Turns wikis into one machine-readable feed, served over gRPC.

    \b
    From a dump to a feed:
      wikifeed import enwiki-20260101-pages-articles.xml.bz2
      wikifeed follow --wiki https://wiki.example/w/
      wikifeed serve
      wikifeed get enwiki Anarchism --mask name,abstract,categories
      wikifeed tail --project enwiki --since 2h
      wikifeed export enwiki --namespace 0 -o out/

    `wikifeed COMMAND --help` says more, with lines to paste.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def main() -> None:
    """Run the command line and exit."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run a command line; its exit code."""
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except (_ReaderGoneError, BrokenPipeError):
        # What is still buffered must not fail once more when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.OK
    except Exception as error:
        if os.environ.get(DEBUG_VARIABLE):
            raise
        name = type(error).__name__
        _say(f"unforeseen {name}: {error}\nThis is a defect; {DEBUG_VARIABLE}=1 shows where it happened.")
        return Exit.FAILED
    return code


def _run(arguments: Sequence[str]) -> int:
    try:
        result: Any = wikifeed.main(list(arguments), prog_name="wikifeed", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return error.exit_code
    except click.ClickException as error:
        context = error.ctx if isinstance(error, click.UsageError) else None
        advice = f"\n{context.command_path} --help tells how it is used" if context else ""
        _say(error.format_message() + advice)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return Exit.INTERRUPTED
    except (CommandError, WikifeedError) as error:
        if os.environ.get(DEBUG_VARIABLE):
            raise
        _say(error.message)
        return error.code if isinstance(error, CommandError) else exit_of(error)
    return result if isinstance(result, int) else Exit.OK


def _say(message: str) -> None:
    click.echo(f"wikifeed: {message}", err=True)
