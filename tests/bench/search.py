"""Measures the search beside lunr.py, lunr.js and Pagefind on the same texts, in one run; prints figures by their bars.

    python tests/bench/search.py SCRATCH [--sets list abstracts 10000 87000] [--only cpu exact browser slow ranking]

SCRATCH is a folder of its own; the sites and the npm packages go there. Sets: `list` is the shipped list, `abstracts`
the same with the abstracts of ../shared/captures; a number takes so many papers of ../shared/corpus, over and over. CPU
seconds are the best of several runs, taken in turns. Bytes and times are those of ../shared/bench/search/browser.mjs,
which opens a page of ours and one of Pagefind's in Chromium with each query: everything that moves is counted.
"""

from __future__ import annotations

import argparse
import gzip
import html
import itertools
import json
import lzma
import random
import resource
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from sites import ENGLISH  # noqa: E402

from sitegen import assets, build, intake, search  # noqa: E402
from sitegen.model import Entry, Paper, Site, Topic  # noqa: E402
from sitegen.render import Renderer, shipped_templates  # noqa: E402
from sitegen.search.documents import FIELDS, documents  # noqa: E402
from sitegen.views import Page, SearchView  # noqa: E402

SHARED = ROOT.parent / "shared"
PACKAGES = ("pagefind@1.5.2", "playwright-core", "lunr@2.3.9")
QUERIES = (
    "low-rank adaptation",
    "mixture of experts",
    "diffusion model image generation",
    "transformer",
    "retrieval augmented generation",
    "model merging",
    "quantization",
)
SLOW = {"rtt": 150, "kbps": 1600}
FIND = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Find</title>
<link href="/pagefind/pagefind-ui.css" rel="stylesheet"><script src="/pagefind/pagefind-ui.js"></script></head>
<body><div id="search"></div><script>addEventListener("DOMContentLoaded", () => {
const ui = new PagefindUI({ element: "#search", showSubResults: false, pageSize: 10 });
const q = new URL(location).searchParams.get("q"); if (q) ui.triggerSearch(q); });</script></body></html>"""
ENGINE = "text store reader language spelling engine remote worker".split()
Papers = tuple[list[Entry], Mapping[str, Topic]]


def corpus(number: int) -> Iterator[Entry]:
    """That many entries from the corpus, over and over."""
    count = 0
    for turn in itertools.count():
        with lzma.open(SHARED / "corpus" / "papers-20k.jsonl.xz", "rt") as file:
            for line in file:
                if count == number:
                    return
                raw = json.loads(line)
                title = raw["title"] + (f" {turn}" if turn else "")
                venue, year = raw.get("venue") or "", str(raw.get("year") or "")[:4]
                yield Entry(
                    Paper(f"paper-{count}", title, (), tuple(raw["authors"]), year, venue), abstract=raw["abstract"]
                )
                count += 1


def papers(name: str, scratch: Path) -> Papers:
    """The papers of a set."""
    if name.isdigit():
        return list(corpus(int(name))), {}
    home = ROOT
    if name == "abstracts":
        home = scratch / "with-abstracts"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(ROOT / "content", home / "content")
        intake.run(home, sorted((SHARED / "captures").glob("*.txt")))
    content = build.load(home)
    return list(content.entries), content.topics


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of a piece of work in this process and in those that it waits for."""

    def spent() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.process_time() + used.ru_utime + used.ru_stime

    start = spent()
    work()
    return spent() - start


def by_lunr_py(given: Papers) -> None:
    """What lunr.py makes of the same fields: built and serialized."""
    from lunr import lunr

    texts = [{"slug": d.slug, **{f.name: getattr(d, f.name) for f in FIELDS}} for d in documents(*given)]
    fields = [{"field_name": field.name, "boost": field.boost} for field in FIELDS]
    json.dumps(lunr(ref="slug", fields=fields, documents=texts).serialize(), separators=(",", ":"))


def write_site(given: Papers, out: Path) -> None:
    """Our search page with its scripts and its index, and lunr's own form of it."""
    files = search.files(*given, ENGLISH, plain_lunr=len(given[0]) <= 20_000)
    found = assets.collect(shipped_templates() / "assets", words=ENGLISH)
    folder = f"assets/{assets.fingerprint(found)}/"
    site = Site("Bench", base_url="https://example.org/")
    page = Page("/search/", "search.html", "Search", "", SearchView(len(given[0])))
    shown = Renderer(site, ROOT / "none", folder, ENGLISH).page(page, search.short_manifest(files))
    files |= {folder + name: data for name, data in found.items()} | {"search/index.html": shown.encode()}
    for path, data in files.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(data)


