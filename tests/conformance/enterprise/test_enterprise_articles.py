"""Articles on demand."""

from urllib.parse import quote

import pytest
from enterprise_client import NDJSON, EnterpriseError


def projects(articles):
    return sorted(article["is_part_of"]["identifier"] for article in articles)


def test_a_title_is_found_in_all_projects(client):
    found = client.articles("Ada Lovelace")
    assert projects(found) == ["dewiki", "enwiki"]
    assert {article["name"] for article in found} == {"Ada Lovelace"}
    assert all(article["article_body"]["wikitext"] for article in found)


@pytest.mark.parametrize("name", ["Ada_Lovelace", "Ada%20Lovelace", quote("AC/DC", safe=""), "AC/DC"])
def test_a_title_may_be_written_as_clients_write_it(client, name):
    assert client.articles(name)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("is_part_of.identifier", "dewiki", ["dewiki"]),
        ("in_language.identifier", "en", ["enwiki"]),
        ("namespace.identifier", 0, ["dewiki", "enwiki"]),
        ("version.editor.name", "Ada", ["dewiki", "enwiki"]),
    ],
)
def test_a_filter_keeps_what_equals_it(client, field, value, expected):
    assert projects(client.articles("Ada Lovelace", filters=[{"field": field, "value": value}])) == expected


def test_a_limit_is_kept(client):
    assert len(client.articles("Ada Lovelace", limit=1)) == 1
    assert len(client.articles("Ada Lovelace", limit=10)) == 2


@pytest.mark.parametrize("limit", [11, 101])
def test_a_limit_beyond_ten_is_unprocessable(client, limit):
    with pytest.raises(EnterpriseError) as error:
        client.articles("Ada Lovelace", limit=limit)
    assert error.value.status == 422


def test_fields_are_all_that_comes(client):
    found = client.articles("Ada Lovelace", fields=["name", "version.editor.name", "is_part_of.*"], limit=1)
    assert found[0].keys() == {"name", "version", "is_part_of"}
    assert found[0]["version"] == {"editor": {"name": "Ada"}}


@pytest.mark.parametrize("find", ["articles", "structured_contents"])
def test_a_title_that_no_project_has_is_not_found(client, find):
    for parameters in ({}, {"filters": [{"field": "is_part_of.identifier", "value": "frwiki"}]}):
        with pytest.raises(EnterpriseError) as error:
            getattr(client, find)("Nothing of the kind" if not parameters else "Ada Lovelace", **parameters)
        assert error.value.status == error.value.told["status"] == 404


def test_a_deleted_page_is_not_found(client):
    with pytest.raises(EnterpriseError) as error:
        client.articles("Page 60", filters=[{"field": "is_part_of.identifier", "value": "enwiki"}])
    assert error.value.status == 404


def test_times_of_articles_are_whole_seconds(client):
    article = client.articles("Ada Lovelace", limit=1)[0]
    for name in ("date_created", "date_modified"):
        assert article[name].endswith("Z")
        assert "." not in article[name]


def test_structured_contents_are_the_parts(client):
    found = client.structured_contents("Ada Lovelace", filters=[{"field": "is_part_of.identifier", "value": "enwiki"}])
    assert [part["name"] for part in found[0]["infoboxes"]] == ["Infobox person"]
    assert found[0]["sections"][0]["has_parts"][0]["value"] == "Ada wrote programs."
    assert "article_body" not in found[0]
    assert found[0]["name"] == "Ada Lovelace"


def test_articles_come_by_lines_where_asked(site, client):
    answer = client.call("GET", f"{site.http}/v2/articles/Ada Lovelace", headers={"Accept": NDJSON})
    assert answer.headers["content-type"].partition(";")[0] == NDJSON
    assert len(answer.content.strip(b"\n").split(b"\n")) == 2


def test_the_query_string_says_the_same_as_a_body(site, client):
    query = {"fields": ["name"], "filters": '{"field":"is_part_of.identifier","value":"enwiki"}', "limit": "5"}
    assert client.call("GET", f"{site.http}/v2/articles/Ada_Lovelace", params=query).json() == [
        {"name": "Ada Lovelace"}
    ]
