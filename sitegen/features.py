"""What texts are about, as counted stems and pairs of neighbours: the ground of placement and of related papers.

`table` counts the features of many texts at once, in flat arrays: every distinct word is stemmed once, and all else is
sorting. A feature is a number, and features are ordered as their texts are, so that no text is made but for showing.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from sitegen.arrays import Array, changes, np, offsets, order_by, starts_of
from sitegen.model import Entry, Topic
from sitegen.text import unaccent

Texts = Sequence[tuple[str, float]]
"""What is said of one thing: texts, and how much each counts."""

_SIGNS = re.compile(r"[^\x00-\x7f\w]+")
_LETTERS = bytes(c if c > 127 or chr(c).isalnum() else 32 for c in range(256))
STOP_WORDS = frozenset(
    "a about above across after again against all also although am among an and any are as at be because been"
    " before being below between beyond both but by can cannot could did do does doing down due during e each"
    " either et etc even every few for from further g had has have having he her here how however i ie if in into"
    " is it its itself just like may me might more most much must my no nor not of off often on once one only or"
    " other our ours out over own per rather s same several she should since so some such t than that the their"
    " them themselves then there these they this those though through thus to together too two under until up upon"
    " us use used uses using various very via was we well were what when where whether which while who whom whose"
    " why will with within without would yet you your".split()
)
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ers", "ed", "es", "er", "s", "e", "y")
_ENOUGH = 1 << 18
"""Words that are held as text at a time."""


def stem(word: str) -> str:
    """A rough stem. Rougher than the search's: near misses only help here."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _is_silent(word: str) -> bool:
    """Whether a word says nothing of the subject: small words, bare numbers."""
    return word in STOP_WORDS or word.isdigit()


def _words(text: str) -> list[str]:
    """The same as `[^\\W_]+` finds in the lower case, in half the time."""
    plain = text.lower() if text.isascii() else _SIGNS.sub(" ", unaccent(text).lower())
    return plain.encode("utf-8", "surrogatepass").translate(_LETTERS).decode("utf-8", "surrogatepass").split()


def phrase(text: str) -> list[str]:
    """The stems of a phrase, those of small words among them."""
    return list(map(stem, _words(text)))


def of_entry(entry: Entry) -> Texts:
    """What is said of a paper: title and keywords count for more than running text."""
    keywords = " . ".join((*entry.words.keywords, *entry.paper.keywords))
    words = entry.words
    return (entry.paper.title, 3), (keywords, 2), (words.tldr, 1), (words.summary, 1), (entry.abstract, 1)


def of_topic(topic: Topic) -> Texts:
    """What the curator says of a topic: name, aliases, scope and weighted terms."""
    terms = ((term, 2 * strength) for term, strength in topic.terms)
    return (topic.name, 3), (" . ".join(topic.aliases), 2), (topic.scope, 1), *terms


class Table(msgspec.Struct, frozen=True, eq=False, dict=True):
    """The features of n things, m of them distinct, as compressed sparse rows; and their words, in order."""

    stems: list[str]
    """Ascending."""
    features: Array
    """Ascending; a stem is `number * (len(stems) + 1)`, a pair that of its first plus the number of its second plus 1.
    Shape (m,)."""
    starts: Array
    """Where each row begins in the next three; shape (n + 1,)."""
    terms: Array
    """Places in `features`, ascending in each row."""
    times: Array
    """How often, by the weights of the texts."""
    first: Array
    """For a stem: the number of the word that it first stands for in this row."""
    surfaces: list[str]
    """The words, by number."""
    stream: Array
    """The number of each word's stem, text after text."""
    stream_starts: Array
    """Where each row begins in `stream`; shape (n + 1,)."""

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def rows(self) -> Array:
        """The row of each of `terms`."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))

    @functools.cached_property
    def _numbers(self) -> dict[str, int]:
        return {text: number for number, text in enumerate(self.stems)}

    def parts(self, terms: Array) -> tuple[Array, Array]:
        """The numbers of the stems of features: the first, and the second, -1 where there is none."""
        return np.divmod(self.features[terms], len(self.stems) + 1) - np.array([[0], [1]])  # type: ignore[return-value]

    def text(self, term: int) -> str:
        """A feature as stems: `one`, or `one two`."""
        one, two = self.parts(np.array([term]))
        return self.stems[int(one[0])] + (f" {self.stems[int(two[0])]}" if two[0] >= 0 else "")

    def spelt(self, rows: Array, terms: Array) -> list[str]:
        """Features as they are written where their stems stand first in these rows."""
        if not len(terms):
            return []
        one, two = self.parts(terms)
        words = [self._first(rows, numbers) for numbers in (one, two)]
        return [f"{a} {b}" if b else a for a, b in zip(*words, strict=True)]

    def _first(self, rows: Array, stems: Array) -> list[str]:
        """For each stem the word that it first stands for in the row; empty for -1."""
        known, size = np.flatnonzero(stems >= 0), len(self.features)
        wanted = np.searchsorted(self.features, stems[known] * (len(self.stems) + 1))
        found = np.searchsorted(self._keys, rows[known].astype(np.int64) * size + wanted)
        words = [""] * len(stems)
        for place, number in zip(known.tolist(), self.first[found].tolist(), strict=True):
            words[place] = self.surfaces[number]
        return words

    @functools.cached_property
    def _keys(self) -> Array:
        return self.rows.astype(np.int64) * len(self.features) + self.terms

    @functools.cached_property
    def _held(self) -> dict[str, Array]:
        return {}

    def holds(self, text: str) -> Array:
        """Which rows hold a phrase, in any of its forms. Shape (n,)."""
        if text not in self._held:
            self._held[text] = self._holding(text)
        return self._held[text]

    def _holding(self, text: str) -> Array:
        found = np.zeros(len(self), bool)
        wanted = [self._numbers.get(word, -1) for word in phrase(text)]
        if not wanted or min(wanted) < 0:
            return found
        places = np.flatnonzero(self.stream == wanted[0])
        for step, number in enumerate(wanted[1:], 1):
            places = places[places + step < len(self.stream)]
            places = places[self.stream[places + step] == number]
        rows = np.searchsorted(self.stream_starts, places, "right") - 1
        found[rows[places + len(wanted) <= self.stream_starts[rows + 1]]] = True
        return found


Packed = list[tuple[str, bytes]]
"""A table's fields: the type of an array's numbers and their bytes; for words no type, and a word a line."""


def packed(table: Table) -> Packed:
    """The table as plain bytes."""
    fields = (getattr(table, name) for name in table.__struct_fields__)
    return [("", "\n".join(v).encode()) if isinstance(v, list) else (v.dtype.str, v.tobytes()) for v in fields]


def unpacked(fields: Packed) -> Table:
    """The table that was packed."""
    known: list[Any] = []
    for kind, data in fields:
        known.append(np.frombuffer(data, kind) if kind else data.decode().split("\n") if data else [])
    return Table(*known)


class _Numbers(dict[str, int]):
    """Word -> number, in order of first appearance."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


