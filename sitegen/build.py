"""`build`: from content to a site, one line per stage. The second of the two compositions, and the only one to see all.

read -> curate -> place -> relate -> compose -> index -> render -> feeds -> publish
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from sitegen import (
    assets,
    cards,
    config,
    curate,
    export,
    feeds,
    figures,
    merge,
    offline,
    output,
    relate,
    schema,
    search,
    store,
    topics,
    urls,
    words,
    yamlio,
)
from sitegen.errors import Problem, SiteError, Where, count, fail, raise_errors
from sitegen.files import read_bytes
from sitegen.model import Entry, Group, Neighbour, Override, Paper, Placement, Site, Topic
from sitegen.pages import Material, Page, compose
from sitegen.render import Renderer, shipped_templates


@dataclass
class Report:
    """What a build did."""

    papers: int = 0
    topics: int = 0
    pages: int = 0
    files: int = 0
    bytes: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    counts: dict[str, str] = field(default_factory=dict)
    warnings: list[Problem] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - started, 4)

    def lines(self) -> list[str]:
        """One line per stage: what it made, and in what time."""
        return [f"{name:<8} {self.counts.get(name, ''):<32} {s:6.2f} s" for name, s in self.seconds.items()]

    def as_json(self) -> dict[str, object]:
        """The form in which `--json` prints it."""
        names = ("papers", "topics", "pages", "files", "bytes", "seconds")
        return {name: getattr(self, name) for name in names} | {"warnings": [w.as_json() for w in self.warnings]}


@dataclass(frozen=True)
class Content:
    """All that the curator and the importer wrote, read and found good."""

    site: Site
    groups: tuple[Group, ...]
    entries: list[Entry]
    about: str
    words: words.Words
    warnings: list[Problem]
    moved: dict[str, str] = field(default_factory=dict)
    """Old addresses of papers -> their present ones."""
    papers: Mapping[str, Paper] = field(default_factory=dict)
    """The records as they were imported, hidden ones too, by slug."""
    rules: Mapping[str, Override] = field(default_factory=dict)
    """The overrides, by the slugs of those records."""

    @property
    def topics(self) -> dict[str, Topic]:
        return {topic.slug: topic for group in self.groups for topic in group.topics}


def load(site: Path, base_url: str | None = None, repository: str | None = None) -> Content:
    """Read, check and curate a site's content. Raises SiteError with every problem in it.

    `base_url` and `repository` stand in for those of `site.yaml`; empty for none."""
    content, problems = site / "content", list[Problem]()
    settings = config.read_site(content, problems)
    groups = config.read_topics(content, problems)
    slugs = [topic.slug for group in groups for topic in group.topics]
    known = None if any(p.level == "error" and p.where.file == config.TOPICS_FILE for p in problems) else slugs
    try:
        records = store.read(content)
        papers = list(records.papers.values())
    except SiteError as error:
        problems += error.problems
        papers = None  # every rule would seem to name an unknown paper
    overrides = curate.read_overrides(content, papers, known, problems, config.moved(groups))
    summaries = curate.read_words(content, papers, problems, overrides)
    own, shipped = (folder / "words" for folder in (site / "templates", shipped_templates()))
    wording = words.read(own, shipped, settings.language, problems)
    about = config.read_page(content, "about.md", problems)
    raise_errors(problems)
    assert papers is not None
    if base_url is not None:
        settings = msgspec.structs.replace(settings, base_url=_checked(base_url))
    if repository is not None:
        settings = msgspec.structs.replace(settings, repository=repository)
    joined, abstracts = merge.joined(records.papers, records.abstracts, curate.merged(overrides))
    entries = topics.place(curate.apply(joined.values(), abstracts, overrides, summaries), groups)
    moved = curate.redirects(overrides)
    said = problems + _warnings(settings, entries)
    return Content(settings, groups, entries, about, wording, said, moved, records.papers, overrides)


def namer(content: Content) -> Callable[[str], str | None]:
    """Tells which record a name means; None when none, or more than one."""
    names = _names(content)
    return lambda name: names.find(yamlio.make_text(name, Where("")), [])


def find(content: Content, name: str) -> str:
    """The slug of the record that a name means: slug, arXiv id or start of a title. Raises SiteError."""
    problems: list[Problem] = []
    slug = _names(content).find(yamlio.make_text(name, Where("PAPER")), problems)
    raise_errors(problems)
    assert slug is not None
    return slug


def _names(content: Content) -> curate.Names:
    addresses = {rule.address: slug for slug, rule in content.rules.items() if rule.address}
    return curate.Names([*content.papers.values()], addresses)


def ranked(content: Content, entries: Sequence[Entry]) -> list[list[Placement]]:
    """All topics for each of these papers, the likeliest first, with the words that speak for them."""
    model = topics.learn(
        content.groups, [entry for entry in content.entries if entry.override and entry.override.topics]
    )
    return [model.rank(entry) for entry in entries]


def related(content: Content, name: str) -> tuple[Neighbour, ...]:
    """The papers nearest to the one that a name means: slug, arXiv id or start of a title. Raises SiteError."""
    slug = find(content, name)
    near = relate.relate(content.entries).get(content.moved.get(slug, slug))
    if near is None:
        raise fail("PAPER", f'"{slug}" is hidden, and related to no other', 'take away its "hide"')
    return near


def schemas(site: Path) -> dict[str, bytes]:
    """The JSON Schemas for editors, by path. Raises SiteError when topics or records are broken; overrides may be."""
    content, problems = site / "content", list[Problem]()
    groups = config.read_topics(content, problems)
    raise_errors(problems)
    papers = store.read(content).papers
    slugs = [topic.slug for group in groups for topic in group.topics]
    overrides = curate.read_overrides(content, list(papers.values()), slugs, [])
    addresses = [rule.address for rule in overrides.values() if rule.address]
    return schema.files(slugs, [*papers, *addresses])


def stale_schemas(site: Path) -> list[Problem]:
    """The schemas that are missing or no longer fit the site's topics, papers and this version."""
    made = schemas(site)
    old = [path for path, data in made.items() if not (site / path).is_file() or (site / path).read_bytes() != data]
    hint = 'run "sitegen schema", so that editors know the topics and papers of today'
    return [Problem(Where(path), "does not fit the topics and papers of now", hint, "warning") for path in old]


