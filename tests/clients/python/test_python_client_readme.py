"""The examples in the client's README, run as they stand against a server."""

import asyncio
import re
import subprocess
import sys

import pytest

# What each example prints first, in their order. The last, the mirror, prints nothing.
FIRST = ["Anarchism 1 About Anarchism.", "1 Anarchism", "through 2", "2 changes through 2", r"\d+ of \d+"]


@pytest.fixture
def examples(repository, server, tmp_path):
    """The examples, as files that ask the server of the test."""
    text = (repository / "clients/python/README.md").read_text()
    paths = []
    for number, code in enumerate(re.findall(r"```python\n(.*?)```", text, re.DOTALL)):
        paths.append(tmp_path / f"example_{number}.py")
        paths[-1].write_text(code.replace("localhost:50051", server.address))
    return paths


def first_line(path):
    """The first line that a program prints; it is ended there, unless it ended."""
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, path], cwd=path.parent, stdout=pipe, stderr=pipe, text=True) as running:
        line = running.stdout.readline().strip()
        if line:
            running.kill()
        _, errors = running.communicate()
    assert line, errors
    return line


async def test_the_examples_run_as_they_stand(feed, examples):
    feed.publish_many([feed.write("Anarchism", 12), feed.write("Ada", 7)])
    assert len(examples) == len(FIRST) + 1
    for expected, path in zip(FIRST, examples, strict=False):
        printed = await asyncio.to_thread(first_line, path)
        assert re.fullmatch(expected, printed), path.read_text()
    compile(examples[-1].read_text(), examples[-1], "exec")
