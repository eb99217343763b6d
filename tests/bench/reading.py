"""Measures what reading all YAML of a site costs: `site.yaml`, topics, overrides, summaries, and the interface's words.

    python tests/bench/reading.py SITE [--other CHECKOUT] [--runs N]

CHECKOUT: another state of this repository, for a before and after: both run in turn, each time in a process of its own,
so that whatever else the machine does meets both. Prints JSON: for each state the medians of CPU milliseconds, by file,
for the first reading in a process (`first`) and for a repeated one (`again`), with the time that the parser itself
takes to hand out its events (`events`), which nothing built on it can go below; and the ratio of the states.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
AGAIN = 5


def once(site: Path) -> dict[str, dict[str, float]]:
    """CPU milliseconds in this process."""
    import yaml

    from sitegen import config, curate, store, words
    from sitegen.render import shipped_templates

    content, problems = site / "content", list[Any]()
    files = [
        *content.glob("*.yaml"),
        *(content / "summaries").glob("*.yaml"),
        shipped_templates() / "words" / "en.yaml",
    ]
    texts = [path.read_text("utf-8") for path in files]
    papers = list(store.read(content).papers.values())
    groups: list[Any] = []
    rules: dict[str, Any] = {}

    def read_topics() -> None:
        groups[:] = config.read_topics(content, problems)

    def read_overrides() -> None:
        slugs = [topic.slug for group in groups for topic in group.topics]
        rules.update(curate.read_overrides(content, papers, slugs, problems, config.moved(groups)))

    readings: dict[str, Callable[[], object]] = {
        "site": lambda: config.read_site(content, problems),
        "topics": read_topics,
        "overrides": read_overrides,
        "summaries": lambda: curate.read_words(content, papers, problems, rules),
        "words": lambda: words.read(content, shipped_templates() / "words", "en", problems),
    }

    def events() -> None:
        for text in texts:
            for _ in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
                pass

    def taken(work: Callable[[], object]) -> float:
        started = time.process_time()
        work()
        return (time.process_time() - started) * 1000

    first = {name: taken(read) for name, read in readings.items()}
    again = {name: min(taken(read) for _ in range(AGAIN)) for name, read in readings.items()}
    found = {"first": first, "again": again, "events": {"all": min(taken(events) for _ in range(AGAIN))}}
    return {name: figures | {"all": sum(figures.values())} for name, figures in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path)
    parser.add_argument("--other", type=Path, metavar="CHECKOUT")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.once:
        print(json.dumps(once(options.site)))
        return
    states = {"this": ROOT, **({"other": options.other} if options.other else {})}
    runs: dict[str, list[dict[str, dict[str, float]]]] = {name: [] for name in states}
    for _ in range(options.runs):
        for name, checkout in states.items():
            command = [sys.executable, __file__, str(options.site.resolve()), "--once"]
            environment = {**os.environ, "PYTHONPATH": str(checkout.resolve())}
            told = subprocess.run(command, cwd=checkout, env=environment, check=True, capture_output=True, text=True)
            runs[name].append(json.loads(told.stdout))
    medians: dict[str, Any] = {
        name: {
            kind: {key: round(statistics.median(run[kind][key] for run in found), 1) for key in found[0][kind]}
            for kind in found[0]
        }
        for name, found in runs.items()
    }
    if "other" in medians:
        medians["this / other"] = {
            kind: round(medians["this"][kind]["all"] / medians["other"][kind]["all"], 2) for kind in medians["this"]
        }
    print(json.dumps(medians, indent=2))


if __name__ == "__main__":
    main()
