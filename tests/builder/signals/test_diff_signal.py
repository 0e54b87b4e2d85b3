"""How texts differ: words as multisets, runs of one character, sizes; in time that grows with the texts alone."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikifeed_server.builder.signals.diff import measure_diff
from wikifeed_server.builder.signals.word_lists import WordLists

ENGLISH = WordLists(
    dictionary=frozenset({"the", "cat", "sat", "don't"}), informal=frozenset({"lol"}), non_safe=frozenset({"damn"})
)


def delta(message):
    return message.increase, message.decrease, message.sum


def test_words_are_counted_by_class():
    diff = measure_diff("The cat sat. LOL", "The cat, the cat sat; damn don't qwxz", ENGLISH)
    assert delta(diff.dictionary_words) == (3, 0, 3)
    assert delta(diff.non_dictionary_words) == (2, -1, 1)
    assert delta(diff.non_safe_words) == (1, 0, 1)
    assert delta(diff.informal_words) == (0, -1, -1)
    assert delta(diff.uppercase_words) == (0, -1, -1)


def test_proportions_are_of_the_count_before():
    diff = measure_diff("the cat sat the", "the", ENGLISH)
    assert (diff.dictionary_words.decrease, diff.dictionary_words.proportional_decrease) == (-3, -0.75)
    diff = measure_diff("", "DAMN damn", ENGLISH)
    assert (diff.non_safe_words.increase, diff.non_safe_words.proportional_increase) == (2, 2.0)


def test_without_lists_their_words_are_unknown():
    diff = measure_diff("a", "b")
    assert {field.name for field, _ in diff.ListFields()} == {"uppercase_words", "size"}


def test_lists_that_are_there_do_without_the_others():
    diff = measure_diff("", "lol", WordLists(informal=frozenset({"lol"})))
    assert diff.informal_words.increase == 1
    assert not any(map(diff.HasField, ("dictionary_words", "non_dictionary_words", "non_safe_words")))


def test_word_that_only_moved_is_no_difference():
    diff = measure_diff("ONE two THREE", "THREE two ONE", ENGLISH)
    assert all(delta(each) == (0, 0, 0) for each in (diff.uppercase_words, diff.non_dictionary_words))


@pytest.mark.parametrize(
    ("text", "count"),
    [("I A Ä", 0), ("NASA USA", 2), ("ÉTÉ МИР", 2), ("Nasa iPhone", 0), ("123 1_2", 0), ("WW2", 1), ("中文字", 0)],
)
def test_uppercase_words_have_two_characters_and_capitals_alone(text, count):
    assert measure_diff("", text).uppercase_words.increase == count


def test_marks_and_apostrophes_are_parts_of_words():
    words = WordLists(dictionary=frozenset({"हिन्दी", "don't", "l’été", "ته\u064e"}))
    diff = measure_diff("", "हिन्दी don't l’été ته\u064e", words)
    assert (diff.dictionary_words.increase, diff.non_dictionary_words.increase) == (4, 0)


@pytest.mark.parametrize(
    ("before", "after", "longest"),
    [
        ("", "aaaa bb", 4),
        ("x aaaa y", "x aaaa y bb", 2),
        ("x aaaa y", "x aaaaa y", 5),
        ("x aaaaa y", "x aaaa y", 0),
        ("aaaa", "aaaa aaaa", 4),
        ("aaaa", "aaaa bbb", 3),
        ("aaaa", "aaaab", 0),
        ("", "abc", 0),
        ("a", "a        b", 0),
        ("", "😀😀😀", 3),
        ("aaaa", "", 0),
    ],
)
def test_longest_new_run_of_one_character(before, after, longest):
    assert measure_diff(before, after).longest_new_repeated_character == longest


def test_size_is_the_difference_in_bytes():
    diff = measure_diff("é", "e")
    assert (diff.size.value, diff.size.unit_text) == (-1, "B")


@given(
    words=st.lists(st.sampled_from(["the", "cat", "ABC", "aaa", "x1", "\n", "...", "don't"]), max_size=30),
    change=st.data(),
)
def test_what_both_texts_share_does_not_count(words, change):
    begin, end = sorted(change.draw(st.tuples(st.integers(0, len(words)), st.integers(0, len(words)))))
    put_in = change.draw(st.lists(st.sampled_from(["cat", "ABC", "zz"]), max_size=5))
    before, after = words, words[:begin] + put_in + words[end:]
    diff = measure_diff(" ".join(before), " ".join(after), ENGLISH)
    for message, of_class in (
        (diff.uppercase_words, {"ABC"}),
        (diff.dictionary_words, {"the", "cat", "don't"}),
        (diff.non_dictionary_words, {"ABC", "aaa", "x1", "zz"}),
    ):
        counts = [Counter(word for word in side if word in of_class) for side in (before, after)]
        assert message.increase == (counts[1] - counts[0]).total()
        assert message.decrease == -(counts[0] - counts[1]).total()


HOSTILE = {
    "one character": "x" * 2_000_000,
    "single letters": "a " * 1_000_000,
    "apostrophes": "a'" * 1_000_000,
    "nothing but apostrophes": "'" * 2_000_000,
    "pairs": "aabb" * 500_000,
    "underscores": "_ " * 1_000_000,
    "marks": "\u0301" * 1_000_000,
    "many words": " ".join(map(str, random.Random(7).sample(range(10**9), 200_000))),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_texts_are_measured(text):
    for before, after in (("", text), (text, ""), (text, text[:-1] + "y"), (text, "Z" + text), (text, text[::-1])):
        assert measure_diff(before, after, ENGLISH).size.value == len(after.encode()) - len(before.encode())
