"""AccountService: what accounts can do for themselves."""

from collections.abc import Mapping
from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp

from wikifeed.v1 import account_pb2, account_service_pb2
from wikifeed_server.accounts import Account, Accounts, ApiKey, Cadence, DailyUsage, Plan, UsageKind
from wikifeed_server.accounts.days import check_day, day_of, month_of
from wikifeed_server.errors import UnauthenticatedError
from wikifeed_server.services.calling import CALLER

_CADENCES = {
    Cadence.DAILY: account_pb2.SNAPSHOT_CADENCE_DAILY,
    Cadence.MONTHLY: account_pb2.SNAPSHOT_CADENCE_MONTHLY,
}
# The fields of UsageCounts and UsageLimits.
_FIELDS = {
    UsageKind.ON_DEMAND: "on_demand",
    UsageKind.SNAPSHOT_DOWNLOAD: "snapshot_downloads",
    UsageKind.CHUNK_DOWNLOAD: "chunk_downloads",
    UsageKind.BATCH_DOWNLOAD: "batch_downloads",
    UsageKind.STREAM: "streams",
}


class AccountService:
    """The methods of wikifeed.v1.AccountService. Who calls is CALLER's value."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    async def CreateSession(self, request: account_service_pb2.CreateSessionRequest) -> bytes:
        """Serialized CreateSessionResponse. Raises UnauthenticatedError, TooManyTriesError."""
        tokens = await self._accounts.log_in(request.username, request.password)
        return account_service_pb2.CreateSessionResponse(
            id_token=tokens.id_token,
            access_token=tokens.access_token,
            refresh_token=tokens.refresh_token,
            expires_in=tokens.expires_in,
        ).SerializeToString()

    async def RefreshSession(self, request: account_service_pb2.RefreshSessionRequest) -> bytes:
        """Serialized RefreshSessionResponse. Raises UnauthenticatedError."""
        tokens = await self._accounts.refresh(request.username, request.refresh_token)
        return account_service_pb2.RefreshSessionResponse(
            id_token=tokens.id_token, access_token=tokens.access_token, expires_in=tokens.expires_in
        ).SerializeToString()

    async def DeleteSession(self, request: account_service_pb2.DeleteSessionRequest) -> bytes:
        """Serialized DeleteSessionResponse."""
        await self._accounts.revoke(request.refresh_token)
        return account_service_pb2.DeleteSessionResponse().SerializeToString()

    async def ChangePassword(self, request: account_service_pb2.ChangePasswordRequest) -> bytes:
        """Serialized ChangePasswordResponse. Raises UnauthenticatedError, TooManyTriesError, InvalidRequestError."""
        await self._accounts.change_password(_username(), request.old_password, request.new_password)
        return account_service_pb2.ChangePasswordResponse().SerializeToString()

    async def GetAccount(self, _request: account_service_pb2.GetAccountRequest) -> bytes:
        """Serialized GetAccountResponse. Raises UnauthenticatedError."""
        account = await self._accounts.get(_username())
        plan = await self._accounts.get_plan(account.plan)
        used = await self._accounts.usage_of_month(account.username)
        monthly = plan.monthly or {}
        return account_service_pb2.GetAccountResponse(
            account=account_message(account, plan),
            used=_counts(used),
            left=_limits({kind: max(0, limit - used.get(kind, 0)) for kind, limit in monthly.items()}),
            date_renews=_midnight(month_of(self._accounts.options.clock())[1]),
        ).SerializeToString()

    async def ListUsage(self, request: account_service_pb2.ListUsageRequest) -> bytes:
        """Serialized ListUsageResponse. Raises UnauthenticatedError, InvalidRequestError for what is no day."""
        username = _username()
        last = request.last_day or day_of(self._accounts.options.clock())
        check_day("last_day", last)
        days = await self._accounts.usage(username, request.first_day or f"{last[:-2]}01", last)
        return account_service_pb2.ListUsageResponse(days=map(_day, days)).SerializeToString()

    async def CreateKey(self, request: account_service_pb2.CreateKeyRequest) -> bytes:
        """Serialized CreateKeyResponse. Raises UnauthenticatedError, InvalidRequestError."""
        expires = request.date_expires.ToMicroseconds() if request.HasField("date_expires") else 0
        key, secret = await self._accounts.create_key(_username(), request.label, expires)
        return account_service_pb2.CreateKeyResponse(key=key_message(key), secret=secret).SerializeToString()

    async def ListKeys(self, _request: account_service_pb2.ListKeysRequest) -> bytes:
        """Serialized ListKeysResponse. Raises UnauthenticatedError."""
        keys = await self._accounts.list_keys(_username())
        return account_service_pb2.ListKeysResponse(keys=map(key_message, keys)).SerializeToString()

    async def DeleteKey(self, request: account_service_pb2.DeleteKeyRequest) -> bytes:
        """Serialized DeleteKeyResponse. Raises UnauthenticatedError, KeyNotFoundError."""
        await self._accounts.revoke_key(_username(), request.identifier)
        return account_service_pb2.DeleteKeyResponse().SerializeToString()

    async def ListPlans(self, _request: account_service_pb2.ListPlansRequest) -> bytes:
        """Serialized ListPlansResponse."""
        plans = await self._accounts.list_plans()
        return account_service_pb2.ListPlansResponse(plans=map(plan_message, plans)).SerializeToString()


def account_message(account: Account, plan: Plan) -> account_pb2.Account:
    """The contract's Account."""
    return account_pb2.Account(
        username=account.username,
        date_created=_moment(account.created),
        has_password=account.has_password,
        plan=plan_message(plan),
    )


def plan_message(plan: Plan) -> account_pb2.Plan:
    """The contract's Plan."""
    return account_pb2.Plan(
        identifier=plan.identifier,
        description=plan.description,
        monthly=_limits(plan.monthly or {}),
        realtime=plan.realtime,
        streams_at_once=plan.streams_at_once,
        projects=plan.projects,
        snapshot_cadence=_CADENCES[plan.snapshot_cadence],
        creates_snapshots=plan.creates_snapshots,
    )


def key_message(key: ApiKey) -> account_pb2.ApiKey:
    """The contract's ApiKey."""
    return account_pb2.ApiKey(
        identifier=key.identifier,
        label=key.label,
        date_created=_moment(key.created),
        date_expires=_moment(key.expires) if key.expires else None,
        date_last_used=_moment(key.last_used) if key.last_used else None,
    )


def _username() -> str:
    """The account that calls. Raises UnauthenticatedError where there is none."""
    username = CALLER.get().username
    if not username:
        raise UnauthenticatedError(
            "this is about the account that calls, and the call shows none: "
            'send the metadatum authorization: "Bearer " and an API key or an access token'
        )
    return username


def _counts(counts: Mapping[UsageKind, int]) -> account_pb2.UsageCounts:
    message = account_pb2.UsageCounts()
    for kind, count in counts.items():
        setattr(message, _FIELDS[kind], count)
    return message


def _limits(limits: Mapping[UsageKind, int]) -> account_pb2.UsageLimits:
    message = account_pb2.UsageLimits()
    for kind, limit in limits.items():
        setattr(message, _FIELDS[kind], limit)
    return message


def _day(usage: DailyUsage) -> account_pb2.DailyUsage:
    return account_pb2.DailyUsage(day=usage.day, counts=_counts(usage.counts))


def _moment(microseconds: int) -> Timestamp:
    stamp = Timestamp()
    stamp.FromMicroseconds(microseconds)
    return stamp


def _midnight(day: str) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(datetime.fromisoformat(day).replace(tzinfo=UTC))
    return stamp
