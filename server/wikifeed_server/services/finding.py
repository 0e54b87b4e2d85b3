"""From a key to an article: titles normalized, redirects followed, and what is not there told apart."""

from datetime import UTC, datetime
from typing import NamedTuple

from wikifeed_server.errors import (
    ArticleDeletedError,
    ArticleNotFoundError,
    FieldViolation,
    InvalidRequestError,
    RedirectTargetNotFoundError,
)
from wikifeed_server.services.projects import known_project
from wikifeed_server.store import PageKey, PageState, Parts, Reader, StoredArticle

_MAX_REDIRECTS = 5  # MediaWiki's robots mend chains of redirects, yet a dump may be taken before they do


class Found(NamedTuple):
    """An article, and the title of the redirect page that led to it ("" when none did)."""

    article: StoredArticle
    redirected_from: str


class Finder:
    """Finds the articles that requests name."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def find(self, key: PageKey, parts: Parts) -> Found:
        """The article that `key` names, whose title need not be normalized. Raises what `settle` does."""
        article = await self._reader.get(key, parts)
        if article is not None and article.state is PageState.LIVE:
            return Found(article, "")
        return await self.settle(key, article, parts)

    async def settle(self, key: PageKey, found: StoredArticle | None, parts: Parts, revision_id: int = 0) -> Found:
        """What is to be answered where the store has `found` under the key as it came.

        A title that the store has as it stands needs no rules: what is stored is normalized. A redirect page is
        followed unless a revision is asked for. Raises ProjectNotFoundError, ArticleNotFoundError, ArticleDeletedError,
        RedirectTargetNotFoundError, and InvalidRequestError for a title that names no page.
        """
        if found is None and key.title:
            title = await self._normalized(key)
            if title != key.title:
                key = PageKey(key.project, title)
                found = await self._reader.get(key, parts, revision_id)
        if found is None:
            raise await self._not_found(key, revision_id)
        if revision_id:
            await self._refuse_deleted(key)
            return Found(found, "")
        match found.state:
            case PageState.DELETED:
                raise _deleted(key, found)
            case PageState.REDIRECT:
                return await self._follow(key.project, found, parts)
            case PageState.LIVE:
                return Found(found, "")

    async def _normalized(self, key: PageKey) -> str:
        title = (await known_project(self._reader, key.project)).normalize_title(key.title)
        if not title:
            raise InvalidRequestError([FieldViolation("title", f"{key.title!r} names no page")])
        return title

    async def _follow(self, project: str, redirect: StoredArticle, parts: Parts) -> Found:
        rules = await known_project(self._reader, project)
        passed = [redirect.title]
        target = redirect.redirect_target
        while len(passed) <= _MAX_REDIRECTS:
            title = rules.normalize_title(target)
            if not title or title in passed:
                break
            found = await self._reader.get(PageKey(project, title), parts)
            if found is None or found.state is PageState.DELETED:
                why = f"{title!r}, which this server does not have"
                raise _no_target(project, redirect.title, title, why)
            if found.state is PageState.LIVE:
                return Found(found, redirect.title)
            passed.append(title)
            target = found.redirect_target
        why = f"{target!r} by way of {' > '.join(passed)}: a circle, or more than {_MAX_REDIRECTS} redirects"
        raise _no_target(project, redirect.title, target, why)

    async def _refuse_deleted(self, key: PageKey) -> None:
        """Old revisions of a deleted page are not public either."""
        newest = await self._reader.get(key, Parts.HEAD)
        if newest is not None and newest.state is PageState.DELETED:
            raise _deleted(key, newest)

    async def _not_found(self, key: PageKey, revision_id: int) -> ArticleNotFoundError:
        await known_project(self._reader, key.project)
        if revision_id:
            await self._refuse_deleted(key)
            if await self._reader.get(key, Parts.HEAD) is not None:
                message = (
                    f"{_shown(key)} has no revision {revision_id} on this server; without revision_id the newest comes"
                )
                return ArticleNotFoundError(message, _name(key), {"revision_id": str(revision_id)})
        if key.title:
            advice = (
                "but for the first letter, titles are case-sensitive; LookupArticles searches all projects for a title"
            )
        else:
            advice = "page ids are those of the wiki itself, each project has its own"
        return ArticleNotFoundError(f"there is no {_shown(key)}; {advice}", _name(key))


def _deleted(key: PageKey, stored: StoredArticle) -> ArticleDeletedError:
    deleted_at = datetime.fromtimestamp(stored.modified // 1_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return ArticleDeletedError(f"{_shown(key)} was deleted at {deleted_at}", _name(key), {"deleted_at": deleted_at})


def _no_target(project: str, title: str, target: str, why: str) -> RedirectTargetNotFoundError:
    return RedirectTargetNotFoundError(
        f"page {title!r} of {project} redirects to {why}; with its revision_id the redirect page itself comes",
        f"{project}/{title}",
        {"redirect_target": target},
    )


def _shown(key: PageKey) -> str:
    return f"page {key.title!r} in {key.project}" if key.title else f"page with the id {key.page_id} in {key.project}"


def _name(key: PageKey) -> str:
    return f"{key.project}/{key.title}" if key.title else f"{key.project}/id/{key.page_id}"
