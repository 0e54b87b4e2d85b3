"""Runs the gateway: from an address to an application that answers there, and its end."""

import logging
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web
from aiohttp.http import HttpProcessingError

from wikifeed_server.errors import ConfigError
from wikifeed_server.gateway.application import gateway_application
from wikifeed_server.gateway.options import GatewayOptions
from wikifeed_server.gateway.parts import Parts
from wikifeed_server.transport.observing import CallObserver

_UNIX = "unix:"


class RunningGateway:
    """A gateway that answers at `address` ("host:port" with the port in fact taken)."""

    def __init__(self, runner: web.AppRunner, address: str) -> None:
        self.address = address
        self._runner = runner

    async def stop(self) -> None:
        """Take no connection any more, let requests in flight finish for as long as draining may take, and end."""
        await self._runner.cleanup()


async def start_gateway(
    parts: Parts,
    address: str,
    options: GatewayOptions,
    observers: Sequence[CallObserver] = (),
    drain_seconds: float = 4.0,
) -> RunningGateway:
    """Answer HTTP at "host:port" or "unix:PATH". Raises ConfigError when it can't be listened on."""
    runner = web.AppRunner(
        gateway_application(parts, options, observers),
        access_log=None,
        logger=_logger(),
        handle_signals=False,
        handler_cancellation=True,
        keepalive_timeout=options.keepalive_seconds,
        shutdown_timeout=drain_seconds,
    )
    await runner.setup()
    try:
        await _site(runner, address, options).start()
    except OSError as error:
        await runner.cleanup()
        raise _cannot_listen(address, error.strerror or str(error)) from error
    if address.startswith(_UNIX):
        return RunningGateway(runner, address)
    return RunningGateway(runner, f"{address.rpartition(':')[0]}:{runner.addresses[0][1]}")


def _logger() -> logging.Logger:
    """What aiohttp logs to. What clients send that is not HTTP is answered with 400, and not a fault of this server."""
    logger = logging.getLogger(__name__)
    logger.addFilter(_is_of_server)
    return logger


def _is_of_server(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError | web.RequestPayloadError)


def _site(runner: web.AppRunner, address: str, options: GatewayOptions) -> web.BaseSite:
    if address.startswith(_UNIX):
        return web.UnixSite(runner, Path(address.removeprefix(_UNIX)), ssl_context=options.tls)
    host, _, port = address.rpartition(":")
    return web.TCPSite(
        runner,
        host.strip("[]") or None,
        int(port),
        ssl_context=options.tls,
        reuse_port=options.reuse_port or None,
    )


def _cannot_listen(address: str, why: str) -> ConfigError:
    return ConfigError(
        f"cannot answer HTTP on {address}: {why}; stop what holds the port, choose another with --http HOST:PORT, or "
        "say --http none",
        {"address": address},
    )
