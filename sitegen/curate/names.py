"""Which paper a name means."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import islice, takewhile

from sitegen.errors import Level, Problem, nearest
from sitegen.model import Paper
from sitegen.text import fold
from sitegen.yamlio import Text

_IDENTIFIER = re.compile(r"\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{7}|10\.\d{4,9}/\S+")
"""An arXiv id or a DOI."""
MOST_GUESSES = 50
"""Names for which the nearest one is sought: in a file that belongs to another list, all are wrong."""


class Names:
    """Finds the paper that a key means: its slug, else its arXiv id, else the unambiguous start of its title.

    `papers` is None when they could not be read; then every key is taken for a slug. `addresses`: new slugs that the
    overrides give, to the slugs of the records.
    """

    def __init__(self, papers: Sequence[Paper] | None, addresses: Mapping[str, str] | None = None) -> None:
        self.all_known = papers is not None
        papers = papers or []
        self.papers = {paper.slug: paper for paper in papers}
        self.addresses = addresses or {}
        self.ids = {paper.arxiv_id: paper.slug for paper in papers if paper.arxiv_id}
        self._guesses = 0

    @cached_property
    def titles(self) -> list[tuple[str, str]]:
        """The folded titles, sorted, each with its slug."""
        return sorted((fold(paper.title), slug) for slug, paper in self.papers.items())

    @cached_property
    def _holders(self) -> dict[str, list[str]]:
        """The papers that each arXiv id, DOI and capture belongs to."""
        found = defaultdict(list)
        for slug, paper in self.papers.items():
            for name in paper.identifiers:
                found[name].append(slug)
        return found

    @cached_property
    def _parts(self) -> dict[str, frozenset[str]]:
        """The parts of each slug and arXiv id."""
        return {name: _parts(name) for name in sorted({*self.papers, *self.addresses, *self.ids})}

    def _called(self, start: str) -> list[str]:
        """The papers whose folded title starts so."""
        first = bisect_left(self.titles, (start, ""))
        return [slug for title, slug in takewhile(lambda t: t[0].startswith(start), islice(self.titles, first, None))]

    def find(self, key: Text, problems: list[Problem], level: Level = "error") -> str | None:
        """The slug of the paper's record; None, and a problem of this level, when it is none or not clear."""
        if key in self.papers or not self.all_known:
            return str(key)
        if known := self.addresses.get(key) or self.ids.get(key):
            return known
        start = fold(key)
        matches = self._called(start) if start else []
        if len(matches) == 1:
            return matches[0]
        if matches:
            message = f'"{key}" is the start of {len(matches)} titles'
            problems.append(Problem(key.where, message, f"use a slug: {', '.join(sorted(matches)[:3])}", level))
        else:
            problems.append(Problem(key.where, f'no paper is called "{key}"', self._hint(key), level))
        return None

    def _hint(self, key: str) -> str:
        """The nearest of the names that share the most parts with the key, or of all when none shares any."""
        self._guesses += 1
        near = ""
        if (link := _IDENTIFIER.search(key)) and link[0] in self.ids:
            return f'did you mean "{link[0]}"?'
        if self._guesses <= MOST_GUESSES:
            likely = self.ids if key[:1].isdecimal() else {**self.papers, **self.addresses}
            parts = _parts(key)
            shared = {name: len(parts & self._parts[name]) for name in likely}
            most = max(shared.values(), default=0)
            near = nearest(key, sorted(name for name, number in shared.items() if number == most))
        return near or "use the paper's slug, arXiv id or the start of its title"

    def find_other(self, name: Text, own: str, problems: list[Problem]) -> str | None:
        """The record that `distinct_from` names beside the one at `own`: by slug, arXiv id, DOI, source or title.

        A name that is the record's own, or that no record has yet, is returned as it stands: it means the paper that
        the next import will set apart. None, and a problem, when it can mean nothing.
        """
        if name in self.papers or not self.all_known:
            return str(name)
        if name in self.addresses:
            return self.addresses[name]
        holders = self._holders.get(name, [])
        others = [slug for slug in holders if slug != own]
        if len(others) == 1:
            return others[0]
        mine = {source.file for source in self.papers[own].sources}
        if holders or _IDENTIFIER.fullmatch(name) or name.rpartition(":")[0] in mine:
            return str(name)
        return self.find(name, problems)


def _parts(name: str) -> frozenset[str]:
    return frozenset(re.split(r"[\W_]+", name.lower())) - {""}
