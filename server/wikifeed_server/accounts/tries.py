"""Wrong passwords in a row, by user name, whether there is such an account or not.

A try counts as a wrong one from its beginning until it turns out to be right, so that tries at once gain nothing. Names
are kept as hashes: people type passwords where names belong. The table is bounded; names without an account go first.

Functions of a transaction.
"""

import hashlib

from wikifeed_server.accounts.database import Execute
from wikifeed_server.accounts.registry import find_account, is_username
from wikifeed_server.errors import TooManyTriesError, UnauthenticatedError

_FREE_TRIES = 5
_MAX_SECONDS = 60
_MAX_NAMES = 10_000


def begin_try(execute: Execute, username: str, now: int) -> str | None:
    """Count a try; the hash of the password, None where no password is right.

    Raises TooManyTriesError, and counts nothing, where the name has to wait.
    """
    name = _hash(username)
    row = execute("SELECT count, last FROM wrong_password WHERE name = ?", (name,)).fetchone()
    count, last = row or (0, 0)
    wait = last + _delay(count) - now
    # A clock that was set back must not lock anybody out for longer than the bound.
    if 0 < wait <= _MAX_SECONDS * 1_000_000:
        raise TooManyTriesError(-(-wait // 1_000_000))
    known = find_account(execute, username) is not None
    execute("INSERT OR REPLACE INTO wrong_password VALUES (?, ?, ?, ?)", (name, known, count + 1, now))
    if row is None:
        execute(
            "DELETE FROM wrong_password WHERE name IN (SELECT name FROM wrong_password ORDER BY known, last"
            " LIMIT max(0, (SELECT count(*) FROM wrong_password) - ?))",
            (_MAX_NAMES,),
        )
    return _password_hash(execute, username)


def end_try(execute: Execute, username: str, kept: str, fresh: str | None) -> str:
    """Begin to count anew, since the password of the kept hash was right; the account's name.

    `fresh` is a hash to keep in its place. Raises UnauthenticatedError where the account changed meanwhile.
    """
    account = find_account(execute, username)
    if account is None or _password_hash(execute, username) != kept:
        raise UnauthenticatedError("the account changed meanwhile: try again")
    execute("DELETE FROM wrong_password WHERE name = ?", (_hash(username),))
    if fresh is not None:
        execute("UPDATE account SET password = ? WHERE username = ?", (fresh, username))
    return account.username


def _password_hash(execute: Execute, username: str) -> str | None:
    """None where no password is right: there is no such account, it has none, or it is disabled."""
    if not is_username(username):
        return None
    row = execute("SELECT password FROM account WHERE username = ? AND NOT disabled", (username,)).fetchone()
    return None if row is None else row[0]


def _delay(count: int) -> int:
    """How long the next try has to wait after that many wrong ones, in microseconds."""
    return 0 if count < _FREE_TRIES else min(_MAX_SECONDS, 1 << min(count - _FREE_TRIES, 6)) * 1_000_000


def _hash(username: str) -> bytes:
    return hashlib.sha256(username.lower().encode(errors="surrogatepass")).digest()
