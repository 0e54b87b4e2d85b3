"""`wikifeed import`: sources into the store."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Literal, cast

import click

from wikifeed_server.builder.importing import ImportOptions, ImportProgress, ImportReport, import_source
from wikifeed_server.builder.pool import BuildLimits
from wikifeed_server.cli.main import COMMANDS
from wikifeed_server.cli.options import configuration, json_option, settings_options
from wikifeed_server.cli.output import remark, write_lines
from wikifeed_server.cli.progress import Reached, progress
from wikifeed_server.runtime.config import ImportSettings, StoreSettings
from wikifeed_server.sources import SourceLimits
from wikifeed_server.sources.opening import open_source
from wikifeed_server.store.embedded import EmbeddedWriter

_NAMED_PROJECTS = 3


@click.command("import", short_help=COMMANDS["import"])
@click.argument("files", nargs=-1, required=True, type=Path, metavar="FILE...")
@click.option("--project", metavar="NAME", default="", help="The project, where a file does not tell: enwiki.")
@json_option
@click.option("--quiet", is_flag=True, help="No progress.")
@settings_options("store", "import")
@click.pass_context
def command(context: click.Context, files: tuple[Path, ...], project: str, as_json: bool, quiet: bool) -> None:
    """Load MediaWiki XML dumps (.xml, .bz2, .gz, .zst, .7z) or Wikimedia Enterprise's NDJSON files into the store.

    What the store has already is skipped. An import that was cut off goes on when it is started again.

    \b
      wikifeed import enwiki-20260101-pages-articles.xml.bz2
      wikifeed import dewiki_namespace_0.tar.gz --store dewiki-data --import-workers 4
    """
    settings = configuration(context).settings
    options, limits = _options(settings.import_), _limits(settings.import_)
    sources = [open_source(file, project=project, limits=limits) for file in files]
    with EmbeddedWriter.open(settings.store.folder) as writer, _interruption_explained(quiet=quiet):
        for file, source in zip(files, sources, strict=True):
            with progress(file.name, "pages", quiet=quiet) as report:

                def told(done: ImportProgress) -> None:
                    report(Reached(done.bytes_read, done.bytes_total, done.pages))

                result = import_source(source, writer, options, told)
            _write(file, result, as_json)
    store = "" if settings.store.folder == StoreSettings().folder else f" --store {settings.store.folder}"
    remark(f"serve it with: wikifeed serve{store}", quiet=quiet)


def _options(settings: ImportSettings) -> ImportOptions:
    limits = BuildLimits(
        page_seconds=settings.page_seconds,
        page_memory_bytes=settings.page_memory_bytes,
        workers=settings.workers,
        look_ahead_bytes=settings.look_ahead_bytes,
        resident_bytes=settings.worker_memory_bytes,
    )
    return ImportOptions(cast(Literal["all", "latest"], settings.revisions), limits)


def _limits(settings: ImportSettings) -> SourceLimits:
    return SourceLimits(
        unpacked_ratio=settings.unpacked_ratio, text_bytes=settings.text_bytes, line_bytes=settings.line_bytes
    )


@contextmanager
def _interruption_explained(*, quiet: bool) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        remark("\ninterrupted; what was stored stays, and the same command goes on from there", quiet=quiet)
        raise


def _write(file: Path, result: ImportReport, as_json: bool) -> None:
    if as_json:
        write_lines([asdict(result)])
        return
    click.echo(f"{file.name}: {_summary(result)}")


def _summary(result: ImportReport) -> str:
    counts = result.counts
    if result.was_done:
        return "nothing to do, it was imported before"
    stored = f"{counts.written:,} stored ({counts.redirects:,} redirects)"
    many = len(result.projects) > _NAMED_PROJECTS
    projects = f"{len(result.projects)} projects" if many else ", ".join(result.projects)
    parts = [f"{counts.pages:,} pages of {projects} read", stored]
    if counts.known + counts.older:
        parts.append(f"{counts.known + counts.older:,} known before")
    if counts.marked:
        marked = ", ".join(
            f"{count:,} {state.removeprefix('STATE_').lower()}" for state, count in counts.marked.items()
        )
        parts.append(f"kept as raw text alone: {marked}")
    if result.first_offset:
        parts.append(f"offsets {result.first_offset:,} to {result.last_offset:,}")
    return ", ".join(parts)
