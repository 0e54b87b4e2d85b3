"""HTTP clients of a gateway that runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from wikifeed_server.gateway import RunningGateway


@asynccontextmanager
async def http_client(gateway: RunningGateway, **options: Any) -> AsyncIterator[aiohttp.ClientSession]:
    """A client that decodes nothing, so that bodies are what was sent."""
    async with aiohttp.ClientSession(f"http://{gateway.address}", auto_decompress=False, **options) as session:
        yield session
