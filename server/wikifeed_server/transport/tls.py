"""Certificates from files, which may change while the server runs.

Each handshake asks whether the files are as they were; established connections keep what they have.
"""

import os
import ssl
import threading
from pathlib import Path

import grpc
import structlog

from wikifeed_server.errors import ConfigError
from wikifeed_server.transport.options import TlsFiles

_DATES = {9, 10}  # X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED


def server_credentials(files: TlsFiles) -> grpc.ServerCredentials:
    """Credentials that follow the files.

    Raises ConfigError when one can't be read, or the key is not that of the certificate. Where files that came later
    are so, that is logged, and what was read before stays.
    """
    certificates = _Certificates(files)
    return grpc.dynamic_ssl_server_credentials(
        certificates.first,
        certificates.current,  # type: ignore[arg-type]  # None means unchanged, which the stubs do not know
        require_client_authentication=files.client_authority is not None,
    )


class _Certificates:
    """Reads the files when they have changed. Asked by gRPC's threads."""

    def __init__(self, files: TlsFiles) -> None:
        self._files = files
        self._lock = threading.Lock()
        self._stamps = self._stamp()
        self.first = _read(files)

    def current(self) -> "grpc.ServerCertificateConfiguration | None":
        """What the files say where they changed; None where they did not."""
        with self._lock:
            log = structlog.get_logger()
            try:
                stamps = self._stamp()
                if stamps == self._stamps:
                    return None
                self._stamps = stamps
                fresh = _read(self._files)
            except ConfigError as error:
                log.warning("certificates can't be read anew; the old ones stay", error=error.message)
                return None
            log.info("certificates read anew", certificate=str(self._files.certificate))
            return fresh

    def _stamp(self) -> list[tuple[int, int]]:
        return stamp_of(self._files)


def stamp_of(files: TlsFiles) -> list[tuple[int, int]]:
    """What changes when one of the files does. Raises ConfigError when one can't be read."""
    return [(found.st_mtime_ns, found.st_ino) for found in map(_stat, _paths(files))]


def _paths(files: TlsFiles) -> list[Path]:
    return [path for path in (files.certificate, files.key, files.client_authority) if path is not None]


def _stat(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from error


def _read(files: TlsFiles) -> "grpc.ServerCertificateConfiguration":
    """What the files say, tried out first: gRPC itself tells of nothing but a failed handshake."""
    chain, key, *authority = [_bytes(path) for path in _paths(files)]
    loaded_context(files)
    return grpc.ssl_server_certificate_configuration([(key, chain)], authority[0] if authority else None)


def loaded_context(files: TlsFiles) -> ssl.SSLContext:
    """A server's context with what the files say. Raises ConfigError when one can't be used."""
    trial = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        # A key that needs a password would ask for it on the terminal.
        trial.load_cert_chain(files.certificate, files.key, password="")
    except (ssl.SSLError, OSError, ValueError) as error:
        what = f"is no certificate that fits the key in {files.key} ({error})"
        raise _unusable(files.certificate, what) from error
    if files.client_authority is not None:
        try:
            trial.load_verify_locations(files.client_authority)
        except (ssl.SSLError, OSError) as error:
            raise _unusable(files.client_authority, f"holds no certificates ({error})") from error
    _warn_of_dates(trial, files.certificate)
    if files.client_authority is not None:
        trial.verify_mode = ssl.CERT_REQUIRED
    return trial


def _warn_of_dates(trial: ssl.SSLContext, certificate: Path) -> None:
    """Say where clients will refuse the certificate for its dates, found by a handshake with a client in memory."""
    doubting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    doubting.check_hostname = False
    doubting.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # trusted for itself, whoever signed it
    doubting.load_verify_locations(certificate)
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = trial.wrap_bio(to_server, to_client, server_side=True)
    client = doubting.wrap_bio(to_client, to_server)
    for side in (client, server, client):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLError as error:  # what else is wrong with it depends on the client
            if isinstance(error, ssl.SSLCertVerificationError) and error.verify_code in _DATES:
                why = {"certificate": str(certificate), "why": error.verify_message}
                structlog.get_logger().warning("clients will refuse the certificate", **why)
            return


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from error


def _unusable(path: Path, why: str) -> ConfigError:
    return ConfigError(f"{path}: {why}; TLS needs PEM files that the server may read", {"file": str(path)})
