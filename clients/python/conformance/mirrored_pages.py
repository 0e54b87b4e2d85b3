"""The sink that scenarios mirror into."""

import json
from collections.abc import Sequence
from pathlib import Path

from wikifeed_client.mirror import Put, Update


class MirroredPages:
    """The offset at which each page last came, and through which the mirror is whole, kept in a file of JSON."""

    def __init__(self, path: Path) -> None:
        self._path = path
        known = json.loads(path.read_text()) if path.exists() else {"through": None, "pages": {}}
        self._through: int | None = known["through"]
        self._pages: dict[str, int] = known["pages"]

    def position(self) -> int | None:
        """The offset through which the mirror is whole."""
        return self._through

    def begin(self) -> None:
        """Forget all pages."""
        self._through, self._pages = None, {}

    def write(self, updates: Sequence[Update], through_offset: int | None) -> None:
        """Take updates, and write the file."""
        for update in updates:
            if isinstance(update, Put):
                self._pages[str(update.article.identifier)] = update.offset
            else:
                self._pages.pop(str(update.page_id), None)
        if through_offset is not None:
            self._through = through_offset
        self._path.write_text(json.dumps({"through": self._through, "pages": self._pages}))
