"""What is known beforehand: MediaWiki's standard namespaces, and how Wikimedia names and licenses its wikis."""

import re

from wikifeed_server.projects import FIRST_LETTER, NamespaceInfo

# https://www.mediawiki.org/wiki/Manual:Namespace
CANONICAL_NAMESPACES = {
    -2: "Media",
    -1: "Special",
    0: "",
    1: "Talk",
    2: "User",
    3: "User talk",
    4: "Project",
    5: "Project talk",
    6: "File",
    7: "File talk",
    8: "MediaWiki",
    9: "MediaWiki talk",
    10: "Template",
    11: "Template talk",
    12: "Help",
    13: "Help talk",
    14: "Category",
    15: "Category talk",
}
# Where an older name of a namespace still works as a prefix.
_CANONICAL_ALIASES = {6: ("Image",), 7: ("Image talk",)}
# Special, User, MediaWiki and their talk pages have capitals in every wiki.
_ALWAYS_CAPITALIZED = frozenset({-1, 2, 3, 8, 9})

LICENSE_NAME = "Creative Commons Attribution-ShareAlike License 4.0"
LICENSE_IDENTIFIER = "CC-BY-SA-4.0"
LICENSE_URL = "https://creativecommons.org/licenses/by-sa/4.0/"

# The kinds of project with a wiki for each language: the end of the database name, the domain, the site's name.
_FAMILIES = {
    "wiktionary": ("wiktionary.org", "Wiktionary"),
    "wikibooks": ("wikibooks.org", "Wikibooks"),
    "wikinews": ("wikinews.org", "Wikinews"),
    "wikiquote": ("wikiquote.org", "Wikiquote"),
    "wikisource": ("wikisource.org", "Wikisource"),
    "wikiversity": ("wikiversity.org", "Wikiversity"),
    "wikivoyage": ("wikivoyage.org", "Wikivoyage"),
    "wiki": ("wikipedia.org", "Wikipedia"),
}
# Wikis without a language of their own: database name, host, the site's name.
_SPECIAL = {
    "commonswiki": ("commons.wikimedia.org", "Wikimedia Commons"),
    "incubatorwiki": ("incubator.wikimedia.org", "Wikimedia Incubator"),
    "mediawikiwiki": ("www.mediawiki.org", "MediaWiki"),
    "metawiki": ("meta.wikimedia.org", "Meta"),
    "sourceswiki": ("wikisource.org", "Wikisource"),
    "specieswiki": ("species.wikimedia.org", "Wikispecies"),
    "wikidatawiki": ("www.wikidata.org", "Wikidata"),
    "wikifunctionswiki": ("www.wikifunctions.org", "Wikifunctions"),
}
# Language codes have two or three letters; these are the others that wikis are called by.
_LONG_LANGUAGES = (
    "simple|be_tarask|be_x_old|bat_smg|cbk_zam|fiu_vro|map_bms|nds_nl|roa_rup|roa_tara|tokipona|zh_classical|"
    "zh_min_nan|zh_yue"
)
_FAMILY_NAME = re.compile(rf"([a-z]{{2,3}}|{_LONG_LANGUAGES})({'|'.join(_FAMILIES)})")
_OTHER_DOMAINS = ("wikimedia.org", "wikidata.org", "mediawiki.org", "wikifunctions.org")
# Of these, all or the most is under another licence: CC0 and CC BY.
_OTHERWISE_LICENSED = ("wikidata.org", "wikinews.org")
# Where the language code is not what the database name begins with.
_LANGUAGES = {"simple": "en", "be-x-old": "be-tarask"}


def code_of(identifier: str) -> str:
    """The kind of project that a database name tells: "wiki", "wiktionary", ...; empty where it tells none."""
    return next((code for code in _FAMILIES if identifier.endswith(code)), "")


def known_site(identifier: str) -> tuple[str, str, str]:
    """Origin, site name and language of a Wikimedia wiki, from its database name; empty texts for any other name."""
    if identifier in _SPECIAL:
        host, name = _SPECIAL[identifier]
        return f"https://{host}", name, "en"
    match = _FAMILY_NAME.fullmatch(identifier)
    if match is None:
        return "", "", ""
    subdomain = match[1].replace("_", "-")
    domain, name = _FAMILIES[match[2]]
    return f"https://{subdomain}.{domain}", name, _LANGUAGES.get(subdomain, subdomain)


def identifier_of_host(host: str) -> str:
    """The database name of the Wikimedia wiki at that host; empty where there is none known."""
    for identifier, (special_host, _) in _SPECIAL.items():
        if host == special_host:
            return identifier
    subdomain, _, domain = host.partition(".")
    for code, (family_domain, _) in _FAMILIES.items():
        if domain == family_domain and subdomain != "www":
            return subdomain.replace("-", "_") + code
    return ""


def is_wikimedia_host(host: str) -> bool:
    """Whether one of Wikimedia's wikis is there."""
    domains = (*_OTHER_DOMAINS, *(domain for domain, _ in _FAMILIES.values()))
    return _is_within(host, domains)


def is_share_alike_host(host: str) -> bool:
    """Whether a wiki is there whose texts are under CC BY-SA 4.0."""
    return is_wikimedia_host(host) and not _is_within(host, _OTHERWISE_LICENSED)


def namespace_info(number: int, name: str, case: str) -> NamespaceInfo:
    """A namespace as a wiki tells of it, with its canonical name and aliases."""
    return NamespaceInfo(
        number, name, CANONICAL_NAMESPACES.get(number, ""), _CANONICAL_ALIASES.get(number, ()), case or FIRST_LETTER
    )


def canonical_namespaces(site_name: str, case: str) -> tuple[NamespaceInfo, ...]:
    """The standard namespaces under their English names, for a wiki that does not tell its own."""
    own = {4: site_name, 5: f"{site_name} talk"} if site_name else {}
    return tuple(
        namespace_info(number, own.get(number, canonical), FIRST_LETTER if number in _ALWAYS_CAPITALIZED else case)
        for number, canonical in CANONICAL_NAMESPACES.items()
    )


def _is_within(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
