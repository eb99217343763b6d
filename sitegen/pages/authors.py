"""Authors: a page for each with papers enough, all of them by letter, and where a name on a paper page leads.

Names are one author's when their slugs agree: case, accents and full stops do not part them. No address holds a number
of a page, so that a paper's page does not change when others' authors come in: a letter with too many names is parted
by its next letters instead, as deep as it takes.
"""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from sitegen import urls
from sitegen.model import Paper
from sitegen.pages import twin
from sitegen.pages.plan import Facts, Plan
from sitegen.pages.rows import parts
from sitegen.text import distinct_slug, slugify, unaccent, unique
from sitegen.views import Anchor, AuthorsView, AuthorView, Page, Part, Person
from sitegen.words import Words

if TYPE_CHECKING:
    from sitegen.pages.stock import Stock

OWN_PAGE, OWN_PAGE_BRIEF = 2, 25
"""Papers from which an author has a page, and those of an author in a list so long that its site is brief."""
PER_SHELF = 200
MOST = 50
TOGETHER = 8
OTHER = "other"
"""The shelf of names that begin with no Latin letter."""
_TAKEN = frozenset({OTHER, "main", "find"})
"""Slugs that mean something else in an address or on a page; so do single letters."""
_LATIN = re.compile("[a-z0-9]+")
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})


class Author(msgspec.Struct, frozen=True):
    """Who is meant by a name."""

    slug: str
    name: str
    """The form that most papers have."""
    also: tuple[str, ...]
    filed: str
    """What the name is sorted by: family name, then the others, `[a-z0-9]*`."""
    papers: tuple[str, ...]
    """Slugs, the newest first."""
    has_page: bool


class Authors(msgspec.Struct, frozen=True):
    """All authors, as filed, and the shelves that they stand on."""

    everyone: tuple[Author, ...]
    shelves: dict[str, tuple[Author, ...]]
    """By prefix of `filed`; a shelf that has others below it holds the names that are the prefix itself."""
    paths: dict[str, str]
    """Slug -> where the name leads, from the site's root."""
    names: dict[str, str]
    """Slug -> the name."""
    below: dict[str, tuple[tuple[str, int], ...]]
    """By prefix, empty for all: the shelves right below it, and how many names are on each and below it."""
    slugs: dict[str, str]
    """By name, as papers write it."""

    def anchors(self, names: Iterable[str]) -> tuple[Anchor, ...]:
        """The authors of a paper, as it writes them."""
        return tuple(Anchor(name, self.paths[self.slugs[name]]) for name in names)


def author_slug(name: str) -> str:
    slug = slugify(name)
    return distinct_slug(name) if slug in _TAKEN or len(slug) == 1 else slug


def filed(name: str) -> str:
    """`Ada M. King Jr.` is filed as `kingadam`; `King, Ada` likewise. Empty for names without Latin letters."""
    family, comma, given = name.partition(",")
    words = _LATIN.findall(unaccent(family).lower())
    if not comma:
        while len(words) > 1 and words[-1] in _SUFFIXES:
            words.pop()
        words = words[-1:] + words[:-1]
    key = "".join([*words, *_LATIN.findall(unaccent(given).lower())])
    return key if key[:1].isalpha() else ""


def gather(found: Iterable[Paper], own_page: int = OWN_PAGE) -> Authors:
    """Everyone who wrote one of the papers, which come the newest first. `own_page`: so many papers of one's own are
    worth a page."""
    written: defaultdict[str, dict[str, int]] = defaultdict(dict)
    papers: defaultdict[str, dict[str, None]] = defaultdict(dict)
    slugs: dict[str, str] = {}
    for paper in found:
        for name in unique(paper.authors):
            slug = slugs[name] = slugs.get(name) or author_slug(name)
            written[slug][name] = written[slug].get(name, 0) + 1
            papers[slug][paper.slug] = None
    everyone = []
    for slug, forms in written.items():
        name, *also = sorted(forms, key=lambda f: (-forms[f], -len(f), f)) if len(forms) > 1 else forms
        own = tuple(papers[slug])
        everyone.append(Author(slug, name, tuple(also), filed(name), own, len(own) >= own_page))
    everyone.sort(key=lambda author: (author.filed == "", author.filed, author.name, author.slug))
    shelves = dict(_shelves(everyone))
    paths = {a.slug: f"{urls.author_shelf(prefix)[1:]}#{a.slug}" for prefix, held in shelves.items() for a in held}
    pages = {author.slug: urls.author(author.slug)[1:] for author in everyone if author.has_page}
    names = {author.slug: author.name for author in everyone}
    return Authors(tuple(everyone), shelves, {**paths, **pages}, names, _below(shelves), slugs)


