"""`search`: the site's search in the terminal, with the same ranking as in the browser."""

from __future__ import annotations

from pathlib import Path

from sitegen import build, search
from sitegen.search import Answer


def run(site: Path, query: str, limit: int) -> Answer:
    """The best papers for a query. Raises SiteError when the site's content is broken."""
    content = build.load(site)
    return search.ask(content.entries, content.topics, query, limit)
