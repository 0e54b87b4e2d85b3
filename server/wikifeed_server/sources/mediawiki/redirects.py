"""Which page a move left as a redirect: no list tells, for its creation has no row of its own."""

from collections.abc import Sequence
from typing import NamedTuple

from wikifeed_server.sources.mediawiki.api import WikiApi
from wikifeed_server.sources.mediawiki.rows import Row

# The redirect's first revision is made right behind the one that the move makes; on a busy wiki others come between.
_REVISIONS_AFTER = 3
# One query takes 50 revisions.
_MOVES = 50 // _REVISIONS_AFTER


class LeftRedirect(NamedTuple):
    """A redirect page and its first revision; 0 where that is not known."""

    page_id: int
    revision_id: int


async def left_redirects(api: WikiApi, moves: Sequence[Row]) -> dict[int, LeftRedirect]:
    """The redirects that moves left, by `log_id`; one that is gone again is left out."""
    found: dict[int, LeftRedirect] = {}
    for first in range(0, len(moves), _MOVES):
        found |= await _left_by(api, moves[first : first + _MOVES])
    return found


async def _left_by(api: WikiApi, moves: Sequence[Row]) -> dict[int, LeftRedirect]:
    asked = {
        row.revision_id + after: row for row in moves if row.revision_id for after in range(1, _REVISIONS_AFTER + 1)
    }
    # The page that bears the title unless that is the moved one, back again.
    found = {
        row.log_id: LeftRedirect(row.holder_id, 0) for row in moves if row.holder_id and row.holder_id != row.page_id
    }
    if not asked:
        return found
    answer = await api.query(
        {"prop": "revisions", "revids": "|".join(map(str, sorted(asked))), "rvprop": "ids|timestamp"}
    )
    for page in answer.get("query", {}).get("pages", ()):
        for revision in page.get("revisions", ()):
            is_first = revision["parentid"] == 0
            for row in moves:
                is_near = 0 < revision["revid"] - row.revision_id <= _REVISIONS_AFTER
                is_at_title = page["title"] == row.title or page["pageid"] == row.holder_id
                if is_first and is_near and is_at_title and page["pageid"] != row.page_id:
                    found[row.log_id] = LeftRedirect(page["pageid"], revision["revid"])
    return found
