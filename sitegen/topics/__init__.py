"""Placement: which topics a paper stands under, how sure that is, and which words decided.

A topic is a vector of words and word pairs: its own terms, name, aliases and scope, plus the mean of the papers that
the curator has confirmed for it, so that every confirmed paper makes the next import better. A paper's likeness to a
topic is the cosine of their TF-IDF vectors. All papers are reckoned at once, in arrays, and everything is summed in the
order of slugs and of words: the result does not depend on the order of papers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from sitegen.model import Entry, Group, Placement
from sitegen.topics.model import Ground, Model, Reckoning, Share, told
from sitegen.topics.placing import FLOOR, MOST_SECONDARY, Placing, Stand, confidence, likely, place, placing

__all__ = [
    "FLOOR",
    "Explanation",
    "Ground",
    "Model",
    "Placing",
    "Prediction",
    "Reckoning",
    "Share",
    "Stand",
    "confidence",
    "explain",
    "judged",
    "likely",
    "place",
    "placing",
    "predict",
    "told",
]

SHOWN = 5
"""Topics that a prediction names."""


class Prediction(msgspec.Struct, frozen=True):
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


class Explanation(msgspec.Struct, frozen=True):
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
