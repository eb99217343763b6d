"""Authors: a page for each with two papers or more, all of them by letter, and where a name on a paper page leads.

Names are one author's when their slugs agree: case, accents and full stops do not part them. No address holds a number
of a page, so that a paper's page does not change when others' authors come in: a letter with too many names is parted
by its next letters instead, as deep as it takes.
"""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from sitegen import urls
from sitegen.memo import Memo
from sitegen.model import Entry
from sitegen.pages import twin
from sitegen.pages.rows import in_order, parts
from sitegen.text import distinct_slug, slugify, unaccent, unique
from sitegen.views import Anchor, AuthorsView, AuthorView, Page, Person, Row
from sitegen.words import Words

OWN_PAGE = 2
"""Papers from which an author has a page."""
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
    entries: tuple[Entry, ...]

    @property
    def has_page(self) -> bool:
        return len(self.entries) >= OWN_PAGE


class Authors(msgspec.Struct, frozen=True):
    """All authors, as filed, and the shelves that they stand on."""

    everyone: tuple[Author, ...]
    shelves: dict[str, tuple[Author, ...]]
    """By prefix of `filed`; a shelf that has others below it holds the names that are the prefix itself."""
    paths: dict[str, str]
    """Slug -> where the name leads, from the site's root."""
    names: dict[str, str]
    """Slug -> the name."""

    def anchors(self, names: Iterable[str]) -> tuple[Anchor, ...]:
        """The authors of a paper, as it writes them."""
        return tuple(Anchor(name, self.paths[author_slug(name)]) for name in names)


@functools.lru_cache(maxsize=200_000)
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


def gather(entries: Iterable[Entry]) -> Authors:
    """Everyone who wrote one of the papers."""
    written: defaultdict[str, dict[str, int]] = defaultdict(dict)
    papers: defaultdict[str, dict[str, Entry]] = defaultdict(dict)
    for entry in in_order(entries, pins=False):
        for name in unique(entry.paper.authors):
            slug = author_slug(name)
            written[slug][name] = written[slug].get(name, 0) + 1
            papers[slug][entry.slug] = entry
    everyone = []
    for slug, forms in written.items():
        name, *also = sorted(forms, key=lambda f: (-forms[f], -len(f), f)) if len(forms) > 1 else forms
        everyone.append(Author(slug, name, tuple(also), filed(name), tuple(papers[slug].values())))
    everyone.sort(key=lambda author: (author.filed == "", author.filed, author.name, author.slug))
    shelves = dict(_shelves(everyone))
    paths = {a.slug: f"{urls.author_shelf(prefix)[1:]}#{a.slug}" for prefix, held in shelves.items() for a in held}
    own = {author.slug: urls.author(author.slug)[1:] for author in everyone if author.has_page}
    return Authors(tuple(everyone), shelves, {**paths, **own}, {a.slug: a.name for a in everyone})


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


def author_pages(authors: Authors, rows: Mapping[str, Row], words: Words, memo: Memo) -> Iterator[Page]:
    """The index, the shelves, and the authors' own pages."""
    most = sorted((a for a in authors.everyone if a.has_page), key=lambda a: (-len(a.entries), a.filed))[:MOST]
    view = AuthorsView(
        words.authors,
        words.authors_intro if authors.everyone else words.no_authors,
        _below("", authors, words),
        _people(most, authors, rows),
        True,
    )
    yield Page(urls.AUTHORS, "authors.html", view.heading, view.intro, view, twin.authors(view, urls.AUTHORS))
    for prefix, held in authors.shelves.items():
        heading = words.authors_of_shelf(letters=_shown(prefix, words))
        view = AuthorsView(heading, "", _below(prefix, authors, words), _people(held, authors, rows), False)
        permalink = urls.author_shelf(prefix)
        yield Page(permalink, "authors.html", heading, heading, view, twin.authors(view, permalink))
    for author in authors.everyone:
        if author.has_page:
            mine = [rows[entry.slug] for entry in author.entries]
            facts = (author, _together(author, authors), mine, words)
            yield from memo(("author", author.slug), facts, functools.partial(_own_pages, *facts))


def _below(prefix: str, authors: Authors, words: Words) -> tuple[Anchor, ...]:
    """The shelves right below one, with the number of names on each and below it."""
    depth = len(prefix) + 1
    found = [p for p in authors.shelves if (len(p) == depth and p.startswith(prefix)) or (p == OTHER and not prefix)]
    counts = {p: sum(len(held) for key, held in authors.shelves.items() if _is_on(key, p)) for p in found}
    return tuple(Anchor(_shown(p, words), urls.author_shelf(p)[1:], counts[p]) for p in found)


def _is_on(shelf: str, other: str) -> bool:
    return shelf == other or (OTHER not in (shelf, other) and shelf.startswith(other))


def _shown(prefix: str, words: Words) -> str:
    return str(words.other_letters) if prefix == OTHER else prefix.capitalize()


def _people(held: Iterable[Author], authors: Authors, rows: Mapping[str, Row]) -> tuple[Person, ...]:
    return tuple(
        Person(
            author.slug,
            author.name,
            authors.paths[author.slug] if author.has_page else "",
            len(author.entries),
            () if author.has_page else tuple(Anchor(rows[e.slug].title, rows[e.slug].path) for e in author.entries),
        )
        for author in held
    )


def _together(author: Author, authors: Authors) -> tuple[Anchor, ...]:
    """Those who wrote more than one paper with an author."""
    beside = Counter(author_slug(n) for entry in author.entries for n in unique(entry.paper.authors))
    often = sorted((slug for slug in beside if slug != author.slug), key=lambda slug: (-beside[slug], slug))
    return tuple(Anchor(authors.names[s], authors.paths[s], beside[s]) for s in often[:TOGETHER] if beside[s] > 1)


def _own_pages(author: Author, together: tuple[Anchor, ...], rows: Sequence[Row], words: Words) -> list[Page]:
    pages = []
    permalink = urls.author(author.slug)
    for address, some, part in parts(permalink, rows):
        title = author.name if part.number == 1 else words.title_part(title=author.name, number=part.number)
        view = AuthorView(title, author.also, some, len(author.entries), part, together)
        said = words.papers_by(name=author.name)
        pages.append(Page(address, "author.html", title, said, view, twin.author(view, address, words)))
    return pages
