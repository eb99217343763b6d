"""Related papers: the nearest neighbours of each paper, with the words that they share as the reason.

Nearness is the cosine of TF-IDF vectors of words and word pairs (title, the curator's words, abstract), raised a little
by shared topics. Exact up to 10,000 papers; beyond, each paper is compared by its heaviest words only. The bars and the
measurements behind the constants: `tests/test_relate.py`.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from sitegen import features
from sitegen.model import Entry, Neighbour
from sitegen.text import fold

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
    """Numbers of words, ascending in each paper."""
    weights: Floats
    word_starts: Ints
    """Where each word's papers begin in `holders` and `holder_weights`; shape (m + 1,)."""
    holders: Ints
    """Numbers of papers, ascending for each word."""
    holder_weights: Floats

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
    titles = [fold(entry.paper.title) for entry in ordered]
    found = {}
    for number, entry in enumerate(ordered):
        scores = _scores(vectors, number, len(ordered))
        scores += TOPICS * nearness.of(number)
        scores[number] = -1
        best = _best(scores, titles, number)
        reasons = _shared(vectors, number, best, features.Spelling(entry)) if best else []
        found[entry.slug] = tuple(
            Neighbour(ordered[other].slug, round(float(scores[other]), 4), because)
            for other, because in zip(best, reasons, strict=True)
        )
    return found


def _vectors(counts: Sequence[Counter[str]]) -> Vectors:
    seen: defaultdict[str, int] = defaultdict()
    seen.default_factory = seen.__len__  # a new word gets the next number
    lengths = [len(found) for found in counts]
    numbers = np.fromiter(map(seen.__getitem__, chain.from_iterable(counts)), np.int32, sum(lengths))
    times = np.fromiter(chain.from_iterable(found.values() for found in counts), np.float64, sum(lengths))
    papers = np.repeat(np.arange(len(counts), dtype=np.int32), lengths)
    frequency = np.bincount(numbers, minlength=len(seen))
    told = (frequency >= 2) & (frequency <= max(2, COMMON * len(counts)))
    words = sorted(word for word, number in seen.items() if told[number])
    kept = np.fromiter((seen[word] for word in words), np.int32, len(words))
    renumbered = np.full(len(seen), -1, np.int32)
    renumbered[kept] = np.arange(len(words), dtype=np.int32)
    here = told[numbers]
    numbers, times, papers = renumbered[numbers[here]], times[here], papers[here]
    order = np.lexsort((numbers, papers))
    numbers, times, papers = numbers[order], times[order], papers[order]
    weights = np.log1p(times) * (np.log((len(counts) + 1) / (frequency[kept] + 0.5)) ** IDF_POWER)[numbers]
    norms = np.sqrt(np.bincount(papers, weights**2, len(counts)))
    unit = (weights / np.where(norms, norms, 1.0)[papers]).astype(np.float32)
    by_word = np.argsort(numbers, kind="stable")
    return Vectors(
        words,
        _starts(papers, len(counts)),
        numbers,
        unit,
        _starts(numbers, len(words)),
        papers[by_word],
        unit[by_word],
    )


def _starts(numbers: Ints, total: int) -> Ints:
    """Where the entries of each number begin once they are sorted by it; shape (total + 1,)."""
    return np.concatenate([[0], np.cumsum(np.bincount(numbers, minlength=total))]).astype(np.int32)


def _scores(vectors: Vectors, number: int, total: int) -> NDArray[np.float64]:
    """The cosine of one paper with every other; shape (n,)."""
    terms, weights = vectors.paper(number)
    if total > EXACT and len(terms) > HEAVIEST:
        heavy = np.sort(np.argsort(-weights, kind="stable")[:HEAVIEST])
        terms, weights = terms[heavy], weights[heavy]
    starts, ends = vectors.word_starts[terms], vectors.word_starts[terms + 1]
    lengths = ends - starts
    before = np.cumsum(lengths) - lengths
    places = np.arange(int(lengths.sum())) + np.repeat(starts - before, lengths)
    products = vectors.holder_weights[places] * np.repeat(weights, lengths)
    return np.bincount(vectors.holders[places], products, total).astype(np.float64)


def _best(scores: NDArray[np.float64], titles: Sequence[str], number: int) -> list[int]:
    """The numbers of the highest scores that are not below the floor; of equal ones the first. A paper that stands in
    the list twice is no neighbour of itself, and a neighbour once."""
    likely = np.flatnonzero(scores >= FLOOR)
    rounded = np.round(scores[likely], 6)  # the last bits depend on the order of sums
    best: list[int] = []
    named = {titles[number]}
    for other in likely[np.argsort(-rounded, kind="stable")].tolist():
        if titles[other] not in named:
            named.add(titles[other])
            best.append(other)
        if len(best) == MOST:
            break
    return best


def _shared(vectors: Vectors, one: int, others: Sequence[int], spelling: features.Spelling) -> list[tuple[str, ...]]:
    """For each other paper the words that bring it near, strongest first, no word within another."""
    terms, weights = vectors.paper(one)
    mine = np.zeros(len(vectors.words), np.float32)
    mine[terms] = weights
    found = []
    for other in others:
        theirs, their_weights = vectors.paper(other)
        shares = mine[theirs] * their_weights
        here = np.flatnonzero(shares)
        strongest = here[np.argsort(-np.round(shares[here], 6), kind="stable")[: 4 * REASONS]]
        chosen: list[str] = []
        known: set[str] = set()
        for term in theirs[strongest].tolist():
            parts = vectors.words[term].split()
            if known.isdisjoint(parts):
                chosen.append(vectors.words[term])
                known.update(parts)
            if len(chosen) == REASONS:
                break
        found.append(tuple(features.spelt(word, spelling) for word in chosen))
    return found


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
