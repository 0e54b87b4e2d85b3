"""Plans as rows: what may be in them, and their form in the database."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson

from wikifeed_server.accounts.model import Cadence, Plan, UsageKind
from wikifeed_server.errors import FieldViolation, InvalidRequestError

_IDENTIFIER = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_PROJECT = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MAX_DESCRIPTION = 1000
_MAX_PROJECTS = 255  # as many as a filter may name
_MAX_LIMIT = 2**53


def check_plan(plan: Plan) -> None:
    """Raise InvalidRequestError, naming the fields, for a plan that can't be kept."""
    violations = []
    if not _IDENTIFIER.fullmatch(plan.identifier):
        violations.append(("identifier", "1 to 64 letters, digits, '_', '.' and '-'"))
    if len(plan.description) > _MAX_DESCRIPTION or not plan.description.isprintable():
        violations.append(("description", f"at most {_MAX_DESCRIPTION} characters, in one line"))
    for kind, limit in (plan.monthly or {}).items():
        if not 0 <= limit <= _MAX_LIMIT:
            violations.append((f"monthly.{kind}", "0 or more; leave it out where there is no limit"))
    if plan.streams_at_once is not None and not 0 <= plan.streams_at_once <= _MAX_LIMIT:
        violations.append(("streams_at_once", "0 or more; none where there is no limit"))
    if len(plan.projects) > _MAX_PROJECTS or not all(map(_PROJECT.fullmatch, plan.projects)):
        violations.append(("projects", f"at most {_MAX_PROJECTS} projects, by their identifiers, such as enwiki"))
    if violations:
        raise InvalidRequestError([FieldViolation(*violation) for violation in violations])


def plan_to_json(plan: Plan) -> Mapping[str, Any]:
    """All of a plan as an object of JSON."""
    return {
        "identifier": plan.identifier,
        "description": plan.description,
        "monthly": None if plan.monthly is None else {kind.value: limit for kind, limit in plan.monthly.items()},
        "realtime": plan.realtime,
        "streams_at_once": plan.streams_at_once,
        "projects": plan.projects,
        "snapshot_cadence": plan.snapshot_cadence.value,
        "creates_snapshots": plan.creates_snapshots,
    }


@lru_cache(maxsize=1024)
def read_plan(definition: str) -> Plan:
    """The plan of a row: one object for all callers that have it."""
    values = orjson.loads(definition)
    monthly = values.pop("monthly")
    return Plan(
        monthly=None if monthly is None else {UsageKind(kind): limit for kind, limit in monthly.items()},
        projects=tuple(values.pop("projects")),
        snapshot_cadence=Cadence(values.pop("snapshot_cadence")),
        **values,
    )


def write_plan(plan: Plan) -> str:
    """The inverse of `read_plan`."""
    return orjson.dumps(plan_to_json(plan)).decode()
