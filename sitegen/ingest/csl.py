"""CSL-JSON as Zotero, Mendeley and citeproc write it, and Crossref's works, which are nearly the same."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sitegen.errors import Problem, Where
from sitegen.ingest.fields import CSL, CSL_CUSTOM, FROM_CSL
from sitegen.ingest.found import Found, arxiv_id, dated_venue, is_address, make, venue
from sitegen.ingest.names import shown, turned
from sitegen.model import Source

FORMAT = "csl-json"

_MARKUP = re.compile(r"</?(?:jats:[a-z-]+|i|b|p|em|strong|sub|sup|sc|span)(?:\s[^<>]{0,200})?/?>", re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:jats:)?(?:p|title|sec|list|list-item)>", re.IGNORECASE)


def fits(item: Mapping[str, Any]) -> bool:
    """Whether a JSON object is an item of CSL-JSON: its authors or its date have the shape of CSL."""
    authors, issued = item.get("author"), item.get("issued")
    named = isinstance(authors, list) and any(isinstance(a, dict) and a.keys() & {"family", "literal"} for a in authors)
    dated = isinstance(issued, dict) and bool(issued.keys() & {"date-parts", "raw", "literal", "season"})
    known = str(item.get("type")) in FROM_CSL
    return named or dated or (known and bool(item.keys() & {"container-title", "DOI", "URL", "id"}))


def read(items: Iterable[tuple[int, Any]], file: str) -> Iterator[Found | Problem]:
    """The papers of CSL items, each with its line."""
    for line, item in items:
        if isinstance(item, dict):
            yield make(_mapped(item), Source(file, FORMAT), Where(file, line))
        else:
            yield Problem(Where(file, line), "should be an object with a title", 'write {"title": "...", ...}')


def _mapped(item: Mapping[str, Any]) -> dict[str, Any]:
    """The texts of an item by our field names."""
    raw: dict[str, Any] = {}
    for name, field in CSL.items():
        value = item.get(name)
        if value and not raw.get(field):
            raw[field] = value if field in ("authors", "published", "custom", "keywords") else _text(value)
    custom = raw.pop("custom", None)
    for name in CSL_CUSTOM:
        if isinstance(custom, dict) and custom.get(name):
            raw.setdefault(name, custom[name])
    for name in ("title", "abstract", "venue"):
        raw[name] = _unmarked(raw.get(name, ""))
    authors = raw.get("authors", ())
    raw["authors"] = [name for name in map(_name, authors if isinstance(authors, list) else [authors]) if name]
    raw["published"] = _date(raw.get("published"))
    if is_address(key := _text(raw.pop("id", "")), raw["title"]):
        raw["slug"] = key
    raw["kind"] = FROM_CSL.get(_text(raw.get("kind", "")), "")
    raw["venue"], noted = venue(raw["venue"])
    raw["venue"] = dated_venue(raw, _date(item.get("issued"))[:4], _date(item.get("original-date")))
    notes = re.search(r"arxiv: ?(\S+)", raw.pop("notes", ""), re.IGNORECASE)
    ids = [str(raw.get("arxiv_id", "")).split(" ")[0], noted, notes[1] if notes else ""]
    if raw["kind"] == "report" and not arxiv_id(ids[0]):
        raw["issue"] = raw.get("issue") or raw.get("arxiv_id", "")
    raw["arxiv_id"] = next(filter(None, map(arxiv_id, ids)), "")
    if raw["arxiv_id"] and venue(raw.get("publisher", ""))[0] == "":
        raw.pop("publisher", None)
    return raw


def _text(value: Any) -> str:
    """A text; of a list (Crossref) its first."""
    while isinstance(value, list):
        value = value[0] if value else ""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _unmarked(text: str) -> str:
    """Without the few elements that CSL (and JATS, at Crossref) allow in texts."""
    if "<" not in text and "&" not in text:
        return text
    bare = _MARKUP.sub("", _BLOCK.sub(" ", text))
    return html.unescape(bare) if bare != text or re.search(r"&(?:amp|lt|gt|quot|#\d{1,7});", text) else text


def _name(author: Any) -> str:
    if isinstance(author, str):
        return turned(author)
    if not isinstance(author, dict):
        return ""
    part = {key: value for key, value in author.items() if isinstance(value, str)}
    particle = " ".join(part[key] for key in ("dropping-particle", "non-dropping-particle") if part.get(key))
    name = shown(part.get("given", ""), particle, part.get("family", ""), part.get("suffix", ""))
    return name or part.get("literal", "") or part.get("name", "")


def _date(issued: Any) -> str:
    """YYYY[-MM[-DD]] from `{"date-parts": [[2024, 10, 9]]}`, `{"raw": "2024-10-09"}` or a text."""
    if not isinstance(issued, dict):
        return str(issued) if isinstance(issued, str | int) else ""
    parts = issued.get("date-parts")
    while isinstance(parts, list) and parts and isinstance(parts[0], list):
        parts = parts[0]
    if isinstance(parts, list) and parts:
        return "-".join(str(part).zfill(2) for part in parts[:3] if isinstance(part, int | str) and str(part))
    return next((str(issued[key]) for key in ("raw", "literal", "year") if issued.get(key)), "")
