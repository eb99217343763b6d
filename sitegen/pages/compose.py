"""All pages of a site, planned from its material: addresses first, the pages themselves when they are asked for."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from sitegen import urls
from sitegen.model import Group, Topic
from sitegen.pages import plots, suggest, twin
from sitegen.pages.authors import author_plans
from sitegen.pages.describe import described
from sitegen.pages.lists import list_plans, year_anchors, year_plans
from sitegen.pages.paper import paper_page
from sitegen.pages.plan import Facts, Plan
from sitegen.pages.rows import parts
from sitegen.pages.stock import Material, Stock
from sitegen.text import cut
from sitegen.views import (
    Anchor,
    GroupView,
    HomeView,
    IndexView,
    MyView,
    Page,
    PaperView,
    Part,
    ProseView,
    RedirectView,
    Related,
    SearchView,
    Shelf,
    TopicsView,
    TopicView,
)

NEWEST = 8
RELATED_TOPICS = 4


def page_folder(path: str) -> str:
    """With which others the page at an output path is planned; for `compose`."""
    first = path.partition("/")[0]
    return first if first in _FOLDERS else ""


def compose(stock: Stock, folder: str | None = None) -> list[Plan]:
    """A plan for every page, home first; or for those of a `page_folder`."""
    asked = _FOLDERS.values() if folder is None else [_FOLDERS[folder]]
    return [_described(plan, stock) for plans in asked for plan in plans(stock)]


def paper_plan(stock: Stock, path: str) -> Plan | None:
    """The plan of the page at an output path below `papers/`, without those of all others; None when there is none."""
    slug = path.removeprefix("papers/").removesuffix("/index.html")
    if path != urls.output_path(urls.paper(slug)):
        return None
    if slug in stock.entries:
        return _described(_paper_plan(stock, slug), stock)
    new = stock.material.moved.get(slug)
    return _described(_redirect(urls.paper(slug), stock.anchor(new)), stock) if new else None


def _described(plan: Plan, stock: Stock) -> Plan:
    """The plan of the page with all that it says of itself."""

    def make() -> Page:
        page = plan.page()
        work = stock.work(page.view.slug) if isinstance(page.view, PaperView) else None
        return described(page, work, stock.site, stock.words, stock.brief)

    return plan.then(make, site=stock.base)


def _topics(stock: Stock) -> Iterator[Plan]:
    yield _topics_index(stock)
    for group in stock.material.groups:
        for topic in group.topics:
            yield from _topic_plans(stock, topic, group)
    yield from _old_topics(stock.material)


def _papers(stock: Stock) -> Iterator[Plan]:
    yield from (_paper_plan(stock, slug) for slug in stock.entries)
    yield from (_redirect(urls.paper(old), stock.anchor(new)) for old, new in stock.material.moved.items())


def _groups(stock: Stock) -> tuple[GroupView, ...]:
    found = []
    entries = [entry for primary, _ in stock.members.values() for entry in primary]
    span = [bar.year for bar in plots.years(entries)]
    for group in stock.material.groups:
        shelves = [
            Shelf(t.name, urls.topic(t.slug)[1:], t.scope, len(papers), plots.years(papers, span))
            for t in group.topics
            for papers in [stock.members[t.slug][0]]
        ]
        found.append(GroupView(group.slug, group.name, tuple(shelves)))
    return tuple(found)


def _home(stock: Stock) -> Plan:
    site, words, material = stock.site, stock.words, stock.material
    newest = [entry.slug for entry in stock.newest[:NEWEST]]

    def view() -> HomeView:
        groups = _groups(stock)
        lists = tuple(
            Anchor(name, urls.capture_list(slug)[1:], len(items)) for slug, (name, items) in stock.lists.items()
        )
        years, shelves = year_anchors(stock.years, words), sum(len(group.shelves) for group in groups)
        return HomeView(len(stock.entries), shelves, groups, stock.rows(newest), lists, years, material.map())

    def make() -> Page:
        shown = view()
        text = twin.home(site.title, site.description, shown, words)
        updated = stock.last_updated(material.entries)
        references = "" if stock.brief else urls.HOME
        return Page(urls.HOME, "home.html", site.title, site.description, shown, text, updated, urls.HOME, references)

    def updated() -> str:
        return stock.last_updated(material.entries)

    return Plan(urls.HOME, "home.html", lambda: {"lists": view(), "date": updated()}, make, updated)


def _topics_index(stock: Stock) -> Plan:
    words = stock.words

    def view() -> TopicsView:
        return TopicsView(_groups(stock), plots.overlaps(stock.material.entries, [*stock.topics]))

    def make() -> Page:
        shown = view()
        return Page(urls.TOPICS, "topics.html", words.topics, words.all_topics, shown, twin.topics(shown, words))

    return Plan(urls.TOPICS, "topics.html", lambda: {"topics": view()}, make)


def _topic_plans(stock: Stock, topic: Topic, group: Group) -> Iterator[Plan]:
    primary, secondary = stock.members[topic.slug]
    updated = stock.when_updated([*primary, *secondary])
    for address, some, part in parts(urls.topic(topic.slug), [entry.slug for entry in (*primary, *secondary)]):
        make = functools.partial(_topic_page, stock, topic, group, address, some, part, updated)
        yield Plan(
            address, "topic.html", functools.partial(_topic_facts, stock, topic, some, part, updated), make, updated
        )


def _topic_facts(stock: Stock, topic: Topic, some: Sequence[str], part: Part, updated: Callable[[], str]) -> Facts:
    primary, _ = stock.members[topic.slug]
    plot = plots.years(primary) if part.number == 1 else ()
    related = _related_topics(topic.slug, stock.material)
    place = {"papers": stock.marks(some), "position": (part, len(primary))}
    return {**place, "plot": plot, "related topics": related, "date": updated()}


def _topic_page(
    stock: Stock,
    topic: Topic,
    group: Group,
    address: str,
    some: Sequence[str],
    part: Part,
    updated: Callable[[], str],
) -> Page:
    primary, secondary = stock.members[topic.slug]
    also, first, rows = {entry.slug for entry in secondary}, part.number == 1, stock.rows(some)
    view = TopicView(
        topic.slug,
        topic.name,
        topic.scope,
        group.name,
        group.slug,
        topic.note if first else "",
        tuple(row for row in rows if row.pinned and row.slug not in also and not topic.note),
        tuple(row for row in rows if row.slug not in also and (topic.note or not row.pinned)),
        tuple(row for row in rows if row.slug in also),
        len(primary),
        part,
        _related_topics(topic.slug, stock.material) if first else (),
        suggest.for_topic(stock.site, topic) if first else None,
        plots.years(primary) if first else (),
    )
    title = topic.name if first else stock.words.title_part(title=topic.name, number=part.number)
    text = twin.topic(view, address, stock.words)
    folder = urls.topic(topic.slug)
    return Page(address, "topic.html", title, topic.scope, view, text, updated(), folder, folder)


def _related_topics(slug: str, material: Material) -> tuple[Anchor, ...]:
    topics = material.topics
    return tuple(Anchor(topics[o].name, urls.topic(o)[1:]) for o in [*material.kin().get(slug, {})][:RELATED_TOPICS])


def _old_topics(material: Material) -> Iterator[Plan]:
    """A page at each old address of a topic."""
    heirs: defaultdict[str, list[Anchor]] = defaultdict(list)
    for topic in material.topics.values():
        for old in topic.redirect_from:
            heirs[old].append(Anchor(topic.name, urls.topic(topic.slug)[1:]))
    return (_redirect(urls.topic(old), *targets) for old, targets in heirs.items())


def _redirect(old: str, *targets: Anchor) -> Plan:
    """A page that leads on, or offers the several topics that took a topic's place."""
    names = " / ".join(target.name for target in targets)
    return _plain(Page(old, "redirect.html", names, "", RedirectView(targets), listed=False))


