"""Settings of the gateway."""

import ssl
from dataclasses import dataclass, field

from wikifeed_server.transport.options import Limits


@dataclass(frozen=True, slots=True)
class GatewayOptions:
    """Sizes in bytes, times in seconds. With `local_names_only` requests must name this machine ("localhost")."""

    body_bytes: int = 1 << 20
    reuse_port: bool = False
    local_names_only: bool = False
    limits: Limits = field(default_factory=Limits)
    tls: ssl.SSLContext | None = None
    keepalive_seconds: float = 60.0
    origins: tuple[str, ...] = ()  # of the pages elsewhere that may call: "https://app.example"; "*": all
