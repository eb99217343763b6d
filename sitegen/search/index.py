"""lunr's serialized index, built by lunr.py over our pipeline, and the rows that results show.

Form of the index: lunr.js 2.3.9, `Index.load`. Refs are the numbers of the rows, as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lunr.builder import Builder
from lunr.pipeline import Pipeline

from sitegen.search.documents import FIELDS, Document
from sitegen.search.pipeline import term, tokens, utf16


def _ready(text: str) -> str:
    """Text whose words, parted by spaces, are its search terms: lunr's tokenizer has nothing left to decide."""
    return " ".join(filter(None, map(term, tokens(text))))


def build(documents: Sequence[Document]) -> dict[str, Any]:
    """The serialized index. A site without papers gives an index without terms (lunr.py itself would fail)."""
    builder = Builder()
    builder.pipeline = Pipeline()
    builder.search_pipeline = Pipeline()
    builder.ref("ref")
    for field, boost in FIELDS.items():
        builder.field(field, boost=boost)
    for number, document in enumerate(documents):
        texts = {field: _ready(getattr(document, field)) for field in FIELDS}
        builder.add({"ref": str(number), **texts})
    if not documents:
        return {"version": "2.3.9", "fields": list(FIELDS), "fieldVectors": [], "invertedIndex": [], "pipeline": []}
    serialized: dict[str, Any] = builder.build().serialize()
    serialized["invertedIndex"].sort(key=lambda item: utf16(item[0]))
    return {**serialized, "version": "2.3.9", "pipeline": []}