def table(rows: Iterable[Texts]) -> Table:
    """The features of things, by what is said of each."""
    surfaces, stream, lengths, weights, texts = _read(rows)
    stems = [stem(word) for word in surfaces]
    named = sorted(set(stems))
    place = {text: number for number, text in enumerate(named)}
    numbers = np.fromiter(map(place.__getitem__, stems), np.int32, len(stems))
    silent = np.fromiter(map(_is_silent, surfaces), bool, len(stems))
    owners = np.repeat(np.arange(len(texts), dtype=np.int32), texts)
    text = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    cut = numbers[stream]
    at, keys = _keys(cut, ~silent[stream], text, len(named) + 1)
    order = order_by(keys)  # long arrays: each is given back when it has served
    keys, at = keys[order], at[order]
    new = changes(keys)
    features = keys[new]
    terms = np.repeat(np.arange(len(new), dtype=np.int32), np.diff(new, append=len(keys)))
    del keys
    order = order_by(owners[text[at]])
    at, terms = at[order], terms[order]
    new = changes(owners[text[at]], terms)
    group = np.repeat(np.arange(len(new), dtype=np.int32), np.diff(new, append=len(at)))
    times = np.bincount(group, weights[text[at]])
    where, terms = at[new], terms[new]
    held = np.bincount(owners, lengths, len(texts)).astype(np.int64)
    return Table(
        named,
        features,
        starts_of(owners[text[where]], len(texts)),
        terms,
        times,
        stream[where],
        list(surfaces),
        cut,
        offsets(held),
    )


def _read(rows: Iterable[Texts]) -> tuple[_Numbers, Array, Array, Array, Array]:
    """Words by number, all words in a row; words in each text, its weight, and the texts of each row."""
    surfaces, streams, some = _Numbers(), list[Array](), list[str]()
    lengths, weights, texts = list[int](), list[float](), list[int]()
    for row in rows:
        said = 0
        for text, weight in row:
            if text:
                found = _words(text)
                some += found
                lengths.append(len(found))
                weights.append(weight)
                said += 1
        texts.append(said)
        if len(some) > _ENOUGH:
            streams.append(np.fromiter(map(surfaces.__getitem__, some), np.int32, len(some)))
            some.clear()
    streams.append(np.fromiter(map(surfaces.__getitem__, some), np.int32, len(some)))
    stream = np.concatenate(streams)
    return surfaces, stream, np.array(lengths, np.int64), np.array(weights, np.float64), np.array(texts, np.int64)


def _keys(stems: Array, loud: Array, text: Array, base: int) -> tuple[Array, Array]:
    """The places at which features stand, and the features: first all stems, then all pairs."""
    one = np.flatnonzero(loud).astype(np.int32)
    two = np.flatnonzero(loud[:-1] & loud[1:] & (text[:-1] == text[1:])).astype(np.int32)
    first = stems.astype(np.int64) * base
    return np.concatenate([one, two]), np.concatenate([first[one], first[two] + stems[two + 1] + 1])
