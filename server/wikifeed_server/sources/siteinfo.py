"""What a dump says of its wiki, and the project that follows from it."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from wikifeed_server.errors import SourceError
from wikifeed_server.projects import CASE_SENSITIVE, FIRST_LETTER, NamespaceInfo, ProjectInfo
from wikifeed_server.sources import wikimedia

# What the contract takes as a project's identifier.
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TITLE_PARAMETER = re.compile(r"(?<![^&])title=[^&]*")


@dataclass(frozen=True, slots=True)
class SiteInfo:
    """`<siteinfo>` and the root's attributes, as they stand there; empty where they don't."""

    language: str = ""
    name: str = ""
    database: str = ""
    base: str = ""
    case: str = ""
    namespaces: tuple[NamespaceInfo, ...] = ()


def project_of(site: SiteInfo, asked: str, file_name: str) -> ProjectInfo:
    """The project: `asked` for by its identifier, else as the dump, its address or the file's name tell.

    Raises SourceError when none of them does.
    """
    url, article_path = _address(site.base)
    host = urlsplit(url).netloc
    identifier = asked or site.database or wikimedia.identifier_of_host(host) or _from_file_name(file_name)
    if not _IDENTIFIER.fullmatch(identifier):
        raise SourceError(_unnamed(identifier, file_name))
    known_url, known_name, known_language = wikimedia.known_site(identifier)
    name = site.name or known_name
    # A wiki elsewhere may be called like one of Wikimedia's: what the dump says of its address goes first.
    if not url:
        url, host = known_url, urlsplit(known_url).netloc
    code = wikimedia.code_of(identifier)
    case = site.case or (CASE_SENSITIVE if code == "wiktionary" else FIRST_LETTER)
    is_share_alike = wikimedia.is_share_alike_host(host)
    return ProjectInfo(
        identifier=identifier,
        name=name,
        url=url,
        article_path=article_path,
        language=site.language or known_language,
        code=code,
        case=case,
        namespaces=site.namespaces or wikimedia.canonical_namespaces(name, case),
        license_name=wikimedia.LICENSE_NAME if is_share_alike else "",
        license_identifier=wikimedia.LICENSE_IDENTIFIER if is_share_alike else "",
        license_url=wikimedia.LICENSE_URL if is_share_alike else "",
    )


def _from_file_name(file_name: str) -> str:
    """The database name with which Wikimedia's file names begin: "enwiki-20240101-pages-articles.xml.bz2"."""
    first, dash, _ = file_name.partition("-")
    return first if dash and wikimedia.known_site(first)[0] else ""


def _unnamed(identifier: str, file_name: str) -> str:
    if identifier:
        return (
            f"{identifier!r} can't be a project's name: letters, digits, _ and - can, up to 64 of them; "
            "name the project with --project"
        )
    return (
        f"{file_name} does not say which wiki it is of (it has no siteinfo), nor does its name; "
        "name the project with --project, for example --project enwiki"
    )


def _address(base: str) -> tuple[str, str]:
    """Origin and article path, from the address of the main page: all that a dump tells of a wiki's addresses."""
    default = ProjectInfo.article_path
    parts = urlsplit(base.strip())
    if not parts.netloc:
        return "", default
    scheme = "https" if not parts.scheme or wikimedia.is_wikimedia_host(parts.netloc) else parts.scheme
    origin = f"{scheme}://{parts.netloc}"
    if _TITLE_PARAMETER.search(parts.query):
        return origin, parts.path + "?" + _TITLE_PARAMETER.sub("title=$1", parts.query)
    if parts.path.startswith("/wiki/"):
        return origin, default
    folder, _, page = parts.path.rpartition("/")
    return origin, f"{folder}/$1" if page else default
