"""COinS (OpenURL Z39.88-2004 in KEV form): a citation in a list, for reference managers that look at the page.

Every value is percent-encoded, spaces too: Zotero reads `+` as a space and splits at a bare `=`. Two or more on a
page make its picker of several items appear, so they belong on lists, never beside `citation_*` tags.
"""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.cite.venue import ARTICLE, JOURNAL
from sitegen.cite.work import Work
from sitegen.urls import quoted

AUTHORS = 50
"""More make a list page too heavy; the paper's own page has them all."""


_GENRES = {"paper-conference": "proceeding", "chapter": "bookitem", "book": "book", "report": "report"}


def coins(work: Work) -> str:
    """What the `title` of a `span.Z3988` holds, not yet escaped for HTML."""
    pairs = [("ctx_ver", "Z39.88-2004"), *_pairs(work)]
    return "&".join(f"{key}={quoted(value, '')}" for key, value in pairs if value)


def _pairs(work: Work) -> Iterator[tuple[str, str]]:
    if work.kind == JOURNAL:
        yield "rft_val_fmt", "info:ofi/fmt:kev:mtx:journal"
        yield from (("rft.genre", "article"), ("rft.atitle", work.title), ("rft.jtitle", work.venue))
        yield from (("rft.volume", work.volume), ("rft.issue", work.issue))
    elif work.kind == ARTICLE:
        yield "rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"
        yield from (("rft.type", "preprint"), ("rft.title", work.title), ("rft.source", work.venue))
    elif work.kind == "thesis":
        yield "rft_val_fmt", "info:ofi/fmt:kev:mtx:dissertation"
        yield from (("rft.title", work.title), ("rft.inst", work.publisher))
    else:
        yield "rft_val_fmt", "info:ofi/fmt:kev:mtx:book"
        genre = _GENRES.get(work.kind, "document")
        part = genre in ("proceeding", "bookitem")
        yield from (("rft.genre", genre), ("rft.atitle" if part else "rft.title", work.title))
        yield "rft.btitle", work.venue
    yield "rft.publisher" if work.kind == ARTICLE else "rft.pub", work.publisher or ("arXiv" if work.is_arxiv else "")
    yield from (("rft.au", author.inverted) for author in work.authors[:AUTHORS])
    yield from (("rft.pages", work.pages), ("rft.date", work.issued))
    doi = work.any_doi
    yield "rft_id", f"info:doi/{doi}" if doi else ""
    yield "rft_id", work.url
