"""Every stub has all that the protos have; what no program is compiled with, its language's own tool reads."""

import re
import subprocess

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet

PROTO = "wikifeed/v1"
# For each language: where its stubs are, what they end in, and how a service's stub and a call of it look.
STUBS = {
    "csharp": ("csharp/src", "*.cs", "class {service}Client", "__Method_{call},"),
    "ruby": ("ruby/lib", "*.rb", "module {service}", "rpc :{call},"),
    "php": ("php/src", "*.php", "class {service}Client", "function {call}("),
    "go": ("go/wikifeed", "*.go", "type {service}Client interface", "{call}(ctx"),
    "java": ("java/src/main/java", "*.java", "class {service}Grpc", "get{call}Method()"),
    "typescript": ("typescript/src", "*.ts", "export const {service}Service", 'path: "/wikifeed.v1.{service}/{call}"'),
    "rust": ("rust/src/generated", "*.rs", "pub struct {service}Client", '"/wikifeed.v1.{service}/{call}"'),
    "cpp": ("cpp/src", "*.h", "class {service} final", "PrepareAsync{call}("),
}


@pytest.fixture(scope="module")
def contract(repository):
    files = FileDescriptorSet.FromString((repository / "generated/rust/src/generated/wikifeed.binpb").read_bytes())
    return [file for file in files.file if file.package == "wikifeed.v1"]


@pytest.fixture(scope="module")
def written(repository):
    """All that a language's stubs say."""

    def written(language):
        folder, pattern, *_ = STUBS[language]
        return "\n".join(path.read_text() for path in sorted((repository / "generated" / folder).rglob(pattern)))

    return written


@pytest.mark.parametrize("language", STUBS)
def test_every_service_has_its_stub_with_every_call(contract, written, language):
    *_, stub, call = STUBS[language]
    text = written(language)
    for service in (service for file in contract for service in file.service):
        assert stub.format(service=service.name) in text
        for method in service.method:
            assert call.format(service=service.name, call=method.name) in text


@pytest.mark.parametrize("language", STUBS)
def test_no_stub_brings_the_rules_of_protovalidate_along(written, language):
    assert not re.search(r"buf[/.]validate", written(language))


@pytest.mark.parametrize("language", ["go", "java", "typescript", "csharp"])
def test_comments_of_the_protos_are_in_the_stubs(written, language):
    assert "is the title of the redirect page that was asked for" in written(language).replace("\n", " ")


@pytest.mark.full
def test_ruby_reads_its_stubs(run, repository):
    for path in (repository / "generated" / "ruby").rglob("*.rb"):
        assert run("ruby", "-wc", path).strip() == "Syntax OK"


@pytest.mark.full
def test_php_reads_its_stubs(run, repository):
    paths = [str(path) for path in (repository / "generated" / "php").rglob("*.php")]
    program = (
        'foreach (array_slice($argv, 1) as $path) { token_get_all(file_get_contents($path), TOKEN_PARSE); echo "."; }'
    )
    assert run("php", "-r", program, "--", *paths) == "." * len(paths)


@pytest.mark.full
def test_csharp_reads_its_stubs(run, repository):
    paths = [str(path) for path in (repository / "generated" / "csharp" / "src").rglob("*.cs")]
    run("mcs", "--parse", *paths)


@pytest.mark.full
@pytest.mark.parametrize(
    ("tool", "broken"), [("ruby", "def f("), ("php", "<?php function f( {"), ("mcs", "class A { void f( { } }")]
)
def test_these_tools_find_what_is_broken(tmp_path, tool, broken):
    path = tmp_path / "broken"
    path.write_text(broken)
    words = {"ruby": ["ruby", "-c"], "php": ["php", "-l"], "mcs": ["mcs", "--parse"]}[tool]
    assert subprocess.run([*words, path], capture_output=True, check=False).returncode != 0
