"""The gateway's OpenAPI document as a test reads it: which schema an answer must have."""

from typing import Any

import jsonschema_rs
import orjson

Json = dict[str, Any]


def closed(schema: Any) -> Any:
    """A schema by which objects have no field that it does not name."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(each) for name, each in schema.items()}
    if isinstance(inner.get("properties"), dict) and inner.get("type") == "object":
        inner.setdefault("additionalProperties", False)
    return inner


class Document:
    """An OpenAPI document. `operations` are its paths and methods."""

    def __init__(self, document: Json) -> None:
        self.document = document
        self.operations = {
            (path, method): operation
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        }

    def problems(self, schema: Json, value: Any) -> list[str]:
        """What is wrong with a value, where fields that the schema does not name are wrong too."""
        whole = closed({**schema, "components": self.document["components"]})
        validator = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        return [f"{error.instance_path}: {error.message}"[:300] for error in validator.iter_errors(value)]

    def problems_of_answer(self, path: str, method: str, status: int, headers: Any, body: bytes) -> list[str]:
        """What is wrong with an answer to an operation."""
        responses = self.operations[path, method]["responses"]
        if str(status) not in responses:
            return [f"{method} {path} does not say that it may answer {status}: {body[:300]!r}"]
        response = responses[str(status)]
        if "$ref" in response:
            response = self.document["components"]["responses"][response["$ref"].rpartition("/")[2]]
        missing = [f"{name} is missing" for name in response.get("headers", {}) if name not in headers]
        if "content" not in response:
            return missing + ([f"{method} {path} says that {status} has no body: {body[:300]!r}"] if body else [])
        content_type = headers.get("Content-Type", "").partition(";")[0]
        kind = content_type if content_type in response["content"] else "*/*"
        content = response["content"].get(kind)
        if content is None:
            return [*missing, f"{method} {path} does not say that {status} may be {content_type!r}"]
        value = orjson.loads(body) if kind == "application/json" else body.decode("latin-1")
        return missing + self.problems(content["schema"], value)
