"""What each RPC takes of an account, and what of a plan it needs. Every method of the contract is in one of the tables.

Requests come validated, and may be shared: to narrow one is to copy it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from google.protobuf.message import Message

from wikifeed_server.accounts.model import Plan, UsageKind
from wikifeed_server.batches.hours import hour_of, hour_path
from wikifeed_server.errors import PermissionDeniedError

M = TypeVar("M", bound=Message)
Narrow: TypeAlias = Callable[[Any, Plan], Any]

_LIST_PAGE = 100  # articles that ListArticles returns unless asked otherwise


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What a method takes: `amount` of `kind`; and what it needs: `realtime`, `creates_snapshots`.

    `narrow` gives the request as it may be answered to a plan that shows some projects only.
    """

    kind: UsageKind | None = None
    amount: Callable[[Any], int] = lambda _: 1
    realtime: bool = False
    creates_snapshots: bool = False
    narrow: Narrow = lambda request, _: request


def require_project(plan: Plan, *projects: str) -> None:
    """Raise PermissionDeniedError where a plan does not show a project."""
    if not plan.projects:
        return
    for project in projects:
        if project not in plan.projects:
            raise PermissionDeniedError(
                f"the plan {plan.identifier!r} does not show {project}, but {', '.join(plan.projects)}: name one of "
                "these, or ask for another plan",
                {"plan": plan.identifier, "project": project},
            )


def require_realtime(plan: Plan) -> None:
    """Raise PermissionDeniedError where a plan has neither streams nor hourly batches."""
    if not plan.realtime:
        raise PermissionDeniedError(
            f"the plan {plan.identifier!r} has neither streams nor hourly batches: use snapshots and articles on "
            "demand, or ask for another plan",
            {"plan": plan.identifier},
        )


def require_creation(plan: Plan) -> None:
    """Raise PermissionDeniedError where a plan can't ask for snapshots to be made."""
    if not plan.creates_snapshots:
        raise PermissionDeniedError(
            f"the plan {plan.identifier!r} can't ask for snapshots to be made: take one that ListSnapshots lists, or "
            "ask for another plan",
            {"plan": plan.identifier},
        )


def project_of(identifier: str) -> str:
    """The project of a snapshot, a chunk or a batch: "enwiki" of "enwiki_namespace_0_chunk_3"."""
    return identifier.rpartition("_namespace_")[0]


def snapshot_file(identifier: str, offset: int) -> str:
    """The name under which a snapshot or a chunk is counted once a day, however it is downloaded."""
    return f"{identifier}@{offset}"


def batch_file(identifier: str, hour: int) -> str:
    """As `snapshot_file`, for a batch and any moment of its hour."""
    return f"{identifier}@{hour_path(hour_of(hour))}"


def narrowed(message: M, projects: Iterable[str], plan: Plan) -> M:
    """A copy of a message with a field `projects`, of which it names some, which the plan must show, or none."""
    named = tuple(projects)
    require_project(plan, *named)
    if named:
        return message
    copy = type(message)()
    copy.CopyFrom(message)
    copy.projects.extend(plan.projects)  # type: ignore[attr-defined]
    return copy


def _project(request: Any, plan: Plan) -> Any:
    require_project(plan, request.project)
    return request


def _projects(request: Any, plan: Plan) -> Any:
    return narrowed(request, request.projects, plan)


def _keys(request: Any, plan: Plan) -> Any:
    require_project(plan, *{key.project for key in request.keys})
    return request


def _identifier(request: Any, plan: Plan) -> Any:
    require_project(plan, project_of(request.identifier))
    return request


def _subscribe(request: Any, plan: Plan) -> Any:
    """Narrows the filter that a subscription is opened with, or given later.

    One that is opened without keeps its own, and the service, which has it, bounds that.
    """
    action = request.WhichOneof("action")
    if action not in {"open", "filter"} or (action == "open" and not request.open.HasField("filter")):
        return request
    copy = type(request)()
    copy.CopyFrom(request)
    match action:
        case "open":
            copy.open.filter.CopyFrom(narrowed(request.open.filter, request.open.filter.projects, plan))
        case "filter":
            copy.filter.CopyFrom(narrowed(request.filter, request.filter.projects, plan))
    return copy