def _checked(base_url: str) -> str:
    url = urls.base_url(base_url) if base_url else ""
    if url is None:
        raise fail("--base-url", f'"{base_url}" is not the address of a site', "write https://host/path/")
    return url


def _warnings(site: Site, entries: Sequence[Entry]) -> list[Problem]:
    found = []
    unplaced = [entry.slug for entry in entries if not entry.placements]
    if unplaced:
        names = ", ".join(unplaced[:5]) + (" ..." if len(unplaced) > 5 else "")
        message = f"{len(unplaced)} of {len(entries)} papers fit no topic: {names}"
        found.append(
            Problem(Where("content/papers.jsonl"), message, "give them topics in content/overrides.yaml", "warning")
        )
    for entry in entries:
        for topic in entry.idle:
            where = Where("content/overrides.yaml", entry.override.line if entry.override else 0, 1)
            message = f'"{entry.slug}" would not stand under "{topic}" anyway'
            found.append(Problem(where, message, 'take it out of "remove"', "warning"))
    if not site.base_url:
        message = "no base_url: feeds and sitemap are left out"
        found.append(Problem(Where("content/site.yaml"), message, 'add "base_url: https://host/path/"', "warning"))
    return found


def build(
    site: Path,
    target: Path | None = None,
    base_url: str | None = None,
    lunr_json: bool = False,
    repository: str | None = None,
) -> Report:
    """Build the site into `target` (default `_site`). Raises SiteError, and then the old site is as it was.

    `lunr_json`: also write the search index in lunr's own form, for other programs."""
    report = Report()
    target = target or site / "_site"
    output.check_target(target, site)
    output.recover(target)
    with report.stage("read"):
        content = load(site, base_url, repository)
        report.counts["read"] = count(len(content.entries), "paper")
    files = made(site, content, report, lunr_json)
    with report.stage("publish"):
        output.publish(target, files)
        report.counts["publish"] = f"{count(report.files, 'file')}, {report.bytes / 1e6:.1f} MB"
    return report


