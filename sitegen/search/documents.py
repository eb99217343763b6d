"""What is searched, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from sitegen.model import Entry, Topic
from sitegen.text import cut

FIELDS = {"title": 10.0, "authors": 5.0, "keywords": 4.0, "topics": 2.0, "venue": 2.0, "words": 2.0, "abstract": 1.0}
"""Field -> boost. `words` are the curator's."""


class Document(msgspec.Struct, frozen=True):
    """One paper to search. The fields are plain texts: lunr would keep the items of a list whole, unsearchable."""

    slug: str
    title: str
    authors: str
    keywords: str
    topics: str
    venue: str
    words: str
    abstract: str


def documents(entries: Iterable[Entry], topics: Mapping[str, Topic]) -> Iterator[Document]:
    """The papers' documents, in the order of the entries."""
    known = {slug: " ".join((topic.name, *topic.aliases)) for slug, topic in topics.items()}
    for entry in entries:
        paper, words = entry.paper, entry.words
        yield Document(
            paper.slug,
            " ".join((paper.title, *paper.also_titled)),
            ", ".join(paper.authors),
            ", ".join((*words.keywords, *paper.keywords)),
            ", ".join(known[slug] for slug in entry.topics),
            f"{paper.venue} {paper.published[:4]}",
            f"{words.tldr} {words.summary}",
            entry.abstract,
        )


class ResultRow(msgspec.Struct, frozen=True, array_like=True):
    """What a result shows. An array on the wire; `templates/assets/search/engine.js` names its places."""

    path: str
    title: str
    authors: str
    facts: str
    tldr: str


def result_rows(entries: Iterable[Entry]) -> Iterator[ResultRow]:
    """The papers' result rows, in the order of the entries: a row's number is its document's ref."""
    for entry in entries:
        paper = entry.paper
        names = ", ".join(paper.authors[:3]) + (" et al." if len(paper.authors) > 3 else "")
        facts = paper.venue or paper.published[:4]
        tldr = entry.words.tldr or cut(entry.words.summary or entry.abstract, 200)
        yield ResultRow(f"papers/{paper.slug}/", paper.title, names, facts, tldr)
