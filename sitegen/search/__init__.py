"""The search index: what is searched (`documents`), how text becomes terms (`pipeline`), and lunr's index of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sitegen.model import Entry, Topic
from sitegen.search.documents import FIELDS, documents, result_rows
from sitegen.search.index import build
from sitegen.search.pipeline import browser_tables, term, tokens

__all__ = ["FIELDS", "build", "documents", "files"]


def files(entries: Sequence[Entry], topics: Mapping[str, Topic]) -> dict[str, bytes]:
    """The files that the browser searches with, by output path. All settings are in them: the script has none."""
    encode = msgspec.json.encode
    found = list(documents(entries, topics))
    words = sorted({word for document in found for field in FIELDS for word in tokens(getattr(document, field))})
    manifest = {
        **browser_tables(),
        "rows": "rows.json",
        "index": "lunr.json",
        "papers": len(found),
        "words": [word for word in words if term(word) not in ("", word)],
    }
    return {
        "search/manifest.json": encode(manifest),
        "search/lunr.json": encode(build(found)),
        "search/rows.json": encode(list(result_rows(entries))),
    }
