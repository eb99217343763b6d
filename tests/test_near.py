"""Near-duplicates are reported for a person to see, and never merged."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen import intake
from sitegen.near import near_duplicates

ALIKE = [
    pytest.param(
        "Tidal Adapters for Slow Harbours in Winter", "Tidal Adapters for Slow Harbors in Winter", id="a-letter"
    ),
    pytest.param("Slow Harbours, Tidal Adapters", "Tidal Adapters: Slow Harbours", id="order-of-words"),
    pytest.param(
        "Tidal Adapters for Slow Harbours in Winter",
        "Tidal Adapters for Slow Harbours in Early Winter",
        id="one-more-word",
    ),
    pytest.param("Tidal Tokenisation", "Tidal Tokenization", id="spelling"),
    pytest.param("Optimising Tokenisation", "Optimizing Tokenization", id="spelling-of-every-word"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
@pytest.mark.parametrize("fresh", ["a", "b"])
def test_titles_that_are_nearly_the_same_are_found(one: str, other: str, fresh: str) -> None:
    titles = {"a": one, "b": other, "c": "Counting Bees with Small Networks"}
    [pair] = near_duplicates(titles, [fresh])
    assert set(pair) == {"a", "b"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Tidal Adapters for Slow Harbours", "Counting Bees with Small Networks", id="nothing-in-common"),
        pytest.param("A Survey of Small Networks", "A Survey of Tidal Adapters", id="a-common-beginning"),
        pytest.param("Bees", "Counting Bees with Small Networks", id="one-word-of-it"),
        pytest.param("大模型", "Tides", id="other-scripts"),
        pytest.param("!!!", "???", id="no-words"),
    ],
)
def test_titles_that_are_different_are_not(one: str, other: str) -> None:
    assert near_duplicates({"a": one, "b": other}, ["a", "b"]) == []


def test_each_pair_is_told_once_and_only_when_one_of_it_is_new() -> None:
    titles = {"a": "Tidal Adapters Slow Harbours", "b": "Slow Harbours Tidal Adapters", "c": "Bees", "d": "Bees Bees"}
    assert len(near_duplicates(titles, ["a", "b"])) == 1
    assert near_duplicates(titles, []) == []


def test_import_reports_near_duplicates_and_keeps_both(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("title,year\nTidal Adapters for Slow Harbours,2024\nTidal Adapters for Slow Harbors,2024\n")
    report = intake.run(tmp_path, [path])
    assert (report.papers, report.new) == (2, 2)
    [problem] = report.problems
    assert "tidal-adapters-for-slow-harbours" in problem.message
    assert "tidal-adapters-for-slow-harbors" in problem.message
    assert intake.run(tmp_path, [path]).problems == []


WORDS = st.sampled_from("tide moon harbour bee hive small slow winter net rank".split())
TITLES = st.lists(st.lists(WORDS, min_size=3, max_size=10, unique=True).map(" ".join), min_size=2, max_size=8)


@settings(deadline=None, max_examples=200, derandomize=True)
@given(TITLES)
def test_the_order_of_papers_makes_no_difference(texts: list[str]) -> None:
    titles = {f"p{n}": text for n, text in enumerate(texts)}
    backwards = dict(reversed(titles.items()))
    pairs, others = near_duplicates(titles, titles), near_duplicates(backwards, backwards)
    assert {frozenset(pair) for pair in pairs} == {frozenset(pair) for pair in others}
    assert len(pairs) == len({frozenset(pair) for pair in pairs})


@settings(deadline=None, max_examples=200, derandomize=True)
@given(TITLES)
def test_a_pair_is_found_whichever_of_the_two_is_new(texts: list[str]) -> None:
    titles = {f"p{n}": text for n, text in enumerate(texts)}
    from_each = {slug: {frozenset(pair) for pair in near_duplicates(titles, [slug])} for slug in titles}
    for pairs in from_each.values():
        assert all(pair in from_each[slug] for pair in pairs for slug in pair)


@pytest.mark.parametrize("fresh", ["long", "short"])
def test_a_title_with_a_subtitle_of_rarer_words_is_found_whichever_of_the_two_is_new(fresh: str) -> None:
    words = "Tidal Adapters Slow Harbours Winter Storms Small Networks Learning".split()
    titles = {"short": " ".join(words), "long": " ".join([*words, "Owls Moons Lanterns"])}
    titles |= {f"one-{n}": word for n, word in enumerate(words)}
    titles |= {"owls": "Owls and Bees", "moons": "Moons of Jupiter", "lanterns": "Lanterns, a History"}
    assert {frozenset(pair) for pair in near_duplicates(titles, [fresh])} == {frozenset({"short", "long"})}
