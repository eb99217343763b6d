"""Near-duplicates: titles so alike that a person should look, though their papers are not merged.

Candidates share one of a title's three rarest words; then the shared words (Jaccard) or the edit distance decide.
"""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from sitegen.text import fold

JACCARD = 0.75
RATIO = 0.9
RARE = 3
CROWD = 200
"""A word in more titles than this tells nothing."""


def near_duplicates(titles: Mapping[str, str], fresh: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of slugs whose titles are nearly the same, one of each pair `fresh`. `titles` maps slugs to titles."""
    tokens = {slug: fold(title).split() for slug, title in titles.items()}
    counts = Counter(word for words in tokens.values() for word in set(words))
    holders: defaultdict[str, list[str]] = defaultdict(list)
    for slug in sorted(tokens):
        for word in set(tokens[slug]):
            if 1 < counts[word] <= CROWD:
                holders[word].append(slug)
    pairs = set()
    for slug in fresh:
        rarest = sorted(set(tokens[slug]), key=lambda w: (counts[w], w))
        for word in [w for w in rarest if counts[w] > 1][:RARE]:
            for other in holders.get(word, ()):
                if other != slug and (other, slug) not in pairs and _alike(tokens[slug], tokens[other]):
                    pairs.add((slug, other))
    return sorted(pairs)


def _alike(one: list[str], other: list[str]) -> bool:
    shared, either = len(set(one) & set(other)), len(set(one) | set(other))
    if shared >= JACCARD * either:
        return True
    if 2 * shared < either:
        return False
    matcher = difflib.SequenceMatcher(None, " ".join(one), " ".join(other), autojunk=False)
    return matcher.real_quick_ratio() >= RATIO and matcher.quick_ratio() >= RATIO and matcher.ratio() >= RATIO
