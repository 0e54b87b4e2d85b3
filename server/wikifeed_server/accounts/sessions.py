"""Sessions: what logging in begins, each with a refresh token of which only SHA-256 is kept.

Functions of a transaction.
"""

import hashlib
import secrets

from wikifeed_server.accounts.changes import note_change
from wikifeed_server.accounts.database import Execute
from wikifeed_server.accounts.model import AccountOptions, Caller, Tokens
from wikifeed_server.accounts.plans import read_plan
from wikifeed_server.accounts.registry import get_account
from wikifeed_server.accounts.signing import AccessClaims, sign_tokens
from wikifeed_server.errors import UnauthenticatedError

# Who logs in for each call would fill the disk.
_MAX_SESSIONS = 1000


def begin_session(execute: Execute, username: str, options: AccountOptions) -> Tokens:
    """Tokens of a session of an account. Of its sessions the newest stay, and of all those that have not expired."""
    now = options.clock()
    execute("DELETE FROM session WHERE expires <= ?", (now,))
    refresh_token = secrets.token_urlsafe(32)
    expires = now + round(options.refresh_seconds * 1e6)
    values = (username, _digest(refresh_token), expires)
    session = execute("INSERT INTO session (username, refresh_hash, expires) VALUES (?, ?, ?)", values).lastrowid or 0
    surplus = execute(
        "DELETE FROM session WHERE username = ? AND id <="
        " (SELECT id FROM session WHERE username = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
        (username, username, _MAX_SESSIONS),
    )
    if surplus.rowcount:
        note_change(execute, username)
    id_token, access_token, expires_in = sign_tokens(execute, username, session, expires, options)
    return Tokens(id_token, access_token, refresh_token, expires_in)


def refresh_session(execute: Execute, username: str, refresh_token: str, options: AccountOptions) -> Tokens:
    """Further tokens of the session of a refresh token; an empty name is not compared. Raises UnauthenticatedError."""
    row = execute(
        "SELECT a.username, s.id, s.expires FROM session s JOIN account a ON a.username = s.username"
        " WHERE s.refresh_hash = ? AND s.expires > ? AND NOT a.disabled",
        (_digest(refresh_token), options.clock()),
    ).fetchone()
    if row is None or username.lower() not in ("", row[0].lower()):
        raise UnauthenticatedError("the refresh token is not this account's, has expired or was revoked: log in again")
    name, session, expires = row
    id_token, access_token, expires_in = sign_tokens(execute, name, session, expires, options)
    return Tokens(id_token, access_token, "", expires_in)


def end_session(execute: Execute, refresh_token: str) -> None:
    """End the session of a refresh token, if there is one."""
    row = execute("SELECT id, username FROM session WHERE refresh_hash = ?", (_digest(refresh_token),)).fetchone()
    if row is not None:
        execute("DELETE FROM session WHERE id = ?", row[:1])
        note_change(execute, row[1])


def set_password_hash(execute: Execute, username: str, password_hash: str) -> None:
    """Give an account another password, which ends its sessions. Raises AccountNotFoundError."""
    account = get_account(execute, username)
    execute("UPDATE account SET password = ? WHERE username = ?", (password_hash, username))
    execute("DELETE FROM session WHERE username = ?", (username,))
    note_change(execute, account.username)


def token_caller(execute: Execute, claims: AccessClaims, now: int) -> Caller | None:
    """Who shows an access token; None where its session was ended."""
    caller = session_holder(execute, claims.session, now, claims.expires)
    return caller if caller is not None and caller.username == claims.username else None


def session_holder(execute: Execute, session: int, now: int, expires: int = 0) -> Caller | None:
    """Whose session it is; None where it was ended or the account is disabled. `expires` is its access token's."""
    row = execute(
        "SELECT a.username, p.definition FROM session s JOIN account a ON a.username = s.username"
        " JOIN plan p ON p.identifier = a.plan WHERE s.id = ? AND s.expires > ? AND NOT a.disabled",
        (session, now),
    ).fetchone()
    return None if row is None else Caller(row[0], read_plan(row[1]), f"session:{session}", expires)


def _digest(refresh_token: str) -> bytes:
    return hashlib.sha256(refresh_token.encode(errors="surrogatepass")).digest()
