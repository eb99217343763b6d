"""Lists of papers: by year, and as they were captured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sitegen import urls
from sitegen.model import Entry, Source
from sitegen.pages import plots, twin
from sitegen.pages.rows import in_order, parts
from sitegen.text import slugify
from sitegen.views import Anchor, IndexView, ListView, Page, Row
from sitegen.words import Words

UNDATED = "undated"
"""The year of papers without one, in addresses."""


def by_year(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    years: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in in_order(entries):
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


def last_updated(entries: Iterable[Entry]) -> str:
    return max((entry_updated(entry) for entry in entries), default="")


def entry_updated(entry: Entry) -> str:
    """The newest date that the content gives for a paper."""
    captured = [source.date for source in entry.paper.sources if not source.date.startswith("-")]
    return max([entry.paper.published, entry.override.date if entry.override else "", *captured])


def _lists(
    base: str,
    title: str,
    intro: str,
    entries: Sequence[Entry],
    rows: Mapping[str, Row],
    siblings: tuple[Anchor, ...],
    words: Words,
) -> Iterator[Page]:
    for address, some, part in parts(base, [rows[entry.slug] for entry in entries]):
        heading = title if part.number == 1 else words.title_part(title=title, number=part.number)
        view = ListView(heading, intro, some, len(entries), part, siblings)
        yield Page(address, "list.html", heading, intro, view, twin.papers(view, address, words), last_updated(entries))


def year_anchors(years: Mapping[str, list[Entry]], words: Words) -> tuple[Anchor, ...]:
    """The pages of the years, each with how many papers it has."""
    names = {year: str(words.undated) if year == UNDATED else year for year in years}
    return tuple(Anchor(names[year], urls.year(year)[1:], len(entries)) for year, entries in years.items())


def year_pages(years: Mapping[str, list[Entry]], rows: Mapping[str, Row], words: Words) -> Iterator[Page]:
    anchors = year_anchors(years, words)
    plot = plots.years(entry for entries in years.values() for entry in entries)
    view = IndexView(words.years, words.years_intro, anchors, plot)
    yield Page(urls.YEARS, "index.html", view.heading, view.intro, view, twin.index(view, urls.YEARS))
    for year, entries in years.items():
        title = words.papers_without_date if year == UNDATED else words.papers_of_year(year=year)
        intro = words.newest_first(title=title)
        yield from _lists(urls.year(year), title, intro, entries, rows, anchors, words)


def list_pages(lists: Mapping[str, tuple[str, list[Entry]]], rows: Mapping[str, Row], words: Words) -> Iterator[Page]:
    anchors = tuple(Anchor(name, urls.capture_list(slug)[1:], len(items)) for slug, (name, items) in lists.items())
    view = IndexView(words.lists, words.lists_intro if lists else words.no_lists, anchors)
    yield Page(urls.LISTS, "index.html", view.heading, view.intro, view, twin.index(view, urls.LISTS))
    for slug, (name, entries) in lists.items():
        intro = words.list_order(name=name)
        yield from _lists(urls.capture_list(slug), name, intro, entries, rows, anchors, words)
