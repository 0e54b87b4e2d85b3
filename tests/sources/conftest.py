"""What the tests of sources share."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from wikifeed_server.sources import ArticleDocument, PageRevision, Source, SourceLimits
from wikifeed_server.sources.opening import open_source

Opening = Callable[..., Source]


@pytest.fixture
def opened(tmp_path: Path) -> Opening:
    """Opens bytes as the source that they are in a file of the given name."""

    def open_bytes(
        data: bytes | str, name: str = "dump.xml", *, project: str = "", limits: SourceLimits | None = None
    ) -> Source:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return open_source(path, project=project, limits=limits)

    return open_bytes


@pytest.fixture
def revisions(opened: Opening) -> Callable[..., Sequence[PageRevision]]:
    """Reads the revisions of a dump given as bytes or text."""

    def read(data: bytes | str, **options: str) -> Sequence[PageRevision]:
        items = list(opened(data, **options).read())
        assert all(isinstance(item, PageRevision) for item in items)
        return items  # type: ignore[return-value]

    return read


@pytest.fixture
def articles(opened: Opening) -> Callable[..., Sequence[ArticleDocument]]:
    """Reads the articles of a file given as bytes."""

    def read(data: bytes, name: str) -> Sequence[ArticleDocument]:
        items = list(opened(data, name).read())
        assert all(isinstance(item, ArticleDocument) for item in items)
        return items  # type: ignore[return-value]

    return read
