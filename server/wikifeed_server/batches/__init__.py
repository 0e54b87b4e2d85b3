"""Hourly batches: the changes of each closed hour as files, one for each project, namespace and format.

`write_hour` makes those of an hour from any store's reader; `BatchLibrary` keeps and finds them.
"""

from wikifeed_server.batches.hours import HOUR_MICROSECONDS, hour_of
from wikifeed_server.batches.library import BatchLibrary, StoredBatch
from wikifeed_server.batches.manifest import BatchEntry, HourManifest
from wikifeed_server.batches.writing import write_hour

__all__ = [
    "HOUR_MICROSECONDS",
    "BatchEntry",
    "BatchLibrary",
    "HourManifest",
    "StoredBatch",
    "hour_of",
    "write_hour",
]
