"""`diff`: what changed for readers between a git revision and the working tree: papers and pages.

Both states are built in memory by this program and its shipped templates, so only the site's own files make a
difference. The old files are read from git into a folder under `.sitegen/`; nothing is checked out.
"""

from __future__ import annotations

import dataclasses
import re
import shutil
import tempfile
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sitegen import build, urls
from sitegen import revision as git
from sitegen.errors import SiteError, Where, count
from sitegen.model import Entry
from sitegen.text import cut

WIDTH = 80
MOST_ROWS = 40
_FIRST = ("index.html", "topics", "papers", "lists", "years", "authors")
"""Rows of one kind that are shown; JSON has them all."""
LONGEST = 60_000
"""Characters of a comment; GitHub takes 65,536."""
LONGEST_TITLE = 120
_ASSETS = re.compile(rb"assets/[0-9a-f]{8}/")
"""The folder of scripts and styles, which is named by what they hold."""
MARK = "<!-- sitegen diff -->"
"""The comment's first line, by which it is found again to be replaced."""
_RECORD = ("authors", "published", "venue", "arxiv_id", "doi", "url", "pdf_url", "code_urls", "also_titled", "keywords")
_WORDS = ("tldr", "summary", "keywords")


@dataclass(frozen=True)
class Change:
    """What became of one paper."""

    slug: str
    title: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """All differences. Topics are slugs, the primary one first; pages are permalinks."""

    revision: str
    commit: str
    moved: tuple[Change, ...] = ()
    """Before and after: topics."""
    appeared: tuple[Change, ...] = ()
    vanished: tuple[Change, ...] = ()
    retitled: tuple[Change, ...] = ()
    """Before and after: the title."""
    reworded: tuple[Change, ...] = ()
    """After: the changed ones of tldr, summary, keywords, abstract, note, links, why, pin."""
    corrected: tuple[Change, ...] = ()
    """After: the changed fields of the record."""
    pages_changed: tuple[str, ...] = ()
    pages_new: tuple[str, ...] = ()
    pages_gone: tuple[str, ...] = ()
    other_files: int = 0
    """Feeds, search files, assets and the like that differ."""

    def as_json(self) -> dict[str, Any]:
        """The form in which `--json` prints it."""
        return dataclasses.asdict(self)

    def __bool__(self) -> bool:
        return any(value for name, value in vars(self).items() if name not in ("revision", "commit"))

    def summary(self) -> str:
        """One sentence."""
        if not self:
            return f"Nothing differs from {self.revision} ({self.commit})."
        papers = [
            f"{count(len(changes), 'paper')} {verb if len(changes) > 1 else verb_one}"
            for changes, verb, verb_one in (
                (self.moved, "move", "moves"),
                (self.appeared, "appear", "appears"),
                (self.vanished, "vanish", "vanishes"),
                (self.retitled, "have another title", "has another title"),
                (self.reworded, "have other words", "has other words"),
                (self.corrected, "have other facts", "has other facts"),
            )
            if changes
        ]
        pages = [
            f"{count(len(pages), 'page')} {what}"
            for pages, what in (
                (self.pages_changed, "changed"),
                (self.pages_new, "new"),
                (self.pages_gone, "gone"),
            )
            if pages
        ]
        others = ["other files changed"] if self.other_files else []
        return f"Against {self.revision} ({self.commit}): {', '.join([*papers, *pages, *others])}."

    def sections(self) -> Iterator[tuple[str, list[Change], Callable[[Change], str]]]:
        """Heading, papers, and what to say of each."""
        yield "Moved", [*self.moved], lambda c: f"{_topics(c.before)} → {_topics(c.after)}"
        yield "New", [*self.appeared], lambda c: _topics(c.after)
        yield "Gone", [*self.vanished], lambda c: _topics(c.before)
        yield "Another title", [*self.retitled], lambda c: f"before: {' '.join(c.before)}"
        yield "Other words", [*self.reworded], lambda c: ", ".join(c.after)
        yield "Other facts", [*self.corrected], lambda c: ", ".join(c.after)

    def page_lists(self) -> Iterator[tuple[str, Sequence[str]]]:
        yield "Pages that change", self.pages_changed
        yield "New pages", self.pages_new
        yield "Pages that are gone", self.pages_gone

    def __str__(self) -> str:
        lines = textwrap.wrap(self.summary(), WIDTH)
        for heading, changes, say in self.sections():
            lines += ["", heading] if changes else []
            for change in changes[:MOST_ROWS]:
                lines.append(f"  {cut(change.title, WIDTH - 3)}")
                lines += textwrap.wrap(
                    say(change), WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 8, break_on_hyphens=False
                )
            if len(changes) > MOST_ROWS:
                lines.append(f"  and {len(changes) - MOST_ROWS} more")
        for heading, pages in self.page_lists():
            lines += ["", heading, *_bounded([f"  {page}" for page in pages], "  ")] if pages else []
        return "\n".join(lines)

    def markdown(self) -> str:
        """A comment for a pull request: bounded, and nothing in it links, mentions or runs."""
        blocks = [MARK, self.summary().replace(self.revision, code(self.revision), 1)]
        for heading, changes, say in self.sections():
            if changes:
                rows = [f"- {code(cut(c.title, LONGEST_TITLE))}: {code(cut(say(c), 300))}" for c in changes]
                blocks.append("\n".join([f"**{heading}**", "", *_bounded(rows)]))
        for heading, pages in self.page_lists():
            if pages:
                rows = _bounded([f"- {code(page)}" for page in pages])
                about = f"<details><summary>{heading} ({len(pages)})</summary>"
                blocks.append("\n".join([about, "", *rows, "", "</details>"]))
        text = ""
        for block in blocks:
            if len(text) + len(block) > LONGEST:
                return f"{text}\n\nThe rest is too long for a comment.\n"
            text += f"\n\n{block}" if text else block
        return text + "\n"


