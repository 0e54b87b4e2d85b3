"""The connection that all calls of a client go over, for threads."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self, TypeVar

import grpc

from wikifeed.v1.account_service_pb2_grpc import AccountServiceStub
from wikifeed.v1.article_service_pb2_grpc import ArticleServiceStub
from wikifeed.v1.batch_service_pb2_grpc import BatchServiceStub
from wikifeed.v1.catalog_service_pb2_grpc import CatalogServiceStub
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub
from wikifeed.v1.snapshot_service_pb2_grpc import SnapshotServiceStub
from wikifeed_client._connecting import Connection, Tls, channel_options, export_options
from wikifeed_client._errors import error_of_call
from wikifeed_client._reconnecting import Reconnecting

_Request = TypeVar("_Request")
_Response = TypeVar("_Response")


class Calls:
    """A connection and the services at its other end. What its arguments mean is told at `Client`."""

    def __init__(
        self,
        address: str,
        *,
        key: str = "",
        tls: Tls | bool | None = None,
        timeout_seconds: float = 30.0,
        reconnecting: Reconnecting | None = None,
    ) -> None:
        connection = Connection(address, key, tls, timeout_seconds)
        self._channel = _opened(connection, channel_options())
        self._export_channel = _opened(connection, export_options())
        self._metadata = connection.metadata
        self._timeout_seconds = timeout_seconds
        self._reconnecting = reconnecting or Reconnecting()
        self._accounts = AccountServiceStub(self._channel)
        self._articles = ArticleServiceStub(self._channel)
        self._batches = BatchServiceStub(self._channel)
        self._catalog = CatalogServiceStub(self._channel)
        self._changes = ChangeServiceStub(self._channel)
        self._snapshots = SnapshotServiceStub(self._channel)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; calls and streams on it end."""
        self._channel.close()
        self._export_channel.close()

    def _ask(self, method: "grpc.UnaryUnaryMultiCallable[_Request, _Response]", request: _Request) -> _Response:
        try:
            return method(request, timeout=self._timeout_seconds, metadata=self._metadata)
        except grpc.RpcError as error:
            raise error_of_call(error) from error


def _opened(connection: Connection, options: Sequence[tuple[str, str | int]]) -> grpc.Channel:
    """A channel, which connects when it is first used."""
    credentials = connection.credentials
    if credentials is None:
        return grpc.insecure_channel(connection.address, options)
    return grpc.secure_channel(connection.address, credentials, options)
