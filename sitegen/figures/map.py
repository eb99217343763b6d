"""The map of the list: every topic an island, every paper a point on it; alike islands and alike papers are near.

Lengths are in units of the drawing, and whole numbers in the result. A paper's place hangs on its slug, its topics and
its related papers, not on the order or the number of the others: the map stays as it is when a paper comes in.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from sitegen import features, urls
from sitegen.figures import anchors, labels, places
from sitegen.figures.anchors import Floats, Points
from sitegen.model import Entry, Group, Neighbour, Topic
from sitegen.views import Island, MapGroup, MapView, Mark

LETTER, LINE, GAP = 14, 30, 22
"""Width of a letter of a label, height of its line, and the water between islands."""
PITCHES = (18.0, 15.0, 12.5, 10.0, 8.0, 6.5, 5.0, 4.0, 3.2, 2.5, 2.0, 1.6, 1.25, 1.0)
"""Widths of a paper's cell: steps, so that one paper more changes none."""
ROOM = 140_000
"""Area that the cells of all papers may take, about."""
ROWS = (0, 3, 5, 8, 12, 18, 27, 40, 60, 90, 135, 200, 300, 450, 675, 1000)
"""Rows of cells on an island: in steps, too, so that it seldom grows and pushes others away."""
SLACK = 1.35
"""Cells for each paper: not packed, so that likeness can move them."""
FULL = 0.75
"""Share of the drawing that islands cover."""
TALL = 1.1
"""Height of the drawing, in widths of it: so it suits a phone, too."""
STEP = 50
"""The drawing grows in such steps."""
EACH = 1_000
"""In a list of more papers one mark stands for several of them."""
HUES = 6

@dataclass(frozen=True)
class Shape:
    """What an island needs: a label, and below it a lattice of cells."""

    lines: tuple[str, ...]
    columns: int
    rows: int
    pitch: float

    @classmethod
    def of(cls, name: str, papers: int, pitch: float) -> Shape:
        lines = labels.lines(name)
        least = math.ceil(labels.width(lines) * LETTER / pitch - 0.5)
        rows = next(rows for rows in ROWS if max(least, 2 * rows) * rows >= SLACK * papers)
        return cls(lines, max(least, 2 * rows), rows, pitch)

    @property
    def label(self) -> int:
        """The label's height."""
        return LINE * len(self.lines)

    @property
    def box(self) -> tuple[float, float]:
        """Width and height, with the water around."""
        height = self.label + self.rows * self.pitch * places.ROW
        return (self.columns + 0.5) * self.pitch + GAP, height + GAP


def draw(
    groups: Sequence[Group], entries: Sequence[Entry], near: Mapping[str, Sequence[Neighbour]]
) -> tuple[MapView, dict[str, bytes]]:
    """The map, and for a long list the files of its papers, which a browser asks for when it looks closer.

    `near`: the related papers of each, by slug."""
    topics = [topic for group in groups for topic in group.topics]
    if any(not entry.topics for entry in entries):
        topics.append(Topic("", "No topic yet", ""))
    hues = {topic.slug: n % HUES + 1 for n, group in enumerate(groups) for topic in group.topics}
    ordered = places.in_fixed_order(entries)
    members: dict[str, list[int]] = {topic.slug: [] for topic in topics}
    for number, entry in enumerate(ordered):
        members[(entry.topics or ("",))[0]].append(number)
    pitch = next((p for p in PITCHES if len(ordered) * p * p <= ROOM), PITCHES[-1])
    shapes = [Shape.of(topic.name, len(members[topic.slug]), pitch) for topic in topics]
    named = [group for group in groups if group.topics]
    headings = [Shape.of(group.name, 0, pitch) for group in named]
    centres, size = _centres(topics, groups, shapes, headings)
    anchor = {topic.slug: centre for topic, centre in zip(topics, centres, strict=False)}
    wishes = places.wishes(ordered, near, places.leanings(ordered, near, anchor))
    islands, files = [], dict[str, bytes]()
    for topic, shape in zip(topics, shapes, strict=True):
        mine = [ordered[number] for number in members[topic.slug]]
        points = _settled(wishes[members[topic.slug]], shape) + anchor[topic.slug]
        closer = f"map/{topic.slug or 'none'}.json" if len(ordered) > EACH else ""
        path = urls.topic(topic.slug)[1:] if topic.slug else ""
        if closer:
            files[closer] = _closer(points, mine)
            marks = _heaps(points - anchor[topic.slug], anchor[topic.slug], pitch, path)
        else:
            marks = _marks(points, mine, round(0.36 * pitch))
        x, y = map(round, anchor[topic.slug] - (0, shape.box[1] / 2 - GAP / 2))
        islands.append(
            Island(topic.slug, topic.name, path, hues.get(topic.slug, 0), x, y, shape.lines, tuple(marks), len(mine), closer)
        )
    seas = [
        MapGroup(group.slug, group.name, hues[group.topics[0].slug], round(x), round(y - shape.label / 2), shape.lines)
        for group, shape, (x, y) in zip(named, headings, centres[len(topics) :], strict=True)
    ]
    return MapView(*map(round, size), round(pitch), len(ordered), tuple(seas), tuple(islands)), files


def _centres(
    topics: Sequence[Topic], groups: Sequence[Group], shapes: Sequence[Shape], headings: Sequence[Shape]
) -> tuple[Points, Points]:
    """The centres of islands, then those of the headings of groups, and the size of the drawing."""
    boxes = np.array([shape.box for shape in (*shapes, *headings)]).reshape(-1, 2)
    area = float(boxes.prod(1).sum()) / FULL
    wide = _step(max(math.sqrt(area / TALL), boxes[:, 0].max(initial=0)))
    size = np.array([wide, area / wide])
    of_group = {topic.slug: number for number, group in enumerate(groups) for topic in group.topics}
    number = [of_group.get(topic.slug, len(groups)) for topic in topics]
    points = size / 2 + anchors.spread(_likeness(topics), number) * (size - (160, 120)) / 2
    points = anchors.apart(points, boxes[: len(topics)], size)
    middles = [points[[n == group for n in number]].mean(0) for group in sorted({*number} - {len(groups)})]
    centres = anchors.apart(np.vstack([points, *middles]), boxes, size, len(points))
    return centres, np.array([wide, _step(float((centres + boxes / 2)[:, 1].max(initial=0)))])


def _step(length: float) -> int:
    return max(math.ceil(length / STEP), 1) * STEP


def _likeness(topics: Sequence[Topic]) -> Floats:
    """How alike topics are, in [0, 1], by the words of their descriptions alone: papers come and go, and the islands
    stay. Shape (k, k), 0 on the diagonal."""
    counts = [features.of_topic(topic) for topic in topics]
    frequency = Counter(word for found in counts for word in found)
    words = {word: number for number, word in enumerate(sorted(frequency))}
    table = np.zeros((len(topics), len(words)))
    for row, found in enumerate(counts):
        for word, n in found.items():
            table[row, words[word]] = math.log1p(n) * math.log((len(topics) + 1) / frequency[word])
    table /= np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-9)
    alike = table @ table.T * (1 - np.eye(len(topics)))
    return alike / max(alike.max(initial=0), 1e-9)


def _settled(wishes: Points, shape: Shape) -> Points:
    """The places of an island's papers, from its centre."""
    room = np.array([shape.columns, shape.rows * places.ROW]) / 2
    cells = places.settled(wishes * room, shape.columns, shape.rows)
    return places.lattice(shape.columns, shape.rows)[cells] * shape.pitch + (0, shape.label / 2)


def _marks(points: Points, entries: Iterable[Entry], radius: int) -> list[Mark]:
    found = [
        Mark(round(x), round(y), radius, urls.paper(entry.slug)[1:], entry.paper.title)
        for (x, y), entry in zip(points, entries, strict=True)
    ]
    return sorted(found, key=lambda mark: (mark.y, mark.x))


def _heaps(points: Points, anchor: Points, pitch: float, path: str) -> list[Mark]:
    """One mark for all papers of a cell of the widest lattice; its area says how many they are."""
    wide, full = PITCHES[0], (PITCHES[0] / pitch) ** 2
    rows = np.floor(points[:, 1] / (wide * places.ROW))
    columns = np.floor(points[:, 0] / wide - rows % 2 / 2)
    heaps = Counter(zip(rows.tolist(), columns.tolist(), strict=True))
    return [
        Mark(
            round(anchor[0] + (column + 0.5 + row % 2 / 2) * wide),
            round(anchor[1] + (row + 0.5) * wide * places.ROW),
            max(2, round(0.44 * wide * math.sqrt(min(n / full, 1)))),
            path,
            "",
            n,
        )
        for (row, column), n in sorted(heaps.items())
    ]


def _closer(points: Points, entries: Iterable[Entry]) -> bytes:
    """JSON: a list of [x, y, slug, title]."""
    places_ = points.round(1).tolist()
    return msgspec.json.encode([[x, y, e.slug, e.paper.title] for (x, y), e in zip(places_, entries, strict=True)])
