"""Papers by year and topics that meet: the numbers, and that every plot says them in words, too."""

from __future__ import annotations

from pathlib import Path

import pytest
from sites import parse, text_of

from sitegen.drawings import Bar, Overlap
from sitegen.model import Entry, Paper, Placement
from sitegen.pages import plots


def entry(published: str, *topics: str) -> Entry:
    return Entry(Paper("p", "P", published=published), placements=tuple(Placement(t, 1.0) for t in topics))


def test_years_have_no_gaps_and_papers_without_a_date_are_left_out() -> None:
    found = plots.years([entry("2021-05-01"), entry("2019"), entry("2021"), entry(""), entry("soon")])
    assert found == (Bar("2019", 1), Bar("2020", 0), Bar("2021", 2))


def test_years_can_span_those_of_another_list() -> None:
    assert plots.years([entry("2020")], ["2021", "2019"]) == (Bar("2019", 0), Bar("2020", 1), Bar("2021", 0))


@pytest.mark.parametrize("entries", [[], [entry("")]])
def test_without_dates_there_is_no_plot(entries: list[Entry]) -> None:
    assert plots.years(entries) == ()


def test_a_very_old_paper_does_not_squeeze_the_others() -> None:
    found = plots.years([entry("1687"), entry("2024")])
    assert len(found) == 60
    assert found[-1] == Bar("2024", 1)


def test_topics_meet_in_papers_that_stand_under_both() -> None:
    entries = [entry("", "a", "c"), entry("", "c", "a"), entry("", "b", "c", "a"), entry("", "b"), entry("")]
    assert plots.overlaps(entries, ["a", "b", "c"]) == (Overlap(0, 2, 3), Overlap(0, 1, 1), Overlap(1, 2, 1))


@pytest.mark.parametrize(
    ("page", "kind", "says"),
    [
        ("years/index.html", "plot", "2025: "),
        ("topics/index.html", "arcs", "arc"),
        ("topics/index.html", "spark", "2025: "),
        ("topics/sorting/index.html", "plot", "2025: "),
    ],
)
def test_a_plot_says_its_numbers_in_words(built: Path, page: str, kind: str, says: str) -> None:
    tree = parse(built / page)
    [plot, *_] = [e for e in tree.iter() if e.get("class") == kind]
    assert plot.get("role") == "img"
    assert says in str(plot.get("aria-label"))


def test_where_topics_meet_stands_below_in_numbers(built: Path) -> None:
    tree = parse(built / "topics/index.html")
    [section] = [e for e in tree.iter("section") if e.get("aria-labelledby") == "overlap"]
    lines = [text_of(item) for item in section.iter("li")]
    assert lines
    assert all(line.rstrip().endswith(("paper", "papers")) for line in lines)
    arcs = [e for e in section.iter() if str(e.tag).endswith("}path")]
    assert len(arcs) == len(lines)
