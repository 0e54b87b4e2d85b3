"""TLS of the gateway: certificates from the files that gRPC's are from, which may change while the server runs."""

import ssl

import structlog

from wikifeed_server.errors import ConfigError
from wikifeed_server.transport.options import TlsFiles
from wikifeed_server.transport.tls import loaded_context, stamp_of

_PROTOCOLS = ["http/1.1"]


def following_context(files: TlsFiles) -> ssl.SSLContext:
    """A context whose handshakes use the files as they are then.

    Raises ConfigError when they can't be used. Where files that came later can't be, that is logged, and what was read
    before stays.
    """
    certificates = _Certificates(files)
    certificates.context.sni_callback = certificates.choose
    return certificates.context


class _Certificates:
    """The context of the files as they were last usable."""

    def __init__(self, files: TlsFiles) -> None:
        self._files = files
        self._stamp = stamp_of(files)
        self.context = _context(files)

    def choose(self, connection: ssl.SSLObject, name: str | None, context: ssl.SSLContext) -> None:
        """Have a handshake that begins use what the files say."""
        del name, context
        log = structlog.get_logger()
        try:
            stamp = stamp_of(self._files)
            if stamp != self._stamp:
                self._stamp = stamp
                self.context = _context(self._files)
                log.info("certificates read anew", certificate=str(self._files.certificate))
        except ConfigError as error:
            log.warning("certificates can't be read anew; the old ones stay", error=error.message)
        connection.context = self.context


def _context(files: TlsFiles) -> ssl.SSLContext:
    context = loaded_context(files)
    context.set_alpn_protocols(_PROTOCOLS)
    return context
