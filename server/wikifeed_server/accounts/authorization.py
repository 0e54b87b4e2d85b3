"""Reading the `authorization` of a call."""

import re

from wikifeed_server.accounts.keys import KeyText, read_key
from wikifeed_server.errors import UnauthenticatedError

_MAX_CHARACTERS = 4096
_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/=-]+) *", re.IGNORECASE)


def read_authorization(text: str) -> KeyText | str:
    """The key, or the text of the token, in "Bearer ..."; empty where nothing is shown.

    Raises UnauthenticatedError for anything else.
    """
    if not text.strip():
        return ""
    found = _BEARER.fullmatch(text) if len(text) <= _MAX_CHARACTERS else None
    if found is None:
        raise UnauthenticatedError('authorization must be "Bearer ", then an access token or an API key')
    return read_key(found[1]) or found[1]
