"""Texts as arrays: each field of all papers as one stream of word numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from sitegen.search.documents import Places
from sitegen.search.pipeline import cut_words

Array = npt.NDArray[Any]


class Vocabulary(dict[str, int]):
    """Word -> number, in order of first appearance. Asking for a new word numbers it."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


@dataclass(frozen=True, eq=False)
class Stream:
    """The words of one field, paper after paper."""

    ids: Array
    """Word numbers."""
    papers: Array
    """The paper that each word stands in; ascending."""
    parts: Array | None = None
    """The number of the comma-separated part that each word stands in, for a field that keeps it."""


def stream(plain: Sequence[str], vocabulary: Vocabulary, places: Places = "") -> Stream:
    """The stream of a field. `plain`: its plain texts by paper."""
    parts = None
    if places == "part":
        cut = [[cut_words(part) for part in text.split(",")] for text in plain]
        numbers = [number for text in cut for number, part in enumerate(text) for _ in part]
        parts = np.array(numbers, np.int32)
        lists = [[word for part in text for word in part] for text in cut]
    else:
        lists = [cut_words(text) for text in plain]
    lengths = [len(words) for words in lists]
    ids = np.fromiter(map(vocabulary.__getitem__, chain.from_iterable(lists)), np.int32, sum(lengths))
    return Stream(ids, np.repeat(np.arange(len(lists), dtype=np.int32), lengths), parts)
