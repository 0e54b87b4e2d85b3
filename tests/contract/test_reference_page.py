import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
REFERENCE = json.loads(
    (ROOT / "server" / "wikifeed_server" / "gateway" / "pages" / "static" / "reference.json").read_text("utf-8")
)


@pytest.mark.parametrize("kind", ["services", "messages", "enums"])
def test_the_page_has_a_heading_for_each(kind):
    headings = set(re.findall(r"^## (\S+)$", PAGE, re.MULTILINE))
    assert {each["name"] for each in REFERENCE[kind]} <= headings


def test_the_page_has_every_method_with_what_it_promises():
    for service in REFERENCE["services"]:
        for method in service["methods"]:
            section = PAGE.partition(f"### {service['name']}.{method['name']}\n")[2].partition("\n#")[0]
            assert method["comment"] in section


def test_every_link_of_the_page_leads_to_a_heading():
    anchors = {each.lower().replace(".", "") for each in re.findall(r"^##+ (\S+)$", PAGE, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]+)\)", PAGE)) <= anchors


def test_every_row_of_a_table_has_as_many_cells_as_its_head():
    width = 0
    for line in PAGE.splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        width = width or cells if cells else 0
        assert cells == width
