"""The HTTP gateway of a worker, as the settings say."""

from collections.abc import Sequence
from pathlib import Path

from wikifeed_server.gateway import GatewayOptions, Parts, RunningGateway, start_gateway
from wikifeed_server.gateway.tls import following_context
from wikifeed_server.runtime.config import Settings
from wikifeed_server.runtime.supervisor.ports import accounts_required
from wikifeed_server.transport.observing import CallObserver
from wikifeed_server.transport.options import Limits, TlsFiles


async def start_http(settings: Settings, parts: Parts, observers: Sequence[CallObserver]) -> RunningGateway | None:
    """Answer HTTP, where the settings name an address. Raises ConfigError."""
    address = settings.http.listen
    if not address:
        return None
    files = tls_files(settings)
    options = GatewayOptions(
        body_bytes=settings.http.body_bytes,
        reuse_port=True,
        # Whoever says whether accounts are needed knows who may come; else only programs of this machine are meant.
        local_names_only=settings.accounts.required == "auto" and not accounts_required(settings),
        limits=limits(settings),
        tls=following_context(files) if files else None,
        origins=settings.http.origins,
    )
    return await start_gateway(parts, address, options, observers, settings.serve.drain_seconds)


def limits(settings: Settings) -> Limits:
    """What callers may have at once of a worker, over each transport."""
    return Limits(settings.limits.calls, settings.limits.key_streams, settings.limits.key_connections)


def tls_files(settings: Settings) -> TlsFiles | None:
    """The certificates, where there are some."""
    tls = settings.tls
    if tls.certificate == Path():
        return None
    return TlsFiles(tls.certificate, tls.key, tls.client_authority if tls.client_authority != Path() else None)
