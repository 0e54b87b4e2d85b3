"""Build the contract's image, check it, and generate the committed stubs; all of it without a network.

    python proto/generate.py            write generated/python and the API reference
    python proto/generate.py --check    lint, look for breaking changes, and fail where what is written is not current
    python proto/generate.py --release  make today's contract the one that breaking changes are looked for against

The protos import protovalidate's rules and Google's types. Neither is kept here: their descriptors come out of the
installed packages `protovalidate`, `googleapis-common-protos` and `protobuf`.
"""

import argparse
import filecmp
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from google.protobuf import (
    any_pb2,
    descriptor_pb2,
    duration_pb2,
    field_mask_pb2,
    timestamp_pb2,
)
from google.rpc import status_pb2
from protovalidate._gen.buf.validate import validate_pb
from reference import reference

PROTO = Path(__file__).resolve().parent
ROOT = PROTO.parent
RELEASED = PROTO / "released.binpb"
RULES = "buf/validate/validate.proto"
PACKAGE = "wikifeed.v1"
REFERENCE = Path("server/wikifeed_server/gateway/pages/static/reference.json")


def main() -> int:
    """Run the command line; 0 when everything asked for holds."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    mode = arguments.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true")
    mode.add_argument("--release", action="store_true")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        image = build_image(Path(scratch))
        if chosen.release:
            RELEASED.write_bytes(without_comments(image))
            return 0
        if chosen.check:
            return check(image, Path(scratch))
        write_python(image, ROOT / "generated" / "python")
        (ROOT / REFERENCE).write_text(reference(image.read_bytes(), PACKAGE), encoding="utf-8")
        return 0


def build_image(scratch: Path) -> Path:
    """Compile every proto into one descriptor set that holds its imports and comments."""
    imports = descriptor_pb2.FileDescriptorSet()
    for module in (descriptor_pb2, any_pb2, duration_pb2, field_mask_pb2, timestamp_pb2, status_pb2):
        module.DESCRIPTOR.CopyToProto(imports.file.add())
    imports.file.add().ParseFromString(validate_pb._DESC.proto.to_binary())
    (scratch / "imports.binpb").write_bytes(imports.SerializeToString())
    image = scratch / "wikifeed.binpb"
    protoc(
        f"-I{PROTO}",
        f"--descriptor_set_in={scratch / 'imports.binpb'}",
        "--include_imports",
        "--include_source_info",
        f"-o{image}",
        *own_files(),
    )
    return image


def own_files() -> list[str]:
    """The contract's files, relative to the folder of protos."""
    return sorted(str(path.relative_to(PROTO)) for path in PROTO.glob("wikifeed/**/*.proto"))


def protoc(*options: str) -> None:
    """Run the compiler that grpcio-tools brings, with the plugins of this environment."""
    plugins = Path(sys.executable).parent
    subprocess.run(
        [
            sys.executable,
            "-m",
            "grpc_tools.protoc",
            f"--plugin=protoc-gen-mypy={plugins / 'protoc-gen-mypy'}",
            f"--plugin=protoc-gen-mypy_grpc={plugins / 'protoc-gen-mypy_grpc'}",
            *options,
        ],
        check=True,
    )


def write_python(image: Path, target: Path) -> None:
    """Write the Python stubs and their types below `target`, nothing else left there."""
    shutil.rmtree(target, ignore_errors=True)
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


def check(image: Path, scratch: Path) -> int:
    """Lint the contract, compare it with the released one, and compare what is written with what the protos make."""
    buf = str(Path(sys.executable).parent / "buf")
    failed = subprocess.run([buf, "lint", str(image)], cwd=ROOT, check=False).returncode
    breaking = [buf, "breaking", str(image), "--against", str(RELEASED)]
    failed |= subprocess.run(breaking, cwd=ROOT, check=False).returncode
    write_python(image, scratch / "python")
    for path in differing(scratch / "python", ROOT / "generated" / "python"):
        print(f"generated/python/{path} is not what the protos make: run `make generate`", file=sys.stderr)
        failed = 1
    kept = ROOT / REFERENCE
    if not kept.is_file() or kept.read_text(encoding="utf-8") != reference(image.read_bytes(), PACKAGE):
        print(f"{REFERENCE} is not what the protos make: run `make generate`", file=sys.stderr)
        failed = 1
    return 1 if failed else 0


def differing(fresh: Path, kept: Path) -> list[str]:
    """Paths of the files that only one side has or that differ."""
    names = {
        str(path.relative_to(side))
        for side in (fresh, kept)
        for path in side.rglob("*")
        if path.is_file() and path.suffix in (".py", ".pyi")
    }
    return sorted(
        name
        for name in names
        if not ((fresh / name).is_file() and (kept / name).is_file())
        or not filecmp.cmp(fresh / name, kept / name, shallow=False)
    )


def without_comments(image: Path) -> bytes:
    """The image without source positions, which keeps the committed file small."""
    files = descriptor_pb2.FileDescriptorSet.FromString(image.read_bytes())
    for file in files.file:
        file.ClearField("source_code_info")
    return files.SerializeToString(deterministic=True)


if __name__ == "__main__":
    sys.exit(main())
