"""What a list knows about its topics, and how like a paper is to each: arithmetic on the table of all words.

The weight of a word in a topic is that in the unit vector of the description and the mean of the confirmed papers;
likeness is the cosine, times the topic's own weight.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from sitegen import features
from sitegen.arrays import Array, np, runs, starts_of
from sitegen.model import Entry, Group, Placement

HALF, ENOUGH = 2, 8
"""With HALF confirmed papers they count as much as the topic's description; ENOUGH are as good as more."""
DECIDING_WORDS = 5
AGAINST = 0.005
"""What a phrase that speaks against a topic takes from its likeness."""
STRONGEST = 40
"""Words among which those that decided are looked for."""
BLOCK = 512
"""Papers that are reckoned at a time."""


class Share(NamedTuple):
    """What one word, word pair or phrase adds to a likeness."""

    word: str
    """As the paper writes it, or a phrase that speaks against the topic as the curator wrote it."""
    paper: float
    """Its weight in the paper's unit vector; 1 for a phrase that speaks against."""
    topic: float
    """Its weight in the topic's unit vector; below 0 for a phrase that speaks against."""
    points: float
    """The product of the two, times the topic's own weight."""


class Reckoning(msgspec.Struct, frozen=True, dict=True):
    """A paper's likeness to one topic, word by word."""

    topic: str
    shares: tuple[Share, ...]
    """Those with most points first."""

    @functools.cached_property
    def score(self) -> float:
        """The sum of all points; below 0 when more speaks against the topic than for it."""
        return round(math.fsum(share.points for share in self.shares), 6)


class Ground:
    """The papers and topics of a list, their words counted in one table."""

    def __init__(self, entries: Iterable[Entry], groups: Sequence[Group], table: features.Table | None = None) -> None:
        """`table`: what `told` says, counted."""
        self.entries = sorted(entries, key=lambda entry: entry.slug)
        self.topics = sorted((topic for group in groups for topic in group.topics), key=lambda topic: topic.slug)
        self.number = {topic.slug: number for number, topic in enumerate(self.topics)}
        self.table = table or features.table(told(self.entries, groups))

    def learn(self, rows: Iterable[int]) -> Model:
        """The model that has seen these papers, each under the first of its topics."""
        return Model(self, {row: self.number[self.entries[row].topics[0]] for row in sorted(rows)})

    @property
    def confirmed(self) -> list[int]:
        """The rows of papers that have topics."""
        return [row for row, entry in enumerate(self.entries) if entry.topics]


def told(entries: Iterable[Entry], groups: Sequence[Group]) -> list[features.Texts]:
    """What is said of the papers, by slug, and then of the topics, by slug."""
    papers = sorted(entries, key=lambda entry: entry.slug)
    topics = sorted((topic for group in groups for topic in group.topics), key=lambda topic: topic.slug)
    return [*map(features.of_entry, papers), *map(features.of_topic, topics)]