def _plain(page: Page) -> Plan:
    """The plan of a page that costs nothing to make."""
    return Plan(page.permalink, page.template, lambda: {"text": page}, lambda: page, listed=page.listed)


def _paper_plan(stock: Stock, slug: str) -> Plan:
    facts, make = functools.partial(_paper_facts, stock, slug), functools.partial(_paper_page, stock, slug)
    return Plan(urls.paper(slug), "paper.html", facts, make, functools.partial(stock.updated, slug))


def _paper_facts(stock: Stock, slug: str) -> Facts:
    entry = stock.entries[slug]
    near = [(n.slug, stock.entries[n.slug].paper.title, n.because) for n in stock.related(slug)]
    authors = [anchor.path for anchor in stock.authors.anchors(entry.paper.authors)]
    around = {"lists": stock.held.get(slug), "neighbours": stock.beside(slug)}
    known = {"paper": stock.mark(slug), "placement": entry.placements, "related papers": near}
    return {**known, "authors": authors, **around}


def _paper_page(stock: Stock, slug: str) -> Page:
    entry = stock.entries[slug]
    near = (Related(stock.entries[n.slug].paper.title, urls.paper(n.slug)[1:], n.because) for n in stock.related(slug))
    page = paper_page(
        entry,
        stock.words,
        stock.topics,
        stock.group_of,
        stock.authors.anchors(entry.paper.authors),
        stock.held.get(slug, ()),
        stock.beside(slug),
        suggest.for_paper(stock.site, entry),
        stock.site.show_abstracts,
        tuple(near),
        stock.was(slug),
    )
    assert isinstance(page.view, PaperView)
    text = "" if stock.brief else twin.paper(page.view, page.permalink, stock.words)
    return msgspec.structs.replace(page, twin=text, updated=stock.updated(slug))


