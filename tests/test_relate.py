"""Related papers: judged by hand for 30 papers of the list, and the laws that hold for any list."""

from __future__ import annotations

import json
import math
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen import build, cli, relate
from sitegen.model import Entry, Neighbour, Paper, Placement, Words
from sitegen.relate import MOST

ROOT = Path(__file__).parents[1]
JUDGED: dict[str, dict[str, int]] = json.loads((ROOT / "tests/data/related.json").read_text("utf-8"))
"""By paper: how near others are, 3 for the same problem or method, 2 for the same narrow area, 1 loosely."""


def entry(slug: str, title: str, topic: str = "", summary: str = "") -> Entry:
    placements = (Placement(topic, 1.0, confirmed=True),) if topic else ()
    return Entry(Paper(slug, title), Words("", summary), placements=placements)


def gain(grades: list[int]) -> float:
    return math.fsum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def test_the_papers_that_a_reader_wants_next_come_first() -> None:
    found = relate.relate(build.load(ROOT).entries)
    shares = []
    for slug, grades in JUDGED.items():
        if best := gain(sorted(grades.values(), reverse=True)[:MOST]):
            shares.append(gain([grades.get(near.slug, 0) for near in found[slug]]) / best)
    assert len(shares) == 30
    assert sum(shares) / len(shares) >= 0.75


def test_good_neighbours_find_each_other() -> None:
    found = relate.relate(build.load(ROOT).entries)
    pairs = [(slug, near.slug) for slug, nears in found.items() for near in nears[:3]]
    mutual = [slug in {back.slug for back in found[near]} for slug, near in pairs]
    assert sum(mutual) / len(mutual) >= 0.75


FOUR = [
    entry("a", "Tidal adapters for harbours", "tides", "Harbour tides move adapters."),
    entry("b", "Harbour adapters and the tides", "tides", "Adapters follow harbour tides."),
    entry("c", "Counting bees with small networks", "bees", "Bees are counted in hives."),
    entry("d", "Networks that count hives of bees", "bees", "A hive of bees is counted."),
]


def test_neighbours_share_the_words_that_are_given_as_the_reason() -> None:
    found = relate.relate(FOUR)
    assert [near.slug for near in found["a"]][:1] == ["b"]
    assert [near.slug for near in found["c"]][:1] == ["d"]
    [reason] = [near.because for near in found["a"] if near.slug == "b"]
    assert set(reason) & {"harbours", "harbour", "adapters", "tidal", "tides"}


def test_the_order_of_papers_makes_no_difference() -> None:
    assert relate.relate(FOUR) == relate.relate(FOUR[::-1])


def test_a_paper_is_not_its_own_neighbour_and_strangers_are_not_shown() -> None:
    found = relate.relate([*FOUR, entry("e", "Owls")])
    assert all(near.slug != slug for slug, nears in found.items() for near in nears)
    assert found["e"] == ()


def test_a_paper_that_stands_in_the_list_twice_is_no_neighbour_of_itself_and_a_neighbour_once() -> None:
    twin = entry("a2", "Tidal Adapters for Harbours!", "tides", "Harbour tides move adapters.")
    found = relate.relate([*FOUR, twin])
    assert "a2" not in {near.slug for near in found["a"]}
    assert [near.slug for near in found["b"] if near.slug in ("a", "a2")] == ["a"]


def test_related_topics_share_papers_or_neighbours_the_nearest_first() -> None:
    entries = [
        Entry(Paper("x", "X"), placements=(Placement("tides", 1.0), Placement("boats", 1.0))),
        Entry(Paper("y", "Y"), placements=(Placement("boats", 1.0),)),
        Entry(Paper("z", "Z"), placements=(Placement("bees", 1.0),)),
        Entry(Paper("w", "W")),
    ]
    near = {"y": (Neighbour("z", 0.1, ()), Neighbour("w", 0.9, ()))}
    kin = relate.related_topics(entries, near)
    assert kin == relate.related_topics(entries[::-1], near)
    assert list(kin["boats"]) == ["tides", "bees"]
    assert kin["boats"]["tides"] == kin["tides"]["boats"] == 1
    assert 0 < kin["bees"]["boats"] < 1
    assert "bees" not in kin["tides"]


@pytest.mark.parametrize("entries", [[], FOUR[:1], [entry("a", "!!!"), entry("b", "???")]])
def test_a_list_without_neighbours_has_none(entries: list[Entry]) -> None:
    assert relate.relate(entries) == {e.slug: () for e in entries}


def test_beyond_ten_thousand_papers_the_heaviest_words_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = relate.relate(FOUR)
    monkeypatch.setattr(relate, "EXACT", 2)
    pruned = relate.relate(FOUR)
    assert {s: [n.slug for n in nears][:1] for s, nears in pruned.items()} == {
        s: [n.slug for n in nears][:1] for s, nears in exact.items()
    }


def test_the_command_prints_neighbours_with_their_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["related", "2407.05000", "--site", str(ROOT), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["related"]
    assert len(found) == MOST
    assert all(list(near) == ["slug", "title", "score", "because"] and near["because"] for near in found)
    assert [near["score"] for near in found] == sorted((near["score"] for near in found), reverse=True)


def test_an_unknown_paper_is_told_with_the_nearest_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["related", "lora-ga-low-rank-adaption", "--site", str(ROOT)]) == 1
    assert "lora-ga-low-rank-adaptation-with-gradient-approximation" in capsys.readouterr().err


TOPICS = st.lists(st.sampled_from("tides bees owls".split()), max_size=2, unique=True)


@pytest.mark.parametrize("exact", [relate.EXACT, 4])
@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.lists(TOPICS, min_size=12, max_size=12), st.dictionaries(st.integers(0, 11), TOPICS, max_size=3))
def test_following_papers_to_other_topics_gives_what_a_new_start_gives(
    exact: int, first: list[list[str]], moves: dict[int, list[str]]
) -> None:
    def under(paper: Entry, topics: list[str]) -> Entry:
        return msgspec.structs.replace(paper, placements=tuple(Placement(topic, 1.0) for topic in topics))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(relate, "EXACT", exact)
        patch.setattr(relate, "CLOSE", 7)
        patch.setattr(relate, "MOST", 2)
        patch.setattr(relate, "FEW", 0.5)
        papers = [
            msgspec.structs.replace(p, paper=Paper(f"{p.slug}{n}", f"{p.paper.title} {n * 'x'}ray {n // 2}sun"))
            for n in range(3)
            for p in FOUR
        ]
        before = [under(paper, topics) for paper, topics in zip(papers, first, strict=True)]
        after = [under(paper, moves.get(n, first[n])) for n, paper in enumerate(papers)]
        known = relate.ground(before)
        stood = {e.slug: e.topics for e in before}
        assert relate.relate(after, known, (stood, relate.relate(before, known))) == relate.relate(after)
