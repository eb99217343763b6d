"""The plain serialized index, for lunr.js 2.3.9 and others: byte for byte what lunr.py writes for the same pipeline.

The form is that of lunr.js's `Index.load`. Refs are the papers' numbers, as text. lunr.py would sort the terms by code
point; lunr.js wants them in UTF-16 order, and so they are here.
"""

from __future__ import annotations

import json

from sitegen.arrays import np
from sitegen.search.index import Index


def serialize(index: Index) -> str:
    """The index as JSON without spaces."""
    names = json.dumps([field.name for field in index.fields], separators=(",", ":"))
    vectors = ",".join(_vectors(index))
    inverted = ",".join(_inverted(index))
    return (
        f'{{"version":"2.3.9","fields":{names},"fieldVectors":[{vectors}],"invertedIndex":[{inverted}],'
        '"pipeline":["stemmer"]}'
    )


def _vectors(index: Index) -> list[str]:
    """`["title/0",[number,weight,...]]` for each paper and field."""
    columns = []
    for field in index.fields:
        p = index.postings[field.name]
        numbers = index.numbers[p.terms]
        order = np.lexsort((numbers, p.papers))
        cells = [f"{a},{w / 1000}" for a, w in zip(numbers[order].tolist(), p.weights[order].tolist(), strict=True)]
        cuts = np.searchsorted(p.papers[order], np.arange(index.papers + 1)).tolist()
        columns.append((field.name, cells, cuts))
    return [
        f'["{name}/{paper}",[{",".join(cells[cuts[paper] : cuts[paper + 1]])}]]'
        for paper in range(index.papers)
        for name, cells, cuts in columns
    ]


def _inverted(index: Index) -> list[str]:
    """`["term",{"_index":number,"title":{"0":{}}, ...}]` for each term."""
    cells = [f'"{paper}":{{}}' for paper in range(index.papers)]
    columns = []
    for field in index.fields:
        p = index.postings[field.name]
        columns.append((f'"{field.name}":{{', list(map(cells.__getitem__, p.papers.tolist())), p.starts.tolist()))
    numbers = index.numbers.tolist()
    items = []
    for place, term in enumerate(index.terms):
        body = ",".join([f"{name}{','.join(c[s[place] : s[place + 1]])}}}" for name, c, s in columns])
        items.append(f'[{json.dumps(term)},{{{body},"_index":{numbers[place]}}}]')
    return items
