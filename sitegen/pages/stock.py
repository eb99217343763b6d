"""What a site's pages are made of, and its papers in the orders in which pages show them: each is made when a page asks
for it first."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

import msgspec

from sitegen import cite, urls
from sitegen.memo import Memo
from sitegen.model import Entry, Group, Neighbour, Site, Topic
from sitegen.pages.authors import OWN_PAGE, OWN_PAGE_BRIEF, Authors, gather
from sitegen.pages.lists import by_list, by_year, entry_updated
from sitegen.pages.plan import digest
from sitegen.pages.rows import in_order, is_pinned, row
from sitegen.views import Anchor, MapView, Row
from sitegen.words import Words

LONG = 20_000
"""Papers up to which a site says all it can at every place. That of a longer list says things once, so that 87,000
papers with their abstracts fit on a host with room for 1 GB, such as GitHub Pages: abstracts stand on the papers' pages
and in the search; pages of papers, authors, years and captured lists have no Markdown, JSON-LD, card or description; a
paper has BibTeX alone to copy, fewer related papers, no way to those beside it, and in lists no COinS; an author has a
page from more papers on; and the root's files for reference managers hold the papers that have no topic."""
RELATED_BRIEF = 4
"""Related papers of a paper there."""


class Material(msgspec.Struct, frozen=True):
    """Everything that pages are made of."""

    site: Site
    groups: tuple[Group, ...]
    entries: tuple[Entry, ...]
    words: Words
    about: str = ""
    related: dict[str, tuple[Neighbour, ...]] = {}
    """By slug, nearest first."""
    kin: Callable[[], dict[str, dict[str, float]]] = dict
    """By topic: how near the others are, nearest first. Asked for when a page shows it."""
    map: Callable[[], MapView] = MapView
    """The map, when a page shows it."""
    moved: dict[str, str] = {}
    """Old addresses of papers -> their present ones."""

    @property
    def topics(self) -> dict[str, Topic]:
        return {topic.slug: topic for group in self.groups for topic in group.topics}


Members = dict[str, tuple[list[Entry], list[Entry]]]
"""By topic: its papers in reading order, and those for which it is secondary."""


class Stock:
    """A site's papers, found by slug and in order."""

    def __init__(self, material: Material, memo: Memo) -> None:
        self.material, self.site, self.words = material, material.site, material.words
        self.topics = material.topics
        self.brief = len(material.entries) > LONG
        """Whether the site says each thing once."""
        self.entries = {entry.slug: entry for entry in material.entries}
        self.group_of = {topic.slug: group.slug for group in material.groups for topic in group.topics}
        self._memo = memo
        self.row = functools.cache(self._row)
        self.around = functools.cache(self._around)
        self.work = functools.cache(self._work)
        self.mark = functools.cache(self._mark)
        self.cited = functools.cache(self._cited)
        self.updated = functools.cache(self._updated)

    @cached_property
    def base(self) -> bytes:
        """Stands for what every page may show: settings, words, topics, old addresses."""
        return digest(self.site, self.words, self.material.groups, self.material.moved, self.brief)

    def _mark(self, slug: str) -> bytes:
        entry = self.entries[slug]
        return digest(entry.paper, entry.words, entry.abstract, entry.topics, entry.override)

    def _cited(self, slug: str) -> bytes:
        entry = self.entries[slug]
        return digest(entry.paper, entry.words.keywords, entry.abstract)

    def marks(self, slugs: Iterable[str]) -> list[bytes]:
        """What stands for all that is known of papers, but the words that placed them, and their related ones."""
        return [self.mark(slug) for slug in slugs]

    def _work(self, slug: str) -> cite.Work:
        work = cite.of_entry(self.entries[slug], self.site)
        return msgspec.structs.replace(work, abstract="") if self.brief else work

    def _row(self, slug: str) -> Row:
        made = row(self.entries[slug], self.topics, self.words, None if self.brief else self.work(slug))
        was = self._was.get(slug)
        return msgspec.structs.replace(made, was=was) if was else made

    def rows(self, slugs: Iterable[str]) -> tuple[Row, ...]:
        """Papers as entries of a list."""
        return tuple(map(self.row, slugs))

    @cached_property
    def _was(self) -> dict[str, tuple[str, ...]]:
        """The former slugs of papers."""
        found: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
        for old, new in self.material.moved.items():
            found[new] += (old,)
        return dict(found)

    def was(self, slug: str) -> tuple[str, ...]:
        """The former slugs of a paper."""
        return self._was.get(slug, ())

    def related(self, slug: str) -> tuple[Neighbour, ...]:
        """The related papers that a paper's page shows, nearest first."""
        return self.material.related.get(slug, ())[: RELATED_BRIEF if self.brief else None]

    def anchor(self, slug: str) -> Anchor:
        """A link to a paper's page."""
        return Anchor(self.entries[slug].paper.title, urls.paper(slug)[1:])

    def _updated(self, slug: str) -> str:
        return entry_updated(self.entries[slug])

    def last_updated(self, entries: Sequence[Entry]) -> str:
        """The newest date that the content gives for some papers."""
        return max((self.updated(entry.slug) for entry in entries), default="")

    def when_updated(self, entries: Sequence[Entry]) -> Callable[[], str]:
        """Asks for that at the first call only: the pages of a long list have it in common."""
        return functools.cache(functools.partial(self.last_updated, entries))

    @cached_property
    def newest(self) -> list[Entry]:
        return in_order(self.material.entries, pins=False)

    @cached_property
    def order(self) -> list[Entry]:
        """Reading order, pinned papers first."""
        return sorted(self.newest, key=is_pinned, reverse=True)

    @cached_property
    def members(self) -> Members:
        found: Members = {slug: ([], []) for slug in self.topics}
        for entry in self.order:
            for number, slug in enumerate(entry.topics):
                found[slug][number > 0].append(entry)
        return found

    @cached_property
    def years(self) -> dict[str, list[Entry]]:
        return by_year(self.order)

    @cached_property
    def lists(self) -> dict[str, tuple[str, list[Entry]]]:
        return by_list(self.material.entries, self.words)

    @cached_property
    def authors(self) -> Authors:
        papers = [entry.paper for entry in self.newest]
        return self._memo("authors", papers, lambda: gather(papers, OWN_PAGE_BRIEF if self.brief else OWN_PAGE))

    def beside(self, slug: str) -> tuple[Anchor | None, Anchor | None]:
        """The papers before and after one in its topic."""
        topics = self.entries[slug].topics
        return self.around(topics[0])[slug] if topics and not self.brief else (None, None)

    def _around(self, topic: str) -> dict[str, tuple[Anchor | None, Anchor | None]]:
        """By paper of a topic: those before and after it."""
        papers = [entry.slug for entry in self.members[topic][0]]
        anchors = [None, *map(self.anchor, papers), None]
        return dict(zip(papers, zip(anchors, anchors[2:], strict=False), strict=True))

    @cached_property
    def held(self) -> dict[str, list[Anchor]]:
        """By paper: the captured lists that hold it."""
        found: dict[str, list[Anchor]] = {}
        for slug, (name, entries) in self.lists.items():
            for entry in entries:
                found.setdefault(entry.slug, []).append(Anchor(name, urls.capture_list(slug)[1:]))
        return found
