"""The store on SQLite: one folder with `wikifeed.db`, `writer.lock` and `blobs/`. Many reader processes, one writer."""

from wikifeed_server.store.embedded.reader import EmbeddedReader as EmbeddedReader
from wikifeed_server.store.embedded.writer import EmbeddedWriter as EmbeddedWriter