class Model:
    """What a list knows about its topics: the weight of each word in each of them."""

    def __init__(self, ground: Ground, members: Mapping[int, int]) -> None:
        """`members`: row of a confirmed paper -> number of its topic, in the order of rows."""
        self.ground = ground
        topics = np.arange(len(ground.topics))
        rows = np.concatenate([np.fromiter(members, np.int64, len(members)), topics + len(ground.entries)])
        frequency = np.bincount(ground.table.terms[_places(ground.table, rows)], minlength=len(ground.table.features))
        self._idf = np.log((len(rows) + 1) / (frequency + 0.5))
        self._known = np.where(frequency > 0, np.cumsum(frequency > 0) - 1, -1)
        self._weights = self._centroids(rows, np.concatenate([[*members.values()], topics]).astype(np.int64))

    def _centroids(self, rows: Array, numbers: Array) -> Array:
        """For each known word its weight in each topic's unit vector: of the mean of the description, for its share,
        and the papers; the share falls as papers come in. `numbers`: the topics of the rows, the descriptions last."""
        total = len(self.ground.topics)
        papers = np.bincount(numbers, minlength=total) - 1
        share = 1 / (1 + np.minimum(papers, ENOUGH) / HALF)
        factor = ((1 - share) / np.maximum(papers, 1))[numbers]
        factor[len(numbers) - total :] = share
        weights = np.zeros((int(self._known.max(initial=-1)) + 1, total))
        for place in range(len(rows)):
            terms, values, _ = self._vectors(rows[place : place + 1])
            weights[self._known[terms], numbers[place]] += factor[place] * values
        norms = np.sqrt(np.add.reduce(weights * weights, axis=0))
        return weights / np.where(norms, norms, 1.0)

    def _vectors(self, rows: Array) -> tuple[Array, Array, Array]:
        """The features of some rows, their weights in the rows' unit vectors, and how many each row has."""
        table = self.ground.table
        places, lengths = _places(table, rows), table.starts[rows + 1] - table.starts[rows]
        terms = table.terms[places]
        values = np.log1p(table.times[places]) * self._idf[terms]
        norms = np.sqrt(np.bincount(_owners(lengths), values * values, len(rows)))
        return terms, values / np.repeat(np.where(norms, norms, 1.0), lengths), lengths

    @functools.cached_property
    def _against(self) -> list[list[tuple[str, Array]]]:
        """By topic: the phrases that speak against it, as the curator wrote them, and which rows hold them."""
        return [[(text, self.ground.table.holds(text)) for text in topic.excludes] for topic in self.ground.topics]

    def moved(self, before: Model) -> Array | None:
        """The numbers of the topics that weigh words otherwise than in an earlier model; None when more has changed."""
        same = self.ground.table is before.ground.table and self.ground.topics == before.ground.topics
        if not same or not np.array_equal(self._idf, before._idf):
            return None
        return np.flatnonzero((self._weights != before._weights).any(axis=0))

    def scores(self, rows: Sequence[int], numbers: Array | None = None) -> Array:
        """The likeness of papers to topics, below 0 where more speaks against; shape (rows, topics). `numbers`: of the
        topics, if not of all."""
        numbers = np.arange(len(self.ground.topics)) if numbers is None else numbers
        found, weights = np.zeros((len(rows), len(numbers))), self._weights[:, numbers]
        every = np.array(rows, np.int64)
        for start in range(0, len(rows), BLOCK):
            terms, values, lengths = self._vectors(every[start : start + BLOCK])
            here = np.flatnonzero(self._known[terms] >= 0)
            points = values[here, None] * weights[self._known[terms[here]]]
            owner = _owners(lengths)[here]
            firsts = np.flatnonzero(np.diff(owner, prepend=-1))
            if len(firsts):
                found[start + owner[firsts]] = np.add.reduceat(points, firsts, axis=0)
        for column, number in enumerate(numbers.tolist()):
            for _, holds in self._against[number]:
                found[:, column] -= AGAINST * holds[every]
        factors = np.array([self.ground.topics[number].weight for number in numbers.tolist()])
        rounded: Array = np.round(found * factors, 6)
        return rounded

    def reckon(self, row: int) -> list[Reckoning]:
        """What every word of a paper adds to its likeness to each topic, the likeliest topic first."""
        terms, values, _ = self._vectors(np.array([row]))
        here = np.flatnonzero(self._known[terms] >= 0)
        weights = self._weights[self._known[terms[here]]]
        words = self.ground.table.spelt(np.full(len(here), row), terms[here])
        found = []
        for number, topic in enumerate(self.ground.topics):
            facts = zip(words, values[here].tolist(), weights[:, number].tolist(), strict=True)
            shares = [Share(word, v, weight, v * weight * topic.weight) for word, v, weight in facts if weight]
            against = [text for text, holds in self._against[number] if holds[row]]
            shares += [Share(text, 1.0, -AGAINST, -AGAINST * topic.weight) for text in against]
            found.append(Reckoning(topic.slug, tuple(sorted(shares, key=lambda s: (-s.points, s.word)))))
        return sorted(found, key=lambda reckoning: (-reckoning.score, reckoning.topic))

    def ranked(self, rows: Sequence[int], most: int | None = None) -> list[list[Placement]]:
        """For each paper the topics, the likeliest first, at most `most`; without the words that decided."""
        scores = self.scores(rows)
        return self.placements(scores, np.argsort(-scores, axis=1, kind="stable")[:, :most])

    def placements(self, scores: Array, order: Array) -> list[list[Placement]]:
        """By rows of scores: the topics of these numbers, without the words that decided."""
        topics = self.ground.topics
        best = np.maximum(np.take_along_axis(scores, order, 1), 0.0)
        pairs = zip(order.tolist(), best.tolist(), strict=True)
        return [[Placement(topics[n].slug, score) for n, score in zip(*both, strict=True)] for both in pairs]

    def worded(self, rows: Sequence[int], placements: Sequence[Sequence[Placement]]) -> list[tuple[Placement, ...]]:
        """The placements of papers with the words that decided; the curator's own as they are."""
        pairs = [
            (row, self.ground.number[placement.topic])
            for row, mine in zip(rows, placements, strict=True)
            for placement in mine
            if not placement.confirmed
        ]
        table, owners, terms = self.ground.table, list[int](), list[int]()
        for start in range(0, len(pairs), BLOCK):
            for place, chosen in enumerate(self._strongest(np.array(pairs[start : start + BLOCK])), start):
                owners += [place] * len(chosen)
                terms += chosen
        words = [list[str]() for _ in pairs]
        spelt = table.spelt(np.array([pairs[owner][0] for owner in owners], np.int64), np.array(terms, np.int64))
        for owner, word in zip(owners, spelt, strict=True):
            words[owner].append(word)
        told = iter(words)
        return [
            tuple(p if p.confirmed else msgspec.structs.replace(p, words=tuple(next(told))) for p in mine)
            for mine in placements
        ]

    def _strongest(self, pairs: Array) -> Iterator[list[int]]:
        """For each pair of a paper's row and a topic's number the features with most points, none within another."""
        terms, values, lengths = self._vectors(pairs[:, 0])
        owner = _owners(lengths)
        here = np.flatnonzero(self._known[terms] >= 0)
        terms, owner = terms[here], owner[here]
        points = values[here] * self._weights[self._known[terms], pairs[owner, 1]]
        here = np.flatnonzero(points > 0)
        order = here[np.lexsort((terms[here], -points[here], owner[here]))]
        terms, owner = terms[order], owner[order]
        starts = starts_of(owner, len(pairs))
        parts = [part.tolist() for part in self.ground.table.parts(terms)]
        numbers = terms.tolist()
        for first, end in itertools.pairwise(starts.tolist()):
            chosen: list[int] = []
            alone, paired = set[int](), set[int]()
            for place in range(first, min(end, first + STRONGEST)):
                one, two = parts[0][place], parts[1][place]
                if {one, two} & alone if two >= 0 else one in paired:
                    continue
                chosen.append(numbers[place])
                paired.update((one, two) if two >= 0 else ())
                alone.update(() if two >= 0 else (one,))
                if len(chosen) == DECIDING_WORDS:
                    break
            yield chosen


def _places(table: features.Table, rows: Array) -> Array:
    """Where the features of rows stand in the table."""
    return runs(table.starts[rows], table.starts[rows + 1] - table.starts[rows])


def _owners(lengths: Array) -> Array:
    return np.repeat(np.arange(len(lengths)), lengths)
