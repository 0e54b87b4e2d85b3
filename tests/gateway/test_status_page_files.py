"""The pages and what they load."""

import json
import re
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

STATIC = Path("server/wikifeed_server/gateway/pages/static")
PAGES = {"/": "index.html", "/reference": "reference.html"}


def loaded_by(text: str) -> set[str]:
    """The paths of assets that a page or script names."""
    imported = re.findall(r'from "\./([a-z_.]+)"', text)
    return {f"/assets/{name}" for name in imported} | set(re.findall(r'["\'](/assets/[a-z_.]+)["\']', text))


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_may_load_and_ask_its_own_server_alone(http: aiohttp.ClientSession, path: str) -> None:
    answer = await http.get(path)
    assert answer.status == 200
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", PAGES.values())
def test_a_page_holds_no_script_style_or_address_from_elsewhere(repository: Path, name: str) -> None:
    text = (repository / STATIC / name).read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|https?://|<script(?![^>]*\ssrc=)", text)


async def test_whatever_pages_and_scripts_load_is_served_with_its_type(
    http: aiohttp.ClientSession, repository: Path
) -> None:
    texts = [path.read_text() for path in (repository / STATIC).iterdir() if path.suffix in {".html", ".js"}]
    paths = set.union(*map(loaded_by, texts))
    types = {".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml"}
    for path in sorted(paths):
        answer = await http.get(path)
        assert (path, answer.status, answer.content_type) == (path, 200, types[Path(path).suffix])
    others = {f"/assets/{path.name}" for path in (repository / STATIC).iterdir() if path.suffix != ".html"} - paths
    assert not others, "nothing loads these"


async def test_a_file_that_a_browser_has_is_not_sent_again(http: aiohttp.ClientSession) -> None:
    first = await http.get("/assets/base.css")
    again = await http.get("/assets/base.css", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    other = await http.get("/assets/base.css", headers={"If-None-Match": '"another"'})
    assert other.status == 200


async def test_no_file_beside_the_assets_is_served(http: aiohttp.ClientSession) -> None:
    for path in ("/assets/", "/assets/index.html", "/assets/../assets.py", "/assets/%2e%2e%2fassets.py"):
        assert (await http.get(path)).status == 404


async def test_no_script_makes_elements_of_text(repository: Path) -> None:
    for path in (repository / STATIC).glob("*.js"):
        found = re.findall(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|Function\(", path.read_text()
        )
        assert not found, path.name


async def test_the_reference_tells_of_every_message_field_and_method(http: aiohttp.ClientSession) -> None:
    contract = json.loads(await (await http.get("/assets/reference.json")).read())
    methods = {
        f"{service['name']}.{each['name']}": each for service in contract["services"] for each in service["methods"]
    }
    stream = methods["ChangeService.StreamChanges"]
    assert stream["comment"].startswith("StreamChanges sends the log's changes that pass the filters")
    assert (stream["server_streaming"], stream["client_streaming"]) == (True, False)
    messages = {message["name"]: message for message in contract["messages"]}
    assert "Extraction.State" in {enum["name"] for enum in contract["enums"]}
    fields = {field["name"]: field for field in messages["Reference"]["fields"]}
    assert (fields["metadata"]["type"], fields["metadata"]["number"]) == ("map<string, string>", 4)
    start = {field["name"]: field["oneof"] for field in messages["StreamChangesRequest"]["fields"]}
    assert (start["since"], start["projects"]) == ("start", "")
    untold = [
        f"{message['name']}.{field['name']}"
        for message in contract["messages"]
        for field in message["fields"]
        if not field["comment"]
    ]
    assert not untold


def test_the_reference_is_what_the_protos_make(repository: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; sys.path.insert(0, 'proto'); import generate;"
        "print(generate.reference(generate.build_image(Path(sys.argv[1])).read_bytes(), generate.PACKAGE), end='')"
    )
    made = subprocess.run(
        [sys.executable, "-c", script, tmp_path], cwd=repository, check=True, capture_output=True, text=True
    )
    assert made.stdout == (repository / STATIC / "reference.json").read_text()
