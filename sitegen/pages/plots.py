"""The numbers of plots. How they are drawn is said in `templates/figures.html`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

from sitegen.drawings import Bar, Overlap
from sitegen.model import Entry

MOST_OVERLAPS = 40
MOST_YEARS = 60
"""Papers that are older, seen from the newest, are left out of plots."""


def years(entries: Iterable[Entry], span: Sequence[str] = ()) -> tuple[Bar, ...]:
    """Papers per year, without gaps, over the years of `span` or else their own. Papers without a date are left out."""
    counts = Counter(year for entry in entries if (year := entry.paper.published[:4]).isdecimal())
    shown = [int(year) for year in span or counts]
    if not shown:
        return ()
    first, last = max(min(shown), max(shown) - MOST_YEARS + 1), max(shown)
    return tuple(Bar(f"{year:04}", counts[f"{year:04}"]) for year in range(first, last + 1))


def overlaps(entries: Iterable[Entry], topics: Sequence[str]) -> tuple[Overlap, ...]:
    """The pairs of topics that share most papers."""
    place = {slug: number for number, slug in enumerate(topics)}
    pairs = Counter(pair for entry in entries for pair in combinations(sorted(place[t] for t in entry.topics), 2))
    best = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))[:MOST_OVERLAPS]
    return tuple(Overlap(one, other, count) for (one, other), count in best)
