"""Papers that look alike and are not one: what `distinct_from` says, while papers come in.

A name stands for a paper: the slug of its record, or, before it has one, its arXiv id, its DOI, or where it was
captured (`FILE:POSITION`; `FILE:KEY` for a BibTeX file).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from sitegen.model import Paper
from sitegen.text import unique

_OWN = ("slug", "title", "enriched", "sources", "extra")


class Partings:
    """Which papers are not the same. Holds names only; the records stay with the caller."""

    def __init__(self, rules: Mapping[str, Iterable[str]]) -> None:
        self._others: dict[str, dict[str, None]] = {}
        for slug, names in rules.items():
            for name in names:
                self.add(slug, name)

    def add(self, one: str, other: str) -> None:
        self._others.setdefault(one, {})[other] = None
        self._others.setdefault(other, {})[one] = None

    def __contains__(self, slug: str) -> bool:
        return slug in self._others

    def are_two(self, one: str, other: str) -> bool:
        return other in self._others.get(one, ())

    def are_apart(self, one: Paper, other: Paper) -> bool:
        """Whether two records are parted, by any of their names."""
        named = self.named(one.slug, other) or self.named(other.slug, one)
        return bool(named) or self.are_two(one.slug, other.slug)

    def settle(self, entry: Paper, matches: Sequence[str], papers: Mapping[str, Paper]) -> list[str]:
        """Of the papers that an entry looks like, those that it is; of two that are parted, the likelier, first one."""
        found: list[str] = []
        for slug in unique(self._whose(slug, entry, papers) for slug in matches):
            if not any(self.are_two(slug, other) for other in found):
                found.append(slug)
        return found

    def named(self, slug: str, entry: Paper) -> str:
        """The name by which the rules of a paper mean the entry; empty when they do not, or it has a record."""
        return next((name for name in self._others.get(slug, ()) if name in entry.identifiers), "")

    def _whose(self, slug: str, entry: Paper, papers: Mapping[str, Paper]) -> str:
        """The paper itself, the one that it is parted from, or none: then the entry is a paper of its own."""
        if self.named(slug, entry):
            return ""
        for other in self._others.get(slug, ()):
            if other in papers and not self.named(other, entry) and _closer(entry, papers[other], papers[slug]):
                return other
        return slug


def _closer(entry: Paper, one: Paper, other: Paper) -> bool:
    """Whether an entry is the one paper rather than the other: it was captured with it, or else has its ids."""
    captured = (entry.captures & one.captures, entry.captures & other.captures)
    if any(captured):
        return bool(captured[0]) and not captured[1]
    return bool(entry.identifiers & one.identifiers) and not entry.identifiers & other.identifiers


def without(paper: Paper, other: Paper) -> Paper:
    """A record without all that another paper has too, but for its title."""
    changes: dict[str, object] = {}
    for name in Paper.__struct_fields__:
        mine, theirs = getattr(paper, name), getattr(other, name)
        if name in _OWN or not mine:
            continue
        if isinstance(mine, tuple):
            gone = {*theirs, other.title} if name == "also_titled" else {*theirs}
            changes[name] = tuple(item for item in mine if item not in gone)
        elif mine == theirs:
            changes[name] = ""
    return msgspec.structs.replace(released(paper, other), **changes)


def released(paper: Paper, other: Paper, name: str = "") -> Paper:
    """A record without the other paper's captures, and without the id by which that one is named."""
    sources = tuple(s for s in paper.sources if not s.position or s.name not in other.captures)
    changes = {field: "" for field in ("arxiv_id", "doi") if name and getattr(paper, field).lower() == name.lower()}
    return msgspec.structs.replace(paper, sources=sources, **changes)
