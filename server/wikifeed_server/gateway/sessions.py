"""/v1: logging in, tokens, passwords, as Enterprise's clients do.

Where no account is needed, a client that logs in with a name that nobody has gets a guest's token, so that Enterprise's
clients need no change: it protects nothing, as nothing is protected there. What needs a mail server or a phone
(forgotten passwords, confirmations, sign-up) is the administrator's to do with `wikifeed users`; those paths say so.
"""

from dataclasses import replace
from typing import Any

from aiohttp import web

from wikifeed_server.accounts import GUEST_TOKEN, Accounts, Tokens
from wikifeed_server.errors import AccountNotFoundError
from wikifeed_server.gateway.answering import answer_object
from wikifeed_server.gateway.errors import HttpError, unprocessable
from wikifeed_server.gateway.parts import CALLER, Parts
from wikifeed_server.gateway.queries import read_body

_GUEST = Tokens(GUEST_TOKEN, GUEST_TOKEN, GUEST_TOKEN, 86400)
_LONGEST_BYTES = 8192  # of a name, a password, a token
_BY_ADMINISTRATORS = (
    "new-password-required",
    "forgot-password",
    "forgot-password-confirm",
    "create-user",
    "confirm-user",
    "resend-confirm",
    "captcha",
)


def routes(parts: Parts) -> list[web.RouteDef]:
    """The routes of /v1."""
    accounts = parts.accounts

    async def log_in(request: web.Request) -> web.Response:
        username, password = _texts(await read_body(request, parts.read_seconds), "username", "password")
        if not parts.guard.required and not await _is_known(accounts, username):
            return answer_object(_written(_GUEST))
        return answer_object(_written(await accounts.log_in(username, password)))

    async def refresh(request: web.Request) -> web.Response:
        username, token = _texts(await read_body(request, parts.read_seconds), "username", "refresh_token")
        if not parts.guard.required and token == GUEST_TOKEN:
            return answer_object(_written(replace(_GUEST, refresh_token="")))
        return answer_object(_written(await accounts.refresh(username, token)))

    async def revoke(request: web.Request) -> web.Response:
        (token,) = _texts(await read_body(request, parts.read_seconds), "refresh_token")
        await accounts.revoke(token)
        return web.Response(status=204)

    async def get_user(request: web.Request) -> web.Response:
        caller = request[CALLER]
        plan = {"identifier": caller.plan.identifier, "description": caller.plan.description}
        counts = await accounts.usage_of_month(caller.username) if caller.username else {}
        usage = {str(kind): count for kind, count in counts.items()}
        limits = {str(kind): count for kind, count in (caller.plan.monthly or {}).items()}
        return answer_object({"username": caller.username, "plan": plan, "usage": usage, "limits": limits})

    async def change_password(request: web.Request) -> web.Response:
        body = await read_body(request, parts.read_seconds)
        old, fresh = _texts(body, "previous_password", "proposed_password")
        username = request[CALLER].username
        if not username:
            raise HttpError(401, "show the token of the account whose password is to change")
        await accounts.change_password(username, old, fresh)
        return answer_object({})

    async def refuse(request: web.Request) -> web.Response:
        del request
        raise HttpError(501, "this server sends no mail: ask its administrator, who has `wikifeed users`")

    return [
        web.post("/v1/login", log_in),
        web.post("/v1/token-refresh", refresh),
        web.post("/v1/token-revoke", revoke),
        web.get("/v1/get-user", get_user),
        web.post("/v1/get-user", get_user),
        web.post("/v1/change-password", change_password),
        *(web.post(f"/v1/{name}", refuse) for name in _BY_ADMINISTRATORS),
    ]


async def _is_known(accounts: Accounts, username: str) -> bool:
    try:
        await accounts.get(username)
    except AccountNotFoundError:
        return False
    return True


def _written(tokens: Tokens) -> dict[str, object]:
    written: dict[str, object] = {
        "id_token": tokens.id_token,
        "access_token": tokens.access_token,
        "expires_in": tokens.expires_in,
    }
    if tokens.refresh_token:
        written["refresh_token"] = tokens.refresh_token
    return written


def _texts(body: dict[str, Any], *names: str) -> list[str]:
    """The texts of a body under those names. Raises HttpError (422) for one that is missing or none."""
    texts = []
    for name in names:
        text = body.get(name)
        if not isinstance(text, str) or not text:
            raise unprocessable(name, "must be a text, and not empty")
        if len(text.encode(errors="replace")) > _LONGEST_BYTES:
            raise unprocessable(name, f"may have {_LONGEST_BYTES} bytes at most")
        texts.append(text)
    return texts
