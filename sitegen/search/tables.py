"""Tables of shards: which file holds what. Short ones stand in the manifest, long ones have a second level."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

from sitegen.search.codec import name, pack

INLINE = 180
"""A table of more shards than this is cut into parts, each a file of its own."""
INLINE_WORDS = 32
"""The same for dictionaries, which few queries need."""
INLINE_ROWS = 400
"""The same for numbered shards."""
FOLDER = "search/"


class Shards:
    """The files of the index as they are made, by output path."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def add(self, kind: str, data: bytes) -> str:
        """Keep a shard, packed, under the name of its data; returns the name."""
        packed = pack(data)
        made = name(data)
        while self.files.setdefault(f"{FOLDER}{kind}/{made}", packed) != packed:  # another has this name
            data += b"+"
            made = name(data)
        return made

    def ranges(self, kind: str, bounds: Sequence[str], names: Sequence[str]) -> dict[str, object]:
        """The table of shards that hold ranges of words. `bounds`: what each begins with, at the shortest."""
        if len(names) <= (INLINE if kind in "ph" else INLINE_WORDS):
            return {"b": " ".join(bounds), "n": "".join(names)}
        size = max(16, math.isqrt(len(names) // 3))
        parts = []
        for at in range(0, len(names), size):
            part = {"b": " ".join(bounds[at : at + size]), "n": "".join(names[at : at + size])}
            parts.append(self.add(kind, msgspec.json.encode(part)))
        return {"b": " ".join(bounds[::size]), "n": "".join(parts), "two": 1}

    def numbered(self, kind: str, names: Sequence[str], each: int) -> dict[str, object]:
        """The table of shards that hold `each` items a piece."""
        if len(names) <= INLINE_ROWS:
            return {"n": "".join(names), "each": each}
        size = max(16, math.isqrt(len(names) // 10))
        cut = [names[at : at + size] for at in range(0, len(names), size)]
        parts = [self.add(kind, msgspec.json.encode({"n": "".join(part)})) for part in cut]
        return {"n": "".join(parts), "each": each, "two": size}
