"""What every citation format needs to know of a paper."""

from __future__ import annotations

from typing import Any

import msgspec

from sitegen.cite import names
from sitegen.cite.names import Name
from sitegen.cite.venue import ARTICLE, understand
from sitegen.model import Entry, Paper, Site
from sitegen.text import unique
from sitegen.urls import is_web_link


class Work(msgspec.Struct, frozen=True):
    """A paper as a work to cite."""

    slug: str
    """Also its citation key: the permanent address does not change when other papers come."""
    title: str
    kind: str = ARTICLE
    """In CSL's words: `article` (a preprint), `article-journal`, `paper-conference`, `book`, ..."""
    authors: tuple[Name, ...] = ()
    venue: str = ""
    """Of a journal without its year, of a conference as the list has it."""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    publisher: str = ""
    issued: str = ""
    """YYYY[-MM[-DD]] of what is cited: the venue's year where it names one, else the first publication."""
    original: str = ""
    """YYYY[-MM[-DD]] of the first publication, where `issued` is the venue's year; mostly that of the preprint."""
    arxiv_id: str = ""
    arxiv_class: str = ""
    """Primary category, `cs.CL`, when the record knows it."""
    doi: str = ""
    url: str = ""
    """The paper's own address, or that of its DOI or preprint."""
    pdf_url: str = ""
    code_urls: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    also_titled: tuple[str, ...] = ()
    citation_key: str = ""
    """The curator's own."""
    abstract: str = ""

    @property
    def year(self) -> str:
        return self.issued[:4]

    @property
    def any_doi(self) -> str:
        """Its DOI, or the one that arXiv registers for every preprint."""
        return self.doi or (f"10.48550/arXiv.{self.arxiv_id}" if self.arxiv_id else "")

    @property
    def is_arxiv(self) -> bool:
        """Whether the preprint on arXiv is what is cited."""
        return self.kind == ARTICLE and bool(self.arxiv_id)


def work(paper: Paper, keywords: tuple[str, ...] = (), abstract: str = "") -> Work:
    """A record as a work. `abstract`: only where the site may publish it."""
    venue = understand(paper.venue, paper.kind)
    return Work(
        slug=paper.slug,
        title=paper.title,
        kind=venue.kind,
        authors=tuple(map(names.split, paper.authors)),
        venue=venue.name,
        volume=paper.volume or venue.volume,
        issue=paper.issue or venue.issue,
        pages=paper.pages,
        publisher=paper.publisher,
        issued=venue.year or paper.published,
        original=paper.published if venue.year else "",
        arxiv_id=paper.arxiv_id,
        arxiv_class=_category(paper.extra),
        doi=paper.doi,
        url=address(paper),
        pdf_url=paper.pdf_url if is_web_link(paper.pdf_url) else "",
        code_urls=tuple(filter(is_web_link, paper.code_urls)),
        keywords=keywords,
        also_titled=paper.also_titled,
        citation_key=paper.citation_key,
        abstract=abstract,
    )


def of_entry(entry: Entry, site: Site) -> Work:
    """A paper of the list as a work: with the curator's keywords first, with its abstract where the site shows it."""
    keywords = tuple(unique((*entry.words.keywords, *entry.paper.keywords)))
    return work(entry.paper, keywords, entry.abstract if site.show_abstracts else "")


def address(paper: Paper) -> str:
    """The paper's own address, or that of its preprint or DOI; empty when it has none."""
    return next(filter(is_web_link, (paper.url, _registered(paper))), "")


def _registered(paper: Paper) -> str:
    if paper.arxiv_id:
        return f"https://arxiv.org/abs/{paper.arxiv_id}"
    return f"https://doi.org/{paper.doi}" if paper.doi else ""


def _category(extra: dict[str, Any]) -> str:
    """arXiv's primary category, from records that have it: it stands first in a list of categories."""
    for key in ("primary_category", "categories"):
        value = extra.get(key)
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, str) and first:
            return first.split()[0]
    return ""
