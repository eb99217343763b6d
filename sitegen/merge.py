"""Identity and merging: when two records are one paper, and which value wins.

Two records are one paper if their arXiv id or DOI agrees, or one of their folded titles. A merge never loses a field:
an empty value never replaces one, lists are joined, the longer whole abstract wins, the earlier and then the more exact
date wins, and of two different values the one that was here first wins and the other is reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from sitegen.model import Paper, Source
from sitegen.tex import looks_cut
from sitegen.text import distinct_slug, fold, slugify, unique

_SINGLE = ("venue", "arxiv_id", "doi", "url", "pdf_url")
_JOINED = ("code_urls", "keywords")


def keys(paper: Paper) -> list[str]:
    """What identifies a paper, surest first."""
    found = [f"arxiv:{paper.arxiv_id.lower()}"] if paper.arxiv_id else []
    found += [f"doi:{paper.doi.lower()}"] if paper.doi else []
    titles = (fold(title) for title in (paper.title, *paper.also_titled))
    return [*found, *(f"title:{title}" for title in titles if title)]


class Catalogue:
    """The papers met so far, found by identity. Holds slugs only; the records stay with the caller."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        self._slugs: dict[str, str] = {}
        self._taken: set[str] = set()
        for paper in papers:
            self.add(paper)

    def add(self, paper: Paper) -> None:
        self._taken.add(paper.slug)
        for key in keys(paper):
            self._slugs.setdefault(key, paper.slug)

    def find(self, paper: Paper) -> list[str]:
        """The slugs of the papers that this one is, surest first: normally none or one."""
        return list(unique(self._slugs.get(key, "") for key in keys(paper)))

    def address(self, paper: Paper) -> str:
        """A free slug for a new paper: its own if it has one, else its title's."""
        for slug in (paper.slug, slugify(paper.title), distinct_slug(paper.title)):
            if slug and slug not in self._taken:
                return slug
        return distinct_slug(f"{paper.title} {paper.arxiv_id} {paper.doi} {paper.url}")


@dataclass(frozen=True)
class Merged:
    """The joined record, and what of the newcomer found no place in it."""

    paper: Paper
    abstract: str
    lost: tuple[str, ...]


def merge(old: Paper, old_abstract: str, new: Paper, new_abstract: str) -> Merged:
    """Join a newcomer into the record that is here. Merging the same again changes nothing."""
    lost: list[str] = []
    changes: dict[str, object] = {}
    for name in _SINGLE:
        mine, theirs = getattr(old, name), getattr(new, name)
        if theirs and not mine:
            changes[name] = theirs
        elif theirs and theirs != mine:
            lost.append(f'{name} "{theirs}" (kept "{mine}")')
    for name in _JOINED:
        changes[name] = _join(getattr(old, name), getattr(new, name))
    if len(new.authors) > len(old.authors):
        changes["authors"] = new.authors
    changes["published"] = earlier(old.published, new.published)
    titles = {fold(title) for title in (old.title, *old.also_titled)}
    others = [title for title in (new.title, *new.also_titled) if fold(title) not in titles]
    changes["also_titled"] = _join(old.also_titled, others)
    changes["sources"] = join_sources(old.sources, new.sources)
    changes["extra"] = {**new.extra, **old.extra}
    abstract = _better_abstract(old_abstract, new_abstract)
    return Merged(msgspec.structs.replace(old, **changes), abstract, tuple(lost))


def _join(old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    known = {item.casefold() for item in old}
    return (*old, *unique(item for item in new if item.casefold() not in known))


def earlier(old: str, new: str) -> str:
    """The earlier of two partial dates; of `2024` and `2024-10-09` the more exact one."""
    if not old or not new:
        return old or new
    if old.startswith(new) or new.startswith(old):
        return max(old, new, key=len)
    return min(old, new)


def join_sources(old: Sequence[Source], new: Sequence[Source]) -> tuple[Source, ...]:
    """All sources by file and position; a date with its year beats one without."""
    found: dict[tuple[str, int], Source] = {}
    for source in (*old, *new):
        here = found.get((source.file, source.position))
        if here is None or _exact(source.date) > _exact(here.date):
            found[source.file, source.position] = source
    return tuple(found[key] for key in sorted(found))


def _exact(date: str) -> int:
    return 0 if not date else 1 if date.startswith("-") else len(date)


def _better_abstract(old: str, new: str) -> str:
    if not old or not new:
        return old or new
    return max((old, new), key=lambda text: (not looks_cut(text), len(text)))