def code(text: str) -> str:
    """Text as a code span: what is in it stays text, whatever it holds."""
    plain = re.sub(r"\s+", " ", text).strip() or " "
    fence = "`" * (max((len(run) for run in re.findall("`+", plain)), default=0) + 1)
    pad = " " if plain.startswith("`") or plain.endswith("`") else ""
    return f"{fence}{pad}{plain}{pad}{fence}"


def _bounded(rows: Sequence[str], mark: str = "- ") -> list[str]:
    more = len(rows) - MOST_ROWS
    return [*rows[:MOST_ROWS], *([f"{mark}and {more} more"] if more > 0 else [])]


def _topics(topics: Sequence[str]) -> str:
    return ", ".join(topics) or "no topic"


def run(site: Path, revision: str = "HEAD") -> Report:
    """Compare the working tree with a revision. Raises SiteError without git, its repository, or the revision."""
    commit = git.commit(site, revision)
    after = _all(site)
    folder = site / ".sitegen"
    folder.mkdir(exist_ok=True)
    old_site = Path(tempfile.mkdtemp(prefix="diff-", dir=folder))
    try:
        git.extract(site, commit, ("content", "templates"), old_site)
        _copy_abstracts(site, old_site)
        before = _built(old_site, revision, site / "templates")
    finally:
        shutil.rmtree(old_site, ignore_errors=True)
    return compare(before, after, revision, commit[:10])


def _copy_abstracts(site: Path, old_site: Path) -> None:
    """Abstracts that git does not keep are those of today: they make no difference."""
    own = site / "content" / "abstracts.jsonl"
    if own.is_file() and (old_site / "content").is_dir() and not (old_site / "content" / own.name).exists():
        shutil.copyfile(own, old_site / "content" / own.name)


Built = tuple[build.Content, dict[str, bytes]]


def _built(old_site: Path, revision: str, templates: Path) -> Built | None:
    """The content and files of the old state; None when there was no site.

    Old templates that are no longer any good, because the program has moved on, give way to those of today.
    """
    if not (old_site / "content" / "site.yaml").is_file():
        return None
    try:
        return _all(old_site)
    except SiteError as error:
        if not all(p.where.file.startswith("templates/") for p in error.problems):
            raise _of(revision, error) from error
    shutil.rmtree(old_site / "templates", ignore_errors=True)
    if templates.is_dir():
        shutil.copytree(templates, old_site / "templates")
    try:
        return _all(old_site)
    except SiteError as error:
        raise _of(revision, error) from error


