"""How shards are written: variable-length integers, front-coded words, gzip, and names made of content."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from sitegen.search.pipeline import utf16
from sitegen.search.streams import Array


def varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first; the eighth says that more follow."""
    made = bytearray()
    while number > 127:
        made.append(number & 127 | 128)
        number >>= 7
    made.append(number)
    return bytes(made)


_SMALL = [bytes([number]) for number in range(128)]


def _int(number: int) -> bytes:
    return _SMALL[number] if number < 128 else varint(number)


def varints(numbers: Array) -> tuple[bytes, Array]:
    """All the numbers in a row, and where each begins, with the end of the last."""
    numbers = numbers.astype(np.int64)
    sizes: Array = np.ones(len(numbers), np.int64)
    for shift in (7, 14, 21, 28):
        sizes += numbers >= 1 << shift
    starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    made = np.zeros(int(starts[-1]), np.uint8)
    for place in range(5):
        longer = sizes > place
        more = np.where(sizes[longer] > place + 1, 128, 0)
        made[starts[:-1][longer] + place] = (numbers[longer] >> (7 * place) & 127) | more
    return made.tobytes(), starts


def shared(words: Sequence[bytes]) -> list[int]:
    """How many bytes each of the words has in common with the one before it."""
    if not words:
        return []
    width = max(map(len, words)) + 1
    table = np.array(words, dtype=f"S{width}").view(np.uint8).reshape(len(words), width)
    found = np.argmax(table[1:] != table[:-1], axis=1)
    return [0, *found.tolist()]


def front(words: Sequence[bytes], shared: Sequence[int], tails: Sequence[bytes] | None = None) -> bytes:
    """Sorted words, each as: bytes shared with the one before, bytes of its own, and those. A tail may follow each.

    The first stands whole, as nothing is before it in its shard."""
    parts: list[bytes] = []
    same = 0
    for place, word in enumerate(words):
        own = word[same:]
        parts += (_int(same), _int(len(own)), own)
        if tails is not None:
            parts.append(tails[place])
        same = shared[place + 1] if place + 1 < len(words) else 0
    return b"".join(parts)


def pack(data: bytes) -> bytes:
    """Gzip without time or name: the same data, the same bytes."""
    return zlib.compress(data, 9, wbits=31)


def name(data: bytes) -> str:
    """The name of a shard: the CRC-32 of its data, in hexadecimal.

    The browser computes it again: what is damaged or lies in another's place is noticed."""
    return f"{zlib.crc32(data):08x}"


def boundary(before: str, word: str) -> str:
    """The shortest beginning of `word` that comes after `before`: all that telling two shards apart takes."""
    for length in range(1, len(word) + 1):
        if utf16(word[:length]) > utf16(before):
            return word[:length]
    return word


def cuts(words: Sequence[str], sizes: Sequence[int], least: int) -> list[int]:
    """Where a new shard begins, for shards of about `least` to twice `least` bytes.

    A shard ends where the words say so, not where the count does: an edit moves the borders near it and no others."""
    found, size = [0], 0
    for place, word in enumerate(words):
        full = size >= least and zlib.crc32(word.encode("utf-8", "surrogatepass")) % 6 == 0
        if place and (full or size + sizes[place] > 2 * least):
            found.append(place)
            size = 0
        size += sizes[place]
    return found
