"""Other words for what a paper says, found in the texts themselves and in the topics' aliases.

Compounds: a paper with `fine-tuning` or `fine tuning` also gets `finetuning`, and the other way round, if the two forms
are both in use, or the hyphen stands in a title or keyword. Acronyms: a paper that spells out what others abbreviate
gets the acronym, and the other way round; pairs come from `Direct Preference Optimization (DPO)`, from keywords and
from aliases. Abstracts gain the short forms only: they say much in passing.
Expanding the documents, not the query, keeps the index an ordinary one, and a query costs nothing more.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sitegen.arrays import Array, distinct, np, runs
from sitegen.search.pipeline import STOP_WORDS, words, words_of
from sitegen.search.streams import Stream, Vocabulary

_ACRONYM = re.compile(r"\(([A-Z][A-Za-z]{0,4}[A-Z][A-Za-z]{0,4})s?\)")
_CAPITALS = re.compile(r"[A-Z](?<!\w.)[A-Za-z]{0,2}[A-Z]{1,2}s?\b")
_SEPARATORS = ": ", "; ", "? ", "! "
"""What separates names, besides a comma."""
_SHORT_WORDS = frozenset("a an and by for from in of on or the to via with".split())
MOST = 5
"""How often a word is added at the most."""
SIEVE = 1 << 18
"""Places in a table that tells most keys that are not looked for from those that are."""


class _Table:
    """What is looked for by its key, the number of a word or those of two, and what it adds."""

    def __init__(self, keys: Sequence[int], added: Sequence[int]) -> None:
        self.added = np.array(added, np.int64)
        numbers = np.array(keys, np.int64)
        self.rows = np.argsort(numbers, kind="stable")
        self.keys = numbers[self.rows]
        self.sieve = np.zeros(SIEVE, bool)
        self.sieve[_sieved(numbers)] = True

    def find(self, keys: Array) -> tuple[Array, Array]:
        """Where in a text known keys stand, ascending, and their rows."""
        at = np.flatnonzero(self.sieve[_sieved(keys)])
        low = np.searchsorted(self.keys, keys[at])
        counts = np.searchsorted(self.keys, keys[at], "right") - low
        return np.repeat(at, counts), self.rows[runs(low, counts)]


def _sieved(keys: Array) -> Array:
    places: Array = (keys + (keys >> 32) * 40_503) & (SIEVE - 1)
    return places


def expansions(
    raw: Iterable[str],
    short: Sequence[str],
    named: Sequence[Sequence[str]],
    streams: Mapping[str, Stream],
    vocabulary: Vocabulary,
) -> Stream:
    """The words to add to each paper. `raw`: texts with their capitals; `short`: titles and keywords with theirs;
    `named`: groups of names for one thing; `streams`: the fields to look in, with their hyphens."""
    names = Vocabulary()
    sequences: list[list[int]] = []
    singles: list[int] = []
    by_sequence: list[int] = []
    by_single: list[int] = []
    for (first, second), whole in _compounds(streams, vocabulary).items():
        sequences.append([vocabulary[first], vocabulary[second]])
        by_sequence.append(names[whole])
        singles += [vocabulary[whole]] * 2
        by_single += [names[first], names[second]]
    for acronym, phrase in _acronyms(raw, named, short).items():
        for end in _numbers_of(phrase[-1], vocabulary):
            sequences.append([*[vocabulary[word] for word in phrase[:-1]], end])
            by_sequence.append(names[acronym])
        content = [names[word] for word in phrase if word not in STOP_WORDS]
        for form in (acronym, acronym + "s"):
            if form in vocabulary:
                singles += [vocabulary[form]] * len(content)
                by_single += content
    pairs = _Table([first << 32 | second for first, second, *_ in sequences], by_sequence)
    alone = _Table(singles, by_single)
    later = [*itertools.zip_longest(*sequences, fillvalue=-1)][2:]
    begins = np.zeros(len(vocabulary), bool)
    begins[[sequence[0] for sequence in sequences]] = True
    found = [(0, np.zeros(0, np.int64), np.zeros(0, np.int64))]
    for field, stream in streams.items():
        worth = 3 if field == "title" else 1
        found.append((worth, *_sequences(stream, begins, pairs, np.array(later, np.int64))))
        if field != "abstract":
            at, rows = alone.find(stream.ids)
            found.append((worth, stream.papers[at], alone.added[rows]))
    return _added(found, names, vocabulary)


def _sequences(stream: Stream, begins: Array, pairs: _Table, later: Array) -> tuple[Array, Array]:
    """The papers that sequences of words stand in, and what these add. `begins`: by word, whether a sequence begins so;
    `later`: their third words, then the fourth and so on, -1 where a sequence has ended."""
    ids, papers = stream.ids, stream.papers
    first = np.flatnonzero(begins[ids[:-1]] & (papers[1:] == papers[:-1]))
    known, rows = pairs.find(ids[first].astype(np.int64) << 32 | ids[first + 1])
    at = first[known]
    ids, owners = np.append(ids, np.full(len(later), -2)), np.append(papers, np.full(len(later), -1))
    for place, follows in enumerate(later, 2):
        here = (follows[rows] == ids[at + place]) & (owners[at + place] == owners[at])
        fits = (follows[rows] < 0) | here
        at, rows = at[fits], rows[fits]
    return papers[at], pairs.added[rows]


def _added(found: Sequence[tuple[int, Array, Array]], names: Vocabulary, vocabulary: Vocabulary) -> Stream:
    """The words found, paper after paper, each as often as it is worth. `found`: worth, papers, words by `names`."""
    size = max(1, len(names))
    keys = np.concatenate([papers.astype(np.int64) * size + words for _, papers, words in found])
    worth = np.concatenate([np.full(len(papers), worth) for worth, papers, _ in found])
    keys, first, place = np.unique(keys, return_index=True, return_inverse=True)
    counts = np.minimum(np.bincount(place, worth), MOST).astype(np.int64)
    order = np.lexsort((first, keys // size))
    words, counts = keys[order] % size, counts[order]
    known = [*names]
    numbers = np.zeros(size, np.int32)
    for word in distinct(words).tolist():
        numbers[word] = vocabulary[known[word]]
    return Stream(np.repeat(numbers[words], counts), np.repeat(keys[order] // size, counts))


def _numbers_of(word: str, vocabulary: Vocabulary) -> list[int]:
    """The word's number, and that of its plural or singular if it is in use."""
    other = word.removesuffix("s") if word.endswith("s") else word + "s"
    return [vocabulary[word], *([vocabulary[other]] if other in vocabulary else [])]


