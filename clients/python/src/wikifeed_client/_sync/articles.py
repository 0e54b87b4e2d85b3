"""The calls that bring articles, for threads."""

import time
from collections.abc import Generator, Iterable, Iterator, Sequence

import grpc

from wikifeed.v1.article_pb2 import Article
from wikifeed.v1.article_service_pb2 import ArticleMatch, ListArticlesResponse
from wikifeed_client import _requests
from wikifeed_client._batching import KeyBatch
from wikifeed_client._errors import error_of_call
from wikifeed_client._requests import Key, Outcome
from wikifeed_client._sync.calls import Calls
from wikifeed_client._sync.watching import SilentError, WatchedCall


class ArticleCalls(Calls):
    """Articles, one or many."""

    def get(
        self, project: str, page: str | int, *, revision_id: int | None = None, read_mask: Sequence[str] = ()
    ) -> Article:
        """The article of a title or a page id, cut to the mask; a redirect is followed. Raises NotFoundError."""
        request = _requests.article_request(project, page, revision_id, read_mask)
        return self._ask(self._articles.GetArticle, request).article

    def structured(
        self, project: str, page: str | int, *, revision_id: int | None = None, read_mask: Sequence[str] = ()
    ) -> Article:
        """The structured contents of an article. Raises NotFoundError."""
        request = _requests.structured_request(project, page, revision_id, read_mask)
        return self._ask(self._articles.GetStructuredContents, request).article

    def batch_get(self, keys: Iterable[Key], *, read_mask: Sequence[str] = ()) -> Iterator[Outcome]:
        """What becomes of each key, (project, title or page id), in their order; one that is missing fails no other.

        Where a call is cut off the next one asks for what was not answered; 4 in a row that bring nothing are an error.
        """
        for part in _requests.batch_parts(keys):
            batch = KeyBatch(part, read_mask)
            while not batch.at_end:
                time.sleep((yield from self._pull(batch)))

    def _pull(self, batch: KeyBatch) -> Generator[Outcome, None, float]:
        """Make one call and give what it brings; returns how many seconds to wait before the next."""
        stream = self._articles.BatchGetArticles(batch.request(), metadata=self._metadata)
        with WatchedCall(stream, self._reconnecting.silence_seconds) as call:
            try:
                for response in call:
                    yield from batch.received(response)
            except SilentError:
                return batch.silent()
            except grpc.RpcError as error:
                return batch.failed(error_of_call(error))
        return batch.ended()

    def lookup(
        self,
        title: str,
        *,
        projects: Sequence[str] = (),
        languages: Sequence[str] = (),
        namespaces: Sequence[int] = (),
        limit: int = 0,
        read_mask: Sequence[str] = (),
    ) -> Sequence[ArticleMatch]:
        """The articles that bear a title, across projects; 3 at most unless `limit` says otherwise."""
        request = _requests.lookup_request(title, projects, languages, namespaces, limit, read_mask)
        return self._ask(self._articles.LookupArticles, request).matches

    def list(
        self, project: str, *, namespaces: Sequence[int] = (), page_size: int = 0, read_mask: Sequence[str] = ()
    ) -> Iterator[Article]:
        """A project's articles in the order of their page ids, all as of one moment."""
        for page in self.list_pages(project, namespaces=namespaces, page_size=page_size, read_mask=read_mask):
            yield from page.articles

    def list_pages(
        self, project: str, *, namespaces: Sequence[int] = (), page_size: int = 0, read_mask: Sequence[str] = ()
    ) -> Iterator[ListArticlesResponse]:
        """The same by pages, each with the `offset` as of which the list is exact."""
        request = _requests.list_request(project, namespaces, page_size, read_mask)
        while True:
            page = self._ask(self._articles.ListArticles, request)
            yield page
            request.page_token = page.next_page_token
            if not request.page_token:
                return
