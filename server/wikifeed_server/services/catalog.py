"""CatalogService: which projects, languages, namespaces and codes this server has articles of."""

from collections.abc import Iterable

from wikifeed.v1.catalog_service_pb2 import (
    GetCodeRequest,
    GetCodeResponse,
    GetLanguageRequest,
    GetLanguageResponse,
    GetNamespaceRequest,
    GetNamespaceResponse,
    GetProjectRequest,
    GetProjectResponse,
    ListCodesRequest,
    ListCodesResponse,
    ListLanguagesRequest,
    ListLanguagesResponse,
    ListNamespacesRequest,
    ListNamespacesResponse,
    ListProjectsRequest,
    ListProjectsResponse,
)
from wikifeed.v1.project_pb2 import Code, Language, Namespace, Project
from wikifeed_server.errors import CodeNotFoundError, LanguageNotFoundError, NamespaceNotFoundError
from wikifeed_server.projects import NamespaceInfo, ProjectInfo
from wikifeed_server.services.languages import LANGUAGES, RIGHT_TO_LEFT, LanguageName
from wikifeed_server.services.projects import known_project
from wikifeed_server.store import Reader

_CODES = {
    "wiki": ("Wikipedia", "An encyclopedia"),
    "wikibooks": ("Wikibooks", "Textbooks and manuals"),
    "wikinews": ("Wikinews", "News reports"),
    "wikiquote": ("Wikiquote", "Collections of quotations"),
    "wikisource": ("Wikisource", "A library of source texts"),
    "wikiversity": ("Wikiversity", "Learning resources"),
    "wikivoyage": ("Wikivoyage", "A travel guide"),
    "wiktionary": ("Wiktionary", "A dictionary and thesaurus"),
    "commons": ("Wikimedia Commons", "Free media files"),
    "species": ("Wikispecies", "A directory of species"),
    "wikidata": ("Wikidata", "Structured data"),
}

# Canonical name and purpose by the numbers that MediaWiki itself gives, and extensions on most wikis (its
# Help:Namespaces and Extension_default_namespaces): dumps tell only what a wiki calls its namespaces itself.
_NAMESPACES = {
    -2: ("Media", "Addresses of media files"),
    -1: ("Special", "Pages that the software makes"),
    0: ("", "The content pages of the project"),
    1: ("Talk", "Discussion of content pages"),
    2: ("User", "Pages of users"),
    3: ("User talk", "Messages to users"),
    4: ("Project", "Pages about the project itself"),
    5: ("Project talk", "Discussion of the project"),
    6: ("File", "Descriptions of media files"),
    7: ("File talk", "Discussion of media files"),
    8: ("MediaWiki", "Texts of the user interface"),
    9: ("MediaWiki talk", "Discussion of the user interface"),
    10: ("Template", "Pages made to be included in others"),
    11: ("Template talk", "Discussion of templates"),
    12: ("Help", "How to use and edit the wiki"),
    13: ("Help talk", "Discussion of help pages"),
    14: ("Category", "Groups of pages on one topic"),
    15: ("Category talk", "Discussion of categories"),
    828: ("Module", "Lua code for templates"),
    829: ("Module talk", "Discussion of Lua code"),
}
_UNKNOWN_NAMESPACE = ("", "")


