"""Texts as arrays: each field of all papers as one stream of word numbers."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from sitegen.arrays import Array, distinct, np, offsets, runs
from sitegen.search.documents import Places
from sitegen.search.pipeline import in_a_row, spaced

HELD = 8_192
"""Texts that are held at a time, in the forms in which they are cut."""
PIECE = 16_000
"""Bytes of a text that are cut into words at a time."""


class Vocabulary(defaultdict[str, int]):
    """Word -> number, in order of first appearance. Asking for a new word numbers it."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        super().__init__(None, zip(words, itertools.count()))
        self.default_factory = itertools.count(len(self)).__next__


class Stream(msgspec.Struct, frozen=True, eq=False):
    """The words of one field, paper after paper."""

    ids: Array
    """Word numbers."""
    papers: Array
    """The paper that each word stands in; ascending."""
    parts: Array | None = None
    """The number of the comma-separated part that each word stands in, for a field that keeps it."""
    hyphens: Array | None = None
    """Pairs of words with a hyphen between them, each once, the first in the higher bits; if they were asked for."""

    def packed(self, papers: int) -> tuple[bytes, bytes, bytes | None]:
        """As `Said` keeps it. `papers`: how many there are."""
        lengths = np.bincount(self.papers, minlength=papers)
        parts = None if self.parts is None else self.parts.astype(np.int32).tobytes()
        return self.ids.astype(np.int32).tobytes(), lengths.astype(np.int32).tobytes(), parts

    @classmethod
    def unpacked(cls, papers: int, ids: bytes, lengths: bytes, parts: bytes | None) -> Stream:
        owners = np.repeat(np.arange(papers, dtype=np.int32), np.frombuffer(lengths, np.int32))
        return cls(np.frombuffer(ids, np.int32), owners, None if parts is None else np.frombuffer(parts, np.int32))


Cut = tuple[Vocabulary, dict[str, Stream]]
"""Texts cut into words: the numbers of these, and the fields that they stand in."""


class Said(msgspec.Struct, frozen=True):
    """What papers say, their topics apart, in the form in which it lasts from build to build."""

    papers: int
    words: bytes
    """The vocabulary, a word on each line."""
    fields: dict[str, tuple[bytes, bytes, bytes | None]]
    """By field: word numbers, how many each paper has, and the parts that they stand in, all as int32."""

    @classmethod
    def of(cls, papers: int, words: Cut) -> Said:
        """Of texts that are cut, and are used up: they are long."""
        vocabulary, streams = words
        fields = {name: streams.pop(name).packed(papers) for name in [*streams]}
        return cls(papers, "\n".join(vocabulary).encode(), fields)

    def cut(self) -> Cut:
        """The texts as they were cut."""
        vocabulary = Vocabulary(self.words.decode().split("\n") if self.words else ())
        return vocabulary, {name: Stream.unpacked(self.papers, *packed) for name, packed in self.fields.items()}


def stream(plain: Iterable[str], vocabulary: Vocabulary, places: Places = "", hyphens: bool = False) -> Stream:
    """The stream of a field. `plain`: its plain texts by paper; they are held so many at a time."""
    texts, found, papers = iter(plain), list[Stream](), 0
    while some := list(itertools.islice(texts, HELD)):
        found.append(_some(some, papers, vocabulary, places == "part", hyphens))
        papers += len(some)
    if len(found) < 2:
        return found[0] if found else _some([], 0, vocabulary, places == "part", hyphens)
    ids, owners, parts, pairs = zip(*((s.ids, s.papers, s.parts, s.hyphens) for s in found), strict=True)
    return Stream(
        _joined(ids),
        _joined(owners),
        _joined(parts) if places == "part" else None,
        distinct(_joined(pairs)) if hyphens else None,
    )


def _joined(arrays: Sequence[Array]) -> Array:
    made: Array = np.concatenate(arrays)
    return made


def _some(plain: Sequence[str], first: int, vocabulary: Vocabulary, parts: bool, hyphens: bool) -> Stream:
    """The stream of some papers. `first`: the number of the first."""
    text = in_a_row(plain, parts)
    bare = spaced(text)
    words = itertools.chain.from_iterable(_pieces(bare))
    ids = np.fromiter(map(vocabulary.__getitem__, words), np.int32)
    pairs = _hyphenated(text, bare, ids) if hyphens else None
    ends = ids == vocabulary["|"]
    papers = np.cumsum(ends, dtype=np.int32)
    if not parts:
        return Stream(ids[~ends], papers[~ends] + np.int32(first), hyphens=pairs)
    commas = ids == vocabulary[","]
    passed = np.cumsum(commas, dtype=np.int32)
    before = np.concatenate(([0], passed[ends])).astype(np.int32)[papers]
    kept = ~(commas | ends)
    return Stream(ids[kept], papers[kept] + np.int32(first), (passed - before)[kept], pairs)


def once(plain: Sequence[str], vocabulary: Vocabulary) -> Stream:
    """The stream with each word once per paper, for a field in which many papers have the very same text, and which
    repeats words without meaning more by it: the names of topics."""
    numbers = {text: number for number, text in enumerate(dict.fromkeys(plain))}
    whole = stream(list(numbers), vocabulary)
    keys = whole.papers.astype(np.int64) * len(vocabulary) + whole.ids
    first = np.sort(np.unique(keys, return_index=True)[1])
    counts = np.bincount(whole.papers[first], minlength=len(numbers))
    mine = np.fromiter(map(numbers.__getitem__, plain), np.int64, len(plain))
    places = runs(offsets(counts)[mine], counts[mine])
    return Stream(whole.ids[first][places], np.repeat(np.arange(len(plain), dtype=np.int32), counts[mine]))


def _pieces(text: bytes) -> Iterator[list[str]]:
    """The words of a text, a piece at a time: all at once, they take much memory, and time to reach it."""
    at = 0
    while at < len(text):
        space = text.find(b" ", at + PIECE)
        end = len(text) if space < 0 else space
        yield text[at:end].decode().split()
        at = end


def _hyphenated(text: bytes, bare: bytes, ids: Array) -> Array:
    """The pairs of words that touch a hyphen. `bare`: the text with spaces for it; `ids`: its words."""
    inside = np.frombuffer(b" " + bare, np.uint8) != ord(" ")  # of each byte, whether that before it is part of a word
    hyphens = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("-"))
    hyphens = hyphens[inside[hyphens] & inside[hyphens + 2]]
    before = np.searchsorted(np.flatnonzero(inside[1:] > inside[:-1]), hyphens) - 1
    return distinct(ids[before].astype(np.int64) << 32 | ids[before + 1])
