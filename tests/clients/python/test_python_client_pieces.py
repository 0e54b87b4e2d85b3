"""Messages that bring files, read where they lie: the same fields that protobuf reads, and the same sums."""

import google_crc32c
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikifeed.v1.batch_service_pb2 import ExportBatchResponse
from wikifeed.v1.snapshot_service_pb2 import ExportSnapshotResponse
from wikifeed_client._pieces import read_piece

BYTES = st.binary(max_size=300)
COMMON = {
    "position": st.integers(0, (1 << 63) - 1),
    "sha256": st.text(max_size=64),
    "size_bytes": st.integers(0, (1 << 63) - 1),
    "data": BYTES,
}
SNAPSHOT_PIECES = st.builds(
    ExportSnapshotResponse,
    chunk_number=st.integers(0, (1 << 31) - 1),
    offset=st.integers(0, (1 << 64) - 1),
    crc32c=st.integers(0, (1 << 32) - 1),
    **COMMON,
)
BATCH_PIECES = st.builds(ExportBatchResponse, crc32c=st.integers(0, (1 << 32) - 1), **COMMON)
# Fields of a newer server, of all kinds: varint, 64 bits, bytes, 32 bits.
UNKNOWN = st.sampled_from([b"\xf8\x01\x96\x01", b"\xf9\x01ABCDEFGH", b"\xfa\x01\x03xyz", b"\xfd\x01ABCD", b""])


@given(SNAPSHOT_PIECES | BATCH_PIECES, UNKNOWN, UNKNOWN)
def test_the_fields_are_those_that_protobuf_reads(message, before, behind):
    piece = read_piece(before + message.SerializeToString() + behind)
    number = message.chunk_number if isinstance(message, ExportSnapshotResponse) else 0
    assert (piece.chunk_number, piece.position, piece.crc32c) == (number, message.position, message.crc32c)
    assert piece.data == message.data


@given(BYTES, st.text(max_size=64), UNKNOWN, UNKNOWN)
def test_a_piece_is_intact_when_its_bytes_have_their_sum(data, sha256, before, behind):
    right = ExportSnapshotResponse(data=data, sha256=sha256, crc32c=google_crc32c.value(data))
    assert read_piece(before + right.SerializeToString() + behind).is_intact
    right.crc32c ^= 1
    assert not read_piece(before + right.SerializeToString() + behind).is_intact


@given(BYTES.filter(bool), st.data())
def test_a_piece_with_a_bit_that_was_flipped_is_not_intact(data, drawn):
    damaged = bytearray(data)
    bit = drawn.draw(st.integers(0, 8 * len(data) - 1))
    damaged[bit // 8] ^= 1 << bit % 8
    message = ExportBatchResponse(data=bytes(damaged), crc32c=google_crc32c.value(data))
    assert not read_piece(message.SerializeToString()).is_intact


@given(SNAPSHOT_PIECES, st.data())
def test_a_message_that_is_cut_off_is_none(message, drawn):
    whole = message.SerializeToString() + b"\x7a\x05fives"
    with pytest.raises((ValueError, IndexError)):
        read_piece(whole[: drawn.draw(st.integers(len(whole) - 6, len(whole) - 1))])


def test_groups_are_of_no_message_of_ours():
    with pytest.raises(ValueError, match="of kind 3 at byte 1"):
        read_piece(b"\x7b\x7c")
