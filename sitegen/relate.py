"""Related papers: the nearest neighbours of each paper, with the words that they share as the reason.

Nearness is the cosine of TF-IDF vectors of words and word pairs (title, the curator's words, abstract), raised a little
by shared topics. Up to `EXACT` papers each is compared with every other; beyond, with those that share its heaviest
words, and of these the `CLOSE` likeliest by all words. The bars and the measurements behind the constants:
`tests/test_relate.py`.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from sitegen import features
from sitegen.arrays import Array, Sums, highest, np, order_by, runs, starts_of
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
EXACT = 2_000
HELD = 4_000
"""In a longer list a paper is compared by its heaviest words, as many as stand in so many papers together."""
CLOSE = 64
REASONS = 4
SHARED = 0.5
"""How much a paper under two topics brings them together, where a related paper brings its score."""
_TWO = 0x4000_0000
"""The bits of 2.0 in 32: those of positive numbers are in their order."""
FEW = 0.1
"""Share of the papers under other topics than before up to which only what they touch is compared again."""

Floats = Array
Ints = Array
Related = dict[str, tuple[Neighbour, ...]]
Topics = Mapping[str, tuple[str, ...]]
"""The topics of papers, by slug."""


class Vectors(msgspec.Struct, frozen=True, eq=False):
    """Unit vectors of n papers, by slug, over the words of a table, by paper and by word (compressed sparse rows and
    columns)."""

    table: features.Table
    starts: Ints
    """Where each paper's words begin in `terms` and `weights`; shape (n + 1,)."""
    terms: Ints
    """Places in the table's features, ascending in each paper."""
    weights: Floats
    word_starts: Ints
    """Where each word's papers begin in `holders` and `holder_weights`; shape (m + 1,)."""
    holders: Ints
    """Numbers of papers, ascending for each word."""
    holder_weights: Floats
    asked_starts: Ints
    """Where the words by which each paper is compared begin in the next two; shape (n + 1,)."""
    asked: Ints
    asked_weights: Floats

    @property
    def papers(self) -> int:
        return len(self.starts) - 1

    def paper(self, number: int) -> tuple[Ints, Floats]:
        span = slice(self.starts[number], self.starts[number + 1])
        return self.terms[span], self.weights[span]

    def several(self, numbers: Array) -> tuple[Array, Array, Array]:
        """The words and weights of papers, one after another, and which of them each belongs to."""
        lengths = self.starts[numbers + 1] - self.starts[numbers]
        places = runs(self.starts[numbers], lengths)
        return self.terms[places], self.weights[places], np.repeat(np.arange(len(numbers)), lengths)

    def alike(self, terms: Ints, weights: Floats) -> Array:
        """The cosine of some words with every paper; shape (n,)."""
        return np.bincount(*self._products(terms, weights), self.papers)

    def _products(self, terms: Ints, weights: Floats) -> tuple[Array, Array]:
        """What each word adds to the cosine, and with which papers; these come more than once."""
        lengths = self.word_starts[terms + 1] - self.word_starts[terms]
        places = runs(self.word_starts[terms], lengths)
        return self.holders[places], self.holder_weights[places] * np.repeat(weights, lengths)

    def likenesses(self, number: int, sums: Sums) -> tuple[Array, Array]:
        """The papers that have words in common with one, by those by which it is compared, and the cosine with each."""
        span = slice(self.asked_starts[number], self.asked_starts[number + 1])
        return sums.of(*self._products(self.asked[span], self.asked_weights[span]))


def vectors(table: features.Table, papers: int) -> Vectors:
    """The vectors of the first rows of a table, which are the papers by slug."""
    end = int(table.starts[papers])
    terms, owners = table.terms[:end], table.rows[:end]
    frequency = np.bincount(terms, minlength=len(table.features))
    told = (frequency >= 2) & (frequency <= max(2, COMMON * papers))
    here = told[terms]
    terms, owners, times = terms[here], owners[here], table.times[:end][here]
    rarity = np.zeros(len(frequency))
    rarity[told] = np.log((papers + 1) / (frequency[told] + 0.5)) ** IDF_POWER
    weights = np.log1p(times) * rarity[terms]
    norms = np.sqrt(np.bincount(owners, weights**2, papers))
    unit = (weights / np.where(norms, norms, 1.0)[owners]).astype(np.float32)
    by_word = order_by(terms)
    asked = np.arange(len(terms))
    if papers > EXACT:
        asked = order_by(owners, np.int32(_TWO) - unit.view(np.int32))  # the heaviest words of each first
        held = np.cumsum(frequency[terms[asked]])
        firsts = starts_of(owners, papers)
        before = np.concatenate([[0], held])[firsts[:-1]]
        kept = held - np.repeat(before, np.diff(firsts)) <= HELD
        asked = np.sort(asked[kept])
    return Vectors(
        table,
        starts_of(owners, papers).astype(np.int32),
        terms,
        unit,
        starts_of(terms, len(frequency)).astype(np.int32),
        owners[by_word],
        unit[by_word],
        starts_of(owners[asked], papers).astype(np.int32),
        terms[asked],
        unit[asked],
    )


