"""Servers with a guard before their services: stubs for them, and accounts with keys."""

import asyncio

import grpc
from calls import detail
from google.rpc.error_details_pb2 import ErrorInfo

from wikifeed.v1.account_service_pb2_grpc import AccountServiceStub
from wikifeed.v1.article_service_pb2_grpc import ArticleServiceStub
from wikifeed.v1.catalog_service_pb2_grpc import CatalogServiceStub
from wikifeed.v1.change_service_pb2_grpc import ChangeServiceStub
from wikifeed.v1.snapshot_service_pb2_grpc import SnapshotServiceStub

UNKNOWN = (grpc.StatusCode.UNAUTHENTICATED, "CREDENTIALS_INVALID")
NOT_ALLOWED = (grpc.StatusCode.PERMISSION_DENIED, "PLAN_DOES_NOT_ALLOW")
PASSWORD = "correct horse battery"


def showing(credentials):
    """The metadata of a call by who has these credentials."""
    return [("authorization", f"Bearer {credentials}")]


def refusal(error):
    """A failed call's code and reason."""
    return error.code(), detail(error, ErrorInfo).reason


class AnySnapshot:
    """A service that sends something of every snapshot, and is never done with the one named endless."""

    async def ExportSnapshot(self, request):
        yield b""
        if request.identifier == "endless":
            await asyncio.Event().wait()

    async def GetSnapshot(self, request):
        return b""

    ListSnapshots = CreateSnapshot = GetSnapshot


class Stubs:
    """Stubs for a server's services."""

    def __init__(self, channel):
        self.channel = channel
        self.articles = ArticleServiceStub(channel)
        self.changes = ChangeServiceStub(channel)
        self.accounts = AccountServiceStub(channel)
        self.catalog = CatalogServiceStub(channel)
        self.snapshots = SnapshotServiceStub(channel)
