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
    folded = {slug: fold(title) for slug, title in titles.items()}
    words = {slug: frozenset(title.split()) for slug, title in folded.items()}
    holders: defaultdict[str, list[str]] = defaultdict(list)
    for slug in sorted(words):
        for beginning in _beginnings(words[slug]):
            holders[beginning].append(slug)
    pairs = set()
    for slug in sorted(set(fresh)):
        shared: Counter[str] = Counter()
        for beginning in _beginnings(words[slug]):
            if len(holders[beginning]) <= CROWD:
                shared.update(holders[beginning])
        mine, size = words[slug], len(words[slug])
        for other, number in shared.items():
            fewer, more = sorted((size, len(words[other])))
            half = 2 * number >= more
            if (not half and fewer < JACCARD * more) or other == slug or (other, slug) in pairs:
                continue
            if _share_words(mine, words[other]) or (half and _spelt_alike(folded[slug], folded[other])):
                pairs.add((slug, other))
    return sorted(pairs)


def _beginnings(words: Iterable[str]) -> set[str]:
    return {word[:BEGINNING] for word in words}


def _share_words(one: frozenset[str], other: frozenset[str]) -> bool:
    both = len(one & other)
    return both >= JACCARD * (len(one) + len(other) - both)


def _spelt_alike(one: str, other: str) -> bool:
    first, second = sorted((one, other))
    matcher = difflib.SequenceMatcher(None, first, second, autojunk=False)
    return matcher.real_quick_ratio() >= RATIO and matcher.quick_ratio() >= RATIO and matcher.ratio() >= RATIO
