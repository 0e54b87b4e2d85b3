import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikifeed_server.runtime.knobs import ADDRESS, ORIGIN, parse_duration, parse_size, seconds, whole, write_size


@pytest.mark.parametrize(
    ("text", "size"),
    [("0", 0), ("4096", 4096), ("100MB", 100_000_000), ("64KiB", 65536), ("1.5 GB", 1_500_000_000), ("2g", 2 * 10**9)],
)
def test_sizes_are_read_with_decimal_and_binary_units(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize(
    ("text", "length"), [("90", 90), ("90s", 90), ("5m", 300), ("2h", 7200), ("3d", 259200), ("1w", 604800)]
)
def test_durations_are_read_with_units(text, length):
    assert parse_duration(text) == length


@pytest.mark.parametrize("parse", [parse_size, parse_duration])
@pytest.mark.parametrize("text", ["", "x", "-1", "1x", "1 2", "nan", "1e3"])
def test_what_is_no_amount_is_refused(parse, text):
    with pytest.raises(ValueError, match=r".*"):
        parse(text)


@given(st.text(max_size=20))
def test_any_text_is_a_size_or_a_value_error(text):
    with contextlib.suppress(ValueError):
        assert parse_size(text) >= 0


@given(st.integers(0, 2**50))
def test_a_size_is_read_back_as_it_is_written(size):
    assert parse_size(str(write_size(size))) == size


def test_a_size_is_written_with_the_largest_unit_that_fits():
    assert [write_size(size) for size in (0, 1000, 65536, 3 << 20)] == [0, 1000, "64KiB", "3MiB"]


@pytest.mark.parametrize("text", ["127.0.0.1:50051", "localhost:1", "[::1]:50051", "0.0.0.0:0", "unix:/run/feed.sock"])
def test_addresses_that_can_be_listened_on_pass(text):
    assert ADDRESS.parse(text) == text


@pytest.mark.parametrize(
    "text", ["", "50051", ":50051", "localhost", "localhost:", "localhost:65536", "::1:50051", "unix:"]
)
def test_addresses_without_host_or_port_are_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        ADDRESS.parse(text)


def test_numbers_out_of_range_are_refused():
    with pytest.raises(ValueError, match="9"):
        whole(1, 8).parse("9")
    with pytest.raises(ValueError, match="0"):
        seconds(1, 8).parse("0.5")


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("*", "*"),
        ("https://App.example", "https://app.example"),
        ("https://app.example:443", "https://app.example"),
        ("http://localhost:80", "http://localhost"),
        ("http://localhost:443", "http://localhost:443"),
        ("http://[::1]:5173", "http://[::1]:5173"),
        ("chrome-extension://abcdef", "chrome-extension://abcdef"),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(text, origin):
    assert ORIGIN.parse(text) == origin


@pytest.mark.parametrize(
    "text",
    [
        "",
        "app.example",
        "https://",
        "https://app.example/",
        "https://a.b/c",
        "https://u@a.b",
        "null",
        "a:b",
        "https://a.b:x",
    ],
)
def test_what_is_no_origin_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        ORIGIN.parse(text)
