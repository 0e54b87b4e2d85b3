"""Clients of Wikifeed: fetch articles, follow changes, take snapshots, keep a mirror.

    from wikifeed_client import Client

    with Client("localhost:50051") as client:
        print(client.get("enwiki", "Anarchism").abstract)

`Client` is for threads, `AsyncClient` for asyncio; they have the same methods. Articles, changes and snapshots are the
contract's messages, `wikifeed.v1`.
"""

from wikifeed_client._articles import article_from_json, read_articles, read_lines
from wikifeed_client._checkpoints import CheckpointStore, FileCheckpoint, SqliteCheckpoint
from wikifeed_client._connecting import Tls
from wikifeed_client._errors import (
    CursorExpiredError,
    DamagedDataError,
    DeadlineExceededError,
    FieldViolation,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    QuotaExceededError,
    UnauthenticatedError,
    UnavailableError,
    WikifeedError,
)
from wikifeed_client._exporting import Export, SnapshotKind
from wikifeed_client._planning import ExportProgress
from wikifeed_client._reconnecting import Reconnecting
from wikifeed_client._requests import After, Changes, Outcome, Since, Start
from wikifeed_client._resuming import ChangeBatch
from wikifeed_client._subscribing import Delivery
from wikifeed_client._version import VERSION
from wikifeed_client.aio import AsyncClient
from wikifeed_client.mirror import CallingSink, OnExpired, Put, Remove, Sink, SqliteSink, Update
from wikifeed_client.sync import Client

__all__ = [
    "After",
    "AsyncClient",
    "CallingSink",
    "ChangeBatch",
    "Changes",
    "CheckpointStore",
    "Client",
    "CursorExpiredError",
    "DamagedDataError",
    "DeadlineExceededError",
    "Delivery",
    "Export",
    "ExportProgress",
    "FieldViolation",
    "FileCheckpoint",
    "InvalidRequestError",
    "NotFoundError",
    "OnExpired",
    "Outcome",
    "PermissionDeniedError",
    "Put",
    "QuotaExceededError",
    "Reconnecting",
    "Remove",
    "Since",
    "Sink",
    "SnapshotKind",
    "SqliteCheckpoint",
    "SqliteSink",
    "Start",
    "Tls",
    "UnauthenticatedError",
    "UnavailableError",
    "Update",
    "WikifeedError",
    "article_from_json",
    "read_articles",
    "read_lines",
]

__version__ = VERSION
