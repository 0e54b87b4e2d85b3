"""Articles as plain rows, made by generators of plain arguments: what data sets are made of.

    from datasets import IterableDataset
    from wikifeed_client.rows import article_rows

    files = [str(path) for path in export.files]
    data = IterableDataset.from_generator(article_rows, gen_kwargs={"files": files, "columns": ("name", "abstract")})

All arguments can be pickled and hashed, so rows can be made in other processes, and data sets cached. `datasets` shares
a list among its workers: give the files as a list, the columns as a tuple.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from wikifeed_client._articles import read_articles
from wikifeed_client._requests import After, Changes
from wikifeed_client.sync import Client
from wikifeed_client.tables import COLUMNS, row_maker

Row = dict[str, Any]


def article_rows(files: Sequence[str], columns: Sequence[str] = COLUMNS) -> Iterator[Row]:
    """A row for each article in a snapshot's files. Columns are as for `tables.to_arrow`.

    Raises KeyError for a path that Article does not have, and what `read_articles` raises.
    """
    make = row_maker(columns)
    return map(make, read_articles(*files))


def listed_rows(
    address: str, project: str, namespaces: Sequence[int] = (0,), columns: Sequence[str] = COLUMNS, key: str = ""
) -> Iterator[Row]:
    """A row for each article that a server has of a project, without files. Only what the columns need is sent."""
    make = row_maker(columns)
    with Client(address, key=key) as client:
        yield from map(make, client.list(project, namespaces=namespaces, read_mask=columns))


def changed_rows(
    address: str,
    project: str,
    after_offset: int,
    until_offset: int = 0,
    columns: Sequence[str] = COLUMNS,
    key: str = "",
) -> Iterator[Row]:
    """A row for each change after an offset, for ever unless it ends at one: its `offset` and the columns."""
    make = row_maker(columns)
    changes = Changes(projects=(project,), read_mask=columns, until_offset=until_offset)
    with Client(address, key=key) as client, client.changes(changes, start=After(after_offset)) as stream:
        for change in stream:
            yield {"offset": change.offset, **make(change.article)}
