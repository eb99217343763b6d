"""Related papers: the nearest neighbours of each paper, with the words that they share as the reason.

Nearness is the cosine of TF-IDF vectors of words and word pairs (title, the curator's words, abstract), raised a little
by shared topics. Exact up to 10,000 papers; beyond, each paper is compared by its heaviest words only. The bars and the
measurements behind the constants: `tests/test_relate.py`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sitegen import features
from sitegen.model import Entry, Neighbour

MOST = 6
FLOOR = 0.06
"""Papers less near than this are not shown: fewer than six is fine."""
COMMON = 0.2
"""A word in a larger share of the papers tells nothing about neighbours."""
IDF_POWER = 0.7
TOPICS = 0.1
"""How much papers of the same topics are nearer; a secondary topic counts 0.6 of a primary one."""
SECONDARY = 0.6
EXACT = 10_000
HEAVIEST = 24
"""Words by which a paper is compared in a list of more than `EXACT` papers."""
REASONS = 4
SHARED = 0.5
"""How much a paper under two topics brings them together, where a related paper brings its score."""

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Vectors:
    """Unit vectors of n papers over m words, by paper and by word (compressed sparse rows and columns)."""

    words: list[str]
    starts: Ints
    """Where each paper's words begin in `terms` and `weights`; shape (n + 1,)."""
    terms: Ints
    weights: Floats
    holders: list[Ints]
    """By word: the papers that have it, ascending."""
    holder_weights: list[Floats]

    def paper(self, number: int) -> tuple[Ints, Floats]:
        span = slice(self.starts[number], self.starts[number + 1])
        return self.terms[span], self.weights[span]


def relate(entries: Sequence[Entry]) -> dict[str, tuple[Neighbour, ...]]:
    """The related papers of every paper, by slug, nearest first. The order of the entries does not matter."""
    ordered = sorted(entries, key=lambda entry: entry.slug)
    if len(ordered) < 2:
        return {entry.slug: () for entry in ordered}
    vectors = _vectors([features.of_entry(entry) for entry in ordered])
    nearness = _Topics(ordered)
    found = {}
    for number, entry in enumerate(ordered):
        scores = _scores(vectors, number, len(ordered))
        scores += TOPICS * nearness.of(number)
        scores[number] = -1
        best = _best(scores)
        spelling = features.spelling(entry)
        found[entry.slug] = tuple(
            Neighbour(ordered[other].slug, round(float(scores[other]), 4), _shared(vectors, number, other, spelling))
            for other in best
            if scores[other] >= FLOOR
        )
    return found


def _vectors(counts: Sequence[Counter[str]]) -> Vectors:
    total = len(counts)
    frequency = Counter(word for words in counts for word in words)
    most = max(2, COMMON * total)
    words = sorted(word for word, n in frequency.items() if 2 <= n <= most)
    number = {word: n for n, word in enumerate(words)}
    idf = [math.log((total + 1) / (frequency[word] + 0.5)) ** IDF_POWER for word in words]
    starts, terms, weights = [0], [], []
    for found in counts:
        mine = sorted((number[word], math.log1p(n) * idf[number[word]]) for word, n in found.items() if word in number)
        norm = math.sqrt(sum(weight * weight for _, weight in mine)) or 1.0
        terms += [term for term, _ in mine]
        weights += [weight / norm for _, weight in mine]
        starts.append(len(terms))
    flat, values = np.array(terms, np.int32), np.array(weights, np.float32)
    papers = np.repeat(np.arange(total, dtype=np.int32), np.diff(starts))
    order = np.argsort(flat, kind="stable")
    cuts = np.searchsorted(flat[order], np.arange(1, len(words)))
    return Vectors(
        words,
        np.array(starts, np.int32),
        flat,
        values,
        np.split(papers[order], cuts) if words else [],
        np.split(values[order], cuts) if words else [],
    )


