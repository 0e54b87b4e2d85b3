"""Rows of Parquet files, read back into articles."""

from datetime import datetime
from typing import Any

import orjson

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.contract.json import article_from_json


def article_of_row(row: dict[str, Any]) -> Article:
    """The article that a row (as pyarrow's `to_pylist` gives it) was made of."""
    return article_from_json(orjson.dumps(object_of_row(row)))


def object_of_row(value: Any) -> Any:
    """The row in the form of Enterprise's JSON: without what is empty, with what stands in columns of JSON."""
    if isinstance(value, list):
        return [object_of_row(item) for item in value]
    if isinstance(value, datetime):
        whole, point, fraction = value.isoformat().removesuffix("+00:00").partition(".")
        return f"{whole}{point}{fraction.rstrip('0')}Z"
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for name, content in value.items():
        if content is None or content == []:
            continue
        if name.endswith("_json"):
            found[name.removesuffix("_json")] = orjson.loads(content)
        elif name == "metadata":
            found[name] = {entry["key"]: entry["value"] for entry in content}
        else:
            found[name] = object_of_row(content)
    return found
