"""A source's file as it lies on the disk."""

import hashlib
from collections.abc import Generator
from pathlib import Path

from wikifeed_server.errors import SourceError

_BLOCK_BYTES = 64 << 10

Pieces = Generator[bytes, None, None]


class RawFile:
    """A file's bytes, packed or not. `position` is how many of them the latest reading has taken."""

    def __init__(self, path: Path) -> None:
        """Raises SourceError when the path leads to no file that can be read."""
        self.path = path
        self.position = 0
        if path.is_dir():
            raise SourceError(f"{path} is a folder; name the file in it that is to be imported")
        if path.exists() and not path.is_file():
            raise SourceError(f"{path} is not a regular file; save what it gives to a file and import that")
        try:
            with path.open("rb") as file:
                self.head = file.read(_BLOCK_BYTES)
                self.size = file.seek(0, 2)
                file.seek(max(0, self.size - _BLOCK_BYTES))
                tail = file.read()
        except OSError as error:
            raise SourceError(f"{path} can't be read: {error.strerror}; check its name and rights") from error
        self._digest = hashlib.sha256(self.head + tail).hexdigest()[:32]

    @property
    def identity(self) -> str:
        """Name, size and a hash of the first and last bytes: the same wherever the file lies and however old it is."""
        return f"{self.path.name} {self.size} {self._digest}"

    def blocks(self) -> Pieces:
        """The file from its start, some tens of kilobytes at a time. Raises SourceError when the disk fails."""
        self.position = 0
        try:
            with self.path.open("rb") as file:
                while block := file.read(_BLOCK_BYTES):
                    self.position += len(block)
                    yield block
        except OSError as error:
            raise SourceError(f"{self.path} can't be read on at byte {self.position:,}: {error.strerror}") from error
