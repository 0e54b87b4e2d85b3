"""`wikifeed batches`: the hourly batches that a server has, and their files."""

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from wikifeed.v1.batch_pb2 import Batch
from wikifeed.v1.batch_service_pb2 import ExportBatchRequest, ListBatchesRequest
from wikifeed.v1.batch_service_pb2_grpc import BatchServiceStub
from wikifeed_server.cli.exits import CommandError, Exit
from wikifeed_server.cli.main import COMMANDS
from wikifeed_server.cli.options import NAMESPACE, configuration, json_option, settings_options
from wikifeed_server.cli.output import in_megabytes, remark, write_lines, write_table
from wikifeed_server.cli.remote import connection
from wikifeed_server.contract.json import message_to_object
from wikifeed_server.runtime.config import ClientSettings

_HOUR = "%Y-%m-%d/%H"


class _HourType(click.ParamType[datetime]):
    """An hour of UTC."""

    name = "hour"

    def convert(self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            return datetime.strptime(value, _HOUR).replace(tzinfo=UTC)
        except ValueError:
            self.fail(f"{value!r} is no hour; write it as 2026-01-31/07, in UTC", param, ctx)


@click.command("batches", short_help=COMMANDS["batches"])
@click.option("--hour", type=_HourType(), metavar="DATE/HOUR", help="Only this hour, UTC: 2026-01-31/07.")
@click.option("--project", "projects", multiple=True, metavar="NAME", help="Only this project; may be repeated.")
@click.option(
    "--namespace",
    "namespaces",
    multiple=True,
    type=NAMESPACE,
    metavar="N",
    help="Only this namespace; may be repeated.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Fetch their files into this folder, {date}/{hour}/{file}; goes on where an earlier run was cut off.",
)
@json_option
@settings_options("client")
@click.pass_context
def command(
    context: click.Context,
    hour: datetime | None,
    projects: tuple[str, ...],
    namespaces: tuple[int, ...],
    output: Path | None,
    as_json: bool,
) -> None:
    """List the server's hourly batches, or fetch their files.

    \b
      wikifeed batches --project enwiki
      wikifeed batches --hour 2026-01-31/07 -o batches/
    """
    client = configuration(context).settings.client
    request = ListBatchesRequest(projects=projects, namespaces=namespaces)
    if hour is not None:
        request.hour.FromDatetime(hour)
    with connection(client) as channel:
        found = list(_batches(BatchServiceStub(channel), request, client))
        if as_json:
            write_lines(map(message_to_object, found))
        elif found:
            write_table(("hour", "changes", "size", "batch"), [_row(each) for each in found])
        else:
            remark("the server has no such batch; `wikifeed serve --batches yes` makes one for each hour with changes")
        if output is not None:
            for batch in found:
                _fetch(BatchServiceStub(channel), batch, output)


def _batches(service: BatchServiceStub, request: ListBatchesRequest, client: ClientSettings) -> Iterator[Batch]:
    while True:
        response = service.ListBatches(request, timeout=client.timeout_seconds)
        yield from response.batches
        if not response.next_page_token:
            return
        request.page_token = response.next_page_token


def _fetch(service: BatchServiceStub, batch: Batch, output: Path) -> None:
    """Fetch what is missing of a batch's file. It has its name once it is whole and its checksum right."""
    target = output / batch.hour.ToDatetime().strftime(_HOUR) / batch.file_name
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    with part.open("ab") as file:
        request = ExportBatchRequest(hour=batch.hour, identifier=batch.identifier, start_position=file.tell())
        for piece in service.ExportBatch(request):
            file.write(piece.data)
        file.flush()
        os.fsync(file.fileno())
    with part.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != batch.sha256:
        part.unlink()
        raise CommandError(f"{target} did not arrive as it was sent; run the command again", Exit.FAILED)
    part.rename(target)


def _row(batch: Batch) -> tuple[str, ...]:
    hour = batch.hour.ToDatetime().strftime(_HOUR)
    return (hour, f"{batch.changes_count:,}", in_megabytes(batch.size_bytes), batch.identifier)
