"""What links lead to: pages, files, categories, other wikis."""

import re
from enum import Enum, auto
from typing import NamedTuple
from urllib.parse import urlsplit

from wikifeed_server.projects import ProjectInfo

_MEDIA, _FILE, _CATEGORY = -2, 6, 14
# Links to other wikis begin with a code that namespaces never have: a language's, or a sister project's.
_OTHER_WIKI = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]+){0,2}|(?i:simple|be-x-old|[bcdmnqsvw]|wikt|voy|wiktionary|wikibooks|wikinews|wikiquote|"
    r"wikisource|wikiversity|wikivoyage|commons|meta|metawikipedia|species|wikispecies|wikidata|foundation|mw|incubator|"
    r"doi|phab|toollabs)):(?=\S)"
)
# In an anchor as in a title's address, ASCII that an address can't hold is percent-encoded, all else stays.
_NOT_IN_ANCHOR = re.compile(r"""[\x00-\x20"%<>\[\\\]^`{|}\x7f]""")
# Letters right behind a link belong to what it shows (MediaWiki's linktrail): small ones, and in scripts that know no
# capitals any, where the language's rule says so.
_LETTERS = re.compile(r"[^\W\d_]+")
_LANGUAGES_OF_ANY_LETTERS = frozenset(("ar", "arz", "ary", "ckb", "fa", "he", "ps", "sd", "ug", "ur", "yi"))


class Kind(Enum):
    """What a link does: leads to a page of this wiki, shows a file, puts the page in a category, none of these."""

    PAGE = auto()
    FILE = auto()
    MEDIA = auto()
    CATEGORY = auto()
    OTHER_WIKI = auto()
    NOTHING = auto()


_KINDS = {_MEDIA: Kind.MEDIA, _FILE: Kind.FILE, _CATEGORY: Kind.CATEGORY}


class Target(NamedTuple):
    """What a link leads to: its normalized title, without an anchor, and its address, with it."""

    kind: Kind
    title: str = ""
    url: str = ""


class Targets:
    """Resolves the targets of one page's links."""

    def __init__(self, project: ProjectInfo, title: str) -> None:
        self._project = project
        self._title = title
        self._scheme = urlsplit(project.url).scheme or "https"
        self._known: dict[str, Target] = {}

    def resolve(self, target: str) -> Target:
        """What the target of a link in two brackets leads to."""
        found = self._known.get(target)
        if found is None:
            found = self._known[target] = self._resolve(target)
        return found

    def file(self, name: str) -> Target:
        """The file of that name, which may have a namespace's prefix."""
        if self._project.split_title(name)[0].identifier != _FILE:
            name = f"{self._project.namespace(_FILE).name or 'File'}:{name}"
        return self._of_title(Kind.FILE, name)

    def external(self, address: str) -> str:
        """An absolute address; one without a protocol has the wiki's."""
        return f"{self._scheme}:{address}" if address.startswith("//") else address

    def trail(self, text: str) -> str:
        """The letters at the beginning of `text` that are part of a link right before it."""
        letters = _LETTERS.match(text)
        if letters is None or self._project.language in _LANGUAGES_OF_ANY_LETTERS:
            return letters[0] if letters is not None else ""
        word = letters[0]
        if word.islower() and word.lower() != word.upper():
            return word
        length = next((place for place, letter in enumerate(word) if not letter.islower()), len(word))
        return word[:length]

    def _resolve(self, target: str) -> Target:
        kind = self._kind(target)
        if kind in (Kind.CATEGORY, Kind.FILE):
            return self._of_title(kind, target)
        if kind is not Kind.PAGE:
            return Target(kind)
        if target[0] == "/":
            target = self._title + target.rstrip("/")
        name, hash_, anchor = target.partition("#")
        page = self._of_title(Kind.PAGE, name if name.strip(" _:") else self._title)
        if not hash_ or not page.url:
            return page
        return page._replace(url=f"{page.url}#{escaped_anchor(anchor)}")

    def _kind(self, target: str) -> Kind:
        if not target:
            return Kind.NOTHING
        if ":" in target and target[0] != ":":
            kind = _KINDS.get(self._project.split_title(target)[0].identifier)
            if kind is not None:
                return kind
        return Kind.OTHER_WIKI if _OTHER_WIKI.match(target.removeprefix(":")) else Kind.PAGE

    def _of_title(self, kind: Kind, name: str) -> Target:
        title = self._project.normalize_title(name)
        return Target(kind, title, self._project.page_url(title)) if title else Target(Kind.NOTHING)


def escaped_anchor(anchor: str) -> str:
    """An anchor as addresses have it: spaces are underscores."""
    text = "_".join(anchor.replace("_", " ").split())
    return _NOT_IN_ANCHOR.sub(lambda match: f"%{ord(match[0]):02X}", text)