_FREE = Entitlement()
_ONE_ARTICLE = Entitlement(UsageKind.ON_DEMAND, narrow=_project)
_OF_REALTIME = Entitlement(realtime=True)

ENTITLEMENTS: Mapping[str, Entitlement] = {
    "/wikifeed.v1.ArticleService/GetArticle": _ONE_ARTICLE,
    "/wikifeed.v1.ArticleService/GetStructuredContents": _ONE_ARTICLE,
    "/wikifeed.v1.ArticleService/BatchGetArticles": Entitlement(
        UsageKind.ON_DEMAND, lambda request: len(request.keys), narrow=_keys
    ),
    "/wikifeed.v1.ArticleService/LookupArticles": Entitlement(UsageKind.ON_DEMAND, narrow=_projects),
    "/wikifeed.v1.ArticleService/ListArticles": Entitlement(
        UsageKind.ON_DEMAND, lambda request: request.page_size or _LIST_PAGE, narrow=_project
    ),
    "/wikifeed.v1.ChangeService/StreamChanges": Entitlement(UsageKind.STREAM, realtime=True, narrow=_projects),
    "/wikifeed.v1.ChangeService/Subscribe": Entitlement(
        UsageKind.STREAM, lambda request: int(request.HasField("open")), realtime=True, narrow=_subscribe
    ),
    "/wikifeed.v1.ChangeService/GetSubscription": _OF_REALTIME,
    "/wikifeed.v1.ChangeService/ListSubscriptions": _OF_REALTIME,
    "/wikifeed.v1.ChangeService/DeleteSubscription": _OF_REALTIME,
    "/wikifeed.v1.ChangeService/GetChangeLogInfo": _FREE,
    "/wikifeed.v1.BatchService/ListBatches": Entitlement(realtime=True, narrow=_projects),
    "/wikifeed.v1.BatchService/GetBatch": Entitlement(realtime=True, narrow=_identifier),
    "/wikifeed.v1.BatchService/ExportBatch": Entitlement(realtime=True, narrow=_identifier),
    "/wikifeed.v1.SnapshotService/ListSnapshots": Entitlement(narrow=_projects),
    "/wikifeed.v1.SnapshotService/GetSnapshot": Entitlement(narrow=_identifier),
    "/wikifeed.v1.SnapshotService/CreateSnapshot": Entitlement(creates_snapshots=True, narrow=_project),
    "/wikifeed.v1.SnapshotService/ExportSnapshot": Entitlement(narrow=_identifier),
    "/wikifeed.v1.CatalogService/ListProjects": _FREE,
    "/wikifeed.v1.CatalogService/GetProject": _FREE,
    "/wikifeed.v1.CatalogService/ListLanguages": _FREE,
    "/wikifeed.v1.CatalogService/GetLanguage": _FREE,
    "/wikifeed.v1.CatalogService/ListNamespaces": _FREE,
    "/wikifeed.v1.CatalogService/GetNamespace": _FREE,
    "/wikifeed.v1.CatalogService/ListCodes": _FREE,
    "/wikifeed.v1.CatalogService/GetCode": _FREE,
    "/wikifeed.v1.AccountService/CreateSession": _FREE,
    "/wikifeed.v1.AccountService/RefreshSession": _FREE,
    "/wikifeed.v1.AccountService/DeleteSession": _FREE,
    "/wikifeed.v1.AccountService/ChangePassword": _FREE,
    "/wikifeed.v1.AccountService/GetAccount": _FREE,
    "/wikifeed.v1.AccountService/ListUsage": _FREE,
    "/wikifeed.v1.AccountService/CreateKey": _FREE,
    "/wikifeed.v1.AccountService/ListKeys": _FREE,
    "/wikifeed.v1.AccountService/DeleteKey": _FREE,
    "/wikifeed.v1.AccountService/ListPlans": _FREE,
}
