"""/openapi.json says what the gateway does."""

import asyncio
import gzip
from pathlib import Path

import jsonschema_rs
import orjson
import pytest
from documented import Document
from gateway_client import http_client
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from stored_files import DATE_AND_HOUR

from wikifeed_server.accounts import StoreGuard
from wikifeed_server.contract.json import article_from_json, message_to_object
from wikifeed_server.gateway.application import gateway_application
from wikifeed_server.gateway.openapi import openapi_document
from wikifeed_server.gateway.operations import MESSAGES, OPERATIONS
from wikifeed_server.gateway.options import GatewayOptions
from wikifeed_server.gateway.schemas import reference
from wikifeed_server.snapshots import Content

TITLE = "Ada Lovelace"
IDENTIFIERS = {"codes": "wiki", "languages": "en", "projects": "enwiki", "namespaces": "14"}
REALTIME = "/v2/articles"
ENDLESS = {REALTIME, "/status/changes"}


@pytest.fixture
async def document(http) -> Document:
    return Document(await (await http.get("/openapi.json")).json())


@pytest.fixture
async def full(feed, stored) -> None:
    """One of everything in the store."""
    feed.publish(TITLE, page_id=7)
    await stored.snapshot()
    await stored.snapshot(content=Content.STRUCTURED)
    await stored.hour("enwiki")


def filled(path: str) -> str:
    """A path as routes write it, with names of what is there."""
    kind = path.split("/")[2] if path.count("/") > 2 else ""
    path = path.replace("{date}/{hour}", DATE_AND_HOUR).replace("{chunk}", "enwiki_namespace_0_chunk_0")
    return path.replace("{name}", TITLE).replace("{identifier}", IDENTIFIERS.get(kind, "enwiki_namespace_0"))


# The document


async def test_the_document_has_every_route_and_no_other(parts):
    application = gateway_application(parts, GatewayOptions())
    routes = {(route.resource.canonical, route.method.lower()) for route in application.router.routes()}
    own = {(path, method) for path, method in routes if path == "/" or not path.endswith("/")}
    assert set(Document(openapi_document(application, False, {})).operations) == own
    assert {(path.removesuffix("/"), method) for path, method in routes - own} <= own
    assert set(OPERATIONS) <= {path for path, _ in routes}


async def test_the_document_is_whole(document):
    assert document.document["openapi"] == "3.1.0"
    for schema in document.document["components"]["schemas"].values():
        jsonschema_rs.meta.validate(schema)
    names = [operation["operationId"] for operation in document.operations.values()]
    assert len(set(names)) == len(names)
    for (path, _), operation in document.operations.items():
        in_path = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
        assert in_path == {part[1:-1] for part in path.split("/") if part.startswith("{")}
        for response in operation["responses"].values():
            known = document.document["components"]["responses"]
            assert "description" in response or response["$ref"].rpartition("/")[2] in known


async def test_the_document_says_what_the_contract_says_of_its_fields(document):
    article = document.document["components"]["schemas"]["Article"]
    assert article["description"].startswith("Article is one page of a project")
    assert "page id" in article["properties"]["identifier"]["description"]
    assert all("description" in field for field in article["properties"].values())


async def test_the_document_says_whether_a_caller_is_needed(start, accounts):
    async with StoreGuard(accounts, required=True) as guard, http_client(await start(guard=guard)) as http:
        document = Document(await (await http.get("/openapi.json")).json())
        assert document.operations["/v2/projects", "get"]["security"] == [{"bearer": []}]
        assert document.operations["/v1/login", "post"]["security"] == []
        for (path, method), operation in document.operations.items():
            if operation["security"]:
                answer = await http.request(method, filled(path))
                assert answer.status == 401, path
                assert not document.problems_of_answer(path, method, 401, answer.headers, await answer.read())


# What is answered


