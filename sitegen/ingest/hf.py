"""Hugging Face: the papers API (`daily_papers`, `papers/<id>`) and the data in its saved pages, which has its shape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sitegen import dates
from sitegen.errors import Problem, Where
from sitegen.ingest import hf_list
from sitegen.ingest.found import Found, arxiv_id, make
from sitegen.model import Source

FORMAT = "hf-api"


def fits(item: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a paper of the API: an item of a list, which holds one, or the paper itself."""
    held = item.get("paper")
    return bool(arxiv_id(str(_inner(item).get("id", "")))) and (
        isinstance(held, dict) or bool(item.keys() & {"upvotes", "discussionId", "publishedAt", "submittedOnDailyAt"})
    )


def _inner(item: Mapping[str, Any]) -> Mapping[str, Any]:
    held = item.get("paper")
    return held if isinstance(held, dict) else item


def read(rows: Iterable[tuple[int, Any]], file: str, date: str = "") -> Iterator[Found | Problem]:
    """The papers of a list, each with its line. `date`: the list's, YYYY[-MM[-DD]], when it is known."""
    known = list(rows)
    featured = {_day(item.get("publishedAt")) for _, item in known if isinstance(item, dict) and "paper" in item}
    listed = date or _common(featured)
    for position, (line, item) in enumerate(known, 1):
        where = Where(file, line)
        if not isinstance(item, dict):
            yield Problem(where, "should be an object with a paper", "save the list again")
            continue
        is_listed = isinstance(item.get("paper"), dict)
        source = Source(file, hf_list.FORMAT, listed, position) if is_listed else Source(file, FORMAT)
        yield make(_mapped(item), source, where)


def _mapped(item: Mapping[str, Any]) -> dict[str, Any]:
    """The texts of a paper by our field names. Outside and inside, `publishedAt` means different days."""
    held = _inner(item)
    found = arxiv_id(str(held.get("id", "")))
    authors = held.get("authors")
    people = [a for a in authors if isinstance(a, dict) and not a.get("hidden")] if isinstance(authors, list) else []
    words = held.get("ai_keywords")
    return {
        "title": _text(held.get("title")) or _text(item.get("title")),
        "abstract": _text(held.get("summary")) or _text(item.get("summary")),
        "authors": [_text(person.get("name")) for person in people],
        "published": _day(held.get("publishedAt")),
        "arxiv_id": found,
        "url": f"https://arxiv.org/abs/{found}" if found else "",
        "code_urls": [_text(held.get("githubRepo"))] if _text(held.get("githubRepo")) else [],
        "keywords": [_text(word) for word in words] if isinstance(words, list) else [],
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _day(value: Any) -> str:
    """The day of a time stamp; empty when it is none."""
    day = _text(value)[: len("YYYY-MM-DD")]
    return day if dates.is_partial(day) else ""


def _common(days: set[str]) -> str:
    """The day that all items share, else their month, else nothing."""
    for length in (len("YYYY-MM-DD"), len("YYYY-MM")):
        if len(cut := {day[:length] for day in days}) == 1:
            return cut.pop()
    return ""
