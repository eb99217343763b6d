"""sitegen as a library: a list loaded, built, searched. Everything is typed; what is found wrong is a `SiteError`.

    from sitegen import api

    content = api.load("my-list")
    for entry in content.entries:
        print(entry.paper.title, entry.topics)
    for result in api.search(content, "low-rank adaptation").results:
        print(result.slug, result.score)
    report = api.build("my-list", base_url="https://example.org/list/")
    print(report.pages, report.bytes)

`sitegen` itself has no such names: `sitegen.build` and `sitegen.search` are modules. This one is loaded only when it is
imported, so that the command line starts fast.
"""

from __future__ import annotations

from pathlib import Path

from sitegen import build as _build
from sitegen import search as _search
from sitegen.build import Content, Report
from sitegen.errors import Problem, SiteError
from sitegen.model import Entry, Paper, Topic
from sitegen.search import Answer

__all__ = ["Answer", "Content", "Entry", "Paper", "Problem", "Report", "SiteError", "Topic", "build", "load", "search"]


def load(site: str | Path = ".", base_url: str | None = None) -> Content:
    """The content of a site: its settings, its topics in groups, and its papers with corrections, words and topics.

    `base_url` stands in for that of `site.yaml`; empty for none. Raises SiteError with every problem found; what does
    not stop a build is in `Content.warnings`.
    """
    return _build.load(Path(site), base_url)


def build(site: str | Path = ".", output: str | Path | None = None, base_url: str | None = None) -> Report:
    """Build a site into `output`, `_site` in it by default; says what was made, in what time, and what is odd.

    Raises SiteError, and then what was there before is as it was.
    """
    return _build.build(Path(site), None if output is None else Path(output), base_url)


def search(content: Content, query: str, limit: int = 10) -> Answer:
    """The best papers for a query, ranked as on the site: at most `limit` of them in `Answer.results`, best first.

    The index is made anew with each call; `sitegen.search.index_of` and `Searcher` keep one for many queries.
    """
    return _search.ask(content.entries, content.topics, query, limit)
