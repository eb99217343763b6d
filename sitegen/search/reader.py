"""The reader's ranking over an index in memory: for the terminal, and for answers made in advance.

The same steps, readings and numbers as `templates/assets/search/reader.js`, on arrays; a test compares the two.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence

import msgspec

from sitegen.arrays import Array, np, offsets
from sitegen.search import language
from sitegen.search.heavy import heavy
from sitegen.search.index import Index, Postings
from sitegen.search.pipeline import STOP_WORDS, cut_words, plain, utf16
from sitegen.search.rules import ENDINGS, rule
from sitegen.search.spelling import Speller
from sitegen.search.stemmer import stem, stems
from sitegen.text import unique

_SIGNS = re.compile(r"[+\-~^*:]")
_OPEN = re.compile(r"[^\W_]\Z")
_QUOTED = re.compile('["\u201c\u201d]([^"\u201c\u201d]*)["\u201c\u201d]')
Reading = tuple[range, int]
"""Terms, by their places, and a percentage."""


def _none() -> Array:
    return np.zeros(0, np.int64)


class Found(msgspec.Struct, frozen=True, eq=False):
    """What a search found: the papers of the answer by number, best first."""

    papers: Array
    scores: Array
    relaxed: bool = False
    """The papers are not those that have every word as it was written."""
    whole: int = 0
    """How many of the papers have all the words that some paper has."""
    others: Array = msgspec.field(default_factory=_none)
    """Where few papers have all words: papers that have some of them. They are no part of the answer."""
    repairs: tuple[tuple[str, str], ...] = ()
    """Mistyped words, and what was searched in their place."""
    missing: tuple[str, ...] = ()
    """Words that no paper has, and that are near none."""
    error: str = ""
    """Why a query with signs was read as plain words."""

    @property
    def total(self) -> int:
        return len(self.papers)


class Sums(msgspec.Struct, frozen=True, eq=False):
    """What each term counts for the papers that have it, in all fields; sorted by term, then paper."""

    papers: Array
    weights: Array
    starts: Array
    """Where each term's begin; one more than there are terms."""


class Word(msgspec.Struct, frozen=True):
    """One word of a query."""

    text: str
    open: bool = False
    """Its end may not be typed yet."""
    quoted: bool = False
    """It is meant exactly so: nothing is completed, nothing mended."""


class Scores(msgspec.Struct, frozen=True, eq=False):
    """What one word counts for each paper, and where in title and names it stands, a bit for each place."""

    best: Array
    title: Array
    names: Array
    optional: bool


def asked(query: str) -> list[Word]:
    """The words of a query, without stop words."""
    text = plain(query)
    quoted = {word for part in _QUOTED.findall(text) for word in cut_words(part)}
    words = cut_words(text)
    end = len(words) - 1 if _OPEN.search(text) else -1
    made = [Word(word, at == end and word not in quoted, word in quoted) for at, word in enumerate(words)]
    return [word for word in made if word.quoted or word.text not in STOP_WORDS] or (made[end:] if end >= 0 else [])


def endings(word: str) -> list[str]:
    """The stems of what a word may become whose end is not typed yet, or only in part."""
    possible = [
        word[: len(word) - typed] + ending
        for ending in ENDINGS
        for typed in range(len(ending))
        if len(word) - typed > 1 and word.endswith(ending[:typed])
    ]
    return list(unique(stems(possible)))


