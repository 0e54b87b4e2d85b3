"""`wikifeed export`: a snapshot of the local store, written where you say."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import click

from wikifeed_server.cli.exits import CommandError, Exit
from wikifeed_server.cli.main import COMMANDS
from wikifeed_server.cli.options import NAMESPACE, configuration, settings_options
from wikifeed_server.cli.output import in_megabytes, remark, write_bytes, write_table
from wikifeed_server.cli.progress import Reached, progress
from wikifeed_server.runtime.knobs import parse_size
from wikifeed_server.snapshots import Content, Format, Manifest, Progress, SnapshotSpec, write_snapshot
from wikifeed_server.snapshots.spec import manifest_name
from wikifeed_server.store.embedded import EmbeddedReader

# As texts: click would go by the names of an enumeration's members.
FORMATS = tuple(each.value for each in Format)
CONTENTS = tuple(each.value for each in Content)
_CHUNK_SIZE = "How much, before compression, goes into one file; default: all, 1GiB of Parquet."
# What an article without its body has none of.
_BODIES = {Content.JSON: "body", Content.STRUCTURED: "structured contents"}


class _Size(click.ParamType[int]):
    """A number of bytes."""

    name = "size"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            return parse_size(str(value))
        except ValueError:
            self.fail(f"{value!r} is no size such as 100MB or 64MiB", param, ctx)


@click.command("export", short_help=COMMANDS["export"])
@click.argument("project")
@click.option("--namespace", type=NAMESPACE, default=0, show_default=True, metavar="N", help="Which namespace.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default=FORMATS[0], show_default=True)
@click.option("--content", type=click.Choice(CONTENTS), default=CONTENTS[0], show_default=True, help="Of each article.")
@click.option("--chunk-size", type=_Size(), default=0, metavar="SIZE", help=_CHUNK_SIZE)
@click.option("-o", "--output", type=Path, default=Path(), metavar="DIR", help="Where to; default: this folder.")
@click.option("--json", "as_json", is_flag=True, help="Print the manifest.")
@click.option("--quiet", is_flag=True, help="No progress.")
@settings_options("store")
@click.pass_context
def command(
    context: click.Context,
    project: str,
    namespace: int,
    format_: str,
    content: str,
    chunk_size: int,
    output: Path,
    as_json: bool,
    quiet: bool,
) -> None:
    """Write a namespace of PROJECT from the local store as files, with a manifest beside them.

    The files are exact at the offset that is printed, while imports go on: `wikifeed tail --after OFFSET` goes on
    from there, without gap or repeat.

    \b
      wikifeed export enwiki --namespace 0 --format ndjson.tar.gz -o out/
      wikifeed export enwiki --content wikitext --format ndjson.zst --chunk-size 500MB -o out/
      wikifeed export enwiki --content structured --format parquet -o out/
    """
    store = configuration(context).settings.store.folder

    def specify(offset: int) -> SnapshotSpec:
        return SnapshotSpec(project, namespace, offset, Content(content), Format(format_), chunk_size)

    with progress(project, "articles", quiet=quiet) as report:

        def told(done: Progress) -> None:
            report(Reached(done.uncompressed_size_bytes, 0, done.articles_count))

        try:
            manifest = asyncio.run(_export(store, specify, output, told))
        except OSError as error:
            raise CommandError(f"can't write to {error.filename or output}: {error.strerror}", Exit.FAILED) from error
    if as_json:
        write_bytes((output / manifest_name(manifest.spec.identifier)).read_bytes() + b"\n")
    else:
        _summarize(manifest, output, quiet=quiet)


async def _export(
    store: Path, specify: Callable[[int], SnapshotSpec], output: Path, told: Callable[[Progress], None]
) -> Manifest:
    async with EmbeddedReader.open(store) as reader:
        spec = specify((await reader.log_info()).newest_offset)
        return await write_snapshot(reader, spec, output, told, threads=os.cpu_count() or 1)


def _summarize(manifest: Manifest, output: Path, *, quiet: bool) -> None:
    spec = manifest.spec
    rows = [
        (f"{chunk.articles_count:,}", in_megabytes(chunk.size_bytes), str(output / chunk.file_name), chunk.sha256)
        for chunk in manifest.chunks
    ]
    write_table(("articles", "size", "file", "sha256"), rows)
    remark(f"exact at offset {spec.offset}; the manifest is {output / manifest_name(spec.identifier)}", quiet=quiet)
    if manifest.without_body_count:
        what = _BODIES.get(spec.content, spec.content)
        remark(f"{manifest.without_body_count:,} articles have no {what} in this store", quiet=quiet)
