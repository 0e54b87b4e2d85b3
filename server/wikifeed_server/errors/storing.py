"""What is wrong with a store, a source, the settings or a process."""

from wikifeed_server.errors.base import Code, WikifeedError


class WorkerFailedError(WikifeedError):
    """A process of the server ended before it listened; metadata `exit_code` is what it ended with."""

    code = Code.UNAVAILABLE
    reason = "WORKER_FAILED"


class StoreError(WikifeedError):
    """Base of what is wrong with a store."""

    code = Code.UNAVAILABLE
    reason = "STORE_UNAVAILABLE"


class StoreFullError(StoreError):
    """The disk that the store is on is full. Everything acknowledged is kept."""

    code = Code.RESOURCE_EXHAUSTED
    reason = "STORE_FULL"


class StoreBusyError(StoreError):
    """Another process is the store's writer; the message names it."""

    code = Code.FAILED_PRECONDITION
    reason = "STORE_BUSY"


class StoreTooNewError(StoreError):
    """A newer version of Wikifeed made the store."""

    code = Code.FAILED_PRECONDITION
    reason = "STORE_TOO_NEW"


class StoreMissingError(StoreError):
    """There is no store at the given place."""

    code = Code.FAILED_PRECONDITION
    reason = "STORE_MISSING"


class StoreCorruptError(StoreError):
    """The store's files are not what they should be."""

    code = Code.DATA_LOSS
    reason = "STORE_CORRUPT"


class SourceError(WikifeedError):
    """A source can't be read (on). The message says the file, where in it, and what to do."""

    code = Code.FAILED_PRECONDITION
    reason = "SOURCE_UNREADABLE"


class SourceTruncatedError(SourceError):
    """A source ends before its end."""

    reason = "SOURCE_TRUNCATED"


class SourceCorruptError(SourceError):
    """A source's bytes are not what they should be."""

    code = Code.DATA_LOSS
    reason = "SOURCE_CORRUPT"


class SourceRefusedError(SourceError):
    """A source has something that Wikifeed does not take: a document type, a compression bomb."""

    reason = "SOURCE_REFUSED"


class ConfigError(WikifeedError):
    """A setting is wrong; the message says which, where it was set, and what it may be."""

    code = Code.INVALID_ARGUMENT
    reason = "CONFIG_INVALID"
