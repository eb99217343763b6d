"""Texts as arrays: each field of all papers as one stream of word numbers."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sitegen.search.documents import Places
from sitegen.search.pipeline import cut_all

Array = npt.NDArray[Any]


class Vocabulary(defaultdict[str, int]):
    """Word -> number, in order of first appearance. Asking for a new word numbers it."""

    def __init__(self) -> None:
        super().__init__(itertools.count().__next__)


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
    parts = places == "part"
    words = cut_all(plain, parts)
    ids = np.fromiter(map(vocabulary.__getitem__, words), np.int32, len(words))
    ends = ids == vocabulary["|"]
    papers = np.cumsum(ends, dtype=np.int32)
    if not parts:
        return Stream(ids[~ends], papers[~ends])
    commas = ids == vocabulary[","]
    passed = np.cumsum(commas, dtype=np.int32)
    before = np.concatenate(([0], passed[ends])).astype(np.int32)[papers]
    kept = ~(commas | ends)
    return Stream(ids[kept], papers[kept], (passed - before)[kept])