def _all(site: Path) -> Built:
    content = build.load(site)
    return content, build.made(site, content, build.Report())


def _of(revision: str, error: SiteError) -> SiteError:
    places = [(p, Where(f"{revision}:{p.where.file}", p.where.line, p.where.column)) for p in error.problems]
    return SiteError([problem._replace(where=where) for problem, where in places])


def compare(before: Built | None, after: Built, revision: str, commit: str) -> Report:
    """What differs between two built states; `before` is None when there was no site."""
    old = _by_record(before[0].entries if before else [])
    new = _by_record(after[0].entries)
    both = [(slug, old[slug], new[slug]) for slug in new if slug in old]
    pages_old, others_old = _split(before[1] if before else {})
    pages_new, others_new = _split(after[1])
    return Report(
        revision,
        commit,
        tuple(Change(s, b.paper.title, a.topics, b.topics) for s, a, b in both if a.topics != b.topics),
        tuple(Change(s, e.paper.title, (), e.topics) for s, e in new.items() if s not in old),
        tuple(Change(s, e.paper.title, e.topics, ()) for s, e in old.items() if s not in new),
        tuple(
            Change(s, b.paper.title, (a.paper.title,), (b.paper.title,))
            for s, a, b in both
            if a.paper.title != b.paper.title
        ),
        tuple(_changes(both, _reworded)),
        tuple(_changes(both, _corrected)),
        tuple(page for page in pages_new if page in pages_old and pages_new[page] != pages_old[page]),
        tuple(page for page in pages_new if page not in pages_old),
        tuple(page for page in pages_old if page not in pages_new),
        sum(others_old.get(path) != others_new.get(path) for path in {*others_old, *others_new}),
    )


def _by_record(entries: Sequence[Entry]) -> dict[str, Entry]:
    """By the record's slug, which stays when a paper is given another address."""
    return {(entry.override.slug if entry.override else entry.slug): entry for entry in entries}


def _changes(
    pairs: Sequence[tuple[str, Entry, Entry]], differ: Callable[[Entry, Entry], Iterator[str]]
) -> Iterator[Change]:
    for slug, old, new in pairs:
        if names := tuple(differ(old, new)):
            yield Change(slug, new.paper.title, (), names)


def _reworded(old: Entry, new: Entry) -> Iterator[str]:
    yield from (name for name in _WORDS if getattr(old.words, name) != getattr(new.words, name))
    if old.abstract != new.abstract:
        yield "abstract"
    for name in ("note", "links", "why", "pin"):
        values = [getattr(e.override, name) if e.override else None for e in (old, new)]
        if (values[0] or None) != (values[1] or None):
            yield name


def _corrected(old: Entry, new: Entry) -> Iterator[str]:
    if old.slug != new.slug:
        yield "address"
    yield from (name for name in _RECORD if getattr(old.paper, name) != getattr(new.paper, name))


def _rank(path: str) -> int:
    """Pages that tell the most come first: home, topics, papers, then those that only list them."""
    first = path.partition("/")[0]
    return _FIRST.index(first) if first in _FIRST else len(_FIRST)


def _split(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Pages by permalink, without the names of assets that say nothing to a reader; and all other files."""
    pages: dict[str, bytes] = {}
    others: dict[str, bytes] = {}
    for path, data in sorted(files.items(), key=lambda item: (_rank(item[0]), item[0])):
        if path == urls.output_path(urls.REPORT):
            continue  # every change changes its figures
        if path.endswith(".html"):
            pages["/" + path.removesuffix("index.html")] = _ASSETS.sub(b"assets/", data)
        elif not path.endswith("index.md"):
            others[re.sub("^assets/[0-9a-f]+/", "assets/", path)] = data
    return pages, others
