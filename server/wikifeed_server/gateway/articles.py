"""/v2/articles/{name} and /v2/structured-contents/{name}: every project that has the title."""

from aiohttp import web

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.article_service_pb2 import LookupArticlesRequest, LookupArticlesResponse
from wikifeed_server.contract.fragments import STRUCTURED_CONTENTS
from wikifeed_server.contract.json import article_to_json, message_to_object
from wikifeed_server.gateway.answering import answer_list, answer_texts
from wikifeed_server.gateway.calling import admitted
from wikifeed_server.gateway.errors import HttpError, unprocessable
from wikifeed_server.gateway.parts import Parts
from wikifeed_server.gateway.queries import Filter, Query, read_query
from wikifeed_server.gateway.routing import both
from wikifeed_server.gateway.selecting import Selection, selection

_LOOKUP = "/wikifeed.v1.ArticleService/LookupArticles"
_DEFAULT_LIMIT, _HIGHEST_LIMIT = 3, 10
_MOST_LOOKED_AT = 100  # where filters are left that LookupArticles does not know
_LONGEST_TITLE_BYTES = 1024
_WHOLE = tuple(Article.DESCRIPTOR.fields_by_name)


def routes(parts: Parts) -> list[web.RouteDef]:
    """The routes of articles on demand."""

    async def articles(request: web.Request) -> web.Response:
        return await _answer(parts, request, _WHOLE)

    async def structured_contents(request: web.Request) -> web.Response:
        return await _answer(parts, request, STRUCTURED_CONTENTS)

    return [
        *both("/v2/articles/{name:.+}", articles),
        *both("/v2/structured-contents/{name:.+}", structured_contents),
    ]


async def _answer(parts: Parts, request: web.Request, whole: tuple[str, ...]) -> web.Response:
    """The articles, of which `whole` are all fields that there are here."""
    name = _title(request)
    query = await read_query(request, parts.read_seconds)
    limit = query.limit if query.limit and query.limit > 0 else _DEFAULT_LIMIT
    if limit > _HIGHEST_LIMIT:
        raise unprocessable("limit", f"may be {_HIGHEST_LIMIT} at most")
    for index, path in enumerate(query.fields):
        top = path.partition(".")[0]
        if top in _WHOLE and top not in whole:
            raise unprocessable(f"fields[{index}]", f"{top!r} is in /v2/articles, and not in structured contents")
    fields = query.fields or (() if whole is _WHOLE else whole)
    lookup = LookupArticlesRequest(title=name)
    chosen = selection(Article.DESCRIPTOR, fields, _narrow(lookup, query))
    lookup.read_mask.paths.extend(chosen.mask_paths)
    lookup.limit = _MOST_LOOKED_AT if chosen.tests else limit
    asked = await admitted(parts, request, _LOOKUP, lookup)
    matches = LookupArticlesResponse.FromString(await parts.articles.LookupArticles(asked)).matches
    return _written(request, [match.article for match in matches], chosen, limit, name, query)


def _written(
    request: web.Request, articles: list[Article], chosen: Selection, limit: int, name: str, query: Query
) -> web.Response:
    if not chosen.tests and not query.fields:
        texts = [article_to_json(article) for article in articles]
        return answer_texts(request, texts) if texts else _nothing(name)
    found = chosen.apply([message_to_object(article) for article in articles])[:limit]
    return answer_list(request, found) if found else _nothing(name)


def _nothing(name: str) -> web.Response:
    raise HttpError(404, f"no project of this server that the filters leave has an article {name[:256]!r}")


def _narrow(lookup: LookupArticlesRequest, query: Query) -> tuple[Filter, ...]:
    """Put into the request what it can say of the filters; the filters that are left."""
    left: list[Filter] = []
    for each in query.filters:
        match each:
            case Filter("is_part_of.identifier", str(value)) if not lookup.projects:
                lookup.projects.append(value)
            case Filter("in_language.identifier", str(value)) if not lookup.languages:
                lookup.languages.append(value)
            case Filter("namespace.identifier", int(value)) if not lookup.namespaces and _is_namespace(value):
                lookup.namespaces.append(value)
            case _:
                left.append(each)
    return tuple(left)


def _is_namespace(value: int) -> bool:
    return not isinstance(value, bool) and -(2**63) <= value < 2**63


def _title(request: web.Request) -> str:
    name: str = request.match_info["name"]
    if len(name.encode(errors="replace")) > _LONGEST_TITLE_BYTES:
        raise unprocessable("name", f"titles have at most {_LONGEST_TITLE_BYTES} bytes")
    return name
