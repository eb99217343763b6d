"""`citation_*` tags, which Google Scholar and reference managers read in the head of a paper's page.

One tag per author, in order; dates `YYYY/MM/DD`, or the year alone; no empty tag. A preprint is a technical report of
arXiv: with a title alone Zotero would guess a journal article.
"""

from __future__ import annotations

from collections.abc import Iterator

from sitegen.cite.venue import CONFERENCE, JOURNAL
from sitegen.cite.work import Work


def highwire(work: Work) -> tuple[tuple[str, str], ...]:
    """(name, content) of each tag."""
    return tuple((f"citation_{name}", content) for name, content in _tags(work) if content)


def _tags(work: Work) -> Iterator[tuple[str, str]]:
    yield "title", work.title
    yield from (("author", author.written if author.literal else author.inverted) for author in work.authors)
    yield "publication_date", _date(work.issued)
    if _date(work.original) != _date(work.issued):
        yield "online_date", _date(work.original)
    yield from _place(work)
    first, _, last = work.pages.partition("-")
    yield from (("firstpage", first), ("lastpage", last))
    yield "arxiv_id", work.arxiv_id
    yield "doi", work.any_doi
    yield "public_url", work.url
    yield "pdf_url", work.pdf_url or (f"https://arxiv.org/pdf/{work.arxiv_id}" if work.arxiv_id else "")
    yield from (("keywords", word) for word in work.keywords)
    yield "abstract", work.abstract


def _place(work: Work) -> Iterator[tuple[str, str]]:
    """Where it appeared; the tag also says what kind of work it is."""
    if work.kind == JOURNAL:
        yield from (("journal_title", work.venue), ("volume", work.volume), ("issue", work.issue))
    elif work.kind == CONFERENCE:
        yield "conference_title", work.venue
    elif work.kind == "chapter":
        yield "inbook_title", work.venue
    elif work.kind == "thesis":
        yield "dissertation_institution", work.publisher
    elif work.kind == "report":
        yield from (("technical_report_institution", work.publisher), ("technical_report_number", work.issue))
    elif work.is_arxiv:
        yield from (("technical_report_institution", "arXiv"), ("technical_report_number", f"arXiv:{work.arxiv_id}"))


def _date(text: str) -> str:
    return text.replace("-", "/") if len(text) == 10 else text[:4]
