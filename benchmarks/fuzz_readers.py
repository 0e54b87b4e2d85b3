"""Feed both readers pages that nobody would write, and report what crashes or takes long.

    python benchmarks/fuzz_readers.py [--minutes N] [--seed N]

Pages are made of shuffled pieces of markup, of pieces repeated a thousand times, and of real pages (those of
$WIKIFEED_SHARED/data) cut, doubled, and with characters changed. Each is read in a process of its own bounds. A result
or a ContentError is well; another error, the end of the process, or more than 2 CPU-seconds is a finding: its page is
written to build/fuzz, and the exit code is 1.
"""

import argparse
import gzip
import os
import random
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import orjson

from wikifeed_server.builder.bounds import BoundedCalls, BoundExceededError
from wikifeed_server.content import ContentError, read_html, read_wikitext
from wikifeed_server.projects import ProjectInfo

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("WIKIFEED_SHARED") or ROOT.parent / "shared") / "data"
MOST_SECONDS = 2.0
MOST_CHARACTERS = 400_000
PROJECT = ProjectInfo("enwiki", url="https://en.wikipedia.org", language="en")
HTML_PIECES = (
    *(
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<span>",
        "</span>",
        "<table>",
        "</table>",
        "<tr>",
        "<td>",
        "<th>",
        "<caption>",
    ),
    *(
        "<table class='infobox'>",
        "<table class='wikitable'>",
        "<td rowspan=99999>",
        "<td colspan=99999>",
        "<ul>",
        "<li>",
    ),
    *(
        "</ul>",
        "<ol class='references'>",
        "<li id='cite_note-1'>",
        "<sup class='mw-ref'>",
        "</sup>",
        "<a href='./X#Y'>",
    ),
    *(
        "</a>",
        "<section>",
        "</section>",
        "<h2>",
        "</h2>",
        "<figure>",
        "<figcaption>",
        "<img src='x' width=1>",
        "<dl><dd>",
    ),
    *("<b>", "<i>", "</b>", "</i>", "<style>", "<!--", "-->", "<template>", "<svg>", "<math>", "<select>", "<nobr>"),
    *('<span typeof=\'mw:Transclusion\' data-mw=\'{"parts":[{"template":', "'>", "&amp", "&#x110000;", "\0", "<", ">"),
    *(
        "<cite id='CITEREFA'>",
        "<a href='#CITEREFA'>",
        "<span class='mw-reference-text'>",
        "(",
        ")",
        "text ",
        "東京",
        "\u200f",
    ),
)
WIKITEXT_PIECES = (
    *(
        "[[",
        "]]",
        "{{",
        "}}",
        "{{{",
        "}}}",
        "|",
        "=",
        "==",
        "\n",
        "{|",
        "|}",
        "|-",
        "||",
        "!",
        "!!",
        "*",
        "#",
        ":",
        ";",
    ),
    *(
        "''",
        "'''",
        "<ref>",
        "</ref>",
        "<ref name=a/>",
        "<ref name=a>",
        "<references/>",
        "<nowiki>",
        "</nowiki>",
        "<!--",
    ),
    *(
        "-->",
        "[[File:x.png|thumb|",
        "[[Category:",
        "{{Infobox x\n|a=",
        "{{cite web|title=",
        "rowspan=99999 |",
        "http://x ",
    ),
    *(
        "[http://x y]",
        "<table>",
        "<tr>",
        "<td>",
        "</table>",
        "<gallery>",
        "<math>",
        "&amp;",
        "text ",
        "東京",
        "__TOC__",
    ),
    *("#REDIRECT [[", "(", ")", "<div>", "</div>", "<br>", "{{flag|", "{{#if:", "~~~~", "\0", "\u200f"),
)


def main() -> int:
    """Run the command line; 1 when something was found."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--minutes", type=float, default=10.0)
    arguments.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    chosen = arguments.parse_args()
    print(f"seed {chosen.seed}")
    source = random.Random(chosen.seed)
    html, wikitext = real_pages()
    slowest, read, findings = 0.0, 0, 0
    end = time.monotonic() + chosen.minutes * 60
    with BoundedCalls(seconds=6, memory_bytes=1 << 30) as calls:
        while time.monotonic() < end:
            kind = source.choice(("html", "wikitext"))
            pieces, pages, reader = (
                (HTML_PIECES, html, time_html) if kind == "html" else (WIKITEXT_PIECES, wikitext, time_wikitext)
            )
            page = made_up(source, pieces, pages)
            trouble, seconds = outcome(calls, reader, page)
            slowest, read = max(slowest, seconds), read + 1
            if trouble:
                findings += 1
                path = ROOT / "build" / "fuzz" / f"{chosen.seed}-{read}.{kind}"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(page, errors="surrogatepass")
                print(f"{path.relative_to(ROOT)}: {trouble}", flush=True)
    print(f"{read:,} pages read, {findings} findings, the slowest took {slowest:.2f} CPU-seconds")
    return 1 if findings else 0


def outcome(calls: BoundedCalls, reader: Callable[[str], float], page: str) -> tuple[str, float]:
    """What is wrong with the reading of a page (empty: nothing), and its CPU-seconds."""
    try:
        seconds: float = calls.call(reader, page)
    except BoundExceededError as error:
        return str(error), 6.0
    except Exception as error:  # noqa: BLE001 - any other error is what is looked for
        return f"{type(error).__name__}: {error}", 0.0
    return (f"took {seconds:.1f} CPU-seconds" if seconds > MOST_SECONDS else ""), seconds


def time_html(page: str) -> float:
    """The CPU-seconds of reading a page as HTML."""
    begin = time.process_time()
    with suppress(ContentError):
        orjson.dumps(read_html(page).as_object())
    return time.process_time() - begin


def time_wikitext(page: str) -> float:
    """The CPU-seconds of reading a page as wikitext."""
    begin = time.process_time()
    with suppress(ContentError):
        # The builder takes out what is no character before it reads a text.
        orjson.dumps(read_wikitext(page.encode(errors="replace").decode(), PROJECT, "Page").as_object())
    return time.process_time() - begin


def made_up(source: random.Random, pieces: tuple[str, ...], pages: list[str]) -> str:
    """A page of one of the kinds that the program makes."""
    kind = source.randrange(4)
    if kind == 0:
        return "".join(source.choices(pieces, k=source.choice((10, 100, 3_000))))
    if kind == 1:
        few = source.choices(pieces, k=source.randint(1, 4))
        return "".join(few) * source.choice((100, 1_000, 20_000))
    page = source.choice(pages)
    begin = source.randrange(len(page))
    cut = page[begin : begin + source.choice((1_000, 50_000, MOST_CHARACTERS))]
    if kind == 2:
        return cut * source.randint(1, 3)
    changed = list(cut)
    for _ in range(source.randint(1, 200)):
        changed[source.randrange(len(changed))] = source.choice((*pieces, "", chr(source.randrange(0x11000))))
    return "".join(changed)


def real_pages() -> tuple[list[str], list[str]]:
    """The rendered pages, and texts, of the shared data."""
    html = [gzip.decompress(path.read_bytes()).decode() for path in sorted((DATA / "parsoid").glob("*.html.gz"))]
    articles = [orjson.loads(gzip.decompress(path.read_bytes())) for path in (DATA / "enterprise").glob("*.json.gz")]
    return html, [article["article_body"]["wikitext"] for article in articles]


if __name__ == "__main__":
    raise SystemExit(main())
