"""Papers as entries of a list."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sitegen import urls
from sitegen.cite import Work
from sitegen.cite.coins import coins
from sitegen.model import Entry, Topic
from sitegen.pages.paper import outlinks
from sitegen.tex import cut_around_maths
from sitegen.text import fold
from sitegen.views import Anchor, Part, Row
from sitegen.words import Words

LONG_TEXT = 240
PER_PAGE = 50
FEW_PARTS = 12


_fold = functools.lru_cache(maxsize=200_000)(fold)


def in_order(entries: Iterable[Entry], pins: bool = True) -> list[Entry]:
    """Reading order: pinned papers first, then the newest, then by title. Papers without a date come last."""
    by_title = sorted(entries, key=lambda e: (_fold(e.paper.title), e.slug))
    newest = sorted(by_title, key=lambda e: e.paper.published, reverse=True)
    return sorted(newest, key=is_pinned, reverse=True) if pins else newest


def is_pinned(entry: Entry) -> bool:
    return bool(entry.override and entry.override.pin)


def row(entry: Entry, topics: Mapping[str, Topic], words: Words, work: Work | None) -> Row:
    """A paper as a row: what a reader needs to decide whether to open it. `work`: for a reference manager to find."""
    paper = entry.paper
    first = topics[entry.topics[0]] if entry.topics else None
    return Row(
        paper.slug,
        urls.paper(paper.slug)[1:],
        paper.title,
        words.some_names(paper.authors),
        paper.published,
        paper.venue,
        entry.words.tldr or cut_around_maths(entry.words.summary, LONG_TEXT),
        Anchor(first.name, urls.topic(first.slug)[1:]) if first else None,
        next(filter(urls.is_web_link, paper.code_urls), ""),
        is_pinned(entry),
        coins(work) if work else "",
        next((link for link in outlinks(paper, words) if link.kind in ("arxiv", "doi", "page", "pdf")), None),
    )


def parts(base: str, slugs: Sequence[str]) -> Iterator[tuple[str, Sequence[str], Part]]:
    """A long list in pages of at most 50 papers: permalink, papers and place of each."""
    total = max(1, -(-len(slugs) // PER_PAGE))
    addresses = [base, *(f"{base}page/{n}/" for n in range(2, total + 1))]
    for number, address in enumerate(addresses, 1):
        anchors = tuple(Anchor(str(n), addresses[n - 1][1:]) for n in _near(number, total))
        yield address, slugs[(number - 1) * PER_PAGE : number * PER_PAGE], Part(number, total, anchors)


def _near(number: int, total: int) -> list[int]:
    """The parts that one leads to: all of them, if these are few; else as many as can be read, farther and farther
    apart, so that every part is reached in a few steps."""
    if total <= FEW_PARTS:
        return list(range(1, total + 1))
    steps = [0, 1, 2, *(5 << doubled for doubled in range(total.bit_length()))]
    found = {1, total, *(number + step for step in steps), *(number - step for step in steps)}
    return sorted(n for n in found if 1 <= n <= total)
