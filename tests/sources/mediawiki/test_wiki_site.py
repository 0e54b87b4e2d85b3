import aiohttp
import pytest
from aiohttp import web
from fake_wiki import GENERAL, FakeServer

from wikifeed_server.errors import SourceError, SourceRefusedError
from wikifeed_server.projects import CASE_SENSITIVE
from wikifeed_server.sources.mediawiki import Etiquette, Wiki, find_wiki

SITE = {
    "general": GENERAL,
    "namespaces": {
        "-1": {"id": -1, "case": "first-letter", "name": "Spezial", "canonical": "Special"},
        "0": {"id": 0, "case": "case-sensitive", "name": ""},
        "10": {"id": 10, "case": "case-sensitive", "name": "Vorlage", "canonical": "Template"},
    },
    "namespacealiases": [{"id": 10, "alias": "V"}, {"id": 10, "alias": "Vlg"}],
    "rightsinfo": {"url": "https://creativecommons.org/licenses/by-nc-sa/3.0/", "text": "CC BY-NC-SA"},
    "extensions": [{"type": "other", "name": "Cite"}, {"type": "other", "name": "PageImages"}],
}


def page(head: str = "") -> web.Response:
    return web.Response(text=f"<html><head>{head}</head><body>Wiki</body></html>", content_type="text/html")


class WikiAt(FakeServer):
    """A wiki whose api.php is at a path, and whose pages tell where it is, or not."""

    def __init__(self, path: str, site: dict | None = None, told: str = "") -> None:
        super().__init__(self.reply)
        self.path, self.site, self.told = path, SITE if site is None else site, told

    def reply(self, request: web.Request) -> web.Response:
        if request.path == self.path:
            return web.json_response({"batchcomplete": True, "query": self.site})
        return page(f'<link rel="EditURI" type="application/rsd+xml" href="{self.told}"/>' if self.told else "")


async def found(address: str, project: str = "") -> Wiki:
    async with aiohttp.ClientSession() as session:
        return await find_wiki(address, session, Etiquette(), project)


@pytest.mark.parametrize(
    ("path", "told", "given"),
    [
        ("/w/api.php", "", "/w/api.php"),
        ("/w/api.php", "", "/w/api.php?action=query"),
        ("/w/api.php", "", "/w/"),
        ("/w/api.php", "", "/w"),
        ("/w/api.php", "", "/w/index.php/Page"),
        ("/w/api.php", "", "/w/index.php?title=Page"),
        ("/w/api.php", "", "/w/rest.php"),
        ("/w/api.php", "", "/wiki/Page"),
        ("/w/api.php", "", "/wiki/你好?action=edit"),
        ("/w/api.php", "", ""),
        ("/api.php", "", "/"),
        ("/api.php", "", "/wiki/Page"),
        ("/deep/down/api.php", "/deep/down/api.php?action=rsd", "/wiki/Page"),
        ("/deep/down/api.php", "../down/api.php?action=rsd", "/deep/other/Page"),
    ],
)
async def test_a_wiki_is_found_from_any_of_its_addresses(serve, path, told, given):
    base = await serve(WikiAt(path, told=told))
    wiki = await found(base + given)
    assert (wiki.api_url, wiki.rest_url) == (base + path, base + path.replace("api.php", "rest.php"))


async def test_the_project_is_what_the_wiki_says_of_itself(serve):
    wiki = await found(await serve(WikiAt("/w/api.php")))
    project = wiki.project
    assert (project.identifier, project.name, project.language, project.code) == ("fakewiki", "Fake", "en", "wiki")
    # The wiki answers to both schemes, and was asked by this one.
    assert (project.url, project.article_path) == ("http://wiki.example", "/wiki/$1")
    template = project.namespace(10)
    assert (template.name, template.canonical, template.aliases) == ("Vorlage", "Template", ("V", "Vlg"))
    assert template.case == CASE_SENSITIVE
    assert project.normalize_title("vlg:x y") == "Vorlage:x y"
    assert (project.license_identifier, project.license_name) == ("CC-BY-NC-SA-3.0", "CC BY-NC-SA")
    assert wiki.extensions == {"Cite", "PageImages"}


@pytest.mark.parametrize(
    ("rights", "identifier"),
    [
        ({"url": "https://creativecommons.org/licenses/by-sa/4.0/deed.de", "text": ""}, "CC-BY-SA-4.0"),
        ({"url": "//creativecommons.org/licenses/by/4.0", "text": ""}, "CC-BY-4.0"),
        ({"url": "https://creativecommons.org/publicdomain/zero/1.0/", "text": ""}, "CC0-1.0"),
        ({"url": "https://wiki.example/rights", "text": "All rights reserved"}, ""),
        ({"url": "", "text": ""}, ""),
    ],
)
async def test_a_licence_is_known_by_its_address(serve, rights, identifier):
    wiki = await found(await serve(WikiAt("/w/api.php", {**SITE, "rightsinfo": rights})))
    project = wiki.project
    assert (project.license_identifier, project.license_url) == (identifier, rights["url"])


async def test_a_wiki_of_wikimedia_has_its_licence(serve):
    general = {**GENERAL, "server": "//de.wikipedia.org"}
    wiki = await found(await serve(WikiAt("/w/api.php", {**SITE, "general": general, "rightsinfo": {}})))
    assert wiki.project.license_identifier == "CC-BY-SA-4.0"


async def test_the_project_is_called_as_asked(serve):
    base = await serve(WikiAt("/w/api.php", {**SITE, "general": {**GENERAL, "wikiid": "my wiki"}}))
    assert (await found(base, "mine")).project.identifier == "mine"
    with pytest.raises(SourceRefusedError, match="name it with --project"):
        await found(base)


async def test_where_there_is_no_wiki_it_says_what_it_tried(serve):
    base = await serve(FakeServer(lambda _: page()))
    with pytest.raises(SourceRefusedError, match=r"tried .*/w/api\.php.*Special:Version"):
        await found(f"{base}/blog/post")


async def test_json_of_something_else_is_no_wiki(serve):
    base = await serve(FakeServer(lambda _: web.json_response({"hello": 1})))
    with pytest.raises(SourceRefusedError, match="no MediaWiki"):
        await found(base)


async def test_a_private_wiki_says_so(serve):
    denied = {"errors": [{"code": "readapidenied", "text": "You need read permission", "module": "main"}]}
    base = await serve(FakeServer(lambda _: web.json_response(denied)))
    with pytest.raises(SourceRefusedError, match="You need read permission"):
        await found(f"{base}/w/")


async def test_a_wiki_that_is_too_old_says_so(serve):
    general = {**GENERAL, "generator": "MediaWiki 1.19.24"}
    base = await serve(WikiAt("/w/api.php", {**SITE, "general": general}))
    with pytest.raises(SourceRefusedError, match=r"MediaWiki 1\.19\.24"):
        await found(base)


async def test_a_wiki_that_is_down_may_come_back(serve):
    with pytest.raises(SourceError, match="can't be reached") as caught:
        await found("http://127.0.0.1:9/w/")
    assert not isinstance(caught.value, SourceRefusedError)
    base = await serve(FakeServer(lambda _: web.Response(status=503)))
    with pytest.raises(SourceError, match="503") as caught:
        await found(base)
    assert not isinstance(caught.value, SourceRefusedError)


@pytest.mark.parametrize("address", ["ftp://wiki.example/", "https://", "mailto:x@y.example", ""])
async def test_what_is_no_address_is_refused(address):
    with pytest.raises(SourceRefusedError, match="address of a wiki"):
        await found(address)
