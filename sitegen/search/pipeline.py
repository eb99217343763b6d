"""How text becomes search terms: lunr.py's pipeline, with three defects mended.

1. lunr.py's stemmer turns a final `y` into `i` after any vowel in the stem, lunr.js only after a consonant that is not
   the first letter: the index said `survei`, the browser asked for `survey`. Ours does as lunr.js does.
2. lunr.py's trimmer leaves `(e.g.,` whole. Text is normalised and cut at everything that is no letter or digit first.
3. lunr.py sorts terms by code point, lunr.js wants UTF-16 order and refuses the file otherwise (lunr.py issue 144).

Text *and* query are normalised alike (`terms`): no accents, Greek letters spelt, curly quotes and hyphens as spaces.
The browser's side is `templates/assets/search/text.js`; `tests/test_search.py` holds the two together.
"""

from __future__ import annotations

import functools
import re

from lunr.stemmer import PorterStemmer
from lunr.stop_word_filter import WORDS as STOP_WORDS

from sitegen.text import LETTER_NAMES, apart, unaccent, without_unseen

_WORD = re.compile(r"[^\s']+(?:'[^\s']+)*")
_POSSESSIVE = re.compile(r"'s?$")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "＇": "'"})
# Endings that stand alone: lunr.js wants a letter before them.
_BARE_ENDINGS = {"ies": "ie", "sses": "sse", "eed": "e"}
_STEP_1C = re.compile(r".+?[^aeiou]y\Z", re.DOTALL)


class Stemmer(PorterStemmer):  # type: ignore[misc]
    """Porter's stemmer as lunr.js 2.3.9 has it."""

    b: str

    def step1c(self) -> None:
        if _STEP_1C.match(self.b[self.k0 : self.k + 1]):
            self.b = self.b[: self.k] + "i" + self.b[self.k + 1 :]


_stemmer = Stemmer()


def tokens(text: str) -> list[str]:
    """Lower-case words without accents; `LoRA's` gives `lora`, `μ-bench` gives `mu`, `bench`."""
    plain = unaccent(without_unseen(text).translate(_APOSTROPHES)).lower()
    parted = "'".join(apart(part) for part in plain.split("'"))
    return [_POSSESSIVE.sub("", match[0]).replace("'", "") for match in _WORD.finditer(parted)]


@functools.lru_cache(maxsize=200_000)
def term(token: str) -> str:
    """The search term of a token; empty for a stop word."""
    return "" if token in STOP_WORDS else _BARE_ENDINGS.get(token) or str(_stemmer.stem(token))


def browser_tables() -> dict[str, object]:
    """What the browser needs to make terms as we do: letters that have names, and stop words."""
    return {"letters": LETTER_NAMES, "stopWords": sorted(STOP_WORDS)}


def utf16(text: str) -> bytes:
    """The sort key of JavaScript's string order."""
    return text.encode("utf-16-be", "surrogatepass")
