"""API keys: `wf_`, an identifier that is no secret, `_`, and 256 random bits of which only SHA-256 is kept.

Functions of a transaction.
"""

import hashlib
import hmac
import re
import secrets
from typing import NamedTuple

from wikifeed_server.accounts.changes import note_change
from wikifeed_server.accounts.database import Execute, Row
from wikifeed_server.accounts.days import DAY_MICROSECONDS
from wikifeed_server.accounts.model import ApiKey, Caller
from wikifeed_server.accounts.plans import read_plan
from wikifeed_server.accounts.registry import get_account
from wikifeed_server.errors import FieldViolation, InvalidRequestError, KeyNotFoundError, LimitExceededError

_KEY = re.compile(r"wf_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")
_MAX_LABEL = 128
_MAX_KEYS = 1000  # of an account


class KeyText(NamedTuple):
    """A key that was shown."""

    identifier: str
    secret: str


def read_key(text: str) -> KeyText | None:
    """The parts of a key; None for what is none."""
    found = _KEY.fullmatch(text)
    return KeyText(*found.groups()) if found else None


def create_key(execute: Execute, username: str, label: str, expires: int, now: int) -> tuple[ApiKey, str]:
    """Make a key of an account. Raises AccountNotFoundError, InvalidRequestError, LimitExceededError."""
    violations = []
    if len(label) > _MAX_LABEL or not label.isprintable():
        violations.append(FieldViolation("label", f"at most {_MAX_LABEL} characters, in one line"))
    if expires and expires <= now:
        violations.append(FieldViolation("expires", "a time to come, or none"))
    if violations:
        raise InvalidRequestError(violations)
    account = get_account(execute, username)
    (count,) = execute("SELECT count(*) FROM api_key WHERE username = ?", (username,)).fetchone()
    if count >= _MAX_KEYS:
        raise LimitExceededError("API keys of an account", account.username, _MAX_KEYS)
    key = ApiKey(secrets.token_hex(8), account.username, label, now, expires)
    secret = secrets.token_urlsafe(32)
    values = (key.identifier, key.username, label, _digest(secret), now, expires, 0)
    execute("INSERT INTO api_key VALUES (?, ?, ?, ?, ?, ?, ?)", values)
    return key, f"wf_{key.identifier}_{secret}"


def list_keys(execute: Execute, username: str) -> list[ApiKey]:
    """The keys of an account, the oldest first. Raises AccountNotFoundError."""
    get_account(execute, username)
    rows = execute(
        "SELECT identifier, username, label, created, expires, last_used FROM api_key WHERE username = ?"
        " ORDER BY created, identifier",
        (username,),
    ).fetchall()
    return [ApiKey(*row) for row in rows]


def revoke_key(execute: Execute, username: str, identifier: str) -> None:
    """Forget a key of an account. Raises AccountNotFoundError, KeyNotFoundError."""
    account = get_account(execute, username)
    gone = execute("DELETE FROM api_key WHERE identifier = ? AND username = ?", (identifier, username)).rowcount
    if not gone:
        raise KeyNotFoundError(f"account {account.username!r} has no key {identifier!r}", identifier)
    note_change(execute, account.username)


def key_caller(execute: Execute, key: KeyText, now: int) -> Caller | None:
    """Who shows a key; None where it is not good (any more)."""
    row = _row(execute, key.identifier, now)
    if row is None or not hmac.compare_digest(row[4], _digest(key.secret)):
        return None
    return _caller(row)


def key_holder(execute: Execute, identifier: str, now: int) -> Caller | None:
    """Who has a key that was shown before; None where it is not good any more."""
    row = _row(execute, identifier, now)
    return None if row is None else _caller(row)


def is_used_first(execute: Execute, identifier: str, now: int) -> bool:
    """Whether it is not noted yet that the key was used on this day."""
    row = execute("SELECT last_used FROM api_key WHERE identifier = ?", (identifier,)).fetchone()
    return row is not None and row[0] // DAY_MICROSECONDS < now // DAY_MICROSECONDS


def note_use(execute: Execute, identifier: str, now: int) -> None:
    """Note the day on which a key was used."""
    day = now - now % DAY_MICROSECONDS
    execute("UPDATE api_key SET last_used = max(last_used, ?) WHERE identifier = ?", (day, identifier))


def _row(execute: Execute, identifier: str, now: int) -> Row | None:
    row: Row | None = execute(
        "SELECT a.username, p.definition, k.identifier, k.expires, k.hash FROM api_key k"
        " JOIN account a ON a.username = k.username JOIN plan p ON p.identifier = a.plan"
        " WHERE k.identifier = ? AND NOT a.disabled AND (k.expires = 0 OR k.expires > ?)",
        (identifier, now),
    ).fetchone()
    return row


def _caller(row: Row) -> Caller:
    username, definition, identifier, expires, _ = row
    return Caller(username, read_plan(definition), f"key:{identifier}", expires)


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
