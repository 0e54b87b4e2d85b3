"""Agreement with Enterprise's parser on real pages (shared/data/parsoid), read as that parser joins texts."""

import gzip
from collections import Counter
from pathlib import Path

import orjson
import pytest

from wikifeed_server.content import read_html

PARTS = ("abstract", "categories", "images", "infoboxes", "links", "sections", "templates")


def flattened(parts):
    for part in parts or ():
        yield (part.get("type", ""), part.get("name", ""), part.get("value", ""))
        yield from flattened(part.get("has_parts"))


def elements(name, value):
    if name == "abstract":
        return Counter((value or "").split())
    if name in ("infoboxes", "sections"):
        return Counter(flattened(value))
    return Counter(orjson.dumps(item, option=orjson.OPT_SORT_KEYS) for item in value or ())


def f1(wanted, found):
    total = wanted.total() + found.total()
    return 2 * (wanted & found).total() / total if total else 1.0


@pytest.fixture(scope="module")
def agreement(shared: Path) -> dict[str, float]:
    """The mean F1 of each part's elements over the pages."""
    scores = {name: [] for name in PARTS}
    for path in sorted((shared / "data/parsoid").glob("*.html.gz")):
        found = read_html(gzip.decompress(path.read_bytes()), as_enterprise=True).as_object()
        golden_path = path.with_name(path.name.replace(".html.gz", ".golden.json.gz"))
        golden = orjson.loads(gzip.decompress(golden_path.read_bytes()))
        for name in PARTS:
            scores[name].append(f1(elements(name, golden.get(name)), elements(name, found.get(name))))
    assert len(scores["links"]) == 50
    return {name: sum(values) / len(values) for name, values in scores.items()}


@pytest.mark.parametrize("part", PARTS)
def test_each_part_agrees_on_most_elements(agreement, part):
    assert agreement[part] >= 0.93


def test_the_parts_agree_in_the_mean(agreement):
    assert sum(agreement.values()) / len(agreement) >= 0.97
