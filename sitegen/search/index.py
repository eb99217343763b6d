"""lunr's inverted index as arrays: the same terms, numbers and weights as lunr.py's, computed in bulk.

Every distinct word passes the pipeline once; all else is sorting and arithmetic on flat arrays, in lunr's own order of
operations, so that every weight is the same to the last digit. Papers are numbered by the length of their longest
field, so that this length need not be stored with a posting (`shards`). Sources: lunr.js 2.3.9 `Builder`, lunr.py 0.8
`builder.py`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence

import msgspec

from sitegen.arrays import Array, changes, np, offsets, order_by, runs
from sitegen.search.documents import FIELDS, Document, Field
from sitegen.search.expand import expansions
from sitegen.search.pipeline import in_order, plain, terms, words_of
from sitegen.search.streams import Cut, Stream, Vocabulary, once, stream

K1, B = 1.2, 0.75
TOPICS = "topics"
LOOKED_IN = ("title", "keywords", "words", "abstract")
"""The fields in which compounds and acronyms are looked for."""


class Postings(msgspec.Struct, frozen=True, eq=False):
    """One field of the index, sorted by term, then paper."""

    terms: Array
    papers: Array
    counts: Array
    """How often the term stands in the paper's field."""
    weights: Array
    """lunr's weights in thousandths."""
    starts: Array
    """Where each term's postings begin; one more than there are terms."""
    lengths: Array
    """Terms in the field, by paper."""
    average: float
    places: Array | None
    """Ascending places, posting after posting, as many for each as it counts."""
    close: int
    """Weights so near a tie of rounding that two languages could round them apart."""


class Index(msgspec.Struct, frozen=True, eq=False):
    """The whole index. Terms are in UTF-16 order."""

    fields: tuple[Field, ...]
    terms: list[str]
    places: Mapping[str, int]
    """Each term's place among them."""
    numbers: Array
    """lunr's `_index` by term: the order in which lunr first saw them."""
    postings: Mapping[str, Postings]
    order: Array
    """The papers' places in the list that they came in, by number."""
    sort: int
    """The field whose length numbers the papers."""
    written: Mapping[str, int]
    """The words that a reader may have meant, and how frequent each is, in quarters of doublings."""

    @property
    def papers(self) -> int:
        return len(self.order)

    @property
    def spread(self) -> Array:
        """In how many fields of papers each term stands: lunr's document frequency."""
        return _spread(self.postings.values(), len(self.terms))


def _spread(postings: object, terms: int) -> Array:
    total: Array = np.zeros(terms, np.int64)
    for field in postings:  # type: ignore[attr-defined]
        total += np.diff(field.starts)
    return total


def build(
    documents: Sequence[Document], named: Sequence[Sequence[str]] = (), fields: tuple[Field, ...] = FIELDS
) -> Index:
    """The index of the documents. `named`: groups of names for one thing, among them acronyms."""
    return placed(cut(documents, named, fields), [document.topics for document in documents], fields)


def placed(words: Cut, topics: Sequence[str], fields: tuple[Field, ...] = FIELDS) -> Index:
    """The index of papers whose other texts are cut already, and are used up. `topics`: that field's text by paper."""
    vocabulary, streams = words
    if any(field.name == TOPICS for field in fields):
        streams[TOPICS] = once(list(map(plain, topics)), vocabulary)
    return from_streams(fields, streams, vocabulary, len(topics))


def cut(documents: Sequence[Document], named: Sequence[Sequence[str]], fields: tuple[Field, ...] = FIELDS) -> Cut:
    """The words of the documents, with those that they are expanded by; not of their topics, which often change."""
    vocabulary, fields = Vocabulary(), tuple(field for field in fields if field.name != TOPICS)
    streams = {
        field.name: stream(
            (plain(getattr(document, field.name)) for document in documents),
            vocabulary,
            field.places,
            field.name in LOOKED_IN,
        )
        for field in fields
    }
    if "also" in streams:
        looked = {name: streams[name] for name in LOOKED_IN if name in streams}
        raw = (f"{document.title}. {document.words} {document.abstract}" for document in documents)
        short = [f"{document.title}, {document.keywords}" for document in documents]
        short += [", ".join(names) for names in named]
        for word in itertools.chain.from_iterable(words_of([", ".join(names) for names in named])):
            vocabulary[word]  # a compound in a topic's name is in use
        streams["also"] = _both(streams["also"], expansions(raw, short, named, looked, vocabulary))
    return vocabulary, streams


def _both(one: Stream, more: Stream) -> Stream:
    """The words of both streams, paper by paper."""
    papers = np.concatenate([one.papers, more.papers])
    order = np.argsort(papers, kind="stable")
    return Stream(np.concatenate([one.ids, more.ids])[order], papers[order])


