"""How glibc's allocator keeps memory for the buffers of large messages."""

import ctypes

# From malloc.h; mallopt(3) tells of each.
_M_TRIM_THRESHOLD = -1
_M_TOP_PAD = -2
_M_MMAP_THRESHOLD = -3

_KEEP_BYTES = 256 << 20
_STEP_BYTES = 16 << 20
_MAPPED_FROM_BYTES = 32 << 20  # the most that glibc takes


def keep_freed_memory() -> bool:
    """Have the allocator keep what a message's buffer took for the next one; whether this system can.

    By default glibc maps each buffer of some 100 KB anew and gives it back, and the kernel clears every page of it each
    time: that halves the speed of exports. Setting it here rather than through the environment needs no second start.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # not glibc: macOS, musl
        return False
    settings = {_M_MMAP_THRESHOLD: _MAPPED_FROM_BYTES, _M_TRIM_THRESHOLD: _KEEP_BYTES, _M_TOP_PAD: _STEP_BYTES}
    return bool(min(mallopt(name, value) for name, value in settings.items()))
