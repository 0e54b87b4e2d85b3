"""Who the editors of revisions are (https://www.mediawiki.org/wiki/API:Users)."""

import asyncio
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from wikifeed_server.sources.facts import EditorFacts, RevisionFacts
from wikifeed_server.sources.mediawiki.api import WikiApi
from wikifeed_server.sources.mediawiki.remembered import Remembered
from wikifeed_server.sources.mediawiki.revisions import microseconds

_USERS_ASKED = 50  # the API's bound for accounts without special rights
_REMEMBERED = 20_000
# Groups that everybody is in tell nothing.
_IMPLICIT = frozenset({"*", "user"})
# https://www.mediawiki.org/wiki/Trust_and_Safety_Product/Temporary_Accounts: names begin with ~ and the year.
_TEMPORARY = re.compile(r"~2\d{3}-\d")


class Editors:
    """Asks a wiki about its users, and remembers the answers for a while."""

    def __init__(self, api: WikiApi, seconds: float) -> None:
        self._api = api
        self._known: Remembered[str, EditorFacts] = Remembered(_REMEMBERED, seconds)

    async def look_up(self, names: Collection[str]) -> dict[str, EditorFacts]:
        """What is known of the users of those names; of addresses and names that nobody has, nothing."""
        found = {name: known for name in names if (known := self._known.get(name)) is not None}
        unknown = sorted(set(names) - found.keys() - {""})
        for users in await asyncio.gather(*map(self._ask, _pieces(unknown))):
            for user in users:
                facts = _facts(user)
                self._known.put(facts.name, facts)
                found[facts.name] = facts
        return found

    async def _ask(self, names: list[str]) -> list[dict[str, Any]]:
        answer = await self._api.query(
            {"list": "users", "ususers": "|".join(names), "usprop": "groups|editcount|registration"}
        )
        users: list[dict[str, Any]] = answer["query"]["users"]
        return users


def with_editor(revision: RevisionFacts, found: dict[str, EditorFacts]) -> RevisionFacts:
    """The revision with what is known of its editor."""
    told = revision.editor
    if not told.name:
        return revision
    known = found.get(told.name, told)
    anonymous = told.is_anonymous or known.is_anonymous or not told.identifier
    identifier = told.identifier or known.identifier
    return replace(revision, editor=known._replace(identifier=identifier, is_anonymous=anonymous))


def _facts(user: dict[str, Any]) -> EditorFacts:
    name = user["name"]
    registration = user.get("registration")
    return EditorFacts(
        identifier=user.get("userid", 0),
        name=name,
        is_anonymous=bool(user.get("temp")) or _TEMPORARY.match(name) is not None,
        edit_count=user.get("editcount"),
        groups=tuple(group for group in user.get("groups", ()) if group not in _IMPLICIT),
        registered=microseconds(registration) if registration else 0,
    )


def _pieces(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), _USERS_ASKED):
        yield names[start : start + _USERS_ASKED]
