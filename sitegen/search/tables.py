"""Shards and their tables: which file holds what. Short tables stand in the manifest, long ones have a second level."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

import msgspec

from sitegen.search.codec import pack

INLINE = 400
"""A table of more shards than this is cut into parts, each a file of its own."""
INLINE_WORDS = 32
"""The same for dictionaries, which few queries need."""
FOLDER = "search/"


class Shards:
    """The files of the index as they are made: of each kind, numbered.

    Each begins with its kind and number, so that the browser notices one that lies in another's place; gzip's own sum
    tells whether it is whole. A folder is named by all that its files hold: those of two builds never mix. What results
    show has a folder of its own, as other topics for a paper do not change it."""

    def __init__(self) -> None:
        self.kept: dict[str, list[bytes]] = {}
        self._digests = {name: hashlib.blake2b(digest_size=5) for name in ("folder", "rows")}

    def add(self, kind: str, data: bytes) -> int:
        """Keep a shard; returns its number."""
        mine = self.kept.setdefault(kind, [])
        whole = b"%s%d\n%s" % (kind.encode(), len(mine), data)
        self._digests[_place(kind)].update(b"%d %s" % (len(whole), whole))
        mine.append(pack(whole))
        return len(mine) - 1

    @property
    def names(self) -> dict[str, str]:
        """What the two folders are called."""
        return {place: digest.hexdigest() for place, digest in self._digests.items()}

    def files(self) -> dict[str, bytes]:
        """The shards by their paths within `FOLDER`."""
        names = self.names
        return {
            f"{names[_place(kind)]}/{kind}/{number}": data
            for kind, mine in self.kept.items()
            for number, data in enumerate(mine)
        }

    def ranges(self, kind: str, bounds: Sequence[str]) -> dict[str, object]:
        """The table of all shards of a kind, which hold ranges of words. `bounds`: what each begins with, at the
        shortest."""
        if len(bounds) <= (INLINE if kind in "ph" else INLINE_WORDS):
            return {"b": " ".join(bounds), "n": len(bounds)}
        size = max(16, math.isqrt(len(bounds)))
        for at in range(0, len(bounds), size):
            self.add(f"{kind}t", msgspec.json.encode(" ".join(bounds[at : at + size])))
        return {"b": " ".join(bounds[::size]), "n": len(bounds), "size": size}


def _place(kind: str) -> str:
    return "rows" if kind == "s" else "folder"
