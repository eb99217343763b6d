"""What a mistyped word was meant to be: a word of the texts that is one edit away, two for a long one."""

from __future__ import annotations

from collections.abc import Iterable

from sitegen.search.index import Index
from sitegen.search.pipeline import utf16
from sitegen.search.rules import rule

FAR = 9


class Speller:
    """The words of the texts."""

    def __init__(self, index: Index) -> None:
        self.words = index.written
        self.small = index.papers < rule("scan")

    def meant(self, word: str, begun: bool = False) -> str:
        """The nearest word, or the nearest that begins so if `begun`; among equals the likeliest. Empty: none.

        Looked at are the words that share the first half or the second, or have the letters at the middle swapped; in
        a small list every word."""
        if len(word) < rule("letters"):
            return ""
        half = len(word) >> 1
        front, back = word[:half], word[half:]
        swapped = front[:-1] + back[0] + front[-1] + back[1:]
        alike = [w for w in self.words if w.startswith(front) or w.endswith(back) or w == swapped]
        most = 1 if len(word) < rule("two") else 2
        begun = begun and len(word) >= rule("begun")
        found = self._nearest(word, most, begun, alike)
        if not found and self.small:
            found = self._nearest(word, most, begun, self.words)
            if not found and len(word) >= rule("three"):
                found = self._nearest(word, 3, False, self.words)
        return found

    def _nearest(self, word: str, most: int, begun: bool, among: Iterable[str]) -> str:
        letters = sorted(word)
        found = []
        for text in among:
            far, beginning = distances(word, text, most)
            if far <= most or (begun and beginning <= most):
                likely = (far > most, sorted(text) != letters, text[0] != word[0], -self.words[text])
                found.append((min(far, beginning) if begun else far, likely, utf16(text), text))
        return min(found)[-1] if found else ""


def distances(a: str, b: str, most: int) -> tuple[int, int]:
    """Edits from one word to another, and to the nearest of its beginnings; a swap of neighbours is one.

    `FAR` when the lengths tell already that it is more than `most`."""
    if len(a) - len(b) > most:
        return FAR, FAR
    before: list[int] = []
    last = list(range(min(len(b), len(a) + most) + 1))
    for i in range(1, len(a) + 1):
        row = [i]
        for j in range(1, len(last)):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1] if len(b) - len(a) <= most else FAR, min(last)
