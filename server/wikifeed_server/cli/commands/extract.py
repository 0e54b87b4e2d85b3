"""`wikifeed extract`: what the builder understands of a page, without a store."""

import asyncio
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import click
import orjson

from wikifeed_server.builder.bounds import BoundedCalls, BoundExceededError
from wikifeed_server.cli.exits import CommandError, Exit
from wikifeed_server.cli.main import COMMANDS
from wikifeed_server.cli.options import configuration, settings_options
from wikifeed_server.cli.output import remark, write_bytes
from wikifeed_server.content import ContentError, PageContents, read_html, read_wikitext
from wikifeed_server.errors import StoreMissingError
from wikifeed_server.projects import NamespaceInfo, ProjectInfo
from wikifeed_server.store.embedded import EmbeddedReader

_STDIN = Path("-")
# What pages of the English Wikipedia refer to, for when no store tells of it (MediaWiki's Help:Namespaces).
_NAMESPACES = tuple(
    NamespaceInfo(number, name, name, aliases)
    for number, name, aliases in (
        (-2, "Media", ()),
        (-1, "Special", ()),
        (0, "", ()),
        (2, "User", ()),
        (4, "Wikipedia", ("WP", "Project")),
        (6, "File", ("Image",)),
        (8, "MediaWiki", ()),
        (10, "Template", ()),
        (12, "Help", ()),
        (14, "Category", ()),
    )
)
_ENWIKI = ProjectInfo("enwiki", "Wikipedia", "https://en.wikipedia.org", language="en", namespaces=_NAMESPACES)


@click.command("extract", short_help=COMMANDS["extract"])
@click.argument("files", nargs=-1, required=True, type=Path, metavar="FILE...")
@click.option(
    "--format",
    "text_format",
    type=click.Choice(["html", "wikitext"]),
    help="What the files are; default: html where the name ends in .html or .htm, else wikitext.",
)
@click.option("--project", metavar="NAME", default="enwiki", show_default=True, help="The wiki that wikitext is of.")
@click.option("--title", metavar="TITLE", help="The page's title; default: the file's name without its ending.")
@click.option(
    "--as-enterprise",
    is_flag=True,
    help="Of HTML, join texts and tell heights as Enterprise's parser does, faults included, to compare with it.",
)
@settings_options("store.folder", "import.page_seconds", "import.page_memory_bytes")
@click.pass_context
def command(
    context: click.Context,
    files: tuple[Path, ...],
    text_format: str | None,
    project: str,
    title: str | None,
    as_enterprise: bool,
) -> None:
    """Print what the builder understands of pages: one line of JSON for each file. "-" is stdin.

    HTML is that of Parsoid (MediaWiki's REST API, /page/TITLE/html). Names of namespaces and addresses in wikitext are
    those of PROJECT in the store, without a store those of enwiki.

    \b
      wikifeed extract --format html page.html
      wikifeed extract page.wikitext
      wikifeed get enwiki Anarchism --raw wikitext | wikifeed extract - --title Anarchism
    """
    settings = configuration(context).settings
    info = asyncio.run(_project(settings.store.folder, project))
    bounds = settings.import_
    with BoundedCalls(bounds.page_seconds, bounds.page_memory_bytes) as calls:
        for file in files:
            data = _read(file)
            name = title or file.stem
            try:
                if (text_format or _format_of(file)) == "html":
                    line = calls.call(_html_line, data, name, as_enterprise)
                else:
                    line = calls.call(_wikitext_line, _decoded(file, data), name, info)
            except (ContentError, BoundExceededError) as error:
                raise CommandError(f"{file}: {error}", Exit.BAD_SOURCE) from error
            write_bytes(line)


def _html_line(data: bytes, name: str, as_enterprise: bool) -> bytes:
    return _line(name, read_html(data, as_enterprise=as_enterprise))


def _wikitext_line(text: str, name: str, project: ProjectInfo) -> bytes:
    return _line(name, read_wikitext(text, project, name))


def _line(name: str, contents: PageContents) -> bytes:
    return orjson.dumps({"name": name, **contents.as_object()}, option=orjson.OPT_APPEND_NEWLINE)


def _format_of(file: Path) -> str:
    return "html" if file.suffix.lower() in (".html", ".htm") else "wikitext"


async def _project(folder: Path, identifier: str) -> ProjectInfo:
    with suppress(StoreMissingError):
        async with EmbeddedReader.open(folder) as reader:
            if known := await reader.project(identifier):
                return known
    if identifier == _ENWIKI.identifier:
        return _ENWIKI
    remark(f"the store does not know {identifier}: taking English names of namespaces, and no addresses")
    return replace(_ENWIKI, identifier=identifier, url="")


def _read(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if file == _STDIN else file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} can't be read: {error.strerror}", Exit.BAD_SOURCE) from error


def _decoded(file: Path, data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        message = f"{file} is not UTF-8 at byte {error.start}: convert it first, for example with iconv"
        raise CommandError(message, Exit.BAD_SOURCE) from error
