"""Texts as arrays: each field of all papers as one stream of word numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from sitegen.search.documents import Places
from sitegen.search.pipeline import cut_parts, cut_words

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
    cut = cut_parts if places == "part" else cut_words
    lists = list(map(cut, plain))
    lengths = list(map(len, lists))
    ids = np.fromiter(map(vocabulary.__getitem__, chain.from_iterable(lists)), np.int32, sum(lengths))
    papers = np.repeat(np.arange(len(lists), dtype=np.int32), lengths)
    if places != "part":
        return Stream(ids, papers)
    commas = ids == vocabulary[","]
    passed = np.cumsum(commas)
    before = np.concatenate(([0], passed))[np.searchsorted(papers, papers)] if len(ids) else passed
    return Stream(ids[~commas], papers[~commas], (passed - before)[~commas].astype(np.int32))
