"""`wikifeed status`: how following goes."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from wikifeed_server.cli.main import COMMANDS
from wikifeed_server.cli.options import configuration, json_option, settings_options
from wikifeed_server.cli.output import remark, write_lines
from wikifeed_server.sources.status import SourceStatus
from wikifeed_server.store.embedded import EmbeddedReader


@click.command("status", short_help=COMMANDS["status"])
@json_option
@settings_options("store.folder")
@click.pass_context
def command(context: click.Context, as_json: bool) -> None:
    """Show for each source that the store follows: since when, lag, rate, retries and the last error.

    Reads the store, so it needs no server and answers while the follower is down as well.

    \b
      wikifeed status
      wikifeed status --store wiki-data --json
    """
    folder = configuration(context).settings.store.folder
    statuses = asyncio.run(_statuses(folder))
    now = time.time_ns() // 1000
    if as_json:
        write_lines({**asdict(status), "state": status.state(now)} for status in statuses)
    elif statuses:
        click.echo("\n\n".join(_described(status, now) for status in statuses))
    else:
        remark(f"nothing is followed into {folder}; follow a wiki with: wikifeed follow --wiki https://wiki.example/w/")


async def _statuses(folder: Path) -> Sequence[SourceStatus]:
    async with EmbeddedReader.open(folder) as reader:
        return [SourceStatus.from_json(status) for _, status in await reader.statuses()]


def _described(status: SourceStatus, now: int) -> str:
    counts = f"{status.stored:,} stored, {status.known:,} known before, {status.duplicates:,} doubled"
    rows = [
        ("state", status.state(now)),
        ("connected since", _time(status.connected_since)),
        ("lag", f"{status.lag_seconds:,.1f} s, {status.lag_events:,} events"),
        ("rate", f"{status.events_per_second:,.1f} events a second"),
        ("events", f"{counts}, {status.malformed:,} malformed"),
        ("retries", f"{status.retries:,} in a row, {status.failures:,} in all"),
        ("last error", f"{status.last_error} ({_time(status.last_error_time)})" if status.last_error else "none"),
        ("noted", f"{_time(status.updated)} by process {status.process}"),
    ]
    return "\n".join([status.source, *(f"  {name:16}{value}" for name, value in rows)])


def _time(microseconds: int) -> str:
    if not microseconds:
        return "never"
    return datetime.fromtimestamp(microseconds // 1_000_000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
