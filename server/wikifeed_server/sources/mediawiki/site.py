"""Finds a wiki's API from any of its addresses, and asks the wiki about itself."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import aiohttp
from selectolax.lexbor import LexborHTMLParser
from yarl import URL

from wikifeed_server.errors import SourceError, SourceRefusedError
from wikifeed_server.projects import FIRST_LETTER, NamespaceInfo, ProjectInfo
from wikifeed_server.sources import wikimedia
from wikifeed_server.sources.mediawiki.answers import json_answer, page_answer
from wikifeed_server.sources.mediawiki.etiquette import Etiquette

_SITE_QUERY = urlencode(
    {
        "action": "query",
        "meta": "siteinfo",
        "siprop": "general|namespaces|namespacealiases|rightsinfo|extensions",
        "format": "json",
        "formatversion": 2,
        "errorformat": "plaintext",
        "errorlang": "en",
    }
)
# formatversion 2 came with 1.25, continuation as it is used here with 1.26.
_OLDEST_VERSION = (1, 26)
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_VERSION = re.compile(r"MediaWiki (\d+)\.(\d+)")
_CREATIVE_COMMONS = re.compile(r"creativecommons\.org/(?:licenses/(by[a-z-]*)|publicdomain/(zero))/(\d\.\d)")
_PAGE_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class Wiki:
    """A wiki that was found: api.php, rest.php (which may not be there), what it is, the names of its extensions."""

    api_url: str
    rest_url: str
    project: ProjectInfo
    extensions: frozenset[str] = frozenset()


async def find_wiki(url: str, session: aiohttp.ClientSession, etiquette: Etiquette, project: str = "") -> Wiki:
    """The wiki at an address: of api.php, of the scripts' folder, of any page, or the bare host.

    `project` is the identifier to give it instead of its own. Raises SourceError where it can't be reached at this
    time, SourceRefusedError where there is no wiki or it does not let us read.
    """
    tried: list[str] = []
    trouble: SourceError | None = None
    async for candidate in _candidates(url, session, etiquette):
        if candidate in tried:
            continue
        tried.append(candidate)
        try:
            api_url, answer = await _ask(candidate, session, etiquette)
        except SourceRefusedError as error:
            # A wiki that answers but refuses is the one meant; anything else that answers is none.
            if "code" in error.metadata:
                raise
        except SourceError as error:
            trouble = trouble or error
        else:
            return _wiki(api_url, answer, project)
    if trouble is not None:
        raise trouble
    raise SourceRefusedError(
        f"there is no MediaWiki at {url}: tried {', '.join(tried)}; give the address of its api.php, which "
        "Special:Version of the wiki tells under 'Entry point URLs'"
    )


async def _candidates(url: str, session: aiohttp.ClientSession, etiquette: Etiquette) -> AsyncIterator[str]:
    """Where api.php may be, the likeliest first."""
    address = url if "://" in url else f"https://{url}"
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.netloc or "@" in parts.netloc:
        raise SourceRefusedError(f"{url!r} is not the address of a wiki: give one such as https://wiki.example/w/")
    origin, path = f"{parts.scheme}://{parts.netloc}", parts.path
    folder, script, _ = path.partition("/index.php")
    if path.endswith("/api.php"):
        yield origin + path
    elif script or path.endswith("/rest.php"):
        yield f"{origin}{folder.removesuffix('/rest.php')}/api.php"
    elif path.endswith("/") and path != "/":
        yield f"{origin}{path}api.php"
    told = await _told_by_page(address, session, etiquette)
    if told:
        yield told
    for guess in (f"{path.rstrip('/')}/api.php", "/w/api.php", "/api.php", "/wiki/api.php"):
        yield origin + guess


async def _ask(api_url: str, session: aiohttp.ClientSession, etiquette: Etiquette) -> tuple[str, dict[str, Any]]:
    """Where the API answered in the end, and what it says of its wiki."""
    try:
        async with _get(f"{api_url}?{_SITE_QUERY}", session, etiquette) as response:
            answer = await json_answer(response, etiquette.answer_bytes)
            found = str(response.url.with_query(None))
    except (aiohttp.ClientError, TimeoutError) as error:
        raise SourceError(f"{api_url} can't be reached: {error or type(error).__name__}") from None
    if not isinstance(answer.get("query"), dict) or "general" not in answer["query"]:
        raise SourceRefusedError(f"{api_url} is not a MediaWiki's api.php")
    return found, answer["query"]


async def _told_by_page(url: str, session: aiohttp.ClientSession, etiquette: Etiquette) -> str:
    """The API that a page names in its head (Really Simple Discovery); empty where there is no such page.

    Raises SourceError where the host can't be reached.
    """
    try:
        async with _get(url, session, etiquette) as response:
            page = await page_answer(response, _PAGE_BYTES)
            base = str(response.url)
    except (aiohttp.ClientConnectionError, TimeoutError) as error:
        raise SourceError(f"{url} can't be reached: {error or type(error).__name__}") from None
    except (aiohttp.ClientError, SourceError):
        return ""
    link = LexborHTMLParser(page or b"").css_first('link[rel="EditURI"]')
    href = (link.attributes.get("href") or "") if link is not None else ""
    return urljoin(base, href).partition("?")[0] if href else ""


def _get(url: str, session: aiohttp.ClientSession, etiquette: Etiquette) -> "aiohttp.client._RequestContextManager":
    return session.get(
        URL(url, encoded=True) if url.isascii() else URL(url),
        headers={"User-Agent": etiquette.user_agent} if etiquette.user_agent else {},
        timeout=aiohttp.ClientTimeout(total=etiquette.patience.request),
    )


def _wiki(api_url: str, query: dict[str, Any], asked: str) -> Wiki:
    general = query["general"]
    version = _VERSION.match(general.get("generator", ""))
    if version is not None and (int(version[1]), int(version[2])) < _OLDEST_VERSION:
        raise SourceRefusedError(f"{api_url} is {general['generator']}; Wikifeed follows MediaWiki 1.26 and later")
    identifier = asked or general.get("wikiid", "")
    if not _IDENTIFIER.fullmatch(identifier):
        raise SourceRefusedError(
            f"{api_url} calls its wiki {identifier!r}, which can't be a project's name: letters, digits, _ and - can, "
            "up to 64 of them; name it with --project"
        )
    return Wiki(
        api_url=api_url,
        rest_url=api_url.removesuffix("api.php") + "rest.php",
        project=_project(api_url, query, identifier),
        extensions=frozenset(item["name"] for item in query.get("extensions", ()) if item.get("name")),
    )


def _project(api_url: str, query: dict[str, Any], identifier: str) -> ProjectInfo:
    general = query["general"]
    scheme = urlsplit(api_url).scheme
    # Without a scheme of its own a wiki answers to both.
    url = urljoin(f"{scheme}:", general.get("server", "")) or api_url
    parts = urlsplit(url)
    case = general.get("case") or FIRST_LETTER
    name, license_identifier, license_url = _license(parts.hostname or "", query.get("rightsinfo") or {})
    return ProjectInfo(
        identifier=identifier,
        name=general.get("sitename", ""),
        url=f"{parts.scheme}://{parts.netloc}",
        article_path=general.get("articlepath") or ProjectInfo.article_path,
        language=general.get("lang", ""),
        code=wikimedia.code_of(identifier),
        case=case,
        namespaces=_namespaces(query, case),
        license_name=name,
        license_identifier=license_identifier,
        license_url=license_url,
    )


def _namespaces(query: dict[str, Any], case: str) -> tuple[NamespaceInfo, ...]:
    aliases: dict[int, list[str]] = {}
    for item in query.get("namespacealiases", ()):
        aliases.setdefault(item["id"], []).append(item["alias"])
    return tuple(
        NamespaceInfo(
            identifier=item["id"],
            name=item["name"],
            canonical=item.get("canonical", ""),
            aliases=tuple(aliases.get(item["id"], ())),
            case=item.get("case") or case,
        )
        for item in sorted(query.get("namespaces", {}).values(), key=lambda item: item["id"])
    )


def _license(host: str, rights: dict[str, str]) -> tuple[str, str, str]:
    """Name, SPDX identifier and address of the licence. Creative Commons' addresses tell the identifier."""
    if wikimedia.is_share_alike_host(host):
        return wikimedia.LICENSE_NAME, wikimedia.LICENSE_IDENTIFIER, wikimedia.LICENSE_URL
    name, url = rights.get("text") or "", rights.get("url") or ""
    match = _CREATIVE_COMMONS.search(url.lower())
    if match is None:
        return name, "", url
    kind = "CC0" if match[2] else f"CC-{match[1].strip('-').upper()}"
    return name, f"{kind}-{match[3]}", url
