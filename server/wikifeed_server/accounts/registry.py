"""Accounts and plans. Functions of a transaction."""

import re

from wikifeed_server.accounts.changes import EVERYBODY, note_change
from wikifeed_server.accounts.database import Execute, Row
from wikifeed_server.accounts.model import Account, Plan
from wikifeed_server.accounts.plans import check_plan, read_plan, write_plan
from wikifeed_server.errors import (
    AccountExistsError,
    AccountNotFoundError,
    FieldViolation,
    InvalidRequestError,
    PlanInUseError,
    PlanNotFoundError,
)

_USERNAME = re.compile(r"[A-Za-z0-9._@-]{1,64}")


def is_username(text: str) -> bool:
    """Whether an account may have that name."""
    return _USERNAME.fullmatch(text) is not None


def check_username(username: str) -> None:
    """Raise InvalidRequestError where no account may have that name."""
    if not is_username(username):
        description = "1 to 64 letters (A to Z), digits, '.', '_', '@' and '-'"
        raise InvalidRequestError([FieldViolation("username", description)])


def add_account(execute: Execute, username: str, password_hash: str | None, plan: str, now: int) -> Account:
    """Make an account. Raises AccountExistsError, PlanNotFoundError."""
    get_plan(execute, plan)
    if find_account(execute, username) is not None:
        raise AccountExistsError(
            f"there is an account {username!r} (names differ by more than case): take another name"
        )
    execute("INSERT INTO account VALUES (?, ?, ?, ?, 0)", (username, plan, now, password_hash))
    return get_account(execute, username)


def find_account(execute: Execute, username: str) -> Account | None:
    """An account by its name in any case."""
    if not is_username(username):
        return None
    row = execute(
        "SELECT username, plan, created, password IS NOT NULL, disabled FROM account WHERE username = ?", (username,)
    ).fetchone()
    return None if row is None else _account(row)


def get_account(execute: Execute, username: str) -> Account:
    """An account by its name in any case. Raises AccountNotFoundError."""
    account = find_account(execute, username)
    if account is None:
        raise AccountNotFoundError(f"there is no account {username!r}", username)
    return account


def list_accounts(execute: Execute) -> list[Account]:
    """All accounts, by name."""
    rows = execute(
        "SELECT username, plan, created, password IS NOT NULL, disabled FROM account ORDER BY username"
    ).fetchall()
    return [_account(row) for row in rows]


def set_account_plan(execute: Execute, username: str, plan: str) -> Account:
    """Give an account another plan. Raises AccountNotFoundError, PlanNotFoundError."""
    get_plan(execute, plan)
    account = get_account(execute, username)
    execute("UPDATE account SET plan = ? WHERE username = ?", (plan, username))
    note_change(execute, account.username)
    return get_account(execute, username)


def set_disabled(execute: Execute, username: str, *, disabled: bool) -> Account:
    """Lock an account, which ends its sessions, or open it again. Raises AccountNotFoundError."""
    account = get_account(execute, username)
    execute("UPDATE account SET disabled = ? WHERE username = ?", (disabled, username))
    if disabled:
        execute("DELETE FROM session WHERE username = ?", (username,))
    note_change(execute, account.username)
    return get_account(execute, username)


def delete_account(execute: Execute, username: str) -> None:
    """Forget an account with its keys, sessions and usage. Raises AccountNotFoundError."""
    account = get_account(execute, username)
    execute("DELETE FROM account WHERE username = ?", (username,))
    execute("DELETE FROM api_key WHERE username = ?", (username,))
    execute("DELETE FROM session WHERE username = ?", (username,))
    execute("DELETE FROM usage WHERE username = ?", (username,))
    execute("DELETE FROM download WHERE username = ?", (username,))
    note_change(execute, account.username)


def put_plan(execute: Execute, plan: Plan) -> None:
    """Keep a plan in place of what there was under its identifier. Raises InvalidRequestError."""
    check_plan(plan)
    execute("INSERT OR REPLACE INTO plan VALUES (?, ?)", (plan.identifier, write_plan(plan)))
    note_change(execute, EVERYBODY)


def get_plan(execute: Execute, identifier: str) -> Plan:
    """A plan. Raises PlanNotFoundError."""
    row = execute("SELECT definition FROM plan WHERE identifier = ?", (identifier,)).fetchone()
    if row is None:
        names = ", ".join(plan.identifier for plan in list_plans(execute))
        raise PlanNotFoundError(f"there is no plan {identifier!r}: those there are: {names or 'none'}", identifier)
    return read_plan(row[0])


def list_plans(execute: Execute) -> list[Plan]:
    """All plans, by identifier."""
    return [read_plan(text) for (text,) in execute("SELECT definition FROM plan ORDER BY identifier").fetchall()]


def plans_in_use(execute: Execute) -> list[Plan]:
    """The plans that some account has."""
    rows = execute("SELECT definition FROM plan WHERE identifier IN (SELECT plan FROM account)")
    return [read_plan(definition) for (definition,) in rows]


def delete_plan(execute: Execute, identifier: str) -> None:
    """Forget a plan. Raises PlanNotFoundError, PlanInUseError."""
    get_plan(execute, identifier)
    (count,) = execute("SELECT count(*) FROM account WHERE plan = ?", (identifier,)).fetchone()
    if count:
        raise PlanInUseError(
            f"{count} accounts have the plan {identifier!r}: give them another first", {"accounts_count": str(count)}
        )
    execute("DELETE FROM plan WHERE identifier = ?", (identifier,))


def _account(row: Row) -> Account:
    username, plan, created, has_password, disabled = row
    return Account(username, plan, created, bool(has_password), bool(disabled))
