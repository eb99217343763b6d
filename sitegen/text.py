"""Plain text: folding for comparison, slugs, cutting, and the characters that must never come in.

Slugs follow the contract: title to ASCII by NFKD with Greek letters spelt, runs of `[a-z0-9]` joined by `-`, cut at a
word to 60 characters. `fold` is what makes two titles the same title, `normalise` what makes two search words the same.
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
SLUG_LENGTH = 60

_GREEK = {
    chr(code): unicodedata.name(chr(code)).split()[-1].lower().replace("lamda", "lambda")
    for code in (*range(0x391, 0x3A2), *range(0x3A3, 0x3AA), *range(0x3B1, 0x3CA))
}
# Letters that NFKD does not take apart.
_WHOLE = {
    "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D",
    "ħ": "h", "Ħ": "H", "ł": "l", "Ł": "L", "ı": "i", "þ": "th", "Þ": "Th", "ð": "d", "Ð": "D"
}  # fmt: skip
LETTER_NAMES = _GREEK | {"ϵ": "epsilon", "ϕ": "phi", "ϑ": "theta", "ℓ": "ell"} | _WHOLE
"""Letters spelt in ASCII, here and in the browser's search."""
_TO_NAMES = str.maketrans(LETTER_NAMES)
# Control characters (but tab and line ends), zero-width and direction marks, surrogates, non-characters:
# invalid in XML, or tricks in names, slugs and links.
_NON_CHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane + last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)
)
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffc"
    f"\U000e0000-\U000e007f\ud800-\udfff{_NON_CHARACTERS}]"
)
# Joiners (ZWNJ and ZWJ) are part of the spelling between letters that join, as in Persian, and after a virama, as in
# Hindi or Malayalam (RFC 5892, appendix A); anywhere else nobody sees them.
_JOINER = re.compile("[\u200c\u200d]")
_JOINING = re.compile(  # letters of Arabic, Syriac, N'Ko, Mandaic, Mongolian, Phags-pa
    "[\u0620-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0710-\u072f\u074d-\u077f\u07ca-\u07ea\u0840-\u0858"
    "\u0860-\u086a\u0870-\u08c9\u1820-\u1878\u1887-\u18aa\ua840-\ua871]"
)
_VOCALS = re.compile("[\u064b-\u065f\u0670\u0711]")
_VIRAMAS = frozenset(
    "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u0f84\u1039\u103a\u17d2\u1b44\u1baa\ua8c4\ua9c0"
)
# What neither HTML nor XML may hold.
_UNPRINTABLE = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff{_NON_CHARACTERS}]")
# Marks over letters, and variation selectors. The vowel signs of other scripts are letters to their readers.
_ACCENTS = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U000e0100-\U000e01ef]"
)
_SIGNS = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")
_TEX_MARKS = re.compile(r"\\(?:math(?:cal|bb|bf|rm|frak|sf)|text(?:it|bf|sc|tt|rm)?|emph)(?![a-zA-Z])|[\\${}^_]")
_LATIN = re.compile(r"[a-z0-9]+")
_NO_WORD = re.compile(r"[^A-Za-z0-9]")
_SPACE = re.compile(r"\s+")


def visible(text: str) -> str:
    """The text without characters that a reader cannot see, spaces collapsed, composed (NFC).

    Joiners stay where the spelling of a script needs them, and nowhere else."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", _JOINER.sub(_joiner, _UNWANTED.sub("", text)))).strip()


def _joiner(match: re.Match[str]) -> str:
    text, at = match.string, match.start()
    before, after = text[max(at - 1, 0) : at], text[at + 1 : at + 2]
    if _VOCALS.match(before):
        before = text[max(at - 2, 0) : at - 1]
    joins = before in _VIRAMAS or (_JOINING.match(before) and _JOINING.match(after))
    return match[0] if joins else ""


def printable(text: str) -> str:
    """The text without the characters that neither HTML nor XML may hold; its lines, spaces and marks stay."""
    return _UNPRINTABLE.sub("", text)


def unaccent(text: str) -> str:
    """NFKD without accents and joiners, Greek letters spelt, ligatures taken apart. Other scripts stay as they are."""
    return text if text.isascii() else _SIGNS.sub(lambda match: _bare(match[0]), text)


@functools.lru_cache(maxsize=4_096)
def _bare(text: str) -> str:
    """The same for all but ASCII in a row, with the letter before it, which an accent may belong to. Most texts have
    little of it, and the same again and again."""
    named = unicodedata.normalize("NFKC", _JOINER.sub("", text).translate(_TO_NAMES))
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", named))
    return unicodedata.normalize("NFC", bare).translate(_TO_NAMES)


def words(text: str) -> list[str]:
    """Lower-case words of any script, unaccented: `Müller's μ-bench` gives `muller s mu bench`."""
    return apart(unaccent(text).lower()).split()


def apart(text: str) -> str:
    """The text with a space for each character that belongs to no word. Vowel signs belong to their words."""
    if text.isascii():
        return _NO_WORD.sub(" ", text)
    return "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in text)


def fold(title: str) -> str:
    """What two forms of one title have in common: no case, accents, punctuation or TeX."""
    return " ".join(words(_TEX_MARKS.sub("", title.replace("$", ""))))


def digest(text: str, length: int) -> str:
    """The first `length` hexadecimal digits of BLAKE2b."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]


def slugify(title: str) -> str:
    """The slug of a title, author or venue. Never empty: text without any ASCII letter gives `p-` and a hash."""
    ascii_only = unaccent(title).encode("ascii", "ignore").decode().lower()
    slug = ""
    for part in _LATIN.findall(ascii_only):
        longer = f"{slug}-{part}" if slug else part[:SLUG_LENGTH]
        if len(longer) > SLUG_LENGTH:
            break
        slug = longer
    return slug or f"p-{digest(fold(title), 8)}"


def distinct_slug(title: str) -> str:
    """The slug for a title whose plain slug is taken: with four hexadecimal digits of the title's hash."""
    return f"{slugify(title)}-{digest(fold(title), 4)}"


def is_slug(text: str) -> bool:
    """Whether the text has the form of a slug, with room for the suffix that a clash adds."""
    return len(text) <= SLUG_LENGTH + 5 and SLUG.match(text) is not None


def cut(text: str, length: int) -> str:
    """The text, or its beginning up to a word's end and an ellipsis, at most `length` characters."""
    if len(text) <= length:
        return text
    head = text[: length - 1]
    return head[: head.rfind(" ")].rstrip(" ,;:.") + "…" if " " in head else head + "…"


def unique(items: Iterable[str]) -> Iterator[str]:
    """The items in order, empty and repeated ones left out."""
    return iter(dict.fromkeys(item for item in items if item))
