"""What the commands on accounts share: the store's accounts, passwords as they are typed, times to come."""

import asyncio
import shlex
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import click

from wikifeed_server.accounts import Accounts
from wikifeed_server.cli.options import configuration
from wikifeed_server.runtime.knobs import parse_duration

T = TypeVar("T")

password_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input instead of asking for it."
)


def with_accounts(context: click.Context, work: Callable[[Accounts], Awaitable[T]]) -> T:
    """What `work` makes of the store's accounts. Servers on the same store heed changes within a second."""
    folder = configuration(context).settings.store.folder

    async def run() -> T:
        async with Accounts(folder) as accounts:
            return await work(accounts)

    return asyncio.run(run())


def store_words(context: click.Context) -> str:
    """What a line to paste must say for it to work on the same store: nothing where it is the usual one."""
    found = next(each for each in configuration(context).in_force if each.knob.key == "store.folder")
    return f" --store {shlex.quote(str(found.value))}" if found.origin.startswith("flag") else ""


def read_password(context: click.Context, *, from_stdin: bool) -> str:
    """A password from the first line of standard input, or asked for twice on a terminal and not shown."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask on for the password: use --password-stdin", context)
    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return password


class Until(click.ParamType[int]):
    """A time to come, in microseconds since 1970: how long until then, or a day or moment of UTC."""

    name = "time"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            time = datetime.now(UTC) + timedelta(seconds=parse_duration(value))
        except OverflowError:
            self.fail(f"{value!r} is too far away", param, ctx)
        except ValueError:
            time = self._moment(value, param, ctx)
        return int(time.timestamp()) * 1_000_000

    def _moment(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            time = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is neither a length such as 90d nor a time such as 2030-12-31", param, ctx)
        return time if time.tzinfo else time.replace(tzinfo=UTC)
