"""An answer in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from sitegen.arrays import Array, np
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
    others: tuple[Result, ...] = ()
    """Where few papers have all of the words: some that have part of them, not counted."""

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
            yield f'no paper has "{word}"; searched for "{meant}" (for exactly that, ask for \'"{word}"\')'
        for word in found.missing:
            yield f'no paper has "{word}"'
        if not found.total:
            yield "nothing found; try fewer words, or a part of one"
        elif found.whole == found.total:
            yield count(found.total, "paper")
        elif found.whole:
            yield f"{count(found.whole, 'paper')} with all of the words, {found.total - found.whole} with most or half"
        else:
            yield f"no paper has all of the words; {count(found.total, 'paper')} with most or half of them"


def answer(searcher: Searcher, entries: Sequence[Entry], query: str, limit: int) -> Answer:
    """What the index of these entries answers."""
    found = searcher.search(query)
    order = searcher.index.order

    def results(papers: Array, scores: Array) -> tuple[Result, ...]:
        ranked = zip([entries[place].paper for place in order[papers]], scores.tolist(), strict=True)
        return tuple(Result(paper.slug, paper.title, score) for paper, score in ranked)

    others = found.others[: max(0, limit - found.total)]
    best = results(found.papers[:limit], found.scores[:limit])
    return Answer(query, found, best, results(others, np.zeros(len(others))))