def ground(entries: Sequence[Entry]) -> Vectors:
    """The vectors of papers alone."""
    ordered = sorted(entries, key=lambda entry: entry.slug)
    return vectors(features.table(map(features.of_entry, ordered)), len(ordered))


Near = tuple[list[tuple[int, float]], list[list[int]]]
"""The numbers and scores of the papers near to one, and for each of them the words that bring it near."""
Share = Callable[[Sequence[int], Callable[[Sequence[int]], list[Near]]], Iterable[list[Near]]]
"""Has work done on numbers, part by part, and gives what is made of them in their order."""


def alone(numbers: Sequence[int], work: Callable[[Sequence[int]], list[Near]]) -> Iterable[list[Near]]:
    """Has it done here, all at once."""
    return [work(numbers)]


def relate(
    entries: Sequence[Entry],
    known: Vectors | None = None,
    before: tuple[Topics, Related] | None = None,
    share: Share = alone,
) -> Related:
    """The related papers of every paper, by slug, nearest first. The order of the entries does not matter.

    `known`: their vectors; `before`: the topics that the same papers had before, and what was related to them then."""
    ordered = sorted(entries, key=lambda entry: entry.slug)
    if len(ordered) < 2:
        return {entry.slug: () for entry in ordered}
    known = known or ground(ordered)
    nearness = _Topics(ordered)
    title = functools.cache(lambda number: fold(ordered[number].paper.title))
    numbers = range(len(ordered)) if before is None else _touched(known, nearness, ordered, before)

    def work(numbers: Sequence[int]) -> list[Near]:
        return list(_near(known, nearness, title, numbers))

    made = dict(zip(numbers, itertools.chain.from_iterable(share(numbers, work)), strict=True))
    near = {number: best for number, (best, _) in made.items()}
    terms = [chosen for _, shared in made.values() for chosen in shared]
    rows = np.repeat(np.array([n for n, mine in near.items() for _ in mine], np.int64), [*map(len, terms)])
    spelt = iter(known.table.spelt(rows, np.array([term for chosen in terms for term in chosen], np.int64)))
    reasons = iter([tuple(next(spelt) for _ in chosen) for chosen in terms])
    found = dict(before[1]) if before else {}
    for number, mine in near.items():
        found[ordered[number].slug] = tuple(Neighbour(ordered[n].slug, score, next(reasons)) for n, score in mine)
    return found


def _near(known: Vectors, nearness: _Topics, title: Callable[[int], str], numbers: Sequence[int]) -> Iterator[Near]:
    """What is near to these papers."""
    row = np.zeros(len(known.word_starts) - 1, np.float32)
    """The weights of the paper that is looked at, by word."""
    sums = Sums(known.papers)
    for number in numbers:
        words, weights = known.paper(number)
        row[words] = weights
        if known.papers > EXACT:
            others, scores = _close(known, number, row, sums)
        else:
            others, scores = np.arange(known.papers), known.alike(words, weights)
        best = _best(nearness, title, number, others, scores)
        yield best, list(_shared(known, row, np.array([other for other, _ in best], np.int64)))
        row[words] = 0


def _touched(
    known: Vectors, nearness: _Topics, entries: Sequence[Entry], before: tuple[Topics, Related]
) -> Sequence[int]:
    """The papers whose neighbours may be others now that some papers stand under other topics."""
    topics = before[0]
    moved = [number for number, entry in enumerate(entries) if topics.get(entry.slug) != entry.topics]
    if len(moved) > FEW * len(entries) or topics.keys() != {entry.slug for entry in entries}:
        return range(len(entries))
    slugs = {entries[number].slug for number in moved}
    touched = {*moved}
    last = np.zeros(len(entries))
    for number, entry in enumerate(entries):
        near = before[1][entry.slug]
        last[number] = near[-1].score if len(near) == MOST else FLOOR
        if any(other.slug in slugs for other in near):
            touched.add(number)
    every = np.arange(len(entries))
    for number in moved:  # a paper may come nearer to one that did not have it; 0.001 for what rounding hides
        touched.update(
            np.flatnonzero(
                known.alike(*known.paper(number)) + TOPICS * nearness.of(number, every) > last - 1e-3
            ).tolist()
        )
    return sorted(touched)


