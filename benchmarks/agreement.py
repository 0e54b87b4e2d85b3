"""Compare what is read of real pages: with Enterprise's parser, and one reader with the other.

    python benchmarks/agreement.py [--write]

Prints two tables, and with `--write` puts them into docs/structured.md: the F1 of each part's elements against the
golden results of $WIKIFEED_SHARED/data/parsoid, and the agreement of the HTML reader with the wikitext reader on the
articles of $WIKIFEED_SHARED/data/enterprise, which have both bodies.
"""

import argparse
import gzip
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from wikifeed_server.builder.document import project_of
from wikifeed_server.content import PageContents, read_html, read_wikitext
from wikifeed_server.contract.json import article_from_json

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("WIKIFEED_SHARED") or ROOT.parent / "shared") / "data"
PAGE = ROOT / "docs" / "structured.md"
GOLDEN_PARTS = ("abstract", "categories", "images", "infoboxes", "links", "sections", "templates")
_SPACE = re.compile(r"\s+")
_PUNCTUATION = re.compile(r"[^\w]+")


def main() -> None:
    """Run the command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--write", action="store_true")
    chosen = arguments.parse_args()
    for mark, table in (("golden", golden_table()), ("readers", readers_table())):
        print(table, end="\n\n")
        if chosen.write:
            begin, end = f"<!-- {mark}: written by benchmarks/agreement.py -->", f"<!-- end of {mark} -->"
            before, _, rest = PAGE.read_text().partition(begin)
            PAGE.write_text(f"{before}{begin}\n{table}\n{end}{rest.partition(end)[2]}")


def golden_table() -> str:
    """F1 by part: as read, but for heights and spaces, and as Enterprise's parser joins texts."""
    scores: dict[str, list[tuple[float, float, float]]] = {part: [] for part in GOLDEN_PARTS}
    for path in sorted((DATA / "parsoid").glob("*.html.gz")):
        html = gzip.decompress(path.read_bytes())
        golden = orjson.loads(
            gzip.decompress(path.with_name(path.name.replace(".html.", ".golden.json.")).read_bytes())
        )
        ours, theirs = read_html(html).as_object(), read_html(html, as_enterprise=True).as_object()
        for part in GOLDEN_PARTS:
            wanted = golden.get(part)
            scores[part].append(
                (
                    f1(elements(part, wanted), elements(part, ours.get(part))),
                    f1(elements(part, wanted, even=True), elements(part, ours.get(part), even=True)),
                    f1(elements(part, wanted), elements(part, theirs.get(part))),
                )
            )
    means = {part: [sum(column) / len(rows) for column in zip(*rows, strict=True)] for part, rows in scores.items()}
    means["mean"] = [sum(column) / len(GOLDEN_PARTS) for column in zip(*means.values(), strict=True)]
    head = "| part | as read | heights and spaces aside | `--as-enterprise` |\n|---|---:|---:|---:|\n"
    return head + "\n".join(f"| {part} | {a:.3f} | {b:.3f} | {c:.3f} |" for part, (a, b, c) in means.items())


def readers_table() -> str:
    """F1 by part between the two readers, with the share of each side's elements that the other has too."""
    totals: dict[str, list[Counter[Any]]] = {}
    for path in sorted((DATA / "enterprise").glob("*.json.gz")):
        article = article_from_json(gzip.decompress(path.read_bytes()))
        from_html = comparable(read_html(article.article_body.html))
        from_wikitext = comparable(read_wikitext(article.article_body.wikitext, project_of(article), article.name))
        for part, wanted in from_html.items():
            both = wanted & from_wikitext[part]
            sums = totals.setdefault(part, [Counter(), Counter(), Counter()])
            for total, found in zip(sums, (wanted, from_wikitext[part], both), strict=True):
                total.update({path.name: found.total()})
    lines = ["| part | in HTML | in wikitext | in both | of HTML's | of wikitext's |", "|---|---:|---:|---:|---:|---:|"]
    for part, sums in totals.items():
        html, wikitext, both = (found.total() for found in sums)
        lines.append(f"| {part} | {html:,} | {wikitext:,} | {both:,} | {both / html:.0%} | {both / wikitext:.0%} |")
    return "\n".join(lines)


def comparable(contents: PageContents) -> dict[str, Counter[Any]]:
    """The elements of each part in a form that does not depend on how text was marked up."""
    words = _PUNCTUATION.sub(" ", contents.abstract).casefold().split()
    parts = list(flattened(contents.sections))
    return {
        "abstract (words)": Counter(words),
        "categories": Counter(item["name"] for item in contents.categories),
        "templates": Counter(item["name"].casefold() for item in contents.templates),
        "links (targets)": Counter(link.get("url", "").partition("#")[0] for link in contents.links),
        "section names": Counter(plain(part.get("name")) for part in parts if part["type"] == "section"),
        "paragraphs": Counter(plain(part.get("value"))[:40] for part in parts if part["type"] == "paragraph"),
        "list items": Counter(plain(part.get("value"))[:40] for part in parts if part["type"] == "list_item"),
        "table cells": Counter(plain(cell.get("value")) for table in contents.tables for cell in cells(table)),
        "references": Counter(reference.get("identifier") for reference in contents.references),
    }


def cells(table: Any) -> Iterator[Any]:
    """The cells of a table, in all its rows."""
    for name in ("headers", "rows", "footers"):
        for row in table.get(name, ()):
            yield from row


def plain(text: str | None) -> str:
    """The letters and figures of a text."""
    return _PUNCTUATION.sub("", text or "").casefold()


def flattened(parts: Iterable[Any]) -> Iterator[Any]:
    """Parts with those within them."""
    for part in parts:
        yield part
        yield from flattened(part.get("has_parts", ()))


def elements(name: str, value: Any, *, even: bool = False) -> Counter[Any]:
    """What a part consists of; `even` leaves heights and spaces aside."""

    def shown(text: str) -> str:
        return _SPACE.sub("", text) if even else text

    if name == "abstract":
        return Counter((value or "").split())
    if name in ("infoboxes", "sections"):
        return Counter(
            (part.get("type", ""), shown(part.get("name", "")), shown(part.get("value", "")))
            for part in flattened(value or ())
        )
    return Counter(orjson.dumps(evened(item) if even else item, option=orjson.OPT_SORT_KEYS) for item in value or ())


def evened(item: dict[str, Any]) -> dict[str, Any]:
    """An image or a link without heights and spaces."""
    kept = {name: _SPACE.sub("", text) if isinstance(text, str) else text for name, text in item.items()}
    kept.pop("height", None)
    if "images" in kept:
        kept["images"] = [evened(image) for image in item["images"]]
    return kept


def f1(wanted: Counter[Any], found: Counter[Any]) -> float:
    """How well two collections agree: 1 where they are the same."""
    total = wanted.total() + found.total()
    return 2 * (wanted & found).total() / total if total else 1.0


if __name__ == "__main__":
    main()
