"""Placement: which topics a paper stands under, how sure that is, and which words decided.

A topic is a vector of words and word pairs: its own terms, name, aliases and scope, plus the mean of the papers that
the curator has confirmed for it, so that every confirmed paper makes the next import better. A paper's likeness to a
topic is the cosine of their TF-IDF vectors. All papers are reckoned at once, in arrays, and everything is summed in the
order of slugs and of words: the result does not depend on the order of papers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import msgspec

from sitegen import features
from sitegen.model import Entry, Group, Placement
from sitegen.topics.model import Ground, Model, Reckoning, Share, told

__all__ = [
    "Explanation",
    "Ground",
    "Model",
    "Prediction",
    "Reckoning",
    "Share",
    "confidence",
    "explain",
    "judged",
    "likely",
    "place",
    "predict",
    "told",
]

FLOOR = 0.07
"""A likeness below this is chance: the paper fits no topic."""
SECONDARY = 0.8
"""A topic this close to the best one is secondary."""
MOST_SECONDARY = 3
SHOWN = 5
"""Topics that a prediction names."""


def likely(ranked: Sequence[Placement]) -> list[Placement]:
    """The best of the ranked topics and those close to it; none when not even the best fits."""
    if not ranked or ranked[0].score < FLOOR:
        return []
    near = [p for p in ranked[1 : 1 + MOST_SECONDARY] if p.score >= SECONDARY * ranked[0].score]
    return [ranked[0], *near]


def place(
    entries: Iterable[Entry], groups: Sequence[Group], table: Callable[[], features.Table] | None = None
) -> list[Entry]:
    """The entries with their placements: the curator's where there are some, else the likeliest topics.

    `table`: what `told` says, counted; asked for only when there is something to reckon."""
    placed = [_confirmed(entry) for entry in entries]
    if all(entry.placements for entry in placed) or not any(group.topics for group in groups):
        return placed
    ground = Ground(placed, groups, table and table())
    asked = [row for row, entry in enumerate(ground.entries) if not entry.placements]
    model = ground.learn(ground.confirmed)
    rules = (rule for row in asked if (rule := ground.entries[row].override))
    spare = max((len(rule.add) + len(rule.remove) for rule in rules), default=0)
    ranked = model.ranked(asked, 1 + MOST_SECONDARY + spare)
    found = [_predicted(ground.entries[row], mine) for row, mine in zip(asked, ranked, strict=True)]
    worded = model.worded(asked, [entry.placements for entry in found])
    by_slug = {
        entry.slug: msgspec.structs.replace(entry, placements=placements)
        for entry, placements in zip(found, worded, strict=True)
    }
    return [by_slug.get(entry.slug, entry) for entry in placed]


def _confirmed(entry: Entry) -> Entry:
    topics = entry.override.topics if entry.override else ()
    placements = tuple(Placement(topic, 1.0, confirmed=True) for topic in topics)
    return msgspec.structs.replace(entry, placements=placements, confidence=1.0) if topics else entry


def _predicted(entry: Entry, ranked: list[Placement]) -> Entry:
    """The entry under its likeliest topics. `ranked`: so many that enough are left without its override's."""
    removed = entry.override.remove if entry.override else ()
    added = entry.override.add if entry.override else ()
    idle = {*removed} - {placement.topic for placement in likely(ranked)}
    ranked = [placement for placement in ranked if placement.topic not in {*removed, *added}]
    best = likely(ranked)
    extra = [Placement(topic, 1.0, confirmed=True) for topic in added]
    placements = [*best[:1], *extra, *best[1:]][: 1 + MOST_SECONDARY]
    return msgspec.structs.replace(
        entry,
        placements=tuple(placements),
        confidence=confidence(ranked) if best else float(bool(extra)),
        idle=tuple(topic for topic in removed if topic in idle),
    )


