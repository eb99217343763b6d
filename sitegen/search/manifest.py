"""What the browser must know before it can search: every setting, and the tables of shards. It has none of its own."""

from __future__ import annotations

from sitegen.arrays import np
from sitegen.search.index import K1, B, Index
from sitegen.search.pipeline import STOP_WORDS
from sitegen.search.rules import ENDINGS, RULES
from sitegen.text import LETTER_NAMES

VERSION = 5
"""The form of the index: a browser that has another reads the manifest afresh, and else gives up."""
WORKER_FROM = 20_000
"""From this many papers on, a search could hold up typing, and runs in a worker."""


def describe(index: Index) -> dict[str, object]:
    """The manifest without its tables."""
    lengths = index.postings[index.fields[index.sort].name].lengths
    shortest = int(lengths[0]) if len(lengths) else 0
    return {
        "version": VERSION,
        "papers": index.papers,
        "fields": [
            [f.name, f.boost, index.postings[f.name].average, *([f.places] if f.places else [])] for f in index.fields
        ],
        "sort": index.sort,
        "k1": K1,
        "b": B,
        "lengths": [shortest, *np.bincount(lengths - shortest).tolist()] if len(lengths) else [0],
        "stop": " ".join(sorted(STOP_WORDS)),
        "rules": RULES,
        **({"worker": 1} if index.papers >= WORKER_FROM else {}),
    }


def seldom() -> dict[str, object]:
    """What few queries need: letters spelt in ASCII, and what a word may end in that is being typed."""
    return {"letters": LETTER_NAMES, "endings": ENDINGS}
