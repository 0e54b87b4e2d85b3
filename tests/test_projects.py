"""Titles and addresses as MediaWiki forms them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wikifeed_server.projects import CASE_SENSITIVE, NamespaceInfo, ProjectInfo

FRWIKI = ProjectInfo(
    identifier="frwiki",
    name="Wikipédia",
    url="https://fr.wikipedia.org",
    language="fr",
    code="wiki",
    namespaces=(
        NamespaceInfo(0, ""),
        NamespaceInfo(6, "Fichier", "File", ("Image",)),
        NamespaceInfo(10, "Modèle", "Template"),
        NamespaceInfo(2302, "Gadget definition", case=CASE_SENSITIVE),
    ),
)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("ada_Lovelace", "Ada Lovelace"),
        ("  Ada   Lovelace ", "Ada Lovelace"),
        (":ada Lovelace#Enfance", "Ada Lovelace"),
        ("template:infobox", "Modèle:Infobox"),
        ("IMAGE: photo.jpg", "Fichier:Photo.jpg"),
        ("Gadget definition:abc", "Gadget definition:abc"),
        ("Star Trek: picard", "Star Trek: picard"),
        ("e\u0301cole", "École"),
        ("ßtraße", "ßtraße"),
        ("中文_标题", "中文 标题"),
    ],
)
def test_title_is_stored_as_mediawiki_shows_it(written, stored):
    assert FRWIKI.normalize_title(written) == stored


def test_first_letter_is_kept_where_the_wiki_is_case_sensitive():
    wiktionary = ProjectInfo("enwiktionary", case=CASE_SENSITIVE)
    assert wiktionary.normalize_title("free") == "free"


@given(st.text())
def test_normalizing_twice_changes_nothing(title):
    once = FRWIKI.normalize_title(title)
    assert FRWIKI.normalize_title(once) == once


def test_page_url_escapes_what_a_path_must_not_hold_and_keeps_letters():
    assert FRWIKI.page_url("Qui a peur ? & 100 % d'été") == (
        "https://fr.wikipedia.org/wiki/Qui_a_peur_%3F_%26_100_%25_d'été"
    )


def test_page_url_is_empty_where_the_origin_is_unknown():
    assert ProjectInfo("x").page_url("A") == ""


def test_project_survives_being_kept():
    assert ProjectInfo.from_json(FRWIKI.to_json()) == FRWIKI
