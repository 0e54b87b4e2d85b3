"""Wikitext beside HTML is read only where it may ask for repair, and never where that would miss a request."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up_pages import PROJECT, html_page

from wikifeed_server.builder.reading import asks_for_repair, read_page
from wikifeed_server.content import DEFAULT_VOCABULARY, read_wikitext
from wikifeed_server.content.structure import MaintenanceCounts


@pytest.mark.parametrize(
    "text",
    ["{{cn}}", "{{ Citation_needed\n|date=x}}", "{{a|{{pov}}}}", "{{{a|{{update}}}}}", "{{subst:Cn}}", "{{{{cn}}}}"],
)
def test_any_request_is_seen(text):
    counted = read_wikitext(text, PROJECT, "A").maintenance != MaintenanceCounts()
    assert asks_for_repair(text, DEFAULT_VOCABULARY) >= counted


@pytest.mark.parametrize("text", ["", "{{Infobox person|name=cn}} [[cn]] cn", "{{cnn}}", "{cn}"])
def test_other_text_is_not_read(text):
    assert not asks_for_repair(text, DEFAULT_VOCABULARY)


@given(st.lists(st.sampled_from(["{{", "}}", "{", "|", "cn", "pov", " ", "\n", "a=", "<!--", "-->", "[["])))
def test_no_request_that_the_reader_counts_is_missed(pieces):
    text = "".join(pieces)
    if read_wikitext(text, PROJECT, "A").maintenance != MaintenanceCounts():
        assert asks_for_repair(text, DEFAULT_VOCABULARY)


def test_html_goes_before_wikitext():
    page = read_page(html_page("<p>Shown.</p>"), "Written.{{cn}}", PROJECT, "A", DEFAULT_VOCABULARY)
    assert (page.abstract, page.maintenance) == ("Shown.", MaintenanceCounts(citation_needed=1))
    assert read_page("", "Written.{{cn}}", PROJECT, "A", DEFAULT_VOCABULARY).abstract == "Written."
