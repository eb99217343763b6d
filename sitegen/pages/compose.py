"""All pages of a site, from its material."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from sitegen import cite, urls
from sitegen.memo import Forgetful, Memo
from sitegen.model import Entry, Group, Neighbour, Site, Topic
from sitegen.pages import plots, suggest, twin
from sitegen.pages.authors import Authors, author_pages, gather
from sitegen.pages.describe import described
from sitegen.pages.lists import (
    by_list,
    by_year,
    entry_updated,
    last_updated,
    list_pages,
    year_anchors,
    year_pages,
)
from sitegen.pages.paper import paper_page
from sitegen.pages.rows import in_order, moved_rows, parts, row
from sitegen.text import cut
from sitegen.views import (
    Anchor,
    GroupView,
    HomeView,
    IndexView,
    MapView,
    MyView,
    Page,
    PaperView,
    ProseView,
    RedirectView,
    Related,
    Row,
    SearchView,
    Shelf,
    TopicsView,
    TopicView,
)
from sitegen.words import Words

NEWEST = 8
RELATED_TOPICS = 4


class Material(msgspec.Struct, frozen=True):
    """Everything that pages are made of."""

    site: Site
    groups: tuple[Group, ...]
    entries: tuple[Entry, ...]
    words: Words
    about: str = ""
    related: dict[str, tuple[Neighbour, ...]] = {}
    """By slug, nearest first."""
    kin: dict[str, dict[str, float]] = {}
    """By topic: how near the others are, nearest first."""
    map: MapView = MapView()
    moved: dict[str, str] = {}
    """Old addresses of papers -> their present ones."""

    @property
    def topics(self) -> dict[str, Topic]:
        return {topic.slug: topic for group in self.groups for topic in group.topics}


def compose(material: Material, memo: Memo | None = None) -> list[Page]:
    """Every page, home first. `memo`: what an earlier call made of the same."""
    memo = memo or Forgetful()
    topics, words, site = material.topics, material.words, material.site
    works = {
        entry.slug: memo(("work", entry.slug), (entry, site), functools.partial(cite.of_entry, entry, site))
        for entry in material.entries
    }
    rows = {
        entry.slug: memo(("row", entry.slug), facts, functools.partial(row, *facts))
        for entry in material.entries
        for facts in [(entry, topics, words, works[entry.slug])]
    }
    rows |= moved_rows(rows, material.moved)
    members = _members(material.entries, topics)
    groups = _group_views(material.groups, members)
    years = by_year(material.entries)
    lists = by_list(material.entries, words)
    pages = [_home(material, rows, groups, years, lists), _topics_index(material, groups)]
    for group in material.groups:
        for topic in group.topics:
            pages += _topic_pages(material, topic, group, members, rows)
    papers = [entry.paper for entry in material.entries]
    authors = memo("authors", papers, lambda: gather(material.entries))
    pages += _old_topics(material)
    pages += _paper_pages(material, members, rows, lists, authors, memo)
    for old, new in material.moved.items():
        pages.append(_redirect(urls.paper(old), Anchor(rows[new].title, rows[new].path)))
    pages += author_pages(authors, rows, words, memo)
    pages += year_pages(years, rows, words)
    pages += list_pages(lists, rows, words)
    pages += _fixed(material)
    return [
        memo(
            ("described", page.permalink),
            (page, works.get(page.view.slug) if isinstance(page.view, PaperView) else None, site, words),
            functools.partial(described, page, works, site, words),
        )
        for page in pages
    ]


def _members(entries: Iterable[Entry], topics: Mapping[str, Topic]) -> dict[str, tuple[list[Entry], list[Entry]]]:
    """By topic: its papers in reading order, and those for which it is secondary."""
    found: dict[str, tuple[list[Entry], list[Entry]]] = {slug: ([], []) for slug in topics}
    for entry in in_order(entries):
        for number, slug in enumerate(entry.topics):
            found[slug][number > 0].append(entry)
    return found


def _group_views(
    groups: Sequence[Group], members: Mapping[str, tuple[list[Entry], list[Entry]]]
) -> tuple[GroupView, ...]:
    found = []
    span = [bar.year for bar in plots.years(entry for primary, _ in members.values() for entry in primary)]
    for group in groups:
        shelves = [
            Shelf(t.name, urls.topic(t.slug)[1:], t.scope, len(papers), plots.years(papers, span))
            for t in group.topics
            for papers in [members[t.slug][0]]
        ]
        found.append(GroupView(group.slug, group.name, tuple(shelves)))
    return tuple(found)


def _home(
    material: Material,
    rows: Mapping[str, Row],
    groups: tuple[GroupView, ...],
    years: Mapping[str, list[Entry]],
    lists: Mapping[str, tuple[str, list[Entry]]],
) -> Page:
    newest = in_order(material.entries, pins=False)[:NEWEST]
    view = HomeView(
        len(material.entries),
        sum(len(group.shelves) for group in groups),
        groups,
        tuple(rows[entry.slug] for entry in newest),
        tuple(Anchor(name, urls.capture_list(slug)[1:], len(items)) for slug, (name, items) in lists.items()),
        year_anchors(years, material.words),
        material.map,
    )
    site = material.site
    text = twin.home(site.title, site.description, view, material.words)
    return Page(
        urls.HOME, "home.html", site.title, site.description, view, text, last_updated(material.entries), urls.HOME
    )


def _topics_index(material: Material, groups: tuple[GroupView, ...]) -> Page:
    words = material.words
    view = TopicsView(groups, plots.overlaps(material.entries, [*material.topics]))
    return Page(urls.TOPICS, "topics.html", words.topics, words.all_topics, view, twin.topics(view, words))


def _topic_pages(
    material: Material,
    topic: Topic,
    group: Group,
    members: Mapping[str, tuple[list[Entry], list[Entry]]],
    rows: Mapping[str, Row],
) -> Iterator[Page]:
    primary, secondary = members[topic.slug]
    related = _related_topics(topic.slug, material)
    permalink = urls.topic(topic.slug)
    also = {entry.slug for entry in secondary}
    for address, some, part in parts(permalink, [rows[entry.slug] for entry in (*primary, *secondary)]):
        first = part.number == 1
        view = TopicView(
            topic.slug,
            topic.name,
            topic.scope,
            group.name,
            group.slug,
            topic.note if first else "",
            tuple(row for row in some if row.pinned and row.slug not in also and not topic.note),
            tuple(row for row in some if row.slug not in also and (topic.note or not row.pinned)),
            tuple(row for row in some if row.slug in also),
            len(primary),
            part,
            related if first else (),
            suggest.for_topic(material.site, topic) if first else None,
            plots.years(primary) if first else (),
        )
        title = topic.name if first else material.words.title_part(title=topic.name, number=part.number)
        text = twin.topic(view, address, material.words)
        yield Page(
            address, "topic.html", title, topic.scope, view, text, last_updated([*primary, *secondary]), permalink
        )


def _related_topics(slug: str, material: Material) -> tuple[Anchor, ...]:
    topics = material.topics
    return tuple(Anchor(topics[o].name, urls.topic(o)[1:]) for o in [*material.kin.get(slug, {})][:RELATED_TOPICS])


def _old_topics(material: Material) -> Iterator[Page]:
    """A page at each old address of a topic."""
    heirs: defaultdict[str, list[Anchor]] = defaultdict(list)
    for topic in material.topics.values():
        for old in topic.redirect_from:
            heirs[old].append(Anchor(topic.name, urls.topic(topic.slug)[1:]))
    return (_redirect(urls.topic(old), *targets) for old, targets in heirs.items())


def _redirect(old: str, *targets: Anchor) -> Page:
    """A page that leads on, or offers the several topics that took a topic's place."""
    names = " / ".join(target.name for target in targets)
    return Page(old, "redirect.html", names, "", RedirectView(targets), listed=False)