def write_pages(given: Papers, pages: Path) -> None:
    """A page for each paper with the same texts, for Pagefind."""
    for d in documents(*given):
        folder = pages / "p" / d.slug
        folder.mkdir(parents=True)
        body = "".join(f"<p>{html.escape(getattr(d, f.name))}</p>" for f in FIELDS if f.name != "title")
        (folder / "index.html").write_text(
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(d.title)}</title></head>'
            f"<body data-pagefind-body><h1>{html.escape(d.title)}</h1>{body}</body></html>",
            "utf-8",
        )


def npm(scratch: Path) -> Path:
    """The folder of the npm packages, installed there if need be."""
    tools = scratch / "tools"
    if not (tools / "node_modules" / "pagefind").is_dir():
        tools.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--prefix", str(tools), *PACKAGES], check=True)
    return tools / "node_modules"


class Bench:
    """The figures of one set of papers."""

    def __init__(self, name: str, scratch: Path) -> None:
        self.name, self.modules = name, npm(scratch)
        self.given = papers(name, scratch)
        self.count = len(self.given[0])
        self.root = scratch / f"site-{name}"
        shutil.rmtree(self.root, ignore_errors=True)
        write_site(self.given, self.root / "list")
        (self.root / "find").mkdir()
        (self.root / "find" / "index.html").write_text(FIND)
        write_pages(self.given, self.root / "pages")
        self.pagefind()

    def pagefind(self) -> None:
        [program] = sorted(self.modules.glob("@pagefind/*/bin/pagefind_extended"))
        output = str(self.root / "pagefind")
        command = [str(program), "--site", str(self.root / "pages"), "--output-path", output]
        subprocess.run(command, check=True, capture_output=True)

    def cpu(self) -> None:
        ours, lunr, theirs = [], [], []
        for _ in range(5 if self.count <= 1000 else 2 if self.count <= 20_000 else 1):
            ours.append(cpu(lambda: search.files(*self.given, ENGLISH)))
            if self.count <= 20_000:
                lunr.append(cpu(lambda: by_lunr_py(self.given)))
            theirs.append(cpu(self.pagefind))
        say(self.name, "index build, CPU s (first run)", f"{min(ours):.3f} ({ours[0]:.3f})")
        if lunr:
            bar = 6 if self.count < 1000 else 8
            say(self.name, f"lunr.py {min(lunr):.2f} s, times slower", min(lunr) / min(ours), ">=", bar)
        say(self.name, f"beside Pagefind's {min(theirs):.2f} s", min(ours) / min(theirs), "<=", 0.3)

    def exact(self) -> None:
        if self.count > 20_000:
            return
        command = ["node", str(ROOT / "tests/js/exact.mjs"), str(self.root / "list"), "1200"]
        report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        say(self.name, f"differences from lunr.js in {report['queries']} queries", report["different"], "<=", 0)

    def browser(self, slow: bool = False, observed: bool = False) -> None:
        """Bytes to the first ten results, or milliseconds to the first one on the slow link. `observed`: as the page
        itself sees it; the shared script notices it up to half a second later."""
        pages = [
            {"name": "ours", "kind": "page", "path": "/list/search/", "hit": "#found .hits h2 a", "settle": 700},
            {"name": "pagefind", "kind": "page", "path": "/find/", "hit": ".pagefind-ui__result-link", "settle": 900},
        ]
        settings = self.root / "browser.json"
        settings.write_text(json.dumps({"engines": pages, "queries": QUERIES, **(SLOW if slow else {})}))
        chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
        script = [str(SHARED / "bench/search/browser.mjs"), str(self.root), str(self.modules / "lunr/lunr.js")]
        if observed:
            script = [str(ROOT / "tests/js/first.mjs"), str(self.root)]
        command = ["node", *script, str(self.modules / "playwright-core"), chromium, str(settings)]
        figure = "first_ms" if slow else "bytes"
        found: defaultdict[str, dict[str, float]] = defaultdict(dict)
        for _ in range(3 if slow else 1):
            printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            for line in map(json.loads, printed.splitlines()):
                if figure in line:
                    best = found[line["q"]].get(line["engine"], float("inf"))
                    found[line["q"]][line["engine"]] = min(best, line[figure])
        both = [pair for pair in found.values() if len(pair) == 2]
        for query, pair in found.items():
            shares = (
                f"{pair['ours'] / pair['pagefind']:.3f}"
                if len(pair) == 2
                else "no answer from " + str({"ours", "pagefind"} - {*pair})
            )
            print(f"    {query}: {pair.get('ours', 0):.0f} beside {pair.get('pagefind', 0):.0f}: {shares}", flush=True)
        share = sum(pair["ours"] for pair in both) / sum(pair["pagefind"] for pair in both)
        bar = 0.4 if slow else 0.15 if self.count < 1000 else 0.1 if self.count <= 20_000 else 0.06
        what = "first result at 150 ms, 1.6 Mbit/s" if slow else "bytes to the first ten results"
        what = "the same as the page itself sees it" if observed else what
        say(self.name, f"{what}, of Pagefind's", share, "<=", bar)

    def slow(self) -> None:
        if self.count < 1000:
            self.browser(slow=True)
            self.browser(slow=True, observed=True)

    def ranking(self) -> None:
        if self.name.isdigit():
            return
        import test_search_ranking as judged

        searcher = search.Searcher(search.index_of(*self.given))
        slugs = [self.given[0][place].slug for place in searcher.index.order.tolist()]
        found = {case.query: searcher.search(case.query) for case in judged.CASES}
        gains = [
            judged.ndcg(case.gains, [slugs[number] for number in found[case.query].papers.tolist()])
            for case in judged.CASES
        ]
        say(self.name, f"nDCG@10 of {len(gains)} queries", sum(gains) / len(gains), ">=", 0.85)
        pick = random.Random(1)
        mistyped = [judged.edited(case.query, pick) for case in judged.CASES for _ in range(10)]
        empty = sum(not searcher.search(query).total for query in [*found, *mistyped])
        say(self.name, f"empty answers to {len(found) + len(mistyped)} queries and misspellings", empty, "<=", 0)


