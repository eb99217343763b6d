"""How text becomes search terms: lunr's pipeline, with the defects of lunr.py mended.

1. lunr.py's stemmer turns a final `y` into `i` after any vowel in the stem, lunr.js only after a consonant that is not
   the first letter: the index said `survei`, the browser asked for `survey`. `stem` does as lunr.js does, throughout.
2. lunr.py's trimmer leaves `(e.g.,` whole, lunr.js's cuts `José` to `jos`. Here a text is made plain first (`plain`)
   and cut into words (`words`), so that neither tokenizer nor trimmer has anything left to decide.
3. lunr.py sorts terms by code point, lunr.js wants UTF-16 order and refuses the file otherwise (`utf16`).

Text *and* query go through the same `plain` and `words`; the browser's twin is `templates/assets/search/text.js`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from lunr.stop_word_filter import WORDS

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
_HIGH = re.compile("[\ud800-\U0010ffff]")
"""Only of such characters do some come, in UTF-16, in another order than that of their numbers."""
_LONE = re.compile(r"(?<![0-9A-Za-z\x80-\U0010ffff])[^\w\x00-\x7f]+")
"""In a text that `_letters` has sifted: vowel signs with no letter before them."""
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
    return text if text.isascii() else _LONE.sub(" ", text)


def cut_words(text: str) -> list[str]:
    """The words of a text that is plain already."""
    return _letters(text).encode().translate(_WORDS).decode().split()


def in_a_row(texts: Iterable[str], parts: bool = False) -> bytes:
    """All the texts, which are plain already, with "|" after each as a word of its own; if `parts`, commas, too."""
    joined = " | ".join([*[_letters(text).replace("|", " ") for text in texts], ""])
    return joined.replace(",", " , " if parts else " ").encode()


def spaced(text: bytes) -> bytes:
    """What `in_a_row` gives with spaces for all that separates words."""
    return text.translate(_WORDS_AND_SIGNS)


def term(word: str) -> str:
    """The search term of a word; empty for a stop word, and for the signs that `in_a_row` adds."""
    return "" if word in _NO_TERMS else stem(word)


def utf16(text: str) -> bytes:
    """The sort key of JavaScript's string order."""
    return text.encode("utf-16-be", "surrogatepass")


def in_order(texts: Iterable[str]) -> list[str]:
    """The texts in JavaScript's string order."""
    found = list(texts)
    whole = "".join(found)
    return sorted(found, key=utf16 if not whole.isascii() and _HIGH.search(whole) else None)


# Porter's stemmer (1980) as lunr.js 2.3.9 has it. C and V are runs of consonants and vowels, m counts VC pairs.
_C, _V = "[^aeiou][^aeiouy]*", "[aeiouy][aeiou]*"
_M1 = re.compile(f"(?:{_C})?{_V}{_C}").match
_M1_ONLY = re.compile(f"(?:{_C})?{_V}{_C}(?:{_V})?\\Z").match
_M2 = re.compile(f"(?:{_C})?{_V}{_C}{_V}{_C}").match
_HAS_VOWEL = re.compile(f"(?:{_C})?[aeiouy]").match
_SHORT = re.compile(f"{_C}[aeiouy][^aeiouwxy]\\Z").match
_STEP_2 = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "bli": "ble", "alli": "al",
    "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate", "alism": "al",
    "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive", "biliti": "ble", "logi": "log",
}  # fmt: skip
_STEP_3 = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": ""}
_STEP_4 = "ement ance ence able ible ment ant ent ism ate iti ous ive ize al er ic ou".split()


def _by_last(endings: list[str]) -> dict[str, tuple[str, ...]]:
    """Endings by their last letter, the longest first: the first that fits is the one that lunr's patterns find."""
    found: dict[str, tuple[str, ...]] = {}
    for ending in sorted(endings, key=lambda e: (-len(e), e)):
        found[ending[-1]] = (*found.get(ending[-1], ()), ending)
    return found


_ENDS_2, _ENDS_3, _ENDS_4 = _by_last([*_STEP_2]), _by_last([*_STEP_3]), _by_last(_STEP_4)


_TOUCHED = _by_last("s ed ing y e al ful ll li ti ci gi ic ism ent ant er or ion ou".split())
"""The ends of all that some step takes off or changes."""


def _ending(word: str, endings: dict[str, tuple[str, ...]]) -> str:
    """The longest of the endings that leaves something before it; empty when none fits."""
    if word.endswith(possible := endings.get(word[-1], ())):
        for ending in possible:
            if word.endswith(ending) and len(word) > len(ending):
                return ending
    return ""


def _plural_and_past(word: str) -> str:
    """Steps 1a and 1b."""
    if word[-1] == "s":
        if word.endswith(("sses", "ies")) and len(word) > (4 if word.endswith("sses") else 3):
            word = word[:-2]
        elif len(word) > 2 and word[-2] != "s":
            word = word[:-1]
    if word.endswith("eed") and len(word) > 3:
        return word[:-1] if _M1(word[:-3]) else word
    base = word[:-2] if word.endswith("ed") else word[:-3] if word.endswith("ing") else ""
    if not base or not _HAS_VOWEL(base):
        return word
    if base.endswith(("at", "bl", "iz")):
        return base + "e"
    if len(base) > 1 and base[-1] == base[-2] and base[-1] not in "aeiouylsz":
        return base[:-1]
    return base + "e" if _SHORT(base) else base


def stem(word: str) -> str:
    """The stem of a lower-case word."""
    if len(word) < 3 or not word.endswith(_TOUCHED.get(word[-1], ())):
        return word
    upper = word[0] == "y"
    if upper:
        word = "Y" + word[1:]
    if word[-1] in "sdg":
        word = _plural_and_past(word)
        if not word.endswith(_TOUCHED.get(word[-1], ())):
            return "y" + word[1:] if upper else word
    if word[-1] == "y" and len(word) > 2 and word[-2] not in "aeiou":
        word = word[:-1] + "i"
    if (ending := _ending(word, _ENDS_2)) and _M1(base := word[: -len(ending)]):
        word = base + _STEP_2[ending]
    if (ending := _ending(word, _ENDS_3)) and _M1(base := word[: -len(ending)]):
        word = base + _STEP_3[ending]
    if ending := _ending(word, _ENDS_4):
        if _M2(base := word[: -len(ending)]):
            word = base
    elif word.endswith(("sion", "tion")) and len(word) > 4 and _M2(base := word[:-3]):
        word = base
    if word[-1] == "e" and len(word) > 1 and (_M2(b := word[:-1]) or (_M1_ONLY(b) and not _SHORT(b))):
        word = word[:-1]
    if word.endswith("ll") and _M2(word):
        word = word[:-1]
    return "y" + word[1:] if upper else word
