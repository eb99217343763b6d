"""Answers made in advance for beginnings of words that too many terms share: the first letters that a reader types."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sitegen.search.index import Index


def threshold(papers: int) -> int:
    """How many postings the terms of a beginning may have, together, before its answer is made in advance."""
    return 3_000 + papers // 4


def heavy(index: Index) -> list[str]:
    """The beginnings over the threshold, sorted. With a beginning, all its own beginnings are among them."""
    total = np.concatenate(([0], np.cumsum(index.spread)))
    limit, terms = threshold(index.papers), index.terms
    found: list[str] = []
    todo = [(0, len(terms), 0)] if terms else []
    while todo:
        low, high, length = todo.pop()
        low += len(terms[low]) == length  # the beginning itself
        firsts = [term[length] for term in terms[low:high]]
        groups = [at for at, (char, last) in enumerate(zip(firsts, ["", *firsts], strict=False), low) if char != last]
        for a, z in pairwise([*groups, high]):
            if total[z] - total[a] > limit and z - a > 1:
                found.append(terms[a][: length + 1])
                todo.append((a, z, length + 1))
    return sorted(found)
