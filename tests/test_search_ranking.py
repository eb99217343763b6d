"""The reader's ranking, judged: queries that we wrote for the shipped list, and what people said should be found."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from sitegen import build, search
from sitegen.search.reader import Found

ROOT = Path(__file__).parents[1]
JUDGED = ROOT / "tests" / "data" / "judged.txt"
CONTENT = build.load(ROOT)
SEARCHER = search.Searcher(search.index_of(CONTENT.entries, CONTENT.topics))
SLUGS = [CONTENT.entries[place].slug for place in SEARCHER.index.order.tolist()]


@dataclass(frozen=True)
class Judged:
    """A query, and the gain of each paper that answers it."""

    kind: str
    query: str
    gains: dict[str, int]


def _resolved(start: str) -> str:
    found: list[str] = [slug for slug in SLUGS if slug.startswith(start)]
    assert len(found) == 1, f"{start}: {found}"
    return found[0]


def judged() -> list[Judged]:
    """The judgements of the file."""
    found = []
    for line in JUDGED.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        kind, query, answers = (part.strip() for part in line.split(" | "))
        well, _, partly = answers.partition("/")
        gains = {_resolved(start): 1 for start in partly.split()} | {_resolved(start): 3 for start in well.split()}
        found.append(Judged(kind, query, gains))
    return found


def ndcg(gains: dict[str, int], slugs: list[str], depth: int = 10) -> float:
    """Normalised discounted cumulative gain of the first ten (Järvelin and Kekäläinen 2002), gains as they are."""
    ideal = sorted(gains.values(), reverse=True)[:depth]
    best = sum(gain / math.log2(place + 2) for place, gain in enumerate(ideal))
    return sum(gains.get(slug, 0) / math.log2(place + 2) for place, slug in enumerate(slugs[:depth])) / best


def slugs_of(found: Found) -> list[str]:
    return [SLUGS[number] for number in found.papers.tolist()]


CASES = judged()


def test_there_are_enough_judgements_of_every_kind() -> None:
    kinds = [case.kind for case in CASES]
    assert len(CASES) >= 60
    assert all(
        kinds.count(kind) >= 6 for kind in ("known", "acronym", "question", "typo?", "prefix", "author", "phrase")
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.query)
def test_no_answer_is_empty(case: Judged) -> None:
    assert SEARCHER.search(case.query).total > 0


@pytest.mark.parametrize("case", [case for case in CASES if case.kind == "known"], ids=lambda case: case.query)
def test_what_is_known_and_spelt_right_is_not_relaxed(case: Judged) -> None:
    assert not SEARCHER.search(case.query).relaxed


def edited(query: str, pick: random.Random) -> str:
    """The query with one letter left out, put in, changed, or swapped with the next."""
    words = query.split()
    place = pick.randrange(len(words))
    word, other = words[place], pick.choice("abcdefghijklmnopqrstuvwxyz")
    at = pick.randrange(len(word))
    start, end = word[:at], word[at + 1 :]
    swapped = start + word[at : at + 2][::-1] + word[at + 2 :]
    words[place] = pick.choice([start + end, start + other + word[at:], start + other + end, swapped]) or word
    return " ".join(words)


@pytest.mark.parametrize("seed", range(10))
def test_no_misspelling_has_an_empty_answer(seed: int) -> None:
    pick = random.Random(seed)
    asked = [edited(case.query, pick) for case in CASES]
    assert [query for query in asked if not SEARCHER.search(query).total] == []


def test_the_ranking_is_good() -> None:
    scores = {case.query: ndcg(case.gains, slugs_of(SEARCHER.search(case.query))) for case in CASES}
    mean = sum(scores.values()) / len(scores)
    worst = sorted((round(score, 2), query) for query, score in scores.items())[:12]
    assert mean >= 0.9, f"nDCG@10 {mean:.3f}; the worst: {worst}"


@pytest.mark.parametrize("kind", ["known", "author", "typo?", "prefix"])
def test_what_is_known_comes_first(kind: str) -> None:
    mine = [case for case in CASES if case.kind == kind]
    first = sum(case.gains.get(slugs_of(SEARCHER.search(case.query))[0], 0) > 0 for case in mine)
    assert first / len(mine) >= 0.9
