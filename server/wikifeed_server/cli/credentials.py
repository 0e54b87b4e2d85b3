"""What commands show a server to say who they are: an API key or an access token, from a file or the environment.

Never from the command line, which every user of the machine can read, nor from the configuration, which is printed.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import grpc

from wikifeed_server.cli.exits import CommandError, Exit

CREDENTIALS_VARIABLE = "WIKIFEED_CREDENTIALS"
HOW_TO_SHOW = (
    f"put an API key into the environment variable {CREDENTIALS_VARIABLE}, or into a file for --credentials-file;\n"
    "who runs the server makes one with: wikifeed keys create USERNAME"
)
_CREDENTIALS = re.compile(r"[\x21-\x7e]{1,4096}")


def read_credentials(file: Path) -> str:
    """The credentials in `file`, or without one those in the environment; empty where there are none.

    Raises CommandError for what can't be credentials.
    """
    if file == Path():
        return _checked(os.environ.get(CREDENTIALS_VARIABLE, ""), f"environment {CREDENTIALS_VARIABLE}")
    try:
        text = file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise CommandError(f"{file} can't be read: {why}", Exit.USAGE) from error
    found = _checked(text, str(file))
    if not found:
        raise CommandError(f"{file} is empty: it must hold an API key or an access token", Exit.USAGE)
    return found


def showing(credentials: str, channel: grpc.Channel) -> grpc.Channel:
    """The channel, such that its calls show the credentials; as it is where there are none."""
    return grpc.intercept_channel(channel, _Showing(credentials)) if credentials else channel


def _checked(text: str, place: str) -> str:
    text = text.strip()
    if text and not _CREDENTIALS.fullmatch(text):
        raise CommandError(f"{place} must hold an API key or an access token and nothing else", Exit.USAGE)
    return text


class _Details(NamedTuple):
    """What gRPC asks of a call's details."""

    method: str
    timeout: float | None
    metadata: list[tuple[str, str | bytes]]
    credentials: grpc.CallCredentials | None
    wait_for_ready: bool | None
    compression: grpc.Compression | None


class _Showing(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):
    """Adds the credentials to each call. Not gRPC's own call credentials, which refuse connections without TLS."""

    def __init__(self, credentials: str) -> None:
        self._shown = ("authorization", f"Bearer {credentials}")

    def intercept_unary_unary(self, continuation: Callable[..., Any], details: Any, request: Any) -> Any:
        return continuation(self._with(details), request)

    def intercept_unary_stream(self, continuation: Callable[..., Any], details: Any, request: Any) -> Any:
        return continuation(self._with(details), request)

    def _with(self, details: Any) -> _Details:
        metadata = [*(details.metadata or ()), self._shown]
        kept = (details.credentials, details.wait_for_ready, details.compression)
        return _Details(details.method, details.timeout, metadata, *kept)
