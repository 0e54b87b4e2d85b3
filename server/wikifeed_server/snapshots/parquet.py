"""Parquet files of articles. Imports pyarrow, which takes its time: imported where a Parquet file is written."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.contract.columns import Column, article_columns
from wikifeed_server.snapshots.files import ByteSink, LineFile
from wikifeed_server.snapshots.lines import PATHS
from wikifeed_server.snapshots.spec import SnapshotSpec

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

# Raised when a column changes its type or goes; columns that are added leave it as it is.
SCHEMA_VERSION = 1

# Articles are taken apart in batches: enough to make the work for each column small, few enough to hold as messages,
# which take several times their serialized size.
_BATCH_BYTES = 2 << 20
# What a reader has to hold at once, and this writer too. The end of the file lists every column of every group: 80 KB
# in the file and 650 KB in the writer's memory for each.
_GROUP_BYTES = 64 << 20
_ZSTD_LEVEL = 3


class _Output(io.RawIOBase):
    """The sink as the file that pyarrow wants."""

    def __init__(self, sink: ByteSink) -> None:
        self._sink = sink
        self._size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        self._size += self._sink.write(bytes(data))
        return len(memoryview(data))

    def tell(self) -> int:
        return self._size


class _Rows:
    """Serialized articles into rows of the writer's file."""

    def __init__(self, writer: pq.ParquetWriter, columns: tuple[Column, ...], schema: pa.Schema) -> None:
        self._writer = writer
        self._columns = columns
        self._schema = schema
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._group: list[pa.RecordBatch] = []
        self._group_bytes = 0

    def add(self, line: bytes) -> None:
        self._waiting.append(line)
        self._waiting_bytes += len(line)
        if self._waiting_bytes >= _BATCH_BYTES:
            self._take_apart()
            if self._group_bytes >= _GROUP_BYTES:
                self._write_group()

    def close(self) -> None:
        self._take_apart()
        self._write_group()

    def _take_apart(self) -> None:
        articles = list(map(Article.FromString, self._waiting))
        arrays = [column.array(articles) for column in self._columns]
        self._group.append(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
        self._group_bytes += self._waiting_bytes
        self._waiting, self._waiting_bytes = [], 0

    def _write_group(self) -> None:
        table = pa.Table.from_batches(self._group, self._schema)
        if table.num_rows:
            self._writer.write_table(table, row_group_size=table.num_rows)
        self._group, self._group_bytes = [], 0


@contextmanager
def parquet_file(sink: ByteSink, spec: SnapshotSpec) -> Iterator[LineFile]:
    """Serialized articles into a Parquet file, whole when the context ends; what `spec` says is in its metadata."""
    columns = article_columns(PATHS[spec.content])
    metadata = {
        "wikifeed.project": spec.project,
        "wikifeed.namespace": str(spec.namespace),
        "wikifeed.offset": str(spec.offset),
        "wikifeed.content": spec.content.value,
        "wikifeed.schema_version": str(SCHEMA_VERSION),
    }
    schema = pa.schema([column.field for column in columns], metadata)
    with pq.ParquetWriter(
        _Output(sink),
        schema,
        compression="zstd",
        compression_level=_ZSTD_LEVEL,
        write_statistics=["identifier"],  # rows are in the order of page ids; of other columns they would say little
    ) as writer:
        rows = _Rows(writer, columns, schema)
        yield rows
        rows.close()