def _paper_pages(
    material: Material,
    members: Mapping[str, tuple[list[Entry], list[Entry]]],
    rows: Mapping[str, Row],
    lists: Mapping[str, tuple[str, list[Entry]]],
    authors: Authors,
    memo: Memo,
) -> Iterator[Page]:
    beside: dict[str, tuple[Anchor | None, Anchor | None]] = {}
    for primary, _ in members.values():
        anchors = [Anchor(rows[entry.slug].title, rows[entry.slug].path) for entry in primary]
        for entry, before, after in zip(primary, [None, *anchors], [*anchors[1:], None], strict=False):
            beside[entry.slug] = (before, after)
    groups = {topic.slug: group.slug for group in material.groups for topic in group.topics}
    held: defaultdict[str, list[Anchor]] = defaultdict(list)
    for slug, (name, entries) in lists.items():
        for entry in entries:
            held[entry.slug].append(Anchor(name, urls.capture_list(slug)[1:]))
    topics = material.topics
    for entry in material.entries:
        around = beside.get(entry.slug, (None, None))
        near = tuple(
            Related(rows[n.slug].title, rows[n.slug].path, n.because) for n in material.related.get(entry.slug, ())
        )
        facts = (
            entry,
            material.words,
            topics,
            groups,
            authors.anchors(entry.paper.authors),
            held[entry.slug],
            around,
            suggest.for_paper(material.site, entry),
            material.site.show_abstracts,
            near,
            rows[entry.slug].was,
        )
        page = memo(("paper", entry.slug), facts, functools.partial(paper_page, *facts))
        yield msgspec.structs.replace(page, updated=entry_updated(entry))


def _fixed(material: Material) -> Iterator[Page]:
    """The pages that every site has once."""
    site, words = material.site, material.words
    about = material.about or f"# {words.about}\n\n{site.description}"
    view = ProseView(words.about_site(site=site.title), about)
    yield Page(
        urls.ABOUT,
        "prose.html",
        words.about,
        cut(f"{view.heading}. {site.description}", 160),
        view,
        twin.prose(about, urls.ABOUT) + "\n",
    )
    yield Page(urls.MAP, "map.html", words.map, words.map_intro, material.map)
    search = SearchView(len(material.entries))
    yield Page(urls.SEARCH, "search.html", words.search, words.search_site(site=site.title), search)
    yield Page(urls.MY_LIST, "my.html", words.my_list, words.my_list_about, MyView(material.moved), listed=False)
    unreached = IndexView(words.offline, words.offline_says, ())
    yield Page(urls.OFFLINE, "offline.html", words.offline, words.offline_says, unreached, listed=False)
    missing = IndexView(words.page_not_found, words.no_page_here, ())
    yield Page(urls.NOT_FOUND, "404.html", missing.heading, missing.intro, missing, listed=False)
