"""The map: near is alike, every paper is a point, labels are clear of each other, and a new paper moves little."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen import build, figures, relate
from sitegen.drawings import Island
from sitegen.figures import labels, places
from sitegen.model import Entry, Group, Neighbour, Paper, Placement, Topic
from sitegen.views import MapView

ROOT = Path(__file__).parents[1]
LETTER = 15


@cache
def content() -> build.Content:
    return build.load(ROOT)


@cache
def shipped() -> MapView:
    entries = content().entries
    return figures.draw(content().groups, entries, relate.relate(entries), "None")[0]


def islands(view: MapView) -> list[Island]:
    return [island for group in view.groups for island in group.islands]


def spots(view: MapView) -> dict[str, tuple[int, int]]:
    return {mark.path: (mark.x, mark.y) for island in islands(view) for mark in island.marks}


def label_box(lines: tuple[str, ...], x: int, y: int) -> tuple[float, float, float, float]:
    half = labels.width(lines) * LETTER / 2
    return x - half, y, x + half, y + 30 * len(lines)


def entry(slug: str, *topics: str, title: str = "") -> Entry:
    return Entry(Paper(slug, title or slug), placements=tuple(Placement(topic, 1.0) for topic in topics))


def test_every_paper_is_a_point_of_its_own_on_the_island_of_its_topic() -> None:
    view = shipped()
    by_topic = {island.slug: {mark.path for mark in island.marks} for island in islands(view)}
    for paper in content().entries:
        assert f"papers/{paper.slug}/" in by_topic[paper.topics[0]]
    places_ = spots(view)
    assert len(places_) == len(set(places_.values())) == len(content().entries) == view.papers
    assert all(0 < x < view.width and 0 < y < view.height for x, y in places_.values())


def test_no_label_lies_over_another_or_over_a_point() -> None:
    view = shipped()
    boxes = [label_box(item.lines, item.x, item.y) for item in islands(view)]
    for number, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0
        assert right <= view.width
        assert bottom <= view.height
        for other in boxes[:number]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
        assert not [1 for x, y in spots(view).values() if left < x < right and top < y < bottom]


def test_related_papers_are_near_on_the_map() -> None:
    found, near = spots(shipped()), relate.relate(content().entries)
    slugs = sorted(near)
    points = np.array([found[f"papers/{slug}/"] for slug in slugs], float)
    away = ((points[:, None] - points[None]) ** 2).sum(2)
    closest = np.argsort(away, axis=1, kind="stable")[:, 1:16]
    shares = [
        np.mean([n.slug in {slugs[i] for i in closest[row]} for n in near[slug]])
        for row, slug in enumerate(slugs)
        if near[slug]
    ]
    assert np.mean(shares) >= 0.6  # by chance 15 of 342: 0.04


def test_a_paper_more_or_less_moves_the_others_little() -> None:
    before, entries = spots(shipped()), content().entries
    shifts: list[float] = []
    for left_out in random.Random(7).sample(entries, 30):
        rest = [e for e in entries if e is not left_out]
        view = figures.draw(content().groups, rest, relate.relate(rest), "None")[0]
        shifts += [
            float(np.hypot(x - before[p][0], y - before[p][1])) / view.width for p, (x, y) in spots(view).items()
        ]
    assert np.median(shifts) == 0
    assert np.percentile(shifts, 95) <= 0.03


GROUPS = (
    Group("a", "Beasts", (Topic("bees", "Bees & hives", "Bees in hives."), Topic("owls", "Owls", "Owls at night."))),
    Group("b", "Boats", (Topic("tugs", "Tugs", "Boats that pull."), Topic("none", "Empty", ""))),
    Group("c", "Nothing", ()),
)


def test_the_order_of_papers_makes_no_difference() -> None:
    entries = [entry(f"p{n}", ("bees", "owls", "tugs")[n % 3]) for n in range(40)]
    near = {"p1": (Neighbour("p4", 0.5, ()),), "p2": (Neighbour("p9", 0.3, ()),)}
    assert figures.draw(GROUPS, entries, near, "None") == figures.draw(GROUPS, entries[::-1], near, "None")


@pytest.mark.parametrize("groups", [(), GROUPS[2:], GROUPS], ids=["no groups", "an empty group", "groups"])
@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_list_of_few_papers_or_topics_has_a_map(groups: tuple[Group, ...], count: int) -> None:
    view, files = figures.draw(groups, [entry(f"p{n}") for n in range(count)], {}, "No topic yet")
    assert sum(len(island.marks) for island in islands(view)) == count == view.papers
    assert files == {}
    if count:
        [rest] = [island for island in islands(view) if not island.slug]
        assert (rest.name, rest.path, rest.count) == ("No topic yet", "", count)


def test_in_a_long_list_a_mark_stands_for_several_papers_and_a_file_holds_each() -> None:
    entries = [entry(f"p{n}", ("bees", "owls")[n % 7 == 0], title=f"Paper {n}") for n in range(1500)]
    view, files = figures.draw(GROUPS, [*entries, entry("odd")], {}, "None")
    found = {island.slug: island for island in islands(view)}
    assert sum(mark.count for mark in found["bees"].marks) == found["bees"].count == 1285
    assert len(found["bees"].marks) < 400
    assert {mark.path for mark in found["bees"].marks} == {"topics/bees/"}
    assert (
        set(files)
        == {island.closer for island in islands(view)}
        == {f"map/{t}.json" for t in found if t} | {"map/no-topic-.json"}
    )
    papers = json.loads(files["map/owls.json"])["papers"]
    assert len(papers) == 215
    assert {tuple(paper[2:]) for paper in papers} == {
        (f"papers/{e.slug}/", e.paper.title) for e in entries if e.topics == ("owls",)
    }
    assert len({tuple(paper[:2]) for paper in papers}) == 215


@settings(deadline=None, derandomize=True)
@given(st.text(max_size=80))
def test_any_name_is_broken_into_one_or_two_lines_of_its_own_words(name: str) -> None:
    lines = labels.lines(name)
    assert 1 <= len(lines) <= 2
    assert " ".join(name.split()).startswith(" ".join(" ".join(lines).split()))


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Robustness", ("Robustness",)),
        ("Knowledge & dataset distillation", ("Knowledge & dataset", "distillation")),
        ("Language model architectures, objectives & reports", ("Language model", "architectures")),
        ("Scaling laws & performance prediction", ("Scaling laws",)),
        ("Supercalifragilisticexpialidocious", ("Supercalifragilisticexpialidocious",)),
    ],
)
def test_a_long_name_is_cut_where_a_part_of_it_ends(name: str, lines: tuple[str, ...]) -> None:
    assert labels.lines(name) == lines


def test_a_paper_leans_to_what_it_resembles() -> None:
    anchors = {"bees": np.array([0.0, 0.0]), "owls": np.array([100.0, 0.0]), "tugs": np.array([0.0, 100.0])}
    entries = [entry("a", "bees", "owls"), entry("b", "bees"), entry("c", "tugs")]
    leaning = places.leanings(entries, {"b": (Neighbour("c", 1.0, ()),)}, anchors)
    assert leaning[0].tolist() == [1.0, 0.0]
    assert leaning[1].tolist() == [0.0, 1.0]
    assert leaning[2].tolist() == [0.0, 0.0]
