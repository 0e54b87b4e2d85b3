"""What of a revision is hidden, and takes it out of the versions that are stored.

Promise: once the commit is done, no version of the revision holds what is hidden, and none that comes later will.
Readers keep fragments in memory: `redaction.generation` tells them that what they keep of versions may be stale.
"""

import sqlite3
from dataclasses import replace

from wikifeed_server.contract.redaction import redact
from wikifeed_server.store import ArticleWrite, Hidden
from wikifeed_server.store.embedded.schema import FORGOTTEN
from wikifeed_server.store.framing import Frame, replace_article


class RedactionTables:
    """What is hidden in one store, inside the transaction of its caller."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.cursor().execute

    def hidden(self, project_id: int, write: ArticleWrite) -> Hidden:
        """What is hidden of the write's revision."""
        row = self._execute(
            "SELECT parts FROM hidden WHERE project = ? AND page_id = ? AND revision_id = ?",
            (project_id, write.page_id, write.revision_id),
        ).fetchone()
        return Hidden(0) if row is None else Hidden(row[0])

    def hide(self, project_id: int, write: ArticleWrite) -> None:
        """Note what a visibility change hides, nothing included, and take it out of all versions of its revision."""
        revision = (project_id, write.page_id, write.revision_id)
        if not write.hidden:
            self._execute("DELETE FROM hidden WHERE project = ? AND page_id = ? AND revision_id = ?", revision)
            return
        self._execute("INSERT OR REPLACE INTO hidden VALUES (?, ?, ?, ?)", (*revision, int(write.hidden)))
        offsets = self._execute(
            "SELECT offset FROM version WHERE project = ? AND page_id = ? AND revision_id = ?"
            f" AND state <> {FORGOTTEN}",
            revision,
        ).fetchall()
        for (offset,) in offsets:
            self._redact(offset, write.hidden)
        if offsets:
            self._execute("UPDATE redaction SET generation = generation + 1")

    def _redact(self, offset: int, hidden: Hidden) -> None:
        row = self._execute("SELECT data, head_start FROM frame WHERE offset = ?", (offset,)).fetchone()
        frame = Frame(*row)
        frame = replace_article(frame, redact(frame.data[frame.head_start :], hidden))
        self._execute("UPDATE frame SET data = ?, head_start = ? WHERE offset = ?", (*frame, offset))
        if hidden & Hidden.TEXT:
            self._execute("DELETE FROM body WHERE offset = ?", (offset,))


def without_hidden(write: ArticleWrite, hidden: Hidden) -> ArticleWrite:
    """The write without what is hidden of its revision."""
    if not hidden:
        return write
    redacted = replace(write, head=redact(write.head, hidden))
    return replace(redacted, body_html=b"", body_wikitext=b"", structured=b"") if hidden & Hidden.TEXT else redacted
