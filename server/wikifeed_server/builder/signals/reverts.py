"""Recognises an edit that gave a page an earlier text again: by SHA-1 identity, whatever its comment says."""

from collections.abc import Sequence

from wikifeed.v1.revision_pb2 import Revert
from wikifeed_server.sources.facts import PastRevision

LOOKED_BACK = 15  # revisions; mediawiki-utilities and Wikimedia's own research look back as far


def find_revert(sha1: str, history: Sequence[PastRevision]) -> Revert | None:
    """What a revision with that SHA-1 (empty where hidden) reverted. `history` is what came before it, newest first.

    None where it restored nothing: its text is new, or that of the revision right before it.
    """
    past = history[:LOOKED_BACK]
    place = next((place for place, revision in enumerate(past) if sha1 and revision.sha1 == sha1), 0)
    if place == 0:
        return None
    return Revert(
        restored_revision=past[place].revision_id,
        reverted_revisions=[revision.revision_id for revision in past[:place]],
    )
