"""What citations tell of their sources: kinds, and parameters as plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikifeed_server.content.html.citations import kind_of, metadata_of_call, metadata_of_coins, plain

JOURNAL = "rft_val_fmt=info%3Aofi%2Ffmt%3Akev%3Amtx%3Ajournal&rft.genre=article"


@pytest.mark.parametrize(
    ("wikitext", "text"),
    [
        ("''[[The New York Times|NYT]]'', [[Paris]]", "NYT, Paris"),
        ("[https://a.example/x The page]", "The page"),
        ("A<!-- no --> <small>b</small>&nbsp;c", "A b c"),
        ("{{nowrap|{{lang|de|x}}}} y", "y"),
        ("{{" * 10 + "x", ""),
        ("a <!-- open", "a"),
        ("https://a.example/?x=1&copy=2&lt;", "https://a.example/?x=1&copy=2<"),
    ],
)
def test_parameters_become_plain_text(wikitext, text):
    assert plain(wikitext) == text


def test_parameters_without_text_are_left_out():
    assert metadata_of_call({"title": {"wt": " "}, "url": {"wt": "http://a/"}, "odd": 3, "html": {"html": "x"}}) == {
        "url": "http://a/"
    }


def test_one_parameter_with_markup_leaves_the_others_alone():
    written = {"url": {"wt": " http://a/ "}, "title": {"wt": "''On''\u00a0[[Cacti]]"}}
    assert metadata_of_call(written) == {"url": "http://a/", "title": "On Cacti"}


@pytest.mark.parametrize(
    ("classes", "coins", "template", "kind"),
    [
        ("citation news cs1 cs1-prop-foreign-lang-source", JOURNAL, "Cite news", "news"),
        ("citation libro", "rft.genre=book", "Cita libro", "book"),
        ("citation libro", "", "Cita libro", "libro"),
        ("citation", "rft_val_fmt=info:ofi/fmt:kev:mtx:dissertation", "", "thesis"),
        ("", "rft_val_fmt=info:ofi/fmt:kev:mtx:dc&rft.identifier=http://a/", "Internetquelle", "web"),
        ("", "", "Lien_web", "web"),
        ("", "rft.genre=unknown", "", ""),
    ],
)
def test_kind(classes, coins, template, kind):
    assert kind_of(classes, coins, template) == kind


@given(st.text(max_size=200))
def test_no_parameter_is_too_odd(text):
    plain(text)
    metadata_of_coins(text)
    kind_of(text, text, text)
