"""Markdown lists of links ("awesome" lists): items, table rows or paragraphs with a title, links and some words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from sitegen.errors import Problem, Where
from sitegen.ingest.found import Found, Reading, collect
from sitegen.ingest.links import Link, is_generic, is_paper, paper
from sitegen.model import Source
from sitegen.text import cut, visible
from sitegen.urls import is_web_link

FORMAT = "markdown"

_MARKS = re.compile(r"^\s{0,8}(?:(?:[-*+]|\d{1,4}[.)])\s|\||#{1,6}\s).*\]\(\s*<?https?://", re.MULTILINE)
_ROW = re.compile(r"^\s*[-*+]?\s*\[[^\]]+\]\(\s*<?https?://", re.MULTILINE)
_EDGES = " \t\"“”'‘’*_.,:;|()[]–—-•"


@dataclass
class _Item:
    """One item of a list, row of a table, or paragraph."""

    line: int
    links: list[Link] = field(default_factory=list)
    bold: list[str] = field(default_factory=list)
    before: str = ""
    """Text before the first link."""
    after: str = ""


def fits(text: str) -> bool:
    """Whether a text holds Markdown items with links."""
    return bool(_MARKS.search(text) or _ROW.search(text))


def read(text: str, file: str) -> Reading:
    """The papers of a Markdown list."""
    reading = Reading()

    def papers() -> Iterator[Found | Problem]:
        for item in _joined(_items(MarkdownIt("commonmark", {"maxNesting": 40}).enable("table").parse(text))):
            if not any(is_web_link(link.href) for link in item.links):
                continue
            where = Where(file, item.line)
            words = next((text for text in (*item.bold, item.before) if not is_generic(text)), "")
            found = paper(item.links, words, _blurb(item), Source(file, FORMAT), where)
            if found is not None:
                yield found
            elif not all(is_generic(link.label) for link in item.links):
                label = cut(item.links[0].label, 60)
                hint = "if it is a paper, link its arXiv id or DOI, or its page at a publisher"
                reading.notes.append(Problem(where, f'left out "{label}": its links lead to no paper', hint, "note"))

    return collect(papers(), reading)


def _blurb(item: _Item) -> str:
    """What the list says about a paper, when it is more than a word."""
    text = visible(item.after).strip(_EDGES)
    return text if len(text.split()) >= 3 else ""


def _items(tokens: list[Token]) -> Iterator[_Item]:
    """The items of a document in order. Cells of one row are one item."""
    row: _Item | None = None
    for token in tokens:
        if token.type == "tr_open":
            row = _Item(1 + (token.map or [0])[0])
        elif token.type == "tr_close" and row:
            yield row
            row = None
        elif token.type == "inline":
            item = _Item(1 + (token.map or [0])[0])
            _fill(item, token.children or [])
            if row is None:
                yield item
            else:
                row.links += item.links
                row.bold += item.bold
                row.before = max(row.before, item.before, key=len)


def _fill(item: _Item, tokens: list[Token]) -> None:
    """Add what an inline text holds to an item."""
    href, label, bold = "", "", ""
    depth = strong = 0
    for token in tokens:
        text = (
            token.content if token.type in ("text", "code_inline") else " " * (token.type in ("softbreak", "hardbreak"))
        )
        if token.type == "link_open":
            href, label, depth = str(token.attrs.get("href", "")), "", depth + 1
        elif token.type == "link_close":
            item.links.append(Link(visible(label), href))
            depth -= 1
        elif token.type in ("strong_open", "strong_close"):
            strong += 1 if token.type == "strong_open" else -1
            if not strong and bold.strip(_EDGES):
                item.bold.append(bold.strip(_EDGES))
            bold = "" if not strong else bold
        label += text if depth else ""
        bold += text if strong else ""
        if not depth and not strong:
            if item.links:
                item.after += text
            else:
                item.before += text
    item.before = item.before.strip(_EDGES)


def _joined(items: Iterator[_Item]) -> Iterator[_Item]:
    """Items whose title stands alone, joined with the next line's `[paper] [code]`."""
    last: _Item | None = None
    for item in items:
        bare = item.links and all(is_generic(link.label) for link in item.links) and not item.bold
        if (
            last
            and not last.links
            and bare
            and len(item.before.split()) < 3
            and any(is_paper(k.href) for k in item.links)
        ):
            item.bold, item.line = [*last.bold, last.before], last.line
            last = None
        if last:
            yield last
        last = item
    if last:
        yield last
