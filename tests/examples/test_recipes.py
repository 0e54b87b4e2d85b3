"""The recipes for tools that know no Wikifeed, each run as it stands."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.full, pytest.mark.timeout(120)]


@pytest.fixture
def recipe(repository, server):
    """Runs a recipe with its tool; what it prints."""
    path = f"{repository / 'build' / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"

    def run(tool, script, **environment):
        if shutil.which(tool, path=path) is None:
            pytest.skip(f"there is no {tool}")
        words = [repository / "examples" / script, server]
        settings = {**os.environ, "PATH": path, **environment}
        done = subprocess.run(words, env=settings, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def test_grpcurl(recipe):
    printed = recipe("grpcurl", "grpcurl.sh")
    assert "rpc BatchGetArticles" in printed  # described
    assert '"abstract": "Anarchism' in printed
    assert '"newest_offset": "30"' in printed
    assert printed.count('"status": "SERVING"') == 2


def test_buf_curl(recipe):
    printed = recipe("buf", "recipes/buf-curl.sh")
    assert "wikifeed.v1.SnapshotService" in printed.splitlines()
    assert "wikifeed.v1.ArticleService/GetArticle" in printed.splitlines()
    assert '"abstract":' in printed
    assert '"newest_offset":' in printed
    assert printed.count('"event_type":') == 3


def test_ghz(recipe):
    printed = recipe("ghz", "recipes/ghz.sh", CALLS="60", AT_ONCE="3")
    assert re.findall(r"\[OK\] +(\d+) responses", printed) == ["60", "60", "60"]
