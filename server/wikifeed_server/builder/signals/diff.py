"""How a revision's text differs from the one before, as Enterprise measures it (`Diff` in revision.proto).

Words are compared as multisets, so a word that only moved is no difference. All of it takes time in proportion to the
texts, whatever they are: what both texts begin and end with is passed over, and the rest is counted.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from itertools import zip_longest

from wikifeed.v1.revision_pb2 import Delta, Diff, Size
from wikifeed_server.builder.signals.word_lists import NO_WORD_LISTS, WordLists

# Vowel signs, accents and the like: parts of words that `\w` leaves out. Beyond the basic plane are only those of
# scripts that hardly any wiki is in, and a set with them is searched many times slower.
_MARKS = "".join(chr(code) for code in range(0x300, 0x10000) if unicodedata.category(chr(code))[0] == "M")
_WORD = re.compile(rf"\w+(?:[{_MARKS}]+\w*|['’]\w+)*")
_NO_LETTERS = "_0123456789"
_RUN = re.compile(r"(\S)\1+")
# Neither a word nor a run goes beyond one of these, so texts may be cut there.
_SPACES = (" ", "\n", "\t")


def measure_diff(before: str, after: str, lists: WordLists = NO_WORD_LISTS) -> Diff:
    """The difference between two texts; `before` is empty for a page's first revision.

    Scripts without spaces count what stands between two marks of punctuation as a word.
    """
    removed, added = _changed(before, after)
    diff = Diff(
        longest_new_repeated_character=_longest_new_run(removed, added),
        size=Size(value=len(after.encode()) - len(before.encode()), unit_text="B"),
    )
    words = _words(before)
    changes = _words(added)
    changes.subtract(words if removed == before else _words(removed))
    diff.uppercase_words.CopyFrom(_delta(changes, words, _is_uppercase))
    if lists != NO_WORD_LISTS:
        _compare_lists(diff, _casefolded(changes), _casefolded(words), lists)
    return diff


def _compare_lists(diff: Diff, changes: Mapping[str, int], words: Mapping[str, int], lists: WordLists) -> None:
    if (dictionary := lists.dictionary) is not None:
        diff.dictionary_words.CopyFrom(_delta(changes, words, dictionary.__contains__))
        diff.non_dictionary_words.CopyFrom(_delta(changes, words, lambda word: word not in dictionary))
    if lists.informal is not None:
        diff.informal_words.CopyFrom(_delta(changes, words, lists.informal.__contains__))
    if lists.non_safe is not None:
        diff.non_safe_words.CopyFrom(_delta(changes, words, lists.non_safe.__contains__))


def _words(text: str) -> Counter[str]:
    """How often each word stands in a text, numbers left out."""
    words = Counter(_WORD.findall(text))
    for number in [word for word in words if not word.strip(_NO_LETTERS)]:
        del words[number]
    return words


def _casefolded(words: Mapping[str, int]) -> Mapping[str, int]:
    folded: dict[str, int] = defaultdict(int)
    for word, count in words.items():
        folded[word.casefold()] += count
    return folded


def _is_uppercase(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _delta(changes: Mapping[str, int], before: Mapping[str, int], belongs: Callable[[str], bool]) -> Delta:
    """What changed in how often those words stand that belong to a class."""
    own = [count for word, count in changes.items() if count and belongs(word)]
    increase = sum(count for count in own if count > 0)
    decrease = sum(count for count in own if count < 0)
    base = max(1, sum(count for word, count in before.items() if belongs(word))) if own else 1
    return Delta(
        increase=increase,
        decrease=decrease,
        sum=increase + decrease,
        proportional_increase=increase / base,
        proportional_decrease=decrease / base,
    )


def _longest_new_run(removed: str, added: str) -> int:
    """The length of the longest run of one character that there are more of (as long or longer) than there were."""
    before, after = _runs(removed), _runs(added)
    longest = 0
    for character, lengths in after.items():
        for now, then in zip_longest(lengths, before.get(character, ()), fillvalue=0):
            if now > then:
                longest = max(longest, now)
                break
    return longest


def _runs(text: str) -> Mapping[str, list[int]]:
    """The lengths of the runs of each character, longest first."""
    runs: dict[str, list[int]] = defaultdict(list)
    for match in _RUN.finditer(text):
        runs[match[1]].append(match.end() - match.start())
    for lengths in runs.values():
        lengths.sort(reverse=True)
    return runs


def _changed(before: str, after: str) -> tuple[str, str]:
    """Both texts without what they begin and end with alike, cut at spaces."""
    shortest = min(len(before), len(after))
    if before == after:
        return "", ""
    begin = _longest(shortest, lambda low, high: before.startswith(after[low:high], low))
    begin = max(before.rfind(space, 0, begin) for space in _SPACES) + 1
    end = _longest(shortest - begin, lambda low, high: _from_end(before, low, high) == _from_end(after, low, high))
    tail = _from_end(before, 0, end)
    first_space = min((place for space in _SPACES if (place := tail.find(space)) >= 0), default=len(tail))
    end -= first_space
    return before[begin : len(before) - end], after[begin : len(after) - end]


def _from_end(text: str, low: int, high: int) -> str:
    """The piece of a text from `high` to `low` characters before its end."""
    return text[len(text) - high : len(text) - low]


def _longest(limit: int, is_alike: Callable[[int, int], bool]) -> int:
    """The greatest length up to `limit` at which texts are alike; what was compared is not compared again."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if is_alike(low, middle):
            low = middle
        else:
            high = middle - 1
    return low