def _scores(vectors: Vectors, number: int, total: int) -> NDArray[np.float64]:
    """The cosine of one paper with every other; shape (n,)."""
    terms, weights = vectors.paper(number)
    if total > EXACT and len(terms) > HEAVIEST:
        heavy = np.sort(np.argsort(-weights, kind="stable")[:HEAVIEST])
        terms, weights = terms[heavy], weights[heavy]
    if not len(terms):
        return np.zeros(total)
    papers = np.concatenate([vectors.holders[term] for term in terms])
    products = np.concatenate([vectors.holder_weights[t] * w for t, w in zip(terms, weights, strict=True)])
    return np.bincount(papers, products, total).astype(np.float64)


def _best(scores: NDArray[np.float64]) -> list[int]:
    """The numbers of the highest scores; of equal ones the first."""
    rounded = np.round(scores, 6)  # the last bits depend on the order of sums
    if len(rounded) > 4 * MOST:
        likely = np.flatnonzero(rounded >= np.partition(rounded, -MOST)[-MOST])
    else:
        likely = np.arange(len(rounded))
    return [int(n) for n in likely[np.argsort(-rounded[likely], kind="stable")][:MOST]]


def _shared(vectors: Vectors, one: int, other: int, spelling: Mapping[str, str]) -> tuple[str, ...]:
    """The words that bring two papers together, strongest first, no word within another."""
    (mine, weights), (theirs, others) = vectors.paper(one), vectors.paper(other)
    if not len(theirs):
        return ()
    places = np.searchsorted(theirs, mine)
    places[places == len(theirs)] = 0
    here = np.flatnonzero(theirs[places] == mine)
    terms, shares = mine[here], weights[here] * others[places[here]]
    chosen: list[str] = []
    known: set[str] = set()
    for term in terms[np.argsort(-np.round(shares, 6), kind="stable")[: 4 * REASONS]].tolist():
        word = vectors.words[term]
        parts = word.split()
        if known.isdisjoint(parts):
            chosen.append(word)
            known.update(parts)
        if len(chosen) == REASONS:
            break
    return tuple(features.spelt(word, spelling) for word in chosen)


class _Topics:
    """How alike papers are by topic alone: the cosine of their placements."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        slugs = sorted({topic for entry in entries for topic in entry.topics})
        self._table = np.zeros((len(entries), len(slugs)), np.float32)
        for row, entry in enumerate(entries):
            for place, topic in enumerate(entry.topics):
                self._table[row, slugs.index(topic)] = SECONDARY if place else 1.0
        norms = np.linalg.norm(self._table, axis=1, keepdims=True)
        self._table /= np.where(norms, norms, 1.0)

    def of(self, number: int) -> NDArray[np.float64]:
        """Of one paper with every other; shape (n,)."""
        alike: NDArray[np.float64] = (self._table @ self._table[number]).astype(np.float64)
        return alike


def related_topics(entries: Sequence[Entry], near: Mapping[str, Sequence[Neighbour]]) -> dict[str, dict[str, float]]:
    """How near topics are to each other, in [0, 1], the nearest first: by the related papers of their papers, and by
    the papers that stand under both. Divided by the root of both topics' sizes: large ones are not near to all."""
    topics = {entry.slug: entry.topics for entry in entries}
    sizes = Counter(entry.topics[0] for entry in entries if entry.topics)
    links: Counter[tuple[str, str]] = Counter()
    for entry in sorted(entries, key=lambda entry: entry.slug):
        pulls = [(topic, SHARED) for topic in entry.topics[1:]]
        pulls += [(topics[n.slug][0], n.score) for n in near.get(entry.slug, ()) if topics[n.slug]]
        for other, strength in pulls if entry.topics else ():
            links[entry.topics[0], other] += strength  # type: ignore[assignment]
    both = {(a, b): links[a, b] + links[b, a] for pair in links for a, b in (pair, pair[::-1]) if a != b}
    found = {pair: n / math.sqrt(max(sizes[pair[0]], 1) * max(sizes[pair[1]], 1)) for pair, n in both.items()}
    most = max(found.values(), default=1.0)
    kin: dict[str, dict[str, float]] = {}
    for (topic, other), value in sorted(found.items(), key=lambda item: (-item[1], item[0])):
        kin.setdefault(topic, {})[other] = round(value / most, 6)
    return kin
