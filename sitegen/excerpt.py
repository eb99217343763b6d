"""Problems as they are shown to people: each with the line that it is about, and a mark under the place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from sitegen.errors import Problem

WIDTH = 100
"""Columns of a line that are shown; of a longer one, those around the place."""
MOST_CHARACTERS = 500
"""Of a message or a hint, and of a line on either side of the place."""
_TAB = "→   "


def told(problems: Iterable[Problem], site: Path) -> str:
    """The problems, sorted, one below the other: place, message, line, mark, hint."""
    lines: dict[str, list[str]] = {}
    return "\n".join(_told(problem, lines, site) for problem in sorted(problems))


def _told(problem: Problem, lines: dict[str, list[str]], site: Path) -> str:
    where = problem.where
    plain = problem._replace(message=_printable(problem.message), hint=_printable(problem.hint))
    if not where.line or not where.column:
        return str(plain)
    if where.file not in lines:
        lines[where.file] = _read(site / where.file)
    if where.line > len(lines[where.file]):
        return str(plain)
    head, *hint = str(plain).split("\n")
    shown = [f"    | {part}".rstrip() for part in mark(lines[where.file][where.line - 1], where.column)]
    return "\n".join([head, *shown, *hint])


def _printable(text: str) -> str:
    """A message in one line of bearable length, without what a terminal would obey: it may quote a file."""
    line = "".join(" " if c.isspace() else _cell(c)[0] for c in text[: MOST_CHARACTERS + 1])
    return line if len(line) <= MOST_CHARACTERS else line[:MOST_CHARACTERS] + "…"


def _read(path: Path) -> list[str]:
    """The lines of a file as editors count them; none when it cannot be read."""
    try:
        return re.split(r"\r\n|\n|\r", path.read_bytes().decode("utf-8-sig", "replace"))
    except OSError:
        return []


def mark(line: str, column: int) -> tuple[str, str]:
    """The line, or what fits of it, and below it a caret under the column (from 1, in characters).

    Tabs are shown as arrows four columns wide. What a terminal would obey or not show is replaced.
    """
    place = min(column - 1, len(line))
    first = max(0, place - MOST_CHARACTERS)
    near, place = line[first : place + MOST_CHARACTERS], place - first
    cells = [_cell(character) for character in near]
    start, end = _window([width for _, width in cells], place)
    before, after = "…" * (start + first > 0), "…" * (first + end < len(line))
    text = before + "".join(cell for cell, _ in cells[start:end]) + after
    indent = len(before) + sum(width for _, width in cells[start:place])
    return text, " " * indent + "^"


def _window(widths: list[int], place: int) -> tuple[int, int]:
    """The part of a line around a place that fits: two thirds of it before the place, where there is so much."""
    start = end = place
    room = WIDTH - 2
    while start > 0 and room - widths[start - 1] >= WIDTH // 3:
        start -= 1
        room -= widths[start]
    while end < len(widths) and room >= widths[end]:
        room -= widths[end]
        end += 1
    while start > 0 and room >= widths[start - 1]:
        start -= 1
        room -= widths[start]
    return start, end


def _cell(character: str) -> tuple[str, int]:
    """What stands for a character, and how many columns it takes."""
    if character == "\t":
        return _TAB, len(_TAB)
    kind = unicodedata.category(character)
    if kind in ("Mn", "Me"):
        return character, 0
    if kind in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp"):
        return "\ufffd", 1
    return character, 2 if unicodedata.east_asian_width(character) in "WF" else 1
