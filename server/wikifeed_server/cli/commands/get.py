"""`wikifeed get`: one article from a server."""

import click

from wikifeed.v1.article_pb2 import ArticleBody
from wikifeed.v1.article_service_pb2 import (
    GetArticleRequest,
    GetArticleResponse,
    GetStructuredContentsRequest,
    GetStructuredContentsResponse,
)
from wikifeed.v1.article_service_pb2_grpc import ArticleServiceStub
from wikifeed_server.cli.exits import CommandError, Exit
from wikifeed_server.cli.main import COMMANDS
from wikifeed_server.cli.options import IDENTIFIER, configuration, mask_option, settings_options
from wikifeed_server.cli.output import remark, write_bytes, write_object
from wikifeed_server.cli.remote import connection
from wikifeed_server.contract.json import message_to_object
from wikifeed_server.runtime.config import ClientSettings

BODIES = tuple(ArticleBody.DESCRIPTOR.fields_by_name)

# The two methods have the same fields in their messages, under the same names.
_Request = GetArticleRequest | GetStructuredContentsRequest
_Response = GetArticleResponse | GetStructuredContentsResponse


@click.command("get", short_help=COMMANDS["get"])
@click.argument("project")
@click.argument("title", required=False)
@mask_option
@click.option("--page-id", type=IDENTIFIER, metavar="N", help="Name the page by its id instead of its title.")
@click.option("--revision", type=IDENTIFIER, metavar="N", help="The article as of this revision; default: the newest.")
@click.option("--structured", is_flag=True, help="Only the structured contents: infoboxes, sections, tables, ...")
@click.option("--raw", type=click.Choice(BODIES), help="Print only this body, as it is.")
@settings_options("client")
@click.pass_context
def command(
    context: click.Context,
    project: str,
    title: str | None,
    mask: tuple[str, ...],
    page_id: int | None,
    revision: int | None,
    structured: bool,
    raw: str | None,
) -> None:
    """Print an article of PROJECT as JSON in Wikimedia Enterprise's form; redirects are followed.

    \b
      wikifeed get enwiki Anarchism --mask name,abstract,categories
      wikifeed get enwiki --page-id 12 --mask version.editor
      wikifeed get enwiki Anarchism --structured --mask infoboxes,sections
      wikifeed get enwiki Anarchism --raw wikitext > Anarchism.wikitext
    """
    method = GetStructuredContentsRequest if structured else GetArticleRequest
    request: _Request = method(project=project, revision_id=revision)
    if title is not None and page_id is None:
        request.title = title
    elif page_id is not None and title is None:
        request.page_id = page_id
    else:
        raise click.UsageError("name the page by its TITLE or by --page-id N", context)
    if raw and (mask or structured):
        raise click.UsageError("--raw prints a whole body: it goes without --mask and --structured", context)
    request.read_mask.paths.extend([f"article_body.{raw}"] if raw else mask)
    response = _get(request, configuration(context).settings.client)
    if response.redirected_from:
        remark(f"redirected from {response.redirected_from!r}")
    if raw:
        _write_body(response.article.article_body, raw, title or f"page {page_id}")
    else:
        write_object(message_to_object(response.article))


def _get(request: _Request, client: ClientSettings) -> _Response:
    with connection(client) as channel:
        service = ArticleServiceStub(channel)
        if isinstance(request, GetArticleRequest):
            return service.GetArticle(request, timeout=client.timeout_seconds)
        return service.GetStructuredContents(request, timeout=client.timeout_seconds)


def _write_body(body: ArticleBody, name: str, page: str) -> None:
    text: str = getattr(body, name)
    if not text:
        message = f"the server has {page} without its {name}: the source that it was imported from does not tell it"
        raise CommandError(message, Exit.NOT_FOUND)
    write_bytes(text.encode())