def say(name: str, what: str, figure: Any, relation: str = "", bar: float | None = None) -> None:
    """Print a figure by its bar."""
    shown = f"{figure:.3f}" if isinstance(figure, float) else str(figure)
    holds = "" if bar is None else "holds" if (figure >= bar if relation == ">=" else figure <= bar) else "FAILS"
    print(f"{name:>10}  {what:<62} {shown:>14}  {relation} {'' if bar is None else bar:<5} {holds}", flush=True)


def sizes() -> None:
    """Gzipped bytes of the scripts and of the filters' data."""
    folder = shipped_templates() / "assets"
    texts = ((f"{name}.js", (folder / f"search/{name}.js").read_bytes()) for name in ENGINE)
    engine = b"".join(assets.squeezed(assets.spare(*text)) for text in texts)  # as it is sent
    say("scripts", "engine: all of lunr's language, lazy shards, worker", len(gzip.compress(engine, 9)), "<=", 10_000)
    shown = {n: d for n, d in assets.collect(folder, words=ENGLISH).items() if n.startswith("search/")}
    shown.pop(assets.FOLDER_SCRIPT)
    total = sum(len(gzip.compress(data, 9)) for data in shown.values())
    say("scripts", "everything that is ever loaded, dialog, filters and words too", total)
    content = build.load(ROOT)
    files = search.files(content.entries, content.topics, ENGLISH)
    manifest = json.loads(files[search.MANIFEST])
    facets = files[f"search/{manifest['folder']}/f/{manifest['facets']}"]
    say("scripts", "data of the filters at 343 papers", len(facets), "<=", 3000)


def main() -> None:
    figures = ("cpu", "exact", "browser", "slow", "ranking")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--sets", nargs="+", default=["list", "abstracts", "10000", "87000"])
    parser.add_argument("--only", nargs="+", choices=figures, default=figures)
    options = parser.parse_args()
    sizes()
    for name in options.sets:
        bench = Bench(name, options.scratch.resolve())
        for figure in options.only:
            getattr(bench, figure)()


if __name__ == "__main__":
    main()
