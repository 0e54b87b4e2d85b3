"""Reads projects. A project's number never changes, so it is remembered; what is known of it may change."""

import sqlite3

from wikifeed_server.projects import ProjectInfo


class ProjectTable:
    """The projects of a store, over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.cursor().execute
        self._ids: dict[str, int] = {}
        self._infos: dict[str, tuple[bytes, ProjectInfo]] = {}

    def id(self, identifier: str) -> int | None:
        """The number that stands for the project in all tables."""
        found = self._ids.get(identifier)
        if found is None:
            row = self._execute("SELECT id FROM project WHERE identifier = ?", (identifier,)).fetchone()
            if row is None:
                return None
            found = self._ids[identifier] = int(row[0])
        return found

    def get(self, identifier: str) -> ProjectInfo | None:
        """One project."""
        row = self._execute("SELECT info FROM project WHERE identifier = ?", (identifier,)).fetchone()
        return None if row is None else self._parse(identifier, row[0])

    def all(self) -> list[ProjectInfo]:
        """All projects, in the order of their identifiers."""
        rows = self._execute("SELECT identifier, info FROM project ORDER BY identifier").fetchall()
        return [self._parse(identifier, info) for identifier, info in rows]

    def _parse(self, identifier: str, info: bytes) -> ProjectInfo:
        known = self._infos.get(identifier)
        if known is None or known[0] != info:
            known = self._infos[identifier] = (info, ProjectInfo.from_json(info))
        return known[1]
