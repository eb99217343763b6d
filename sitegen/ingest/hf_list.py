"""Hugging Face paper-list pages saved as plain text: page furniture, a list date, then title and abstract in turn.

A block is an abstract when it is long; what is short is a title, or furniture. A title is taken only with the abstract
that follows it: anything else short cannot be told from a line of the page, so it is reported and left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sitegen.errors import Problem, Where
from sitegen.ingest.found import Found, Reading, collect, make
from sitegen.model import Source
from sitegen.text import cut

FORMAT = "hf-list"
ABSTRACT_WORDS = 40
LONG_LINE = 280

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DATE = re.compile(rf"({'|'.join(_MONTHS)})[a-z]*\.? (\d{{1,2}})(?:,? (\d{{4}}))?", re.IGNORECASE)
_FURNITURE = re.compile(
    r"new|get trending papers in your email inbox!?|subscribe|(?:daily|trending) papers|by\s?ak\b.*|submitted by.*|"
    r"hugging ?face|models|datasets|spaces|buckets|docs|enterprise|pricing|log in|sign up|community|papers|"
    r"previous|next|daily|weekly|monthly|today|trending|view all|load more|search|system theme|company|tos|privacy|"
    r"about|careers|website|jobs|join|upvote|[\d.,]+k?|·|[-–—*_=]+|© .*|"
    r"abstract|view arxiv page|view pdf|github.*|arxiv.*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Block:
    line: int
    text: str

    @property
    def is_abstract(self) -> bool:
        return len(self.text) >= LONG_LINE or len(self.text.split()) >= ABSTRACT_WORDS


def read(text: str, file: str, date: str = "") -> Reading:
    """The papers of a saved list page. `date`: YYYY[-MM[-DD]] when the curator knows better than the page."""
    blocks = [_Block(n, line.strip()) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    reading = Reading()
    listed = _list_date(blocks, date)
    if not listed:
        hint = "say when it was saved: --date YYYY-MM-DD"
        reading.notes.append(Problem(Where(file), "the page shows no list date", hint, "warning"))
    blocks = [b for b in blocks if b.is_abstract or not (_FURNITURE.fullmatch(b.text) or _DATE.fullmatch(b.text))]
    if not any(block.is_abstract for block in blocks):
        message = "holds no paper that could be recognised"
        reading.notes.append(Problem(Where(file), message, "save a page that lists papers with their abstracts"))
        reading.unreadable = True
        return reading
    return collect(_entries(blocks, file, listed, reading), reading)


def _list_date(blocks: list[_Block], date: str) -> str:
    """The list date: the curator's, else the page's, with the curator's year where the page has none."""
    shown = next((match for block in blocks if (match := _DATE.fullmatch(block.text))), None)
    if shown is None or len(date) == len("YYYY-MM-DD"):
        return date
    month = _MONTHS.index(shown[1].lower()) + 1
    return f"{shown[3] or date[:4] or '-'}-{month:02}-{int(shown[2]):02}"


def chosen_date(date: str, shown: str) -> str:
    """The more exact of the curator's date and the one that a page shows; the curator's if they differ."""
    return shown if shown.startswith(date) else date


def _entries(blocks: list[_Block], file: str, date: str, reading: Reading) -> Iterator[Found | Problem]:
    """Pair each title with the abstract after it; say what stands alone."""
    title: _Block | None = None
    position = 0
    started = False
    for block in blocks:
        where = Where(file, block.line)
        if not block.is_abstract:
            if title and started:
                yield _lone(title, file)
            elif title:
                reading.notes.append(_furniture(title, file))
            title = block
        elif title:
            position, started = position + 1, True
            source = Source(file, FORMAT, date, position)
            yield make({"title": title.text, "abstract": block.text}, source, Where(file, title.line))
            title = None
        else:
            hint = "put its title in the line before, or join the parts of an abstract"
            yield Problem(where, f'an abstract without a title: "{cut(block.text, 60)}"', hint)
    if title:
        yield _lone(title, file)


def _lone(title: _Block, file: str) -> Problem:
    message = f'a title without an abstract (or a line of the page): "{cut(title.text, 80)}"'
    return Problem(
        Where(file, title.line), message, "add the abstract below it, or import the paper from another format"
    )


def _furniture(block: _Block, file: str) -> Problem:
    message = f'skipped as a line of the page: "{cut(block.text, 80)}"'
    return Problem(Where(file, block.line), message, "if it is a paper's title, add its abstract below it", "note")