def _map(material: Material) -> Plan:
    words = material.words

    def make() -> Page:
        return Page(urls.MAP, "map.html", words.map, words.map_intro, material.map())

    return Plan(urls.MAP, "map.html", lambda: {"map": material.map()}, make)


def _fixed(stock: Stock) -> Iterator[Plan]:
    """The pages that every site has once."""
    material, site, words = stock.material, stock.site, stock.words
    about = material.about or f"# {words.about}\n\n{site.description}"
    view = ProseView(words.about_site(site=site.title), about)
    said = cut(f"{view.heading}. {site.description}", 160)
    yield _plain(Page(urls.ABOUT, "prose.html", words.about, said, view, twin.prose(about, urls.ABOUT) + "\n"))
    yield _map(material)
    search = SearchView(len(material.entries))
    yield _plain(Page(urls.SEARCH, "search.html", words.search, words.search_site(site=site.title), search))
    yield _plain(
        Page(
            urls.MY_LIST,
            "my.html",
            words.my_list,
            words.my_list_about,
            MyView(material.moved, stock.brief),
            listed=False,
        )
    )
    unreached = IndexView(words.offline, words.offline_says, ())
    yield _plain(Page(urls.OFFLINE, "offline.html", words.offline, words.offline_says, unreached, listed=False))
    missing = IndexView(words.page_not_found, words.no_page_here, ())
    yield _plain(Page(urls.NOT_FOUND, "404.html", missing.heading, missing.intro, missing, listed=False))


_FOLDERS: Mapping[str, Callable[[Stock], Iterable[Plan]]] = {
    "index.html": lambda stock: [_home(stock)],
    "topics": _topics,
    "papers": _papers,
    "authors": author_plans,
    "years": year_plans,
    "lists": list_plans,
    "": _fixed,
}
"""What plans the pages of each folder; all other pages are planned by the last."""
