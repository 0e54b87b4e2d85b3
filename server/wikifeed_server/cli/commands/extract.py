"""`wikifeed extract`: what the builder understands of a page, without a store."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import click

from wikifeed_server.cli.exits import CommandError, Exit
from wikifeed_server.cli.main import COMMANDS
from wikifeed_server.cli.options import configuration, settings_options
from wikifeed_server.cli.output import remark, write_lines
from wikifeed_server.content import WikitextError, extract_facts
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
@click.option("--project", metavar="NAME", default="enwiki", show_default=True, help="The wiki that the pages are of.")
@click.option("--title", metavar="TITLE", help="The page's title; default: the file's name without its ending.")
@settings_options("store.folder")
@click.pass_context
def command(context: click.Context, files: tuple[Path, ...], project: str, title: str | None) -> None:
    """Print what the builder understands of files of wikitext: one line of JSON for each. "-" is stdin.

    Names of namespaces and addresses are those of PROJECT in the store, without a store those of enwiki.

    \b
      wikifeed extract page.wikitext
      wikifeed get enwiki Anarchism --raw wikitext | wikifeed extract - --title Anarchism
    """
    info = asyncio.run(_project(configuration(context).settings.store.folder, project))
    for file, text in _texts(files):
        name = title or file.stem
        try:
            write_lines([{"name": name, **extract_facts(text, info, name)}])
        except WikitextError as error:
            raise CommandError(f"{file}: {error}", Exit.BAD_SOURCE) from error


async def _project(folder: Path, identifier: str) -> ProjectInfo:
    with suppress(StoreMissingError):
        async with EmbeddedReader.open(folder) as reader:
            if known := await reader.project(identifier):
                return known
    if identifier == _ENWIKI.identifier:
        return _ENWIKI
    remark(f"the store does not know {identifier}: taking English names of namespaces, and no addresses")
    return replace(_ENWIKI, identifier=identifier, url="")


def _texts(files: tuple[Path, ...]) -> Iterator[tuple[Path, str]]:
    for file in files:
        try:
            data = sys.stdin.buffer.read() if file == _STDIN else file.read_bytes()
            yield file, data.decode()
        except OSError as error:
            raise CommandError(f"{file} can't be read: {error.strerror}", Exit.BAD_SOURCE) from error
        except UnicodeDecodeError as error:
            message = f"{file} is not UTF-8 at byte {error.start}: convert it first, for example with iconv"
            raise CommandError(message, Exit.BAD_SOURCE) from error