def _compounds(streams: Mapping[str, Stream], vocabulary: Vocabulary) -> dict[tuple[str, str], str]:
    """Pairs of words that are also written as one: a longer word that is in use, if not in a title or keyword."""
    joined: dict[tuple[str, str], str] = {}
    words = [*vocabulary]
    for field, stream in streams.items():
        anyhow = field in ("title", "keywords")
        found = []
        for pair in [] if stream.hyphens is None else stream.hyphens.tolist():
            a, b = words[pair >> 32], words[pair & 0xFFFFFFFF]
            whole = a + b
            if len(whole) > 3 and (anyhow or whole in vocabulary) and a not in STOP_WORDS and b not in STOP_WORDS:
                found.append(((a, b), whole))
        joined.update(sorted(found))
    return joined


def _acronyms(raw: Iterable[str], named: Sequence[Sequence[str]], short: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Acronym -> the words that it stands for: the most frequent reading, in doubt the first. `short`: titles and
    keywords; a phrase there is one reading of the capitals that are used elsewhere in them."""
    readings: defaultdict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    found = [
        (match[1].lower(), text[max(0, match.start() - 120) : match.start()])
        for text in raw
        for match in _ACRONYM.finditer(text)
    ]
    for (acronym, _), before in zip(found, words_of([before for _, before in found]), strict=True):
        if phrase := _spelt(acronym, before):
            readings[acronym][phrase] += 1
    for names in named:
        aliases = {
            name.removesuffix("s").lower() for name in names if name.isalpha() and sum(map(str.isupper, name)) > 1
        }
        for phrase in dict.fromkeys(tuple(words(name)) for name in names) if aliases else ():
            for alias in aliases:
                if phrase == _spelt(alias, list(phrase)):
                    readings[alias][phrase] += 1000  # the curator's own word
    whole = ", ".join(short)
    for sign in _SEPARATORS:
        whole = whole.replace(sign, ", ")
    counts = Counter(whole.split(", "))
    used = {form.removesuffix("s").lower() for form in _CAPITALS.findall(", ".join(counts))}
    long = [name for name in counts if name.count(" ") + name.count("-") > 1]
    for name, phrase in zip(long, map(tuple, words_of(long)), strict=True):
        count = counts[name]
        if 2 < len(phrase) < 8:
            both = {_initials(phrase)}
            if not _SHORT_WORDS.isdisjoint(phrase):
                both.add(_initials([word for word in phrase if word not in _SHORT_WORDS]))
            for initials in both & used:
                readings[initials][phrase] += count
    return {acronym: found.most_common(1)[0][0] for acronym, found in sorted(readings.items())}


def _initials(phrase: Sequence[str]) -> str:
    return "".join([word[0] for word in phrase]) if len(phrase) > 2 else ""


def _spelt(acronym: str, before: list[str]) -> tuple[str, ...]:
    """The last words, if their initials are the acronym; short words may be passed over."""
    taken: list[str] = []
    rest = acronym
    for word in reversed(before):
        if word[0] == rest[-1]:
            rest = rest[:-1]
        elif word not in _SHORT_WORDS:
            return ()
        taken.append(word)
        if not rest:
            return tuple(reversed(taken)) if len(taken) > 1 else ()
    return ()
