"""What a record lacks, and whether an answer of a service is about the paper, and what may be taken from it."""

from __future__ import annotations

import msgspec

from sitegen.ingest.found import Found
from sitegen.model import Paper
from sitegen.tex import looks_cut
from sitegen.text import fold

PLAIN = ("authors", "venue", "doi", "arxiv_id", "url", "code_urls", "kind", "volume", "issue", "pages", "publisher")
"""Fields that are taken as they are where the record has none."""
FEWEST_WORDS = 3
"""Of a title that may be looked up without knowing an author."""


def lacking(paper: Paper, abstract: str) -> set[str]:
    """What a service may add to a record."""
    found = {"id"} if not paper.arxiv_id and not paper.doi else set()
    found |= {name for name in ("title", "authors", "published", "venue") if not getattr(paper, name)}
    found |= {"exact date"} if len(paper.published) < len("YYYY-MM-DD") else set()
    return found | ({"abstract"} if not abstract or looks_cut(abstract) else set())


def taken(paper: Paper, found: Paper) -> dict[str, object]:
    """The fields that the record lacks and an answer has; of a date, the more exact form."""
    changes: dict[str, object] = {n: getattr(found, n) for n in PLAIN if not getattr(paper, n) and getattr(found, n)}
    if len(found.published) > len(paper.published) and found.published.startswith(paper.published):
        changes["published"] = found.published
    return changes


def ids(paper: Paper) -> set[str]:
    """All that a service may know a paper by, arXiv's own DOI among it."""
    arxiv = paper.arxiv_id.lower()
    return {paper.doi, arxiv, f"10.48550/arxiv.{arxiv}" if arxiv else ""} - {""}


def identity(paper: Paper) -> Paper:
    """The paper's ids, and nothing that its title says."""
    return msgspec.structs.replace(paper, title="", also_titled=())


def ids_only(found: Found) -> Found:
    """A search is good for ids; the facts come from where the ids lead."""
    paper = Paper("", found.paper.title, arxiv_id=found.paper.arxiv_id, doi=found.paper.doi)
    return Found(paper, "", found.where)


def is_about(paper: Paper, answer: Paper) -> bool:
    """Whether an answer to a question about an id is about this paper: its titles are alike, or its authors agree."""
    for title in (paper.title, *paper.also_titled):
        ours, theirs = {*fold(title).split()}, {*fold(answer.title).split()}
        if ours <= theirs or theirs <= ours or 2 * len(ours & theirs) >= len(ours | theirs):
            return True
    return bool(paper.authors) and bool(answer.authors) and _authors_agree(paper, answer)


def is_surely(paper: Paper, answer: Paper) -> bool:
    """Whether a paper that a search for a title found is this one: a whole title, the same, of the same people."""
    title = fold(paper.title)
    if len(title.split()) < FEWEST_WORDS and not paper.authors:
        return False
    years = [int(p.published[:4]) for p in (paper, answer) if p.published]
    return (
        title == fold(answer.title)
        and _authors_agree(paper, answer)
        and max(years, default=0) - min(years, default=0) <= 2
    )


def _authors_agree(paper: Paper, answer: Paper) -> bool:
    """Whether two papers share a family name; true as well when one of them names nobody."""
    ours, theirs = ({fold(name).split()[-1] for name in p.authors if fold(name)} for p in (paper, answer))
    return not ours or not theirs or bool(ours & theirs)
