"""How text becomes search terms: lunr's pipeline, with the defects of lunr.py mended.

1. lunr.py's stemmer turns a final `y` into `i` after any vowel in the stem, lunr.js only after a consonant that is not
   the first letter: the index said `survei`, the browser asked for `survey`. `stemmer` does as lunr.js does.
2. lunr.py's trimmer leaves `(e.g.,` whole, lunr.js's cuts `José` to `jos`. Here a text is made plain first (`plain`)
   and cut into words (`words`), so that neither tokenizer nor trimmer has anything left to decide.
3. lunr.py sorts terms by code point, lunr.js wants UTF-16 order and refuses the file otherwise (`utf16`).

Text *and* query go through the same `plain` and `words`; the browser's twin is `templates/assets/search/text.js`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from lunr.stop_word_filter import WORDS

from sitegen.arrays import np
from sitegen.search.stemmer import stems
from sitegen.text import LETTER_NAMES

STOP_WORDS = frozenset(WORDS)
_NO_TERMS = STOP_WORDS | {"", ",", "|"}
MARKS = (
    "\u200c\u200d\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef"
)
"""What is taken off: joiners, the combining marks of Latin, Greek and Cyrillic letters, and variation selectors."""

_APOSTROPHES = "’‘ʼ＇"
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_MARK = re.compile(f"[{MARKS}]")
_HIGH = 0xD800
"""Only from this character on do some come, in UTF-16, in another order than that of their numbers."""
_SIGNS = re.compile(r"[^\x00-\x7f\w]+")
"""In a text that `_letters` has sifted: vowel signs."""
_POSSESSIVE = re.compile(r"'s(?<=[^\W_]'s)(?![^\W_])")
_INNER = re.compile(r"'(?<=[^\W_]')(?=[^\W_])")
_TO_NAMES = str.maketrans(LETTER_NAMES)
_WORDS = bytes(c if c > 127 or chr(c).isalnum() else 32 for c in range(256))
_WORDS_AND_SIGNS = bytes(c if chr(c) in ",|" else _WORDS[c] for c in range(256))


class _Plain(dict[str, str]):
    """What each character that is not ASCII becomes; filled as characters turn up."""

    def __missing__(self, char: str) -> str:
        bare = _MARK.sub("", unicodedata.normalize("NFKD", char.translate(_TO_NAMES)))
        made = self[char] = unicodedata.normalize("NFC", bare).translate(_TO_NAMES)
        return made


_PLAIN = _Plain(dict.fromkeys(_APOSTROPHES, "'"))


def plain(text: str) -> str:
    """The text in lower case, without accents, Greek letters and ligatures spelt, possessives taken off."""
    if not text.isascii():
        text = _NOT_ASCII.sub(lambda m: _PLAIN[m[0]], unicodedata.normalize("NFC", text))
    text = text.lower()
    if "'" in text:
        text = _INNER.sub("", _POSSESSIVE.sub("", text))
    return text


def words(text: str) -> list[str]:
    """The words of a text, cut at all that is no letter or digit: `LoRA's μ-bench` gives `lora`, `mu`, `bench`."""
    return cut_words(plain(text))


class _Letters(dict[str, str]):
    """What each character that is not ASCII is in a word: a letter or digit, or a vowel sign; else a space."""

    def __missing__(self, char: str) -> str:
        made = self[char] = char if char.isalnum() or unicodedata.category(char)[0] == "M" else " "
        return made


_LETTERS = _Letters()


def _letters(text: str) -> str:
    """A plain text with spaces for all that is neither ASCII nor part of a word."""
    if not text.isascii():
        text = _NOT_ASCII.sub(lambda m: _LETTERS[m[0]], text)
    return text if text.isascii() else _SIGNS.sub(_after_letter, text)


def _after_letter(signs: re.Match[str]) -> str:
    """The signs, if a letter is before them; else a space."""
    at = signs.start()
    return signs[0] if signs.string[at - 1 : at].isalnum() else " "


def cut_words(text: str) -> list[str]:
    """The words of a text that is plain already."""
    return _letters(text).encode().translate(_WORDS).decode().split()


def words_of(texts: Sequence[str]) -> list[list[str]]:
    """The words of each of the texts; done at once, as that is faster for many."""
    whole = "|".join([*[plain(text).replace("|", " ") for text in texts], ""])
    return [text.split() for text in spaced(_letters(whole).replace(",", " ").encode()).decode().split("|")[:-1]]


def in_a_row(texts: Iterable[str], parts: bool = False) -> bytes:
    """All the texts, which are plain already, with "|" after each as a word of its own; if `parts`, commas, too."""
    joined = " | ".join([*[_letters(text).replace("|", " ") for text in texts], ""])
    return joined.replace(",", " , " if parts else " ").encode()


def spaced(text: bytes) -> bytes:
    """What `in_a_row` gives with spaces for all that separates words."""
    return text.translate(_WORDS_AND_SIGNS)


def terms(words: Iterable[str]) -> list[str]:
    """The search terms of words; empty for a stop word, and for the signs that `in_a_row` adds."""
    return stems(["" if word in _NO_TERMS else word for word in words])


def utf16(text: str) -> bytes:
    """The sort key of JavaScript's string order."""
    return text.encode("utf-16-be", "surrogatepass")


def in_order(texts: Iterable[str]) -> list[str]:
    """The texts in JavaScript's string order."""
    found = list(texts)
    return sorted(found, key=order_key(found))


def order_key(texts: Sequence[str]) -> Callable[[str], bytes] | None:
    """The sort key of JavaScript's string order; none where these texts have the same order without."""
    whole = "".join(texts)
    if whole.isascii():
        return None
    letters = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), "<u4")
    return utf16 if letters.max() >= _HIGH else None
