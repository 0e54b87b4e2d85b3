"""Passwords: what they may be, and their argon2id hashes, made and checked in threads."""

import asyncio
import functools
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from wikifeed_server.errors import FieldViolation, InvalidRequestError

_MIN_CHARACTERS = 12
_MAX_BYTES = 1024
_AT_ONCE = 2  # a hash takes 64 MB and four threads for a twentieth of a second


def check_password(field: str, password: str) -> None:
    """Raise InvalidRequestError for a password that no account may have."""
    if len(password) < _MIN_CHARACTERS:
        raise InvalidRequestError([FieldViolation(field, f"at least {_MIN_CHARACTERS} characters")])
    if len(_encoded(password)) > _MAX_BYTES:
        raise InvalidRequestError([FieldViolation(field, f"at most {_MAX_BYTES} bytes of UTF-8")])


class PasswordHashing:
    """Makes and checks hashes, two at once. `hasher` says how costly hashes are to be."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="passwords")
        self._nobodys = functools.cache(functools.partial(self._hasher.hash, b"nobody's"))

    async def hash(self, password: str) -> str:
        """The hash to keep."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._hasher.hash, _encoded(password))

    async def is_right(self, kept: str | None, password: str) -> bool:
        """Whether it is the password of the kept hash. Without one it takes as long, and is False."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._verify, kept, password)

    def is_outdated(self, kept: str) -> bool:
        """Whether the hash was made at another cost than hashes are made at."""
        return self._hasher.check_needs_rehash(kept)

    async def close(self) -> None:
        """Let go of the threads."""
        await asyncio.to_thread(self._threads.shutdown)

    def _verify(self, kept: str | None, password: str) -> bool:
        nobodys = self._nobodys()
        encoded = _encoded(password)
        if len(encoded) > _MAX_BYTES:
            kept, encoded = None, b""
        try:
            return self._hasher.verify(kept or nobodys, encoded) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def _encoded(password: str) -> bytes:
    # JSON can spell half of a surrogate pair, which UTF-8 can't.
    return password.encode(errors="surrogatepass")
