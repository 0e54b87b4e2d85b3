"""Snapshots and batches: which a plan shows, and as what a download of them counts."""

from datetime import UTC, datetime

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from wikifeed.v1.batch_service_pb2 import ExportBatchRequest
from wikifeed.v1.snapshot_service_pb2 import ExportSnapshotRequest, GetSnapshotRequest
from wikifeed_server.accounts import OPEN_PLAN, Plan, UsageKind, batch_file, snapshot_file, visible_snapshots
from wikifeed_server.accounts.model import Cadence
from wikifeed_server.errors import PermissionDeniedError
from wikifeed_server.snapshots import Manifest, SnapshotLibrary, SnapshotSpec
from wikifeed_server.snapshots.manifest import ChunkEntry
from wikifeed_server.snapshots.spec import manifest_name

EXPORT = "/wikifeed.v1.SnapshotService/ExportSnapshot"
GET = "/wikifeed.v1.SnapshotService/GetSnapshot"
EXPORT_BATCH = "/wikifeed.v1.BatchService/ExportBatch"
ENWIKI = "enwiki_namespace_0"
MONTHLY = Plan("monthly", snapshot_cadence=Cadence.MONTHLY)


def moment(month, day):
    return int(datetime(2026, month, day, tzinfo=UTC).timestamp()) * 1_000_000


class Shelf:
    """Puts ready snapshots, without their files, where the library finds them."""

    def __init__(self, folder):
        self._folder = folder / "blobs" / "snapshots"
        self.library = SnapshotLibrary(folder)

    def put(self, offset, created=0, *, chunks=1, project="enwiki", chunk_size=0):
        spec = SnapshotSpec(project, 0, offset, chunk_size_bytes=chunk_size)
        entries = tuple(ChunkEntry(spec.file_name(n), 1, 1, "", "", b"", 1, 1, 1) for n in range(chunks))
        manifest = Manifest(spec, "en", created, created, 0, "", entries)
        folder = self._folder / spec.identifier / str(offset)
        folder.mkdir(parents=True)
        (folder / manifest_name(spec.identifier)).write_bytes(manifest.to_json())


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path)


@pytest.fixture
async def caller_of(accounts, guard, key_of):
    async def make(plan):
        await accounts.put_plan(plan)
        await accounts.add("ada", None, plan.identifier)
        return await guard.caller(await key_of("ada"))

    return make


@pytest.fixture
async def used(accounts):
    async def read():
        counts = await accounts.usage_of_month("ada")
        return counts[UsageKind.SNAPSHOT_DOWNLOAD], counts[UsageKind.CHUNK_DOWNLOAD]

    return read


async def test_snapshot_counts_once_a_day_wherever_its_export_begins(guard, shelf, caller_of, used):
    shelf.put(7)
    caller = await caller_of(Plan("all"))
    for request in (
        ExportSnapshotRequest(identifier=ENWIKI),
        ExportSnapshotRequest(identifier=ENWIKI, offset=7, start_position=1),
        ExportSnapshotRequest(identifier=ENWIKI, offset=7, chunk_count=1),
    ):
        await guard.admit(caller, EXPORT, request)
    await guard.admit_download(caller, UsageKind.SNAPSHOT_DOWNLOAD, "enwiki", snapshot_file(ENWIKI, 7))
    assert await used() == (1, 0)


async def test_export_without_an_offset_is_bound_to_the_snapshot_that_was_counted(guard, shelf, caller_of, used):
    caller = await caller_of(Plan("all"))
    request = ExportSnapshotRequest(identifier=ENWIKI)
    for offset in (7, 9):
        shelf.put(offset)
        assert (await guard.admit(caller, EXPORT, request)).offset == offset
    assert request.offset == 0
    assert await used() == (2, 0)


@pytest.mark.parametrize(
    ("fields", "counted"),
    [
        ({}, (1, 0)),
        ({"chunk_count": 2}, (1, 0)),
        ({"first_chunk": 1}, (1, 0)),
        ({"chunk_count": 1}, (0, 1)),
        ({"first_chunk": 2, "chunk_count": 1}, (0, 1)),
        ({"first_chunk": 2}, (0, 1)),
    ],
)
async def test_single_chunk_counts_as_a_chunk(guard, shelf, caller_of, used, fields, counted):
    shelf.put(7, chunks=3, chunk_size=1 << 20)
    await guard.admit(await caller_of(Plan("all")), EXPORT, ExportSnapshotRequest(identifier=ENWIKI, **fields))
    assert await used() == counted


