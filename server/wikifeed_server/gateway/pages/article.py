"""/status/article: one page of a project, by its title or its page id, without its bodies."""

from aiohttp import web
from protovalidate import Validator

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.article_service_pb2 import GetArticleRequest, GetArticleResponse
from wikifeed_server.contract.json import message_to_object
from wikifeed_server.contract.validation import validate
from wikifeed_server.gateway.answering import answer_object
from wikifeed_server.gateway.calling import admitted
from wikifeed_server.gateway.errors import unprocessable
from wikifeed_server.gateway.parts import Parts
from wikifeed_server.gateway.queries import whole_number

_GET_ARTICLE = "/wikifeed.v1.ArticleService/GetArticle"
_SHOWN = tuple(name for name in Article.DESCRIPTOR.fields_by_name if name not in {"article_body", "links"})


def routes(parts: Parts) -> list[web.RouteDef]:
    """The route of the article that the page shows."""
    validator = Validator()

    async def article(request: web.Request) -> web.Response:
        asked = _request(request)
        validate(validator, asked)
        asked = await admitted(parts, request, _GET_ARTICLE, asked)
        found = GetArticleResponse.FromString(await parts.articles.GetArticle(asked))
        return answer_object(
            {"article": message_to_object(found.article), "redirected_from": found.redirected_from},
        )

    return [web.get("/status/article", article)]


def _request(request: web.Request) -> GetArticleRequest:
    query = request.query
    asked = GetArticleRequest(project=query.get("project", ""))
    title, page_id = query.get("title", ""), whole_number("page_id", query.get("page_id"), least=1)
    if bool(title) == bool(page_id):
        raise unprocessable("title", "name the page by its title or by its page_id")
    if page_id:
        asked.page_id = page_id
    else:
        asked.title = title
    asked.read_mask.paths.extend(_SHOWN)
    return asked
