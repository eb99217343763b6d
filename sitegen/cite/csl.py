"""CSL-JSON (schema 1.0.2), as Zotero, Mendeley, Pandoc and citeproc read it.

A preprint is an `article` with the archive's name as publisher and its number, as Zotero writes it.
"""

from __future__ import annotations

from typing import Any

from sitegen.cite.names import Name
from sitegen.cite.work import Work

_TYPES = {"conference": "paper-conference", "journal": "article-journal", "": "article"}


def item(work: Work) -> dict[str, Any]:
    """The work as one item of a CSL-JSON array."""
    arxiv = f"arXiv:{work.arxiv_id}" if work.arxiv_id else ""
    preprint = not work.venue.kind
    found = {
        "id": work.slug,
        "type": _TYPES[work.venue.kind],
        "title": work.title,
        "author": [_name(name) for name in work.authors],
        "container-title": work.venue.name,
        "volume": work.venue.volume,
        "issue": work.venue.issue,
        "publisher": "arXiv" if preprint and arxiv else "",
        "number": arxiv if preprint else "",
        "archive": "arXiv" if arxiv and not preprint else "",
        "archive_location": arxiv if not preprint else "",
        "issued": _date(work.issued),
        "original-date": _date(work.original),
        "DOI": work.doi,
        "URL": work.url,
        "keyword": ", ".join(work.keywords),
        "abstract": work.abstract,
    }
    return {key: value for key, value in found.items() if value}


def _name(name: Name) -> dict[str, str]:
    if name.literal:
        return {"literal": name.family}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {key: value for key, value in parts.items() if value}


def _date(text: str) -> dict[str, list[list[int]]]:
    return {"date-parts": [[int(part) for part in text.split("-")]]} if text else {}
