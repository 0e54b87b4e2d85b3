"""`wikifeed tail`: the log's changes, past and to come, resumed exactly when the server goes away and comes back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import click
import grpc
from google.protobuf.timestamp_pb2 import Timestamp

from wikifeed.v1.change_pb2 import Change, EventType
from wikifeed.v1.change_service_pb2 import (
    START_POSITION_OLDEST,
    GetChangeLogInfoRequest,
    StreamChangesRequest,
    StreamChangesResponse,
)
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub
from wikifeed_server.cli.main import COMMANDS
from wikifeed_server.cli.options import NAMESPACE, OFFSET, configuration, mask_option, settings_options
from wikifeed_server.cli.output import remark, write_bytes, write_lines
from wikifeed_server.cli.remote import connection
from wikifeed_server.contract.json import message_to_object
from wikifeed_server.contract.json.shapes import enum_words
from wikifeed_server.runtime.knobs import parse_duration

# What streams end with that reach a server as it stops.
_PASSING = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)
_EVENTS = {word: EventType.ValueType(number) for number, word in enum_words(EventType.DESCRIPTOR).items() if number}


class _Since(click.ParamType[datetime]):
    """A time, or how long ago it was."""

    name = "time"

    def convert(self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            return datetime.now(UTC) - timedelta(seconds=parse_duration(value))
        except (ValueError, OverflowError):
            pass
        try:
            time = datetime.fromisoformat(value)
        except ValueError:
            self.fail(
                f"{value!r} is neither a length such as 90s, 2h, 3d nor a time such as 2026-01-31T12:00:00Z", param, ctx
            )
        return time if time.tzinfo else time.replace(tzinfo=UTC)


@click.command("tail", short_help=COMMANDS["tail"])
@click.option("--project", "projects", multiple=True, metavar="NAME", help="Only this project; may be repeated.")
@click.option("--namespace", "namespaces", multiple=True, type=NAMESPACE, metavar="N", help="Only this namespace.")
@click.option("--language", "languages", multiple=True, metavar="CODE", help="Only this language.")
@click.option("--event", "events", multiple=True, type=click.Choice(tuple(_EVENTS)), help="Only this event.")
@click.option("--since", type=_Since(), metavar="TIME", help="Start then: 90s, 2h, 3d ago, or 2026-01-31T12:00:00Z.")
@click.option("--after", type=OFFSET, metavar="OFFSET", help="Start behind this offset of the log.")
@click.option("--oldest", is_flag=True, help="Start with the oldest change kept.")
@click.option("--until-now", is_flag=True, help="End with the newest change there is, instead of waiting for more.")
@click.option("--json", "as_json", is_flag=True, help="Print each change as JSON on a line, with its article.")
@click.option("--no-body", is_flag=True, help="With --json: leave out texts and structured parts.")
@mask_option
@settings_options("client")
@click.pass_context
def command(
    context: click.Context,
    projects: tuple[str, ...],
    namespaces: tuple[int, ...],
    languages: tuple[str, ...],
    events: tuple[str, ...],
    since: datetime | None,
    after: int | None,
    oldest: bool,
    until_now: bool,
    as_json: bool,
    no_body: bool,
    mask: tuple[str, ...],
) -> None:
    """Print changes, one on a line: offset, time, project, event, title.

    Without --since, --after or --oldest those from now on. When the server goes away, waits for it and goes on where
    it ended.

    \b
      wikifeed tail --project enwiki --since 2h
      wikifeed tail --oldest --until-now --json --mask name,version.identifier
    """
    if (since is not None) + (after is not None) + oldest > 1:
        raise click.UsageError("--since, --after and --oldest name the start: give one of them", context)
    if mask and (no_body or not as_json):
        raise click.UsageError("--mask goes with --json and without --no-body", context)
    request = StreamChangesRequest(
        projects=projects,
        namespaces=namespaces,
        languages=languages,
        event_types=[_EVENTS[word] for word in events],
        no_body=no_body or not as_json,
    )
    if mask:
        request.read_mask.paths.extend(mask)
    _set_start(request, since, after, oldest)
    with connection(configuration(context).settings.client) as channel:
        service = ChangeServiceStub(channel)
        if until_now:
            request.until_offset = service.GetChangeLogInfo(GetChangeLogInfoRequest()).newest_offset
            if not request.until_offset:
                return
        for response in _resumed(service, request):
            _write(response, as_json)


def _set_start(request: StreamChangesRequest, since: datetime | None, after: int | None, oldest: bool) -> None:
    if since is not None:
        time = Timestamp()
        time.FromDatetime(since)
        request.since.CopyFrom(time)
    elif after is not None:
        request.after_offset = after
    elif oldest:
        request.position = START_POSITION_OLDEST


def _resumed(service: ChangeServiceStub, request: StreamChangesRequest) -> Iterator[StreamChangesResponse]:
    """The stream's responses; when it is cut off, those of the next stream from where it ended."""
    reached: int | None = None
    while True:
        try:
            for response in service.StreamChanges(request, wait_for_ready=reached is not None):
                reached = request.after_offset = response.through_offset
                yield response
        except grpc.RpcError as error:
            if error.code() not in _PASSING or reached is None:
                raise
            remark(f"the server is gone; waiting for it, to go on after offset {reached}")
        else:
            return


def _write(response: StreamChangesResponse, as_json: bool) -> None:
    if as_json:
        write_lines(map(message_to_object, response.changes))
    elif response.changes:
        write_bytes("".join(map(_line, response.changes)).encode())


def _line(change: Change) -> str:
    time = change.date_published.ToDatetime().isoformat(sep=" ", timespec="seconds")
    event = enum_words(EventType.DESCRIPTOR)[change.event_type]
    title = change.article.name
    if change.previous_name:
        title += f" (was {change.previous_name})"
    if change.redirect_target:
        title += f" -> {change.redirect_target}"
    return f"{change.offset:>9}  {time}  {change.article.is_part_of.identifier:<10}  {event:<8}  {title}\n"