class Searcher:
    """An index, ready to be asked."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.places = index.places
        self.heavy = frozenset(heavy(index))
        self.masks = {f.name: _masks(p) for f in index.fields if (p := index.postings[f.name]).places is not None}
        self.sums = _sums(index)
        self.title = next((f.name for f in index.fields if f.places == "order"), "")
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
            papers, scores = language.search(self.index, self.places, language.cleaned(query))
            return Found(papers, scores, whole=len(papers))
        except language.QueryError as error:
            return msgspec.structs.replace(self.read(_SIGNS.sub(" ", query)), error=str(error))

    def read(self, query: str) -> Found:
        """All papers that plain words find."""
        words = asked(query)
        repairs: list[tuple[str, str]] = []
        missing: list[str] = []
        line: list[Scores] = []
        known: dict[Word, Scores] = {}
        for word in words:
            begun = word.open and len(words) > 1 and (len(word.text) < 2 or word.text in self.heavy)
            readings = self.readings(word.text, word.open and not begun)
            if not readings and not begun:
                if word.quoted or not (meant := self.speller.meant(word.text, word.open)):
                    missing.append(word.text)
                    continue
                repairs.append((word.text, meant))
                place = self.places[stem(meant)]
                readings = [(range(place, place + 1), rule("repair"))]
            if readings:
                known[word] = known.get(word) or self.scores(readings, begun)
                line.append(known[word])
        found = self._rank(line) if line else Found(_none(), np.zeros(0))
        relaxed = found.relaxed or bool(repairs or missing)
        return msgspec.structs.replace(found, relaxed=relaxed, repairs=tuple(repairs), missing=tuple(missing))

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

    def scores(self, readings: Sequence[Reading], optional: bool) -> Scores:
        """What the readings of a word count."""
        index = self.index
        best, title, names = (np.zeros(index.papers, kind) for kind in (np.int64, np.uint32, np.uint32))
        for terms, percentage in readings:
            cut = slice(self.sums.starts[terms.start], self.sums.starts[terms.stop])
            np.maximum.at(best, self.sums.papers[cut], self.sums.weights[cut] * percentage)
            for name, masks in self.masks.items():
                p = index.postings[name]
                cut = slice(p.starts[terms.start], p.starts[terms.stop])
                np.bitwise_or.at(title if name == self.title else names, p.papers[cut], masks[cut])
        return Scores(best, title, names, optional)

    def _rank(self, line: Sequence[Scores]) -> Found:
        """The papers that have all words, if these are enough; else those that have half of them, or as many as any."""
        needed = [word for word in line if not word.optional] or list(line)
        distinct = list(dict.fromkeys(needed))
        counts: Array = np.sum([word.best > 0 for word in distinct], axis=0)
        most = len(distinct)
        whole, some = counts == most, counts >= max(1, min((most + 1) // 2, counts.max(initial=0)))
        number = int(whole.sum())
        named = np.all([(word.title | word.names) > 0 for word in distinct], axis=0) & whole
        enough = number > 0 and (most < rule("long") or number >= rule("many") or bool(named.any()))
        every: Array = np.sum([word.best for word in dict.fromkeys(line)], axis=0)
        partly = every * 100 * counts**2 // most**2
        papers = np.nonzero(whole if enough else some)[0]
        factor, more = self._bonus(needed, papers)
        values = np.where(whole[papers], every[papers] * factor + more, partly[papers])
        order = _best_first(values)
        rest = np.nonzero(some & ~whole)[0] if enough and number < rule("few") else _none()
        others = rest[_best_first(partly[rest])]
        return Found(papers[order], values[order] / 1e7, not enough, number, others)

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
        if self.title:
            lengths = self.index.postings[self.title].lengths[papers]
            more += ((start > 0) & (lengths == count)) * rule("exact")
        if count > 1:
            more += (names > 0) * rule("name")
        return factor, more


def _best_first(values: Array) -> Array:
    """The places of the highest values first, of equal ones in their order. One number for both is sorted fastest."""
    size = max(1, len(values))
    return np.sort(np.arange(len(values)) - values * size) % size


def _sums(index: Index) -> Sums:
    """The weights of all fields together."""
    postings = index.postings.values()
    keys = np.concatenate([p.terms.astype(np.int64) * max(1, index.papers) + p.papers for p in postings])
    order = np.argsort(keys, kind="stable")  # each field is sorted already, and merged quickly
    keys = keys[order]
    first = np.nonzero(np.diff(keys, prepend=-1))[0]
    weights = np.concatenate([p.weights for p in postings])[order]
    terms, papers = np.divmod(keys[first], max(1, index.papers))
    sums = np.add.reduceat(weights, first) if len(first) else weights
    return Sums(papers, sums, offsets(np.bincount(terms, minlength=len(index.terms))))


def _masks(p: Postings) -> Array:
    """A bit for each place of each posting, places from 32 on left out."""
    assert p.places is not None
    if not len(p.places):
        return np.zeros(0, np.uint32)
    bits = np.where(p.places < 32, np.uint64(1) << np.minimum(p.places, 40).astype(np.uint64), np.uint64(0))
    first = np.concatenate(([0], np.cumsum(p.counts)[:-1])).astype(np.int64)
    masks: Array = np.bitwise_or.reduceat(bits, first).astype(np.uint32)
    return masks
