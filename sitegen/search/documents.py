"""What is searched, field by field, and what a result shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from sitegen import maths
from sitegen.model import Entry, Topic
from sitegen.tex import cut_around_maths
from sitegen.text import unique
from sitegen.words import Words

Places = Literal["", "order", "part"]


class Field(msgspec.Struct, frozen=True):
    """One searched field."""

    name: str
    boost: float
    places: Places = ""
    """What is kept of where a word stands: its place in the order of terms (a title), or the number of its
    comma-separated part (a list of authors). Phrases and names are recognised by it."""


FIELDS = (
    Field("title", 10, "order"),
    Field("authors", 5, "part"),
    Field("keywords", 4),
    Field("also", 4),
    Field("words", 2),
    Field("topics", 2),
    Field("venue", 2),
    Field("abstract", 1),
)
"""`words` are the curator's; `also` holds other titles, and what `expand` finds: `RLHF` for a paper that spells it out.
At most eight: the browser keeps the order of a paper's matched fields in one number."""


class Document(msgspec.Struct, frozen=True):
    """One paper to search. The fields are plain texts: lunr would keep the items of a list whole, unsearchable."""

    slug: str
    title: str
    authors: str = ""
    keywords: str = ""
    also: str = ""
    words: str = ""
    topics: str = ""
    venue: str = ""
    abstract: str = ""


def documents(entries: Iterable[Entry], topics: Mapping[str, Topic]) -> Iterator[Document]:
    """The papers' documents, in the order of the entries."""
    for entry in entries:
        paper, words = entry.paper, entry.words
        yield Document(
            paper.slug,
            paper.title,
            ", ".join(paper.authors),
            ", ".join(unique((*words.keywords, *paper.keywords))),
            "; ".join(paper.also_titled),
            f"{words.tldr} {words.summary}".strip(),
            topic_names(entry, topics),
            f"{paper.venue} {paper.published[:4]}".strip(),
            entry.abstract,
        )


def topic_names(entry: Entry, topics: Mapping[str, Topic]) -> str:
    """The names of a paper's topics, and the aliases of the primary one."""
    placed = [topics[slug] for slug in entry.topics]
    return ", ".join([*[topic.name for topic in placed], *(placed[0].aliases if placed else ())])


def phrases(topics: Iterable[Topic]) -> list[list[str]]:
    """The names of each topic; an acronym among them belongs to the phrase whose initials it has."""
    return [[topic.name, *topic.aliases] for topic in topics]


class ResultRow(msgspec.Struct, frozen=True, array_like=True):
    """What a result shows. An array on the wire; `templates/assets/search/finder.js` names its places."""

    slug: str
    title: str
    authors: str
    facts: str
    tldr: str
    maths: dict[str, maths.Tree]
    """The maths of title and tldr: TeX as it stands there -> its element."""


def result_rows(entries: Sequence[Entry], words: Words, abstracts: bool = True) -> list[ResultRow]:
    """The papers' result rows, in the order of the entries. `abstracts`: whether a reader may see them."""
    rows = []
    for entry in entries:
        paper = entry.paper
        names = words.some_names(paper.authors)
        facts = paper.venue or paper.published[:4]
        tldr = entry.words.tldr or cut_around_maths(entry.words.summary or (entry.abstract if abstracts else ""), 160)
        rows.append(ResultRow(paper.slug, paper.title, names, facts, tldr, maths.trees(paper.title, tldr)))
    return rows
