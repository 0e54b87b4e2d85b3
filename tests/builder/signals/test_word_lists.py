"""Word lists are read as a deployment has them, and what is wrong with them is said."""

import pytest

from wikifeed_server.builder.signals.word_lists import WordLists, check_word_lists, read_word_lists
from wikifeed_server.errors import ConfigError


def test_lists_are_by_language_and_kind(tmp_path):
    (tmp_path / "en.dictionary.txt").write_text("# from somewhere\nCat\n\n Dog \n")
    (tmp_path / "en.non_safe.txt").write_text("\ufeffDamn\n", encoding="utf-8")
    check_word_lists(tmp_path)
    words = WordLists(dictionary=frozenset({"cat", "dog"}), non_safe=frozenset({"damn"}))
    assert read_word_lists(tmp_path, "en") == words
    assert read_word_lists(tmp_path, "de") == WordLists()


def test_kind_of_a_language_has_its_own_lists_else_those_of_the_language(tmp_path):
    (tmp_path / "pt.dictionary.txt").write_text("um")
    (tmp_path / "pt.informal.txt").write_text("oi")
    (tmp_path / "pt-br.informal.txt").write_text("beleza")
    found = read_word_lists(tmp_path, "pt-br")
    assert found == WordLists(dictionary=frozenset({"um"}), informal=frozenset({"beleza"}))


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("english.txt", b"cat", "name it by its language and one of dictionary.txt, informal.txt, non_safe.txt"),
        ("en.slang.txt", b"cat", "such as en.dictionary.txt"),
        ("en.dictionary.txt", b"caf\xe9", "is not UTF-8 (byte 3)"),
    ],
)
def test_what_is_no_list_is_refused(tmp_path, name, data, message):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ConfigError) as refused:
        check_word_lists(tmp_path)
    assert name in str(refused.value)
    assert message in str(refused.value)


def test_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="there is no such folder"):
        check_word_lists(tmp_path / "none")
