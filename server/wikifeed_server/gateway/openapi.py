"""/openapi.json: the gateway's paths as an OpenAPI 3.1 document, made from the application's routes.

What routes can't say of themselves is in `operations`. A route that nothing is said of there is left out, as are paths
with a slash at their end, which are other spellings of those without.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

import orjson
from aiohttp import web

from wikifeed_server import __version__
from wikifeed_server.gateway.answering import JSON
from wikifeed_server.gateway.operations import ASSETS, FILTER, MESSAGES, NOT_MODIFIED, OPERATIONS, Operation
from wikifeed_server.gateway.parts import Parts
from wikifeed_server.gateway.schemas import Schema, message_schemas

_PATH = "/openapi.json"
_REFERENCE = Path(__file__).parent / "pages" / "static" / "reference.json"
_BEARER = "bearer"
_NAMES_IN_PATH = re.compile(r"\{([a-z_]+)\}")
# Any path may answer with these: what HTTP itself can't read, the Host header, bounds on calls, a server that stops.
_ANYWHERE = (400, 421, 429, 500, 503)
_OF_CALLERS = (401, 403)
_OF_PARAMETERS = (408, 413, 422)
_ERROR: Schema = {
    "type": "object",
    "required": ["status", "message"],
    "properties": {
        "status": {"type": "integer", "description": "The HTTP status"},
        "message": {"type": "string", "description": "What is wrong, where, and what to do"},
    },
}
_PATH_PARAMETERS: Mapping[str, Schema] = {
    "chunk": {"type": "string", "examples": ["enwiki_namespace_0_chunk_0"]},
    "date": {"type": "string", "format": "date", "description": "A day, UTC"},
    "hour": {"type": "string", "pattern": "^[0-9]{2}$", "examples": ["07"], "description": "Its hour, two digits"},
    "identifier": {"type": "string", "examples": ["enwiki"]},
    "name": {"type": "string", "description": "A title, which may have slashes", "examples": ["Ada Lovelace"]},
}
_PRECONDITIONS = ("Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range")
_FILE_HEADERS = {name: {"schema": {"type": "string"}} for name in ("ETag", "Last-Modified", "Accept-Ranges")}


def routes(parts: Parts) -> list[web.RouteDef]:
    """The route of the document."""
    comments = contract_comments()
    written: dict[web.Application, bytes] = {}

    async def document(request: web.Request) -> web.Response:
        if request.app not in written:
            written[request.app] = orjson.dumps(openapi_document(request.app, parts.guard.required, comments))
        return web.Response(body=written[request.app], content_type=JSON)

    return [web.get(_PATH, document)]


def contract_comments() -> dict[str, str]:
    """What the contract says of its messages ("Article") and their fields ("Article.name"). Blocks on the disk."""
    messages = orjson.loads(_REFERENCE.read_bytes())["messages"]
    return {message["name"]: message["comment"] for message in messages} | {
        f"{message['name']}.{field['name']}": field["comment"] for message in messages for field in message["fields"]
    }


def openapi_document(
    application: web.Application, accounts_required: bool, comments: Mapping[str, str]
) -> dict[str, Any]:
    """The document of an application's routes, as `json.dumps` takes it."""
    paths: dict[str, dict[str, Any]] = {}
    for route in application.router.routes():
        path = route.resource.canonical if route.resource else ""
        operation = operation_of(path)
        if operation is not None:
            method = route.method.lower()
            paths.setdefault(path, {})[method] = _written(operation, method, path, accounts_required)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Wikifeed",
            "version": __version__,
            "summary": "Articles of wikis on demand, as they change, and as files, as Wikimedia Enterprise has them",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": {**message_schemas(MESSAGES, comments), "Error": _ERROR, "Filter": FILTER},
            "responses": _error_responses(),
            "securitySchemes": {
                _BEARER: {"type": "http", "scheme": "bearer", "description": "An access token or an API key"}
            },
        },
    }


def operation_of(path: str) -> Operation | None:
    """What is known of a path as routes write it: "/v2/projects/{identifier}"."""
    return ASSETS if path.startswith("/assets/") else OPERATIONS.get(path)


