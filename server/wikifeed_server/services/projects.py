"""Looking a project up for a request."""

from wikifeed_server.errors import ProjectNotFoundError
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.store import Reader


async def known_project(reader: Reader, identifier: str) -> ProjectInfo:
    """The project of that identifier. Raises ProjectNotFoundError."""
    project = await reader.project(identifier)
    if project is None:
        raise ProjectNotFoundError(identifier)
    return project
