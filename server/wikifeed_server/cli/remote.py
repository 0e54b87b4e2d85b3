"""Calls to a server, and what to say when one fails."""

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

import click
import grpc
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from google.rpc.status_pb2 import Status

from wikifeed_server.cli.credentials import HOW_TO_SHOW, read_credentials, showing
from wikifeed_server.cli.exits import CommandError, Exit
from wikifeed_server.runtime.config import ClientSettings

_DETAILS_KEY = "grpc-status-details-bin"
_EXITS = {
    grpc.StatusCode.INVALID_ARGUMENT: Exit.USAGE,
    grpc.StatusCode.NOT_FOUND: Exit.NOT_FOUND,
    grpc.StatusCode.UNAVAILABLE: Exit.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED: Exit.UNAVAILABLE,
}
_OPTIONS = [
    ("grpc.max_receive_message_length", -1),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 2_000),
    # Proxies for the web rarely let gRPC through, and never lead to this machine.
    ("grpc.enable_http_proxy", 0),
]


@contextmanager
def connection(client: ClientSettings) -> Iterator[grpc.Channel]:
    """A channel to the server, whose calls show who asks. Calls inside that fail end in a CommandError."""
    credentials = read_credentials(client.credentials)
    if credentials and not _speaks_tls(client) and not _is_this_machine(client.server):
        click.echo(f"warning: the key goes to {client.server} for all on the way to read; --tls yes hides it", err=True)
    with _channel(client) as channel:
        try:
            yield showing(credentials, channel)
        except grpc.RpcError as error:
            raise command_error(error, client) from error


def _channel(client: ClientSettings) -> grpc.Channel:
    if not _speaks_tls(client):
        return grpc.insecure_channel(client.server, options=_OPTIONS)
    root, key, certificate = map(_read, (client.authority, client.key, client.certificate))
    credentials = grpc.ssl_channel_credentials(root, key, certificate)
    return grpc.secure_channel(client.server, credentials, options=_OPTIONS)


def _speaks_tls(client: ClientSettings) -> bool:
    return client.tls == "yes" or client.authority != Path()


def _is_this_machine(server: str) -> bool:
    host = server.rpartition(":")[0].strip("[]")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in ("", "localhost") or server.startswith("unix:")


def _read(path: Path) -> bytes | None:
    if path == Path():
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} can't be read: {error.strerror}", Exit.USAGE) from error


def command_error(error: grpc.RpcError, client: ClientSettings) -> CommandError:
    """What to tell of a call that failed: the server's own words and reason, or that there is no server."""
    code = error.code()
    status = _status(error)
    reason, violations = _details(status)
    if code is grpc.StatusCode.UNAVAILABLE and not reason:
        advice = "start one with: wikifeed serve; or name another with --server HOST:PORT"
        # gRPC tells of all that it tried; the last word is what came of it: "Connection refused".
        why = _first_line(error).removesuffix(": OK").rpartition(": ")[2]
        if "handshake failed" in _first_line(error):
            why = f"no TLS that can be trusted: {why}"
            advice = "name who vouches for it with --server-authority FILE; a server without TLS is asked with --tls no"
        elif why == "Socket closed" and not _speaks_tls(client):
            advice = "where it speaks TLS, say --tls yes or --server-authority FILE"
        return CommandError(f"no server answers at {client.server} ({why})\n{advice}", Exit.UNAVAILABLE)
    if code is grpc.StatusCode.DEADLINE_EXCEEDED:
        message = f"{client.server} did not answer within {client.timeout_seconds:g} seconds; --timeout sets how long"
        return CommandError(message, Exit.UNAVAILABLE)
    if code is grpc.StatusCode.UNIMPLEMENTED:
        message = f"what answers at {client.server} does not know this call: it is another program or an older Wikifeed"
        return CommandError(message, Exit.FAILED)
    exit_code = Exit.STORE if reason.startswith("STORE_") else _EXITS.get(code, Exit.FAILED)
    message = "\n".join(violations) or status.message or _first_line(error)
    advice = f"\n{HOW_TO_SHOW}" if code is grpc.StatusCode.UNAUTHENTICATED else ""
    return CommandError(f"{message} ({reason or code.name}){advice}", exit_code)


def _status(error: grpc.RpcError) -> Status:
    for item in error.trailing_metadata() or ():
        if item.key == _DETAILS_KEY:
            return Status.FromString(item.value)
    return Status()


def _details(status: Status) -> tuple[str, list[str]]:
    """The status's reason and its field violations."""
    info, request = ErrorInfo(), BadRequest()
    for detail in status.details:
        # Unpack leaves its target alone where the detail is of another type.
        detail.Unpack(info)
        detail.Unpack(request)
    violations = [f"{each.field}: {each.description}".removeprefix(": ") for each in request.field_violations]
    return info.reason, violations


def _first_line(error: grpc.RpcError) -> str:
    lines = (error.details() or error.code().name).splitlines()
    return lines[0] if lines else error.code().name
