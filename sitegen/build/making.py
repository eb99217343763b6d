"""The files of a site, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import msgspec

from sitegen import assets, cards, config, export, feeds, figures, offline, output, relate, search, urls
from sitegen.build.content import Content, table, texts
from sitegen.build.report import Report
from sitegen.errors import count
from sitegen.files import read_bytes
from sitegen.memo import Forgetful, Memo
from sitegen.model import Entry, Neighbour
from sitegen.pages import Material, Page, Plan, compose, report_page
from sitegen.render import Renderer, shipped_templates
from sitegen.views import MapView

NAME_SEARCH = frozenset({"home.html", "my.html", "search.html"})
"""The shipped templates that name files of the search."""


class Making:
    """A site in the making: whatever is asked for is made, and all that it needs, and kept.

    What a memo kept of an earlier state is used where nothing that it depends on has changed. Raises SiteError, at
    `pages` or later, when two pages want one address, or a template is wrong.
    """

    def __init__(self, site: Path, content: Content, memo: Memo | None = None, lunr_json: bool = False) -> None:
        self.content = content
        self._site, self._memo, self._lunr_json = site, memo or Forgetful(), lunr_json
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
    def pages(self) -> dict[str, Plan]:
        """Every page's plan, by output path."""
        report = Plan(urls.REPORT, "report.html", lambda: (self._report({}),), lambda: self._report({}))
        plans = [*compose(self.material, self._memo), report]
        output.check_paths((urls.output_path(plan.permalink), plan.permalink) for plan in plans)
        return {urls.output_path(plan.permalink): plan for plan in plans}

    def _report(self, files: Mapping[str, bytes]) -> Page:
        """The report on the list, which says how large these files are."""
        content, sizes = self.content, {path: len(data) for path, data in files.items()}
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
        return self._memo(
            "renderer",
            (facts, texts(shipped_templates(), "**/*.html"), texts(self._own, "**/*.html")),
            lambda: Renderer(*facts),
        )

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
        """What needs absolute addresses; robots.txt and .nojekyll do not."""
        material = self.material
        site, topics = material.site, material.topics
        files = {"robots.txt": feeds.robots(site), ".nojekyll": ""}
        files["llms.txt"] = feeds.llms(site, material.groups, material.words)
        if site.base_url:
            files |= feeds.both(site, material.entries, urls.HOME, site.title, topics)
            for slug, topic in topics.items():
                mine = [entry for entry in material.entries if slug in entry.topics]
                files |= feeds.both(site, mine, urls.topic(slug), f"{topic.name} – {site.title}", topics)
            for old, heirs in config.moved(material.groups).items():  # who follows a renamed topic goes on with it
                for name in ("feed.xml", "feed.json") if len(heirs) == 1 else ():
                    files[urls.topic(old)[1:] + name] = files[urls.topic(heirs[0])[1:] + name]
            files |= feeds.sitemaps(site, list(self.pages.values()))
            files["opensearch.xml"] = feeds.opensearch(site, material.words)
        return {path: text.encode() for path, text in files.items()}

    @cached_property
    def exports(self) -> dict[str, bytes]:
        listing = export.Listing(self.content.site, self.content.groups, self.material.entries)
        return {path: text.encode() for path, text in export.site_files(listing, self.material.topics).items()}

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

    def _both(self, path: str) -> tuple[bytes, bytes]:
        """The HTML of a page, and its Markdown, which may be empty."""
        plan, renderer = self.pages[path], self.renderer
        searched: tuple[object, str] = (None, "")
        if self._names_search or plan.template in NAME_SEARCH:
            searched = search.short_manifest(self.search), search.slugs_file(self.search)

        def make() -> tuple[bytes, bytes]:
            page = plan.page()
            return renderer.page(page, *searched).encode(), page.twin.encode()

        return self._memo(("page", path), (plan.key, renderer, searched), make)

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

    def all(self, report: Report) -> dict[str, bytes]:
        """Every file, by output path."""
        files, content = dict[str, bytes](), self.content
        report.papers, report.topics, report.warnings = len(content.entries), len(content.topics), content.warnings
        with report.stage("relate"):
            report.counts["relate"] = count(sum(map(len, self.related.values())), "pair")
        with report.stage("figures"):
            chart = self._map[0]
            files |= self.closer
            report.counts["figures"] = count(sum(len(group.islands) for group in chart.groups), "island")
        with report.stage("compose"):
            report.pages = len(self.pages)
            report.counts["compose"] = count(report.pages, "page")
        with report.stage("search"):
            files |= self.search
            report.counts["search"] = count(len(files), "file")
        with report.stage("render"):
            shown = dict(self.assets)
            for path, plan in self.pages.items():
                if plan.permalink != urls.REPORT:
                    html, twin = self._both(path)
                    shown |= {path: html, path.removesuffix("html") + "md": twin} if twin else {path: html}
            shown |= self.offline
            files |= shown
            report.counts["render"] = count(len(shown), "file")
        with report.stage("cards"):
            files |= self.cards
            report.counts["cards"] = count(len(self.cards), "card")
        with report.stage("feeds"):
            files |= self.feeds
            report.counts["feeds"] = count(sum(path.endswith("feed.xml") for path in files), "feed")
        with report.stage("export"):
            files |= self.exports
            report.counts["export"] = count(len(self.exports), "file")
        told = self._report(files)
        place = urls.output_path(told.permalink).removesuffix("html")
        files |= {place + "html": self.renderer.page(told).encode(), place + "md": told.twin.encode()}
        report.files, report.bytes = len(files), sum(map(len, files.values()))
        return files


def _anywhere(entry: Entry) -> Entry:
    """The entry without the line of its override: pages do not name it, and a line more above would change it."""
    if entry.override is None:
        return entry
    return msgspec.structs.replace(entry, override=msgspec.structs.replace(entry.override, line=0))
