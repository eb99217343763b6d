"""Facts that a paper lacks, as a person types them, and as the overrides hold them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from sitegen import keys
from sitegen.errors import Where, fail
from sitegen.fields import Unfit
from sitegen.yamlio import List, make_text

ASKED = {
    "authors": "Authors (parted by semicolons)",
    "date": "Date (2024-10-09, 2024-10 or 2024)",
    "venue": "Venue",
    "link": "Link, arXiv id or DOI",
    "abstract": "The whole abstract, in one line",
}
"""What is asked for, in the words of the question."""


def corrected(fact: str, typed: str) -> Mapping[str, str | list[str]]:
    """The fields of an override that say what was typed. Raises SiteError, in the words of the loader."""
    field, value = _FIELDS[fact](typed)
    where = Where(fact)
    if not value:
        raise fail(fact, "there is nothing in it", "type it, or press Enter to go on")
    try:
        if isinstance(value, str):
            keys.OVERRIDE[field](make_text(value, where))
        else:
            keys.OVERRIDE[field](List(make_text(item, where) for item in value))
    except Unfit as unfit:
        raise fail(fact, unfit.problem.message, unfit.problem.hint) from unfit
    return {field: value}


def _authors(typed: str) -> tuple[str, list[str]]:
    """Names: parted by semicolons, or by commas and "and" where every part has a first and a last name."""
    parts = typed.split(";")
    if len(parts) == 1:
        looser = re.split(r",?\s+(?:and|&)\s+|,\s*", typed)
        parts = looser if all(" " in part.strip() for part in looser) else re.split(r"\s+(?:and|&)\s+", typed)
    return "authors", [part.strip() for part in parts if part.strip()]


_BEFORE = re.compile(r"https?://(?:www\.|export\.)?(?:arxiv\.org/(?:abs|pdf)/|(?:dx\.)?doi\.org/)", re.IGNORECASE)


def _link(typed: str) -> tuple[str, str]:
    """An arXiv id or a DOI, also out of a link to one; else the link."""
    bare = _BEFORE.sub("", typed).removesuffix(".pdf")
    for field in ("arxiv_id", "doi"):
        try:
            return field, keys.OVERRIDE[field](make_text(bare, Where("link")))
        except Unfit:
            continue
    return "url", typed


_FIELDS: Mapping[str, Callable[[str], tuple[str, str | list[str]]]] = {
    "authors": _authors,
    "date": lambda typed: ("published", typed),
    "venue": lambda typed: ("venue", typed),
    "link": _link,
    "abstract": lambda typed: ("abstract", typed),
}