async def test_every_path_answers_as_the_document_says(full, http, document):
    for (path, method), operation in document.operations.items():
        if path in ENDLESS or path.startswith("/v1/"):
            continue
        parameters = {"project": "enwiki", "title": TITLE} if path == "/status/article" else None
        answer = await http.request(method, filled(path), params=parameters)
        assert answer.status == 200, (path, await answer.read())
        problems = document.problems_of_answer(path, method, answer.status, answer.headers, await answer.read())
        assert not problems, path
        assert operation["tags"]


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/v2/snapshots/{identifier}/download", {"Range": "bytes=0-9"}, 206),
        ("/v2/snapshots/{identifier}/download", {"Range": "bytes=999999999-"}, 416),
        ("/v2/snapshots/{identifier}/download", {"If-None-Match": "*"}, 304),
        ("/v2/snapshots/{identifier}/download", {"If-Match": '"other"'}, 412),
        ("/v2/batches/{date}/{hour}/{identifier}/download", {"Range": "bytes=-1"}, 206),
        ("/v2/articles/{name}", {"Accept": "application/x-ndjson"}, 200),
        ("/", {"If-None-Match": "*"}, 304),
    ],
)
async def test_answers_that_headers_ask_for_are_as_the_document_says(full, http, document, path, headers, status):
    answer = await http.get(filled(path), headers=headers)
    assert answer.status == status
    assert not document.problems_of_answer(path, "get", answer.status, answer.headers, await answer.read())


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v2/articles/{name}", {"fields": ["name", "version.*"], "limit": 1}, 200),
        ("/v2/articles/{name}", {"filters": [{"field": "name", "value": "Other"}]}, 404),
        ("/v2/articles/{name}", {"limit": 11}, 422),
        ("/v2/projects", {"fields": ["nonsense"]}, 422),
        ("/v2/articles", {"parts": [10]}, 422),
        ("/v1/token-refresh", {"username": "ada", "refresh_token": "none"}, 401),
        ("/v1/login", {"username": "ada"}, 422),
        ("/v1/create-user", {}, 501),
        ("/v1/get-user", {}, 200),
    ],
)
async def test_answers_to_bodies_are_as_the_document_says(full, http, document, path, body, status):
    answer = await http.post(filled(path), json=body)
    assert answer.status == status
    assert not document.problems_of_answer(path, "post", answer.status, answer.headers, await answer.read())


async def test_sessions_are_as_the_document_says(http, document, accounts):
    await accounts.add("ada", "correct horse battery", "free")
    tokens: dict[str, str] = {}
    for path, body in (
        ("/v1/login", {"username": "ada", "password": "correct horse battery"}),
        ("/v1/token-refresh", {"username": "ada"}),
        ("/v1/token-revoke", {}),
    ):
        if tokens:
            body["refresh_token"] = tokens["refresh_token"]
        answer = await http.post(path, json=body)
        data = await answer.read()
        assert not document.problems_of_answer(path, "post", answer.status, answer.headers, data)
        tokens = tokens or orjson.loads(data)
        assert answer.ok


@pytest.mark.parametrize("accept", ["application/x-ndjson", "text/event-stream"])
async def test_the_stream_begins_as_the_document_says(full, http, document, accept):
    async with http.post(
        REALTIME, json={"offsets": {str(p): 1 for p in range(50)}}, headers={"Accept": accept}
    ) as answer:
        line = b""
        while not line.startswith((b"{", b"data: {")):
            line = await asyncio.wait_for(answer.content.readline(), 20)
        assert not document.problems_of_answer(REALTIME, "post", answer.status, answer.headers, line)
        article = orjson.loads(line.removeprefix(b"data: "))
    assert not document.problems({"$ref": "#/components/schemas/Article"}, article)


# Schemas


def made(message: Descriptor, depth: int = 0) -> Message:
    """A message with a value in every field, three messages deep."""
    if message.full_name == "google.protobuf.Timestamp":
        return Timestamp(seconds=1_700_000_000, nanos=500_000_000)
    values = {}
    for field in message.fields:
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            values[field.name] = {"a": "b"}
        elif field.message_type is None or depth < 4:
            value = SCALARS[field.type] if field.message_type is None else made(field.message_type, depth + 1)
            values[field.name] = [value] if field.is_repeated else value
    return message._concrete_class(**values)


SCALARS = {
    FieldDescriptor.TYPE_STRING: "text",
    FieldDescriptor.TYPE_BOOL: True,
    FieldDescriptor.TYPE_INT32: -7,
    FieldDescriptor.TYPE_INT64: -(2**63),
    FieldDescriptor.TYPE_UINT64: 2**64 - 1,
    FieldDescriptor.TYPE_DOUBLE: 0.5,
    FieldDescriptor.TYPE_ENUM: 1,
}


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.name)
async def test_a_message_in_all_its_fields_is_as_its_schema_says(document, message):
    value = message_to_object(made(message))
    assert not document.problems(reference(message), orjson.loads(orjson.dumps(value)))
    assert document.problems(reference(message), {**value, "identifier": 7.5})
    assert document.problems(reference(message), {**value, "no_such_field": 1})


async def test_real_articles_are_as_the_schema_says(document, shared: Path):
    paths = sorted((shared / "data" / "enterprise").glob("*.json.gz"))
    assert paths
    for path in paths:
        value = message_to_object(article_from_json(gzip.decompress(path.read_bytes())))
        assert not document.problems({"$ref": "#/components/schemas/Article"}, value), path.name
