"""A folder with a small store, and writes to put into it."""

import itertools
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from wikifeed.v1.article_pb2 import Article
from wikifeed_server.projects import ProjectInfo
from wikifeed_server.store import ArticleWrite
from wikifeed_server.store.embedded import EmbeddedWriter


@pytest.fixture
def article() -> Callable[..., ArticleWrite]:
    def make(page_id: int, size: int = 100, **values: object) -> ArticleWrite:
        plain = {"project": "enwiki", "title": f"Page {page_id}", "namespace": 0, "revision_id": page_id}
        fragments = {"modified": page_id, "head": b"\x10\x01", "body_wikitext": b"\xa2\x01" + bytes(size)}
        return ArticleWrite(**{"page_id": page_id, **plain, **fragments, **values})

    return make


@pytest.fixture
def folder(tmp_path: Path, article: Callable[..., ArticleWrite]) -> Path:
    """A store with the project enwiki and one article."""
    path = tmp_path / "deep" / "store"
    with EmbeddedWriter.open(path) as writer:
        writer.put_project(ProjectInfo("enwiki", language="en"))
        writer.put([article(1)])
    return path


@pytest.fixture
def revisions(tmp_path: Path, folder: Path, article: Callable[..., ArticleWrite]) -> Path:
    """A store with the change at offset n published at n seconds: nine revisions of page 1, then one of page 2."""
    clock = itertools.count(1_000_000, 1_000_000).__next__
    path = tmp_path / "revisions"
    with EmbeddedWriter.open(folder) as before, EmbeddedWriter.open(path, clock=clock) as writer:
        writer.put_project(before.project("enwiki"))
        for number in range(1, 10):
            writer.put(
                [article(1, revision_id=number, modified=number, head=Article(name=str(number)).SerializeToString())]
            )
        writer.put([article(2)])
    return path


@pytest.fixture
def run_python() -> Callable[..., subprocess.Popen]:
    """Start another process that runs some Python, with pipes for its input and output."""
    processes: list[subprocess.Popen] = []

    def start(code: str, *arguments: object) -> subprocess.Popen:
        command = [sys.executable, "-c", code, *map(str, arguments)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()
