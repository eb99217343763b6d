"""Markdown lists of links ("awesome" lists): items, table rows or paragraphs with a title, links and some words."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from sitegen.errors import Problem, Where
from sitegen.ingest.found import Found, Reading, collect
from sitegen.ingest.links import FEWEST_WORDS, Link, is_generic, is_id, paper
from sitegen.model import Source
from sitegen.text import cut, visible
from sitegen.urls import is_web_link

FORMAT = "markdown"
IN_LIST = 3
"""The level of the text of an item in a list that stands in no other."""

_MARKS = re.compile(r"^\s{0,8}(?:(?:[-*+]|\d{1,4}[.)])\s|\||#{1,6}\s).*\]\(\s*<?https?://", re.MULTILINE)
_ROW = re.compile(r"^\s*[-*+]?\s*\[[^\]]+\]\(\s*<?https?://", re.MULTILINE)
_EDGES = " \t\"“”'‘’*_.,:;|()[]–—-•"
_URL = re.compile(r"https?://[^\s<>()\[\]|]+")
_TAG = re.compile(r"[\W\d_]*(?:[A-Za-z.&/+-]+(?: [A-Za-z.&/+-]+)?)?[\s'’_-]*(?:(?:19|20)\d\d|'?\d\d)?[\W_]*")
"""`[ICLR 2024]`, `NeurIPS'23`, `2024/03`: where and when, no title."""
_LEADING_TAGS = re.compile(r"^(?:[\s*_]*[(\[【{][^()\[\]]{1,40}[)\]】}][\s*_:|–-]*)+")
_QUOTED = re.compile(r"^[\"“‘']([^\"“”]{8,300})[\"”]")
_PEOPLE = re.compile(r",?\s+(?:[A-Z][\w.-]*\s+){0,3}et al\b.*$|\s\|\s.*$|(?<=\w{3})\. .*$")
"""What may follow a title in a line: `, A. Low et al.`, `| ...`, `. Low, A.`"""


@dataclass
class _Item:
    """One item of a list, row of a table, or paragraph."""

    line: int
    level: int = 0
    """How deep it stands; a list in a list is deeper."""
    links: list[Link] = field(default_factory=list)
    bold: list[str] = field(default_factory=list)
    before: str = ""
    """Text before the first link, or before what is slanted after it."""
    after: str = ""

    @property
    def title(self) -> str:
        """The best of what may be the title, when no link says it: a whole title before a mere name."""
        texts = [text for text in map(_title, (*self.bold, self.before)) if text]
        return next((text for text in texts if len(text.split()) >= FEWEST_WORDS), next(iter(texts), ""))


def fits(text: str) -> bool:
    """Whether a text holds Markdown items with links."""
    return bool(_MARKS.search(text) or _ROW.search(text))


def read(text: str, file: str) -> Reading:
    """The papers of a Markdown list."""
    reading = Reading()
    source = Source(file, FORMAT)

    def papers() -> Iterator[Found | Problem]:
        parser = MarkdownIt("commonmark", {"maxNesting": 40}).enable("table")
        for item in itertools.chain.from_iterable(map(_single, _joined(_items(parser.parse(text))))):
            if not any(is_web_link(link.href) for link in item.links):
                continue
            where = Where(file, item.line)
            found = paper(item.links, item.title, _blurb(item), source, where)
            if found is not None:
                yield found
            elif not all(is_generic(link.label) for link in item.links):
                label = cut(item.links[0].label, 60)
                hint = "if it is a paper, link its arXiv id or DOI, or its page at a publisher"
                reading.notes.append(Problem(where, f'left out "{label}": its links lead to no paper', hint, "note"))

    return collect(papers(), reading)


def _title(text: str) -> str:
    """A title in a line of text; nothing when the text is a tag or a word such as `paper`."""
    bare = _LEADING_TAGS.sub("", visible(text).strip())
    if quoted := _QUOTED.match(bare):
        return quoted[1].strip(_EDGES)
    bare = _PEOPLE.sub("", bare).strip(_EDGES)
    return "" if is_generic(bare) or (_TAG.fullmatch(bare) and re.search(r"\d", bare)) else bare


def _blurb(item: _Item) -> str:
    """What the list says about a paper, when it is more than a word."""
    text = visible(item.after).strip(_EDGES)
    return text if len(text.split()) >= FEWEST_WORDS else ""


def _items(tokens: list[Token]) -> Iterator[_Item]:
    """The items of a document in order. Cells of one row are one item."""
    row: _Item | None = None
    for token in tokens:
        line = 1 + (token.map or [0])[0]
        if token.type == "tr_open":
            row = _Item(line)
        elif token.type == "tr_close" and row:
            yield row
            row = None
        elif token.type == "inline":
            item = _Item(line, token.level)
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
    linked = strong = slanted = False
    for token in tokens:
        text = " " if token.type.endswith("break") else token.content if token.type in ("text", "code_inline") else ""
        if token.type == "link_open":
            href, label, linked = str(token.attrs.get("href", "")), "", True
        elif token.type == "link_close":
            item.links.append(Link(visible(label), href))
            linked = False
        elif token.type in ("strong_open", "strong_close"):
            strong = token.type == "strong_open"
            item.bold += [bold] if not strong and bold.strip() else []
            bold = ""
        elif token.type == "em_open" and len(item.before.split()) >= FEWEST_WORDS:
            slanted = True
        label += text if linked else ""
        bold += text if strong else ""
        if not linked:
            item.links += [Link("", address) for address in _URL.findall(text)]
            text = _URL.sub(" ", text)
        if not linked and not strong and not item.links and not slanted:
            item.before += text
        elif not linked and not strong:
            item.after += text


def _joined(items: Iterator[_Item]) -> Iterator[_Item]:
    """Items whose title stands alone, joined with the `[paper] [code]` in the list below them."""
    last: _Item | None = None
    for item in items:
        nameless = not item.bold and len(item.before.split()) < FEWEST_WORDS
        if last and not last.links and last.level < item.level and last.level >= IN_LIST and nameless and item.links:
            item.bold, item.line = [*last.bold, last.before], last.line
            last = None
        if last:
            yield last
        last = item
    if last:
        yield last


def _single(item: _Item) -> Iterator[_Item]:
    """An item for each paper: links with titles of their own and different ids are different papers."""
    heads = [n for n, link in enumerate(item.links) if is_id(link.href) and not is_generic(link.label)]
    if len({item.links[n].href for n in heads}) < 2:
        yield item
        return
    for start, end in itertools.pairwise([*heads, len(item.links)]):
        yield _Item(item.line, item.level, item.links[start:end])
