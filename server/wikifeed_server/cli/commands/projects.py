"""`wikifeed projects`: the projects that a server has."""

import click

from wikifeed.v1.catalog_service_pb2 import ListProjectsRequest
from wikifeed.v1.catalog_service_pb2_grpc import CatalogServiceStub
from wikifeed_server.cli.main import COMMANDS
from wikifeed_server.cli.options import configuration, json_option, settings_options
from wikifeed_server.cli.output import remark, write_lines, write_table
from wikifeed_server.cli.remote import connection
from wikifeed_server.contract.json import message_to_object


@click.command("projects", short_help=COMMANDS["projects"])
@json_option
@settings_options("client")
@click.pass_context
def command(context: click.Context, as_json: bool) -> None:
    """List the server's projects.

    \b
      wikifeed projects
      wikifeed projects --json
    """
    client = configuration(context).settings.client
    with connection(client) as channel:
        request = ListProjectsRequest()
        projects = CatalogServiceStub(channel).ListProjects(request, timeout=client.timeout_seconds).projects
    if as_json:
        write_lines(map(message_to_object, projects))
    elif projects:
        rows = [(each.identifier, each.code, each.in_language.identifier, each.name, each.url) for each in projects]
        write_table(("project", "code", "language", "name", "address"), rows)
    else:
        remark("the server has no project yet; load one with: wikifeed import FILE")