async def test_chunk_counts_once_a_day_over_either_transport(guard, shelf, caller_of, used):
    shelf.put(7, chunks=3, chunk_size=1 << 20)
    caller = await caller_of(Plan("all"))
    await guard.admit(caller, EXPORT, ExportSnapshotRequest(identifier=ENWIKI, first_chunk=1, chunk_count=1))
    file = snapshot_file(f"{ENWIKI}_chunk_1", 7)
    await guard.admit_download(caller, UsageKind.CHUNK_DOWNLOAD, "enwiki", file)
    assert await used() == (0, 1)


async def test_snapshot_that_is_not_there_or_not_ready_counts_nothing(guard, shelf, caller_of, used):
    caller = await caller_of(Plan("all"))
    request = ExportSnapshotRequest(identifier=ENWIKI)
    assert await guard.admit(caller, EXPORT, request) is request
    shelf.library.claim(SnapshotSpec("enwiki", 0, 7))
    await guard.admit(caller, EXPORT, request)
    assert await used() == (0, 0)


async def test_batch_counts_once_a_day_whatever_moment_of_its_hour_is_named(accounts, guard, caller_of):
    caller = await caller_of(Plan("all"))
    for seconds in (7200, 10799):
        request = ExportBatchRequest(identifier=ENWIKI, hour=Timestamp(seconds=seconds))
        assert await guard.admit(caller, EXPORT_BATCH, request) is request
    await guard.admit_download(caller, UsageKind.BATCH_DOWNLOAD, "enwiki", batch_file(ENWIKI, 7200 * 1_000_000))
    assert (await accounts.usage_of_month("ada"))[UsageKind.BATCH_DOWNLOAD] == 1


def test_monthly_plan_sees_the_first_ready_snapshot_of_each_month(shelf):
    for offset, month, day in ((1, 1, 3), (2, 1, 9), (3, 2, 1), (4, 2, 28)):
        shelf.put(offset, moment(month, day))
    shelf.put(5, moment(2, 2), project="dewiki")
    shelf.library.claim(SnapshotSpec("frwiki", 0, 6))
    statuses = shelf.library.list()
    seen = [(each.spec.project, each.spec.offset) for each in visible_snapshots(MONTHLY, statuses)]
    assert seen == [("dewiki", 5), ("enwiki", 3), ("enwiki", 1)]
    assert visible_snapshots(OPEN_PLAN, statuses) == statuses


def test_plan_sees_the_snapshots_of_its_projects(shelf):
    shelf.put(1)
    shelf.put(2, project="dewiki")
    seen = visible_snapshots(Plan("narrow", projects=("dewiki",)), shelf.library.list())
    assert [each.spec.project for each in seen] == ["dewiki"]


@pytest.mark.parametrize(("method", "request_type"), [(EXPORT, ExportSnapshotRequest), (GET, GetSnapshotRequest)])
async def test_monthly_plan_gets_what_it_sees(guard, shelf, caller_of, used, method, request_type):
    for offset, month, day in ((1, 1, 3), (2, 1, 9), (3, 2, 1), (4, 2, 28)):
        shelf.put(offset, moment(month, day))
    caller = await caller_of(MONTHLY)
    newest = await guard.admit(caller, method, request_type(identifier=ENWIKI))
    assert newest.offset == 3
    await guard.admit(caller, method, request_type(identifier=ENWIKI, offset=1))
    counted = await used()
    for offset in (2, 4):
        with pytest.raises(PermissionDeniedError):
            await guard.admit(caller, method, request_type(identifier=ENWIKI, offset=offset))
    assert await used() == counted == ((2, 0) if method == EXPORT else (0, 0))
    missing = request_type(identifier=ENWIKI, offset=99)
    assert await guard.admit(caller, method, missing) is missing
