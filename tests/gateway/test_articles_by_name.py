"""/v2/articles/{name} and /v2/structured-contents/{name}."""

import json

import pytest

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.contract.fragments import STRUCTURED_CONTENTS
from wikifeed_server.contract.json import article_from_json


async def ask(http, path, body=None, status=200, **query):
    answer = await (http.post(path, json=body) if body is not None else http.get(path, params=query))
    told = await answer.json()
    assert answer.status == status, told
    return told


async def test_every_project_that_has_the_title_answers(http, feed):
    feed.publish("Berlin", project="enwiki")
    feed.publish("Berlin", project="dewiki")
    articles = await ask(http, "/v2/articles/Berlin")
    assert [each["is_part_of"]["identifier"] for each in articles] == ["dewiki", "enwiki"]


async def test_an_article_is_whole_and_what_grpc_serves(http, feed, parts):
    feed.publish("Ada Lovelace", page_id=7, text="Ada was here.")
    (told,) = await ask(http, "/v2/articles/Ada Lovelace")
    assert told["article_body"] == {"wikitext": "Ada was here."}
    assert told["links"] == [{"url": "https://example.org"}]
    assert article_from_json(json.dumps(told)).version.editor.name == "Ada"


async def test_fields_cut_the_article_through_lists_as_well(http, feed):
    feed.publish("Ada")
    (told,) = await ask(http, "/v2/articles/Ada", {"fields": ["name", "version.editor.name", "categories.name"]})
    assert told == {
        "name": "Ada",
        "version": {"editor": {"name": "Ada"}},
        "categories": [{"name": "Category:Made up"}],
    }


@pytest.mark.parametrize("name", ["Ada_Lovelace", "ada Lovelace", "AC/DC", "مصر", "C++", "100%"])
async def test_titles_are_those_of_mediawiki(http, feed, name):
    for title in ("Ada Lovelace", "AC/DC", "مصر", "C++", "100%"):
        feed.publish(title)
    # The client would take what is written for an address that is encoded already.
    (told,) = await ask(http, f"/v2/articles/{name.replace('%', '%25')}", fields="name")
    assert told["name"] in {name, "Ada Lovelace"}


async def test_a_redirect_leads_to_its_article(http, feed):
    feed.publish("Ada Lovelace")
    feed.redirect("Lovelace", "Ada Lovelace")
    (told,) = await ask(http, "/v2/articles/Lovelace", fields="name")
    assert told == {"name": "Ada Lovelace"}


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("is_part_of.identifier", "dewiki", 1),
        ("in_language.identifier", "de", 1),
        ("namespace.identifier", 0, 2),
        ("version.editor.name", "Ada", 2),
        ("name", "Berlin", 2),
    ],
)
async def test_filters_choose_among_projects(http, feed, field, value, found):
    feed.publish("Berlin", project="enwiki")
    feed.publish("Berlin", project="dewiki")
    body = {"fields": ["name"], "filters": [{"field": field, "value": value}]}
    assert await ask(http, "/v2/articles/Berlin", body) == [{"name": "Berlin"}] * found
    written = json.dumps(body["filters"][0])
    assert len(await ask(http, "/v2/articles/Berlin", filters=written)) == found


async def test_filters_that_let_nothing_pass_find_nothing(http, feed):
    feed.publish("Berlin")
    body = {"filters": [{"field": "version.editor.name", "value": "Grace"}]}
    assert "Berlin" in (await ask(http, "/v2/articles/Berlin", body, 404))["message"]


async def test_the_limit_bounds_how_many_projects_answer(http, feed):
    for project in ("dewiki", "enwiki", "hewiktionary"):
        feed.publish("Berlin", project=project)
    assert len(await ask(http, "/v2/articles/Berlin", {"limit": 2})) == 2
    assert len(await ask(http, "/v2/articles/Berlin", {"limit": 0})) == 3


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"limit": 11}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"fields": ["nam"]}, "did you mean name?"),
        ({"fields": "name"}, "fields"),
        ({"fields": ["name"] * 256}, "255"),
        ({"fields": ["name.first"]}, "name"),
        ({"filters": [{"field": "nam", "value": "x"}]}, "filters[0].field"),
        ({"filters": [{"field": "categories.name", "value": "x"}]}, "filters[0].field"),
        ({"filters": [{"field": "namespace.identifier", "value": "zero"}]}, "filters[0].value"),
        ({"filters": [{"value": "x"}]}, "filters[0]"),
    ],
)
async def test_parameters_that_are_wrong_are_told_by_name(http, feed, body, said):
    feed.publish("Berlin")
    told = await ask(http, "/v2/articles/Berlin", body, 422)
    assert told["status"] == 422
    assert said in told["message"]


async def test_a_title_that_nobody_has_is_not_found(http):
    assert (await ask(http, "/v2/articles/Nowhere", status=404))["status"] == 404


async def test_structured_contents_have_their_fields_and_no_others(http, feed):
    head = Article(name="Ada", identifier=9, url="https://example.org/Ada", categories=[{"name": "Category:X"}])
    structured = Article(sections=[{"name": "Abstract", "type": "section"}], links=[{"url": "https://example.org"}])
    write = feed.write("Ada", 9, head=head.SerializeToString(), structured=structured.SerializeToString())
    feed.publish_many([write])
    (told,) = await ask(http, "/v2/structured-contents/Ada")
    assert told["sections"] == [{"name": "Abstract", "type": "section"}]
    assert set(told) <= set(STRUCTURED_CONTENTS)
    (cut,) = await ask(http, "/v2/structured-contents/Ada", {"fields": ["sections.name"]})
    assert cut == {"sections": [{"name": "Abstract"}]}
    refused = await ask(http, "/v2/structured-contents/Ada", {"fields": ["article_body.html"]}, 422)
    assert "article_body" in refused["message"]


async def test_ndjson_where_it_is_asked_for(http, feed):
    feed.publish("Berlin", project="enwiki")
    feed.publish("Berlin", project="dewiki")
    answer = await http.get("/v2/articles/Berlin?fields=name", headers={"Accept": "application/x-ndjson"})
    assert answer.content_type == "application/x-ndjson"
    assert [json.loads(line) for line in (await answer.text()).split("\n")] == [{"name": "Berlin"}] * 2
