"""The distribution: built from the repository, installed by itself, and used."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest

UV = Path(sys.executable).with_name("uv")


def run(folder, *words):
    """Run a command in a folder; what it prints."""
    done = subprocess.run([*map(str, words)], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.full
@pytest.mark.timeout(600)
async def test_the_distribution_works_without_the_repository(repository, feed, server, tmp_path):
    feed.publish("Anarchism", 12)
    run(
        tmp_path, UV, "build", repository / "clients/python", "-o", tmp_path / "dist"
    )  # the wheel is made from the sdist
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    python = tmp_path / "venv/bin/python"
    run(tmp_path, UV, "venv", "--python", sys.executable, tmp_path / "venv")
    run(tmp_path, UV, "pip", "install", "--python", python, wheel, "mypy", "types-grpcio", "types-protobuf")
    example = tmp_path / "example.py"
    code = re.findall(r"```python\n(.*?)```", (repository / "clients/python/README.md").read_text(), re.DOTALL)[0]
    example.write_text(code.replace("localhost:50051", server.address))
    printed = await asyncio.to_thread(run, tmp_path, python, example)
    assert printed.splitlines()[0] == "Anarchism 1 About Anarchism."
    assert "Success" in run(tmp_path, python, "-m", "mypy", "--strict", example)