def made(site: Path, content: Content, report: Report, lunr_json: bool = False) -> dict[str, bytes]:
    """Every file of the site, by output path; nothing is written. Raises SiteError for a wrong template."""
    files = dict[str, bytes]()
    with report.stage("relate"):
        near = relate.relate(content.entries)
        report.counts["relate"] = count(sum(map(len, near.values())), "pair")
    with report.stage("figures"):
        chart, closer = figures.draw(content.groups, content.entries, near, content.words.no_topic)
        files |= closer
        report.counts["figures"] = count(sum(len(group.islands) for group in chart.groups), "island")
    kin = relate.related_topics(content.entries, near)
    entries = tuple(content.entries)
    material = Material(
        content.site, content.groups, entries, content.words, content.about, near, kin, chart, content.moved
    )
    report.papers, report.topics, report.warnings = len(content.entries), len(material.topics), content.warnings
    with report.stage("compose"):
        pages = compose(material)
        output.check_paths((urls.output_path(page.permalink), page.permalink) for page in pages)
        report.counts["compose"] = count(len(pages), "page")
    report.pages = len(pages)
    with report.stage("search"):
        files |= search.files(material.entries, material.topics, content.words, lunr_json)
        report.counts["search"] = count(len(files), "file")
    with report.stage("render"):
        rendered = _rendered(site, content, pages, files)
        report.counts["render"] = count(len(rendered), "file")
        files |= rendered
    with report.stage("cards"):
        pictures = _cards(site, content, files)
        report.counts["cards"] = count(len(pictures), "card")
        files |= pictures
    with report.stage("feeds"):
        files |= _feeds(material, pages)
        report.counts["feeds"] = count(sum(path.endswith("feed.xml") for path in files), "feed")
    with report.stage("export"):
        exported = export.site_files(
            export.Listing(content.site, content.groups, tuple(content.entries)), material.topics
        )
        files |= {path: text.encode() for path, text in exported.items()}
        report.counts["export"] = count(len(exported), "file")
    report.files, report.bytes = len(files), sum(map(len, files.values()))
    return files


def _rendered(site: Path, content: Content, pages: Sequence[Page], searched: Mapping[str, bytes]) -> dict[str, bytes]:
    """Pages, their Markdown, the assets that they use, and what keeps them at hand without a network."""
    found = assets.collect(shipped_templates() / "assets", site / "templates" / "assets", words=content.words)
    output.check_paths((name, f"templates/assets/{name}") for name in found)
    folder = f"assets/{assets.fingerprint(found)}/"
    short, known = search.short_manifest(searched), search.slugs_file(searched)
    renderer = Renderer(content.site, site / "templates", folder, content.words, short, known)
    files = {folder + name: data for name, data in found.items()}
    for page in pages:
        path = urls.output_path(page.permalink)
        files[path] = renderer.page(page).encode()
        if page.twin:
            files[path.removesuffix("html") + "md"] = page.twin.encode()
    places = (folder / offline.WORKER for folder in (site / "templates", shipped_templates()))
    worker = assets.spare(offline.WORKER, read_bytes(next(filter(Path.is_file, places))))
    return files | offline.files(content.site, worker, folder, files)


def _cards(site: Path, content: Content, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Social cards, in the colours of the stylesheet; nobody would find them without an address of the site."""
    if not content.site.base_url:
        return {}
    [style] = (data for path, data in files.items() if path.endswith("/" + assets.STYLESHEET))
    return cards.cards(content.site, content.groups, style.decode(), site / ".sitegen" / "cards")


def _feeds(material: Material, pages: Sequence[Page]) -> dict[str, bytes]:
    """What needs absolute addresses; robots.txt and .nojekyll do not."""
    site, topics_ = material.site, material.topics
    files = {"robots.txt": feeds.robots(site), ".nojekyll": ""}
    files["llms.txt"] = feeds.llms(site, material.groups, material.words)
    if site.base_url:
        files |= _feeds_of(site, material.entries, urls.HOME, site.title, topics_)
        for slug, topic in topics_.items():
            mine = [entry for entry in material.entries if slug in entry.topics]
            files |= _feeds_of(site, mine, urls.topic(slug), f"{topic.name} – {site.title}", topics_)
        files |= feeds.sitemaps(site, pages)
        files["opensearch.xml"] = feeds.opensearch(site, material.words)
    return {path: text.encode() for path, text in files.items()}


def _feeds_of(
    site: Site, entries: Sequence[Entry], permalink: str, title: str, topics_: dict[str, Topic]
) -> dict[str, str]:
    """The feeds that lie in one folder."""
    folder = permalink[1:]
    return {
        f"{folder}feed.xml": feeds.atom(site, entries, permalink, title, topics_),
        f"{folder}feed.json": feeds.json_feed(site, entries, permalink, title, topics_),
    }
