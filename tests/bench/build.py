"""Measures whole builds beside other generators on the same list, in one run; prints CPU seconds and ratios.

    python tests/bench/build.py SCRATCH [--sizes 343 10000] [--runs 3] [--hugo PROGRAM] [--steps STEP...]

The lists are those of ../shared: the captures with their abstracts, and papers of the corpus (over 20,000, new ones are
put together from two of it). Every tool gets the same papers under the same topics; ours writes everything that it
does: related papers, search, Markdown, feeds, citations. Hugo lists related papers; `hugo_norelated` does not. Each
step is a process of its own, as `bench_peers.py` there runs it: `clean`, `null` (nothing has changed), `topic` (one
override), `template`, and `live` (the server). Then our time by stage, and that of one paper more. The figures stay in
SCRATCH, from where `plot.py` draws them.
"""

from __future__ import annotations

import argparse
import itertools
import json
import lzma
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
PEERS = SHARED / "bench" / "peers"
PAPER = '{% extends "sitegen/paper.html" %}\n{% block head %}<meta name="rev" content="paper-rev-A">{% endblock %}\n'
SITE = "title: Reading list\nbase_url: https://example.org/reading-list/\nformat: 1\n"


def papers(size: int) -> Iterator[dict[str, Any]]:
    """So many records of the corpus, and beyond it records put together from two."""
    with lzma.open(SHARED / "corpus" / "papers-20k.jsonl.xz", "rt", encoding="utf-8") as lines:
        known = [json.loads(line) for line in lines]
    yield from known[:size]
    dice = random.Random(7)
    for number in range(len(known), size):
        one, other = dice.choice(known), dice.choice(known)
        first, second = one["title"].split(), other["title"].split()
        title = " ".join([*first[: len(first) // 2 + 1], *second[len(second) // 2 :], f"({number})"])
        said, more = one["abstract"].split(". "), other["abstract"].split(". ")
        abstract = ". ".join([*said[: len(said) // 2 + 1], *more[len(more) // 2 :]])
        yield {**one, "title": title, "abstract": abstract, "authors": one["authors"][:2] + other["authors"][-2:]}


def records(size: int, scratch: Path) -> Path:
    """The list as the JSON Lines that `make_site.py` reads."""
    path = scratch / f"{size}.jsonl"
    if path.exists():
        return path
    if size == 343:
        captures = sorted(map(str, (SHARED / "captures").glob("*.txt")))
        run([sys.executable, str(PEERS / "seeds_to_jsonl.py"), str(path), *captures])
    else:
        path.write_text("".join(json.dumps(paper, ensure_ascii=False) + "\n" for paper in papers(size)), "utf-8")
    return path


def ours(lines: Path, size: int, scratch: Path) -> Path:
    """Our tree: the papers imported, each under the topic that the peers give it."""
    folder = scratch / "sites" / f"sitegen-{size}"
    if (folder / "bench.json").exists():
        return folder
    sys.path.insert(0, str(PEERS))
    from make_site import TOPICS, load, other  # type: ignore[import-not-found]

    rows = load(str(lines), size)
    content = folder / "content"
    content.mkdir(parents=True)
    (content / "site.yaml").write_text(SITE, "utf-8")
    topics = "".join(f"    - slug: {t.lower()}\n      name: {t}\n      scope: Papers on {t}.\n" for t in TOPICS)
    (content / "topics.yaml").write_text(f"- group: All\n  slug: all\n  topics:\n{topics}", "utf-8")
    listed = scratch / f"import-{size}.jsonl"
    wanted = ("title", "abstract", "authors", "venue", "year")
    listed.write_text(
        "".join(json.dumps({k: row[k] for k in wanted}, ensure_ascii=False) + "\n" for row in rows), "utf-8"
    )
    run([sys.executable, "-m", "sitegen", "import", str(listed), "--site", str(folder)], stderr=subprocess.DEVNULL)
    topic = {row["title"]: row["topic"].lower() for row in rows}
    kept = [json.loads(line) for line in (content / "papers.jsonl").read_text("utf-8").splitlines()]
    rules = {paper["slug"]: topic.get(paper["title"], TOPICS[0].lower()) for paper in kept}
    (content / "overrides.yaml").write_text("".join(f"{slug}: [{t}]\n" for slug, t in rules.items()), "utf-8")
    (folder / "templates").mkdir()
    (folder / "templates" / "paper.html").write_text(PAPER, "utf-8")
    newest = max(paper.get("published", "") for paper in kept)
    slug = min((p["title"].lower(), p["slug"]) for p in kept if p.get("published", "") == newest)[1]
    old, new = rules[slug], other(rules[slug].title()).lower()
    spec = {
        "name": f"sitegen-{size}",
        "base": "/reading-list/",
        "pages": {"home": "index.html", "topic": f"topics/{old}/index.html", "paper": f"papers/{slug}/index.html"},
        "moved": {"slug": slug, "paper": f"papers/{slug}/", "to": f"topics/{new}/", "from": f"topics/{old}/"},
        "build": "{python} -m sitegen build --json",
        "serve": "{python} -m sitegen serve --port {port}",
        "out": "_site",
        "caches": ["_site", ".sitegen"],
        "topic_edit": {"file": "content/overrides.yaml", "old": f"{slug}: [{old}]", "new": f"{slug}: [{new}]"},
        "template_edit": {"file": "templates/paper.html", "old": "paper-rev-A", "new": "paper-rev-B"},
    }
    (folder / "bench.json").write_text(json.dumps(spec, indent=1), "utf-8")
    return folder


def run(command: list[str], **more: Any) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True, **more)
    said: str = done.stdout
    return said


def stages(folder: Path) -> dict[str, float]:
    """Wall seconds of each stage of a clean build, and the CPU seconds of one more paper after it."""
    build = [sys.executable, "-m", "sitegen", "build", "--json", "--site", str(folder)]
    for name in ("_site", ".sitegen"):
        run(["rm", "-rf", str(folder / name)])
    found: dict[str, float] = json.loads(run(build, stderr=subprocess.DEVNULL))["seconds"]
    path = folder / "content" / "papers.jsonl"
    before = path.read_bytes()
    path.write_bytes(before + b'{"slug":"zz-one-more","title":"One more paper about measuring"}\n')
    used = sum(os.times()[2:4])
    run(build, stderr=subprocess.DEVNULL)
    found["one more paper, CPU"] = round(sum(os.times()[2:4]) - used, 3)
    path.write_bytes(before)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[343, 10_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--steps", nargs="+", default=["clean", "null", "topic", "template"])
    parser.add_argument("--hugo", default="hugo")
    options = parser.parse_args()
    scratch: Path = options.scratch.absolute()
    scratch.mkdir(parents=True, exist_ok=True)
    for size in options.sizes:
        lines = records(size, scratch)
        trees = [ours(lines, size, scratch)]
        for name in ("hugo", "hugo_norelated"):
            trees.append(scratch / "sites" / f"{name}-{size}")
            if not trees[-1].exists():
                run(
                    [
                        sys.executable,
                        str(PEERS / "make_site.py"),
                        str(lines),
                        str(size),
                        str(scratch / "sites"),
                        "--peers",
                        name,
                    ]
                )
        command = [sys.executable, str(PEERS / "bench_peers.py"), *map(str, trees), "--runs", str(options.runs)]
        command += ["--steps", ",".join(options.steps), "--tool", f"hugo={options.hugo}"]
        said = run(command, stderr=subprocess.DEVNULL).splitlines()
        rows = {row["site"].rsplit("-", 1)[0]: row for row in map(json.loads, said)}
        (scratch / f"figures-{size}.json").write_text(json.dumps(rows, indent=1), "utf-8")
        table(rows, size, options.steps)
        shown = itertools.chain(
            [f"    {size} papers, ours by stage:"], (f"{k} {v:.2f}" for k, v in stages(trees[0]).items())
        )
        print(", ".join(shown), flush=True)


def table(rows: dict[str, dict[str, Any]], size: int, steps: list[str]) -> None:
    """Each tool's figures, and ours over theirs."""
    for name, row in rows.items():
        for step in steps:
            found = row.get(step) or {}
            told = f"{size:6} {name:15} {step:9}"
            if "cpu" not in found:
                print(told, json.dumps(found))
                continue
            told += f"{found['cpu']:8.3f} s {1e6 * found['cpu'] / size:7.0f} us a paper {found['mib']:6.0f} MiB"
            own = rows["sitegen"].get(step) or {}
            if name != "sitegen" and "cpu" in own:
                told += (
                    f"  ours: {own['cpu'] / found['cpu']:.3f} of its CPU, {own['mib'] / found['mib']:.2f} of its memory"
                )
            print(told + ("" if found.get("fresh", True) else "  STALE"))


if __name__ == "__main__":
    main()
