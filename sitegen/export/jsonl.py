"""JSON Lines: the effective papers for other programs; record, overrides, the curator's words and topics in one."""

from __future__ import annotations

from typing import Any

import msgspec

from sitegen.export.listing import Listing
from sitegen.model import Entry


def effective(entry: Entry, abstracts: bool = True) -> dict[str, Any]:
    """One paper as JSON keys: its record, what the curator says of it, and always `topics`, the primary one first."""
    record = msgspec.to_builtins(msgspec.structs.replace(entry.paper, extra={})) | entry.paper.extra
    words = entry.words
    keywords = list(dict.fromkeys((*words.keywords, *entry.paper.keywords)))
    said: dict[str, Any] = {
        "abstract": entry.abstract if abstracts else "",
        "tldr": words.tldr,
        "summary": words.summary,
        "keywords": keywords,
    }
    if override := entry.override:
        links = [{"name": link.name, "url": link.url} for link in override.links]
        said |= {"note": override.note, "links": links, "pin": override.pin}
    return {**record, **{key: value for key, value in said.items() if value}, "topics": list(entry.topics)}


def jsonl(listing: Listing) -> str:
    """JSON Lines, sorted by slug."""
    found = (effective(entry, listing.site.show_abstracts) for entry in listing.papers)
    return "".join(msgspec.json.encode(one).decode() + "\n" for one in found)
