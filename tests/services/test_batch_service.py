"""BatchService over the files of a real store."""

import random
from datetime import UTC, datetime

import google_crc32c
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from made_up_feed import START

from wikifeed.v1 import batch_service_pb2 as messages
from wikifeed_server.batches import HOUR_MICROSECONDS, BatchLibrary, hour_of, write_hour
from wikifeed_server.errors import BatchNotFoundError, InvalidRequestError, PositionBeyondEndError
from wikifeed_server.services.batch import BatchService

HOURS = [hour_of(START) + number * HOUR_MICROSECONDS for number in range(3)]


def moment(microseconds):
    stamp = Timestamp()
    stamp.FromMicroseconds(microseconds)
    return stamp


@pytest.fixture
async def batches(feed, reader, tmp_path):
    """A service with three hours, each with four batches: two namespaces in two formats."""
    library = BatchLibrary(tmp_path)
    rng = random.Random(1)
    for hour in HOURS:
        feed.time = hour + 1
        for number in range(20):
            feed.publish(f"Page {hour}/{number}", namespace=number % 2, text=rng.randbytes(2000).hex())
    for hour in HOURS:
        await write_hour(reader, hour, library.begin(hour))
        library.finish(hour)
    return BatchService(library)


async def listed(batches, **fields):
    found, token = [], ""
    while True:
        request = messages.ListBatchesRequest(page_token=token, page_size=3, **fields)
        response = messages.ListBatchesResponse.FromString(await batches.ListBatches(request))
        found += response.batches
        assert len(response.batches) <= 3
        token = response.next_page_token
        if not token:
            return found


async def export(batches, **fields):
    request = messages.ExportBatchRequest(**fields)
    return [messages.ExportBatchResponse.FromString(data) async for data in batches.ExportBatch(request)]


async def test_batches_are_listed_the_newest_hour_first(batches):
    found = await listed(batches)
    assert [batch.hour.ToMicroseconds() for batch in found] == [hour for hour in reversed(HOURS) for _ in range(4)]
    names = ["enwiki_namespace_0", "enwiki_namespace_0_zst", "enwiki_namespace_1", "enwiki_namespace_1_zst"]
    assert [batch.identifier for batch in found] == 3 * names
    assert sum(batch.changes_count for batch in found) == 2 * 60


async def test_a_list_keeps_to_an_hour_a_project_and_a_namespace(batches):
    of_hour = await listed(batches, hour=moment(HOURS[1] + 12345), namespaces=[1])
    assert [batch.identifier for batch in of_hour] == ["enwiki_namespace_1", "enwiki_namespace_1_zst"]
    assert await listed(batches, projects=["dewiki"]) == []


async def test_batches_of_one_hour_follow_those_of_the_hour_before(batches):
    bounds = [(b.after_offset, b.through_offset) for b in reversed(await listed(batches, namespaces=[0]))][::2]
    assert bounds == [(0, 20), (20, 40), (40, 60)]


@pytest.mark.parametrize("position", [0, 1, 4096, 5000])
async def test_a_file_can_be_had_from_any_byte(batches, tmp_path, position):
    hour = datetime.fromtimestamp(HOURS[0] // 1_000_000, UTC)
    path = tmp_path / "blobs" / "batches" / hour.strftime("%Y-%m-%d/%H") / "enwiki_namespace_0.tar.gz"
    data = path.read_bytes()
    pieces = await export(
        batches, hour=moment(HOURS[0]), identifier="enwiki_namespace_0", start_position=position, max_data_bytes=4096
    )
    assert b"".join(piece.data for piece in pieces) == data[position:]
    for piece in pieces:
        assert piece.crc32c == google_crc32c.value(piece.data)
        assert piece.size_bytes == len(data)
        assert data[piece.position :].startswith(piece.data)
    assert pieces[-1].sha256


async def test_what_is_not_there_is_not_found(batches):
    for hour, identifier in ((HOURS[2] + HOUR_MICROSECONDS, "enwiki_namespace_0"), (HOURS[0], "enwiki_namespace_7")):
        with pytest.raises(BatchNotFoundError, match="ListBatches"):
            await batches.GetBatch(messages.GetBatchRequest(hour=moment(hour), identifier=identifier))


async def test_a_start_beyond_the_end_is_refused_with_the_size(batches):
    with pytest.raises(PositionBeyondEndError) as caught:
        await export(batches, hour=moment(HOURS[0]), identifier="enwiki_namespace_0", start_position=1 << 40)
    assert int(caught.value.metadata["size_bytes"]) > 0


@pytest.mark.parametrize("token", ["x", "e30=", "bnVsbA=="])
async def test_a_token_of_somebody_else_is_refused(batches, token):
    with pytest.raises(InvalidRequestError):
        await batches.ListBatches(messages.ListBatchesRequest(page_token=token))
