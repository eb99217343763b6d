"""OpenAlex works: JSON objects whose abstract is an inverted index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sitegen.errors import Problem, Where
from sitegen.ingest.fields import FROM_CSL
from sitegen.ingest.found import Found, arxiv_id, make
from sitegen.model import Source

FORMAT = "openalex"
_KINDS = {"preprint": "article", "article": "article-journal"}
_MOST_WORDS = 20_000


def fits(item: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a work of OpenAlex."""
    return str(item.get("id", "")).startswith("https://openalex.org/W")


def read(rows: Iterable[tuple[int, Any]], file: str) -> Iterator[Found | Problem]:
    """The papers of a list of works, each with its line."""
    for line, item in rows:
        if isinstance(item, dict):
            yield make(_mapped(item), Source(file, FORMAT), Where(file, line))
        else:
            yield Problem(Where(file, line), "should be a work of OpenAlex", "ask for the list again")


def _mapped(item: Mapping[str, Any]) -> dict[str, Any]:
    """The texts of a work by our field names. The venue is that of the published version, if there is one."""
    places = [p for p in (item.get("primary_location"), *_list(item.get("locations"))) if isinstance(p, dict)]
    venues = [p["source"] for p in places if isinstance(p.get("source"), dict)]
    venue: Mapping[str, Any] = next((v for v in venues if v.get("type") in ("journal", "conference")), {})
    links = [str(p.get("landing_page_url") or "") for p in places]
    biblio = item.get("biblio") if isinstance(item.get("biblio"), dict) else {}
    pages = [_text(biblio.get(name)) for name in ("first_page", "last_page")] if isinstance(biblio, dict) else []
    people = [a.get("author") for a in _list(item.get("authorships")) if isinstance(a, dict)]
    kind = _text(item.get("type"))
    return {
        "title": _text(item.get("title")) or _text(item.get("display_name")),
        "authors": [_text(person.get("display_name")) for person in people if isinstance(person, dict)],
        "published": _text(item.get("publication_date")) or str(item.get("publication_year") or ""),
        "venue": _text(venue.get("display_name")),
        "doi": _text(item.get("doi")),
        "arxiv_id": next(filter(None, map(arxiv_id, links)), ""),
        "kind": _KINDS.get(kind) or FROM_CSL.get(kind, ""),
        "volume": _text(biblio.get("volume")) if isinstance(biblio, dict) else "",
        "issue": _text(biblio.get("issue")) if isinstance(biblio, dict) else "",
        "pages": "-".join(page for page in pages if page),
        "abstract": _abstract(item.get("abstract_inverted_index")),
    }


def _abstract(index: Any) -> str:
    """The text of an inverted index: each word with its places."""
    if not isinstance(index, dict):
        return ""
    words = {
        place: str(word)
        for word, places in index.items()
        for place in _list(places)
        if isinstance(place, int) and 0 <= place < _MOST_WORDS
    }
    return " ".join(words[place] for place in sorted(words))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
