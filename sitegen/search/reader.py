"""The reader's ranking over an index in memory: for the terminal, and for answers made in advance.

The same steps, readings and numbers as `templates/assets/search/reader.js`, on arrays; a test compares the two.
"""

from __future__ import annotations

import bisect
import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sitegen.search import language
from sitegen.search.heavy import heavy
from sitegen.search.index import Index, Postings
from sitegen.search.pipeline import STOP_WORDS, cut_words, plain, stem, utf16
from sitegen.search.rules import RULES
from sitegen.search.spelling import Speller
from sitegen.search.streams import Array

ENDINGS = str(RULES["endings"]).split()
_SIGNS = re.compile(r"[+\-~^*:]")
_OPEN = re.compile(r"[^\W_]\Z")
Reading = tuple[range, int]
"""Terms, by their places, and a percentage."""


def rule(name: str) -> int:
    """A number of the rules."""
    return int(RULES[name])  # type: ignore[call-overload, no-any-return]


@dataclass(frozen=True, eq=False)
class Found:
    """What a search found: papers by number, best first."""

    papers: Array
    scores: Array
    relaxed: bool = False
    """Not every word of the query is in every paper, as written."""
    repairs: tuple[tuple[str, str], ...] = ()
    """Mistyped words, and what was searched in their place."""
    missing: tuple[str, ...] = ()
    """Words that no paper has, and that are near none."""
    error: str = ""
    """Why a query with signs was read as plain words."""

    @property
    def total(self) -> int:
        return len(self.papers)


@dataclass(frozen=True, eq=False)
class Scores:
    """What one word counts for each paper, and where in title and names it stands, a bit for each place."""

    best: Array
    title: Array
    names: Array


def wanted(query: str) -> tuple[list[str], bool]:
    """The words of a query, without stop words, and whether the last one may be the beginning of one."""
    text = plain(query)
    words, open_ = cut_words(text), bool(_OPEN.search(text))
    kept = [word for word in words if word not in STOP_WORDS]
    if not kept and open_:
        return words[-1:], True
    return kept, open_ and bool(kept) and words[-1] == kept[-1]


def endings(word: str) -> list[str]:
    """The stems of what a word may become whose end is not typed yet."""
    found: dict[str, None] = {}
    for ending in ENDINGS:
        for typed in range(1, len(ending)):
            if len(word) - typed > 2 and word.endswith(ending[:typed]):
                found[stem(word[:-typed] + ending)] = None
    return list(found)


