"""/v2/codes, languages, projects, namespaces: what there is."""

from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web
from google.protobuf.descriptor import Descriptor
from google.protobuf.message import Message

from wikifeed.v1 import catalog_service_pb2 as contract
from wikifeed.v1.project_pb2 import Code, Language, Namespace, Project
from wikifeed_server.gateway.errors import unprocessable
from wikifeed_server.gateway.parts import Parts
from wikifeed_server.gateway.queries import whole_number
from wikifeed_server.gateway.routing import both
from wikifeed_server.gateway.showing import show_all, show_one

_HIGHEST_NAMESPACE = 2**31


def routes(parts: Parts) -> list[web.RouteDef]:
    """The routes of the catalog."""
    service = parts.catalog

    async def codes() -> Iterable[Message]:
        return contract.ListCodesResponse.FromString(await service.ListCodes(contract.ListCodesRequest())).codes

    async def languages() -> Iterable[Message]:
        data = await service.ListLanguages(contract.ListLanguagesRequest())
        return contract.ListLanguagesResponse.FromString(data).languages

    async def projects() -> Iterable[Message]:
        data = await service.ListProjects(contract.ListProjectsRequest())
        return contract.ListProjectsResponse.FromString(data).projects

    async def namespaces() -> Iterable[Message]:
        data = await service.ListNamespaces(contract.ListNamespacesRequest())
        # Those below zero hold no pages, and Enterprise does not list them: clients read unsigned numbers.
        return [each for each in contract.ListNamespacesResponse.FromString(data).namespaces if each.identifier >= 0]

    async def code(identifier: str) -> Message:
        data = await service.GetCode(contract.GetCodeRequest(identifier=identifier))
        return contract.GetCodeResponse.FromString(data).code

    async def language(identifier: str) -> Message:
        data = await service.GetLanguage(contract.GetLanguageRequest(identifier=identifier))
        return contract.GetLanguageResponse.FromString(data).language

    async def project(identifier: str) -> Message:
        data = await service.GetProject(contract.GetProjectRequest(identifier=identifier))
        return contract.GetProjectResponse.FromString(data).project

    async def namespace(identifier: str) -> Message:
        data = await service.GetNamespace(contract.GetNamespaceRequest(identifier=_number(identifier)))
        return contract.GetNamespaceResponse.FromString(data).namespace

    return [
        *_pair(parts, "/v2/codes", Code.DESCRIPTOR, codes, code),
        *_pair(parts, "/v2/languages", Language.DESCRIPTOR, languages, language),
        *_pair(parts, "/v2/projects", Project.DESCRIPTOR, projects, project),
        *_pair(parts, "/v2/namespaces", Namespace.DESCRIPTOR, namespaces, namespace),
    ]


def _pair(
    parts: Parts,
    path: str,
    message: Descriptor,
    list_all: Callable[[], Awaitable[Iterable[Message]]],
    get_one: Callable[[str], Awaitable[Message]],
) -> list[web.RouteDef]:
    """The list of a kind and one of it."""

    async def answer_all(request: web.Request) -> web.Response:
        return await show_all(parts, request, message, list_all)

    async def answer_one(request: web.Request) -> web.Response:
        return await show_one(parts, request, message, lambda: get_one(request.match_info["identifier"]))

    return [*both(path, answer_all), *both(f"{path}/{{identifier}}", answer_one)]


def _number(text: str) -> int:
    number = whole_number("identifier", text, -_HIGHEST_NAMESPACE, _HIGHEST_NAMESPACE)
    if number is None:
        raise unprocessable("identifier", "namespaces are numbers, such as 0 or 14")
    return number
