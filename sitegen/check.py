"""`check`: what a build cannot see by itself. Reads the built site as a visitor would, and the content beside it.

Every link and anchor within the site resolves; tags close in order and ids are unique; sizes keep their budgets; no
page asks another host for anything; no topic is without papers, no maths is broken.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from sitegen import build, maths, output, urls
from sitegen.errors import Problem, Where, fail

CSS_BUDGET = 12_000
SCRIPT_BUDGET = 10_000
"""Gzipped bytes of the styles, and of the scripts that a topic's page loads, which has most of them."""
SITE_BUDGET = 1_000_000_000
"""GitHub's limit for a published site."""

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_DATA_BLOCKS = ("application/ld+json", "application/json")
_LOADS = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "form": "action"}


@dataclass
class Report:
    """What was looked at, and what is wrong."""

    pages: int = 0
    links: int = 0
    sizes: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class Document(HTMLParser):
    """One page: its links, ids and what is not well-formed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[tuple[str, int, str]] = []
        self.ids: set[str] = set()
        self.faults: list[tuple[int, str]] = []
        self._open: list[tuple[str, int]] = []
        self.feed(text)
        self.close()
        self.faults += [(line, f"<{tag}> is never closed") for tag, line in self._open]
        if not text.lstrip().lower().startswith("<!doctype html>"):
            self.faults.append((1, "does not begin with <!doctype html>"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0]
        names = [name for name, _ in attrs]
        self.faults += [(line, f"<{tag}> has {n} twice") for n in sorted({n for n in names if names.count(n) > 1})]
        self.faults += [(line, f"<{tag}> has an attribute {n}") for n in names if n == "style" or n.startswith("on")]
        values = dict(attrs)
        if name := values.get("id"):
            if name in self.ids:
                self.faults.append((line, f'the id "{name}" stands here twice'))
            self.ids.add(name)
        key = "href" if tag == "a" else _LOADS.get(tag)
        if key and (target := values.get(key)) is not None and values.get("rel") != "canonical":
            self.links.append((target, line, tag))
        if tag == "meta" and (values.get("http-equiv") or "").lower() == "refresh":
            self.links.append(((values.get("content") or "").partition("url=")[2], line, "a"))
        if tag == "script" and "src" not in values and values.get("type") not in _DATA_BLOCKS:
            self.faults.append((line, "<script> holds its text in the page"))
        if tag not in _VOID:
            self._open.append((tag, line))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            self._open.pop()
            return
        names = [name for name, _ in self._open]
        if tag in names:
            depth = len(names) - 1 - names[::-1].index(tag)
            self.faults += [(line, f"<{name}> is not closed before </{tag}>") for name, line in self._open[depth + 1 :]]
            del self._open[depth:]
        else:
            self.faults.append((self.getpos()[0], f"</{tag}> closes nothing that is open"))


def run(site: Path, target: Path, base_url: str | None = None) -> Report:
    """Check the site that was built into `target`. Raises SiteError when there is none, or the content is broken."""
    if not (target / output.MARKER).is_file():
        raise fail(str(target), "there is no built site here", 'run "sitegen build" first')
    content = build.load(site, base_url)
    report = Report(problems=list(content.warnings))
    if (site / "content" / "schema").is_dir():
        report.problems += build.stale_schemas(site)
    documents = {
        path.relative_to(target).as_posix(): Document(path.read_text("utf-8"))
        for path in sorted(target.rglob("*.html"))
    }
    report.pages = len(documents)
    for name, document in documents.items():
        report.problems += [Problem(Where(name, line), message) for line, message in document.faults]
        report.problems += _links(name, document, documents, target, urls.base_path(content.site.base_url), report)
    report.problems += _sizes(target, report)
    report.problems += _content(content)
    return report


def _links(
    name: str, document: Document, documents: dict[str, Document], target: Path, base: str, report: Report
) -> Iterator[Problem]:
    """The links of a page that lead nowhere, and what it loads from elsewhere."""
    here = base + name.removesuffix("index.html")
    for link, line, tag in document.links:
        report.links += 1
        where = Where(name, line)
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            if tag != "a":
                yield Problem(where, f"<{tag}> loads from another host: {link}", "bring the file into the site")
            elif parts.scheme not in ("http", "https", "mailto"):
                yield Problem(where, f"a link with the scheme {parts.scheme}: {link}", "link to https://")
            continue
        address = urlsplit(urljoin(here, link))
        if not address.path.startswith(base):
            yield Problem(where, f'"{link}" leads out of the site', "link relative to the page")
            continue
        path = unquote(address.path[len(base) :])
        found = path + "index.html" if not path or path.endswith("/") else path
        if not (target / found).is_file():
            yield Problem(where, f'"{link}" leads to no page', "mend the link, or build again")
        elif address.fragment and found in documents and unquote(address.fragment) not in documents[found].ids:
            yield Problem(where, f'"{link}": that page has no #{address.fragment}', "mend the anchor")


def _sizes(target: Path, report: Report) -> Iterator[Problem]:
    """Files over their budget. Sizes are gzipped bytes, but the site's are plain."""
    total = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    [assets] = (target / "assets").iterdir()

    def zipped(*names: str) -> int:
        return sum(len(gzip.compress((assets / name).read_bytes(), 9)) for name in names)

    report.sizes = {"css": zipped("site.css"), "script": zipped("theme.js", "site.js", "mine/topic.js"), "site": total}
    budgets = {"css": CSS_BUDGET, "script": SCRIPT_BUDGET, "site": SITE_BUDGET}
    for name, budget in budgets.items():
        if report.sizes[name] > budget:
            message = f"{name}: {report.sizes[name]} bytes, over the budget of {budget}"
            yield Problem(Where(str(target)), message, "make it smaller", "error" if name == "site" else "warning")


def _content(content: build.Content) -> Iterator[Problem]:
    """What is odd about the content, though it builds."""
    used = {topic for entry in content.entries for topic in entry.topics}
    for group in content.groups:
        for topic in group.topics:
            if topic.slug not in used:
                message = f'no paper stands under the topic "{topic.slug}"'
                yield Problem(Where("content/topics.yaml"), message, "place a paper there, or remove it", "warning")
    for entry in content.entries:
        note = entry.override.note if entry.override else ""
        own = (entry.paper.title, *entry.paper.also_titled, entry.words.tldr, entry.words.summary, note)
        for text in (*own, entry.abstract):
            for tex in maths.broken(text):
                message = f"{entry.slug}: maths that cannot be shown: {tex}"
                yield Problem(Where("content"), message, "it is shown as TeX; correct it in the overrides", "warning")
