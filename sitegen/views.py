"""What templates see. Frozen, plain texts: `render` makes HTML of them. A `path` leads from the site's root."""

from __future__ import annotations

import msgspec

from sitegen.drawings import Bar, MapGroup, Overlap
from sitegen.meta import Citation, Meta, Table


class View(msgspec.Struct, frozen=True):
    """What one template shows."""


class Anchor(View, frozen=True):
    """A named link within the site."""

    name: str
    path: str
    count: int = 0


class Outlink(View, frozen=True):
    """A link out of the site: `kind` is arxiv, pdf, hf, doi, code, page or own."""

    kind: str
    name: str
    url: str


class Row(View, frozen=True):
    """A paper in a list."""

    slug: str
    path: str
    title: str
    authors: str
    """The first three names."""
    published: str
    venue: str
    tldr: str
    topic: Anchor | None
    code_url: str
    pinned: bool
    coins: str
    """Its citation as an OpenURL, for reference managers."""
    link: Outlink | None
    """Where the paper itself can be had: arXiv, its DOI, or a page."""
    was: tuple[str, ...] = ()
    """Former slugs, by which a reader's marks are found."""

    @property
    def topic_slug(self) -> str:
        return self.topic.path.split("/")[1] if self.topic else ""


class Shelf(View, frozen=True):
    """A topic among others."""

    name: str
    path: str
    scope: str
    count: int
    years: tuple[Bar, ...] = ()
    """Over the years of the whole list."""


class GroupView(View, frozen=True):
    slug: str
    name: str
    shelves: tuple[Shelf, ...]


class Part(View, frozen=True):
    """Where a page stands in a long list."""

    number: int
    total: int
    pages: tuple[Anchor, ...]
    """The first part, the last, those beside this one, and some on the way, by number."""

    @property
    def before(self) -> Anchor | None:
        return self._page(self.number - 1)

    @property
    def after(self) -> Anchor | None:
        return self._page(self.number + 1)

    @property
    def steps(self) -> tuple[tuple[Anchor, bool], ...]:
        """The pages, and for each whether parts before it are left out."""
        numbers = [int(page.name) for page in self.pages]
        return tuple((page, n > last + 1) for page, n, last in zip(self.pages, numbers, [0, *numbers], strict=False))

    def _page(self, number: int) -> Anchor | None:
        return next((page for page in self.pages if page.name == str(number)), None)


class MapView(View, frozen=True):
    """The map. Lengths are in units of the drawing."""

    width: int = 0
    height: int = 0
    papers: int = 0
    groups: tuple[MapGroup, ...] = ()


class HomeView(View, frozen=True):
    papers: int
    topics: int
    groups: tuple[GroupView, ...]
    newest: tuple[Row, ...]
    lists: tuple[Anchor, ...]
    years: tuple[Anchor, ...]
    map: MapView


class TopicsView(View, frozen=True):
    groups: tuple[GroupView, ...]
    overlaps: tuple[Overlap, ...] = ()
    """The largest first."""


class Suggestion(View, frozen=True):
    """How a reader suggests a change. Without a known host there is no editor and no form to link to."""

    file: str
    lines: str
    """YAML to change or to add."""
    repository: str
    host: str = ""
    edit_url: str = ""
    issue_url: str = ""


class TopicView(View, frozen=True):
    slug: str
    name: str
    scope: str
    group: str
    group_slug: str
    note: str
    start: tuple[Row, ...]
    """Pinned papers, where no note says what to start with."""
    rows: tuple[Row, ...]
    also: tuple[Row, ...]
    """Papers for which this is a secondary topic."""
    count: int
    part: Part
    related: tuple[Anchor, ...]
    suggestion: Suggestion | None
    years: tuple[Bar, ...] = ()
    """Its papers by year, from the first to the last."""


class Reason(View, frozen=True):
    """A topic of a paper, and why it stands there."""

    name: str
    path: str
    group: str
    confirmed: bool
    why: str
    words: tuple[str, ...]


class Related(View, frozen=True):
    """A related paper, and the words that it shares with this one."""

    name: str
    path: str
    because: tuple[str, ...]


class PaperView(View, frozen=True):
    slug: str
    title: str
    also_titled: tuple[str, ...]
    authors: tuple[Anchor, ...]
    """As the paper writes them."""
    published: str
    venue: str
    links: tuple[Outlink, ...]
    tldr: str
    summary: str
    abstract: str
    keywords: tuple[str, ...]
    note: str
    topics: tuple[Reason, ...]
    related: tuple[Related, ...]
    lists: tuple[Anchor, ...]
    previous: Anchor | None
    following: Anchor | None
    suggestion: Suggestion | None
    was: tuple[str, ...] = ()
    """Former slugs."""
    citations: tuple[Citation, ...] = ()


class ListView(View, frozen=True):
    """A plain list of papers: of a year, of a capture."""

    heading: str
    intro: str
    rows: tuple[Row, ...]
    count: int
    part: Part
    siblings: tuple[Anchor, ...]


class Person(View, frozen=True):
    """An author among others. `path`: their own page, else empty; `papers`: theirs, when they have no page."""

    slug: str
    name: str
    path: str
    count: int
    papers: tuple[Anchor, ...]


class AuthorsView(View, frozen=True):
    """Authors by letter: the index, or one letter."""

    heading: str
    intro: str
    shelves: tuple[Anchor, ...]
    """The shelves below this page."""
    people: tuple[Person, ...]
    """All of the shelf's; on the index those with the most papers."""
    is_index: bool


class AuthorView(View, frozen=True):
    """An author's own page."""

    name: str
    also: tuple[str, ...]
    """Other forms of the name."""
    rows: tuple[Row, ...]
    count: int
    part: Part
    together: tuple[Anchor, ...]
    """Authors of two papers or more with this one."""


class IndexView(View, frozen=True):
    """An index of lists."""

    heading: str
    intro: str
    anchors: tuple[Anchor, ...]
    years: tuple[Bar, ...] = ()
    """The numbers as a plot, when the lists are years."""


class ProseView(View, frozen=True):
    """The curator's Markdown as a page."""

    heading: str
    body: str


class ReportView(View, frozen=True):
    """What the list holds, and how complete it is."""

    heading: str
    intro: str
    tables: tuple[Table, ...]


class SearchView(View, frozen=True):
    papers: int


class MyView(View, frozen=True):
    """The reader's own list, which scripts fill."""

    moved: dict[str, str] = {}
    """Old slugs of papers -> their present ones."""
    brief: bool = False
    """Whether the root's files for reference managers hold only papers without a topic."""


class RedirectView(View, frozen=True):
    """An old address. Of one target it leads there by itself, several it offers."""

    targets: tuple[Anchor, ...]


class Page(msgspec.Struct, frozen=True):
    """One page of the site."""

    permalink: str
    template: str
    title: str
    description: str
    view: View
    twin: str = ""
    """Its Markdown, published beside it; empty for pages that are no text."""
    updated: str = ""
    """YYYY[-MM[-DD]] of the newest thing on it; empty when nothing says so."""
    feed: str = ""
    """Permalink of the folder whose feed tells of this page's papers."""
    references: str = ""
    """Permalink of the folder whose files for reference managers hold them."""
    listed: bool = True
    """Whether the sitemap names it."""
    meta: Meta = Meta()
    brief: bool = False
    """Whether it is one of so many that it says only what is its own."""
