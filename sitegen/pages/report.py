"""The report on the list at `/about/report/`: what it holds, how complete each field is, where it comes from, how large
the site is, what the build warns of. Made of the content and of the files of the site, without a clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from sitegen import urls
from sitegen.errors import Problem
from sitegen.meta import Table
from sitegen.model import Entry, Group, Site
from sitegen.pages import twin
from sitegen.pages.describe import described
from sitegen.views import Page, ReportView
from sitegen.words import Words

Has = Callable[[Entry], object]
_KINDS = {".html": "size_pages", ".md": "size_twins", ".bib": "size_citations", ".ris": "size_citations"}


def report_page(
    site: Site,
    groups: Sequence[Group],
    entries: Sequence[Entry],
    words: Words,
    sizes: Mapping[str, int],
    warnings: Sequence[Problem],
) -> Page:
    """The page. `sizes`: bytes of every other file of the site, by output path."""
    tables = (
        _holdings(groups, entries, words),
        _completeness(site, entries, words),
        _sources(entries, words),
        _sizes(sizes, words),
        _warnings(warnings, words),
    )
    view = ReportView(words.report, words.report_intro, tuple(table for table in tables if table.rows))
    text = twin.report(view, urls.REPORT)
    page = Page(urls.REPORT, "report.html", words.report, words.report_intro, view, text)
    return described(page, None, site, words)


def _holdings(groups: Sequence[Group], entries: Sequence[Entry], words: Words) -> Table:
    placed = Counter(entry.topics[0] for entry in entries if entry.topics)
    also = Counter(topic for entry in entries for topic in entry.topics[1:])
    sure = Counter(e.topics[0] for e in entries if e.topics and e.placements[0].confirmed)
    topics = [topic for group in groups for topic in group.topics]
    rows = [(t.name, placed[t.slug], also[t.slug], sure[t.slug]) for t in topics]
    if without := sum(not entry.topics for entry in entries):
        rows.append((words.no_topic, without, 0, 0))
    rows += [(words.report_all, len(entries), sum(also.values()), sum(sure.values()))]
    paths = (*(urls.topic(topic.slug)[1:] for topic in topics), *[""] * (len(rows) - len(topics)))
    head = (words.topic_column, words.papers_heading, words.report_also, words.report_confirmed)
    return Table(words.report_holds, head, _texts(rows), paths)


def _fields(site: Site, words: Words) -> Iterator[tuple[str, Has]]:
    yield words.authors, lambda e: e.paper.authors
    yield words.report_date, lambda e: e.paper.published
    yield words.report_month, lambda e: len(e.paper.published) >= 7
    yield words.report_day, lambda e: len(e.paper.published) == 10
    yield words.filter_venue, lambda e: e.paper.venue
    yield words.report_arxiv, lambda e: e.paper.arxiv_id
    yield words.report_doi, lambda e: e.paper.doi
    yield words.report_link, lambda e: e.paper.url or e.paper.arxiv_id or e.paper.doi
    yield words.code, lambda e: e.paper.code_urls
    yield words.keywords, lambda e: e.words.keywords or e.paper.keywords
    yield words.report_tldr, lambda e: e.words.tldr
    yield words.summary, lambda e: e.words.summary
    if site.show_abstracts:
        yield words.abstract, lambda e: e.abstract
    yield words.report_topic, lambda e: e.topics
    yield words.report_confirmed_topic, lambda e: e.placements and e.placements[0].confirmed


def _completeness(site: Site, entries: Sequence[Entry], words: Words) -> Table:
    rows = []
    for name, has in _fields(site, words):
        number = sum(bool(has(entry)) for entry in entries)
        rows.append((name, number, f"{100 * number // len(entries)} %" if entries else ""))
    return Table(words.report_complete, (words.report_field, words.papers_heading, words.report_share), _texts(rows))


def _sources(entries: Sequence[Entry], words: Words) -> Table:
    found: Counter[tuple[str, str, str]] = Counter()
    for entry in entries:
        found.update({(source.file, source.format, source.date) for source in entry.paper.sources})
    rows = [(file, form, words.date(date), number) for (file, form, date), number in sorted(found.items())]
    head = (words.report_file, words.report_format, words.report_date, words.papers_heading)
    return Table(words.report_sources, head, _texts(rows))


def _sizes(sizes: Mapping[str, int], words: Words) -> Table:
    files: Counter[str] = Counter()
    size: Counter[str] = Counter()
    for path, number in sizes.items():
        kind = _kind(path)
        files[kind] += 1
        size[kind] += number
    names = {
        "size_pages": words.size_pages,
        "size_twins": words.size_twins,
        "size_citations": words.size_citations,
        "size_search": words.size_search,
        "size_looks": words.size_looks,
        "size_feeds": words.size_feeds,
    }
    rows = [(name, files[kind], _kilobytes(size[kind])) for kind, name in names.items() if files[kind]]
    rows.append((words.report_all, len(sizes), _kilobytes(sum(sizes.values()))))
    return Table(words.report_sizes, (words.report_kind, words.report_files, words.report_kilobytes), _texts(rows))


def _kind(path: str) -> str:
    if path.startswith("search/") and not path.endswith(".html"):
        return "size_search"
    if path.endswith("papers.csl.json"):
        return "size_citations"
    suffix = path[path.rfind(".") :]
    if suffix in _KINDS:
        return _KINDS[suffix]
    return "size_looks" if suffix in (".css", ".js", ".svg", ".png", ".webp", ".ico") else "size_feeds"


def _kilobytes(number: int) -> int:
    return -(-number // 1000)


def _warnings(warnings: Sequence[Problem], words: Words) -> Table:
    rows = [(str(warning.where), warning.message) for warning in sorted(warnings)]
    return Table(words.report_warnings, (words.report_place, words.report_message), _texts(rows))


def _texts(rows: Sequence[tuple[object, ...]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(map(str, row)) for row in rows)
