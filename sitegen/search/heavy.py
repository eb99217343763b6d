"""Answers made in advance for beginnings of words that too many terms share: the first letters that a reader types."""

from __future__ import annotations

import bisect

from sitegen.arrays import offsets
from sitegen.search.index import Index
from sitegen.search.pipeline import order_key, utf16


def threshold(papers: int) -> int:
    """How many postings the terms of a beginning may have, together, before its answer is made in advance."""
    return 3_000 + papers // 4


def heavy(index: Index) -> list[str]:
    """The beginnings over the threshold, sorted. With a beginning, all its own beginnings are among them."""
    total = offsets(index.spread)
    limit, terms = threshold(index.papers), index.terms
    key = order_key(terms)
    found: list[str] = []
    todo = [(0, len(terms), 0)] if terms else []
    while todo:
        low, high, length = todo.pop()
        low += len(terms[low]) == length  # the beginning itself
        while low < high:
            longer = terms[low][: length + 1]
            if key:
                end = bisect.bisect_left(terms, utf16(longer) + b"\xff\xff\xff\xff", low, high, key=key)
            else:
                end = bisect.bisect_left(terms, longer + "\U0010ffff", low, high)
            if total[end] - total[low] > limit and end - low > 1:
                found.append(longer)
                todo.append((low, end, length + 1))
            low = end
    return sorted(found)
