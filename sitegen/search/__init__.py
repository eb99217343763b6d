"""The search index: what is searched (`documents`), how text becomes terms (`pipeline`), and lunr's index of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sitegen.model import Entry, Topic
from sitegen.search.documents import FIELDS, documents, result_rows
from sitegen.search.index import build
from sitegen.search.pipeline import browser_tables

__all__ = ["FIELDS", "build", "documents", "files"]


def files(entries: Sequence[Entry], topics: Mapping[str, Topic]) -> dict[str, bytes]:
    """The files that the browser searches with, by output path. All settings are in them: the script has none."""
    encode = msgspec.json.encode
    manifest = {**browser_tables(), "rows": "rows.json", "index": "lunr.json", "papers": len(entries)}
    return {
        "search/manifest.json": encode(manifest),
        "search/lunr.json": encode(build(list(documents(entries, topics)))),
        "search/rows.json": encode(list(result_rows(entries))),
    }
