"""Which paper a name means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

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
        self.titles = [(fold(paper.title), paper.slug) for paper in papers]
        self._guesses = 0

    def find(self, key: Text, problems: list[Problem], level: Level = "error") -> str | None:
        """The slug of the paper's record; None, and a problem of this level, when it is none or not clear."""
        if key in self.papers or not self.all_known:
            return str(key)
        if known := self.addresses.get(key) or self.ids.get(key):
            return known
        start = fold(key)
        matches = [slug for title, slug in self.titles if start and title.startswith(start)]
        if len(matches) == 1:
            return matches[0]
        if matches:
            message = f'"{key}" is the start of {len(matches)} titles'
            problems.append(Problem(key.where, message, f"use a slug: {', '.join(sorted(matches)[:3])}", level))
        else:
            problems.append(Problem(key.where, f'no paper is called "{key}"', self._hint(key), level))
        return None

    def _hint(self, key: str) -> str:
        likely = self.ids if key[:1].isdecimal() else [*self.papers, *self.addresses]
        self._guesses += 1
        near = nearest(key, sorted(likely)) if self._guesses <= MOST_GUESSES else ""
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
        holders = [slug for slug, paper in self.papers.items() if name in paper.identifiers]
        others = [slug for slug in holders if slug != own]
        if len(others) == 1:
            return others[0]
        mine = {source.file for source in self.papers[own].sources}
        if holders or _IDENTIFIER.fullmatch(name) or name.rpartition(":")[0] in mine:
            return str(name)
        return self.find(name, problems)
