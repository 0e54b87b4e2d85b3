"""Server-Sent Events, however their bytes are cut."""

import itertools
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikifeed_server.sources.eventstreams.sse import EventParser, ServerSentEvent

LONGEST = 1000


def parsed(*pieces: bytes, longest: int = LONGEST) -> list[ServerSentEvent]:
    parser = EventParser(longest)
    return [event for piece in pieces for event in parser.feed(piece)]


@pytest.mark.parametrize(
    ("stream", "events"),
    [
        (b"data: a\n\n", [(b"", "message", b"a")]),
        (b"data:a\n\n", [(b"", "message", b"a")]),
        (b"data:  a\n\n", [(b"", "message", b" a")]),
        (b"data: a\r\rdata: b\r\n\r\n", [(b"", "message", b"a"), (b"", "message", b"b")]),
        (b"\xef\xbb\xbfdata: a\n\n", [(b"", "message", b"a")]),
        (b"data: a\ndata: b\n\n", [(b"", "message", b"a\nb")]),
        (b"data\n\n", [(b"", "message", b"")]),
        (b": a comment\n\n", []),
        (b"event: x\n\ndata: a\n\n", [(b"", "message", b"a")]),
        (b"event: x\nid: 7\ndata: a\n\ndata: b\n\n", [(b"7", "x", b"a"), (b"7", "message", b"b")]),
        (b"id: 7\n\nid: 8\0\ndata: a\n\n", [(b"7", "message", b"a")]),
        (b"retry: 10\nunheard: of\ndata: a\n\n", [(b"", "message", b"a")]),
        (b"data: not ended\n", []),
    ],
)
def test_a_stream_is_read_as_the_standard_says(stream, events):
    assert parsed(stream) == events


SHORT = [b"data: x", b"data", b"id: 3", b"id", b"event: e", b":c", b"", b"data: \xef\xbb\xbf", b"data:" + b"y" * 600]
# About as long as may be, and longer.
LONG = [*(b"data:" + b"z" * count for count in (994, 995, 996)), b":" + b"c" * 1500, b"id:" + b"8" * 1500]
LINES = st.sampled_from(SHORT + LONG)
ENDS = st.sampled_from([b"\n", b"\r", b"\r\n"])


@given(st.lists(st.tuples(LINES, ENDS), max_size=30), st.lists(st.integers(0, 4000), max_size=12), st.booleans())
def test_however_it_is_cut_the_events_are_the_same(lines, places, bom):
    stream = b"\xef\xbb\xbf" * bom + b"".join(line + end for line, end in lines)
    borders = sorted({min(place, len(stream)) for place in places} | {0, len(stream)})
    whole = EventParser(LONGEST)
    expected = whole.feed(stream)
    cut = EventParser(LONGEST)
    found = [event for a, b in itertools.pairwise(borders) for event in cut.feed(stream[a:b])]
    assert found == expected
    assert cut.skipped == whole.skipped


@pytest.mark.parametrize("piece", [1, 7, 10_000])
@pytest.mark.parametrize("too_long", [b"data: " + b"x" * 2000, b"data: " + b"x" * 600 + b"\ndata: " + b"y" * 600])
def test_an_event_that_is_too_long_is_passed_over(piece, too_long):
    stream = b"data: before\n\nid: 5\n" + too_long + b"\n\ndata: after\n\n"
    parser = EventParser(LONGEST)
    found = [event for place in range(0, len(stream), piece) for event in parser.feed(stream[place : place + piece])]
    assert [event.data for event in found] == [b"before", b"after"]
    assert found[1].identifier == b"5"
    assert parser.skipped == 1


def test_an_event_of_eight_megabytes_in_small_pieces():
    stream = b"data: " + b"x" * (8 << 20) + b"\n\n"
    pieces = [stream[place : place + 4096] for place in range(0, len(stream), 4096)]
    (event,) = parsed(*pieces, longest=32 << 20)
    assert len(event.data) == 8 << 20


def test_a_comment_that_is_too_long_spoils_no_event():
    stream = b"data: a\n:" + b"c" * 2000 + b"\ndata: b\n\n"
    parser = EventParser(LONGEST)
    found = [event for place in range(len(stream)) for event in parser.feed(stream[place : place + 1])]
    assert [event.data for event in found] == [b"a\nb"]
    assert parser.skipped == 0


def test_what_is_held_of_too_long_a_line_is_bounded():
    tracemalloc.start()
    try:
        parser = EventParser(1 << 20)
        for _ in range(512):
            assert parser.feed(b"data: " + b"x" * (64 << 10)) == []
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()
