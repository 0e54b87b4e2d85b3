"""Range headers against a model: the set of positions that RFC 9110 says a range is of."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy

from wikifeed_server.gateway.files import StoredFile
from wikifeed_server.gateway.ranges import Answer, answer_for, read_range
from wikifeed_server.snapshots.joining import Piece

ETAG, MODIFIED, SIZE = "abc", 1_700_000_000, 1000
MADE, LATER, EARLIER = (
    "Tue, 14 Nov 2023 22:13:20 GMT",
    "Tue, 14 Nov 2023 22:13:21 GMT",
    "Tue, 14 Nov 2023 22:13:19 GMT",
)

sizes = st.integers(0, 2**40)
numbers = st.integers(0, 2**41) | st.just(10**30)
blanks = st.sampled_from(["", " ", "\t "])


def model(first: int | None, last: int | None, size: int) -> tuple[int, int] | None:
    """The first position and the count of positions p < size with first <= p <= last, or of the last `last`."""
    if first is None:
        return max(size - last, 0), min(last, size)
    if last is not None and last < first:
        return None
    end = size if last is None else min(last + 1, size)
    return (first, end - first) if first < end else (size, 0)


def answered(size=SIZE, **headers) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return answer_for(CIMultiDictProxy(CIMultiDict(named)), ETAG, MODIFIED, size)


@given(sizes, numbers, st.none() | numbers, blanks, blanks, st.sampled_from(["bytes", "Bytes", "BYTES "]))
def test_a_range_is_read_as_the_rfc_says(size, first, last, before, behind, unit):
    header = f"{unit}={before}{first}-{'' if last is None else last}{behind}"
    assert read_range(header, size) == model(first, last, size)


@given(sizes, numbers)
def test_a_suffix_is_the_end_of_the_file(size, count):
    assert read_range(f"bytes=-{count}", size) == model(None, count, size)


@given(st.text("0123456789-, bytes=\t+x", max_size=30), sizes)
def test_whatever_is_written_gives_bytes_of_the_file_or_all_of_it(text, size):
    for header in (text, f"bytes={text}"):
        chosen = read_range(header, size)
        if chosen is not None:
            first, length = chosen
            assert 0 <= first <= first + length <= size


@given(st.text(max_size=40), sizes)
def test_any_text_in_any_header_is_answered(text, size):
    for name in ("Range", "If-Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"):
        assert answered(size, **{name: text, "Range": "bytes=0-0"}).status in {200, 206, 304, 412, 416}


def test_several_ranges_other_units_and_what_is_no_range_are_ignored():
    for header in ("bytes=0-1,5-6", "lines=0-1", "bytes 0-1", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-3", "0-1"):
        assert answered(Range=header) == Answer(200, 0, SIZE)
    assert answered(Range="bytes=0-1,") == Answer(206, 0, 2)  # an empty entry of a list is none


def test_a_range_without_bytes_is_not_satisfiable():
    for header in (f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE + 5}", "bytes=-0", f"bytes=1{'0' * 5000}-"):
        assert answered(Range=header).status == 416
    assert answered(0, Range="bytes=0-").status == 416


def test_the_end_of_a_range_is_at_most_the_files():
    assert answered(Range=f"bytes=0-{SIZE}") == Answer(206, 0, SIZE)
    assert answered(Range=f"bytes=990-{'9' * 5000}") == Answer(206, 990, 10)


def test_if_range_lets_a_range_through_for_the_same_file_only():
    part, whole = Answer(206, 0, 1), Answer(200, 0, SIZE)
    for same in (f'"{ETAG}"', MADE):
        assert answered(Range="bytes=0-0", If_Range=same) == part
    for other in ('"other"', f'W/"{ETAG}"', LATER, EARLIER, "garbage", ""):
        assert answered(Range="bytes=0-0", If_Range=other) == whole


def test_what_the_client_has_is_not_sent():
    for header in (f'"{ETAG}"', f'W/"{ETAG}"', "*", f'"x", "{ETAG}"'):
        assert answered(If_None_Match=header).status == 304
    for header in ('"other"', ETAG, '"*"'):
        assert answered(If_None_Match=header).status == 200
    assert answered(If_Modified_Since=MADE).status == 304
    assert answered(If_Modified_Since=LATER).status == 304
    assert answered(If_Modified_Since=EARLIER).status == 200
    assert answered(If_Modified_Since=LATER, If_None_Match='"other"').status == 200  # the tag decides
    assert answered(If_Modified_Since="yesterday").status == 200


def test_what_the_client_does_not_expect_is_refused():
    for header in (f'"{ETAG}"', "*", f'"x", "{ETAG}"'):
        assert answered(If_Match=header).status == 200
    for header in ('"other"', f'W/"{ETAG}"', "garbage"):
        assert answered(If_Match=header, Range="bytes=0-0").status == 412
    assert answered(If_Unmodified_Since=EARLIER).status == 412
    assert answered(If_Unmodified_Since=MADE).status == 200
    assert answered(If_Unmodified_Since=EARLIER, If_Match=f'"{ETAG}"').status == 200


def test_several_lines_of_a_header_are_one_list():
    headers = CIMultiDict([("If-None-Match", '"x"'), ("If-None-Match", f'"{ETAG}"')])
    assert answer_for(CIMultiDictProxy(headers), ETAG, MODIFIED, SIZE).status == 304


@given(st.lists(st.integers(0, 9), max_size=8), st.integers(0, 80), st.integers(0, 80))
def test_pieces_of_files_hold_the_bytes_of_their_whole(lengths, first, length):
    pieces = tuple(Piece(str(number), 3, size) for number, size in enumerate(lengths))
    whole = [(piece.file_name, 3 + at) for piece in pieces for at in range(piece.length)]
    file = StoredFile(Path(), pieces, "whole", "abc", 0)
    assert file.size_bytes == len(whole)
    found = file.within(first, length)
    bytes_of = [(piece.file_name, at) for piece in found for at in range(piece.start, piece.start + piece.length)]
    assert bytes_of == whole[first : first + length]
    assert all(piece.length for piece in found)
