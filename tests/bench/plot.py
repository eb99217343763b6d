"""Draws what `build.py` measured: CPU seconds of whole builds by the size of the list, both on logarithmic scales.

    python tests/bench/plot.py SCRATCH FILE.svg

SCRATCH: the folder in which `build.py` left `figures-SIZE.json`. A line that is straight and rises by one decade for
each decade of papers means that every paper costs the same.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 56, 210, 28, 44
LINES = (
    ("sitegen", "clean", "sitegen, clean", "own"),
    ("sitegen", "topic", "sitegen, one override changed", "own dashed"),
    ("sitegen", "null", "sitegen, nothing changed", "own dotted"),
    ("hugo", "clean", "Hugo with related papers", "other"),
    ("hugo_norelated", "clean", "Hugo without", "other dashed"),
)
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.axis { stroke: #8886; fill: none }
.own { stroke: #1d4f91; fill: #1d4f91 } .other { stroke: #b35c00; fill: #b35c00 }
path.own, path.other { fill: none; stroke-width: 2 } .dashed { stroke-dasharray: 7 4 } .dotted { stroke-dasharray: 2 4 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6e8eb } .own { stroke: #8ab4f0; fill: #8ab4f0 } .other { stroke: #f0a35c; fill: #f0a35c }
}
"""
Figures = Mapping[int, Mapping[str, Mapping[str, Mapping[str, float]]]]
"""By size, tool and step: `cpu` (s) and `mib`."""


def drawn(figures: Figures) -> str:
    """The plot as SVG. Raises ValueError when there is nothing to draw."""
    lines = [(name, kind, _points(figures, tool, step)) for tool, step, name, kind in LINES]
    every = [point for _, _, points in lines for point in points]
    if not every:
        raise ValueError("nothing was measured")
    sizes = sorted({size for size, _ in every})
    low, high = (math.floor(math.log10(min(cpu for _, cpu in every))), math.ceil(math.log10(max(c for _, c in every))))
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])

    def x(size: float) -> float:
        return round(LEFT + (math.log10(size) - first) / ((last - first) or 1) * (WIDTH - LEFT - RIGHT), 1)

    def y(cpu: float) -> float:
        return round(HEIGHT - BOTTOM - (math.log10(cpu) - low) / ((high - low) or 1) * (HEIGHT - TOP - BOTTOM), 1)

    parts = [f'<text x="{LEFT}" y="16">CPU seconds of a build, by the number of papers</text>']
    for power in range(low, high + 1):
        at = y(10**power)
        parts.append(f'<path class="axis" d="M{LEFT} {at}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{at + 4}" text-anchor="end">{10**power:g}</text>')
    parts += [f'<text x="{x(s)}" y="{HEIGHT - 18}" text-anchor="middle">{s:,}</text>' for s in sizes]
    ends = sorted((y(points[-1][1]), name, kind, points) for name, kind, points in lines if points)
    label = float(-HEIGHT)
    for end, name, kind, points in ends:
        label = max(end, label + 15)
        way = "L".join(f"{x(size)} {y(cpu)}" for size, cpu in points)
        parts.append(f'<path class="{kind}" d="M{way}"/>')
        parts += [f'<circle class="{kind.split()[0]}" cx="{x(s)}" cy="{y(c)}" r="2.5"/>' for s, c in points]
        parts.append(f'<text x="{x(points[-1][0]) + 10}" y="{label + 4}">{escape(name)}</text>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
    title = "<title>CPU seconds of a build of sitegen and of Hugo, by the number of papers</title>"
    return "\n".join([head, title, f"<style>{STYLE}</style>", *parts, "</svg>", ""])


def _points(figures: Figures, tool: str, step: str) -> list[tuple[int, float]]:
    return [(size, found) for size, rows in sorted(figures.items()) for found in _cpu(rows, tool, step)]


def _cpu(rows: Mapping[str, Mapping[str, Mapping[str, float]]], tool: str, step: str) -> Iterator[float]:
    found = rows.get(tool, {}).get(step, {})
    if found.get("cpu"):
        yield found["cpu"]


def main() -> None:
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    scratch, target = map(Path, sys.argv[1:])
    measured = {int(path.stem.split("-")[1]): json.loads(path.read_text()) for path in scratch.glob("figures-*.json")}
    target.write_text(drawn(measured), "utf-8")


if __name__ == "__main__":
    main()