class Searcher:
    """An index, ready to be asked."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.places = {term: place for place, term in enumerate(index.terms)}
        self.heavy = frozenset(heavy(index))
        self.masks = {f.name: _masks(p) for f in index.fields if (p := index.postings[f.name]).places is not None}
        self._speller: Speller | None = None

    @property
    def speller(self) -> Speller:
        self._speller = self._speller or Speller(self.index)
        return self._speller

    def search(self, query: str) -> Found:
        """All papers that a query finds, by the language of queries if it uses its signs."""
        if not language.is_query(query, [field.name for field in self.index.fields]):
            return self.read(query)
        try:
            return Found(*language.search(self.index, self.places, language.cleaned(query)))
        except language.QueryError as error:
            return dataclasses.replace(self.read(_SIGNS.sub(" ", query)), error=str(error))

    def read(self, query: str) -> Found:
        """All papers that plain words find."""
        words, open_ = wanted(query)
        repairs: list[tuple[str, str]] = []
        missing: list[str] = []
        line: list[Scores] = []
        known: dict[str, Scores] = {}
        for number, word in enumerate(words):
            last = open_ and number == len(words) - 1
            light = len(word) > 1 and word not in self.heavy
            readings = self.readings(word, last and (len(words) == 1 or light))
            if not readings and last and len(words) > 1 and not light:
                continue
            if not readings:
                if not (meant := self.speller.meant(word)):
                    missing.append(word)
                    continue
                repairs.append((word, meant))
                place = self.places[stem(meant)]
                readings = [(range(place, place + 1), rule("repair"))]
            if word not in known:
                known[word] = self.scores(readings)
            line.append(known[word])
        if not line:
            return Found(np.zeros(0, np.int64), np.zeros(0), bool(missing or repairs), tuple(repairs), tuple(missing))
        papers, values, whole = self._rank(line)
        return Found(
            papers, values / 1e7, bool(whole < len(papers) or missing or repairs), tuple(repairs), tuple(missing)
        )

    def readings(self, word: str, completing: bool) -> list[Reading]:
        """The terms that a word may mean."""
        own = self.places.get(stem(word))
        found: list[Reading] = [] if own is None else [(range(own, own + 1), rule("word"))]
        if not completing:
            return found
        low, high = self._range(word)
        cut = own if own is not None and low <= own < high else high
        found += [(part, rule("complete")) for part in (range(low, cut), range(cut + 1, high)) if len(part)]
        if own is None:
            stems = [self.places.get(text) for text in endings(word) if not text.startswith(word)]
            found += [(range(place, place + 1), rule("ending")) for place in stems if place is not None]
        return found

    def _range(self, prefix: str) -> tuple[int, int]:
        """The places of the terms that begin so."""
        key, terms = utf16(prefix), self.index.terms
        low = bisect.bisect_left(terms, key, key=utf16)
        return low, bisect.bisect_left(terms, key + b"\xff\xff\xff\xff", low, key=utf16)

    def scores(self, readings: Sequence[Reading]) -> Scores:
        """What the readings of a word count."""
        index = self.index
        made = Scores(*(np.zeros(index.papers, kind) for kind in (np.int64, np.uint32, np.uint32)))
        for terms, percentage in readings:
            keys, weights = [], []
            for field in index.fields:
                p = index.postings[field.name]
                cut = slice(p.starts[terms.start], p.starts[terms.stop])
                keys.append((p.terms[cut] - terms.start) * index.papers + p.papers[cut])
                weights.append(p.weights[cut])
                if field.places:
                    target = made.title if field.places == "order" else made.names
                    np.bitwise_or.at(target, p.papers[cut], self.masks[field.name][cut])
            both, place = np.unique(np.concatenate(keys), return_inverse=True)
            sums = np.zeros(len(both), np.int64)
            np.add.at(sums, place, np.concatenate(weights))
            np.maximum.at(made.best, both % max(1, index.papers), sums * percentage)
        return made

    def _rank(self, line: Sequence[Scores]) -> tuple[Array, Array, int]:
        """The papers, their values, and how many of them have all words."""
        distinct = list(dict.fromkeys(line))
        counts: Array = np.sum([word.best > 0 for word in distinct], axis=0)
        whole = int((counts == len(distinct)).sum())
        long = len(distinct) >= rule("long")
        enough = whole >= rule("few") * (4 if long else 1) or (whole > 0 and len(distinct) < 3)
        papers = np.nonzero(counts >= (len(distinct) if enough else (len(distinct) + 1) // 2))[0]
        values: Array = np.sum([word.best[papers] for word in distinct], axis=0)
        factor, more = self._bonus(line, papers)
        more += 0 if enough or long else rule("whole")
        partly = values * 100 * counts[papers] ** 2 // len(distinct) ** 2
        values = np.where(counts[papers] == len(distinct), values * factor + more, partly)
        order = np.argsort(-values, kind="stable")
        return papers[order], values[order], whole

    def _bonus(self, line: Sequence[Scores], papers: Array) -> tuple[Array, Array]:
        """The added percentages and amounts of papers that have all words."""
        count = len(line)
        run = line[0].title[papers]
        names = np.full(len(papers), 0xFFFFFFFF, np.uint32)
        inside = np.ones(len(papers), bool)
        for number, word in enumerate(line):
            inside &= word.title[papers] > 0
            names &= word.names[papers]
            if number:
                run = (run << np.uint32(1)) & word.title[papers]
        start = (run >> np.uint32(count - 1)) & 1 if count < 32 else np.zeros(len(papers), np.uint32)
        factor = 100 + start.astype(np.int64) * rule("start")
        if count > 1:
            factor += (run > 0) * rule("phrase") + inside * rule("all")
        more = np.zeros(len(papers), np.int64)
        for field in self.index.fields:
            if field.places == "order":
                lengths = self.index.postings[field.name].lengths[papers]
                more += ((start > 0) & (lengths == count)) * rule("exact")
        if count > 1:
            more += (names > 0) * rule("name")
        return factor, more


def _masks(p: Postings) -> Array:
    """A bit for each place of each posting, places from 32 on left out."""
    assert p.places is not None
    if not len(p.places):
        return np.zeros(0, np.uint32)
    bits = np.where(p.places < 32, np.uint64(1) << np.minimum(p.places, 40).astype(np.uint64), np.uint64(0))
    first = np.concatenate(([0], np.cumsum(p.counts)[:-1])).astype(np.int64)
    masks: Array = np.bitwise_or.reduceat(bits, first).astype(np.uint32)
    return masks
