"""Porter's stemmer (1980) as lunr.js 2.3.9 has it, for many words at once.

All letters stand in one array, word after word, and every rule compares and cuts all words that it may concern. What a
rule measures is never a letter that an earlier one wrote (these are at the very end, and go with the ending), so vowels
are counted once. Source: M. F. Porter, "An algorithm for suffix stripping", Program 14(3), with lunr.js's
departures (`bli`, `logi`).
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sitegen.arrays import Array, np

Rows = Array
"""Which words: their numbers."""
Flags = Array
"""For each of some words whether something is so."""

TAIL = 8
"""How many letters of a word's end are looked at: as many as have room in a number; no ending is longer."""
TOGETHER = 8_000
"""Words whose letters stay within a processor's cache."""
NO_ASCII = 255
"""How letters that no rule knows count."""


@functools.cache
def _letters(text: bytes) -> Flags:
    """A table of all letters: whether they are these."""
    table = np.zeros(256, bool)
    table[[*text]] = True
    return table


def _by_last(endings: Iterable[str]) -> dict[str, list[str]]:
    """Endings by their last letter, the longest first."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for ending in sorted(endings, key=lambda e: (-len(e), e)):
        found[ending[-1]].append(ending)
    return found


_VOWEL, _STAY_TWO, _OPEN = b"aeiou", b"aeiouylsz", b"aeiouwxy"
_SILENT = [int.from_bytes(ending, "little") for ending in (b"at", b"bl", b"iz")]
"""Before these endings an `e` was dropped."""
_STEP_2 = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "bli": "ble", "alli": "al",
    "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate", "alism": "al",
    "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive", "biliti": "ble", "logi": "log",
}  # fmt: skip
_STEP_3 = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
_STEP_4 = dict.fromkeys("ement ance ence able ible ment ant ent ism ate iti ous ive ize al er ic ou".split(), "")


def stem(word: str) -> str:
    """The stem of a lower-case word."""
    return stems([word])[0] if len(word) > 2 else word


def stems(words: Sequence[str]) -> list[str]:
    """The stems of lower-case words. Words of one or two letters have no other."""
    blocks = (words[at : at + TOGETHER] for at in range(0, len(words), TOGETHER))
    return [made for block in blocks for made in _Words(block).stems()]


class _Words:
    """Words on their way to their stems."""

    def __init__(self, words: Sequence[str]) -> None:
        sizes = np.fromiter(map(len, words), np.int64, len(words))
        text = (" " * TAIL + "".join(words) + " ").encode("utf-32-le", "surrogatepass")
        self.letters = np.frombuffer(text, np.uint32).copy()
        self.bytes = np.minimum(self.letters, NO_ASCII).astype(np.uint8)
        self.words, self.changed = list(words), np.zeros(len(words), bool)
        self.starts = np.cumsum(sizes) - sizes + TAIL
        self.ends = self.starts + sizes
        vowels = self._vowels()
        pairs = np.append(False, vowels[:-1] & ~vowels[1:])
        pairs[self.starts] = False
        self.vowels, self.pairs = (np.append(0, np.cumsum(each)) for each in (vowels, pairs))
        self.windows = np.lib.stride_tricks.sliding_window_view(self.bytes, TAIL)
        self.tails = self._look(self.ends)
        self.tails[sizes < 3] = 0

    def _vowels(self) -> Flags:
        """Which letters are vowels: a `y` is one after a consonant, but not at the beginning of a word."""
        found: Flags = _letters(_VOWEL)[self.bytes]
        ys = self.bytes == ord("y")
        ys[self.starts] = False
        at = np.flatnonzero(ys)
        before = np.maximum.accumulate(np.where(ys, 0, np.arange(len(ys))))[at]
        found[at] = found[before] ^ ((at - before) % 2 == 1)
        return found

    def stems(self) -> list[str]:
        self._plural(self._all("s"))
        self._past(self._all("d"), self._all("g"))
        ys = self._all("y")
        self._change(ys[(self._sizes(ys) > 2) & ~_letters(_VOWEL)[self._letter(ys, 2)]], 1, "i")
        self._longest(_STEP_2, 1)
        self._longest(_STEP_3, 1)
        ions = self._all("n")
        self._longest(_STEP_4, 2)
        ions = ions[self._end(ions, "sion") | self._end(ions, "tion")]
        self._change(ions[self._measure(ions, 3) > 1], 3)
        self._finish()
        return self._texts()

    def _look(self, ends: Rows) -> Rows:
        """The last letters before these places as numbers: a byte each, the last one highest."""
        found: Array = self.windows[ends - TAIL].view("<i8").ravel()
        return found

    def _all(self, last: str) -> Rows:
        """The words that end in this letter."""
        return np.flatnonzero(self.tails >> 8 * (TAIL - 1) == ord(last))

    def _sizes(self, rows: Rows) -> Rows:
        """How many letters each word has."""
        return self.ends[rows] - self.starts[rows]

    def _letter(self, rows: Rows, back: int) -> Rows:
        """The letter so far from the end, 1 being the last; that of another word if there is none."""
        return self.tails[rows] >> 8 * (TAIL - back) & 255

    def _end(self, rows: Rows, ending: str) -> Flags:
        """Which words end so, with something before it."""
        found: Flags = self.tails[rows] >> 8 * (TAIL - len(ending)) == int.from_bytes(ending.encode(), "little")
        if found.any():
            found[found] = self._sizes(rows[found]) > len(ending)
        return found

    def _measure(self, rows: Rows, dropped: int) -> Rows:
        """Porter's `m` of the words without so many letters: how often a consonant follows a vowel."""
        found: Array = self.pairs[self.ends[rows] - dropped] - self.pairs[self.starts[rows]]
        return found

    def _have_vowel(self, rows: Rows, dropped: int) -> Flags:
        """Whether the words without so many letters have a vowel."""
        found: Flags = self.vowels[self.ends[rows] - dropped] > self.vowels[self.starts[rows]]
        return found

    def _short(self, rows: Rows, dropped: int) -> Flags:
        """Whether the words without so many letters are consonants, a vowel, and a consonant that is not w, x or y."""
        none, end = self.vowels[self.starts[rows]], self.ends[rows] - dropped
        one: Flags = (self.vowels[end - 2] == none) & (self.vowels[end - 1] > none)
        closed: Flags = ~_letters(_OPEN)[self._letter(rows, dropped + 1)]
        return one & closed & (self._sizes(rows) > dropped + 2)

    def _change(self, rows: Rows, dropped: int, added: str = "") -> None:
        """Take so many letters off these words, and write others, not more, in their place."""
        if not len(rows):
            return
        self.ends[rows] -= dropped
        for letter in added:
            self.letters[self.ends[rows]] = self.bytes[self.ends[rows]] = ord(letter)
            self.ends[rows] += 1
        self.tails[rows], self.changed[rows] = self._look(self.ends[rows]), True

    def _plural(self, rows: Rows) -> None:
        """Step 1a, for words in `s`."""
        two = self._end(rows, "sses") | self._end(rows, "ies")
        one = ~two & (self._letter(rows, 2) != ord("s"))
        self._change(rows[two], 2)
        self._change(rows[one], 1)

    def _past(self, in_d: Rows, in_g: Rows) -> None:
        """Step 1b, for words in `d` and in `g`."""
        eed = self._end(in_d, "eed")
        ed = in_d[~eed & self._end(in_d, "ed")]
        ed, eed = ed[self._have_vowel(ed, 2)], in_d[eed]
        ing = in_g[self._end(in_g, "ing")]
        ing = ing[self._have_vowel(ing, 3)]
        self._change(eed[self._measure(eed, 3) > 0], 1)
        self._change(ed, 2)
        self._change(ing, 3)
        rows = np.concatenate([ed, ing])
        last, size = self.letters[self.ends[rows] - 1], self._sizes(rows)
        silent = np.isin(self.tails[rows] >> 8 * (TAIL - 2), _SILENT) & (size > 1) | self._short(rows, 0)
        twice = (last == self.letters[self.ends[rows] - 2]) & ~_letters(_STAY_TWO)[self._letter(rows, 1)] & (size > 1)
        self._change(rows[silent], 0, "e")
        self._change(rows[twice], 1)

    def _longest(self, step: Mapping[str, str], least: int) -> None:
        """Steps 2 to 4: the longest ending that fits gives way, if what is before it measures so much."""
        groups = [(self._all(last), endings) for last, endings in _by_last(step).items()]
        for rows, endings in groups:
            for ending in endings if len(rows) else ():
                fits = self._end(rows, ending)
                if len(mine := rows[fits]):
                    self._change(mine[self._measure(mine, len(ending)) >= least], len(ending), step[ending])
                    rows = rows[~fits]

    def _finish(self) -> None:
        """Step 5."""
        rows = self._all("e")
        measure = self._measure(rows, 1)
        self._change(rows[(measure > 1) | (measure == 1) & ~self._short(rows, 1)], 1)
        rows = self._all("l")
        self._change(rows[(self._letter(rows, 2) == ord("l")) & (self._measure(rows, 0) > 1)], 1)

    def _texts(self) -> list[str]:
        """The words as they are now."""
        text = self.letters.tobytes().decode("utf-32-le", "surrogatepass")
        changed = np.flatnonzero(self.changed)
        for word, start, end in np.column_stack([changed, self.starts[changed], self.ends[changed]]).tolist():
            self.words[word] = text[start:end]
        return self.words
