"""CatalogService over a real store."""

import pytest

from wikifeed.v1 import catalog_service_pb2 as messages
from wikifeed_server.errors import (
    CodeNotFoundError,
    LanguageNotFoundError,
    NamespaceNotFoundError,
    ProjectNotFoundError,
)


@pytest.fixture
def call(catalog):
    """Call a method by its name with the fields of its request."""

    async def call(method, **fields):
        request = getattr(messages, f"{method}Request")(**fields)
        return getattr(messages, f"{method}Response").FromString(await getattr(catalog, method)(request))

    return call


async def test_projects_come_in_order_and_by_their_filters(call):
    async def listed(**fields):
        return [project.identifier for project in (await call("ListProjects", **fields)).projects]

    assert await listed() == ["dewiki", "enwiki", "hewiktionary"]
    assert await listed(languages=["de", "he"]) == ["dewiki", "hewiktionary"]
    assert await listed(languages=["de", "he"], codes=["wiki"]) == ["dewiki"]
    assert await listed(codes=["wikibooks"]) == []


async def test_a_project_is_described(call):
    project = (await call("GetProject", identifier="dewiki")).project
    assert (project.name, project.url, project.code) == ("Wikipedia", "https://de.wikipedia.org", "wiki")
    assert (project.in_language.name, project.in_language.alternate_name) == ("German", "Deutsch")


async def test_languages_are_named_in_english_and_in_themselves(call):
    languages = (await call("ListLanguages")).languages
    assert [language.identifier for language in languages] == ["de", "en", "he"]
    hebrew = (await call("GetLanguage", identifier="he")).language
    assert hebrew == languages[2]
    assert (hebrew.name, hebrew.alternate_name, hebrew.direction) == ("Hebrew", "עברית", "rtl")


async def test_namespaces_of_a_project_have_its_own_names(call):
    namespaces = (await call("ListNamespaces", project="dewiki")).namespaces
    assert [(namespace.identifier, namespace.name) for namespace in namespaces] == [
        (0, ""),
        (1, "Diskussion"),
        (14, "Kategorie"),
    ]
    category = (await call("GetNamespace", project="dewiki", identifier=14)).namespace
    assert (category.alternate_name, category.description) == ("Category", "Groups of pages on one topic")


async def test_namespaces_of_all_projects_have_canonical_names(call):
    namespaces = (await call("ListNamespaces")).namespaces
    assert [(namespace.identifier, namespace.name) for namespace in namespaces] == [
        (0, ""),
        (1, "Talk"),
        (4, "Project"),
        (14, "Category"),
    ]


async def test_codes_are_described(call):
    assert [code.identifier for code in (await call("ListCodes")).codes] == ["wiki", "wiktionary"]
    assert (await call("GetCode", identifier="wiktionary")).code.name == "Wiktionary"


@pytest.mark.parametrize(
    ("method", "fields", "error", "reason"),
    [
        ("GetProject", {"identifier": "nowiki"}, ProjectNotFoundError, "PROJECT_NOT_FOUND"),
        ("GetLanguage", {"identifier": "fr"}, LanguageNotFoundError, "LANGUAGE_NOT_FOUND"),
        ("ListNamespaces", {"project": "nowiki"}, ProjectNotFoundError, "PROJECT_NOT_FOUND"),
        ("GetNamespace", {"project": "dewiki", "identifier": 4}, NamespaceNotFoundError, "NAMESPACE_NOT_FOUND"),
        ("GetNamespace", {"identifier": -(2**63)}, NamespaceNotFoundError, "NAMESPACE_NOT_FOUND"),
        ("GetCode", {"identifier": "wikibooks"}, CodeNotFoundError, "CODE_NOT_FOUND"),
    ],
)
async def test_what_is_not_in_the_catalog_is_not_found(call, method, fields, error, reason):
    with pytest.raises(error) as caught:
        await call(method, **fields)
    assert caught.value.reason == reason
