"""The index as shards: small files, each a range of terms, words or rows, that a browser fetches as it needs them.

A posting holds no weight: the browser computes lunr's from count, length and rarity, to the last digit. Where a paper's
number follows from its length in the longest field (`Index.sort`), that length is not stored either.

A shard of postings: how many terms; the sizes of the columns; then the columns, of variable-length integers.

1. the terms, front-coded
2. for each term its place among the terms that are new in the paper that it first stands in (with that paper's number
   it gives the order of lunr's `_index`, which is the order in which lunr adds)
3. for each term the fields it stands in (a bit each) and, for each of them, its postings less one
4. for each field, by posting: papers since the one before, doubled, plus one if the term stands there more than once;
   then how often, less two
5. for each field but the longest, by posting: the terms in the paper's field
6. for each field that keeps places: the places, each less the one before it in the posting
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec

from sitegen.arrays import Array, np, offsets
from sitegen.search.codec import boundaries, cuts, front, varints
from sitegen.search.documents import ResultRow
from sitegen.search.index import Index, Postings
from sitegen.search.pipeline import in_order
from sitegen.search.tables import Shards

POSTINGS_SIZE, WORDS_SIZE = 1_000, 3_600
"""Bytes of a shard before it is packed."""
ROWS_EACH = 2
SINGLE_ROWS = 20_000
"""Up to this many papers, a file for each row; then `ROWS_EACH`."""

Column = tuple[bytes, Array]
"""Bytes, and where each term's begin, with their end."""


def write_postings(index: Index, shards: Shards) -> dict[str, object]:
    """Write the postings; returns their table."""
    columns = [_ranks(index), _shapes(index)]
    for field in index.fields:
        columns.append(_gaps(index.postings[field.name]))
    for number, field in enumerate(index.fields):
        if number != index.sort:
            columns.append(_lengths(index.postings[field.name]))
    columns += [_places(p) for f in index.fields if (p := index.postings[f.name]).places is not None]
    sizes = 4 + np.fromiter(map(len, index.terms), np.int64, len(index.terms)) // 2
    for _, starts in columns:
        sizes += np.diff(starts)
    begins = cuts(sizes, POSTINGS_SIZE)
    columns.insert(0, front(index.terms, begins))
    places = [*begins, len(index.terms)] if index.terms else []
    return shards.ranges("p", boundaries(index.terms, begins), _tables(columns, places))


def _tables(columns: Sequence[Column], places: Sequence[int]) -> Iterator[bytes]:
    """The shards of postings between these places: how many terms, the sizes of their columns, and the columns."""
    if not places:
        return
    ends = np.array([starts[places] for _, starts in columns])
    heads, at = varints(np.vstack([np.diff(places), np.diff(ends)]).T.ravel())
    at = at[:: len(columns) + 1]
    parts = [[data[a:z] for a, z in pairwise(cut)] for (data, _), cut in zip(columns, ends.tolist(), strict=True)]
    for (a, z), part in zip(pairwise(at.tolist()), zip(*parts, strict=True), strict=True):
        yield heads[a:z] + b"".join(part)


def _gaps(p: Postings) -> Column:
    gap = p.papers.astype(np.int64)
    gap[1:] -= np.where(p.terms[1:] == p.terms[:-1], p.papers[:-1] + 1, 0)
    often = p.counts > 1
    at = offsets(1 + often)
    flat = np.zeros(int(at[-1]), np.int64)
    flat[at[:-1]] = gap << 1 | often
    flat[at[:-1][often] + 1] = p.counts[often] - 2
    data, starts = varints(flat)
    return data, starts[at[p.starts]]


def _lengths(p: Postings) -> Column:
    data, starts = varints(p.lengths[p.papers])
    return data, starts[p.starts]


def _places(p: Postings) -> Column:
    assert p.places is not None
    first = offsets(p.counts)
    gap = p.places.astype(np.int64)
    gap[1:] -= p.places[:-1]
    gap[first[:-1]] = p.places[first[:-1]]
    data, starts = varints(gap)
    return data, starts[first[p.starts]]


def _shapes(index: Index) -> Column:
    counts = np.array([np.diff(index.postings[field.name].starts) for field in index.fields]).T
    masks = (counts > 0) @ (1 << np.arange(len(index.fields)))
    rows = np.column_stack([masks, counts - 1]) if len(masks) else np.zeros((0, 1), np.int64)
    stays = rows >= 0
    data, starts = varints(rows[stays])
    return data, starts[offsets(stays.sum(axis=1))]


def first_papers(index: Index) -> Array:
    """The lowest-numbered paper that each term stands in."""
    first = np.full(len(index.terms), index.papers, np.int64)
    for field in index.fields:
        p = index.postings[field.name]
        here = np.diff(p.starts) > 0
        first[here] = np.minimum(first[here], p.papers[p.starts[:-1][here]])
    return first


def _ranks(index: Index) -> Column:
    first = first_papers(index)
    begins = offsets(np.bincount(first))[first]
    return varints(index.numbers - begins)


def write_words(kind: str, words: list[str], shards: Shards, tails: list[int] | None = None) -> dict[str, object]:
    """Write a sorted dictionary; returns its table. `tails`: a byte to follow each word."""
    begins = cuts(3 + np.fromiter(map(len, words), np.int64, len(words)) // 3, WORDS_SIZE)
    data, starts = front(words, begins, tails)
    cut = starts[[*begins, len(words)]].tolist() if words else []
    return shards.ranges(kind, boundaries(words, begins), (data[a:z] for a, z in pairwise(cut)))


def write_dictionaries(index: Index, shards: Shards) -> dict[str, object]:
    """Terms forwards (`d`) and backwards (`r`), words as they are written forwards (`w`) and backwards (`v`)."""
    found: dict[str, object] = {
        "d": write_words("d", index.terms, shards),
        "r": write_words("r", in_order(_backwards(index.terms)), shards),
    }
    forwards = index.written
    backwards = dict(zip(_backwards(forwards), reversed([*forwards.values()]), strict=True))
    for kind, words in ("w", forwards), ("v", backwards):
        ordered = in_order(words)
        found[kind] = write_words(kind, ordered, shards, [*map(words.__getitem__, ordered)])
    return found


def _backwards(words: Iterable[str]) -> list[str]:
    """Each word read from its end; the last one first."""
    return "\n".join(words)[::-1].split("\n") if words else []


def write_rows(rows: Sequence[ResultRow], index: Index, shards: Shards) -> dict[str, object]:
    """Write what results show, by number of the paper."""
    ordered = [rows[place] for place in index.order.tolist()]
    each = 1 if len(ordered) <= SINGLE_ROWS else ROWS_EACH
    for at in range(0, len(ordered), each):
        shards.add("s", msgspec.json.encode(ordered[at : at + each]))
    return {"each": each}
