"""Inputs that show where the fault is: `▸` stands right before it, and is taken out before the text is read."""

from __future__ import annotations

MARK = "▸"


def marked(text: str) -> tuple[str, tuple[int, int]]:
    """The text without its mark, and the line and column, from 1, that the mark pointed at."""
    before, mark, after = text.partition(MARK)
    assert mark, "no ▸ in the text"
    assert MARK not in after, "more than one ▸ in the text"
    return before + after, (before.count("\n") + 1, len(before) - before.rfind("\n"))
