"""What people do from a shell without any of our code: reflection and JSON through grpcurl."""

import json
import re
import shlex
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.full


@pytest.fixture(scope="session")
def grpcurl():
    """The path of grpcurl."""
    path = shutil.which("grpcurl")
    if path is None:
        pytest.skip("there is no grpcurl: `make test-full` builds it")
    return path


def test_the_line_in_the_readme_gets_an_article(grpcurl, server, repository):
    readme = (repository / "README.md").read_text()
    line = re.search(r"^    (grpcurl -plaintext -d .*?GetArticle)$", readme, re.MULTILINE | re.DOTALL)[1]
    words = shlex.split(line.replace("\\\n", " ").replace("localhost:50051", f"localhost:{server.port}"))
    result = subprocess.run([grpcurl, *words[1:]], capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 0, result.stderr
    article = json.loads(result.stdout)["article"]
    assert article["name"] == "Anarchism"
    assert article["is_part_of"]["identifier"] == "enwiki"


def test_the_example_runs_through(grpcurl, server, repository):
    command = [repository / "examples" / "grpcurl.sh", f"localhost:{server.port}"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 0, result.stderr
    for service in ("ArticleService", "ChangeService", "SnapshotService", "CatalogService"):
        assert f"wikifeed.v1.{service}" in result.stdout
    assert '"status": "SERVING"' in result.stdout


def test_an_error_is_told_with_its_reason(grpcurl, server):
    request = '{"project": "enwiki", "title": "No such page"}'
    method = "wikifeed.v1.ArticleService/GetArticle"
    command = [grpcurl, "-plaintext", "-d", request, f"localhost:{server.port}", method]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert "NotFound" in result.stderr
    assert "ARTICLE_NOT_FOUND" in result.stderr
