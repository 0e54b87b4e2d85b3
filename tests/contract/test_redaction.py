"""What redaction takes out of an article, and what it leaves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_messages import messages

from wikifeed.v1.article_pb2 import Article, Visibility
from wikifeed_server.contract.redaction import Hidden, redact
from wikifeed_server.contract.wire import length_field

articles = messages(Article.DESCRIPTOR)
hidden_parts = st.sampled_from([Hidden(parts) for parts in range(8)])
TEXT_STAYS = {
    *("name", "identifier", "date_created", "date_modified", "date_previously_modified", "protection", "url"),
    *("previous_version", "watchers_count", "namespace", "in_language", "main_entity", "redirects", "is_part_of"),
    *("license", "event"),
}
VERSION_STAYS = {"identifier", "comment", "tags", "is_minor_edit", "is_flagged_stable", "editor", "event"}


def redacted(article: Article, hidden: Hidden) -> Article:
    return Article.FromString(redact(article.SerializeToString(deterministic=True), hidden))


def fields(message, names: set[str]) -> dict[str, object]:
    return {descriptor.name: value for descriptor, value in message.ListFields() if descriptor.name in names}


def all_fields(message) -> set[str]:
    return set(message.DESCRIPTOR.fields_by_name)


@given(articles, hidden_parts)
def test_what_is_hidden_goes_and_the_rest_stays(article: Article, hidden: Hidden) -> None:
    stays, version_stays = all_fields(article) - {"version", "visibility"}, all_fields(article.version)
    if Hidden.TEXT in hidden:
        stays, version_stays = TEXT_STAYS, VERSION_STAYS
    version_stays = version_stays - {
        *({"editor"} if Hidden.EDITOR in hidden else ()),
        *({"comment"} if Hidden.COMMENT in hidden else ()),
    }
    had_version = article.HasField("version")
    result = redacted(article, hidden)
    assert result.HasField("version") == had_version
    left = {descriptor.name for descriptor, _ in result.ListFields()} - {"version", "visibility"}
    assert left <= stays
    assert fields(result, stays) == fields(article, stays)
    assert fields(result.version, all_fields(result.version)) == fields(article.version, version_stays)


@given(articles, hidden_parts)
def test_visibility_says_what_is_hidden_and_was_hidden_before(article: Article, hidden: Hidden) -> None:
    before = article.visibility if article.HasField("visibility") else Visibility(text=True, editor=True, comment=True)
    result = redacted(article, hidden)
    assert result.HasField("visibility") == (article.HasField("visibility") or bool(hidden))
    if hidden:
        assert result.visibility == Visibility(
            text=before.text and Hidden.TEXT not in hidden,
            editor=before.editor and Hidden.EDITOR not in hidden,
            comment=before.comment and Hidden.COMMENT not in hidden,
        )


@given(articles, hidden_parts, hidden_parts)
def test_taking_out_twice_is_taking_out_both(article: Article, one: Hidden, other: Hidden) -> None:
    assert redacted(redacted(article, one), other) == redacted(article, one | other)


@pytest.mark.parametrize("hidden", list(Hidden))
def test_fields_that_are_not_known_here_go(hidden: Hidden) -> None:
    unknown = length_field(900, b"secret")
    version = length_field(Article.DESCRIPTOR.fields_by_name["version"].number, unknown)
    result = redact(Article(name="A").SerializeToString() + unknown + version, hidden)
    assert b"secret" not in result
    assert Article.FromString(result).name == "A"


def test_a_head_in_pieces_is_redacted_whole() -> None:
    """As the log has it: the event's stamp before the head."""
    stamp = Article(event={"type": "update", "offset": 7}, version={"comment": "first"})
    head = Article(event={"identifier": "e"}, version={"comment": "second", "identifier": 1})
    result = Article.FromString(redact(stamp.SerializeToString() + head.SerializeToString(), Hidden.COMMENT))
    assert result.event == Article(event={"type": "update", "offset": 7, "identifier": "e"}).event
    assert result.version == Article(version={"identifier": 1}).version
