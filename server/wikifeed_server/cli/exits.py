"""Exit codes, on which scripts may rely: docs/operation.md lists them."""

from enum import IntEnum

from wikifeed_server.errors import (
    ConfigError,
    InvalidRequestError,
    NotFoundError,
    SourceError,
    StoreError,
    WikifeedError,
)


class Exit(IntEnum):
    """How a command ends."""

    OK = 0
    FAILED = 1
    USAGE = 2
    NOT_FOUND = 3
    UNAVAILABLE = 4
    BAD_SOURCE = 5
    STORE = 6
    INTERRUPTED = 130


class CommandError(Exception):
    """A command can't do what it was asked: `message` is for people, `code` for scripts."""

    def __init__(self, message: str, code: Exit) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


def exit_of(error: WikifeedError) -> Exit:
    """How a command ends that met this error."""
    match error:
        case ConfigError() | InvalidRequestError():
            return Exit.USAGE
        case NotFoundError():
            return Exit.NOT_FOUND
        case SourceError():
            return Exit.BAD_SOURCE
        case StoreError():
            return Exit.STORE
        case _:
            return Exit.FAILED