def _close(known: Vectors, number: int, row: Floats, sums: Sums) -> tuple[Array, Array]:
    """The likeliest papers, and how like they are by all words. `row`: the weights of the one asked for, by word."""
    others, scores = known.likenesses(number, sums)
    if len(others) > CLOSE:  # by words alone: a paper that moves changes nothing but its own nearness
        others = others[highest(np.round(scores, 6), CLOSE)]
    terms, weights, owner = known.several(others)
    return others, np.bincount(owner, row[terms] * weights, len(others))


def _best(
    nearness: _Topics, title: Callable[[int], str], number: int, others: Array, scores: Array
) -> list[tuple[int, float]]:
    """The nearest papers that are not below the floor, with their scores; of equal ones the first. A paper that stands
    in the list twice is no neighbour of itself, and a neighbour once. `scores`: how like the others are."""
    scores = scores + TOPICS * nearness.of(number, others)
    likely = np.flatnonzero((scores >= FLOOR) & (others != number))
    rounded = np.round(scores[likely], 6)  # the last bits depend on the order of sums
    best: list[tuple[int, float]] = []
    named = {title(number)}
    for place in likely[np.argsort(-rounded, kind="stable")].tolist():
        other = int(others[place])
        if title(other) not in named:
            named.add(title(other))
            best.append((other, round(float(scores[place]), 4)))
        if len(best) == MOST:
            break
    return best


def _shared(known: Vectors, row: Floats, others: Array) -> Iterator[list[int]]:
    """For each other paper the words that bring it near to one, strongest first, no word within another."""
    terms, weights, owner = known.several(others)
    shares = row[terms] * weights
    here = np.flatnonzero(shares)
    order = here[np.lexsort((terms[here], -np.round(shares[here], 6), owner[here]))]
    starts = starts_of(owner[order], len(others)).tolist()
    numbers = terms[order]
    first, second = (part.tolist() for part in known.table.parts(numbers))
    for place in range(len(others)):
        chosen: list[int] = []
        said = {-1}
        for at in range(starts[place], min(starts[place + 1], starts[place] + 4 * REASONS)):
            if first[at] not in said and (second[at] < 0 or second[at] not in said):
                chosen.append(int(numbers[at]))
                said.update((first[at], second[at]))
            if len(chosen) == REASONS:
                break
        yield chosen


class _Topics:
    """How alike papers are by topic alone: the cosine of their placements. Many papers stand under the same topics."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        mine = [entry.topics for entry in entries]
        kinds = sorted(set(mine))
        place = {topics: number for number, topics in enumerate(kinds)}
        self._kind = np.array([place[topics] for topics in mine], np.int32)
        slugs = sorted({topic for topics in kinds for topic in topics})
        column = {slug: number for number, slug in enumerate(slugs)}
        self._table = np.zeros((len(kinds), len(slugs)), np.float32)
        for row, topics in enumerate(kinds):
            for rank, topic in enumerate(topics):
                self._table[row, column[topic]] = SECONDARY if rank else 1.0
        norms = np.linalg.norm(self._table, axis=1, keepdims=True)
        self._table /= np.where(norms, norms, 1.0)

    def of(self, number: int, others: Array) -> Array:
        """Of one paper with others."""
        alike: Array = (self._table @ self._table[self._kind[number]]).astype(np.float64)
        chosen: Array = alike[self._kind[others]]
        return chosen


def related_topics(entries: Sequence[Entry], near: Mapping[str, Sequence[Neighbour]]) -> dict[str, dict[str, float]]:
    """How near topics are to each other, in [0, 1], the nearest first: by the related papers of their papers, and by
    the papers that stand under both. Divided by the root of both topics' sizes: large ones are not near to all."""
    topics = {entry.slug: mine for entry in entries if (mine := entry.topics)}
    first = {slug: mine[0] for slug, mine in topics.items()}
    sizes = Counter(first.values())
    links: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for slug in sorted(slug for slug, mine in topics.items() if len(mine) > 1):
        for other in topics[slug][1:]:
            links[first[slug]][other] += SHARED
    for slug, others in sorted(near.items()):
        for paper in others if slug in first else ():
            if paper.slug in first:
                links[first[slug]][first[paper.slug]] += paper.score
    pairs = {pair for a, pulls in links.items() for b in pulls for pair in ((a, b), (b, a)) if a != b}
    both = {(a, b): links[a][b] + links[b][a] for a, b in pairs}
    found = {pair: n / math.sqrt(max(sizes[pair[0]], 1) * max(sizes[pair[1]], 1)) for pair, n in both.items()}
    most = max(found.values(), default=1.0)
    kin: dict[str, dict[str, float]] = {}
    for (topic, other), value in sorted(found.items(), key=lambda item: (-item[1], item[0])):
        kin.setdefault(topic, {})[other] = round(value / most, 6)
    return kin
