"""The contract's messages as Wikimedia Enterprise's JSON, and back.

Promises:

1. Keys are the contract's field names, which are Enterprise's. int64 values are JSON numbers, times RFC 3339 in UTC
   with the fraction that is there, a table's row is the list of its cells.
2. What is absent or empty is left out, but for the fields in `writing.ALWAYS_WRITTEN`; a message that is present and
   empty is written as `{}`, as Enterprise does.
3. `article_from_json(article_to_json(article))` equals `article`, where its times are whole microseconds and its
   numbers finite.

Both directions are compiled from the descriptors, once for each message type: google.protobuf.json_format writes int64
as strings and takes four times as long (benchmarks/json_form.py).
"""

from typing import Any

import orjson
from google.protobuf.message import Message

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.contract.json.reading import JsonError, read_object
from wikifeed_server.contract.json.writing import write_object

__all__ = ["JsonError", "article_bytes_to_json", "article_from_json", "article_to_json", "message_to_object"]


def article_from_json(data: bytes | str) -> Article:
    """The article of one Enterprise JSON object, of articles or structured contents. Fields unknown here are dropped.

    Raises JsonError when it is not JSON, or a field is not of its type. No field is required.
    """
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise JsonError("", f"not valid JSON: {error}") from error
    return Article(**read_object(Article.DESCRIPTOR)(value, 0))


def article_to_json(article: Article) -> bytes:
    """Enterprise's JSON of an article, UTF-8, on one line without the line's end.

    Raises OverflowError or ValueError for a time outside the years 1 to 9999.
    """
    return orjson.dumps(message_to_object(article))


def article_bytes_to_json(data: bytes) -> bytes:
    """The same of a serialized article, such as the fragments of a stored one, joined.

    Raises DecodeError where it is not one, and as `article_to_json`.
    """
    return article_to_json(Article.FromString(data))


def message_to_object(message: Message) -> dict[str, Any]:
    """A message of the contract as what `json.dumps` takes, in the form that the promises above say."""
    written: dict[str, Any] = write_object(message.DESCRIPTOR)(message)
    return written
