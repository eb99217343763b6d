"""What a mistyped word was meant to be: a word of the texts that is one edit away, two for a long one."""

from __future__ import annotations

import math

from sitegen.search.index import Index
from sitegen.search.pipeline import utf16
from sitegen.search.rules import RULES

FAR = 9


def written(index: Index) -> dict[str, int]:
    """The words that a reader may have meant, and how frequent each is, in quarters of doublings."""
    common = 1 + index.papers // 5000
    return {word: min(127, int(4 * math.log2(n))) for word, n in index.surface.items() if n >= common}


class Speller:
    """The words of the texts."""

    def __init__(self, index: Index) -> None:
        self.words = written(index)

    def meant(self, word: str) -> str:
        """The nearest word; among equals the most frequent. Empty when none is near.

        Looked at are the words that share the first half or the second, or have the letters at the middle swapped."""
        if len(word) < int(RULES["letters"]):  # type: ignore[call-overload]
            return ""
        half = len(word) >> 1
        front, back = word[:half], word[half:]
        swapped = front[:-1] + back[0] + front[-1] + back[1:]
        most = 1 if len(word) < 8 else 2
        found = [
            (far, -frequency, utf16(text), text)
            for text, frequency in self.words.items()
            if (text.startswith(front) or text.endswith(back) or text == swapped)
            and (far := distance(word, text, most)) <= most
        ]
        return min(found)[3] if found else ""


def distance(a: str, b: str, most: int) -> int:
    """Edits between two words, a swap of neighbours being one; `FAR` when the lengths differ by more than `most`."""
    if abs(len(a) - len(b)) > most:
        return FAR
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i in range(1, len(a) + 1):
        row = [i]
        for j in range(1, len(b) + 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]
