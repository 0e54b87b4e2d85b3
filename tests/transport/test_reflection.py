"""Reflection as grpcurl uses it, against a server in a thread of its own."""

import asyncio
import threading
from queue import SimpleQueue

import pytest
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_reflection.v1alpha.reflection_pb2 import ServerReflectionRequest, ServerReflectionResponse
from grpc_reflection.v1alpha.reflection_pb2_grpc import ServerReflectionStub

from wikifeed.v1 import article_service_pb2, catalog_service_pb2, change_service_pb2, snapshot_service_pb2
from wikifeed_server.transport.grpc_aio import start_server
from wikifeed_server.transport.options import ServerOptions

CONTRACTS = [
    module.DESCRIPTOR.services_by_name[name]
    for module, name in (
        (article_service_pb2, "ArticleService"),
        (catalog_service_pb2, "CatalogService"),
        (change_service_pb2, "ChangeService"),
        (snapshot_service_pb2, "SnapshotService"),
    )
]


class Anything:
    """Has every method and no answer to any."""

    def __getattr__(self, name):
        return None


@pytest.fixture(scope="module")
def grpc_server():
    """The address of a server with all services of the contract. Takes the place of pytest-grpc's own server."""
    started: SimpleQueue = SimpleQueue()

    async def serve():
        stop = asyncio.Event()
        services = {contract.full_name: Anything() for contract in CONTRACTS}
        server = await start_server(services, ["127.0.0.1:0"], ServerOptions(), asyncio.Event())
        loop = asyncio.get_running_loop()
        started.put((server.addresses[0], lambda: loop.call_soon_threadsafe(stop.set)))
        await stop.wait()
        await server.stop(0)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    address, stop = started.get(timeout=30)
    yield address
    stop()
    thread.join()


@pytest.fixture(scope="module")
def grpc_addr(grpc_server):
    return grpc_server


@pytest.fixture(scope="module")
def database(grpc_channel):
    return ProtoReflectionDescriptorDatabase(grpc_channel)


def test_all_services_are_listed(database):
    assert set(database.get_services()) == {contract.full_name for contract in CONTRACTS} | {
        "grpc.health.v1.Health",
        "grpc.reflection.v1.ServerReflection",
        "grpc.reflection.v1alpha.ServerReflection",
    }


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
def test_a_service_can_be_described_with_all_its_messages(database, contract):
    pool = DescriptorPool(database)
    described = pool.FindServiceByName(contract.full_name)
    assert [method.name for method in described.methods] == [method.name for method in contract.methods]
    for method in described.methods:
        for message in (method.input_type, method.output_type):
            assert GetMessageClass(message)().SerializeToString() == b""


def test_the_validation_rules_are_described(database):
    pool = DescriptorPool(database)
    assert pool.FindFileByName("buf/validate/validate.proto").package == "buf.validate"


def test_the_name_that_newer_clients_ask_for_answers_too(grpc_channel):
    call = grpc_channel.stream_stream(
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        request_serializer=ServerReflectionRequest.SerializeToString,
        response_deserializer=ServerReflectionResponse.FromString,
    )
    request = ServerReflectionRequest(file_containing_symbol="wikifeed.v1.ArticleService")
    (response,) = call(iter([request]))
    assert len(response.file_descriptor_response.file_descriptor_proto) > 5


@pytest.mark.parametrize(
    ("symbol", "is_known"),
    [
        ("wikifeed.v1.ArticleService.GetArticle", True),
        ("wikifeed.v1.ArticleService.NoSuchMethod", False),
        ("wikifeed.v1.Article", True),
        ("grpc.reflection.v1.ServerReflection", True),
        ("grpc.reflection.v1.ServerReflection.ServerReflectionInfo", True),
        ("grpc.reflection.v1alpha.ServerReflection", True),
        ("nothing.of.this", False),
        ("nothing", False),
    ],
)
def test_the_file_of_a_symbol_is_told(grpc_channel, symbol, is_known):
    call = ServerReflectionStub(grpc_channel).ServerReflectionInfo
    (response,) = call(iter([ServerReflectionRequest(file_containing_symbol=symbol)]))
    assert response.HasField("file_descriptor_response") == is_known


def test_the_newer_reflection_is_described_in_its_own_words(database):
    described = DescriptorPool(database).FindServiceByName("grpc.reflection.v1.ServerReflection")
    (method,) = described.methods
    assert method.input_type.full_name == "grpc.reflection.v1.ServerReflectionRequest"
