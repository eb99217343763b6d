"""The answers of `heavy` beginnings, by their first character: the papers that the full search would show first."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from sitegen.search.reader import Searcher
from sitegen.search.tables import Shards

SHOWN = 10


def write_answers(searcher: Searcher, shards: Shards) -> dict[str, object]:
    """Write them; returns the beginnings and their table. An answer is the number of papers, and the first of them."""
    answers: defaultdict[str, dict[str, list[int]]] = defaultdict(dict)
    for beginning in sorted(searcher.heavy):
        found = searcher.search(beginning)
        answers[beginning[0]][beginning] = [found.total, *found.papers[:SHOWN].tolist()]
    firsts = sorted(answers)
    table = shards.ranges("h", firsts, (msgspec.json.encode(answers[first]) for first in firsts))
    return {"heavy": " ".join(sorted(searcher.heavy)), "h": table}
