"""Names of people as they are shown, `First von Last Jr.`, from the ways in which files write them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sitegen.text import visible

SUFFIXES = re.compile(r"(?:jr|sr|(?-i:II|III|IV)|ph\.? ?d|m\.? ?d|inc|ltd|llc|gmbh|corp)\.?", re.IGNORECASE)
"""What may follow a name after a comma without being a first name."""


def shown(given: str = "", particle: str = "", family: str = "", suffix: str = "") -> str:
    """The parts of a name in the order in which it is read."""
    return visible(" ".join(part for part in (given, particle, family, suffix) if part))


def turned(name: str) -> str:
    """`First Last` from `Last, First` and from `Last, Jr., First`; any other name as it is.

    >>> turned("van Beethoven, Ludwig")
    'Ludwig van Beethoven'
    """
    parts = [part.strip() for part in name.split(",") if part.strip()]
    if len(parts) == 2 and SUFFIXES.fullmatch(parts[1]):
        return " ".join(parts)
    if len(parts) == 2:
        return f"{parts[1]} {parts[0]}"
    if len(parts) == 3:
        suffix = next((part for part in parts[1:] if SUFFIXES.fullmatch(part)), "")
        given = next((part for part in parts[1:] if part != suffix), "")
        if suffix and given:
            return f"{given} {parts[0]} {suffix}"
    return visible(name)


def listed(text: str) -> list[str]:
    """The names in a text: parted by `;`, ` and ` or ` & `, or by commas where each part is a whole name."""
    names = [part for part in re.split(r"\s*;\s*|\s+and\s+|\s+&\s+|,\s+and\s+", text) if part.strip(" ,")]
    if ";" in text:
        return every(names)
    found: list[str] = []
    for name in names:
        parts = [part.strip() for part in name.split(",") if part.strip()]
        whole = len(parts) > 1 and all(" " in part for part in parts)
        found += parts if whole else [name]
    return every(found)


def every(names: Iterable[str]) -> list[str]:
    """The names in reading order. Two authors of one name are two authors."""
    return [name for name in (turned(name.strip(" ,")) for name in names) if name]
