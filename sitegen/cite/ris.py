"""RIS, as Zotero, EndNote, Mendeley and JabRef read it: a tag a line, UTF-8, CRLF line ends as the format has them.

`DA` and `PY` are the date of what is cited. RIS has no tag for the first publication: it is in `M1` as
`original-date: YYYY-MM`, which Zotero keeps as the CSL variable of that name.
"""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.cite.work import Work

_TYPES = {
    "article": "UNPB", "article-journal": "JOUR", "paper-conference": "CPAPER", "book": "BOOK", "chapter": "CHAP",
    "thesis": "THES", "report": "RPRT", "software": "COMP", "dataset": "DATA",
}  # fmt: skip


def ris(work: Work) -> str:
    """The entry, from TY to ER, and an empty line after it."""
    lines = [f"{tag}  - {' '.join(text.split())}" for tag, text in _tags(work) if text]
    return "\r\n".join([f"TY  - {_TYPES[work.kind]}", *lines, "ER  - ", "", ""])


def _tags(work: Work) -> Iterator[tuple[str, str]]:
    yield "ID", work.slug
    yield "LB", work.citation_key
    yield "TI", work.title
    yield from (("AU", author.inverted) for author in work.authors)
    yield from (("TT", title) for title in work.also_titled)
    first, _, last = work.pages.partition("-")
    yield from (("T2", work.venue), ("VL", work.volume), ("IS", work.issue), ("SP", first), ("EP", last))
    yield "PB", work.publisher
    yield "PY", work.year
    yield "DA", date(work.issued)
    yield "M1", f"original-date: {work.original}" if work.original else ""
    yield "DO", work.doi
    yield "AN", f"arXiv:{work.arxiv_id}" if work.arxiv_id else ""
    yield "UR", work.url
    yield "L1", work.pdf_url
    yield from (("N1", f"code: {url}") for url in work.code_urls)
    yield from (("KW", word) for word in work.keywords)
    yield "AB", work.abstract


def date(text: str) -> str:
    """`YYYY/MM/DD/`, with what is not known left empty."""
    year, month, day = [*text.split("-"), "", ""][:3]
    return f"{year}/{month}/{day}/" if year else ""
