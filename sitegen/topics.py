"""Placement: which topics a paper stands under, how sure that is, and which words decided.

A topic is a vector of words and word pairs: its own terms, name, aliases and scope, plus the mean of the papers that
the curator has confirmed for it, so that every confirmed paper makes the next import better. A paper's likeness to a
topic is the cosine of their TF-IDF vectors. Everything is summed in the order of slugs: the result does not depend on
the order of papers.
"""

from __future__ import annotations

import functools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from sitegen import features
from sitegen.model import Entry, Group, Placement, Topic

FLOOR = 0.07
"""A likeness below this is chance: the paper fits no topic."""
HALF, ENOUGH = 2, 8
"""With HALF confirmed papers they count as much as the topic's description; ENOUGH are as good as more."""
SECONDARY = 0.8
"""A topic this close to the best one is secondary."""
MOST_SECONDARY = 3
DECIDING_WORDS = 5
SHOWN = 5
"""Topics that a prediction names."""
AGAINST = 0.005
"""What a phrase that speaks against a topic takes from its likeness."""

Vector = dict[str, float]


class Share(NamedTuple):
    """What one word, word pair or phrase adds to a likeness."""

    word: str
    """As stems, or a phrase that speaks against the topic as the curator wrote it."""
    paper: float
    """Its weight in the paper's unit vector; 1 for a phrase that speaks against."""
    topic: float
    """Its weight in the topic's unit vector; below 0 for a phrase that speaks against."""
    points: float
    """The product of the two, times the topic's own weight."""


@dataclass(frozen=True)
class Reckoning:
    """A paper's likeness to one topic, word by word."""

    topic: str
    shares: tuple[Share, ...]

    @functools.cached_property
    def score(self) -> float:
        """The sum of all points; below 0 when more speaks against the topic than for it."""
        return round(math.fsum(share.points for share in self.shares), 6)


@dataclass(frozen=True)
class Model:
    """What a list knows about its topics: for each word, its weight in each topic."""

    idf: Vector
    topics: tuple[Topic, ...]
    weights: Mapping[str, Sequence[tuple[int, float]]]
    """word -> (topic number, weight in that topic's unit vector)"""
    default_idf: float

    def vector(self, counts: Counter[str]) -> Vector:
        """The unit TF-IDF vector of word counts."""
        raw = {w: math.log1p(n) * self.idf.get(w, self.default_idf) for w, n in sorted(counts.items())}
        return _unit(raw)

    @functools.cached_property
    def _excludes(self) -> list[list[tuple[str, str]]]:
        """By topic: the phrases that speak against it, as the curator wrote them and as stems."""
        return [[(phrase, features.phrase(phrase)) for phrase in topic.excludes] for topic in self.topics]

    def reckon(self, entry: Entry) -> list[Reckoning]:
        """What every word of a paper adds to its likeness to each topic, the likeliest topic first."""
        vector = self.vector(features.of_entry(entry))
        shares: list[list[Share]] = [[] for _ in self.topics]
        for word, value in vector.items():
            for number, weight in self.weights.get(word, ()):
                shares[number].append(Share(word, value, weight, value * weight * self.topics[number].weight))
        text = features.phrase(features.whole_text(entry))
        for number, topic in enumerate(self.topics):
            against = [phrase for phrase, stems in self._excludes[number] if stems in text]
            shares[number] += [Share(phrase, 1.0, -AGAINST, -AGAINST * topic.weight) for phrase in against]
        found = [Reckoning(topic.slug, tuple(mine)) for topic, mine in zip(self.topics, shares, strict=True)]
        return sorted(found, key=lambda reckoning: (-reckoning.score, reckoning.topic))

    def rank(self, entry: Entry) -> list[Placement]:
        """All topics, the likeliest first, with the words that speak for each."""
        spelling = features.Spelling(entry)
        return [
            Placement(r.topic, max(r.score, 0.0), tuple(features.spelt(word, spelling) for word in _strongest(r)))
            for r in self.reckon(entry)
        ]

    def likely(self, ranked: Sequence[Placement]) -> list[Placement]:
        """The best of the ranked topics and those close to it; none when not even the best fits."""
        if not ranked or ranked[0].score < FLOOR:
            return []
        near = [p for p in ranked[1 : 1 + MOST_SECONDARY] if p.score >= SECONDARY * ranked[0].score]
        return [ranked[0], *near]


