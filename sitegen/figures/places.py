"""Where papers stand on their topic's island: near related papers, and on the side of what else they resemble."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from sitegen.arrays import Array, np
from sitegen.figures.anchors import Floats, Points
from sitegen.model import Entry, Neighbour
from sitegen.text import digest

ROW = math.sqrt(3) / 2
"""Height of a row of the lattice, in widths of a cell: each cell touches six."""
SECONDARY = 0.6
SMOOTHING = 6
"""Rounds in which papers move halfway to the mean of their related ones."""
CHANCE = 0.5
"""Share of an island over which papers are strewn that nothing tells apart."""


def in_fixed_order(entries: Sequence[Entry]) -> list[Entry]:
    """An order in which a new paper moves no other one: by what the slugs' digest says."""
    return sorted(entries, key=lambda entry: digest(entry.slug, 16))


def leanings(
    entries: Sequence[Entry], near: Mapping[str, Sequence[Neighbour]], anchors: Mapping[str, Points]
) -> Points:
    """For each paper the way from its topic to the mean of all that it and its related papers stand under."""
    topics = {entry.slug: entry.topics for entry in entries}
    place = {topic: number for number, topic in enumerate(anchors)}
    owners, pulled, strengths, homes = list[int](), list[int](), list[float](), dict[int, int]()
    for number, entry in enumerate(entries):
        if mine := topics[entry.slug]:
            related = near.get(entry.slug, ())
            total = sum(n.score for n in related) or 1.0
            pulls = [(topic, 1.0) for topic in mine]
            pulls += [(topic, n.score / total) for n in related for topic in topics.get(n.slug, ())]
            owners += [number] * len(pulls)
            pulled += [place[topic] for topic, _ in pulls]
            strengths += [weight if topic == mine[0] else weight * SECONDARY for topic, weight in pulls]
            homes[number] = place[mine[0]]
    where: Points = np.array([*anchors.values()]).reshape(-1, 2)
    found, placed = np.zeros((len(entries), 2)), [*homes]
    total_strength = np.bincount(owners, strengths, len(entries))[placed]
    for axis in (0, 1):
        sums = np.bincount(owners, where[pulled, axis] * strengths, len(entries))[placed]
        found[placed, axis] = sums / total_strength - where[[*homes.values()], axis]
    longest: Points = np.maximum(np.abs(found).max(0, initial=0), 1e-9)
    return found / longest


def wishes(entries: Sequence[Entry], near: Mapping[str, Sequence[Neighbour]], leaning: Points) -> Points:
    """Where each paper would stand on its island, from -1 to 1 both ways: it leans to what it resembles, and is drawn
    to the related papers of its island."""
    number, shelf = {entry.slug: n for n, entry in enumerate(entries)}, [entry.topics[:1] for entry in entries]
    strewn = np.array([[int(digest(e.slug, 8)[i : i + 4], 16) / 2**15 - 1 for i in (0, 4)] for e in entries])
    start = np.clip(1.2 * leaning, -1, 1) + CHANCE * strewn.reshape(-1, 2)
    pairs = [
        (number[entry.slug], number[n.slug])
        for entry in entries
        for n in near.get(entry.slug, ())
        if n.slug in number and shelf[number[n.slug]] == shelf[number[entry.slug]]
    ]
    one, other = np.array(pairs, np.intp).reshape(-1, 2).T
    count = np.bincount(one, minlength=len(entries))[:, None]
    points: Points = start
    for _ in range(SMOOTHING):
        sums = np.column_stack([np.bincount(one, points[other, axis], len(entries)) for axis in (0, 1)])
        points = np.where(count, (start + sums / np.maximum(count, 1)) / 2, start)
    return points


def settled(wanted: Points, columns: int, rows: int) -> Array:
    """For each paper in turn the free cell nearest to the place it wants. `wanted`: in widths of a cell from the middle
    of the lattice of `columns` x `rows`. Returns the numbers of cells, row by row."""
    x, y = lattice(columns, rows).T
    taken = np.zeros(len(x))
    found = np.zeros(len(wanted), np.intp)
    for number, place in enumerate(wanted):
        found[number] = cell = int((np.round((x - place[0]) ** 2 + (y - place[1]) ** 2, 6) + taken).argmin())
        taken[cell] = np.inf
    return found


def lattice(columns: int, rows: int) -> Floats:
    """The centres of cells, every second row shifted by half a cell, in widths of a cell from the middle."""
    row, column = np.divmod(np.arange(columns * rows), columns)
    x = column + np.where(row % 2, 0.75, 0.25) - columns / 2
    return np.column_stack([x, (row + 0.5 - rows / 2) * ROW])
