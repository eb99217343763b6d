"""Lists of papers: by year, and as they were captured."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from sitegen import urls
from sitegen.model import Entry, Source
from sitegen.pages import plots, twin
from sitegen.pages.plan import Facts, Plan
from sitegen.pages.rows import parts
from sitegen.text import slugify
from sitegen.views import Anchor, IndexView, ListView, Page, Part
from sitegen.words import Words

if TYPE_CHECKING:
    from sitegen.pages.stock import Stock

UNDATED = "undated"
"""The year of papers without one, in addresses."""


def by_year(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """The papers of each year, newest first. `entries`: in reading order."""
    years: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        years[entry.paper.published[:4] or UNDATED].append(entry)
    return {year: years[year] for year in sorted(years, key=lambda y: (y != UNDATED, y), reverse=True)}


def by_list(entries: Iterable[Entry], words: Words) -> dict[str, tuple[str, list[Entry]]]:
    """The captured lists by slug: what to call each, and its papers in their order there."""
    found: defaultdict[str, list[tuple[int, str, Entry]]] = defaultdict(list)
    names: dict[str, str] = {}
    for entry in entries:
        for source in entry.paper.sources:
            if source.format == "hf-list":
                slug = slugify(source.file.rsplit(".", 1)[0])
                names[slug] = _list_name(source, words)
                found[slug].append((source.position, entry.slug, entry))
    return {
        slug: (names[slug], [item[2] for item in sorted(found[slug], key=lambda i: i[:2])]) for slug in sorted(found)
    }


def _list_name(source: Source, words: Words) -> str:
    return words.list_of_date(date=words.date(source.date)) if source.date else words.list_of_file(file=source.file)


def entry_updated(entry: Entry) -> str:
    """The newest date that the content gives for a paper."""
    captured = [source.date for source in entry.paper.sources if not source.date.startswith("-")]
    return max([entry.paper.published, entry.override.date if entry.override else "", *captured])


def _plans(
    stock: Stock, base: str, title: str, intro: str, entries: Sequence[Entry], siblings: tuple[Anchor, ...]
) -> Iterator[Plan]:
    updated = stock.when_updated(entries)
    for address, some, part in parts(base, [entry.slug for entry in entries]):
        heading = title if part.number == 1 else stock.words.title_part(title=title, number=part.number)
        about = (heading, intro, len(entries), part, siblings)
        facts = functools.partial(_facts, stock, updated, some, *about)
        make = functools.partial(_page, stock, address, updated, some, *about)
        yield Plan(address, "list.html", facts, make, updated)


def _facts(stock: Stock, updated: Callable[[], str], some: Sequence[str], *about: object) -> Facts:
    return {"papers": stock.marks(some), "date": updated(), "position": about}


def _page(
    stock: Stock,
    address: str,
    updated: Callable[[], str],
    some: Sequence[str],
    heading: str,
    intro: str,
    count: int,
    part: Part,
    siblings: tuple[Anchor, ...],
) -> Page:
    view = ListView(heading, intro, stock.rows(some), count, part, siblings)
    text = "" if stock.brief else twin.papers(view, address, stock.words)
    return Page(address, "list.html", heading, intro, view, text, updated())


def _index(permalink: str, view: IndexView) -> Plan:
    def make() -> Page:
        return Page(permalink, "index.html", view.heading, view.intro, view, twin.index(view, permalink))

    return Plan(permalink, "index.html", lambda: {"lists": view}, make)


def year_anchors(years: Mapping[str, list[Entry]], words: Words) -> tuple[Anchor, ...]:
    """The pages of the years, each with how many papers it has."""
    names = {year: str(words.undated) if year == UNDATED else year for year in years}
    return tuple(Anchor(names[year], urls.year(year)[1:], len(entries)) for year, entries in years.items())


def year_plans(stock: Stock) -> Iterator[Plan]:
    """The index of years, and each year."""
    words, anchors = stock.words, year_anchors(stock.years, stock.words)
    plot = plots.years(entry for entries in stock.years.values() for entry in entries)
    yield _index(urls.YEARS, IndexView(words.years, words.years_intro, anchors, plot))
    for year, entries in stock.years.items():
        title = words.papers_without_date if year == UNDATED else words.papers_of_year(year=year)
        yield from _plans(stock, urls.year(year), title, words.newest_first(title=title), entries, anchors)


def list_plans(stock: Stock) -> Iterator[Plan]:
    """The index of captured lists, and each of them."""
    words, lists = stock.words, stock.lists
    anchors = tuple(Anchor(name, urls.capture_list(slug)[1:], len(items)) for slug, (name, items) in lists.items())
    yield _index(urls.LISTS, IndexView(words.lists, words.lists_intro if lists else words.no_lists, anchors))
    for slug, (name, entries) in lists.items():
        yield from _plans(stock, urls.capture_list(slug), name, words.list_order(name=name), entries, anchors)
