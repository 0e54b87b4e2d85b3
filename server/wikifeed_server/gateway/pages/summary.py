"""/status/summary: the log, its rate, sources, sizes, projects and files, in one answer for the status page.

Times are microseconds since 1970.
"""

import asyncio
import time
from dataclasses import asdict
from typing import Any

from aiohttp import hdrs, web

from wikifeed_server import __version__
from wikifeed_server.accounts.model import Plan
from wikifeed_server.accounts.visibility import visible_snapshots
from wikifeed_server.gateway.answering import answer_object
from wikifeed_server.gateway.pages.files import recent_batches, snapshot_rows
from wikifeed_server.gateway.pages.rate import Rates
from wikifeed_server.gateway.pages.remembered import Remembered
from wikifeed_server.gateway.pages.storage import store_size
from wikifeed_server.gateway.parts import CALLER, Parts
from wikifeed_server.sources.status import SourceStatus

_SUMMARY_SECONDS = 1.0
_SIZES_SECONDS = 10.0


def routes(parts: Parts) -> list[web.RouteDef]:
    """The route of the summary."""
    rates = Rates(parts.reader)
    sizes = Remembered(lambda: asyncio.to_thread(store_size, parts.store_folder), _SIZES_SECONDS)

    async def gather() -> dict[str, Any]:
        return await _gather(parts, rates, sizes)

    gathered = Remembered(gather, _SUMMARY_SECONDS)

    async def summary(request: web.Request) -> web.Response:
        caller = request[CALLER]
        response = answer_object(_shown(await gathered.get(), caller.plan) | {"user": caller.username})
        response.headers[hdrs.CACHE_CONTROL] = "no-store"
        return response

    return [web.get("/status/summary", summary)]


async def _gather(parts: Parts, rates: Rates, sizes: Remembered[Any]) -> dict[str, Any]:
    now = time.time_ns() // 1000
    snapshots, batches = await asyncio.to_thread(lambda: (parts.snapshots.list(), recent_batches(parts.batches)))
    return {
        "now": now,
        "version": __version__,
        "grpc_address": parts.grpc_address,
        "accounts_required": parts.guard.required,
        "log": (await parts.reader.log_info())._asdict(),
        "rate": asdict(await rates.rate(now)),
        "sources": [_source(status, now) for _, status in await parts.reader.statuses()],
        "size": asdict(await sizes.get()),
        "projects": [
            {"identifier": project.identifier, "name": project.name, "url": project.url, "language": project.language}
            for project in await parts.reader.projects()
        ],
        "snapshots": snapshots,
        "batches": batches,
    }


def _source(data: bytes, now: int) -> dict[str, Any]:
    status = SourceStatus.from_json(data)
    return {**asdict(status), "state": status.state(now)}


def _shown(summary: dict[str, Any], plan: Plan) -> dict[str, Any]:
    """The summary as a plan shows it, which may be for some projects alone."""
    return {
        **summary,
        "projects": [each for each in summary["projects"] if not plan.projects or each["identifier"] in plan.projects],
        "snapshots": snapshot_rows(visible_snapshots(plan, summary["snapshots"])),
        "batches": [each for each in summary["batches"] if not plan.projects or each["project"] in plan.projects],
    }
