"""What to try at a server: commands that work as they stand, with pages that its store has."""

import shlex

import orjson

from wikifeed_server.runtime.config import ClientSettings
from wikifeed_server.store import Parts, Reader

_EVERYWHERE = {"0.0.0.0", "[::]", "127.0.0.1", "[::1]"}  # noqa: S104 - recognized here, not listened on
_SCAN_BYTES = 1 << 16


def address_for_clients(address: str) -> str:
    """How a program on this machine reaches a server that listens on `address`."""
    host, _, port = address.rpartition(":")
    return f"localhost:{port}" if host in _EVERYWHERE else address


async def things_to_try(reader: Reader, address: str) -> list[str]:
    """Three commands for a client of the server at `address`; none when the store has no article."""
    found = await _some_article(reader)
    if found is None:
        return []
    project, title = found
    request = orjson.dumps({"project": project, "title": title}).decode()
    method = "wikifeed.v1.ArticleService/GetArticle"
    server = "" if address == ClientSettings().server else f" --server {address}"
    return [
        f"wikifeed get {project} {shlex.quote(title)} --mask name,abstract,categories{server}",
        f"wikifeed tail --project {project} --oldest{server}",
        f"grpcurl -plaintext -d {shlex.quote(request)} {address} {method}",
    ]


async def _some_article(reader: Reader) -> tuple[str, str] | None:
    newest = (await reader.log_info()).newest_offset
    for project in await reader.projects():
        for namespaces in ((0,), ()):
            found = await reader.scan(project.identifier, namespaces, newest, 0, Parts.HEAD, 1, _SCAN_BYTES)
            if found:
                return project.identifier, found[0].title
    return None
