"""What the gateway answers from, and what every request carries."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from wikifeed_server.accounts import Accounts
from wikifeed_server.accounts.guard import Guard
from wikifeed_server.accounts.model import Caller
from wikifeed_server.batches import BatchLibrary
from wikifeed_server.services.article import ArticleService
from wikifeed_server.services.catalog import CatalogService
from wikifeed_server.services.change import ChangeService
from wikifeed_server.services.snapshot import SnapshotService
from wikifeed_server.snapshots import SnapshotLibrary
from wikifeed_server.store import Reader
from wikifeed_server.transport.gate import Gate

CALLER = web.RequestKey("caller", Caller)  # who calls, in each request that needs a caller
GATE = web.AppKey("gate", Gate)  # bounds on calls and streams at once


@dataclass(frozen=True, slots=True)
class Parts:
    """The services and what stands beside them, the same as gRPC's.

    `stopping` is set when the server is told to stop; streams end then. `grpc_address` is where this server answers
    gRPC, for people to read. `services` are gRPC's own, by the full names of their contracts; where there are none, no
    RPC is answered by its name.
    """

    reader: Reader
    guard: Guard
    accounts: Accounts
    articles: ArticleService
    changes: ChangeService
    catalog: CatalogService
    snapshot_service: SnapshotService
    snapshots: SnapshotLibrary
    batches: BatchLibrary
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    heartbeat_seconds: float = 15.0
    store_folder: Path = field(default_factory=Path)
    grpc_address: str = "localhost:50051"
    read_seconds: float = 30.0
    stalled_seconds: float = 60.0  # how long a stream waits for a client that takes nothing
    services: Mapping[str, object] = field(default_factory=dict)
