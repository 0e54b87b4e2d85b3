"""What gRPC's core knows of the servers and connections of this process.

The optional servicer of grpcio-channelz asks the core, and no server need offer it: it is called here as it is.
"""

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

from google.protobuf.json_format import MessageToDict
from grpc_channelz.v1 import channelz_pb2
from grpc_channelz.v1.channelz import ChannelzServicer

_MOST_SOCKETS = 1000


class _NoCall:
    """In place of a call's context, on which the servicer reports what has gone meanwhile."""

    def set_code(self, code: object) -> None:
        """Nothing: no answer comes then."""

    def set_details(self, details: str) -> None:
        """Nothing, likewise."""


_NO_CALL: Any = _NoCall()


def channelz() -> dict[str, Any]:
    """Servers, each with the first thousand of its connections, as the messages of grpc.channelz.v1 in JSON."""
    return {"servers": [_server(server) for server in _servers()]}


def _servers() -> Iterator[channelz_pb2.Server]:
    start = 0
    while (page := ChannelzServicer.GetServers(channelz_pb2.GetServersRequest(start_server_id=start), _NO_CALL)).server:
        yield from page.server
        start = page.server[-1].ref.server_id + 1


def _server(server: channelz_pb2.Server) -> dict[str, Any]:
    request = channelz_pb2.GetServerSocketsRequest(server_id=server.ref.server_id, max_results=_MOST_SOCKETS)
    page = ChannelzServicer.GetServerSockets(request, _NO_CALL)
    references = page.socket_ref if page is not None else ()
    connections = [found for each in references if (found := _socket(each.socket_id))]
    return {**_as_dict(server), "connections": connections, "has_more_connections": page is not None and not page.end}


def _socket(socket_id: int) -> dict[str, Any] | None:
    answer = ChannelzServicer.GetSocket(channelz_pb2.GetSocketRequest(socket_id=socket_id), _NO_CALL)
    if answer is None:
        return None
    shown = _as_dict(answer.socket)
    for end in ("local", "remote"):
        address = getattr(answer.socket, end)
        if address.HasField("tcpip_address"):
            shown[end] = f"{ip_address(address.tcpip_address.ip_address)} port {address.tcpip_address.port}"
    return shown


def _as_dict(message: Any) -> dict[str, Any]:
    return MessageToDict(message, preserving_proto_field_name=True)
