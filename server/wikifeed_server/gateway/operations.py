"""What each path of the gateway is for, takes and answers: what its routes can't say of themselves."""

from collections.abc import Mapping
from dataclasses import dataclass

from google.protobuf.descriptor import Descriptor

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.batch_pb2 import Batch
from wikifeed.v1.project_pb2 import Code, Language, Namespace, Project
from wikifeed.v1.snapshot_pb2 import Chunk, Snapshot
from wikifeed_server.gateway.answering import EVENT_STREAM, JSON, NDJSON
from wikifeed_server.gateway.queries import MOST_FIELDS, MOST_FILTERS
from wikifeed_server.gateway.schemas import Schema, reference
from wikifeed_server.store.framing import PARTITIONS

MESSAGES = tuple(
    message.DESCRIPTOR for message in (Article, Batch, Chunk, Code, Language, Namespace, Project, Snapshot)
)
NOT_MODIFIED = 304
_REFUSED = 501
_HIGHEST_LIMIT = 10
_MOST_PARTS = 10
_TEXT: Schema = {"type": "string"}
_TIME: Schema = {"type": "string", "format": "date-time"}
_COUNT: Schema = {"type": "integer", "format": "int64", "minimum": 0}
_OBJECT: Schema = {"type": "object"}

FILTER: Schema = {
    "type": "object",
    "required": ["field", "value"],
    "properties": {
        "field": {"type": "string", "examples": ["in_language.identifier"]},
        "value": {"type": ["string", "number", "boolean"], "examples": ["en"]},
    },
}
FIELDS: Schema = {
    "type": "array",
    "maxItems": MOST_FIELDS,
    "items": {"type": "string", "minLength": 1, "maxLength": 255},
    "examples": [["name", "version.*"]],
    "description": "What to answer of each object, by dotted paths; object.* is all of an object",
}
FILTERS: Schema = {
    "type": "array",
    "maxItems": MOST_FILTERS,
    "items": {"$ref": "#/components/schemas/Filter"},
    "description": "Fields and the values that they must have, all of them",
}
LIMIT: Schema = {"type": "integer", "description": "How many objects at most"}


def _by_partition(value: Schema, description: str) -> Schema:
    return {
        "type": "object",
        "maxProperties": PARTITIONS,
        "additionalProperties": value,
        "description": f"{description} for each partition, 0 to {PARTITIONS - 1}",
    }


_ONE: Mapping[str, Schema] = {"fields": FIELDS, "filters": FILTERS}
_LIST: Mapping[str, Schema] = {**_ONE, "limit": LIMIT}
_ARTICLES: Mapping[str, Schema] = {**_ONE, "limit": {**LIMIT, "maximum": _HIGHEST_LIMIT, "default": 3}}
_STREAM: Mapping[str, Schema] = {
    **_ONE,
    "parts": {
        "type": "array",
        "maxItems": _MOST_PARTS,
        "items": {"type": "integer", "minimum": 0, "maximum": _MOST_PARTS - 1},
        "description": "Tenths of the partitions; without it all",
    },
    "since": {**_TIME, "description": "The time of the first change wanted, of all partitions; not with parts"},
    "offsets": _by_partition(_COUNT, "The first offset wanted"),
    "since_per_partition": _by_partition(_TIME, "The time of the first change wanted"),
}
_ADMINISTRATORS = "Refused: this server sends no mail, its administrator does this"


@dataclass(frozen=True, slots=True)
class Operation:
    """What a path does. `answer` has the schema of a success by media type, and is empty where there is no body.

    `takes` are what the query string of a GET may have, and the body of a POST; of `required` none may be missing.
    `others` are statuses beyond `status` and those that any path may answer with.
    """

    tag: str
    summary: str
    answer: Mapping[str, Schema]
    takes: Mapping[str, Schema] | None = None
    required: tuple[str, ...] = ()
    others: tuple[int, ...] = ()
    status: int = 200
    is_open: bool = False
    is_file: bool = False


def _lines(of: str) -> Schema:
    return {"type": "string", "description": f"One JSON text a line: {of}"}


def _objects(message: Descriptor) -> Mapping[str, Schema]:
    return {JSON: {"type": "array", "items": reference(message)}, NDJSON: _lines(message.name)}


def _pair(path: str, message: Descriptor, one: str, many: str, tag: str) -> dict[str, Operation]:
    """The list of a kind and one of it."""
    return {
        path: Operation(tag, f"The {many}", _objects(message), _LIST, others=(404,)),
        f"{path}/{{{one}}}": Operation(tag, f"One of the {many}", {JSON: reference(message)}, _ONE, others=(404,)),
    }


def _download(path: str, what: str, tag: str) -> dict[str, Operation]:
    file = {"application/gzip": {"type": "string", "contentMediaType": "application/gzip"}}
    return {f"{path}/download": Operation(tag, f"The file of {what}", file, others=(304, 404, 412, 416), is_file=True)}


def _snapshots(path: str, kind: str) -> dict[str, Operation]:
    one = f"{path}/{{identifier}}"
    return {
        **_pair(path, Snapshot.DESCRIPTOR, "identifier", f"newest snapshots{kind}", "Snapshots"),
        **_download(one, f"a snapshot{kind}", "Snapshots"),
        **_pair(f"{one}/chunks", Chunk.DESCRIPTOR, "chunk", f"chunks of a snapshot{kind}", "Snapshots"),
        **_download(f"{one}/chunks/{{chunk}}", f"a chunk of a snapshot{kind}", "Snapshots"),
    }


