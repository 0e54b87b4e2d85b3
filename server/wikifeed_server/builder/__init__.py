"""Makes articles out of what sources tell, in worker processes, and brings them into a store.

`article`, `document` and `live` are pure: a source's page in, what the store keeps out; `signals` tells what else is
worth knowing of a live revision. `pool` (for imports), `live_pool`, `workers` and `worker` run them under bounds on
time and memory. `importing` is the road from a source to a store.
"""

from wikifeed_server.builder.article import build_revision
from wikifeed_server.builder.document import build_document
from wikifeed_server.builder.importing import ImportOptions, ImportProgress, ImportReport, import_source
from wikifeed_server.builder.live import LivePage, build_live
from wikifeed_server.builder.live_pool import LiveOptions, LivePool
from wikifeed_server.builder.pool import BuildLimits, BuildPool, PageBatch

__all__ = [
    "BuildLimits",
    "BuildPool",
    "ImportOptions",
    "ImportProgress",
    "ImportReport",
    "LiveOptions",
    "LivePage",
    "LivePool",
    "PageBatch",
    "build_document",
    "build_live",
    "build_revision",
    "import_source",
]
