"""Shards and their tables: which file holds what. Short tables stand in the manifest, long ones have a second level.

The shards of a long table lie in folders, each named by what its shards hold, so that a change leaves most where they
are, for browsers and for the next build. Where one folder ends and the next begins is said by the shards' first words:
a shard more or less does not move the others.
"""

from __future__ import annotations

import hashlib
import itertools
import zlib
from collections.abc import Iterable, Sequence

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
    tells whether it is whole. Folders are named by all that their files hold: those of two builds never mix. What
    results show has a folder of its own, as other topics for a paper do not change it."""

    def __init__(self) -> None:
        self.kept: dict[str, list[bytes]] = {}
        self._digests = {name: _digest() for name in ("folder", "rows")}
        self._parts: dict[str, bytes] = {}

    def add(self, kind: str, data: bytes) -> int:
        """Keep a shard; returns its number."""
        mine = self.kept.setdefault(kind, [])
        mine.append(_packed(kind, len(mine), data, self._digests["rows" if kind == "s" else "folder"]))
        return len(mine) - 1

    @property
    def names(self) -> dict[str, str]:
        """What the two folders are called."""
        return {place: digest.hexdigest() for place, digest in self._digests.items()}

    def files(self) -> dict[str, bytes]:
        """The shards by their paths within `FOLDER`."""
        names = self.names
        return self._parts | {
            f"{names['rows' if kind == 's' else 'folder']}/{kind}/{number}": data
            for kind, mine in self.kept.items()
            for number, data in enumerate(mine)
        }

    def ranges(self, kind: str, bounds: Sequence[str], shards: Iterable[bytes]) -> dict[str, object]:
        """Keep all shards of a kind, which hold ranges of words; returns their table. `bounds`: what each begins with,
        at the shortest."""
        if len(bounds) <= (INLINE if kind in "ph" else INLINE_WORDS):
            for data in shards:
                self.add(kind, data)
            return {"b": " ".join(bounds), "n": len(bounds)}
        firsts, waiting = _firsts(bounds), iter(shards)
        for first, end in itertools.pairwise([*firsts, len(bounds)]):
            folder = self._part(kind, itertools.islice(waiting, end - first))
            self.add(f"{kind}t", msgspec.json.encode(" ".join([folder, *bounds[first:end]])))
        return {"b": " ".join(bounds[first] for first in firsts), "n": len(bounds), "parts": 1}

    def _part(self, kind: str, shards: Iterable[bytes]) -> str:
        """Keep shards in a folder of their own; returns its name."""
        digest = _digest()
        made = [_packed(kind, number, data, digest) for number, data in enumerate(shards)]
        name = digest.hexdigest()
        self._parts |= {f"{name}/{kind}/{number}": data for number, data in enumerate(made)}
        return name


def _digest() -> hashlib.blake2b:
    return hashlib.blake2b(digest_size=5)


def _packed(kind: str, number: int, data: bytes, digest: hashlib.blake2b) -> bytes:
    """A shard as its file has it. `digest` is told of it."""
    whole = b"%s%d\n%s" % (kind.encode(), number, data)
    digest.update(b"%d %s" % (len(whole), whole))
    return pack(whole)


def _firsts(bounds: Sequence[str]) -> list[int]:
    """The shards that begin a folder: about as many as there are in each, twice over."""
    each = 1 << max(1, len(bounds).bit_length() // 2 - 1)
    words = (bound.encode("utf-8", "surrogatepass") for bound in bounds)
    return [place for place, word in enumerate(words) if not place or zlib.crc32(word) % each == 0]