def confidence(ranked: Sequence[Placement]) -> float:
    """How sure the first of the ranked topics is, in [0, 1]: the closer the next two, the less.

    `1 - (second / best) ** 4 / 2 - (third / best) ** 4 / 4`. Of several forms this one meant what it says: among papers
    that it calls 80 % sure, about 80 % are right (`sitegen evaluate` shows its calibration error).
    """
    if not ranked or ranked[0].score <= 0:
        return 0.0
    rivals = [placement.score / ranked[0].score for placement in ranked[1:3]]
    return round(1 - math.fsum(rival**4 / 2**place for place, rival in enumerate(rivals, 1)), 4)


@dataclass(frozen=True)
class Prediction:
    """One paper, its topics likeliest first, and what would be made of them."""

    title: str
    ranked: tuple[Placement, ...]
    secondary: tuple[str, ...]
    confidence: float
    fits_none: bool

    def as_json(self) -> dict[str, object]:
        """The form in which `--json` prints it."""
        return {
            "title": self.title,
            "ranked": [{"topic": p.topic, "score": p.score} for p in self.ranked],
            "secondary": list(self.secondary),
            "confidence": self.confidence,
            "fits_none": self.fits_none,
        }

    def __str__(self) -> str:
        first = self.ranked[0] if self.ranked else None
        if first is None or self.fits_none:
            return f"{self.title}\n    fits no topic"
        also = f", also {', '.join(self.secondary)}" if self.secondary else ""
        because = f"\n    because of {', '.join(first.words)}" if first.words else ""
        return f"{self.title}\n    {first.topic} ({self.confidence:.0%}){also}{because}"


def predict(model: Model, rows: Sequence[int], most: int = SHOWN) -> list[Prediction]:
    """What the model makes of the papers in these rows of its ground, with words for `most` topics."""
    ranked = model.ranked(rows, max(most, 1 + MOST_SECONDARY))
    worded = model.worded(rows, [mine[:most] for mine in ranked])
    return [
        Prediction(
            model.ground.entries[row].paper.title,
            shown,
            tuple(placement.topic for placement in likely(mine)[1:]),
            confidence(mine),
            not likely(mine),
        )
        for row, shown, mine in zip(rows, worded, ranked, strict=True)
    ]


def judged(
    groups: Sequence[Group], confirmed: Iterable[Entry], asked: Sequence[Entry], most: int = SHOWN
) -> list[Prediction]:
    """What a list makes of papers, as if it did not hold them. `confirmed`: its papers under their topics."""
    alone = [
        msgspec.structs.replace(e, paper=msgspec.structs.replace(e.paper, slug=f"?{n:09}"), placements=())
        for n, e in enumerate(asked)
    ]
    known = [e for e in confirmed if e.topics]
    ground = Ground([*known, *alone], groups)
    rows = {entry.slug: row for row, entry in enumerate(ground.entries)}
    return predict(ground.learn(rows[e.slug] for e in known), [rows[entry.slug] for entry in alone], most)


@dataclass(frozen=True)
class Explanation:
    """How the model reckons about one paper."""

    ranked: tuple[Reckoning, ...]
    """Every topic, the likeliest first; words as the paper writes them, those with most points first."""
    confidence: float
    fits_none: bool

    @property
    def runner_up(self) -> Reckoning | None:
        return self.ranked[1] if len(self.ranked) > 1 else None


def explain(entry: Entry, groups: Sequence[Group], entries: Sequence[Entry]) -> Explanation:
    """Where a paper would stand if the curator had said nothing of it, and why, sum by sum.

    `entries`: the placed papers of the list; the paper itself is left out, so that it does not confirm itself."""
    others = [other for other in entries if other.slug != entry.slug and other.topics]
    ground = Ground([*others, msgspec.structs.replace(entry, placements=())], groups)
    model = ground.learn(ground.confirmed)
    [row] = [row for row, mine in enumerate(ground.entries) if mine.slug == entry.slug]
    [prediction] = predict(model, [row])
    return Explanation(tuple(model.reckon(row)), prediction.confidence, prediction.fits_none)
