"""The pages and what they consist of: files of this package, read once and served from memory.

Their policy lets a page load its own scripts and styles and ask its own server, and nothing else: what wikis hold is
shown as text, and a mistake in that could still not run it, send anything elsewhere or be framed.
"""

import hashlib
from pathlib import Path

from aiohttp import ETag, hdrs, web

from wikifeed_server.gateway.parts import Parts

_FOLDER = Path(__file__).parent / "static"
_PAGES = {"/": "index.html", "/reference": "reference.html"}
_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    str(hdrs.CACHE_CONTROL): "no-cache",
}


def routes(parts: Parts) -> list[web.RouteDef]:
    """The routes of pages and assets, which need no caller."""
    del parts  # they are the same for every store
    return [
        *(_route(path, _FOLDER / name) for path, name in _PAGES.items()),
        *(_route(f"/assets/{path.name}", path) for path in sorted(_FOLDER.iterdir()) if path.suffix != ".html"),
    ]


def _route(path: str, file: Path) -> web.RouteDef:
    content = file.read_bytes()
    tag = ETag(hashlib.sha256(content).hexdigest()[:32])
    content_type = _TYPES[file.suffix]

    async def answer(request: web.Request) -> web.Response:
        known = request.if_none_match or ()
        if any(each.value in {tag.value, "*"} for each in known):
            response = web.Response(status=304, headers=_HEADERS)
        else:
            response = web.Response(body=content, content_type=content_type, charset="utf-8", headers=_HEADERS)
        response.etag = tag
        return response

    return web.get(path, answer)