class CatalogService:
    """The methods of wikifeed.v1.CatalogService."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def ListProjects(self, request: ListProjectsRequest) -> bytes:
        """Serialized ListProjectsResponse."""
        languages, codes = set(request.languages), set(request.codes)
        projects = [
            _project(project)
            for project in await self._reader.projects()
            if (not languages or project.language in languages) and (not codes or project.code in codes)
        ]
        return ListProjectsResponse(projects=projects).SerializeToString()

    async def GetProject(self, request: GetProjectRequest) -> bytes:
        """Serialized GetProjectResponse. Raises ProjectNotFoundError."""
        project = await known_project(self._reader, request.identifier)
        return GetProjectResponse(project=_project(project)).SerializeToString()

    async def ListLanguages(self, request: ListLanguagesRequest) -> bytes:
        """Serialized ListLanguagesResponse."""
        del request  # it has no fields
        return ListLanguagesResponse(languages=map(_language, await self._languages())).SerializeToString()

    async def GetLanguage(self, request: GetLanguageRequest) -> bytes:
        """Serialized GetLanguageResponse. Raises LanguageNotFoundError."""
        if request.identifier not in await self._languages():
            message = f"no project of this server is in the language {request.identifier!r}; ListLanguages lists those"
            raise LanguageNotFoundError(message, request.identifier)
        return GetLanguageResponse(language=_language(request.identifier)).SerializeToString()

    async def ListNamespaces(self, request: ListNamespacesRequest) -> bytes:
        """Serialized ListNamespacesResponse. Raises ProjectNotFoundError."""
        namespaces = await self._namespaces(request.project)
        return ListNamespacesResponse(namespaces=namespaces.values()).SerializeToString()

    async def GetNamespace(self, request: GetNamespaceRequest) -> bytes:
        """Serialized GetNamespaceResponse. Raises ProjectNotFoundError and NamespaceNotFoundError."""
        namespace = (await self._namespaces(request.project)).get(request.identifier)
        if namespace is None:
            where = f"project {request.project}" if request.project else "any project of this server"
            message = f"there is no namespace {request.identifier} in {where}; ListNamespaces lists those there are"
            raise NamespaceNotFoundError(message, f"{request.project}/{request.identifier}".lstrip("/"))
        return GetNamespaceResponse(namespace=namespace).SerializeToString()

    async def ListCodes(self, request: ListCodesRequest) -> bytes:
        """Serialized ListCodesResponse."""
        del request  # it has no fields
        return ListCodesResponse(codes=map(_code, await self._codes())).SerializeToString()

    async def GetCode(self, request: GetCodeRequest) -> bytes:
        """Serialized GetCodeResponse. Raises CodeNotFoundError."""
        if request.identifier not in await self._codes():
            message = (
                f"no project of this server is of the kind {request.identifier!r}; ListCodes lists those there are"
            )
            raise CodeNotFoundError(message, request.identifier)
        return GetCodeResponse(code=_code(request.identifier)).SerializeToString()

    async def _languages(self) -> list[str]:
        return sorted({project.language for project in await self._reader.projects() if project.language})

    async def _codes(self) -> list[str]:
        return sorted({project.code for project in await self._reader.projects() if project.code})

    async def _namespaces(self, project: str) -> dict[int, Namespace]:
        """The namespaces of a project, or the canonical ones of all when it is empty, by number and in its order."""
        if project:
            return _by_number(map(_namespace, (await known_project(self._reader, project)).namespaces))
        every = (namespace for info in await self._reader.projects() for namespace in info.namespaces)
        return _by_number(map(_canonical_namespace, every))


def _by_number(namespaces: Iterable[Namespace]) -> dict[int, Namespace]:
    """Of namespaces with the same number, one that has a name is taken before one that has none."""
    by_number: dict[int, Namespace] = {}
    for namespace in sorted(namespaces, key=lambda item: (item.identifier, not item.name)):
        by_number.setdefault(namespace.identifier, namespace)
    return by_number


def _project(info: ProjectInfo) -> Project:
    return Project(
        identifier=info.identifier,
        name=info.name,
        url=info.url,
        code=info.code,
        additional_type=_CODES.get(info.code, ("", ""))[0],
        in_language=_language(info.language) if info.language else None,
    )


def _language(identifier: str) -> Language:
    """A language whose name is not known here is called by its code."""
    english, own = LANGUAGES.get(identifier, LanguageName(identifier, identifier))
    direction = "rtl" if identifier in RIGHT_TO_LEFT else "ltr"
    return Language(identifier=identifier, name=english, alternate_name=own, direction=direction)


def _namespace(info: NamespaceInfo) -> Namespace:
    canonical, description = _NAMESPACES.get(info.identifier, _UNKNOWN_NAMESPACE)
    others = (name for name in (info.canonical, canonical, *info.aliases) if name and name != info.name)
    return Namespace(
        identifier=info.identifier, name=info.name, alternate_name=next(others, ""), description=description
    )


def _canonical_namespace(info: NamespaceInfo) -> Namespace:
    canonical, description = _NAMESPACES.get(info.identifier, _UNKNOWN_NAMESPACE)
    return Namespace(identifier=info.identifier, name=info.canonical or canonical, description=description)


def _code(identifier: str) -> Code:
    name, description = _CODES.get(identifier, (identifier, ""))
    return Code(identifier=identifier, name=name, description=description)
