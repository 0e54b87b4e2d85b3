"""What calls end with: something is not there, out of range, or too much."""

from wikifeed_server.errors.base import Code, NotFoundError, WikifeedError


class ProjectNotFoundError(NotFoundError):
    """This server has no such project."""

    reason = "PROJECT_NOT_FOUND"
    resource_type = "project"

    def __init__(self, project: str) -> None:
        super().__init__(
            f"this server has no project {project!r}; ListProjects or `wikifeed projects` lists those it has",
            project,
        )


class ArticleNotFoundError(NotFoundError):
    """The project has no such page, or the page has no such revision."""

    reason = "ARTICLE_NOT_FOUND"
    resource_type = "article"


class ArticleDeletedError(NotFoundError):
    """The page was there and is deleted; metadata `deleted_at` says since when (RFC 3339)."""

    reason = "ARTICLE_DELETED"
    resource_type = "article"


class RedirectTargetNotFoundError(NotFoundError):
    """The page is a redirect to one that this server does not have; metadata `redirect_target` names it."""

    reason = "REDIRECT_TARGET_NOT_FOUND"
    resource_type = "article"


class LanguageNotFoundError(NotFoundError):
    """No project is in such a language."""

    resource_type = "language"
    reason = "LANGUAGE_NOT_FOUND"


class NamespaceNotFoundError(NotFoundError):
    """The project, or every project, lacks such a namespace."""

    resource_type = "namespace"
    reason = "NAMESPACE_NOT_FOUND"


class CodeNotFoundError(NotFoundError):
    """No project is of such a kind."""

    resource_type = "code"
    reason = "CODE_NOT_FOUND"


class BatchNotFoundError(NotFoundError):
    """There is no such batch."""

    reason = "BATCH_NOT_FOUND"
    resource_type = "batch"


class SnapshotNotFoundError(NotFoundError):
    """There is no such snapshot."""

    reason = "SNAPSHOT_NOT_FOUND"
    resource_type = "snapshot"


class SnapshotNotReadyError(WikifeedError):
    """The snapshot is being written, or writing it failed."""

    code = Code.FAILED_PRECONDITION
    reason = "SNAPSHOT_NOT_READY"


class SubscriptionNotFoundError(NotFoundError):
    """There is no such subscription, or not any more."""

    reason = "SUBSCRIPTION_NOT_FOUND"
    resource_type = "subscription"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"there is no subscription {name!r}; Subscribe makes it, and ListSubscriptions lists those there are", name
        )


class SubscriptionFullError(WikifeedError):
    """A subscription has as many clients as may share one."""

    code = Code.FAILED_PRECONDITION
    reason = "SUBSCRIPTION_FULL"


class SubscriptionInterruptedError(WikifeedError):
    """The server could not show for a while that a client lives, so that others may have what was its share."""

    code = Code.UNAVAILABLE
    reason = "SUBSCRIPTION_INTERRUPTED"


class AcknowledgementOverdueError(WikifeedError):
    """A client kept what it should hand over to others unacknowledged for too long."""

    code = Code.RESOURCE_EXHAUSTED
    reason = "ACKNOWLEDGEMENT_OVERDUE"


class OffsetExpiredError(WikifeedError):
    """The log no longer keeps what was asked for; metadata `oldest_offset` is the oldest it keeps.

    `snapshot_identifier` and `snapshot_offset` name a snapshot to begin from, where there is one.
    """

    code = Code.OUT_OF_RANGE
    reason = "OFFSET_EXPIRED"

    def __init__(
        self, offset: int, oldest_offset: int, snapshot_identifier: str = "", snapshot_offset: int = 0
    ) -> None:
        metadata = {"oldest_offset": str(oldest_offset)}
        begin = "take a snapshot and stream from its offset"
        if snapshot_identifier:
            metadata |= {"snapshot_identifier": snapshot_identifier, "snapshot_offset": str(snapshot_offset)}
            begin = f"export the snapshot {snapshot_identifier} and stream with after_offset = {snapshot_offset}"
        super().__init__(
            f"the log no longer has what follows offset {offset}: the oldest change kept is {oldest_offset}; "
            f"{begin}, or accept the gap with after_offset = {oldest_offset - 1}",
            metadata,
        )


class OffsetInFutureError(WikifeedError):
    """The log has not come that far; metadata `newest_offset` is how far it is."""

    code = Code.OUT_OF_RANGE
    reason = "OFFSET_IN_FUTURE"

    def __init__(self, offset: int, newest_offset: int) -> None:
        super().__init__(
            f"offset {offset} is beyond the newest, {newest_offset}; check that it came from this server's log",
            {"newest_offset": str(newest_offset)},
        )


class PositionBeyondEndError(WikifeedError):
    """A file ends before the position asked for."""

    code = Code.OUT_OF_RANGE
    reason = "POSITION_BEYOND_END"


class ServerStoppingError(WikifeedError):
    """The server ends this stream because it stops; metadata `through_offset` is where to go on."""

    code = Code.UNAVAILABLE
    reason = "SERVER_STOPPING"


class SubscriberStalledError(WikifeedError):
    """The client took nothing of its stream for too long; metadata `through_offset` is where to go on."""

    code = Code.RESOURCE_EXHAUSTED
    reason = "SUBSCRIBER_STALLED"


class LimitExceededError(WikifeedError):
    """More of something at once than may be; metadata `limit` is how much may. `subject` is whose limit it is."""

    code = Code.RESOURCE_EXHAUSTED
    reason = "LIMIT_EXCEEDED"
    retry_seconds = 5

    def __init__(self, what: str, subject: str, limit: int) -> None:
        super().__init__(
            f"there may be no more than {limit} {what}; end some, or try again later",
            {"limit": str(limit), "subject": subject},
        )
        self.subject = subject
