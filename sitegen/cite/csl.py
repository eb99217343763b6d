"""CSL-JSON (schema 1.0.2), as Zotero, Mendeley, Pandoc and citeproc read it.

A preprint is an `article` with the archive's name as publisher and its number, as Zotero writes it. What CSL has no
variable for stands in `custom`.
"""

from __future__ import annotations

from typing import Any

from sitegen.cite.names import Name
from sitegen.cite.venue import ARTICLE
from sitegen.cite.work import Work


def item(work: Work) -> dict[str, Any]:
    """The work as one item of a CSL-JSON array."""
    arxiv = f"arXiv:{work.arxiv_id}" if work.arxiv_id else ""
    number = arxiv if work.kind == ARTICLE else work.issue if work.kind == "report" else ""
    custom = {"also_titled": work.also_titled, "pdf_url": work.pdf_url, "code_urls": work.code_urls}
    found = {
        "id": work.slug,
        "citation-key": work.citation_key,
        "type": work.kind,
        "title": work.title,
        "author": [_name(name) for name in work.authors],
        "container-title": work.venue,
        "volume": work.volume,
        "issue": work.issue if work.kind != "report" else "",
        "page": work.pages,
        "publisher": work.publisher or ("arXiv" if work.is_arxiv else ""),
        "number": number,
        "archive": "arXiv" if arxiv != number else "",
        "archive_location": arxiv if arxiv != number else "",
        "issued": _date(work.issued),
        "original-date": _date(work.original),
        "DOI": work.doi,
        "URL": work.url,
        "keyword": ", ".join(work.keywords),
        "abstract": work.abstract,
        "custom": {key: value for key, value in custom.items() if value},
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
