"""The effective papers for others: record, overrides, the curator's words and topics in one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from sitegen import store
from sitegen.model import Entry


def effective(entry: Entry) -> dict[str, Any]:
    """One paper as JSON keys: those of its record, then `abstract`, `tldr`, `summary`, `keywords`, `topics`."""
    record: dict[str, Any] = msgspec.json.decode(store.encode(entry.paper))
    words = entry.words
    keywords = list(dict.fromkeys((*words.keywords, *entry.paper.keywords)))
    said = {"abstract": entry.abstract, "tldr": words.tldr, "summary": words.summary, "keywords": keywords}
    topics = {"topics": list(entry.topics)}
    return {**record, **{key: value for key, value in said.items() if value}, **topics}


def jsonl(entries: Iterable[Entry]) -> Iterator[bytes]:
    """JSON Lines, sorted by slug, each with its line end."""
    for entry in sorted(entries, key=lambda e: e.slug):
        yield msgspec.json.encode(effective(entry)) + b"\n"
