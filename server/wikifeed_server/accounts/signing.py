"""Access and id tokens: JSON Web Tokens, HS256 with keys of 256 random bits that are replaced every so often.

A key stays until the last token that it signed has expired. Functions of a transaction.
"""

import secrets
from dataclasses import dataclass
from typing import Any

import jwt

from wikifeed_server.accounts.database import Execute
from wikifeed_server.accounts.model import AccountOptions

_ISSUER = "wikifeed"
_ALGORITHM = "HS256"
_ID, _ACCESS = "id", "access"
_CLAIMS = ["iss", "sub", "sid", "iat", "exp", "jti", "token_use"]


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What an access token says. `expires` is in microseconds since 1970."""

    username: str
    session: int
    expires: int


def sign_tokens(
    execute: Execute, username: str, session: int, session_expires: int, options: AccountOptions
) -> tuple[str, str, int]:
    """An id token and an access token, and in how many seconds both expire; no later than the session does."""
    now = options.clock()
    issued = now // 1_000_000
    expires = min(issued + round(options.token_seconds), session_expires // 1_000_000)
    kid, secret = _current_key(execute, now, options)
    execute("UPDATE signing_key SET last_expiry = max(last_expiry, ?) WHERE kid = ?", (expires * 1_000_000, kid))

    def sign(use: str) -> str:
        claims = {"iss": _ISSUER, "sub": username, "sid": session, "iat": issued, "exp": expires}
        return jwt.encode(
            {**claims, "jti": secrets.token_hex(16), "token_use": use}, secret, _ALGORITHM, headers={"kid": kid}
        )

    return sign(_ID), sign(_ACCESS), expires - issued


def read_access_token(execute: Execute, token: str, now: int) -> AccessClaims | None:
    """What an access token says that this server signed and that has not expired; None for anything else."""
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        row = execute("SELECT secret FROM signing_key WHERE kid = ?", (kid,)).fetchone()
        if row is None:
            return None
        # The clock is the caller's, so expiry is looked at below.
        options: Any = {"require": _CLAIMS, "verify_exp": False, "verify_iat": False}
        claims = jwt.decode(token, row[0], algorithms=[_ALGORITHM], issuer=_ISSUER, options=options)
    except (jwt.InvalidTokenError, ValueError, RecursionError):
        return None
    expires = claims["exp"] * 1_000_000
    if claims["token_use"] != _ACCESS or expires <= now:
        return None
    return AccessClaims(claims["sub"], claims["sid"], expires)


def _current_key(execute: Execute, now: int, options: AccountOptions) -> tuple[str, bytes]:
    """The key to sign with; where it is too old, another is made, and those are dropped whose tokens have expired."""
    newest = execute("SELECT kid, secret, created FROM signing_key ORDER BY number DESC LIMIT 1").fetchone()
    if newest is not None and now < newest[2] + round(options.rotation_seconds * 1e6):
        return newest[0], newest[1]
    execute("DELETE FROM signing_key WHERE last_expiry <= ?", (now,))
    kid, secret = secrets.token_hex(8), secrets.token_bytes(32)
    execute("INSERT INTO signing_key (kid, secret, created, last_expiry) VALUES (?, ?, ?, 0)", (kid, secret, now))
    return kid, secret
