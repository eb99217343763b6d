"""What every citation format needs to know of a paper."""

from __future__ import annotations

from typing import Any

import msgspec

from sitegen.cite import names
from sitegen.cite.names import Name
from sitegen.cite.venue import Venue, understand
from sitegen.model import Paper


class Work(msgspec.Struct, frozen=True):
    """A paper as a work to cite."""

    slug: str
    """Also its citation key: the permanent address does not change when other papers come."""
    title: str
    authors: tuple[Name, ...] = ()
    venue: Venue = Venue()
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
    keywords: tuple[str, ...] = ()
    abstract: str = ""

    @property
    def year(self) -> str:
        return self.issued[:4]


def work(paper: Paper, keywords: tuple[str, ...] = (), abstract: str = "") -> Work:
    """A record as a work. `abstract`: only where the site may publish it."""
    venue = understand(paper.venue)
    return Work(
        paper.slug,
        paper.title,
        tuple(map(names.split, paper.authors)),
        venue,
        venue.year or paper.published,
        paper.published if venue.year else "",
        paper.arxiv_id,
        _category(paper.extra),
        paper.doi,
        paper.url or _address(paper),
        paper.pdf_url,
        keywords,
        abstract,
    )


def _address(paper: Paper) -> str:
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