def _written(operation: Operation, method: str, path: str, accounts_required: bool) -> dict[str, Any]:
    written: dict[str, Any] = {
        "operationId": _identifier(method, path),
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": _parameters(operation, method, path),
        "responses": _responses(operation, method),
        "security": _security(operation, accounts_required),
    }
    if method == "post" and operation.takes:
        fields = {name: _in_body(schema, name in operation.required) for name, schema in operation.takes.items()}
        whole = {"type": "object", "properties": fields, "required": list(operation.required)}
        body = _in_body(whole, bool(operation.required))
        written["requestBody"] = {"content": {JSON: {"schema": body}}, "required": bool(operation.required)}
    return written


def _in_body(schema: Schema, is_required: bool) -> Schema:
    """The schema of what a body has or is, where null says as much as nothing."""
    return schema if is_required else schema | {"type": [schema["type"], "null"]}


def _identifier(method: str, path: str) -> str:
    words = re.findall("[A-Za-z0-9]+", path)
    return "_".join([method, *words]) if words else f"{method}_index"


def _security(operation: Operation, accounts_required: bool) -> list[dict[str, list[str]]]:
    if operation.is_open:
        return []
    return [{_BEARER: []}] if accounts_required else [{_BEARER: []}, {}]


def _parameters(operation: Operation, method: str, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": _PATH_PARAMETERS[name]}
        for name in _NAMES_IN_PATH.findall(path)
    ]
    if operation.is_file:
        found += [{"name": name, "in": "header", "schema": {"type": "string"}} for name in _PRECONDITIONS]
    if method != "post" and operation.takes:
        found += [_query_parameter(name, schema, operation) for name, schema in operation.takes.items()]
    return found


def _query_parameter(name: str, schema: Schema, operation: Operation) -> dict[str, Any]:
    """Lists of texts are repeated, what is deeper is JSON."""
    parameter: dict[str, Any] = {"name": name, "in": "query", "required": name in operation.required}
    if schema["type"] == "object" or "$ref" in schema.get("items", {}):
        return parameter | {"content": {JSON: {"schema": schema}}}
    return parameter | {"schema": schema}


def _responses(operation: Operation, method: str) -> dict[str, Any]:
    statuses = {*_ANYWHERE, *operation.others}
    if not operation.is_open:
        statuses.update(_OF_CALLERS)
    if operation.takes is not None:
        statuses.update(_OF_PARAMETERS)
    told: dict[int, Any] = {status: _other(status, method) for status in statuses}
    if operation.status not in statuses:
        told[operation.status] = _success(operation, method)
    if operation.is_file and method != "head":
        told[206] = told[operation.status] | {"description": _phrase(206)}
    return {str(status): told[status] for status in sorted(told)}


def _success(operation: Operation, method: str) -> dict[str, Any]:
    response: dict[str, Any] = {"description": _phrase(operation.status)}
    if operation.is_file:
        response["headers"] = _FILE_HEADERS
    if operation.answer and method != "head":
        response["content"] = {kind: {"schema": schema} for kind, schema in operation.answer.items()}
    return response


def _other(status: int, method: str) -> dict[str, Any]:
    """A response that is no success."""
    if status == NOT_MODIFIED or method == "head":
        return {"description": _phrase(status)}
    return {"$ref": f"#/components/responses/{_error_name(status)}"}


def _error_responses() -> dict[str, Any]:
    """The responses that operations refer to."""
    own = {status for operation in OPERATIONS.values() for status in operation.others}
    told = {JSON: {"schema": {"$ref": "#/components/schemas/Error"}}}
    responses = {
        _error_name(status): {"description": _phrase(status), "content": told}
        for status in sorted({*_ANYWHERE, *_OF_CALLERS, *_OF_PARAMETERS, *own} - {NOT_MODIFIED})
    }
    # Of what is no HTTP the library that reads it tells in words of its own.
    responses[_error_name(400)]["content"] = told | {"text/plain": {"schema": {"type": "string"}}}
    return responses


def _error_name(status: int) -> str:
    return "".join(re.findall("[A-Za-z]+", _phrase(status)))


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase
