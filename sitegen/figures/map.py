"""The map of the list: every topic an island, every paper a point on it; alike islands and alike papers are near.

Lengths are in units of the drawing, and whole numbers in the result. A paper's place hangs on its slug, its topics and
its related papers, not on the order or the number of the others: the map stays as it is when a paper comes in.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from sitegen import features, urls
from sitegen.arrays import np
from sitegen.drawings import Island, MapGroup, Mark
from sitegen.figures import anchors, labels, places
from sitegen.figures.anchors import Floats, Points
from sitegen.model import Entry, Group, Neighbour, Topic
from sitegen.views import MapView

LETTER, LINE, GAP = 15, 30, 22
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
TALL = 1.0
"""Height of the drawing before islands are moved apart, in widths of it; it ends up higher, which suits a phone."""
STEP = 50
"""The drawing grows in such steps."""
EACH = 400
"""In a list of more papers one mark stands for several of them."""
HUES = 6
NO_TOPIC = "no-topic-"
"""What stands for a slug where there is no topic. No slug ends so."""
RADIUS = 0.36
"""Radius of a paper's mark, in widths of its cell."""
MARGIN = (160, 120)
"""How much narrower and lower than the drawing the field of the islands' centres is."""


class Shape(msgspec.Struct, frozen=True):
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
    def span(self) -> int:
        """The label's width."""
        return labels.width(self.lines) * LETTER

    @property
    def box(self) -> tuple[float, float]:
        """Width and height, with the water around."""
        height = self.label + self.rows * self.pitch * places.ROW
        return (self.columns + 0.5) * self.pitch + GAP, height + GAP


def draw(
    groups: Sequence[Group], entries: Sequence[Entry], near: Mapping[str, Sequence[Neighbour]], topicless: str
) -> tuple[MapView, dict[str, bytes]]:
    """The map, and for a long list the files of its papers, which a browser asks for when it looks closer.

    `near`: the related papers of each, by slug; `topicless`: what to call the papers that fit no topic."""
    shown = [group for group in groups if group.topics]
    if any(not entry.topics for entry in entries):
        shown.append(Group("", topicless, (Topic("", topicless, ""),)))
    ordered = places.in_fixed_order(entries)
    members: dict[str, list[int]] = {topic.slug: [] for group in shown for topic in group.topics}
    for number, entry in enumerate(ordered):
        members[(entry.topics or ("",))[0]].append(number)
    pitch = next((p for p in PITCHES if len(ordered) * p * p <= ROOM), PITCHES[-1])
    shapes = {t.slug: Shape.of(t.name, len(members[t.slug]), pitch) for group in shown for t in group.topics}
    centres, (width, height) = _centres(shown, shapes)
    wishes = places.wishes(ordered, near, places.leanings(ordered, near, centres))
    islands, files = {}, dict[str, bytes]()
    for topic in (topic for group in shown for topic in group.topics):
        mine = members[topic.slug]
        points = _settled(wishes[mine], shapes[topic.slug]) + centres[topic.slug]
        island = _island(topic, shapes[topic.slug], centres[topic.slug], points, [ordered[n] for n in mine])
        if len(ordered) > EACH:
            island, file = _from_afar(island, shapes[topic.slug], points)
            files[island.closer] = file
        islands[topic.slug] = island
    seas = [
        MapGroup(
            group.slug or NO_TOPIC,
            group.name,
            number % HUES + 1 if group.slug else 0,
            tuple(islands[topic.slug] for topic in group.topics),
        )
        for number, group in enumerate(shown)
    ]
    return MapView(width, height, len(ordered), tuple(seas)), files


def _centres(groups: Sequence[Group], shapes: Mapping[str, Shape]) -> tuple[dict[str, Points], tuple[int, int]]:
    """The centres of islands by topic, and the width and height of the drawing."""
    boxes = np.array([shape.box for shape in shapes.values()]).reshape(-1, 2)
    area = float(boxes.prod(1).sum()) / FULL
    width = _step(max(math.sqrt(area / TALL), boxes[:, 0].max(initial=0)))
    size = np.array([width, area / width])
    number = [n for n, group in enumerate(groups) for _ in group.topics]
    likeness = _likeness([topic for group in groups for topic in group.topics])
    points = size / 2 + anchors.spread(likeness, number) * np.maximum(size - MARGIN, 0) / 2
    centres = anchors.apart(points, boxes, size)
    height = _step(float((centres + boxes / 2)[:, 1].max(initial=0)))
    return dict(zip(shapes, centres, strict=True)), (width, height)


def _step(length: float) -> int:
    return max(math.ceil(length / STEP), 1) * STEP


def _likeness(topics: Sequence[Topic]) -> Floats:
    """How alike topics are, in [0, 1], by the words of their descriptions alone: papers come and go, and the islands
    stay. Shape (k, k), 0 on the diagonal."""
    told = features.table(map(features.of_topic, topics))
    frequency = np.bincount(told.terms, minlength=len(told.features))
    weights = np.log1p(told.times) * np.log((len(topics) + 1) / frequency[told.terms])
    table = np.zeros((len(topics), len(told.features)))
    table[told.rows, told.terms] = weights
    norms = np.sqrt((table**2).sum(1, keepdims=True))
    table = (table / np.where(norms, norms, 1.0))[:, frequency > 1]
    alike: Floats = np.einsum("ik,jk->ij", table, table) * (1 - np.eye(len(topics)))
    most: float = max(alike.max(initial=0), 1e-9)
    return alike / most


def _settled(wishes: Points, shape: Shape) -> Points:
    """The places of an island's papers, from its centre."""
    room = np.array([shape.columns, shape.rows * places.ROW]) / 2
    cells = places.settled(wishes * room, shape.columns, shape.rows)
    return places.lattice(shape.columns, shape.rows)[cells] * shape.pitch + (0, shape.label / 2)


def _island(topic: Topic, shape: Shape, centre: Points, points: Points, entries: Sequence[Entry]) -> Island:
    """An island with each of its papers."""
    marks = [
        Mark(round(x), round(y), round(RADIUS * shape.pitch), urls.paper(entry.slug)[1:], entry.paper.title)
        for (x, y), entry in zip(points, entries, strict=True)
    ]
    x, y = round(centre[0]), round(centre[1] - (shape.box[1] - GAP) / 2)
    path = urls.topic(topic.slug)[1:] if topic.slug else ""
    return Island(topic.slug, topic.name, path, x, y, shape.span, shape.lines, tuple(marks), len(marks))


def _from_afar(island: Island, shape: Shape, points: Points) -> tuple[Island, bytes]:
    """The island with one mark for all papers of a cell of the widest lattice, its area as large as they are many; and
    the papers themselves as JSON: their radius, and [x, y, path, title] of each."""
    corner = np.array([island.x - (shape.box[0] - GAP) / 2, island.y + shape.label])
    wide = np.array([PITCHES[0], PITCHES[0] * places.ROW])
    rows = np.floor((points - corner)[:, 1] / wide[1])
    columns = np.floor((points - corner)[:, 0] / wide[0] - rows % 2 / 2)
    marks = []
    for (row, column), n in sorted(Counter(zip(rows.tolist(), columns.tolist(), strict=True)).items()):
        x, y = corner + wide * (column + 0.5 + row % 2 / 2, row + 0.5)
        radius = max(2, round(1.2 * RADIUS * shape.pitch * math.sqrt(n)))
        marks.append(Mark(round(x), round(y), radius, island.path, "", n))
    papers = [[x, y, m.path, m.name] for (x, y), m in zip(points.round(1).tolist(), island.marks, strict=True)]
    file = msgspec.json.encode({"radius": round(RADIUS * shape.pitch, 1), "papers": papers})
    closer = f"map/{island.slug or NO_TOPIC}.json"
    return msgspec.structs.replace(island, marks=tuple(marks), closer=closer), file
