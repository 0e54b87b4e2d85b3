"""How Wikifeed behaves toward a wiki: who it says it is, how much it asks at once, how it waits when refused.

The rules are those of https://www.mediawiki.org/wiki/API:Etiquette and of Wikimedia's User-Agent policy,
https://foundation.wikimedia.org/wiki/Policy:Wikimedia_Foundation_User-Agent_Policy.
"""

import ipaddress
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from wikifeed_server import __version__
from wikifeed_server.errors import ConfigError
from wikifeed_server.sources.events import Patience

# A Retry-After beyond an hour is a mistake of the server's clock rather than a wish.
_LONGEST_WISH = 3600.0


@dataclass(frozen=True, slots=True)
class Etiquette:
    """What a wiki is asked to bear.

    `concurrency`: requests at once. `maxlag`: the lag of its database, in seconds, at which it is left alone; 0: never.
    `user_agent` is what `user_agent()` makes. `patience` says how long a request may take and how failures are waited
    out. An answer of more than `answer_bytes`, unpacked, is refused. `page_attempts`: how often a page that the wiki
    itself fails to render is asked for.
    """

    concurrency: int = 3
    maxlag: int = 5
    user_agent: str = ""
    patience: Patience = field(default_factory=Patience)
    answer_bytes: int = 256 << 20
    page_attempts: int = 5

    def delay(self, failures: int, wish: float) -> float:
        """Seconds to wait after so many failures in a row (from 1), at least as long as the server wishes."""
        longest = min(self.patience.first_delay * 2.0 ** min(failures - 1, 30), self.patience.longest_delay)
        return max(longest * random.uniform(0.5, 1.0), wish)  # noqa: S311


def user_agent(contact: str) -> str:
    """How Wikifeed names itself to a wiki, with the address of who runs it. Raises ConfigError."""
    contact = contact.strip()
    if not contact.isprintable() or "(" in contact or ")" in contact:
        raise ConfigError(f"the contact {contact!r} can't be sent: give a mail or web address without ( and )")
    return f"Wikifeed/{__version__} ({contact})" if contact else f"Wikifeed/{__version__}"


def require_contact(url: str, contact: str) -> None:
    """Raise ConfigError where a wiki that is not on this machine would be asked without saying by whom."""
    if not contact.strip() and not _is_loopback(urlsplit(url).hostname or ""):
        raise ConfigError(
            f"{url} must know whom to turn to: give your mail or web address with --contact, "
            "for example --contact you@example.org; it is sent in the User-Agent of each request"
        )


def wished_wait(headers: Mapping[str, str]) -> float:
    """The seconds of a Retry-After, given as such or as a time; 0 where there is none that can be read."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), _LONGEST_WISH)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - datetime.now(UTC)).total_seconds(), 0.0), _LONGEST_WISH)


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
