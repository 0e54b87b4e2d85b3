"""The notebook, and data sets of rows, with the libraries that they are for, in an environment of their own."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]

EXECUTE = """
import json, sys
import nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
texts = []
for cell in notebook.cells:
    for output in cell.get("outputs", ()):
        texts.append(output["text"] if output["output_type"] == "stream" else output["data"]["text/plain"])
print(json.dumps(texts))
"""
ROWS = """
import sys
import pickle
from datasets import IterableDataset
from wikifeed_client import Client, SnapshotKind
from wikifeed_client.rows import article_rows, changed_rows, listed_rows

server, folder = sys.argv[1:]
with Client(server) as client:
    kind = SnapshotKind("enwiki")
    client.create_snapshot(kind, chunk_size_bytes=1 << 20)
    files = [str(path) for path in client.export(kind, folder).files]
columns = ("identifier", "name")
data = IterableDataset.from_generator(article_rows, gen_kwargs={"files": files, "columns": columns})
names = sorted(row["name"] for row in data)
print(len(files) == data.num_shards, len(names), names[1])
shuffled = data.shuffle(seed=1, buffer_size=8)
print(sorted(row["name"] for row in pickle.loads(pickle.dumps(shuffled))) == names)
listed = IterableDataset.from_generator(
    listed_rows, gen_kwargs={"address": server, "project": "enwiki", "columns": columns}
)
print(sorted(row["name"] for row in listed) == names)
changed = IterableDataset.from_generator(
    changed_rows,
    gen_kwargs={"address": server, "project": "enwiki", "after_offset": 0, "until_offset": 30, "columns": columns},
)
print([row["offset"] for row in changed] == list(range(1, 31)))
"""


@pytest.fixture(scope="session")
def python(repository: Path) -> Path:
    """The Python of an environment with the notebook's requirements, made anew where these are others."""
    requirements = repository / "requirements" / "notebook.txt"
    mark = hashlib.sha256(requirements.read_bytes()).hexdigest()
    folder = repository / "build" / "notebook"
    stamp, python = folder / "requirements.sha256", folder / "bin" / "python"
    if not stamp.exists() or stamp.read_text() != mark:
        uv = Path(sys.executable).with_name("uv")
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder], check=True)
        words = ["pip", "sync", "--quiet", "--require-hashes", "--python", python, requirements]
        subprocess.run([uv, *words], check=True)
        stamp.write_text(mark)
    return python


@pytest.fixture
def run(repository, python, server, tmp_path):
    """Runs a program in that environment, with the client of this repository; what it prints."""
    path = os.pathsep.join(str(repository / folder) for folder in ("generated/python", "clients/python/src"))
    settings = {"PYTHONPATH": path, "WIKIFEED_SERVER": server, "HF_HOME": tmp_path / "hf", "HF_HUB_OFFLINE": "1"}

    def run(program, *words):
        done = subprocess.run(
            [python, "-c", program, *map(str, words)],
            cwd=tmp_path,
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def test_the_notebook_runs_from_its_first_cell_to_its_last(repository, run):
    texts = json.loads(run(EXECUTE, repository / "examples" / "wikifeed.ipynb"))
    article, table, listed, changes, schema, asked, since = texts
    assert article.startswith("Albedo ")
    assert "Typical albedo" in table
    assert "Fresh snow" in table
    assert "Anarchism" in listed
    assert len(changes.splitlines()) == 11
    assert "article_body.wikitext: string" in schema
    assert len(asked.splitlines()) == 6
    assert since == "since the snapshot: 0 changes\n"


def test_the_notebook_is_kept_without_outputs(repository):
    notebook = json.loads((repository / "examples" / "wikifeed.ipynb").read_text())
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in notebook["cells"])


def test_rows_are_what_data_sets_are_made_of(run, server, tmp_path):
    printed = run(ROWS, server, tmp_path / "files")
    assert printed.splitlines() == ["True 16 ASCII", "True", "True", "True"]
