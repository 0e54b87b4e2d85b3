"""Makes articles out of what sources tell, in worker processes, and brings them into a store.

`article` and `document` are pure: a source's page in, what the store keeps out. `pool` and `worker` run them under
bounds on time and memory. `importing` is the road from a source to a store.
"""

from wikifeed_server.builder.article import build_revision
from wikifeed_server.builder.document import build_document
from wikifeed_server.builder.importing import ImportOptions, ImportProgress, ImportReport, import_source
from wikifeed_server.builder.pool import BuildLimits, BuildPool, PageBatch

__all__ = [
    "BuildLimits",
    "BuildPool",
    "ImportOptions",
    "ImportProgress",
    "ImportReport",
    "PageBatch",
    "build_document",
    "build_revision",
    "import_source",
]
