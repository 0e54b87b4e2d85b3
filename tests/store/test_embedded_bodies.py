"""Bodies as they are kept, on disk and in memory."""

from hypothesis import given
from hypothesis import strategies as st

from wikifeed_server.store.embedded.bodies import BodyCodec, FragmentCache


@given(st.one_of(st.binary(max_size=2000), st.integers(0, 5000).map(lambda n: b"ab" * n)))
def test_packing_gives_back_every_fragment(fragment: bytes) -> None:
    packed = BodyCodec().pack(fragment)
    if packed is None:
        assert fragment == b""
    else:
        assert BodyCodec().unpack(packed) == fragment
        assert len(packed) <= len(fragment) + 1


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 300)), max_size=60))
def test_the_cache_keeps_within_its_bytes_and_never_mixes_keys(puts: list[tuple[int, int]]) -> None:
    cache = FragmentCache(4000)
    kept = set()
    for key, size in puts:
        if cache.get(key) is None:
            cache.put(key, (bytes([key]) * size,))
        kept = {key for key in range(21) if cache.get(key) is not None}
        assert sum(len(b"".join(cache.get(key) or ())) for key in kept) <= 4000
    for key in kept:
        assert set(b"".join(cache.get(key) or ())) <= {key}


def test_the_cache_drops_what_was_not_asked_for_longest() -> None:
    cache = FragmentCache(10_000)
    for key in range(9):
        cache.put(key, (bytes(700),))
    assert cache.get(0) is not None
    cache.put(9, (bytes(900),))
    assert [key for key in range(10) if cache.get(key) is not None] == [0, *range(2, 10)]


def test_one_huge_entry_does_not_drive_out_the_others() -> None:
    cache = FragmentCache(10_000)
    cache.put(1, (bytes(500),))
    cache.put(2, (bytes(9_000),))
    assert cache.get(1) is not None
    assert cache.get(2) is None


def test_a_cleared_cache_is_as_a_new_one() -> None:
    cache = FragmentCache(10_000)
    for round_ in range(3):
        for key in range(9):
            assert cache.get(key) is None
            cache.put(key, (bytes(700 + round_),))
        assert all(cache.get(key) == (bytes(700 + round_),) for key in range(9))
        cache.clear()
