"""`wikifeed plans`: what accounts of a store may do."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import click

from wikifeed_server.accounts import Accounts, Cadence, Plan, UsageKind
from wikifeed_server.accounts.plans import plan_to_json
from wikifeed_server.cli.main import COMMANDS
from wikifeed_server.cli.options import json_option, settings_options
from wikifeed_server.cli.output import remark, write_lines, write_table
from wikifeed_server.cli.stored_accounts import with_accounts
from wikifeed_server.errors import PlanNotFoundError

_HEAD = ("plan", "a month", "realtime", "snapshots", "projects", "description")
_NO_LIMIT = -1
_MONTHLY = {
    "on_demand": (UsageKind.ON_DEMAND, "articles asked for"),
    "snapshots": (UsageKind.SNAPSHOT_DOWNLOAD, "snapshots fetched"),
    "chunks": (UsageKind.CHUNK_DOWNLOAD, "chunks of snapshots fetched"),
    "batches": (UsageKind.BATCH_DOWNLOAD, "files of hourly batches fetched"),
    "streams": (UsageKind.STREAM, "streams opened"),
}


class _Limit(click.ParamType[int]):
    """A limit, or none."""

    name = "limit"

    def convert(self, value: str | int, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if value in ("none", _NO_LIMIT):
            return _NO_LIMIT
        if not str(value).isdecimal():
            self.fail(f"{value!r} is neither a number from 0 on nor none", param, ctx)
        return int(value)


def _monthly_options(command: Any) -> Any:
    for name, (_, what) in reversed(_MONTHLY.items()):
        flag = f"--{name.replace('_', '-')}"
        command = click.option(flag, name, type=_Limit(), metavar="N|none", help=f"How many {what} a month.")(command)
    return command


@click.group("plans", short_help=COMMANDS["plans"])
def command() -> None:
    """Make, change and list plans. A running server heeds changes within a second.

    \b
      wikifeed plans list
      wikifeed plans set team --on-demand 100000 --streams-at-once 5 --project enwiki --project dewiki
      wikifeed users set-plan ada team
    """


@command.command("list")
@json_option
@settings_options("store.folder")
@click.pass_context
def list_(context: click.Context, as_json: bool) -> None:
    """List all plans.

    \b
      wikifeed plans list --json
    """
    found = with_accounts(context, lambda accounts: accounts.list_plans())
    if as_json:
        write_lines(map(plan_to_json, found))
    elif found:
        write_table(_HEAD, [_row(each) for each in found])
    else:
        remark("there is no plan; make one with: wikifeed plans set IDENTIFIER")


@command.command("set")
@click.argument("identifier")
@click.option("--description", metavar="TEXT", help="What the plan is for.")
@_monthly_options
@click.option("--realtime/--no-realtime", default=None, help="Whether it allows streams and hourly batches.")
@click.option("--streams-at-once", type=_Limit(), metavar="N|none", help="How many streams may be open at once.")
@click.option("--project", "projects", multiple=True, metavar="NAME", help="Only this project; may be repeated.")
@click.option("--all-projects", is_flag=True, help="All projects.")
@click.option(
    "--snapshot-cadence", type=click.Choice([each.value for each in Cadence]), help="All snapshots, or one a month."
)
@click.option(
    "--creates-snapshots/--no-creates-snapshots", default=None, help="Whether it allows asking for snapshots."
)
@settings_options("store.folder")
@click.pass_context
def set_(context: click.Context, /, identifier: str, all_projects: bool, **said: Any) -> None:
    """Change what is said of a plan, or make one; of a new plan what is not said has no limits.

    \b
      wikifeed plans set team --on-demand 100000 --streams-at-once 5
      wikifeed plans set team --on-demand none --all-projects
    """
    if all_projects and said["projects"]:
        raise click.UsageError("--project and --all-projects: give one of them", context)

    async def change(accounts: Accounts) -> Plan:
        plan = _changed(await _existing(accounts, identifier), said)
        plan = replace(plan, projects=()) if all_projects else plan
        await accounts.put_plan(plan)
        return plan

    plan = with_accounts(context, change)
    write_table(_HEAD, [_row(plan)])


@command.command("delete")
@click.argument("identifier")
@settings_options("store.folder")
@click.pass_context
def delete(context: click.Context, identifier: str) -> None:
    """Forget a plan that no account has.

    \b
      wikifeed plans delete team
    """
    with_accounts(context, lambda accounts: accounts.delete_plan(identifier))
    remark(f"the plan {identifier!r} is forgotten")


async def _existing(accounts: Accounts, identifier: str) -> Plan:
    try:
        return await accounts.get_plan(identifier)
    except PlanNotFoundError:
        return Plan(identifier)


def _changed(plan: Plan, said: Mapping[str, Any]) -> Plan:
    """The plan with what was said; None and () were not."""
    monthly = dict(plan.monthly or {})
    monthly |= {kind: said[name] for name, (kind, _) in _MONTHLY.items() if said[name] is not None}
    fields = {
        name: said[name]
        for name in ("description", "realtime", "streams_at_once", "projects", "creates_snapshots")
        if said[name] not in (None, ())
    }
    if said["snapshot_cadence"]:
        fields["snapshot_cadence"] = Cadence(said["snapshot_cadence"])
    if fields.get("streams_at_once") == _NO_LIMIT:
        fields["streams_at_once"] = None
    bounded = {kind: limit for kind, limit in monthly.items() if limit != _NO_LIMIT}
    return replace(plan, monthly=bounded or None, **fields)


def _row(plan: Plan) -> tuple[str, ...]:
    bounds = [f"{limit:,} {kind.value}" for kind, limit in (plan.monthly or {}).items()]
    realtime = "no"
    if plan.realtime:
        realtime = "yes" if plan.streams_at_once is None else f"{plan.streams_at_once:,} at once"
    snapshots = f"{plan.snapshot_cadence.value}{', creates' if plan.creates_snapshots else ''}"
    projects = ", ".join(plan.projects) or "all"
    return (plan.identifier, ", ".join(bounds) or "no limit", realtime, snapshots, projects, plan.description)
