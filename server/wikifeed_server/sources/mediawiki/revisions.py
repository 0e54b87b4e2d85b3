"""Reads revisions out of the answers of a wiki's API (https://www.mediawiki.org/wiki/API:Revisions)."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from wikifeed_server.sources.facts import EditorFacts, PastRevision, RevisionFacts
from wikifeed_server.sources.mediawiki.rows import SECOND, seconds_of

# What is asked of each revision that is to be served, and of each one before it.
REVISION_PROPERTIES = "ids|timestamp|user|userid|comment|size|sha1|tags|flags|content|contentmodel"
PAST_PROPERTIES = "ids|timestamp|user|sha1"


class PastRow(NamedTuple):
    """A revision before the one at hand, and the one before that (0: it is the page's first)."""

    revision: PastRevision
    parent_id: int


def revision_of(item: Mapping[str, Any]) -> RevisionFacts:
    """One revision with its text; what is hidden is empty. Raises KeyError where the answer is none.

    A wiki that never filled in the parents of its oldest revisions tells none; that counts as 0, as for a first one.
    """
    slot = item.get("slots", {}).get("main", {})
    text_visible = not (slot.get("texthidden") or slot.get("textmissing") or item.get("texthidden"))
    return RevisionFacts(
        revision_id=item["revid"],
        parent_id=item.get("parentid", 0),
        timestamp=microseconds(item["timestamp"]),
        editor=EditorFacts(
            identifier=item.get("userid", 0), name=item.get("user", ""), is_anonymous=bool(item.get("anon"))
        ),
        comment=item.get("comment", ""),
        is_minor=bool(item.get("minor")),
        tags=tuple(item.get("tags", ())),
        sha1=item.get("sha1", ""),
        size_bytes=item.get("size", 0),
        model=slot.get("contentmodel", ""),
        text=slot.get("content", "") if text_visible else "",
        text_visible=text_visible,
        editor_visible=not item.get("userhidden"),
        comment_visible=not item.get("commenthidden"),
    )


def past_row(item: Mapping[str, Any]) -> PastRow:
    """One revision of a page's history."""
    revision = PastRevision(item["revid"], item.get("sha1", ""), microseconds(item["timestamp"]), item.get("user", ""))
    return PastRow(revision, item.get("parentid", 0))


def past_of(revision: RevisionFacts) -> PastRow:
    """A revision as those after it see it."""
    past = PastRevision(revision.revision_id, revision.sha1, revision.timestamp, revision.editor.name)
    return PastRow(past, revision.parent_id)


def microseconds(text: str) -> int:
    """Microseconds since 1970 of a time as the API writes it."""
    return seconds_of(text) * SECOND
