"""Names of authors, taken apart as BibTeX and CSL want them: given names, particle, family name, suffix.

A record holds names as written, "Laurens van der Maaten". Which words are the family name cannot be known from that
in general; the rules here are right for most names, and `Name.written` always gives the written form back.
"""

from __future__ import annotations

import functools
import re

import msgspec

_PARTICLES = frozenset(
    "af al av ben bin da dal das de degli del della den der di do dos du el het ibn la las le los op 't te ten ter van"
    " von vom zu zum zur d' d’".split()
)
_CONNECTORS = frozenset(("y", "e", "i"))
"""In "Ortega y Gasset" the word before belongs to the family name too."""
_SUFFIX = re.compile(r"(?:[JS]r\.?|II|III|IV)\Z")
_VIETNAMESE = frozenset(
    "anh bui dang dao dinh do duong ho hoang huynh le luong ly mai ngo nguyen nguyễn pham phan phạm ta tran trần"
    " trinh truong vo vu vũ".split()
)
"""Before these "Van" is a middle name, not a Dutch particle."""
_ORGANISATION = re.compile(
    r"\d|&|;| and |\b(?:AI|Authors|Collaboration|Community|Consortium|Foundation|Group|Inc\.?|Initiative|Institute"
    r"|Labs?|Ltd\.?|Project|Research|Team|University|Workshop)\Z|\AThe "
)


class Name(msgspec.Struct, frozen=True):
    """An author's name. `literal`: it is one whole, such as an organisation's or a single name, all in `family`."""

    family: str
    given: str = ""
    particle: str = ""
    suffix: str = ""
    literal: bool = False

    @property
    def last(self) -> str:
        """Particle and family name: `van der Maaten`."""
        return f"{self.particle} {self.family}".strip() if self.particle else self.family.strip()

    @property
    def inverted(self) -> str:
        """`van der Maaten, Laurens`, with the suffix last, as RIS and Highwire tags have it."""
        return ", ".join(filter(None, (self.last, self.given, self.suffix)))

    @property
    def written(self) -> str:
        """`Laurens van der Maaten`."""
        return " ".join(filter(None, (self.given, self.last, self.suffix)))


@functools.lru_cache(maxsize=200_000)
def split(text: str) -> Name:
    """The parts of a name as written, in Western order or as `Family, Given`."""
    text = " ".join(text.split())
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 2 and all(parts) and not _ORGANISATION.search(text):
        if not _SUFFIX.match(parts[1]):
            return _inverted(*parts)
        text = parts[0]
        return msgspec.structs.replace(split(text), suffix=parts[1])
    words = text.split()
    if len(words) < 2 or "," in text or _ORGANISATION.search(text) or _family_first(text):
        return Name(text, literal=True)
    suffix = words.pop() if len(words) > 2 and _SUFFIX.match(words[-1]) else ""
    start = _family_start(words)
    head, tail = words[:start], words[start:]
    particle = _leading_particle(tail)
    return Name(" ".join(tail[particle:]), " ".join(head), " ".join(tail[:particle]), suffix)


def _inverted(family: str, given: str) -> Name:
    words = family.split()
    particle = _leading_particle(words)
    return Name(" ".join(words[particle:]), given, " ".join(words[:particle]))


def _family_first(text: str) -> bool:
    """Whether a name is in a script whose names begin with the family name and need no comma."""
    return all("\u2e80" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7af" for c in text if not c.isspace())


def _family_start(words: list[str]) -> int:
    """Where the family name begins, its particles included. The first word is always a given name."""
    for number, word in enumerate(words[1:-1], 1):
        if word in _CONNECTORS and number > 1:
            return number - 1
        if word.lower() in _PARTICLES and words[number + 1].lower() not in _VIETNAMESE:
            return number
    return len(words) - 1


def _leading_particle(words: list[str]) -> int:
    """How many leading words are a particle: those in lower case. "Le Scao" is a family name as a whole."""
    number = 0
    while number < len(words) - 1 and words[number].islower() and words[number] in _PARTICLES:
        number += 1
    return number
