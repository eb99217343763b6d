"""Measures the search beside lunr.py and Pagefind on the same papers, in one run.

    python tests/bench/search.py N OUT CORPUS... [--lunr] [--pagefind]

CORPUS: JSON Lines in xz with title, abstract, authors, venue; repeated, with a number in the title, where N is larger.
Without CORPUS: the shipped list. Writes OUT/list (our search page and its index), OUT/find and OUT/pagefind (those of
Pagefind), for a browser script to open, and prints CPU seconds and sizes as JSON. Needs the package `pagefind[bin]`.
"""

from __future__ import annotations

import argparse
import html
import itertools
import json
import lzma
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from sites import ENGLISH

from sitegen import assets, build, search
from sitegen.model import Entry, Paper, Site, Topic
from sitegen.render import Renderer, shipped_templates
from sitegen.search import lunr_json
from sitegen.search.documents import FIELDS, documents
from sitegen.views import Page, SearchView

ROOT = Path(__file__).parents[2]
FIND = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Find</title>
<link href="/pagefind/pagefind-ui.css" rel="stylesheet"><script src="/pagefind/pagefind-ui.js"></script></head>
<body><div id="search"></div><script>addEventListener("DOMContentLoaded", () => {
const ui = new PagefindUI({ element: "#search", showSubResults: false, pageSize: 10 });
const q = new URL(location).searchParams.get("q"); if (q) ui.triggerSearch(q); });</script></body></html>"""


def corpus(paths: list[Path], number: int) -> Iterator[Entry]:
    """That many entries from the files, over and over."""
    count = 0
    for turn in itertools.count():
        for path in paths:
            with lzma.open(path, "rt") as file:
                for line in file:
                    if count == number:
                        return
                    raw = json.loads(line)
                    title = raw["title"] + (f" {turn}" if turn else "")
                    venue, year = raw.get("venue") or "", str(raw.get("year") or "")[:4]
                    paper = Paper(f"paper-{count}", title, (), tuple(raw["authors"]), year, venue)
                    yield Entry(paper, abstract=raw["abstract"])
                    count += 1


def cpu() -> float:
    """CPU seconds of this process."""
    return time.process_time()


def ours(entries: list[Entry], topics: Mapping[str, Topic], out: Path) -> dict[str, float]:
    """Write our search page; CPU seconds of all files of the search, and of lunr's own form alone (what lunr.py makes).

    Best of three up to 1,000 papers."""
    best = plain = 1e9
    for _ in range(3 if len(entries) <= 1000 else 1):
        start = cpu()
        files = search.files(entries, topics, ENGLISH)
        best = min(best, cpu() - start)
        start = cpu()
        lunr_json.serialize(search.index_of(entries, topics))
        plain = min(plain, cpu() - start)
    found = assets.collect(shipped_templates() / "assets", words=ENGLISH)
    folder = f"assets/{assets.fingerprint(found)}/"
    site = Site("Bench", base_url="https://example.org/")
    page = Page("/search/", "search.html", "Search", "", SearchView(len(entries)))
    shown = Renderer(site, ROOT / "none", folder, ENGLISH).page(page, search.short_manifest(files))
    files |= {folder + name: data for name, data in found.items()} | {"search/index.html": shown.encode()}
    for path, data in files.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(data)
    index = {path: len(data) for path, data in files.items() if path.startswith("search/")}
    return {
        "sitegen_cpu": round(best, 3),
        "lunr_json_cpu": round(plain, 3),
        "index_bytes": sum(index.values()),
        "index_files": len(index),
    }


def lunr_py(entries: list[Entry], topics: Mapping[str, Topic]) -> dict[str, float]:
    """CPU seconds of lunr.py over the same fields, built and serialized."""
    from lunr import lunr

    texts = [
        {"slug": d.slug, **{field.name: getattr(d, field.name) for field in FIELDS}} for d in documents(entries, topics)
    ]
    fields = [{"field_name": field.name, "boost": field.boost} for field in FIELDS]
    start = cpu()
    json.dumps(lunr(ref="slug", fields=fields, documents=texts).serialize(), separators=(",", ":"))
    return {"lunr_py_cpu": round(cpu() - start, 3)}


def pagefind(entries: list[Entry], topics: Mapping[str, Topic], out: Path) -> dict[str, float]:
    """CPU seconds of Pagefind over a page for each paper with the same texts."""
    pages = out / "pages"
    for d in documents(entries, topics):
        folder = pages / "p" / d.slug
        folder.mkdir(parents=True)
        body = "".join(f"<p>{html.escape(getattr(d, f.name))}</p>" for f in FIELDS if f.name != "title")
        (folder / "index.html").write_text(
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(d.title)}</title></head>'
            f"<body data-pagefind-body><h1>{html.escape(d.title)}</h1>{body}</body></html>",
            "utf-8",
        )
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "pagefind", "--site", str(pages), "--output-path", str(out / "pagefind")]
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    shutil.rmtree(pages)
    (out / "find").mkdir()
    (out / "find" / "index.html").write_text(FIND)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"pagefind_cpu": round(spent, 3)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("number", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("corpus", type=Path, nargs="*")
    parser.add_argument("--lunr", action="store_true")
    parser.add_argument("--pagefind", action="store_true")
    options = parser.parse_args()
    shutil.rmtree(options.out, ignore_errors=True)
    if options.corpus:
        entries = list(corpus(options.corpus, options.number))
        topics: Mapping[str, Topic] = {}
    else:
        content = build.load(ROOT)
        entries, topics = content.entries[: options.number], content.topics
    report: dict[str, float] = {"papers": len(entries), **ours(entries, topics, options.out / "list")}
    if options.lunr:
        report |= lunr_py(entries, topics)
    if options.pagefind:
        report |= pagefind(entries, topics, options.out)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
