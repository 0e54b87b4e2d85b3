"""`wikifeed snapshots`: the snapshots that a server has."""

from collections.abc import Iterator

import click

from wikifeed.v1.snapshot_pb2 import Snapshot, SnapshotState
from wikifeed.v1.snapshot_service_pb2 import ListSnapshotsRequest
from wikifeed.v1.snapshot_service_pb2_grpc import SnapshotServiceStub
from wikifeed_server.cli.main import COMMANDS
from wikifeed_server.cli.options import configuration, json_option, settings_options
from wikifeed_server.cli.output import in_megabytes, remark, write_lines, write_table
from wikifeed_server.cli.remote import connection
from wikifeed_server.contract.json import message_to_object
from wikifeed_server.runtime.config import ClientSettings


@click.command("snapshots", short_help=COMMANDS["snapshots"])
@click.option("--project", "projects", multiple=True, metavar="NAME", help="Only this project; may be repeated.")
@json_option
@settings_options("client")
@click.pass_context
def command(context: click.Context, projects: tuple[str, ...], as_json: bool) -> None:
    """List the server's snapshots, those being written included.

    \b
      wikifeed snapshots --project enwiki
      wikifeed snapshots --json
    """
    found = list(_snapshots(configuration(context).settings.client, projects))
    if as_json:
        write_lines(map(message_to_object, found))
    elif found:
        write_table(("offset", "state", "articles", "size", "files", "snapshot"), [_row(each) for each in found])
    else:
        remark("the server has no snapshot; SnapshotService/CreateSnapshot makes one (examples/feed.py shows how)")


def _snapshots(client: ClientSettings, projects: tuple[str, ...]) -> Iterator[Snapshot]:
    request = ListSnapshotsRequest(projects=projects)
    with connection(client) as channel:
        service = SnapshotServiceStub(channel)
        while True:
            response = service.ListSnapshots(request, timeout=client.timeout_seconds)
            yield from response.snapshots
            if not response.next_page_token:
                return
            request.page_token = response.next_page_token


def _row(snapshot: Snapshot) -> tuple[str, ...]:
    state = SnapshotState.Name(snapshot.state).removeprefix("SNAPSHOT_STATE_").lower()
    counts = (f"{snapshot.articles_count:,}", in_megabytes(snapshot.size_bytes), str(len(snapshot.chunks)))
    return (str(snapshot.offset), state, *counts, snapshot.identifier)
