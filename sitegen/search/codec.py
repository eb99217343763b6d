"""How shards are written: variable-length integers, front-coded words, gzip."""

from __future__ import annotations

import bisect
from collections.abc import Sequence

import deflate

from sitegen.arrays import Array, np, offsets, runs

LEVEL = 1
"""libdeflate's: at the size of a shard, more searching finds nothing more."""
LOOKED_AT, AT_ONCE = 32, 8
"""Bytes of a word that are compared with the one before it, as a word may be as long as a text; and in one number."""


def varints(numbers: Array) -> tuple[bytes, Array]:
    """All the numbers in a row, and where each begins, with the end of the last.

    Seven bits a byte, the lowest first; the eighth says that more follow."""
    numbers = numbers.astype(np.int64, copy=False)
    sizes: Array = np.ones(len(numbers), np.int64)
    longer, last = [np.nonzero(numbers > 127)[0]], 127
    while len(longer[-1]):
        sizes[longer[-1]] += 1
        last = last << 7 | 127
        longer.append(longer[-1][numbers[longer[-1]] > last])
    starts = offsets(sizes)
    made = np.empty(int(starts[-1]), np.uint8)
    made[starts[:-1]] = numbers & 127
    for place, at in enumerate(longer[:-1]):
        made[starts[at] + place] |= 128
        made[starts[at] + place + 1] = numbers[at] >> 7 * (place + 1) & 127
    return made.tobytes(), starts


def front(words: Sequence[str], begins: Sequence[int], tails: Sequence[int] | None = None) -> tuple[bytes, Array]:
    """Sorted words, each as: bytes shared with the one before, bytes of its own, and those; and where each word begins.

    Words at `begins` stand whole, as nothing is before them in their shard. `tails`: a byte to follow each word."""
    if not words:
        return b"", np.zeros(1, np.int64)
    letters = np.frombuffer("\n".join([*words, " " * LOOKED_AT]).encode("utf-8", "surrogatepass"), np.uint8)
    ends = np.flatnonzero(letters == ord("\n"))
    firsts = np.concatenate(([0], ends[:-1] + 1))
    same = _shared(letters, firsts)
    same[begins] = 0
    own = ends - firsts - same
    heads, at = varints(np.column_stack([same, own]).ravel())
    head = np.diff(at[::2])
    starts = offsets(head + own + (tails is not None))
    made: Array = np.empty(int(starts[-1]), np.uint8)
    made[runs(starts[:-1], head)] = np.frombuffer(heads, np.uint8)
    made[runs(starts[:-1] + head, own)] = letters[runs(firsts + same, own)]
    if tails is not None:
        made[starts[1:] - 1] = tails
    return made.tobytes(), starts


def _shared(letters: Array, firsts: Array) -> Array:
    """How many bytes each word shares with the one before it. `firsts`: where the words begin, no two of them alike."""
    windows = np.lib.stride_tricks.sliding_window_view(letters, AT_ONCE)
    same: Array = np.zeros(len(firsts), np.int64)
    alike = np.arange(1, len(firsts))
    for place in range(0, LOOKED_AT, AT_ONCE):
        one, other = (windows[firsts[words] + place].view("<u8").ravel() for words in (alike, alike - 1))
        differ = one ^ other
        lowest = np.frexp((differ & -differ).astype(np.float64))[1] - 1 >> 3  # the byte of the lowest bit
        same[alike] += np.where(differ == 0, AT_ONCE, lowest)
        alike = alike[differ == 0]
    return same


def pack(data: bytes) -> bytes:
    """Gzip without time or name: the same data, the same bytes."""
    return bytes(deflate.gzip_compress(data, LEVEL))


def boundaries(words: Sequence[str], begins: Sequence[int]) -> list[str]:
    """What tells the shards apart that begin at these words: the shortest beginning of each that comes after the word
    before it. The first shard has nothing before it."""
    found = [""] if words else []
    for place in begins[1:]:
        word, before = words[place], words[place - 1]
        found.append(next(word[:n] for n in range(1, len(word) + 1) if word[:n] != before[:n]))
    return found


def cuts(sizes: Sequence[int] | Array, most: int) -> list[int]:
    """Where a new shard begins, for shards of up to `most` bytes, or of one item that is larger."""
    ends = np.cumsum(sizes).tolist()
    found = [0]
    while True:
        before = ends[found[-1] - 1] if found[-1] else 0
        place = max(found[-1] + 1, bisect.bisect_right(ends, before + most, found[-1]))
        if place >= len(ends):
            return found
        found.append(place)
