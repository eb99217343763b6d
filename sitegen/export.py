"""The effective papers for others: record, overrides, the curator's words and topics in one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from sitegen.model import Entry


def effective(entry: Entry) -> dict[str, Any]:
    """One paper as JSON keys: its record, what the curator says of it, and always `topics`, the primary one first."""
    record = msgspec.to_builtins(msgspec.structs.replace(entry.paper, extra={})) | entry.paper.extra
    words = entry.words
    keywords = list(dict.fromkeys((*words.keywords, *entry.paper.keywords)))
    said: dict[str, Any] = {
        "abstract": entry.abstract,
        "tldr": words.tldr,
        "summary": words.summary,
        "keywords": keywords,
    }
    if override := entry.override:
        links = [{"name": link.name, "url": link.url} for link in override.links]
        said |= {"note": override.note, "links": links, "pin": override.pin}
    return {**record, **{key: value for key, value in said.items() if value}, "topics": list(entry.topics)}


def jsonl(entries: Iterable[Entry]) -> Iterator[bytes]:
    """JSON Lines, sorted by slug, each with its line end."""
    for entry in sorted(entries, key=lambda e: e.slug):
        yield msgspec.json.encode(effective(entry)) + b"\n"
