"""What callers are told whose account does not let them."""

from wikifeed_server.errors.base import Code, NotFoundError, WikifeedError


class UnauthenticatedError(WikifeedError):
    """The call shows no credentials where some are needed, or some that are not good, not any more, or revoked."""

    code = Code.UNAUTHENTICATED
    reason = "CREDENTIALS_INVALID"


class PermissionDeniedError(WikifeedError):
    """The account's plan does not allow this; metadata `plan` names it."""

    code = Code.PERMISSION_DENIED
    reason = "PLAN_DOES_NOT_ALLOW"


class QuotaExceededError(WikifeedError):
    """The account has used up what its plan allows; metadata `limit` is how much that is.

    `subject` is the account, `retry_seconds` when there will be more.
    """

    code = Code.RESOURCE_EXHAUSTED
    reason = "QUOTA_EXCEEDED"

    def __init__(self, message: str, subject: str, limit: int, retry_seconds: int) -> None:
        super().__init__(message, {"limit": str(limit), "subject": subject})
        self.subject = subject
        self.retry_seconds = retry_seconds


class TooManyTriesError(WikifeedError):
    """Wrong passwords came too often for a name; `retry_seconds` is when the next try is looked at."""

    code = Code.RESOURCE_EXHAUSTED
    reason = "TOO_MANY_TRIES"

    def __init__(self, retry_seconds: int) -> None:
        super().__init__(
            f"too many wrong passwords came for this user name: try again in {retry_seconds} s",
            {"retry_seconds": str(retry_seconds)},
        )
        self.retry_seconds = retry_seconds


class AccountNotFoundError(NotFoundError):
    """There is no such account."""

    reason = "ACCOUNT_NOT_FOUND"
    resource_type = "account"


class AccountExistsError(WikifeedError):
    """The name is taken."""

    code = Code.ALREADY_EXISTS
    reason = "ACCOUNT_EXISTS"


class KeyNotFoundError(NotFoundError):
    """The account has no such API key."""

    reason = "KEY_NOT_FOUND"
    resource_type = "key"


class PlanNotFoundError(NotFoundError):
    """There is no such plan."""

    reason = "PLAN_NOT_FOUND"
    resource_type = "plan"


class PlanInUseError(WikifeedError):
    """Accounts have the plan, so that it can't go."""

    code = Code.FAILED_PRECONDITION
    reason = "PLAN_IN_USE"
