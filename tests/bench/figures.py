"""Measures related papers and the map: CPU seconds, what the map keeps of nearness, and how much a new paper moves.

    python tests/bench/figures.py SITE [--left-out N]

SITE: a folder with `content/`. `--left-out`: draw the map again without each of N papers (default 30; takes as many
times as long as the related papers do), and print how far the others move, in percent of the map's width.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

import numpy as np

from sitegen import build, figures, relate
from sitegen.views import MapView


def spots(view: MapView) -> dict[str, tuple[int, int]]:
    """Where each paper stands; empty for a long list, whose marks stand for several."""
    marks = [mark for group in view.groups for island in group.islands for mark in island.marks]
    return {mark.path: (mark.x, mark.y) for mark in marks if mark.name}


def shifts(content: build.Content, before: MapView, left_out: int) -> list[float]:
    moved, old = [], spots(before)
    for entry in random.Random(7).sample(content.entries, left_out if old else 0):
        rest = [e for e in content.entries if e is not entry]
        view = figures.draw(content.groups, rest, relate.relate(rest), "")[0]
        moved += [100 * float(np.hypot(x - old[p][0], y - old[p][1])) / view.width for p, (x, y) in spots(view).items()]
    return moved


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path)
    parser.add_argument("--left-out", type=int, default=30)
    options = parser.parse_args()
    content = build.load(options.site)
    start = time.process_time()
    near = relate.relate(content.entries)
    related = time.process_time()
    view, files = figures.draw(content.groups, content.entries, near, "No topic")
    drawn = time.process_time()
    moved = shifts(content, view, options.left_out)
    found: dict[str, object] = {
        "papers": len(content.entries),
        "related_cpu": round(related - start, 3),
        "map_cpu": round(drawn - related, 3),
        "marks": sum(len(island.marks) for group in view.groups for island in group.islands),
        "bytes_closer": sum(map(len, files.values())),
    }
    if moved:
        found |= {f"moved_{p}": round(float(np.percentile(moved, p)), 2) for p in (50, 95, 99, 100)}
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
