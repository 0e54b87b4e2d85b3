"""What must be known of a wiki to name its pages: namespaces, the case rule of titles, addresses."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import orjson

FIRST_LETTER = "first-letter"
CASE_SENSITIVE = "case-sensitive"

# What is percent-encoded in a title's address: ASCII other than letters, digits, what MediaWiki's wfUrlencode leaves,
# and quotation marks, which Enterprise leaves as well.
_ESCAPED = re.compile(r"""[^A-Za-z0-9_\-.;@$!*(),/:~'"\x80-\U0010ffff]""")


@dataclass(frozen=True, slots=True)
class NamespaceInfo:
    """A namespace of a wiki: its number, its name there, the canonical English name and further aliases."""

    identifier: int
    name: str
    canonical: str = ""
    aliases: tuple[str, ...] = ()
    case: str = FIRST_LETTER


@dataclass(frozen=True)
class ProjectInfo:
    """A wiki as its own siteinfo describes it.

    `url` is the origin without a slash at the end; `article_path` has "$1" where the title goes; `language` is the
    wiki's language code; `code` the kind of project ("wiki", "wiktionary").
    """

    identifier: str
    name: str = ""
    url: str = ""
    article_path: str = "/wiki/$1"
    language: str = ""
    code: str = ""
    case: str = FIRST_LETTER
    namespaces: tuple[NamespaceInfo, ...] = ()
    license_name: str = ""
    license_identifier: str = ""
    license_url: str = ""

    @cached_property
    def _by_prefix(self) -> dict[str, NamespaceInfo]:
        prefixes: dict[str, NamespaceInfo] = {}
        for namespace in self.namespaces:
            for prefix in (namespace.name, namespace.canonical, *namespace.aliases):
                if prefix:
                    prefixes.setdefault(prefix.casefold(), namespace)
        return prefixes

    @cached_property
    def _by_identifier(self) -> dict[int, NamespaceInfo]:
        return {namespace.identifier: namespace for namespace in self.namespaces}

    def namespace(self, identifier: int) -> NamespaceInfo:
        """The namespace of that number; one without a name where the wiki did not tell of it."""
        return self._by_identifier.get(identifier) or NamespaceInfo(identifier, "")

    def split_title(self, title: str) -> tuple[NamespaceInfo, str]:
        """The namespace that a title's prefix names (the main one without a prefix), and the rest of the title."""
        prefix, colon, rest = title.partition(":")
        if colon:
            namespace = self._by_prefix.get(" ".join(prefix.replace("_", " ").split()).casefold())
            if namespace is not None:
                return namespace, rest.lstrip(" _")
        return self.namespace(0), title

    def normalize_title(self, title: str) -> str:
        """The form in which MediaWiki stores and shows a title.

        Underscores are spaces, runs of spaces one, a leading colon and an anchor go, a namespace's alias becomes its
        name, the first letter is a capital where the wiki says so, all in Unicode's NFC.
        """
        text = unicodedata.normalize("NFC", title).partition("#")[0]
        text = " ".join(text.replace("_", " ").split()).removeprefix(":").lstrip()
        namespace, rest = self.split_title(text)
        if rest and (namespace.case if self.namespaces else self.case) == FIRST_LETTER:
            first = rest[0].upper()
            rest = (first if len(first) == 1 else rest[0]) + rest[1:]
        return f"{namespace.name}:{rest}" if namespace.name else rest

    def page_url(self, title: str) -> str:
        """The canonical address of the page of that (normalized) title; empty where the wiki's origin is unknown."""
        if not self.url:
            return ""
        name = title.replace(" ", "_")
        escaped = _ESCAPED.sub(lambda match: f"%{ord(match[0]):02X}", name)
        return self.url + self.article_path.replace("$1", escaped)

    def to_json(self) -> bytes:
        """The form in which a store keeps it."""
        return orjson.dumps(self, option=orjson.OPT_SORT_KEYS)

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """The inverse of `to_json`."""
        values = orjson.loads(data)
        namespaces = tuple(
            NamespaceInfo(**{**item, "aliases": tuple(item["aliases"])}) for item in values.pop("namespaces")
        )
        return cls(namespaces=namespaces, **values)
