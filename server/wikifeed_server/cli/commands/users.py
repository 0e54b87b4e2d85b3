"""`wikifeed users`: the accounts of a store."""

from typing import Any

import click

from wikifeed_server.accounts import Account, Accounts, Plan, UsageKind
from wikifeed_server.accounts.plans import plan_to_json
from wikifeed_server.cli.main import COMMANDS
from wikifeed_server.cli.options import json_option, settings_options
from wikifeed_server.cli.output import in_utc, remark, write_lines, write_object, write_table
from wikifeed_server.cli.stored_accounts import password_option, read_password, store_words, with_accounts
from wikifeed_server.errors import AccountExistsError, AccountNotFoundError

_DEFAULT_PLAN = "free"


@click.group("users", short_help=COMMANDS["users"])
def command() -> None:
    """Make, change and list the accounts of a store. A running server heeds changes within a second.

    \b
      wikifeed users add ada
      wikifeed users set-plan ada unlimited
      wikifeed users list
      wikifeed users disable ada
    """


@command.command("add")
@click.argument("username")
@click.option("--plan", default=_DEFAULT_PLAN, show_default=True, metavar="PLAN", help="What the account may do.")
@password_option
@click.option("--no-password", is_flag=True, help="None: the account only has keys.")
@json_option
@settings_options("store.folder")
@click.pass_context
def add(
    context: click.Context, username: str, plan: str, password_stdin: bool, no_password: bool, as_json: bool
) -> None:
    """Make an account, with a password that is asked for.

    \b
      wikifeed users add ada
      wikifeed users add robot --no-password --plan unlimited
      wikifeed users add ada --password-stdin < password.txt
    """
    if password_stdin and no_password:
        raise click.UsageError("--password-stdin and --no-password: give one of them", context)
    with_accounts(context, lambda accounts: _refuse_taken(accounts, username, plan))  # before the password is asked for
    password = None if no_password else read_password(context, from_stdin=password_stdin)
    account = with_accounts(context, lambda accounts: accounts.add(username, password, plan))
    if as_json:
        write_object(_as_json(account))
        return
    store = store_words(context)
    remark(f"{account.username} may call, within the plan {account.plan!r}. Next:")
    remark(f"  wikifeed keys create {account.username} --label laptop{store}   # a key for programs")
    if account.has_password:
        login = f'{{"username": "{account.username}", "password": "..."}}'
        remark(f"  curl -d '{login}' http://127.0.0.1:8080/v1/login   # tokens")
    remark(f"  wikifeed plans list{store}   # what plans allow")


@command.command("list")
@json_option
@settings_options("store.folder")
@click.pass_context
def list_(context: click.Context, as_json: bool) -> None:
    """List all accounts.

    \b
      wikifeed users list --json
    """
    found = with_accounts(context, lambda accounts: accounts.list())
    if as_json:
        write_lines(map(_as_json, found))
    elif found:
        rows = [(each.username, each.plan, _state(each), in_utc(each.created)) for each in found]
        write_table(("user", "plan", "state", "created"), rows)
    else:
        remark(f"there is no account; make one with: wikifeed users add USERNAME{store_words(context)}")


@command.command("show")
@click.argument("username")
@json_option
@settings_options("store.folder")
@click.pass_context
def show(context: click.Context, username: str, as_json: bool) -> None:
    """Show an account: its plan and what it used of it this month.

    \b
      wikifeed users show ada
    """
    account, plan, used, keys = with_accounts(context, lambda accounts: _all_of(accounts, username))
    if as_json:
        usage = {kind.value: used.get(kind, 0) for kind in UsageKind}
        write_object({**_as_json(account), "plan": plan_to_json(plan), "keys": keys, "used_this_month": usage})
        return
    rows = [("plan", f"{plan.identifier} ({plan.description})" if plan.description else plan.identifier)]
    rows += [("state", _state(account)), ("created", in_utc(account.created)), ("keys", str(keys))]
    rows += [(kind.value, _used(kind, used, plan)) for kind in UsageKind]
    write_table(("user", account.username), rows)


@command.command("set-plan")
@click.argument("username")
@click.argument("plan")
@settings_options("store.folder")
@click.pass_context
def set_plan(context: click.Context, username: str, plan: str) -> None:
    """Give an account another plan. What it used this month still counts.

    \b
      wikifeed users set-plan ada unlimited
    """
    account = with_accounts(context, lambda accounts: accounts.set_plan(username, plan))
    remark(f"{account.username} has the plan {account.plan!r}")


@command.command("set-password")
@click.argument("username")
@password_option
@settings_options("store.folder")
@click.pass_context
def set_password(context: click.Context, username: str, password_stdin: bool) -> None:
    """Set another password. All tokens of the account are revoked; keys stay.

    \b
      wikifeed users set-password ada
    """
    with_accounts(context, lambda accounts: accounts.get(username))  # before the password is asked for
    password = read_password(context, from_stdin=password_stdin)
    with_accounts(context, lambda accounts: accounts.set_password(username, password))
    remark(f"{username} has another password")


@command.command("disable")
@click.argument("username")
@settings_options("store.folder")
@click.pass_context
def disable(context: click.Context, username: str) -> None:
    """Refuse an account's tokens and keys, and end its streams. Tokens are revoked; keys come back with `enable`.

    \b
      wikifeed users disable ada
    """
    with_accounts(context, lambda accounts: accounts.disable(username))
    remark(f"{username} is disabled; wikifeed users enable {username}{store_words(context)} undoes it")


@command.command("enable")
@click.argument("username")
@settings_options("store.folder")
@click.pass_context
def enable(context: click.Context, username: str) -> None:
    """Let a disabled account in again.

    \b
      wikifeed users enable ada
    """
    with_accounts(context, lambda accounts: accounts.enable(username))
    remark(f"{username} may call again")


@command.command("delete")
@click.argument("username")
@click.option("--yes", is_flag=True, help="Do not ask.")
@settings_options("store.folder")
@click.pass_context
def delete(context: click.Context, username: str, yes: bool) -> None:
    """Forget an account with its keys, tokens and usage.

    \b
      wikifeed users delete ada
    """
    if not yes:
        click.confirm(f"Forget {username} with all keys, tokens and usage?", abort=True, err=True)
    with_accounts(context, lambda accounts: accounts.delete(username))
    remark(f"{username} is forgotten")


async def _refuse_taken(accounts: Accounts, username: str, plan: str) -> None:
    await accounts.get_plan(plan)
    try:
        taken = await accounts.get(username)
    except AccountNotFoundError:
        return
    raise AccountExistsError(f"there is an account {taken.username!r}: take another name")


async def _all_of(accounts: Accounts, username: str) -> tuple[Account, Plan, dict[UsageKind, int], int]:
    account = await accounts.get(username)
    used = await accounts.usage_of_month(username)
    return account, await accounts.get_plan(account.plan), used, len(await accounts.list_keys(username))


def _as_json(account: Account) -> dict[str, Any]:
    return {
        "username": account.username,
        "plan": account.plan,
        "date_created": in_utc(account.created),
        "has_password": account.has_password,
        "disabled": account.disabled,
    }


def _state(account: Account) -> str:
    if account.disabled:
        return "disabled"
    return "password" if account.has_password else "keys only"


def _used(kind: UsageKind, used: dict[UsageKind, int], plan: Plan) -> str:
    limit = (plan.monthly or {}).get(kind)
    return f"{used.get(kind, 0):,} this month" + ("" if limit is None else f" of {limit:,}")
