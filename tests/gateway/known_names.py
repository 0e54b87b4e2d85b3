"""What schemathesis makes up, with names of what is in the store for every other one: else all would be 404."""

from typing import Any

import schemathesis
from gateway_process import KNOWN, KNOWN_CHUNK, KNOWN_DATE, KNOWN_HOUR, TITLE


@schemathesis.hook  # type: ignore[untyped-decorator]
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """The parameters of a request's path."""
    if not path_parameters or hash(str(path_parameters)) % 2:
        return path_parameters
    kind = context.operation.path.split("/")[2]
    known = {
        "identifier": KNOWN.get(kind, ""),
        "chunk": KNOWN_CHUNK,
        "date": KNOWN_DATE,
        "hour": KNOWN_HOUR,
        "name": TITLE,
    }
    return {name: known[name] for name in path_parameters}
