"""What all errors have: a code, a reason, a message, and short texts for programs."""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import ClassVar, NamedTuple


class Code(IntEnum):
    """The canonical codes (google.rpc.Code) that Wikifeed uses."""

    INVALID_ARGUMENT = 3
    NOT_FOUND = 5
    ALREADY_EXISTS = 6
    PERMISSION_DENIED = 7
    RESOURCE_EXHAUSTED = 8
    FAILED_PRECONDITION = 9
    OUT_OF_RANGE = 11
    UNAVAILABLE = 14
    DATA_LOSS = 15
    UNAUTHENTICATED = 16


class WikifeedError(Exception):
    """Base of all: `message` for people, `metadata` (short texts) for programs."""

    code: ClassVar[Code]
    reason: ClassVar[str]

    def __init__(self, message: str, metadata: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.metadata = dict(metadata or {})


class FieldViolation(NamedTuple):
    """One field of a request that is wrong: its dotted path, and what is wrong with it."""

    field: str
    description: str


class InvalidRequestError(WikifeedError):
    """The request itself is wrong; the same request will never succeed."""

    code = Code.INVALID_ARGUMENT
    reason = "INVALID_REQUEST"

    def __init__(self, violations: Sequence[FieldViolation]) -> None:
        super().__init__("; ".join(f"{v.field}: {v.description}" if v.field else v.description for v in violations))
        self.violations = tuple(violations)


class NotFoundError(WikifeedError):
    """Base of what is not there. `resource_type` and `resource_name` say what was looked for."""

    code = Code.NOT_FOUND
    resource_type: ClassVar[str]

    def __init__(self, message: str, resource_name: str, metadata: Mapping[str, str] | None = None) -> None:
        super().__init__(message, metadata)
        self.resource_name = resource_name


def only_error(group: ExceptionGroup[Exception]) -> Exception:
    """The one error in a group, however deep: what is raised in the context of tasks comes out as a group even where
    it is alone. The group itself where there are several.
    """
    error: Exception = group
    while isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error
