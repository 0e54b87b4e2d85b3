"""The pages for people: `/` shows how the server is, `/reference` the contract. No build step, no outside asset."""

from aiohttp import web

from wikifeed_server.gateway.pages import article, assets, summary
from wikifeed_server.gateway.parts import Parts


def routes(parts: Parts) -> list[web.RouteDef]:
    """The routes of the pages, their assets, and what the pages ask the server."""
    return [*assets.routes(parts), *summary.routes(parts), *article.routes(parts)]