def _shelves(everyone: Sequence[Author]) -> Iterator[tuple[str, tuple[Author, ...]]]:
    letters: defaultdict[str, list[Author]] = defaultdict(list)
    for author in everyone:
        letters[author.filed[:1] or OTHER].append(author)
    for letter, held in letters.items():
        yield from _parted(letter, held)


def _parted(prefix: str, held: list[Author]) -> Iterator[tuple[str, tuple[Author, ...]]]:
    """A shelf, and those below it when it would hold too many names."""
    whole = [author for author in held if author.filed in ("", prefix)]
    if len(held) <= PER_SHELF or len(whole) == len(held):
        yield prefix, tuple(held)
        return
    yield prefix, tuple(whole)
    longer: defaultdict[str, list[Author]] = defaultdict(list)
    for author in held:
        if author.filed != prefix:
            longer[author.filed[: len(prefix) + 1]].append(author)
    for further, some in longer.items():
        yield from _parted(further, some)


def _below(shelves: Mapping[str, Sequence[Author]]) -> dict[str, tuple[tuple[str, int], ...]]:
    counts: Counter[str] = Counter()
    above: defaultdict[str, list[str]] = defaultdict(list)
    for prefix, held in shelves.items():
        above["" if prefix == OTHER else prefix[:-1]].append(prefix)
        for length in range(1, len(prefix) + 1) if prefix != OTHER else (len(OTHER),):
            counts[prefix[:length]] += len(held)
    return {prefix: tuple((shelf, counts[shelf]) for shelf in some) for prefix, some in above.items()}


def author_plans(stock: Stock) -> Iterator[Plan]:
    """The index, the shelves, and the authors' own pages."""
    words, authors = stock.words, stock.authors
    most = sorted((a for a in authors.everyone if a.has_page), key=lambda a: (-len(a.papers), a.filed))[:MOST]
    intro = words.authors_intro if authors.everyone else words.no_authors
    yield _shelf(stock, urls.AUTHORS, "", most, words.authors, intro)
    for prefix, held in authors.shelves.items():
        heading = words.authors_of_shelf(letters=_name(prefix, words))
        yield _shelf(stock, urls.author_shelf(prefix), prefix, held, heading, "")
    for author in authors.everyone:
        if author.has_page:
            for address, some, part in parts(urls.author(author.slug), author.papers):
                make = functools.partial(_own_page, stock, author, address, some, part)
                facts = functools.partial(_own_facts, stock, author, some, part)
                yield Plan(address, "author.html", facts, make)


def _shelf(stock: Stock, permalink: str, prefix: str, held: Sequence[Author], heading: str, intro: str) -> Plan:
    def view() -> AuthorsView:
        some = stock.authors.below.get(prefix, ())
        below = tuple(Anchor(_name(p, stock.words), urls.author_shelf(p)[1:], n) for p, n in some)
        return AuthorsView(heading, intro, below, _people(held, stock), permalink == urls.AUTHORS)

    def make() -> Page:
        shown = view()
        text = "" if stock.brief and prefix else twin.authors(shown, permalink)
        return Page(permalink, "authors.html", heading, intro or heading, shown, text)

    return Plan(permalink, "authors.html", lambda: {"authors": view()}, make)


def _name(prefix: str, words: Words) -> str:
    return str(words.other_letters) if prefix == OTHER else prefix.capitalize()


def _people(held: Iterable[Author], stock: Stock) -> tuple[Person, ...]:
    return tuple(
        Person(
            author.slug,
            author.name,
            stock.authors.paths[author.slug] if author.has_page else "",
            len(author.papers),
            () if author.has_page else tuple(map(stock.anchor, author.papers)),
        )
        for author in held
    )


def _together(author: Author, stock: Stock) -> tuple[Anchor, ...]:
    """Those who wrote more than one paper with an author."""
    found, authors = (stock.entries[slug].paper for slug in author.papers), stock.authors
    beside = Counter(authors.slugs[name] for paper in found for name in unique(paper.authors))
    often = sorted((slug for slug in beside if slug != author.slug), key=lambda slug: (-beside[slug], slug))
    return tuple(Anchor(authors.names[s], authors.paths[s], beside[s]) for s in often[:TOGETHER] if beside[s] > 1)


def _own_facts(stock: Stock, author: Author, some: Sequence[str], part: Part) -> Facts:
    others = _together(author, stock)
    return {"papers": stock.marks(some), "author": author, "position": part, "authors": others}


def _own_page(stock: Stock, author: Author, address: str, some: Sequence[str], part: Part) -> Page:
    words = stock.words
    title = author.name if part.number == 1 else words.title_part(title=author.name, number=part.number)
    view = AuthorView(title, author.also, stock.rows(some), len(author.papers), part, _together(author, stock))
    said = words.papers_by(name=author.name)
    text = "" if stock.brief else twin.author(view, address, words)
    return Page(address, "author.html", title, said, view, text)
