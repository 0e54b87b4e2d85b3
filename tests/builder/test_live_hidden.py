"""What a wiki hides of a live page is nowhere in what is stored."""

import pytest
from made_up_pages import built, html_page

from wikifeed_server.sources.events import EventKind, Visible
from wikifeed_server.sources.facts import EditorFacts, Scores
from wikifeed_server.store import Hidden


@pytest.mark.parametrize(
    ("visible", "hidden"),
    [
        (Visible(text=False, editor=True, comment=True), Hidden.TEXT),
        (Visible(text=True, editor=False, comment=True), Hidden.EDITOR),
        (Visible(text=True, editor=True, comment=False), Hidden.COMMENT),
        (Visible(text=False, editor=False, comment=False), Hidden.TEXT | Hidden.EDITOR | Hidden.COMMENT),
    ],
)
@pytest.mark.parametrize("teller", ["event", "wiki"])
def test_hidden_parts_are_nowhere_in_the_article(visible, hidden, teller):
    secret = {"text": "Sesame", "comment": "Sesame", "editor": EditorFacts(7, "Sesame"), "parent_id": 0}
    flags = dict(zip(("text_visible", "editor_visible", "comment_visible"), visible, strict=True))
    write, article = built(
        EventKind.VISIBILITY,
        event={"visible": visible} if teller == "event" else {},
        facts={"html": html_page("<p>Sesame</p>"), "templates": ("Template:Open",), "scores": Scores(revert_risk=0.5)},
        revision=secret if teller == "event" else secret | flags,
    )
    assert write.hidden == hidden
    assert (article.visibility.text, article.visibility.editor, article.visibility.comment) == tuple(visible)
    assert ("Sesame" in article.article_body.html) == ("Sesame" in article.abstract) == visible.text
    assert (article.article_body.wikitext == "Sesame") == article.version.HasField("size") == visible.text
    assert bool(article.templates) == article.version.HasField("scores") == visible.text
    assert bool(article.version.sha1) == article.version.HasField("diff") == visible.text
    assert article.version.HasField("editor") == visible.editor
    assert bool(article.version.comment) == visible.comment
    data = write.head + write.body_html + write.body_wikitext + write.structured
    assert (b"Sesame" in data) == any(visible)


def test_what_is_hidden_by_now_stays_hidden_whatever_an_older_event_says():
    write, _ = built(
        EventKind.VISIBILITY,
        event={"visible": Visible(text=True, editor=True, comment=True)},
        revision={"text": "", "text_visible": False},
    )
    assert write.hidden == Hidden.TEXT


def test_what_became_visible_again_is_there_again():
    write, article = built(EventKind.VISIBILITY, event={"visible": Visible(text=True, editor=True, comment=True)})
    assert (write.hidden, article.HasField("visibility")) == (Hidden(0), False)
    assert article.article_body.wikitext


@pytest.mark.parametrize(
    ("event", "hidden"),
    [
        ({"visible": Visible(text=True, editor=False, comment=True)}, Hidden.EDITOR),
        ({}, Hidden.TEXT | Hidden.EDITOR | Hidden.COMMENT),
    ],
)
def test_hidden_revision_that_is_gone_is_as_the_event_says_else_all_hidden(event, hidden):
    write, article = built(EventKind.VISIBILITY, event=event, revision=None)
    assert write.hidden == hidden
    assert article.HasField("visibility")