def from_streams(fields: tuple[Field, ...], streams: dict[str, Stream], vocabulary: Vocabulary, papers: int) -> Index:
    """The index of streams of words, which are used up: they are long."""
    total = sum((np.bincount(s.ids, minlength=len(vocabulary)) for s in streams.values()), np.zeros(1, np.int64))
    known, table = _terms([word if times else "" for word, times in zip(vocabulary, total.tolist(), strict=True)])
    terms, written = list(known), _written(vocabulary, total, table, papers)
    kept = {name: _kept(streams.pop(name), table) for name in [*streams]}
    lengths = {name: np.bincount(words.papers, minlength=papers) for name, words in kept.items()}
    sort = max(range(len(fields)), key=lambda f: (len(kept[fields[f].name].ids), -f))
    order = np.argsort(lengths[fields[sort].name], kind="stable")
    kept = {name: _renumbered(kept.pop(name), lengths[name], order) for name in [*kept]}
    numbers = _numbers(fields, kept, len(terms), papers)
    counted = {field.name: _count(kept.pop(field.name), field, papers) for field in fields}
    spread = sum((np.bincount(c[0], minlength=len(terms)) for c in counted.values()), np.zeros(len(terms), np.int64))
    rarity = _rarity(spread, papers)
    postings = {}
    for field in fields:
        t, d, counts, places = counted.pop(field.name)
        length = lengths[field.name][order]
        average = int(length.sum()) / max(1, papers)
        weights, close = _weights(rarity[t], counts, length[d], average, field.boost)
        starts = offsets(np.bincount(t, minlength=len(terms)))
        postings[field.name] = Postings(t, d, counts, weights, starts, length, average, places, close)
    return Index(fields, terms, known, numbers, postings, order, sort, written)


def _terms(words: Sequence[str]) -> tuple[dict[str, int], Array]:
    """The terms in UTF-16 order with their places, and each word's place among them (-1 for a stop word)."""
    found = terms(words)
    places = {name: place for place, name in enumerate(in_order(set(found) - {""}))}
    return places, np.fromiter(map(({"": -1} | places).__getitem__, found), np.int32, len(found))


def _kept(words: Stream, table: Array) -> Stream:
    """The stream of terms, stop words left out."""
    if not len(words.ids):
        return words
    ids = table[words.ids]
    keep = ids >= 0
    return Stream(ids[keep], words.papers[keep], None if words.parts is None else words.parts[keep])


def _renumbered(words: Stream, lengths: Array, order: Array) -> Stream:
    """The stream with its papers in their new order. `lengths`: how many words each has."""
    places = runs(offsets(lengths)[order], lengths[order])
    papers = np.repeat(np.arange(len(order), dtype=np.int32), lengths[order])
    return Stream(words.ids[places], papers, None if words.parts is None else words.parts[places])


def _within(words: Stream, papers: int) -> Array:
    """Each word's place in its paper's field."""
    counts = np.bincount(words.papers, minlength=papers)
    firsts: Array = np.repeat(offsets(counts)[:-1], counts)
    return np.arange(len(firsts)) - firsts


def _numbers(fields: tuple[Field, ...], streams: Mapping[str, Stream], terms: int, papers: int) -> Array:
    """Each term's number by first occurrence: by paper, then field, then place."""
    first = np.full(terms, np.iinfo(np.int64).max)
    for number, field in enumerate(fields):
        words = streams[field.name]
        within = _within(words, papers)
        key = (words.papers.astype(np.int64) * len(fields) + number) << 24 | within
        mine = np.full(terms, np.iinfo(np.int64).max)
        mine[words.ids[::-1]] = key[::-1]  # the last to be written is the first occurrence
        np.minimum(first, mine, out=first)
    numbers = np.empty(terms, np.int64)
    numbers[np.argsort(first, kind="stable")] = np.arange(terms)
    return numbers


def _count(words: Stream, field: Field, papers: int) -> tuple[Array, Array, Array, Array | None]:
    """Terms, papers, counts and places of the postings of a field."""
    order = order_by(words.ids)  # the papers ascend already
    terms, owners = words.ids[order], words.papers[order]
    at = changes(terms, owners)
    counts = np.diff(np.append(at, len(order)))
    places = (words.parts if words.parts is not None else _within(words, papers))[order] if field.places else None
    return terms[at], owners[at], counts, places


def _rarity(spread: Array, papers: int) -> Array:
    """lunr's inverse document frequency by term. `math.log`, once per value: numpy's could differ in the last bit."""
    values, place = np.unique(spread, return_inverse=True)
    logs = [math.log(1 + abs((papers - x + 0.5) / (x + 0.5))) for x in values.tolist()]
    return np.array(logs)[place]


def _weights(rarity: Array, counts: Array, lengths: Array, average: float, boost: float) -> tuple[Array, int]:
    """lunr's weights in thousandths, and how many lie near a tie of rounding."""
    if not len(counts):
        return np.zeros(0, np.int64), 0
    exact = rarity * ((K1 + 1) * counts) / (K1 * (1 - B + B * (lengths / average)) + counts) * boost
    scaled = exact * 1000
    weights = np.rint(scaled).astype(np.int64)
    off = np.abs(scaled - np.floor(scaled) - 0.5)
    for place in np.nonzero(off < 1e-6)[0].tolist():  # as Python rounds, correctly to the last digit
        weights[place] = round(round(float(exact[place]), 3) * 1000)
    return weights, int((off < 1e-9).sum())


def _written(vocabulary: Vocabulary, total: Array, table: Array, papers: int) -> dict[str, int]:
    """The words of the texts but stop words, single letters and, in a long list, those that it has once or twice.
    `total`: how often each stands there."""
    total = np.where((table < 0) | (total < 1 + papers // 5000), 0, total)
    values, place = np.unique(total, return_inverse=True)
    quarters = np.array([min(127, (n**4).bit_length() - 1) for n in values.tolist()])[place]  # 4 * log2(n), exactly
    return {word: n for word, n in zip(vocabulary, quarters.tolist(), strict=True) if n >= 0 and len(word) > 1}
