"""/v2/status and /healthz: whether this server answers."""

from aiohttp import web

from wikifeed_server.gateway.answering import answer_object
from wikifeed_server.gateway.parts import Parts


def routes(parts: Parts) -> list[web.RouteDef]:
    """The routes of health."""

    async def health(request: web.Request) -> web.Response:
        del request
        # Asks the store: a server that can't read it is not well.
        newest = (await parts.reader.log_info()).newest_offset
        if parts.stopping.is_set():
            return web.json_response({"status": "stopping"}, status=503)
        return answer_object({"status": "ok", "newest_offset": newest})

    return [web.get("/healthz", health), web.get("/v2/status", health)]
