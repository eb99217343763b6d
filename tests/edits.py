"""Edits of the toy site, of every kind that a curator makes; each is taken back when it is made again."""

from __future__ import annotations

from pathlib import Path

from sites import write

EDITS = {
    "topics": ("overrides.yaml", "p-a0331e41: [sorting, reviewing]", "p-a0331e41: [quotation]"),
    "one topic more": ("overrides.yaml", "  topics: [reviewing]", "  topics: [reviewing, sorting]"),
    "a note": ("overrides.yaml", "  why: Reading is", "  note: Hm.\n  why: Reading is"),
    "shown again": ("overrides.yaml", "  hide: true", "  hide: false\n  note: Back."),
    "not pinned": ("overrides.yaml", "  pin: true\n", ""),
    "a comment": ("overrides.yaml", "# Short", "# Very short\n# Short"),
    "another title": ("overrides.yaml", "A Well-Spelt Title", "A Better-Spelt Title"),
    "a topic's name": ("topics.yaml", "name: Silence", "name: Quiet"),
    "a site's title": ("site.yaml", "title: ", "title: New "),
    "a note on a topic": ("notes/silence.md", "", "Something at last."),
    "a record": ("papers.jsonl", '"published":"2026', '"published":"2025'),
    "words": ("summaries/new.yaml", "", "p-a0331e41:\n  tldr: Something short.\n"),
}
"""By name: a file of the content, what stands in it, and what then does; a file of its own where nothing did."""


def edit(site: Path, name: str) -> None:
    """Make an edit, or take it back."""
    file, before, after = EDITS[name]
    path = site / "content" / file
    text = path.read_text("utf-8") if path.exists() else ""
    if before and before in text and not (after and after in text):
        write(path, text.replace(before, after, 1))
    elif not before:
        path.unlink() if text else write(path, after)
    elif after:
        write(path, text.replace(after, before, 1))
