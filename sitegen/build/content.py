"""A site's content: all that people and the importer wrote, read, checked and curated."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from sitegen import config, curate, features, mentions, merge, relate, schema, store, topics, urls, words, yamlio
from sitegen.errors import Problem, SiteError, Where, count, fail, raise_errors
from sitegen.files import read_bytes
from sitegen.memo import Forgetful, Memo, Whole
from sitegen.model import Entry, Group, Neighbour, Override, Paper, Placement, Site, Topic
from sitegen.render import shipped_templates

T = TypeVar("T")


class Content(msgspec.Struct, frozen=True):
    """All that the curator and the importer wrote, read and found good."""

    site: Site
    groups: tuple[Group, ...]
    entries: list[Entry]
    about: str
    words: words.Words
    warnings: list[Problem]
    moved: dict[str, str] = {}
    """Old addresses of papers -> their present ones."""
    papers: Mapping[str, Paper] = {}
    """The records as they were imported, hidden ones too, by slug."""
    rules: Mapping[str, Override] = {}
    """The overrides, by the slugs of those records."""
    said: Whole = Whole(())
    """Records, words and abstracts of the entries: what is said of papers, wherever they stand."""

    @property
    def topics(self) -> dict[str, Topic]:
        return {topic.slug: topic for group in self.groups for topic in group.topics}


def load(site: Path, base_url: str | None = None, repository: str | None = None, memo: Memo | None = None) -> Content:
    """Read, check and curate a site's content. Raises SiteError with every problem in it.

    `base_url` and `repository` stand in for those of `site.yaml`; empty for none. `memo`: what an earlier call read."""
    content, problems, memo = site / "content", list[Problem](), memo or Forgetful()
    store.settle(content)
    settings = config.read_site(content, problems)
    key = texts(content, "topics.yaml", "notes/*.md")
    groups = _read(memo, "topics", key, problems, functools.partial(config.read_topics, content))
    slugs = [topic.slug for group in groups for topic in group.topics]
    known = None if any(p.level == "error" and p.where.file == config.TOPICS_FILE for p in problems) else slugs
    try:
        records = memo("records", texts(content, "papers.jsonl", "abstracts.jsonl"), lambda: store.read(content))
        papers = list(records.papers.values())
    except SiteError as error:
        problems += error.problems
        papers = None  # every rule would seem to name an unknown paper
    renamed = config.moved(groups)
    overrides = _read(
        memo,
        "overrides",
        (texts(content, "overrides.yaml"), papers, known, renamed),
        problems,
        lambda found: curate.read_overrides(content, papers, known, found, renamed),
    )
    addresses = [(slug, rule.address) for slug, rule in overrides.items() if rule.address]
    key, rules = texts(content, "summaries/*.y*ml"), overrides
    summaries = _read(
        memo,
        "summaries",
        (key, papers, addresses),
        problems,
        lambda found: curate.read_words(content, papers, found, rules),
    )
    own, shipped = (folder / "words" for folder in (site / "templates", shipped_templates()))
    wording = _read(
        memo,
        "words",
        (texts(own, "*.yaml"), texts(shipped, "*.yaml"), settings.language),
        problems,
        lambda found: words.read(own, shipped, settings.language, found),
    )
    about = config.read_page(content, "about.md", problems)
    raise_errors(problems)
    assert papers is not None
    if base_url is not None:
        settings = msgspec.structs.replace(settings, base_url=_checked(base_url))
    if repository is not None:
        settings = msgspec.structs.replace(settings, repository=repository)
    joined, abstracts = merge.joined(records.papers, records.abstracts, curate.merged(overrides))
    entries = curate.apply(joined.values(), abstracts, overrides, summaries)
    told = Whole([(entry.paper, entry.words, entry.abstract) for entry in entries])
    entries = _placed(entries, told, groups, memo)
    moved = curate.redirects(overrides)
    pages = {"paper": {*moved, *(entry.slug for entry in entries)}, "topic": {*slugs, *renamed}}
    hidden = {slug for slug, rule in overrides.items() if rule.hide}
    groups, about = mentions.settled(groups, about, pages, hidden, problems)
    said = problems + _warnings(settings, entries, len(records.waiting))
    return Content(settings, groups, entries, about, wording, said, moved, records.papers, overrides, told)


def texts(folder: Path, *patterns: str) -> dict[str, bytes]:
    """The files of a folder that match, by path in it: what they hold tells whether anything has changed."""
    found = (path for pattern in patterns for path in sorted(folder.glob(pattern)) if path.is_file())
    named = ((path.relative_to(folder), path) for path in found)
    return {name.as_posix(): read_bytes(path) for name, path in named if "__pycache__" not in name.parts}


def _read(memo: Memo, place: str, key: object, problems: list[Problem], read: Callable[[list[Problem]], T]) -> T:
    """What `read` gives, and the problems that it finds: kept together."""

    def make() -> tuple[T, list[Problem]]:
        found: list[Problem] = []
        return read(found), found

    value, found = memo(place, key, make)
    problems += found
    return value


def _placed(entries: list[Entry], said: Whole, groups: tuple[Group, ...], memo: Memo) -> list[Entry]:
    """The entries under their topics. Of an override only its topics decide. `said`: as `Content` has it."""
    rules = [e.override and (e.override.topics, e.override.add, e.override.remove) for e in entries]
    key = (groups, said, rules)
    last = memo.last("placed")

    def make() -> topics.Placing:
        return topics.placing(entries, groups, lambda: table(entries, said, groups, memo), last and last[1])

    stands = memo("placed", key, make).stands
    return [msgspec.structs.replace(entry, **stands[entry.slug]._asdict()) for entry in entries]


def table(entries: Sequence[Entry], said: Whole, groups: tuple[Group, ...], memo: Memo) -> features.Table:
    """The words of the papers, by slug, and of the topics, counted. `said`: as `Content` has it."""
    return memo("table", (said, groups), lambda: features.table(topics.told(entries, groups)))


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
    confirmed = [entry for entry in content.entries if entry.override and entry.override.topics]
    found = topics.judged(content.groups, confirmed, entries, len(content.topics))
    return [list(prediction.ranked) for prediction in found]


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


def _warnings(site: Site, entries: Sequence[Entry], waiting: int) -> list[Problem]:
    found = []
    if waiting:
        message = f"{count(waiting, 'paper')} known by an id alone, without a page"
        hint = 'run "sitegen enrich", or import them with their titles'
        found.append(Problem(Where("content/waiting.jsonl"), message, hint, "warning"))
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
