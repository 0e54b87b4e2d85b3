"""The Python stubs and the client with the oldest and the newest runtimes that they accept, each in its own venv."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = [pytest.mark.full, pytest.mark.timeout(300)]

UV = Path(sys.executable).with_name("uv")
OLDEST = {"google-crc32c": "1.7.0", "googleapis-common-protos": "1.73.1", "grpcio": "1.85.1", "protobuf": "7.35.1"}
NEWEST = {"google-crc32c": "1.9.0", "googleapis-common-protos": "1.76.0", "grpcio": "1.85.3", "protobuf": "7.36.2"}
# The version before the oldest, and what the stubs say to it.
TOO_OLD = {
    "grpcio": ("1.85.0", "depends on grpcio>=1.85.1"),
    "protobuf": ("7.35.0", "gencode 7.35.1 runtime 7.35.0"),
}
TALK = """
import asyncio, sys
import grpc
from wikifeed.v1.article_service_pb2 import GetArticleRequest
from wikifeed.v1.article_service_pb2_grpc import ArticleServiceStub
from wikifeed_client import After, AsyncClient, Changes, Client, NotFoundError, SnapshotKind, read_articles

server, folder = sys.argv[1:]
with grpc.insecure_channel(server) as channel:
    request = GetArticleRequest(project="enwiki", title="Anarchism")
    print(ArticleServiceStub(channel).GetArticle(request).article.name)
with Client(server) as client:
    newest = client.change_log().newest_offset
    wanted = Changes(projects=["enwiki"], until_offset=newest)
    print(sum(1 for _ in client.changes(wanted, start=After(0))) == newest)
    kind = SnapshotKind("enwiki")
    client.create_snapshot(kind)
    print(len(list(read_articles(*client.export(kind, folder).files))) == sum(1 for _ in client.list("enwiki")))
    try:
        client.get("enwiki", "Nobody at all")
    except NotFoundError as error:
        print(error.reason)


async def main():
    async with AsyncClient(server) as client:
        async with client.subscribe("runtimes", start=After(0)) as deliveries:
            async for delivery in deliveries:
                await deliveries.acknowledge(delivery)
                if delivery.through_offset == newest:
                    break
        print((await client.subscription("runtimes")).acknowledged_offset == newest)
        await client.delete_subscription("runtimes")


asyncio.run(main())
"""


@pytest.fixture
def python(repository, tmp_path):
    """Makes an environment with these packages and runs a program in it, with the stubs and the client from here."""
    folders = ("generated/python", "clients/python/src")
    path = os.pathsep.join(str(repository / folder) for folder in folders)

    def python(packages, program, *words):
        place = tmp_path / "venv"
        subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, place], check=True)
        pins = [f"{name}=={version}" for name, version in packages.items()]
        subprocess.run([UV, "pip", "install", "--quiet", "--python", place / "bin" / "python", *pins], check=True)
        return subprocess.run(
            [place / "bin" / "python", "-c", program, *map(str, words)],
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=False,
        )

    return python


@pytest.mark.parametrize("packages", [OLDEST, NEWEST], ids=["oldest", "newest"])
def test_stubs_and_client_talk_to_a_server(python, server, tmp_path, packages):
    done = python(packages, TALK, server, tmp_path / "files")
    assert done.stdout.splitlines() == ["Anarchism", "True", "True", "ARTICLE_NOT_FOUND", "True"], done.stderr


@pytest.mark.parametrize("package", TOO_OLD)
def test_older_ones_are_refused_with_the_version_that_is_needed(python, package):
    version, words = TOO_OLD[package]
    done = python({**OLDEST, package: version}, "import wikifeed.v1.article_service_pb2_grpc")
    assert done.returncode != 0
    assert words in done.stderr


def test_the_client_asks_for_the_oldest_that_it_works_with(repository):
    project = tomllib.loads((repository / "clients" / "python" / "pyproject.toml").read_text())["project"]
    assert project["dependencies"] == [f"{name}>={version}" for name, version in OLDEST.items()]
