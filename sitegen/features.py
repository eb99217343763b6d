"""What a text is about, as counted words and word pairs: the ground of placement and of related papers."""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter
from collections.abc import Iterable

from sitegen.model import Entry, Topic
from sitegen.text import unaccent

_WORD = re.compile(r"[^\W_]+")
STOP_WORDS = frozenset(
    "a about above across after again against all also although am among an and any are as at be because been"
    " before being below between beyond both but by can cannot could did do does doing down due during e each"
    " either et etc even every few for from further g had has have having he her here how however i ie if in into"
    " is it its itself just like may me might more most much must my no nor not of off often on once one only or"
    " other our ours out over own per rather s same several she should since so some such t than that the their"
    " them themselves then there these they this those though through thus to together too two under until up upon"
    " us use used uses using various very via was we well were what when where whether which while who whom whose"
    " why will with within without would yet you your".split()
)
_ENDINGS = ("ations", "ation", "ings", "ing", "ies", "ers", "ed", "es", "er", "s", "e", "y")


@functools.lru_cache(maxsize=500_000)
def stem(word: str) -> str:
    """A rough stem, empty for stop words and bare numbers. Rougher than the search's: near misses only help here."""
    return "" if word in STOP_WORDS or word.isdigit() else _cut(word)


def _cut(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def stems(text: str) -> list[str]:
    """The stems of a text's words in order, empty ones where a stop word or number stood."""
    plain = text if text.isascii() else unaccent(text)
    return list(map(stem, _WORD.findall(plain.lower())))


def words_and_pairs(text: str) -> list[str]:
    """The stems of a text, and its pairs of neighbouring stems as `one two`."""
    found = stems(text)
    pairs = [f"{a} {b}" for a, b in itertools.pairwise(found) if a and b]
    return [word for word in found if word] + pairs


def count(weighted: Iterable[tuple[str, float]]) -> Counter[str]:
    """The weighted counts of words and pairs in texts."""
    counts: Counter[str] = Counter()
    for text, weight in weighted:
        if weight == 1:
            counts.update(words_and_pairs(text))  # the long texts, and many times as fast
        else:
            for feature in words_and_pairs(text):
                counts[feature] += weight  # type: ignore[assignment]
    return counts


def _texts(entry: Entry) -> tuple[tuple[str, float], ...]:
    """The texts of a paper with their weights: title and keywords count for more than running text."""
    keywords = " . ".join((*entry.words.keywords, *entry.paper.keywords))
    words = entry.words
    return (entry.paper.title, 3), (keywords, 2), (words.tldr, 1), (words.summary, 1), (entry.abstract, 1)


def whole_text(entry: Entry) -> str:
    """All that is said of a paper."""
    return " . ".join(text for text, _ in _texts(entry))


def phrase(text: str) -> str:
    """The text as rough stems between single spaces, stop words kept, so that one phrase can be found in another."""
    return f" {' '.join(map(_cut, _WORD.findall(unaccent(text).lower())))} "


def of_entry(entry: Entry) -> Counter[str]:
    """What a paper is about."""
    return count(_texts(entry))


class Spelling:
    """The words of a paper as they stand in it first, by stem. Looked for when asked: few of a paper's words are."""

    def __init__(self, entry: Entry) -> None:
        text = whole_text(entry)
        self._text = (text if text.isascii() else unaccent(text)).lower()

    def of(self, part: str) -> str:
        """The first word with this stem; the stem itself when there is none."""
        at = self._text.find(part)
        while at >= 0:
            word = _WORD.match(self._text, at)
            if word and stem(word[0]) == part and not (at and _WORD.match(self._text, at - 1)):
                return word[0]
            at = self._text.find(part, at + 1)
        return part


def spelt(feature: str, spelling: Spelling) -> str:
    """A word or pair as a reader would write it."""
    return " ".join(map(spelling.of, feature.split()))


def of_topic(topic: Topic) -> Counter[str]:
    """What a topic is about, in the curator's words: name, aliases, scope and weighted terms."""
    terms = ((term, 2 * strength) for term, strength in topic.terms)
    return count(((topic.name, 3), (" . ".join(topic.aliases), 2), (topic.scope, 1), *terms))
