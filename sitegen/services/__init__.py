"""Web services that know about papers: what each is asked, how, and what it can say. Only `enrich` uses a network.

Limits, as documented in 2026: arXiv one request in 3 seconds; Crossref asks for a contact; OpenAlex takes a key for
lists and searches, but single works by DOI are free without one; Hugging Face knows papers that were shown there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import msgspec

from sitegen.model import Paper
from sitegen.services.client import Client, Unanswered

__all__ = ["Client", "Service", "Unanswered", "batches", "services"]


@dataclass(frozen=True)
class Service:
    """One kind of question to one service."""

    name: str
    """Recorded as the source of a fact."""
    gap: float
    """Least seconds between two requests."""
    gives: frozenset[str]
    """The fields that it is asked for."""
    key: Callable[[Paper], str]
    """What it knows a paper by: an id, or a title; empty when it cannot be asked about this paper."""
    address: Callable[[Sequence[str]], str]
    """The URL of a question about some keys."""
    fault: Callable[[bytes], str]
    """What is wrong with an answer, or nothing."""
    at_once: int = 1
    """How many papers one request may ask about."""
    by_title: bool = False
    """Whether it looks titles up, so that the answer may be about other papers too."""


def services(
    contact: str = "",
    arxiv: str = "https://export.arxiv.org/api/query",
    huggingface: str = "https://huggingface.co/api/papers",
    crossref: str = "https://api.crossref.org/works",
    openalex: str = "https://api.openalex.org/works",
) -> tuple[Service, ...]:
    """The services, the best source of a fact first. The addresses are where each is found."""
    polite = {"mailto": contact} if "@" in contact else {}
    whole = frozenset({"title", "authors", "published", "abstract"})
    of_its_own = whole | {"exact date"}

    def arxiv_address(ids: Sequence[str]) -> str:
        return f"{arxiv}?{urlencode({'id_list': ','.join(ids), 'max_results': len(ids)}, safe=',/')}"

    def crossref_address(dois: Sequence[str]) -> str:
        return f"{crossref}/{quote(dois[0], safe='')}" + (f"?{urlencode(polite)}" if polite else "")

    def crossref_search(titles: Sequence[str]) -> str:
        return f"{crossref}?{urlencode({'query.bibliographic': titles[0], 'rows': 3, **polite})}"

    return (
        Service(
            "huggingface", 1.0, frozenset({"id"}), _title_alone,
            lambda titles: f"{huggingface}/search?{urlencode({'q': titles[0]})}", _json_fault, by_title=True,
        ),
        Service("crossref", 1.0, frozenset({"id"}), _title_alone, crossref_search, _json_fault, by_title=True),
        Service("arxiv", 3.0, of_its_own, lambda paper: paper.arxiv_id, arxiv_address, _atom_fault, at_once=50),
        Service(
            "crossref", 1.0, whole | {"venue"}, lambda paper: paper.doi,
            crossref_address, _json_fault,
        ),
        Service(
            "openalex", 1.0, whole | {"venue"}, _any_doi,
            lambda dois: f"{openalex}/doi:{quote(dois[0], safe='/')}", _json_fault,
        ),
        Service(
            "huggingface", 1.0, whole, lambda paper: paper.arxiv_id,
            lambda ids: f"{huggingface}/{quote(ids[0])}", _json_fault,
        ),
    )  # fmt: skip


def batches(keys: Iterable[str], size: int) -> Iterator[list[str]]:
    """The keys in order, so many at a time."""
    todo = list(keys)
    for start in range(0, len(todo), size):
        yield todo[start : start + size]


def _title_alone(paper: Paper) -> str:
    """The title of a paper that has no id."""
    return "" if paper.arxiv_id or paper.doi else paper.title


def _any_doi(paper: Paper) -> str:
    """The DOI of a paper, if need be the one that arXiv registers for each of its own."""
    return paper.doi or (f"10.48550/arxiv.{paper.arxiv_id.lower()}" if paper.arxiv_id else "")


def _json_fault(body: bytes) -> str:
    try:
        held = msgspec.json.decode(body)
    except (ValueError, msgspec.MsgspecError, RecursionError):
        return "its answer is a web page" if body.lstrip()[:1] == b"<" else "its answer is no JSON, or cut off"
    return "" if isinstance(held, dict | list) else "its answer is no paper"


def _atom_fault(body: bytes) -> str:
    if b"<feed" not in body[:2000]:
        return f"its answer is no feed: {body[:40].decode('utf-8', 'replace')!r}"
    return "" if body.rstrip().endswith(b"</feed>") else "its answer was cut off"
