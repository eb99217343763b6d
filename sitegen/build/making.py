"""The files of a site, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

import msgspec

from sitegen import assets, cards, figures, offline, output, relate, search, urls
from sitegen.build.content import Content, table, texts
from sitegen.build.looks import Looks
from sitegen.files import read_bytes
from sitegen.memo import Memo
from sitegen.model import Entry, Neighbour, Placement
from sitegen.pages import Material, Page, Plan, Stock, compose, digest, page_folder, paper_plan, report_page
from sitegen.render import Renderer, shipped_templates
from sitegen.search import Said
from sitegen.views import MapView

NAME_SEARCH = frozenset({"home.html", "my.html", "search.html"})
"""The shipped templates that name files of the search."""


class Making:
    """A site in the making: whatever is asked for is made, and all that it needs, and kept.

    What a memo kept of an earlier state is used where nothing that it depends on has changed. Raises SiteError, at
    `pages` or later, when two pages want one address, or a template is wrong.
    """

    def __init__(
        self,
        site: Path,
        content: Content,
        memo: Memo | None = None,
        lunr_json: bool = False,
        known: Callable[[], bytes | None] = lambda: None,
        share: relate.Share = relate.alone,
        keep: bool = True,
    ) -> None:
        """`known`: gives the manifest of the search that an earlier build made of the same; None when there is none.
        `share`: has the papers' nearness reckoned; `keep`: whether pages stay in the memo."""
        self.content = content
        self._site, self._memo, self.lunr_json, self._known = site, memo or Memo(), lunr_json, known
        self._share, self._keep = share, keep
        self._own = site / "templates"
        self._some: dict[str, dict[str, Plan]] = {}

    @cached_property
    def related(self) -> dict[str, tuple[Neighbour, ...]]:
        content, memo = self.content, self._memo
        said = (content.said, content.groups)
        stand = {entry.slug: entry.topics for entry in content.entries}

        def make() -> dict[str, tuple[Neighbour, ...]]:
            counted = table(content.entries, *said, memo)
            known = memo("vectors", counted, lambda: relate.vectors(counted, len(content.entries)))
            last = memo.last("related")
            same = last and last[0][0] == said and last[0][1].keys() == stand.keys()
            before = (last[0][1], last[1]) if last and same else None
            return relate.relate(content.entries, known, before, self._share)

        found = memo("related", (said, stand), make)
        if not self._keep:
            memo.forget("table")
            memo.forget("related")
        return found

    @cached_property
    def _map(self) -> tuple[MapView, dict[str, bytes]]:
        groups, no_topic = self.content.groups, self.content.words.no_topic
        key = (groups, no_topic, self.content.said, [e.topics for e in self.content.entries], self.related)
        return self._memo("map", key, lambda: figures.draw(groups, self.content.entries, self.related, no_topic))

    @property
    def closer(self) -> dict[str, bytes]:
        """What the map loads when a reader comes closer."""
        return self._map[1]

    @cached_property
    def material(self) -> Material:
        content = self.content
        return Material(
            content.site,
            content.groups,
            self._entries,
            content.words,
            content.about,
            self.related,
            lambda: self._kin,
            lambda: self._map[0],
            content.moved,
        )

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        return tuple(map(_shown, self.content.entries))

    @cached_property
    def _kin(self) -> dict[str, dict[str, float]]:
        return relate.related_topics(self.material.entries, self.related)

    @cached_property
    def stock(self) -> Stock:
        return Stock(self.material, self._memo)

    @cached_property
    def pages(self) -> dict[str, Plan]:
        """Every page's plan, by output path."""
        plans = [*_by_path(compose(self.stock)), *_by_path([self._report])]
        output.check_paths([(path, plan.permalink) for path, plan in plans])
        return dict(plans)

    def plan(self, path: str) -> Plan | None:
        """A page's plan; None when there is no page at this output path. It does not need those of all others."""
        if "pages" in vars(self):
            return self.pages.get(path)
        if path.startswith(urls.REPORT[1:]):
            return self._report if path == urls.output_path(urls.REPORT) else None
        folder = page_folder(path)
        if folder == "papers":
            return paper_plan(self.stock, path)
        if folder not in self._some:
            self._some[folder] = dict(_by_path(compose(self.stock, folder)))
        return self._some[folder].get(path)

    @cached_property
    def _report(self) -> Plan:
        return Plan(urls.REPORT, "report.html", lambda: {"report": self.report({})}, lambda: self.report({}))

    def report(self, sizes: Mapping[str, int]) -> Page:
        """The report on the list, which says how large the other files are."""
        content = self.content
        return report_page(content.site, content.groups, content.entries, content.words, sizes, content.warnings)

    @cached_property
    def assets(self) -> dict[str, bytes]:
        folders, words = (shipped_templates() / "assets", self._own / "assets"), self.content.words
        key = ([texts(folder, "**/*") for folder in folders], words)
        found = self._memo("assets", key, lambda: assets.collect(*folders, words=words))
        output.check_paths([(name, f"templates/assets/{name}") for name in found])
        folder = f"assets/{assets.fingerprint(found)}/"
        return {folder + name: data for name, data in found.items()}

    @property
    def folder(self) -> str:
        """Of the assets."""
        return "/".join([*next(iter(self.assets)).split("/")[:2], ""])

    @cached_property
    def renderer(self) -> Renderer:
        facts = (self.content.site, self._own, self.folder, self.content.words)
        kept = self._site / ".sitegen" / "templates"
        return self._memo("renderer", (facts, self.templates), lambda: Renderer(*facts, kept))

    @cached_property
    def templates(self) -> list[dict[str, bytes]]:
        """All that pages may be made by, by path: shipped files, and the site's own. A template may include any."""
        files = (texts(folder, "**/*") for folder in (shipped_templates(), self._own))
        return [{path: data for path, data in some.items() if not path.startswith("assets/")} for some in files]

    @cached_property
    def looks(self) -> Looks:
        return Looks(*self.templates)

    @cached_property
    def _own_names_search(self) -> bool:
        """Whether a template of the site's own names files of the search: then any page may."""
        own = texts(self._own, "**/*.html") if self._own.resolve() != shipped_templates().resolve() else {}
        return any(name in text for text in own.values() for name in (b"manifest", b"known"))

    @cached_property
    def worker(self) -> bytes:
        """The text of the service worker."""
        places = (folder / offline.WORKER for folder in (self._own, shipped_templates()))
        return assets.spare(offline.WORKER, read_bytes(next(filter(Path.is_file, places))))

    @cached_property
    def offline(self) -> dict[str, bytes]:
        """What keeps pages at hand without a network."""
        first = {path: self.page(path) for path in map(urls.output_path, offline.FIRST_PAGES) if path in self.pages}
        return offline.files(self.content.site, self.worker, self.folder, self.assets | first)

    @cached_property
    def search(self) -> dict[str, bytes]:
        entries, topics, words = self.material.entries, self.material.topics, self.content.words
        key = (entries, topics, words, self.lunr_json, self.content.site.show_abstracts)
        return self._memo("search", key, lambda: search.files(*key, said=self._said))

    def _said(self) -> Said:
        entries, topics = self.material.entries, self.material.topics
        key = self.content.said, search.phrases(topics.values())
        found = self._memo("said", key, lambda: search.said_by(entries, topics))
        if not self._keep:
            self._memo.forget("said")
        return found

    @cached_property
    def cards(self) -> dict[str, bytes]:
        """Social cards, in the colours of the stylesheet; nobody would find them without an address of the site."""
        if not self.content.site.base_url:
            return {}
        [style] = (data for path, data in self.assets.items() if path.endswith("/" + assets.STYLESHEET))
        kept = self._site / ".sitegen" / "cards"
        return cards.cards(self.content.site, self.content.groups, style.decode(), kept)

    @property
    def parts(self) -> tuple[object, ...]:
        """All that the files are made of, to compare: the content, the templates and the assets."""
        content = self.content
        said = (content.site, content.groups, content.about, content.words, content.warnings, content.moved)
        return *said, self._entries, self.renderer, self.assets

    def rendered(self) -> None:
        """Give back what only pages need, once all are made and none will be asked for again."""
        if not self._keep:
            self.renderer.forget()
            self.stock.row.cache_clear()
            vars(self).pop("search", None)

    def try_templates(self, known: Mapping[str, str] | None = None) -> dict[str, str]:
        """Raise SiteError when a template is wrong: render a page with each; returns these pages' paths by template.
        `known`: what an earlier call returned, so that not all pages are planned to find them."""
        plans = {template: self.plan(path) for template, path in (known or {}).items()}
        found = {template: plan for template, plan in plans.items() if plan and plan.template == template}
        if not known or found.keys() != known.keys():
            found = {plan.template: plan for plan in self.pages.values()}
        for plan in found.values():
            self._html(plan, plan.page())
        return {template: urls.output_path(plan.permalink) for template, plan in found.items()}

    def page(self, path: str) -> bytes:
        """The HTML of a page."""
        return self.both(path)[0]

    @cached_property
    def searched(self) -> tuple[object, str]:
        """What a page that names files of the search is told of it."""
        manifest = self._known() or self.search[search.MANIFEST]
        return search.short_manifest({search.MANIFEST: manifest}), search.slugs_file({search.MANIFEST: manifest})

    def names_search(self, plan: Plan) -> bool:
        """Whether a page may name files of the search."""
        return self._own_names_search or plan.template in NAME_SEARCH

    def both(self, path: str) -> tuple[bytes, bytes]:
        """The HTML of a page, and its Markdown, which may be empty."""
        plan = self.plan(path)
        assert plan is not None

        def make() -> tuple[bytes, bytes]:
            page = plan.page()
            return self._html(plan, page), page.twin.encode()

        if not self._keep:
            return make()
        searched = self.searched if self.names_search(plan) else None
        return self._memo(("page", path), (digest(plan.facts), self.renderer, searched), make)

    def _html(self, plan: Plan, page: Page) -> bytes:
        return self.renderer.page(page, *(self.searched if self.names_search(plan) else ())).encode()


def _by_path(plans: Iterable[Plan]) -> Iterator[tuple[str, Plan]]:
    return ((urls.output_path(plan.permalink), plan) for plan in plans)


def _shown(entry: Entry) -> Entry:
    """The entry without what pages do not show, and what often changes of itself: the line of its override, and how
    sure its placement is."""
    override = entry.override and msgspec.structs.replace(entry.override, line=0)
    placements = tuple([Placement(p.topic, 0.0, p.words, p.confirmed) for p in entry.placements])
    return msgspec.structs.replace(entry, override=override, placements=placements, confidence=0.0)
