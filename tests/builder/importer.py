"""A program that imports made-up pages in many small commits, and prints how many pages each has stored in all.

python importer.py STORE PAGES
"""

import sys
from dataclasses import replace
from pathlib import Path

from made_up_pages import FIRST, ListSource

from wikifeed_server.builder import BuildLimits, ImportOptions, import_source
from wikifeed_server.store.embedded import EmbeddedWriter


def main():
    pages = [
        replace(FIRST, position=n, page_id=n, revision_id=n, title=f"Page {n}", text=f"'''{n}''' " + "[[a]] " * n)
        for n in range(1, int(sys.argv[2]) + 1)
    ]
    options = ImportOptions(limits=BuildLimits(workers=2), batch_pages=4, commit_bytes=1)
    writer = EmbeddedWriter.open(Path(sys.argv[1]))
    import_source(ListSource(pages), writer, options, lambda progress: print(progress.written, flush=True))
    writer.close()
    print("done", flush=True)


if __name__ == "__main__":
    main()
