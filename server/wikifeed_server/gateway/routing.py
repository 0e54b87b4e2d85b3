"""Routes as Enterprise's clients use them: the same path by GET and by POST."""

from aiohttp import web
from aiohttp.typedefs import Handler


def both(path: str, handler: Handler) -> list[web.RouteDef]:
    """Routes for GET (and with it HEAD) and POST."""
    return [web.get(path, handler), web.post(path, handler)]
