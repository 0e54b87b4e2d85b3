"""Check the contract and generate the committed stubs; without a network, once the tools are set up.

    python proto/generate.py                  write generated/python and the API reference
    python proto/generate.py --all            write the stubs of every language
    python proto/generate.py --check [--all]  lint, look for breaking changes, fail where what is written is not current
    python proto/generate.py --release        make today's contract the one that breaking changes are looked for against

Python needs nothing but the environment of this program. What the others need, tools.py says and sets up.
"""

import argparse
import filecmp
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from image import PROTO, RULES, build_image, own_files, protoc, without_comments, without_rules
from pages import page
from reference import reference
from tools import MissingToolError, set_up

ROOT = PROTO.parent
GENERATED = ROOT / "generated"
RELEASED = PROTO / "released.binpb"
PACKAGE = "wikifeed.v1"
REFERENCE = Path("server/wikifeed_server/gateway/pages/static/reference.json")
REFERENCE_PAGE = Path("docs/reference.md")
BUF = str(Path(sys.executable).parent / "buf")

# Below generated/: the folder of each language that holds nothing but what is generated. The package's own files,
# which say its name, version and dependencies, are beside it.
FOLDERS: Mapping[str, str] = {
    "go": "go/wikifeed",
    "java": "java/src/main/java",
    "typescript": "typescript/src",
    "rust": "rust/src/generated",
    "csharp": "csharp/src",
    "ruby": "ruby/lib",
    "php": "php/src",
    "cpp": "cpp/src",
}


def main() -> int:
    """Run the command line; 0 when everything asked for holds."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    mode = arguments.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true")
    mode.add_argument("--release", action="store_true")
    arguments.add_argument("--all", action="store_true")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        image = build_image(Path(scratch))
        if chosen.release:
            RELEASED.write_bytes(without_comments(image))
            return 0
        fresh = Path(scratch) / "generated"
        write_python(image, fresh / "python")
        try:
            if chosen.all:
                set_up()
                write_others(image, fresh)
        except MissingToolError as missing:
            print(missing, file=sys.stderr)
            return 1
        folders = ["python", *(FOLDERS.values() if chosen.all else ())]
        if chosen.check:
            return check(image, fresh, folders)
        for folder in folders:
            shutil.rmtree(GENERATED / folder, ignore_errors=True)
            shutil.copytree(fresh / folder, GENERATED / folder)
        for path, text in references(image).items():
            (ROOT / path).write_text(text, encoding="utf-8")
        return 0


def write_python(image: Path, target: Path) -> None:
    """Write the Python stubs and their types below `target`."""
    target.mkdir(parents=True)
    read = f"--descriptor_set_in={image}"
    protoc(read, f"--python_out={target}", f"--mypy_out=quiet:{target}", *own_files(), RULES)
    services = [name for name in own_files() if name.endswith("_service.proto")]
    protoc(read, f"--grpc_python_out={target}", f"--mypy_grpc_out=quiet:{target}", *services)
    for package, text in (
        ("wikifeed", '"""The Wikifeed contract: one package for each version."""\n'),
        ("wikifeed/v1", '"""Version 1 of the Wikifeed contract."""\n'),
    ):
        (target / package / "__init__.py").write_text(text)
        (target / package / "py.typed").touch()


def write_others(image: Path, target: Path) -> None:
    """Write the stubs of every other language below `target`, as buf.gen.yaml says."""
    plain = image.with_name("plain.binpb")
    plain.write_bytes(without_rules(image))
    template = PROTO / "buf.gen.yaml"
    subprocess.run(
        [BUF, "generate", plain, "--path", "wikifeed", "--template", template, "-o", target], check=True, cwd=ROOT
    )
    # prost keeps no descriptors, and reads JSON by them alone.
    (target / FOLDERS["rust"] / "wikifeed.binpb").write_bytes(without_comments(plain))


def references(image: Path) -> Mapping[Path, str]:
    """The API reference: what the status page shows, and the page among the documents."""
    told = reference(image.read_bytes(), PACKAGE)
    return {REFERENCE: told, REFERENCE_PAGE: page(told)}


def check(image: Path, fresh: Path, folders: list[str]) -> int:
    """Lint the contract, compare it with the released one, and compare what is written with what the protos make."""
    failed = subprocess.run([BUF, "lint", str(image)], cwd=ROOT, check=False).returncode
    breaking = [BUF, "breaking", str(image), "--against", str(RELEASED)]
    failed |= subprocess.run(breaking, cwd=ROOT, check=False).returncode
    stale = [
        f"generated/{folder}/{path}" for folder in folders for path in differing(fresh / folder, GENERATED / folder)
    ]
    for path, text in references(image).items():
        kept = ROOT / path
        if not kept.is_file() or kept.read_text(encoding="utf-8") != text:
            stale.append(str(path))
    for path in stale:
        print(f"{path} is not what the protos make: run `make generate`", file=sys.stderr)
    return 1 if failed or stale else 0


def differing(fresh: Path, kept: Path) -> list[str]:
    """Paths of the files that only one side has or that differ."""
    names = {
        str(path.relative_to(side))
        for side in (fresh, kept)
        for path in side.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    return sorted(
        name
        for name in names
        if not ((fresh / name).is_file() and (kept / name).is_file())
        or not filecmp.cmp(fresh / name, kept / name, shallow=False)
    )


if __name__ == "__main__":
    sys.exit(main())
