"""The files of a site in units: what is made together, and what stands for all that it is made of."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property

import msgspec

from sitegen import config, export, feeds, offline, urls
from sitegen.build.making import Making
from sitegen.build.report import Report
from sitegen.model import Entry
from sitegen.pages import Facts, Plan, Stock, digest


class Unit(msgspec.Struct, frozen=True):
    """Files that are made together."""

    name: str
    facts: Callable[[], Facts]
    """All that they are made of, or digests of it; a program of another version may make others."""
    make: Callable[[], dict[str, bytes]]


class Units:
    """The units of a site in the making."""

    def __init__(self, making: Making) -> None:
        self.making = making

    @property
    def stock(self) -> Stock:
        return self.making.stock

    def stages(self) -> Iterator[tuple[str, Iterable[Unit]]]:
        """All units but the report, stage by stage."""
        making, content = self.making, self.making.content
        yield "figures", [Unit("map", lambda: {"map": digest(making.closer)}, lambda: making.closer)]
        yield "search", [self.search()]
        yield "compose", self._composed()  # what is planned for pages takes memory, which the search needs before it
        yield "render", self._rendered()
        making.rendered()
        site = {"site": digest(content.site, content.groups), "assets": making.folder.encode()}
        yield "cards", [Unit("cards", lambda: site, lambda: making.cards)]
        yield "feeds", self._feeds()
        yield "export", self._exports()

    def search(self) -> Unit:
        """The unit of all files of the search."""
        asked = digest(self.making.lunr_json, self.making.content.site.show_abstracts)
        return Unit("search", lambda: {**self._whole, "options": asked}, lambda: self.making.search)

    @cached_property
    def _whole(self) -> Facts:
        """Stands for all papers and the settings."""
        return {"site": self.stock.base, "papers": digest(self.stock.marks(self.stock.entries))}

    def _composed(self) -> Iterator[Unit]:
        """Has the pages planned, of which no file is made. Raises SiteError when two want one address."""
        assert self.making.pages
        yield from ()

    def _rendered(self) -> Iterator[Unit]:
        making = self.making
        for path, plan in making.pages.items():
            if plan.permalink != urls.REPORT:
                yield Unit(path, functools.partial(self._page_facts, plan), functools.partial(self._page, path))
        yield Unit("assets", lambda: {"assets": making.folder.encode()}, lambda: making.assets)
        first = [path for path in map(urls.output_path, offline.FIRST_PAGES) if path in making.pages]

        def facts() -> Facts:
            pages = digest([self._page_facts(making.pages[path]) for path in first])
            return {"pages": pages, "worker": digest(making.worker), "assets": making.folder.encode()}

        yield Unit("offline", facts, lambda: making.offline)

    def _looks(self, template: str) -> Facts:
        return {"templates": self.making.looks.of(template), "assets": self.making.folder.encode()}

    def _page_facts(self, plan: Plan) -> Facts:
        told = digest(self.making.searched) if self.making.names_search(plan) else b""
        return {**plan.facts, **self._looks(plan.template), "search": told}

    def _page(self, path: str) -> dict[str, bytes]:
        html, twin = self.making.both(path)
        return {path: html, path.removesuffix("html") + "md": twin} if twin else {path: html}

    def _feeds(self) -> Iterator[Unit]:
        """What needs absolute addresses; robots.txt and .nojekyll do not."""
        material, site = self.making.material, self.making.material.site
        fixed = {"robots.txt": feeds.robots(site), ".nojekyll": ""}
        fixed["llms.txt"] = feeds.llms(site, material.groups, material.words, not self.stock.brief)
        if site.base_url:
            fixed["opensearch.xml"] = feeds.opensearch(site, material.words)
            for slug in ("", *material.topics):
                facts = functools.partial(self._feeds_facts, slug)
                yield Unit(f"feeds:{slug}", facts, functools.partial(self._feeds_of, slug))
            pages = self.making.pages.values()
            yield Unit("sitemap", self._sitemap_facts, lambda: _encoded(feeds.sitemaps(site, pages)))
        yield Unit("fixed", lambda: {"text": digest(fixed)}, lambda: _encoded(fixed))

    def _sitemap_facts(self) -> Facts:
        listed = [(page.permalink, page.updated) for page in self.making.pages.values() if page.listed]
        return {"pages": digest(self.making.material.site, listed)}

    def _part(self, slug: str) -> list[Entry]:
        """The papers of a topic; all without one."""
        return [*itertools.chain(*self.stock.members[slug])] if slug else self.stock.order

    def _feeds_facts(self, slug: str) -> Facts:
        newest = feeds.newest(self._part(slug))
        return {"site": self.stock.base, "papers": digest(self.stock.marks(entry.slug for entry in newest))}

    def _feeds_of(self, slug: str) -> dict[str, bytes]:
        material = self.making.material
        site, topics = material.site, material.topics
        permalink = urls.topic(slug) if slug else urls.HOME
        title = f"{topics[slug].name} – {site.title}" if slug else site.title
        files = feeds.both(site, self._part(slug), permalink, title, topics)
        for old, heirs in config.moved(material.groups).items():  # who follows a renamed topic goes on with it
            for name in ("feed.xml", "feed.json") if heirs == (slug,) else ():
                files[urls.topic(old)[1:] + name] = files[permalink[1:] + name]
        return _encoded(files)

    def _exports(self) -> Iterator[Unit]:
        """A format after another: what is written of the papers in one is not kept for the next."""
        for name, form in export.ON_SITE.items():
            shared = export.Shared(form, self.stock.work)
            for slug in self._files():
                path = (urls.topic(slug) if slug else urls.HOME)[1:] + name
                facts = functools.partial(self._exports_facts, slug)
                yield Unit(f"exports:{path}", facts, functools.partial(self._export, slug, path, shared))

    def _exports_facts(self, slug: str) -> Facts:
        site = digest(self.making.content.site, self.stock.brief)
        return {"site": site, "papers": digest([self.stock.cited(entry.slug) for entry in self._cited(slug)])}

    def _files(self) -> list[str]:
        """What has files for reference managers: the root, where they hold something, and each topic."""
        root = [] if self.stock.brief and not self._cited("") else [""]
        return [*root, *self.making.material.topics]

    def _cited(self, slug: str) -> list[Entry]:
        """The papers in them. Those in the root of a brief site are the ones without a topic."""
        return [entry for entry in self._part(slug) if slug or not (self.stock.brief and entry.topics)]

    def _export(self, slug: str, path: str, shared: export.Shared) -> dict[str, bytes]:
        return {path: shared.of(entry.slug for entry in self._cited(slug))}

    def report(self, sizes: Mapping[str, int]) -> Unit:
        """The report on the list, which says how large all other files are."""
        page = self.making.report(sizes)
        html = urls.output_path(page.permalink)

        def make() -> dict[str, bytes]:
            text = self.making.renderer.page(page).encode()
            return {html: text, html.removesuffix("html") + "md": page.twin.encode()}

        return Unit(html, lambda: {"site": self.stock.base, "report": digest(page), **self._looks(page.template)}, make)

    def get(self, path: str) -> bytes | None:
        """The file at an output path; None when there is none."""
        making = self.making
        if path.startswith(urls.REPORT[1:]):
            return self.all(Report()).get(path)
        if making.plan(path):
            return making.page(path)
        if path.endswith(".md") and making.plan(page := path.removesuffix("md") + "html"):
            return making.both(page)[1] or None
        kinds = ("closer", "assets", "offline", "search", "cards")
        found = (getattr(making, kind) for kind in kinds)
        slug = path.rpartition("/")[0].removeprefix("topics/")
        slug = next(iter(config.moved(making.material.groups).get(slug, (slug,))))
        wanted = {f"feeds:{slug}", f"exports:{path}", "sitemap", "fixed"}
        rest = (unit.make() for unit in itertools.chain(self._feeds(), self._exports()) if unit.name in wanted)
        return next((files[path] for files in itertools.chain(found, rest) if path in files), None)

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
