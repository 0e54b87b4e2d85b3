"""Brings a store of an older version to this one on behalf of a reader, which may not write itself."""

import time
from pathlib import Path

from wikifeed_server.errors import StoreBusyError
from wikifeed_server.store.embedded.schema import SCHEMA_VERSION, is_outdated
from wikifeed_server.store.embedded.writer import EmbeddedWriter

# How long whoever has the lock may take to upgrade the store himself: another reader that starts, or a writer of this
# version. One that has it for longer is of an older version.
_PATIENCE_SECONDS = 3.0
_RETRY_SECONDS = 0.05


def upgrade(folder: Path) -> None:
    """Upgrade the store, or wait until another process has. Raises StoreBusyError and what opening a writer raises."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while is_outdated(folder):
        try:
            EmbeddedWriter.open(folder, create=False).close()
        except StoreBusyError as error:
            if time.monotonic() > deadline:
                raise _busy(folder, error) from error
            time.sleep(_RETRY_SECONDS)


def _busy(folder: Path, error: StoreBusyError) -> StoreBusyError:
    return StoreBusyError(
        f"the store in {folder} has to be upgraded to version {SCHEMA_VERSION} of its format, but an older Wikifeed "
        f"writes to it: {error.message}",
        error.metadata,
    )
