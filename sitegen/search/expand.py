"""Other words for what a paper says, found in the texts themselves and in the topics' aliases.

Compounds: a paper with `fine-tuning` or `fine tuning` also gets `finetuning`, and the other way round, if the two forms
are both in use, or the hyphen stands in a title or keyword. Acronyms: a paper that spells out what others abbreviate
gets the acronym, and the other way round; pairs come from `Direct Preference Optimization (DPO)`, from keywords and
from aliases. Abstracts gain the short forms only: they say much in passing.
Expanding the documents, not the query, keeps the index an ordinary one, and a query costs nothing more.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from sitegen.search.pipeline import STOP_WORDS, words
from sitegen.search.streams import Array, Stream, Vocabulary

_ACRONYM = re.compile(r"\(([A-Z][A-Za-z]{0,4}[A-Z][A-Za-z]{0,4})s?\)")
_CAPITALS = re.compile(r"\b[A-Z][A-Za-z]{0,2}[A-Z]{1,2}s?\b")
_SEPARATORS = re.compile(r"[,:;?!]\s+")
_SHORT_WORDS = frozenset("a an and by for from in of on or the to via with".split())
MOST = 5
"""How often a word is added at the most."""
SIEVE = 1 << 20
Pair = tuple[int, int]


def expansions(
    raw: Iterable[str],
    short: Sequence[str],
    named: Sequence[Sequence[str]],
    streams: Mapping[str, Stream],
    vocabulary: Vocabulary,
    papers: int,
) -> list[str]:
    """For each paper, words to add. `raw`: texts with their capitals; `short`: titles and keywords with theirs;
    `named`: groups of names for one thing; `streams`: the fields to look in, with their hyphens."""
    joined = _compounds(streams, vocabulary)
    pairs = _acronyms(raw, named, short)
    found: list[defaultdict[str, int]] = [defaultdict(int) for _ in range(papers)]
    sequences: defaultdict[Pair, list[tuple[list[int], str]]] = defaultdict(list)
    single: defaultdict[int, list[str]] = defaultdict(list)
    for (first, second), whole in joined.items():
        sequences[vocabulary[first], vocabulary[second]].append(([], whole))
        single[vocabulary[whole]] += [first, second]
    for acronym, phrase in pairs.items():
        numbers = [vocabulary[word] for word in phrase[:-1]]
        for end in _numbers_of(phrase[-1], vocabulary):
            head, then, *rest = [*numbers, end]
            sequences[head, then].append((rest, acronym))
        for form in (acronym, acronym + "s"):
            if form in vocabulary:
                single[vocabulary[form]] += [word for word in phrase if word not in STOP_WORDS]
    sieve = np.zeros(SIEVE, bool)
    sieve[_places(np.array([*sequences], np.int64).reshape(-1, 2).T)] = True
    for field, stream in streams.items():
        _look(
            stream,
            sieve,
            sequences,
            {} if field == "abstract" else single,
            len(vocabulary),
            found,
            3 if field == "title" else 1,
        )
    return ["".join([f"{word} " * min(count, MOST) for word, count in more.items()]) for more in found]


def _look(
    stream: Stream,
    sieve: Array,
    sequences: Mapping[Pair, list[tuple[list[int], str]]],
    single: Mapping[int, list[str]],
    size: int,
    found: Sequence[defaultdict[str, int]],
    worth: int,
) -> None:
    """Find the sequences and the single words in one field of all papers; each occurrence counts what it is `worth`."""
    ids, papers = stream.ids, stream.papers
    if not len(ids):
        return
    hits = np.nonzero(sieve[_places((ids[:-1], ids[1:]))] & (papers[:-1] == papers[1:]))[0]
    pairs = zip(ids[hits].tolist(), ids[hits + 1].tolist(), strict=True)
    thirds = np.append(ids, -1)[hits + 2].tolist()
    for at, paper, pair, third in zip(hits.tolist(), papers[hits].tolist(), pairs, thirds, strict=True):
        for rest, word in sequences.get(pair, ()):
            if not rest or (rest[0] == third and ids[at + 2 : at + 2 + len(rest)].tolist() == rest):
                found[paper][word] += worth
    known = np.zeros(size, bool)
    known[list(single)] = True
    hits = np.nonzero(known[ids])[0] if single else hits[:0]
    for paper, number in zip(papers[hits].tolist(), ids[hits].tolist(), strict=True):
        for word in single[number]:
            found[paper][word] += worth


def _numbers_of(word: str, vocabulary: Vocabulary) -> list[int]:
    """The word's number, and that of its plural or singular if it is in use."""
    other = word.removesuffix("s") if word.endswith("s") else word + "s"
    return [vocabulary[word], *([vocabulary[other]] if other in vocabulary else [])]


def _places(pairs: Sequence[Array] | Array) -> Array:
    """Pairs of words as places in a table: most pairs that are not looked for fall beside those that are."""
    return (pairs[0].astype(np.uint32) * np.uint32(40_503) + pairs[1].astype(np.uint32)) & np.uint32(SIEVE - 1)


def _compounds(streams: Mapping[str, Stream], vocabulary: Vocabulary) -> dict[tuple[str, str], str]:
    """Pairs of words that are also written as one."""
    joined: dict[tuple[str, str], str] = {}
    words = [*vocabulary]
    for field, stream in streams.items():
        known = None if field in ("title", "keywords") else vocabulary
        hyphens = [] if stream.hyphens is None else stream.hyphens.tolist()
        pairs = [((words[first], words[second]), words[first] + words[second]) for first, second in hyphens]
        joined.update(sorted([(p, whole) for p, whole in pairs if _joins(p, whole, known)]))
    return joined


def _joins(pair: tuple[str, str], whole: str, known: Vocabulary | None) -> bool:
    """Whether the words before and after a hyphen count as one. `known`: if so, only a word that is used."""
    return len(whole) > 3 and not STOP_WORDS.intersection(pair) and (known is None or whole in known)


def _acronyms(raw: Iterable[str], named: Sequence[Sequence[str]], short: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Acronym -> the words that it stands for: the most frequent reading, in doubt the first. `short`: titles and
    keywords; a phrase there is one reading of the capitals that are used elsewhere in them."""
    readings: defaultdict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for text in raw:
        for match in _ACRONYM.finditer(text):
            before = words(text[max(0, match.start() - 120) : match.start()])
            if phrase := _spelt(match[1].lower(), before):
                readings[match[1].lower()][phrase] += 1
    for names in named:
        aliases = {
            name.removesuffix("s").lower() for name in names if name.isalpha() and sum(map(str.isupper, name)) > 1
        }
        for phrase in dict.fromkeys(tuple(words(name)) for name in names) if aliases else ():
            for alias in aliases:
                if phrase == _spelt(alias, list(phrase)):
                    readings[alias][phrase] += 1000  # the curator's own word
    used = {form.removesuffix("s").lower() for form in _CAPITALS.findall(" ".join({*" ".join(short).split()}))}
    for name, count in Counter([name for text in short for name in _SEPARATORS.split(text)]).items():
        if name.count(" ") + name.count("-") < 2:
            continue
        phrase = tuple(words(name))
        if 2 < len(phrase) < 8:
            bare = [word for word in phrase if word not in _SHORT_WORDS]
            for initials in {_initials(phrase), _initials(bare)} & used:
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
