"""Near-duplicates: titles so alike that a person should look, though their papers are not merged.

Candidates share the beginnings of half of their words; then shared words (Jaccard) or the edit distance decide.
"""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from sitegen.text import fold

JACCARD = 0.75
RATIO = 0.9
BEGINNING = 5
"""Letters of a word that spellings of it share."""
CROWD = 200
"""A beginning in more titles than this tells nothing."""


def near_duplicates(titles: Mapping[str, str], fresh: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of slugs whose titles are nearly the same, one of each pair `fresh`. `titles` maps slugs to titles."""
    tokens = {slug: fold(title).split() for slug, title in titles.items()}
    holders: defaultdict[str, list[str]] = defaultdict(list)
    for slug in sorted(tokens):
        for beginning in _beginnings(tokens[slug]):
            holders[beginning].append(slug)
    pairs = set()
    for slug in sorted(set(fresh)):
        shared: Counter[str] = Counter()
        for beginning in _beginnings(tokens[slug]):
            if len(holders[beginning]) <= CROWD:
                shared.update(holders[beginning])
        for other, number in shared.items():
            if other != slug and (other, slug) not in pairs and _alike(tokens[slug], tokens[other], number):
                pairs.add((slug, other))
    return sorted(pairs)


def _beginnings(words: Iterable[str]) -> set[str]:
    return {word[:BEGINNING] for word in words}


def _alike(one: list[str], other: list[str], beginnings: int) -> bool:
    either = len(set(one) | set(other))
    if len(set(one) & set(other)) >= JACCARD * either:
        return True
    if 2 * beginnings < max(len(set(one)), len(set(other))):
        return False
    first, second = sorted((" ".join(one), " ".join(other)))
    matcher = difflib.SequenceMatcher(None, first, second, autojunk=False)
    return matcher.real_quick_ratio() >= RATIO and matcher.quick_ratio() >= RATIO and matcher.ratio() >= RATIO
