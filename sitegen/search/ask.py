"""An answer in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from sitegen.errors import count
from sitegen.model import Entry
from sitegen.search.reader import Found, Searcher


class Result(msgspec.Struct, frozen=True):
    """A paper that was found."""

    slug: str
    title: str
    score: float


class Answer(msgspec.Struct, frozen=True):
    """What a query found, and what was made of it."""

    query: str
    found: Found
    results: tuple[Result, ...]

    def as_json(self) -> dict[str, object]:
        """The form in which `--json` prints it."""
        results = [msgspec.structs.asdict(result) for result in self.results]
        return {"query": self.query, "relaxed": self.found.relaxed, "total": self.found.total, "results": results}

    def said(self) -> Iterator[str]:
        """What a person should know about the answer."""
        found = self.found
        if found.error:
            yield f"not a query ({found.error}); searched for its words"
        for word, meant in found.repairs:
            yield f'no paper has "{word}"; searched for "{meant}"'
        for word in found.missing:
            yield f'no paper has "{word}"'
        if not found.total:
            yield "nothing found; try fewer words, or a part of one"
        elif found.relaxed:
            yield f"{count(found.total, 'paper')}, not all with all of the words as they were written"
        else:
            yield count(found.total, "paper")


def answer(searcher: Searcher, entries: Sequence[Entry], query: str, limit: int) -> Answer:
    """What the index of these entries answers."""
    found = searcher.search(query)
    order = searcher.index.order
    best = zip(found.papers[:limit].tolist(), found.scores[:limit].tolist(), strict=True)
    results = [(entries[order[number]].paper, score) for number, score in best]
    return Answer(query, found, tuple(Result(paper.slug, paper.title, score) for paper, score in results))
