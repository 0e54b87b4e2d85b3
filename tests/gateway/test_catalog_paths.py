"""/v2/codes, languages, projects, namespaces."""

import pytest


async def ask(http, path, body=None):
    answer = await http.post(path, json=body) if body is not None else await http.get(path)
    return answer.status, await answer.json()


async def test_projects_are_listed_with_their_languages(http):
    status, projects = await ask(http, "/v2/projects", {})
    assert status == 200
    assert [project["identifier"] for project in projects] == ["dewiki", "enwiki", "hewiktionary"]
    assert projects[2]["in_language"]["direction"] == "rtl"


@pytest.mark.parametrize(
    ("path", "identifier"),
    [("codes", "wiktionary"), ("languages", "he"), ("projects", "dewiki"), ("namespaces", 14), ("namespaces", 0)],
)
async def test_each_of_a_list_can_be_had_alone(http, path, identifier):
    _, every = await ask(http, f"/v2/{path}")
    status, one = await ask(http, f"/v2/{path}/{identifier}")
    assert status == 200
    assert one in every
    assert one["identifier"] == identifier


@pytest.mark.parametrize("path", ["codes/nope", "languages/xx", "projects/xxwiki", "namespaces/999"])
async def test_what_is_not_there_is_404(http, path):
    status, told = await ask(http, f"/v2/{path}")
    assert (status, told["status"]) == (404, 404)


async def test_lists_take_fields_filters_and_a_limit(http):
    filters = [{"field": "in_language.identifier", "value": "de"}]
    _, found = await ask(http, "/v2/projects", {"fields": ["identifier", "in_language.name"], "filters": filters})
    assert found == [{"identifier": "dewiki", "in_language": {"name": "German"}}]
    _, found = await ask(http, "/v2/projects", {"fields": ["identifier"], "limit": 1})
    assert found == [{"identifier": "dewiki"}]
    _, found = await ask(http, "/v2/projects", {"filters": [{"field": "code", "value": "wikisource"}]})
    assert found == []


@pytest.mark.parametrize("body", [{"fields": ["nam"]}, {"filters": [{"field": "in_language", "value": "de"}]}])
async def test_what_lists_do_not_have_is_refused(http, body):
    status, told = await ask(http, "/v2/projects", body)
    assert (status, told["status"]) == (422, 422)


async def test_a_namespace_is_a_number(http):
    status, told = await ask(http, "/v2/namespaces/talk")
    assert status == 422
    assert "number" in told["message"]
