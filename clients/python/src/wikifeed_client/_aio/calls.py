"""The connection that all calls of a client go over, for asyncio."""

from types import TracebackType
from typing import Self, TypeVar

import grpc

from wikifeed.v1.account_service_pb2_grpc import AccountServiceStub
from wikifeed.v1.article_service_pb2_grpc import ArticleServiceStub
from wikifeed.v1.batch_service_pb2_grpc import BatchServiceStub
from wikifeed.v1.catalog_service_pb2_grpc import CatalogServiceStub
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub
from wikifeed.v1.snapshot_service_pb2_grpc import SnapshotServiceStub
from wikifeed_client._connecting import Connection, Tls, channel_options
from wikifeed_client._errors import error_of_call
from wikifeed_client._reconnecting import Reconnecting

_Request = TypeVar("_Request")
_Response = TypeVar("_Response")


class AsyncCalls:
    """A connection and the services at its other end. What its arguments mean is told at `AsyncClient`."""

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
        credentials, options = connection.credentials, channel_options()
        self._channel = (
            grpc.aio.secure_channel(address, credentials, options)
            if credentials is not None
            else grpc.aio.insecure_channel(address, options)
        )
        self._metadata = connection.metadata
        self._timeout_seconds = timeout_seconds
        self._reconnecting = reconnecting or Reconnecting()
        self._accounts = AccountServiceStub(self._channel)
        self._articles = ArticleServiceStub(self._channel)
        self._batches = BatchServiceStub(self._channel)
        self._catalog = CatalogServiceStub(self._channel)
        self._changes = ChangeServiceStub(self._channel)
        self._snapshots = SnapshotServiceStub(self._channel)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connection; calls and streams on it end."""
        await self._channel.close()

    async def _ask(
        self, method: "grpc.aio.UnaryUnaryMultiCallable[_Request, _Response]", request: _Request
    ) -> _Response:
        try:
            return await method(request, timeout=self._timeout_seconds, metadata=self._metadata)
        except grpc.RpcError as error:
            raise error_of_call(error) from error