def _batches(path: str) -> dict[str, Operation]:
    return {
        **_pair(path, Batch.DESCRIPTOR, "identifier", "batches of an hour", "Batches"),
        **_download(f"{path}/{{identifier}}", "a batch", "Batches"),
    }


def _texts(*names: str) -> Mapping[str, Schema]:
    return {name: {"type": "string", "minLength": 1, "maxLength": 8192} for name in names}


def _tokens(*names: str) -> Schema:
    fields = {**dict.fromkeys(names, _TEXT), "expires_in": {**_COUNT, "description": "Seconds"}}
    return {"type": "object", "required": list(fields), "properties": fields}


def _session(summary: str, answer: Mapping[str, Schema], takes: tuple[str, ...], status: int = 200) -> Operation:
    return Operation("Accounts", summary, answer, _texts(*takes), takes, (401,), status, is_open=True)


def _refusal() -> Operation:
    return Operation("Accounts", _ADMINISTRATORS, {}, others=(_REFUSED,), status=_REFUSED, is_open=True)


def _open(summary: str, content_type: str, schema: Schema, others: tuple[int, ...] = ()) -> Operation:
    return Operation("Server", summary, {content_type: schema}, others=others, is_open=True)


_HEALTH: Schema = {
    "type": "object",
    "required": ["status"],
    "properties": {"status": {"enum": ["ok", "stopping"]}, "newest_offset": _COUNT},
}
_USER: Schema = {
    "type": "object",
    "required": ["username", "plan", "usage", "limits"],
    "properties": {
        "username": _TEXT,
        "plan": {"type": "object", "properties": {"identifier": _TEXT, "description": _TEXT}},
        "usage": {"type": "object", "additionalProperties": _COUNT},
        "limits": {"type": "object", "additionalProperties": _COUNT},
    },
}
_ID_TOKEN, _ACCESS_TOKEN, _REFRESH_TOKEN = "id_token", "access_token", "refresh_token"

OPERATIONS: Mapping[str, Operation] = {
    "/v1/login": _session(
        "Tokens for a password", {JSON: _tokens(_ID_TOKEN, _ACCESS_TOKEN, _REFRESH_TOKEN)}, ("username", "password")
    ),
    "/v1/token-refresh": _session(
        "Fresh tokens", {JSON: _tokens(_ID_TOKEN, _ACCESS_TOKEN)}, ("username", _REFRESH_TOKEN)
    ),
    "/v1/token-revoke": _session("End a session", {}, (_REFRESH_TOKEN,), 204),
    "/v1/get-user": Operation("Accounts", "The caller, the plan and what of it was used", {JSON: _USER}),
    "/v1/change-password": Operation(
        "Accounts",
        "Another password",
        {JSON: _OBJECT},
        _texts("previous_password", "proposed_password"),
        ("previous_password", "proposed_password"),
    ),
    "/v1/new-password-required": _refusal(),
    "/v1/forgot-password": _refusal(),
    "/v1/forgot-password-confirm": _refusal(),
    "/v1/create-user": _refusal(),
    "/v1/confirm-user": _refusal(),
    "/v1/resend-confirm": _refusal(),
    "/v1/captcha": _refusal(),
    **_pair("/v2/codes", Code.DESCRIPTOR, "identifier", "kinds of projects", "Catalog"),
    **_pair("/v2/languages", Language.DESCRIPTOR, "identifier", "languages of projects", "Catalog"),
    **_pair("/v2/projects", Project.DESCRIPTOR, "identifier", "projects", "Catalog"),
    **_pair("/v2/namespaces", Namespace.DESCRIPTOR, "identifier", "namespaces", "Catalog"),
    "/v2/articles": Operation(
        "Realtime",
        "Every change as it happens, without an end",
        {NDJSON: _lines("Article"), EVENT_STREAM: _lines("Article, behind `data: `")},
        _STREAM,
        others=(410,),
    ),
    "/v2/articles/{name}": Operation(
        "Articles", "Every project's article of a title", _objects(Article.DESCRIPTOR), _ARTICLES, others=(404,)
    ),
    "/v2/structured-contents/{name}": Operation(
        "Articles", "Its structured contents", _objects(Article.DESCRIPTOR), _ARTICLES, others=(404,)
    ),
    **_snapshots("/v2/snapshots", ""),
    **_snapshots("/v2/snapshots/structured-contents", " of structured contents"),
    **_batches("/v2/batches/{date}/{hour}"),
    "/v2/status": _open("Whether this server answers", JSON, _HEALTH),
    "/healthz": _open("Whether this server answers", JSON, _HEALTH),
    "/openapi.json": _open("This document", JSON, _OBJECT),
    "/status/changes": Operation(
        "Server", "What happens, for people to watch, without an end", {EVENT_STREAM: _TEXT}, {"project": _TEXT}
    ),
    "/status/summary": Operation("Server", "What the status page shows", {JSON: _OBJECT}),
    "/status/article": Operation(
        "Server",
        "One page of a project, without its bodies",
        {JSON: {"type": "object", "properties": {"article": reference(Article.DESCRIPTOR), "redirected_from": _TEXT}}},
        {"project": _TEXT, "title": _TEXT, "page_id": {**_COUNT, "minimum": 1}},
        ("project",),
        others=(404,),
    ),
    "/": _open("The status page", "text/html", _TEXT, (NOT_MODIFIED,)),
    "/reference": _open("The contract, to read", "text/html", _TEXT, (NOT_MODIFIED,)),
}
ASSETS = _open("A part of the pages", "*/*", {}, (NOT_MODIFIED,))
