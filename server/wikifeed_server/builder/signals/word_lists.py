"""Lists of words by language, which a deployment may bring along: Wikifeed has none of its own.

A folder holds files named `<language>.<kind>.txt`, such as `en.dictionary.txt`, `en.informal.txt`, `en.non_safe.txt`:
UTF-8, a word a line, empty lines and those that begin with "#" left out. Case does not matter.
"""

from dataclasses import dataclass
from pathlib import Path

from wikifeed_server.errors import ConfigError

KINDS = ("dictionary", "informal", "non_safe")


@dataclass(frozen=True, slots=True)
class WordLists:
    """The lists of one language, casefolded; None where there is none."""

    dictionary: frozenset[str] | None = None
    informal: frozenset[str] | None = None
    non_safe: frozenset[str] | None = None


NO_WORD_LISTS = WordLists()


def read_word_lists(folder: Path, language: str) -> WordLists:
    """The lists of a language ("pt-br"), else of the one that it is a kind of ("pt").

    Raises ConfigError where a file can't be read.
    """
    found: dict[str, frozenset[str]] = {}
    for kind in KINDS:
        for name in dict.fromkeys((language, language.partition("-")[0])):
            path = folder / f"{name}.{kind}.txt"
            if path.is_file():
                found[kind] = _read(path)
                break
    return WordLists(**found)


def check_word_lists(folder: Path) -> None:
    """Raises ConfigError where the folder is not there, or has a file that is no list of words."""
    if not folder.is_dir():
        raise ConfigError(f"{folder}: there is no such folder of word lists")
    for path in sorted(folder.glob("*.txt")):
        language, _, kind = path.name.removesuffix(".txt").rpartition(".")
        if not language or kind not in KINDS:
            kinds = ", ".join(f"{name}.txt" for name in KINDS)
            raise ConfigError(f"{path}: name it by its language and one of {kinds}, such as en.dictionary.txt")
        _read(path)


def _read(path: Path) -> frozenset[str]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise ConfigError(f"{path}: can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 (byte {error.start})") from error
    words = (line.strip().casefold() for line in lines)
    return frozenset(word for word in words if word and not word.startswith("#"))