def _strongest(reckoning: Reckoning) -> tuple[str, ...]:
    chosen: list[str] = []
    for share in sorted(reckoning.shares, key=lambda share: (-share.points, share.word)):
        if share.points > 0 and not any(share.word in o.split() or o in share.word.split() for o in chosen):
            chosen.append(share.word)
        if len(chosen) == DECIDING_WORDS:
            break
    return tuple(chosen)


def _unit(vector: Vector) -> Vector:
    norm = math.sqrt(sum(value * value for value in vector.values()))
    return {word: value / norm for word, value in vector.items()} if norm else {}


def learn(groups: Sequence[Group], entries: Sequence[Entry]) -> Model:
    """The model of a list: its topics' descriptions and its confirmed papers."""
    topics = tuple(topic for group in groups for topic in group.topics)
    counts = {entry.slug: features.of_entry(entry) for entry in sorted(entries, key=lambda e: e.slug) if entry.topics}
    described = [features.of_topic(topic) for topic in topics]
    frequency = Counter(word for found in (*counts.values(), *described) for word in found)
    total = len(counts) + len(described)
    idf = {word: math.log((total + 1) / (n + 0.5)) for word, n in frequency.items()}
    model = Model(idf, topics, {}, math.log(2 * (total + 1)))
    members: defaultdict[str, list[Vector]] = defaultdict(list)
    for entry in sorted(entries, key=lambda e: e.slug):
        if entry.topics:
            members[entry.topics[0]].append(model.vector(counts[entry.slug]))
    weights: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, topic in enumerate(topics):
        share = 1 / (1 + min(len(members[topic.slug]), ENOUGH) / HALF)
        for word, value in _centroid(model.vector(described[number]), members[topic.slug], share).items():
            weights[word].append((number, value))
    return Model(idf, topics, weights, model.default_idf)


def _centroid(described: Vector, papers: list[Vector], share: float) -> Vector:
    """The description, for its share, and the mean paper; the share falls as papers come in."""
    total: defaultdict[str, float] = defaultdict(float)
    for word, value in described.items():
        total[word] += share * value
    for vector in papers:
        for word, value in vector.items():
            total[word] += (1 - share) * value / len(papers)
    return _unit(dict(sorted(total.items())))


def place(entries: Iterable[Entry], groups: Sequence[Group]) -> list[Entry]:
    """The entries with their placements: the curator's where there are some, else the likeliest topics."""
    placed = [_confirmed(entry) for entry in entries]
    if all(entry.placements for entry in placed):
        return placed
    model = learn(groups, placed)
    return [entry if entry.placements else _predicted(entry, model) for entry in placed]


def _confirmed(entry: Entry) -> Entry:
    topics = entry.override.topics if entry.override else ()
    placements = tuple(Placement(topic, 1.0, confirmed=True) for topic in topics)
    return msgspec.structs.replace(entry, placements=placements, confidence=1.0) if topics else entry


def _predicted(entry: Entry, model: Model) -> Entry:
    removed = entry.override.remove if entry.override else ()
    added = entry.override.add if entry.override else ()
    ranked = model.rank(entry)
    idle = {*removed} - {placement.topic for placement in model.likely(ranked)}
    ranked = [placement for placement in ranked if placement.topic not in {*removed, *added}]
    likely = model.likely(ranked)
    extra = [Placement(topic, 1.0, confirmed=True) for topic in added]
    placements = [*likely[:1], *extra, *likely[1:]][: 1 + MOST_SECONDARY]
    return msgspec.structs.replace(
        entry,
        placements=tuple(placements),
        confidence=confidence(ranked) if likely else float(bool(extra)),
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


def predict(model: Model, entry: Entry) -> Prediction:
    """What the model makes of one paper."""
    ranked = model.rank(entry)
    likely = model.likely(ranked)
    return Prediction(
        entry.paper.title,
        tuple(ranked[:SHOWN]),
        tuple(placement.topic for placement in likely[1:]),
        confidence(ranked),
        not likely,
    )


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
    model = learn(groups, [other for other in entries if other.slug != entry.slug])
    spelling = features.Spelling(entry)
    found = []
    for reckoning in model.reckon(entry):
        named = [s if s.topic < 0 else s._replace(word=features.spelt(s.word, spelling)) for s in reckoning.shares]
        found.append(Reckoning(reckoning.topic, tuple(sorted(named, key=lambda s: (-s.points, s.word)))))
    prediction = predict(model, entry)
    return Explanation(tuple(found), prediction.confidence, prediction.fits_none)
