"""How long an import takes, in CPU seconds: `python tests/bench/imports.py [NUMBER]` makes a BibTeX file of so many
entries (10,000) from the corpus beside this repository, imports it into an empty site, and imports it again.
"""

from __future__ import annotations

import itertools
import json
import lzma
import sys
import tempfile
import time
from pathlib import Path

from sitegen import export, intake
from sitegen.model import Entry, Paper, Site

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "papers-20k.jsonl.xz"


def library(number: int) -> str:
    """So many real records as BibTeX, with their abstracts."""
    with lzma.open(CORPUS, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in itertools.islice(lines, number)]
    papers = [
        Paper(f"p-{n}", r["title"], authors=tuple(r["authors"]), published=str(r["year"]), venue=r["venue"])
        for n, r in enumerate(records)
    ]
    entries = tuple(Entry(paper, abstract=r["abstract"]) for paper, r in zip(papers, records, strict=True))
    return export.FORMATS["bibtex"](export.Listing(Site("Bench"), (), entries))


def main(number: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "library.bib"
        path.write_text(library(number), "utf-8")
        print(f"{number} entries, {path.stat().st_size / 1e6:.1f} MB")
        for what in ("first", "again"):
            start = time.process_time()
            report = intake.run(Path(folder) / "site", [path])
            seconds = time.process_time() - start
            print(f"{what}: {seconds:.1f} s CPU, {report.new} new, {report.unchanged} unchanged")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
