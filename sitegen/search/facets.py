"""What results can be filtered by: one small file, fetched when a reader opens the filters."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import msgspec

from sitegen.arrays import np
from sitegen.model import Entry, Topic
from sitegen.search.index import Index
from sitegen.search.tables import Shards


def write_facets(entries: Sequence[Entry], topics: Mapping[str, Topic], index: Index, shards: Shards) -> dict[str, int]:
    """Write the facets, and the numbers of the slugs that a reader's marks are found by; returns their shards."""
    ordered = [entries[place] for place in index.order.tolist()]
    placed = [entry.topics for entry in ordered]
    found = set(itertools.chain.from_iterable(placed))
    used = [slug for slug in topics if slug in found]
    place = {slug: number for number, slug in enumerate(used)}
    venues = sorted({entry.paper.venue for entry in ordered} - {""})
    held = {name: number for number, name in enumerate(["", *venues], -1)}
    facets = {
        "topics": [topics[slug].name for slug in used],
        "venues": venues,
        "topic": [[place[slug] for slug in slugs] for slugs in placed],
        "year": [int(entry.paper.published[:4] or 0) for entry in ordered],
        "venue": [held[entry.paper.venue] for entry in ordered],
        "code": "".join("1" if entry.paper.code_urls else "0" for entry in ordered),
    }
    slugs = numbers([entry.slug for entry in ordered])
    return {
        "facets": shards.add("f", msgspec.json.encode(facets)),
        "slugs": shards.add("f", msgspec.json.encode(slugs)),
    }


def numbers(slugs: Sequence[str]) -> list[int]:
    """The slugs' numbers: 32 bits of FNV-1a, folded to 24. `templates/assets/mine/news.js` has the same."""
    encoded = [slug.encode() for slug in slugs]
    lengths = np.array([*map(len, encoded)], int)
    width = max([1, *lengths.tolist()])
    table = np.array(encoded, f"S{width}").view(np.uint8).reshape(-1, width).astype(np.uint32)
    hashed = np.full(len(slugs), 0x811C9DC5, np.uint32)
    for place in range(width):
        hashed = np.where(lengths > place, (hashed ^ table[:, place]) * np.uint32(0x01000193), hashed)
    return [*map(int, (hashed >> 24) ^ (hashed & 0xFFFFFF))]
