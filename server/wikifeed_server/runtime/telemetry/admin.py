"""The admin server: metrics, health and a look inside the workers, over HTTP, on this machine alone."""

import asyncio
import errno
import math
import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from html import escape
from pathlib import Path
from typing import Any

from aiohttp import hdrs, web

from wikifeed_server import __version__
from wikifeed_server.runtime.config import TelemetrySettings
from wikifeed_server.runtime.telemetry.addresses import cannot_listen, loopback, unix_path
from wikifeed_server.runtime.telemetry.asking import WorkerSilentError, ask
from wikifeed_server.runtime.telemetry.gathering import Gathering
from wikifeed_server.runtime.telemetry.traces import check_traces
from wikifeed_server.runtime.telemetry.view import LISTENING, SupervisorView, WorkerView, control_socket

_ANSWER_SECONDS = 5.0
_LONGEST_PROFILE_SECONDS = 300.0
_PAGES = {
    "/metrics": "metrics for Prometheus",
    "/healthz": "200 while every worker listens",
    "/debug/profile?worker=0&seconds=5": "where a worker spends its time, for flame graph tools",
    "/debug/profile?worker=0&seconds=5&format=speedscope": "the same for speedscope",
    "/debug/tasks?worker=0": "what a worker's tasks wait for",
    "/debug/channelz?worker=0": "a worker's connections, as gRPC knows them",
}


@asynccontextmanager
async def admin_server(settings: TelemetrySettings, view: SupervisorView) -> AsyncGenerator[str, None]:
    """A context in which the admin server answers at the address it gives, or none where `settings.admin` is empty.

    Raises ConfigError where the address is not of this machine alone or is taken, and where traces are asked for whose
    packages are missing: every worker would end of that.
    """
    check_traces(settings)
    if not settings.admin:
        yield ""
        return
    runner = web.AppRunner(_Pages(view).application(), access_log=None, handle_signals=False, shutdown_timeout=0.5)
    await runner.setup()
    try:
        yield await _listen(runner, settings.admin)
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, address: str) -> str:
    try:
        if path := unix_path(address):
            await _listen_at_path(runner, path)
            return address
        host, port = await loopback(address)
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise cannot_listen(address, error.strerror or str(error)) from error
    taken = runner.addresses[0][1]
    return f"{address.rpartition(':')[0]}:{taken}"


async def _listen_at_path(runner: web.AppRunner, path: str) -> None:
    # A socket that nobody answers at is taken over, as asyncio does; it would do so with one in use as well.
    with suppress(FileNotFoundError, ConnectionRefusedError):
        _, writer = await asyncio.open_unix_connection(path)
        writer.close()
        raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
    await web.UnixSite(runner, path).start()
    _restrict(path)


def _restrict(path: str) -> None:
    """Leave a Unix socket to this user."""
    Path(path).chmod(0o600)


class _Pages:
    """What the server answers."""

    def __init__(self, view: SupervisorView) -> None:
        self._view = view
        self._gathering = Gathering(view)

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_get("/", self.index)
        application.router.add_get("/metrics", self.metrics)
        application.router.add_get("/healthz", self.health)
        application.router.add_get("/debug/profile", self.profile)
        application.router.add_get("/debug/tasks", self.tasks)
        application.router.add_get("/debug/channelz", self.channelz)
        return application

    async def index(self, request: web.Request) -> web.Response:
        del request
        workers = "".join(
            f"<li>{number}: process {worker.pid}, {escape(worker.state)}"
            for number, worker in enumerate(self._view.workers())
        )
        links = "".join(f'<li><a href="{escape(path)}">{escape(path)}</a>: {what}' for path, what in _PAGES.items())
        text = f"<!doctype html><title>Wikifeed</title><h1>Wikifeed {__version__}</h1><ul>{links}</ul>"
        return web.Response(text=f"{text}<h2>Workers</h2><ul>{workers}</ul>", content_type="text/html")

    async def metrics(self, request: web.Request) -> web.Response:
        page = await self._gathering.page(request.headers.get(hdrs.ACCEPT, ""))
        return web.Response(body=page.text, headers={hdrs.CONTENT_TYPE: page.content_type})

    async def health(self, request: web.Request) -> web.Response:
        del request
        workers = self._view.workers()
        is_well = bool(workers) and all(worker.state == LISTENING for worker in workers)
        told = {"status": "ok" if is_well else "unavailable", "workers": [worker._asdict() for worker in workers]}
        return web.json_response(told, status=200 if is_well else 503)

    async def profile(self, request: web.Request) -> web.Response:
        seconds, format_ = _seconds(request), request.query.get("format", "collapsed")
        if format_ not in {"collapsed", "speedscope"}:
            raise web.HTTPBadRequest(text=f"format={format_}: give collapsed or speedscope\n")
        answer = await self._ask(request, "profile", seconds + _ANSWER_SECONDS, seconds=seconds, format=format_)
        return web.Response(text=answer) if format_ == "collapsed" else web.json_response(answer)

    async def tasks(self, request: web.Request) -> web.Response:
        return web.json_response(await self._ask(request, "tasks"))

    async def channelz(self, request: web.Request) -> web.Response:
        return web.json_response(await self._ask(request, "channelz"))

    async def _ask(
        self, request: web.Request, question: str, seconds_at_most: float = _ANSWER_SECONDS, **about: object
    ) -> Any:
        worker = _worker(request, self._view.workers())
        socket = control_socket(self._view.runtime_folder, worker.pid)
        try:
            return await ask(socket, question, seconds_at_most, **about)
        except WorkerSilentError as error:
            raise web.HTTPServiceUnavailable(text=f"{error}\n") from error


def _worker(request: web.Request, workers: Sequence[WorkerView]) -> WorkerView:
    text = request.query.get("worker", "0")
    if not text.isascii() or not text.isdecimal() or int(text) >= len(workers):
        raise web.HTTPBadRequest(text=f"worker={text}: there are {len(workers)} workers, counted from 0\n")
    return workers[int(text)]


def _seconds(request: web.Request) -> float:
    text = request.query.get("seconds", "5")
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= _LONGEST_PROFILE_SECONDS:
        raise web.HTTPBadRequest(text=f"seconds={text}: give a number up to {_LONGEST_PROFILE_SECONDS:g}\n")
    return seconds
