"""What a server knows of projects, subscriptions and accounts."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from google.protobuf.message import Message
from made_up_status import CallEndedError
from scripted_call import Site

from wikifeed.v1.account_pb2 import DailyUsage, UsageCounts
from wikifeed.v1.account_service_pb2 import (
    GetAccountRequest,
    GetAccountResponse,
    ListUsageRequest,
    ListUsageResponse,
)
from wikifeed.v1.catalog_service_pb2 import ListProjectsRequest, ListProjectsResponse
from wikifeed.v1.change_service_pb2 import (
    DeleteSubscriptionRequest,
    DeleteSubscriptionResponse,
    GetChangeLogInfoRequest,
    GetChangeLogInfoResponse,
    GetSubscriptionRequest,
    GetSubscriptionResponse,
    ListSubscriptionsRequest,
    ListSubscriptionsResponse,
)
from wikifeed.v1.project_pb2 import Language, Project
from wikifeed.v1.subscription_pb2 import Subscription

Item = TypeVar("Item")
Answers = Mapping[str, tuple[type[Message], Callable[[Site, Any], Message]]]
_SUBSCRIPTIONS_IN_A_PAGE = 2


def page_of(items: Sequence[Item], size: int, token: str) -> tuple[Sequence[Item], str]:
    """The next items, and the token of those after them."""
    first = int(token or 0)
    return items[first : first + size], str(first + size) if first + size < len(items) else ""


def _list_projects(site: Site, request: ListProjectsRequest) -> ListProjectsResponse:
    asked = [
        Project(identifier=identifier, in_language=Language(identifier=identifier.removesuffix("wiki")))
        for identifier in site.words["projects"]
    ]
    return ListProjectsResponse(
        projects=[each for each in asked if not request.languages or each.in_language.identifier in request.languages]
    )


def _log_info(site: Site, request: GetChangeLogInfoRequest) -> GetChangeLogInfoResponse:
    return GetChangeLogInfoResponse(oldest_offset=site.oldest, newest_offset=site.log)


def _list_subscriptions(site: Site, request: ListSubscriptionsRequest) -> ListSubscriptionsResponse:
    known = [Subscription(name=name, acknowledged_offset=at) for name, at in sorted(site.acknowledged.items())]
    subscriptions, token = page_of(known, _SUBSCRIPTIONS_IN_A_PAGE, request.page_token)
    return ListSubscriptionsResponse(subscriptions=subscriptions, next_page_token=token)


def _subscription(site: Site, request: GetSubscriptionRequest) -> GetSubscriptionResponse:
    acknowledged = _acknowledged(site, request.name)
    return GetSubscriptionResponse(subscription=Subscription(name=request.name, acknowledged_offset=acknowledged))


def _delete_subscription(site: Site, request: DeleteSubscriptionRequest) -> DeleteSubscriptionResponse:
    _acknowledged(site, request.name)
    del site.acknowledged[request.name]
    return DeleteSubscriptionResponse()


def _acknowledged(site: Site, name: str) -> int:
    """How far a subscription is. Raises CallEndedError where there is none of that name."""
    if name not in site.acknowledged:
        raise CallEndedError({"code": "NOT_FOUND", "reason": "SUBSCRIPTION_NOT_FOUND"})
    return site.acknowledged[name]


def _usage(site: Site, request: ListUsageRequest) -> ListUsageResponse:
    counts = site.words["usage"]
    days = [day for day in sorted(counts) if (request.first_day or day) <= day <= (request.last_day or day)]
    return ListUsageResponse(days=[DailyUsage(day=day, counts=UsageCounts(on_demand=counts[day])) for day in days])


def _account(site: Site, request: GetAccountRequest) -> GetAccountResponse:
    answer = GetAccountResponse()
    answer.account.username = site.words["account"]
    return answer


RECORD_ANSWERS: Answers = {
    "ListProjects": (ListProjectsRequest, _list_projects),
    "GetChangeLogInfo": (GetChangeLogInfoRequest, _log_info),
    "ListSubscriptions": (ListSubscriptionsRequest, _list_subscriptions),
    "GetSubscription": (GetSubscriptionRequest, _subscription),
    "DeleteSubscription": (DeleteSubscriptionRequest, _delete_subscription),
    "GetAccount": (GetAccountRequest, _account),
    "ListUsage": (ListUsageRequest, _usage),
}
