import pytest
from written_exports import SITE, export, pages

from wikifeed_server.errors import SourceError
from wikifeed_server.projects import CASE_SENSITIVE, FIRST_LETTER

WIKIPEDIA = """<siteinfo><sitename>Wikipedia</sitename><dbname>dewiki</dbname>
  <base>https://de.wikipedia.org/wiki/Wikipedia:Hauptseite</base><case>first-letter</case>
  <namespaces><namespace key="14" case="first-letter">Kategorie</namespace></namespaces></siteinfo>"""


def site(base: str, database: str = "probewiki") -> str:
    return f"<siteinfo><dbname>{database}</dbname><base>{base}</base></siteinfo>"


def test_the_project_is_what_the_siteinfo_says(opened):
    project = opened(export("")).project()
    assert (project.identifier, project.name, project.code) == ("probewiki", "Probe", "wiki")
    assert (project.url, project.article_path) == ("https://wiki.example.org", "/wiki/$1")
    assert (project.language, project.case) == ("de", FIRST_LETTER)
    assert project.namespace(10).name == "Vorlage"
    assert project.namespace(10).canonical == "Template"
    assert project.namespace(4).case == CASE_SENSITIVE


def test_a_wiki_of_wikimedia_has_its_licence_and_any_other_has_none(opened):
    assert opened(export("", site=WIKIPEDIA)).project().license_identifier == "CC-BY-SA-4.0"
    assert opened(export("", site=SITE)).project().license_identifier == ""


def test_a_wiki_elsewhere_that_is_called_like_one_of_wikimedia_has_no_licence(opened):
    project = opened(export("", site=site("https://wiki.example.org/wiki/Home", "enwiki"))).project()
    assert (project.url, project.license_identifier) == ("https://wiki.example.org", "")


@pytest.mark.parametrize(
    ("base", "address"),
    [
        ("https://en.wikipedia.org/wiki/Main_Page", "https://en.wikipedia.org/wiki/A_B"),
        ("http://en.wikipedia.org/wiki/Main_Page", "https://en.wikipedia.org/wiki/A_B"),
        ("//wiki.example.org/wiki/Main_Page", "https://wiki.example.org/wiki/A_B"),
        ("http://localhost:8080/index.php/Main_Page", "http://localhost:8080/index.php/A_B"),
        ("http://localhost/w/index.php?title=Main_Page", "http://localhost/w/index.php?title=A_B"),
        ("https://wiki.example.org/Main_Page", "https://wiki.example.org/A_B"),
        ("https://wiki.example.org/", "https://wiki.example.org/wiki/A_B"),
        ("https://wiki.example.org/wiki/Project:Start/Here", "https://wiki.example.org/wiki/A_B"),
        ("", ""),
    ],
)
def test_addresses_follow_from_that_of_the_main_page(opened, base, address):
    assert opened(export("", site=site(base))).project().page_url("A B") == address


@pytest.mark.parametrize(
    ("identifier", "url", "language", "code"),
    [
        ("enwiki", "https://en.wikipedia.org", "en", "wiki"),
        ("zh_min_nanwiki", "https://zh-min-nan.wikipedia.org", "zh-min-nan", "wiki"),
        ("frwiktionary", "https://fr.wiktionary.org", "fr", "wiktionary"),
        ("simplewiki", "https://simple.wikipedia.org", "en", "wiki"),
        ("commonswiki", "https://commons.wikimedia.org", "en", "wiki"),
    ],
)
def test_a_dump_without_siteinfo_is_known_by_the_beginning_of_its_name(opened, identifier, url, language, code):
    project = opened(export("", site="", language=""), f"{identifier}-20240101-pages-articles.xml").project()
    assert (project.identifier, project.url, project.language, project.code) == (identifier, url, language, code)
    assert project.normalize_title("category:x").lower() == "category:x"
    assert project.namespace(14).name == "Category"
    assert project.license_identifier == "CC-BY-SA-4.0"


def test_titles_of_a_wiktionary_keep_their_small_letters(opened):
    project = opened(export("", site=""), "enwiktionary-pages.xml").project()
    assert project.normalize_title("cat") == "cat"
    assert project.normalize_title("user:ada") == "User:Ada"


def test_the_project_asked_for_goes_before_what_the_dump_says(opened):
    project = opened(export(""), project="mine").project()
    assert (project.identifier, project.name, project.url) == ("mine", "Probe", "https://wiki.example.org")


def test_an_old_export_without_dbname_is_known_by_its_address(opened):
    old = site("http://en.wikipedia.org/wiki/Main_Page", "")
    assert opened(export("", site=old, version="0.5")).project().identifier == "enwiki"


def test_a_dump_that_nothing_names_asks_for_a_project(opened):
    with pytest.raises(SourceError, match=r"my-dump\.xml does not say which wiki .*--project enwiki"):
        opened(export(pages(1), site=""), "my-dump.xml")
    assert opened(export(pages(1), site=""), "my-dump.xml", project="my").project().identifier == "my"


def test_a_wiki_that_is_only_called_a_wiki_is_not_taken_for_one_of_wikimedia(opened):
    project = opened(export("", site=""), project="companywiki").project()
    assert (project.url, project.code, project.license_identifier) == ("", "wiki", "")


def test_a_name_that_no_project_can_have_is_refused(opened):
    with pytest.raises(SourceError, match="'no/name' can't be a project's name"):
        opened(export(""), project="no/name")
