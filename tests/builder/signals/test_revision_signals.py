"""Reverts by SHA-1, what groups say of an editor, and scores as they are known."""

import pytest

from wikifeed.v1.revision_pb2 import Scores as ScoresMessage
from wikifeed_server.builder.signals.editor import ADVANCED_GROUPS, editor_of
from wikifeed_server.builder.signals.reverts import find_revert
from wikifeed_server.builder.signals.scores import scores_of
from wikifeed_server.sources.facts import EditorFacts, PastRevision, Scores


def history(*texts):
    """Past revisions with these SHA-1s, newest first, numbered down from 100."""
    return [PastRevision(100 - place, text, 0, "A") for place, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("sha1", "past", "restored", "reverted"),
    [
        ("a", ["b", "a"], 99, [100]),
        ("a", ["b", "c", "a", "a"], 98, [100, 99]),
        ("a", ["b", "", "a"], 98, [100, 99]),
        ("a", [*"bcdefghijklmno", "a"], 86, list(range(100, 86, -1))),
    ],
)
def test_text_of_an_earlier_revision_is_a_revert(sha1, past, restored, reverted):
    revert = find_revert(sha1, history(*past))
    assert (revert.restored_revision, list(revert.reverted_revisions)) == (restored, reverted)


@pytest.mark.parametrize(
    ("sha1", "past"),
    [
        ("a", []),
        ("a", ["b", "c"]),
        ("a", ["a"]),
        ("a", ["a", "b", "a"]),
        ("", ["b", ""]),
        ("a", [*"bcdefghijklmnop", "a"]),
    ],
    ids=["first", "new text", "same text", "same text again", "hidden", "16 back"],
)
def test_everything_else_is_none(sha1, past):
    assert find_revert(sha1, history(*past)) is None


@pytest.mark.parametrize(
    ("groups", "bot", "admin", "patroller", "advanced"),
    [
        ((), False, False, False, False),
        (("user", "autoconfirmed", "extendedconfirmed"), False, False, False, False),
        (("bot",), True, False, False, False),
        (("sysop",), False, True, False, True),
        (("patroller",), False, False, True, False),
        (("bot", "bureaucrat"), True, False, False, True),
    ],
)
def test_groups_say_what_an_editor_may(groups, bot, admin, patroller, advanced):
    editor = editor_of(EditorFacts(7, "Ada", groups=groups))
    assert (editor.is_bot, editor.is_admin, editor.is_patroller, editor.has_advanced_rights) == (
        *(bot, admin, patroller),
        advanced,
    )
    assert list(editor.groups) == list(groups)


@pytest.mark.parametrize("group", sorted(ADVANCED_GROUPS))
def test_one_group_of_the_list_is_enough(group):
    assert editor_of(EditorFacts(groups=("user", group))).has_advanced_rights


def test_editor_is_as_the_wiki_tells():
    editor = editor_of(EditorFacts(7, "Ada", False, 12, (), 1_600_000_000_000_000))
    assert (editor.identifier, editor.name, editor.edit_count, editor.is_anonymous) == (7, "Ada", 12, False)
    assert editor.date_started.seconds == 1_600_000_000
    visitor = editor_of(EditorFacts(0, "192.0.2.1", True))
    assert (visitor.is_anonymous, visitor.edit_count, visitor.HasField("date_started")) == (True, 0, False)


@pytest.mark.parametrize("scores", [None, Scores()])
def test_no_scores_are_no_message(scores):
    assert scores_of(scores) is None


def test_each_score_stands_for_itself():
    message = scores_of(Scores(revert_risk=0.25, reverted=False))
    assert (message.revertrisk.prediction, message.revertrisk.probability.true) == (False, 0.25)
    assert message.revertrisk.probability.false == 0.75
    assert [field.name for field, _ in message.ListFields()] == ["revertrisk"]
    assert scores_of(Scores(reference_need=0.0)) == ScoresMessage(referenceneed={"reference_need_score": 0.0})
    assert scores_of(Scores(reference_risk=0.5)) == ScoresMessage(referencerisk={"reference_risk_score": 0.5})
    told = scores_of(Scores(reverted=True)).revertrisk
    assert (told.prediction, told.HasField("probability")) == (True, False)
