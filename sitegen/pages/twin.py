"""The Markdown of each page: front matter, headings, lists. It reads well in a terminal and in a repository."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from sitegen import urls
from sitegen.markdown import quote, quote_name
from sitegen.views import (
    Anchor,
    AuthorsView,
    AuthorView,
    GroupView,
    HomeView,
    IndexView,
    ListView,
    PaperView,
    ReportView,
    Row,
    TopicsView,
    TopicView,
)
from sitegen.words import Words

_json = json.JSONEncoder(ensure_ascii=False).encode


def _front(**fields: object) -> str:
    """Front matter. JSON values are YAML values, and quote whatever needs it."""
    lines = [f"{key}: {_json(value)}" for key, value in fields.items() if value]
    return "\n".join(["---", *lines, "---", ""])


def _link(name: str, path: str, base: str) -> str:
    return f"[{quote_name(name)}]({urls.relative('/' + path, base)})"


def _anchors(anchors: Iterable[Anchor], base: str) -> list[str]:
    return [f"- {_link(a.name, a.path, base)}{f' ({a.count})' if a.count else ''}" for a in anchors]


def _row(row: Row, base: str) -> str:
    facts = " · ".join(filter(None, [quote_name(row.authors), quote_name(row.venue) or row.published[:4]]))
    lines = [f"- **{_link(row.title, row.path, base)}**", facts, quote_name(row.tldr)]
    return "  \n  ".join(line for line in lines if line)


def _rows(rows: Sequence[Row], base: str, words: Words) -> list[str]:
    return [_row(row, base) for row in rows] or [words.no_papers_here]


def _group(group: GroupView, base: str) -> list[str]:
    shelves = [f"- {_link(s.name, s.path, base)} ({s.count}): {quote(s.scope)}".rstrip(": ") for s in group.shelves]
    return [f"## {quote(group.name)}", "", *shelves, ""]


_ROOTED = re.compile(r"(\]\(\s*<?|^ {0,3}\[[^\]\n]+\]:\s*<?)/(?!/)", re.MULTILINE)


def prose(text: str, base: str) -> str:
    """The curator's Markdown with links rooted at the site made relative to the page."""
    return _ROOTED.sub(lambda match: match[1] + urls.root(base), text)


def _page(front: str, *blocks: str) -> str:
    return front + "\n" + "\n".join(blocks).rstrip() + "\n"


def home(title: str, description: str, view: HomeView, words: Words) -> str:
    groups = [line for group in view.groups for line in _group(group, "/")]
    newest = [f"## {words.newest_papers}", "", *_rows(view.newest, "/", words)]
    return _page(_front(title=title), f"# {quote(title)}", "", quote(description), "", *groups, *newest)


def topics(view: TopicsView, words: Words) -> str:
    blocks = [line for group in view.groups for line in _group(group, urls.TOPICS)]
    return _page(_front(title=str(words.topics)), f"# {words.topics}", "", *blocks)


def topic(view: TopicView, base: str, words: Words) -> str:
    front = _front(title=view.name, group=view.group, papers=view.count)
    blocks = [f"# {quote(view.name)}", "", quote(view.scope), ""]
    if view.note:
        blocks += [prose(view.note, base), ""]
    if view.start:
        blocks += [f"## {words.start_here}", "", *_rows(view.start, base, words), ""]
    blocks += [f"## {words.papers_heading}", "", *_rows(view.rows, base, words), ""]
    if view.also:
        blocks += [f"## {words.also_on_topic}", "", *_rows(view.also, base, words), ""]
    if view.part.total > 1:
        blocks += [f"## {words.parts}", "", *_anchors(view.part.pages, base), ""]
    if view.related:
        blocks += [f"## {words.related_topics}", "", *_anchors(view.related, base)]
    return _page(front, *blocks)


def paper(view: PaperView, base: str, words: Words) -> str:
    front = _front(
        title=view.title,
        authors=[author.name for author in view.authors],
        published=view.published,
        venue=view.venue,
        links=[link.url for link in view.links],
        keywords=view.keywords,
    )
    blocks = [f"# {quote(view.title)}", ""]
    facts = " · ".join(
        filter(None, [quote(", ".join(author.name for author in view.authors)), quote(view.venue), view.published])
    )
    blocks += [facts, ""] if facts else []
    blocks += [words.also_titled(titles=quote("; ".join(view.also_titled))), ""] if view.also_titled else []
    blocks += [f"> {quote(view.tldr)}", ""] if view.tldr else []
    blocks += [quote(view.note), ""] if view.note else []
    for heading, text in ((words.summary, view.summary), (words.abstract, view.abstract)):
        blocks += [f"## {heading}", "", quote(text), ""] if text else []
    if view.topics:
        reasons = [f"- {_link(r.name, r.path, base)}{': ' + quote(r.why) if r.why else ''}" for r in view.topics]
        blocks += [f"## {words.topics}", "", *reasons, ""]
    if view.related:
        near = [f"- {_link(r.name, r.path, base)} ({quote(', '.join(r.because))})" for r in view.related]
        blocks += [f"## {words.related_papers}", "", *near, ""]
    if view.links:
        blocks += [f"## {words.links}", "", *(f"- [{quote(link.name)}](<{link.url}>)" for link in view.links)]
    return _page(front, *blocks)


def papers(view: ListView, base: str, words: Words) -> str:
    blocks = [f"# {quote(view.heading)}", "", quote(view.intro), "", *_rows(view.rows, base, words)]
    if view.part.total > 1:
        blocks += ["", f"## {words.parts}", "", *_anchors(view.part.pages, base)]
    return _page(_front(title=view.heading), *blocks)


def report(view: ReportView, base: str) -> str:
    blocks = [f"# {quote(view.heading)}", "", quote(view.intro), ""]
    for table in view.tables:
        blocks += [f"## {quote(table.title)}", "", _cells(table.head), _cells(["---"] * len(table.head))]
        for n, row in enumerate(table.rows):
            first = _link(row[0], table.paths[n], base) if table.paths and table.paths[n] else quote(row[0])
            blocks.append(_cells([first, *map(quote, row[1:])]))
        blocks.append("")
    return _page(_front(title=view.heading), *blocks)


def _cells(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def index(view: IndexView, base: str) -> str:
    return _page(
        _front(title=view.heading), f"# {quote(view.heading)}", "", quote(view.intro), "", *_anchors(view.anchors, base)
    )


def authors(view: AuthorsView, base: str) -> str:
    blocks = [f"# {quote(view.heading)}", "", *([quote(view.intro), ""] if view.intro else [])]
    blocks += [*_anchors(view.shelves, base), ""] if view.shelves else []
    for person in view.people:
        name = _link(person.name, person.path, base) if person.path else quote(person.name)
        papers = "; ".join(_link(paper.name, paper.path, base) for paper in person.papers) or f"({person.count})"
        blocks.append(f"- {name}{': ' if person.papers else ' '}{papers}")
    return _page(_front(title=view.heading), *blocks)


def author(view: AuthorView, base: str, words: Words) -> str:
    blocks = [f"# {quote(view.name)}", ""]
    blocks += [words.also_written(names=quote("; ".join(view.also))), ""] if view.also else []
    blocks += _rows(view.rows, base, words)
    if view.part.total > 1:
        blocks += ["", f"## {words.parts}", "", *_anchors(view.part.pages, base)]
    if view.together:
        blocks += ["", f"## {words.writes_with}", "", *_anchors(view.together, base)]
    return _page(_front(title=view.name), *blocks)
