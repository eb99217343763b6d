"""The files of a site, each made when it is asked for."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec

from sitegen import assets, cards, config, export, feeds, figures, offline, output, relate, search, urls
from sitegen.build.content import Content, table, texts
from sitegen.build.report import Report
from sitegen.files import read_bytes
from sitegen.memo import Memo
from sitegen.model import Entry, Neighbour
from sitegen.pages import Key, Material, Page, Plan, Stock, compose, digest, report_page
from sitegen.render import Renderer, shipped_templates
from sitegen.views import MapView

NAME_SEARCH = frozenset({"home.html", "my.html", "search.html"})
"""The shipped templates that name files of the search."""


@dataclass(frozen=True)
class Unit:
    """Files that are made together."""

    name: str
    key: Callable[[], Key]
    """Stands for all that they are made of; a program of another version may make others."""
    make: Callable[[], dict[str, bytes]]


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
        known: Callable[[Unit, str], bytes | None] = lambda unit, path: None,
        keep: bool = True,
    ) -> None:
        """`known`: gives a file of a unit that an earlier build made of the same; None when there is none. `keep`:
        whether pages stay in the memo."""
        self.content = content
        self._site, self._memo, self._lunr_json, self._known = site, memo or Memo(), lunr_json, known
        self._keep = keep
        self._own = site / "templates"
        self._told = [(e.slug, e.paper, e.words, e.abstract, e.topics) for e in content.entries]
        """What words and topics the papers have: all that nearness depends on."""

    @cached_property
    def related(self) -> dict[str, tuple[Neighbour, ...]]:
        content, place = self.content, "related"
        counted = table(content.entries, content.groups, self._memo)
        known = self._memo("vectors", counted, lambda: relate.vectors(counted, len(content.entries)))
        stand = {entry.slug: entry.topics for entry in content.entries}
        last = self._memo.last(place)
        before = (last[0][1], last[1]) if last and last[0][0] is known else None
        return self._memo(place, (known, stand), lambda: relate.relate(content.entries, known, before))

    @cached_property
    def _map(self) -> tuple[MapView, dict[str, bytes]]:
        groups, no_topic = self.content.groups, self.content.words.no_topic
        key = (groups, no_topic, self._told, self.related)
        return self._memo("map", key, lambda: figures.draw(groups, self.content.entries, self.related, no_topic))

    @property
    def closer(self) -> dict[str, bytes]:
        """What the map loads when a reader comes closer."""
        return self._map[1]

    @cached_property
    def material(self) -> Material:
        content, entries = self.content, tuple(map(_anywhere, self.content.entries))
        kin = relate.related_topics(entries, self.related)
        return Material(
            content.site,
            content.groups,
            entries,
            content.words,
            content.about,
            self.related,
            kin,
            self._map[0],
            content.moved,
        )

    @cached_property
    def stock(self) -> Stock:
        return Stock(self.material, self._memo)

    @cached_property
    def pages(self) -> dict[str, Plan]:
        """Every page's plan, by output path."""
        report = Plan(urls.REPORT, "report.html", lambda: {"report": self._report({})}, lambda: self._report({}))
        plans = [*compose(self.stock), report]
        output.check_paths((urls.output_path(plan.permalink), plan.permalink) for plan in plans)
        return {urls.output_path(plan.permalink): plan for plan in plans}

    def _report(self, sizes: Mapping[str, int]) -> Page:
        """The report on the list, which says how large the other files are."""
        content = self.content
        return report_page(content.site, content.groups, content.entries, content.words, sizes, content.warnings)

    @cached_property
    def assets(self) -> dict[str, bytes]:
        folders, words = (shipped_templates() / "assets", self._own / "assets"), self.content.words
        key = ([texts(folder, "**/*") for folder in folders], words)
        found = self._memo("assets", key, lambda: assets.collect(*folders, words=words))
        output.check_paths((name, f"templates/assets/{name}") for name in found)
        folder = f"assets/{assets.fingerprint(found)}/"
        return {folder + name: data for name, data in found.items()}

    @property
    def _folder(self) -> str:
        """Of the assets."""
        return "/".join([*next(iter(self.assets)).split("/")[:2], ""])

    @cached_property
    def renderer(self) -> Renderer:
        facts = (self.content.site, self._own, self._folder, self.content.words)
        kept = self._site / ".sitegen" / "templates"
        return self._memo("renderer", (facts, self._templates), lambda: Renderer(*facts, kept))

    @cached_property
    def _templates(self) -> tuple[dict[str, bytes], dict[str, bytes]]:
        return texts(shipped_templates(), "**/*.html"), texts(self._own, "**/*.html")

    @cached_property
    def _names_search(self) -> bool:
        """Whether a template of the site's own names files of the search: then any page may."""
        own = texts(self._own, "**/*.html") if self._own.resolve() != shipped_templates().resolve() else {}
        return any(name in text for text in own.values() for name in (b"manifest", b"known"))

    @cached_property
    def offline(self) -> dict[str, bytes]:
        """What keeps pages at hand without a network."""
        places = (folder / offline.WORKER for folder in (self._own, shipped_templates()))
        worker = assets.spare(offline.WORKER, read_bytes(next(filter(Path.is_file, places))))
        first = {path: self.page(path) for path in map(urls.output_path, offline.FIRST_PAGES) if path in self.pages}
        return offline.files(self.content.site, worker, self._folder, self.assets | first)

    @cached_property
    def search(self) -> dict[str, bytes]:
        entries, topics, words = self.material.entries, self.material.topics, self.content.words
        key = (entries, topics, words, self._lunr_json, self.content.site.show_abstracts)
        return self._memo("search", key, lambda: search.files(*key))

    @cached_property
    def cards(self) -> dict[str, bytes]:
        """Social cards, in the colours of the stylesheet; nobody would find them without an address of the site."""
        if not self.content.site.base_url:
            return {}
        [style] = (data for path, data in self.assets.items() if path.endswith("/" + assets.STYLESHEET))
        kept = self._site / ".sitegen" / "cards"
        return cards.cards(self.content.site, self.content.groups, style.decode(), kept)

    @cached_property
    def feeds(self) -> dict[str, bytes]:
        """All that feeds, sitemaps and the like are."""
        return {path: data for unit in self._feeds() for path, data in unit.make().items()}

    @cached_property
    def exports(self) -> dict[str, bytes]:
        return {path: data for unit in self._exports() for path, data in unit.make().items()}

    @property
    def parts(self) -> tuple[object, ...]:
        """All that the files are made of, to compare: the content, the templates and the assets."""
        content = self.content
        said = (content.site, content.groups, content.about, content.words, content.warnings, content.moved)
        return *said, [*map(_anywhere, content.entries)], self.renderer, self.assets

    def try_templates(self) -> None:
        """Raise SiteError when a template is wrong: render a page with each."""
        for path in {page.template: path for path, page in self.pages.items()}.values():
            self.page(path)

    def page(self, path: str) -> bytes:
        """The HTML of a page."""
        return self._both(path)[0]

    @cached_property
    def _searched(self) -> tuple[object, str]:
        """What a page that names files of the search is told of it."""
        unit = self._search_unit()
        manifest = self._known(unit, search.MANIFEST) or self.search[search.MANIFEST]
        return search.short_manifest({search.MANIFEST: manifest}), search.slugs_file({search.MANIFEST: manifest})

    def _told_of(self, plan: Plan) -> tuple[object, str]:
        return self._searched if self._names_search or plan.template in NAME_SEARCH else (None, "")

    def _both(self, path: str) -> tuple[bytes, bytes]:
        """The HTML of a page, and its Markdown, which may be empty."""
        plan, renderer = self.pages[path], self.renderer
        searched = self._told_of(plan)

        def make() -> tuple[bytes, bytes]:
            page = plan.page()
            return renderer.page(page, *searched).encode(), page.twin.encode()

        return self._memo(("page", path), (plan.key, renderer, searched), make) if self._keep else make()

    def get(self, path: str) -> bytes | None:
        """The file at an output path; None when there is none."""
        if path.startswith(urls.REPORT[1:]):
            return self.all(Report()).get(path)
        if path in self.pages:
            return self.page(path)
        if path.endswith(".md") and (page := path.removesuffix("md") + "html") in self.pages:
            return self._both(page)[1] or None
        kinds = ("closer", "assets", "offline", "search", "feeds", "cards", "exports")
        return next((files[path] for files in (getattr(self, kind) for kind in kinds) if path in files), None)

    # --- Units: files that are made together, and of what ---

    def stages(self) -> Iterator[tuple[str, Iterable[Unit]]]:
        """All units but the report, stage by stage."""
        yield "figures", [Unit("map", lambda: {"map": digest(self.closer)}, lambda: self.closer)]
        yield "search", [self._search_unit()]
        yield "render", self._rendered()
        site = {"site": digest(self.content.site, self.content.groups), "looks": self._folder.encode()}
        yield "cards", [Unit("cards", lambda: site, lambda: self.cards)]
        yield "feeds", self._feeds()
        yield "export", self._exports()

    def _search_unit(self) -> Unit:
        asked = digest(self._lunr_json, self.content.site.show_abstracts)
        return Unit("search", lambda: {**self._whole, "options": asked}, lambda: self.search)

    @cached_property
    def _whole(self) -> Key:
        """Stands for all papers and the settings."""
        return {"site": self.stock.base, "papers": digest(self.stock.marks(self.stock.entries))}

    def _rendered(self) -> Iterator[Unit]:
        looks = {"templates": digest(self._templates, self._folder)}
        for path, plan in self.pages.items():
            if plan.permalink != urls.REPORT:
                yield Unit(path, functools.partial(self._page_key, plan, looks), functools.partial(self._page, path))
        yield Unit("assets", lambda: {"assets": self._folder.encode()}, lambda: self.assets)
        first = [path for path in map(urls.output_path, offline.FIRST_PAGES) if path in self.pages]

        def key() -> Key:
            return {"pages": digest([self._page_key(self.pages[path], looks) for path in first]), **looks}

        yield Unit("offline", key, lambda: self.offline)

    def _page_key(self, plan: Plan, looks: Key) -> Key:
        told = self._told_of(plan)
        return {**plan.key, **looks, **({"search": digest(told)} if told[1] else {})}

    def _page(self, path: str) -> dict[str, bytes]:
        html, twin = self._both(path)
        return {path: html, path.removesuffix("html") + "md": twin} if twin else {path: html}

    def _feeds(self) -> Iterator[Unit]:
        """What needs absolute addresses; robots.txt and .nojekyll do not."""
        material, site = self.material, self.material.site
        fixed = {"robots.txt": feeds.robots(site), ".nojekyll": ""}
        fixed["llms.txt"] = feeds.llms(site, material.groups, material.words)
        if site.base_url:
            fixed["opensearch.xml"] = feeds.opensearch(site, material.words)
            for slug in ("", *material.topics):
                key = functools.partial(self._feeds_key, slug)
                yield Unit(f"feeds:{slug}", key, functools.partial(self._feeds_of, slug))
            addresses = functools.partial(feeds.sitemaps, site, self.pages.values())
            told = [(page.permalink, page.updated) for page in self.pages.values() if page.listed]
            yield Unit("sitemap", lambda: {"pages": digest(site, told)}, lambda: _encoded(addresses()))
        yield Unit("fixed", lambda: {"text": digest(fixed)}, lambda: _encoded(fixed))

    def _part(self, slug: str) -> list[Entry]:
        """The papers of a topic; all without one."""
        return [entry for entry in self.material.entries if not slug or slug in entry.topics]

    def _feeds_key(self, slug: str) -> Key:
        newest = feeds.newest(self._part(slug))
        return {"site": self.stock.base, "papers": digest(self.stock.marks(entry.slug for entry in newest))}

    def _feeds_of(self, slug: str) -> dict[str, bytes]:
        site, topics = self.material.site, self.material.topics
        permalink = urls.topic(slug) if slug else urls.HOME
        title = f"{topics[slug].name} – {site.title}" if slug else site.title
        files = feeds.both(site, self._part(slug), permalink, title, topics)
        for old, heirs in config.moved(self.material.groups).items():  # who follows a renamed topic goes on with it
            for name in ("feed.xml", "feed.json") if heirs == (slug,) else ():
                files[urls.topic(old)[1:] + name] = files[permalink[1:] + name]
        return _encoded(files)

    def _exports(self) -> Iterator[Unit]:
        files = export.SiteFiles(self.content.site)
        for slug in ("", *self.material.topics):
            key = functools.partial(self._exports_key, slug)
            yield Unit(f"exports:{slug}", key, functools.partial(self._exports_of, slug, files))

    def _exports_key(self, slug: str) -> Key:
        site = digest(self.content.site)
        return {"site": site, "papers": digest([self.stock.cited(entry.slug) for entry in self._part(slug)])}

    def _exports_of(self, slug: str, files: export.SiteFiles) -> dict[str, bytes]:
        return _encoded(files.of(self._part(slug), urls.topic(slug) if slug else urls.HOME))

    def report(self, sizes: Mapping[str, int]) -> Unit:
        """The report on the list, which says how large all other files are."""
        page = self._report(sizes)
        html = urls.output_path(page.permalink)
        looks = digest(self._templates, self._folder)

        def make() -> dict[str, bytes]:
            text = self.renderer.page(page).encode()
            return {html: text, html.removesuffix("html") + "md": page.twin.encode()}

        return Unit(html, lambda: {"site": self.stock.base, "report": digest(page), "templates": looks}, make)

    def all(self, report: Report) -> dict[str, bytes]:
        """Every file, by output path."""
        files = dict[str, bytes]()
        for stage, units in self.stages():
            with report.stage(stage):
                for unit in units:
                    files |= unit.make()
        return files | self.report({path: len(data) for path, data in files.items()}).make()


def _encoded(files: Mapping[str, str]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in files.items()}


def _anywhere(entry: Entry) -> Entry:
    """The entry without the line of its override: pages do not name it, and a line more above would change it."""
    if entry.override is None:
        return entry
    return msgspec.structs.replace(entry, override=msgspec.structs.replace(entry.override, line=0))
