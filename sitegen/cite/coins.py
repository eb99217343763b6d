"""COinS (OpenURL Z39.88-2004 in KEV form): a citation in a list, for reference managers that look at the page.

Every value is percent-encoded, spaces too: Zotero reads `+` as a space and splits at a bare `=`. Two or more on a
page make its picker of several items appear, so they belong on lists, never beside `citation_*` tags.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from sitegen.cite.work import Work

AUTHORS = 50
"""More make a list page too heavy; the paper's own page has them all."""


def coins(work: Work) -> str:
    """What the `title` of a `span.Z3988` holds, not yet escaped for HTML."""
    pairs = [("ctx_ver", "Z39.88-2004"), *_pairs(work)]
    return "&".join(f"{key}={quote(value, safe='')}" for key, value in pairs if value)


def _pairs(work: Work) -> Iterator[tuple[str, str]]:
    venue = work.venue
    if venue.kind == "journal":
        yield "rft_val_fmt", "info:ofi/fmt:kev:mtx:journal"
        yield from (("rft.genre", "article"), ("rft.atitle", work.title), ("rft.jtitle", venue.name))
        yield from (("rft.volume", venue.volume), ("rft.issue", venue.issue))
    elif venue.kind == "conference":
        yield "rft_val_fmt", "info:ofi/fmt:kev:mtx:book"
        yield from (("rft.genre", "proceeding"), ("rft.atitle", work.title), ("rft.btitle", venue.name))
    else:
        yield "rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"
        yield from (("rft.type", "preprint"), ("rft.title", work.title), ("rft.source", venue.name))
        yield "rft.publisher", "arXiv" if work.arxiv_id else ""
    yield from (("rft.au", author.inverted) for author in work.authors[:AUTHORS])
    yield "rft.date", work.issued
    doi = work.any_doi
    yield "rft_id", f"info:doi/{doi}" if doi else ""
    yield "rft_id", work.url
