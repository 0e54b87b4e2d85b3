"""How bodies are kept: compressed, and the recently read ones in memory.

A version never changes once it has its offset, so what is cached by offset goes stale only where something is taken out
of versions because it was hidden: see `redacting`.
"""

from collections import OrderedDict

import zstandard

# Level 1 shrinks wikitext and HTML to a third at 0.3 GB/s and leaves them at 1.2 GB/s; higher levels save a tenth more.
_LEVEL = 1
_RAW = b"\0"  # a zstd frame begins with 0x28 (RFC 8878, 3.1.1), so the first byte tells them apart
_LARGEST_SHARE = 8


class BodyCodec:
    """Packs and unpacks fragments. One for each thread: zstd's contexts are not for sharing."""

    def __init__(self) -> None:
        self._compress = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress
        self._decompress = zstandard.ZstdDecompressor().decompress

    def pack(self, fragment: bytes) -> bytes | None:
        """The stored form; None for an empty fragment."""
        if not fragment:
            return None
        packed = self._compress(fragment)
        return packed if len(packed) <= len(fragment) else _RAW + fragment

    def unpack(self, stored: bytes) -> bytes:
        """The fragment. Raises zstandard.ZstdError when the stored form is damaged."""
        return stored[1:] if stored[0] == 0 else self._decompress(stored)


class FragmentCache:
    """The fragments last read, up to a number of bytes. For use by one thread."""

    def __init__(self, capacity_bytes: int) -> None:
        self._capacity_bytes = capacity_bytes
        self._size_bytes = 0
        self._entries: OrderedDict[int, tuple[bytes, ...]] = OrderedDict()

    def get(self, key: int) -> tuple[bytes, ...] | None:
        """What was put under the key, if it is still there."""
        found = self._entries.get(key)
        if found is not None:
            self._entries.move_to_end(key)
        return found

    def put(self, key: int, fragments: tuple[bytes, ...]) -> None:
        """Keep the fragments of a key that is not there yet, and drop those that were not asked for longest."""
        size = _size(fragments)
        # One huge page must not drive out all others.
        if size > self._capacity_bytes // _LARGEST_SHARE:
            return
        self._entries[key] = fragments
        self._size_bytes += size
        while self._size_bytes > self._capacity_bytes:
            _, dropped = self._entries.popitem(last=False)
            self._size_bytes -= _size(dropped)

    def clear(self) -> None:
        """Forget all of it."""
        self._entries.clear()
        self._size_bytes = 0


def _size(fragments: tuple[bytes, ...]) -> int:
    # About 300 bytes for the key, the tuple, the objects' heads and the entry itself.
    return 300 + sum(map(len, fragments))
