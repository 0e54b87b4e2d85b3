"""What is committed below generated/ is what the protos make."""

import shutil
import subprocess
import sys

import pytest


@pytest.mark.full
@pytest.mark.timeout(900)  # the first time the plugins are set up
def test_the_stubs_of_all_languages_are_what_the_protos_make(repository):
    command = [sys.executable, "proto/generate.py", "--check", "--all"]
    result = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("change", ["alters", "lacks", "adds"])
def test_a_stub_that_is_not_current_is_named(repository, tmp_path, change):
    for part in (
        "proto",
        "generated/python",
        "buf.yaml",
        "docs/reference.md",
        "server/wikifeed_server/gateway/pages/static",
    ):
        source, target = repository / part, tmp_path / part
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    stub = tmp_path / "generated" / "python" / "wikifeed" / "v1" / "change_pb2.pyi"
    match change:
        case "alters":
            stub.write_text(stub.read_text() + "\n")
        case "lacks":
            stub.unlink()
        case "adds":
            stub = stub.with_name("older_pb2.py")
            stub.touch()
    command = [sys.executable, "proto/generate.py", "--check"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    named = [line for line in result.stderr.splitlines() if "is not what the protos make" in line]
    assert named == [f"{stub.relative_to(tmp_path)} is not what the protos make: run `make generate`"]
