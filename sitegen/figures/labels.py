"""Names as the map writes them: short, on one line or two."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

LONGEST = 19
"""Letters in a line; a name that needs more is cut where a part of it ends."""
_PART_ENDS = re.compile(r",? & |, |: | \(")


def lines(name: str) -> tuple[str, ...]:
    """A name on as few even lines as it needs: whole if two lines hold it, else its first parts."""
    for text in _shorter(name):
        broken = _broken(text)
        if width(broken) <= LONGEST:
            break
    return broken


def width(found: tuple[str, ...]) -> int:
    """The width of the widest line in letters; an East Asian one counts for two (UAX #11)."""
    return max(sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in line) for line in found)


def _shorter(name: str) -> Iterator[str]:
    yield name
    for end in reversed(list(_PART_ENDS.finditer(name))):
        if end.start():
            yield name[: end.start()]


def _broken(text: str) -> tuple[str, ...]:
    words = text.split()
    halves = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    return min([(text,), *halves], key=lambda found: (width(found) > LONGEST, len(found) == 2, width(found)))
