"""Placement: the curator's word first, then what topics say of themselves and what their confirmed papers look like."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen import features
from sitegen.model import Entry, Group, Override, Paper, Topic, Words
from sitegen.topics import Placing, explain, place, placing, told

MERGING = Topic("merging", "Model merging", "Several models joined into one.", terms=(("weight averaging", 2.0),))
MUSIC = Topic("music", "Music", "Melodies, harmony and instruments.", aliases=("MIDI",), terms=(("audio", 1.0),))
SAFETY = Topic("safety", "Safety", "Harmful answers and how to refuse them.", terms=(("jailbreak", 3.0),))
GROUPS = (Group("models", "Models", (MERGING, SAFETY)), Group("sound", "Sound", (MUSIC,)))


def entry(slug: str, title: str, override: Override | None = None, summary: str = "", abstract: str = "") -> Entry:
    return Entry(Paper(slug, title), Words(summary=summary), abstract, override=override)


def confirmed(slug: str, title: str, *topics: str) -> Entry:
    return entry(slug, title, Override(slug, topics=topics))


def one(paper: Entry, *groups: Group, others: tuple[Entry, ...] = ()) -> Entry:
    """The paper as it is placed among others."""
    placed = place([*others, paper], groups or GROUPS)
    assert [e.slug for e in placed] == [e.slug for e in (*others, paper)]
    return placed[-1]


@pytest.mark.parametrize(
    "topic",
    [
        pytest.param(Topic("bird", "Zzz", "", terms=(("ostrich", 1.0),)), id="its terms"),
        pytest.param(Topic("bird", "Zzz", "", terms=(("ostrich farming", 1.0),)), id="a phrase of its terms"),
        pytest.param(Topic("bird", "Zzz", "Ostriches and ostrich farming."), id="its scope"),
        pytest.param(Topic("bird", "Zzz", "", aliases=("ostrich",)), id="its aliases"),
        pytest.param(Topic("bird", "Ostriches", ""), id="its name"),
    ],
)
@pytest.mark.parametrize(
    "paper",
    [
        pytest.param(entry("p", "Ostrich farming"), id="title"),
        pytest.param(entry("p", "A study", summary="On ostrich farming."), id="summary"),
        pytest.param(entry("p", "A study", abstract="We study ostrich farming."), id="abstract"),
        pytest.param(Entry(Paper("p", "A study", keywords=("ostrich farming",))), id="keywords of the record"),
        pytest.param(Entry(Paper("p", "A study"), Words(keywords=("ostrich farming",))), id="keywords of the words"),
    ],
)
def test_a_cold_start_places_by_what_the_topic_says_of_itself(topic: Topic, paper: Entry) -> None:
    placed = one(paper, Group("g", "G", (MUSIC, topic)))
    assert placed.topics == ("bird",)
    assert not placed.placements[0].confirmed
    assert placed.confidence > 0.5


def test_the_words_that_decided_are_told_strongest_first() -> None:
    [placement] = one(entry("p", "A jailbreak by audio of harmful answers", summary="Jailbreak.")).placements
    assert placement.topic == "safety"
    assert placement.words[0] == "jailbreak"
    assert "audio" not in placement.words


def test_a_heavier_term_outweighs_a_lighter_one() -> None:
    def topics(bird: float, fish: float) -> Group:
        return Group(
            "g", "G", (Topic("a", "Zzz", "", terms=(("bird", bird),)), Topic("b", "Yyy", "", terms=(("fish", fish),)))
        )

    paper = entry("p", "Bird and fish")
    assert one(paper, topics(9, 1)).topics[0] == "a"
    assert one(paper, topics(1, 9)).topics[0] == "b"


@pytest.mark.parametrize(
    ("term", "title"),
    [
        pytest.param("adapter", "Adapters", id="plural in s"),
        pytest.param("images", "An image", id="singular of a plural in es"),
        pytest.param("language", "Many languages", id="plural in es"),
        pytest.param("study", "Three studies", id="plural in ies"),
        pytest.param("merging", "Merge them", id="verb of a noun in ing"),
        pytest.param("distillation", "DISTILLATION", id="capitals"),
        pytest.param("naïve", "Naive", id="accent"),
    ],
)
def test_a_term_finds_other_forms_of_its_word(term: str, title: str) -> None:
    group = Group("g", "G", (MUSIC, Topic("a", "Zzz", "", terms=((term, 1.0),))))
    assert one(entry("p", title), group).topics == ("a",)


def wings(against: str) -> Group:
    """Two topics that are equally likely for a wing; papers with `against` do not belong to the first."""
    return Group("g", "G", (Topic("a", "Wing", "", excludes=(against,)), Topic("b", "Wing", "")))


def test_a_word_that_speaks_against_a_topic_moves_the_paper_to_the_next() -> None:
    assert one(entry("p", "The wing of a bird"), wings("aeroplane"), *GROUPS).topics[0] == "a"
    assert one(entry("p", "The wing of an aeroplane"), wings("aeroplane"), *GROUPS).topics[0] == "b"
    assert one(entry("p", "The wing of large aeroplane toys"), wings("large aeroplane"), *GROUPS).topics[0] == "b"


@pytest.mark.parametrize(
    ("against", "title"),
    [
        pytest.param("large aeroplane", "The wing of an aeroplane", id="two words"),
        pytest.param("very large aeroplane", "The wing of a large aeroplane", id="three words"),
        pytest.param("flock of birds", "The wing of birds", id="words around a small one"),
    ],
)
def test_a_part_of_a_phrase_does_not_speak_against_a_topic(against: str, title: str) -> None:
    assert one(entry("p", title), wings(against), *GROUPS).topics[0] == "a"


@pytest.mark.parametrize("title", ["Growing tomatoes", "漢字", "The of and", "2024", "?!", "$x^2$"])
def test_a_paper_that_fits_no_topic_stays_unplaced_without_confidence(title: str) -> None:
    placed = one(entry("p", title))
    assert placed.placements == ()
    assert placed.confidence == 0


@pytest.mark.parametrize("groups", [(), (Group("g", "G", ()),)], ids=["no groups", "an empty group"])
def test_a_list_without_topics_places_nothing(groups: tuple[Group, ...]) -> None:
    assert [e.topics for e in place([entry("p", "Music")], groups)] == [()]
    assert place([], groups) == []


def test_the_curators_placement_stands_whatever_the_words_say() -> None:
    placed = one(confirmed("p", "Jailbreak, jailbreak: harmful answers", "music", "merging"))
    assert placed.topics == ("music", "merging")
    assert [(p.confirmed, p.score) for p in placed.placements] == [(True, 1.0)] * 2
    assert placed.confidence == 1


def test_an_added_topic_comes_after_the_predicted_one() -> None:
    placed = one(entry("p", "A jailbreak", Override("p", add=("music",))))
    assert placed.topics == ("safety", "music")
    assert [p.confirmed for p in placed.placements] == [False, True]


def test_an_added_topic_that_was_predicted_stands_once_and_as_the_curators() -> None:
    placed = one(entry("p", "A jailbreak", Override("p", add=("safety",))))
    assert placed.topics == ("safety",)
    assert placed.placements[0].confirmed


def test_an_added_topic_places_a_paper_that_fits_none() -> None:
    assert one(entry("p", "Growing tomatoes", Override("p", add=("music",)))).topics == ("music",)


def test_a_removed_topic_leaves_its_place_to_the_next() -> None:
    twins = Group("g", "G", (Topic("a", "Bird song", ""), Topic("b", "Bird songs", "")))
    assert one(entry("p", "Bird song"), twins).topics == ("a", "b")
    assert one(entry("p", "Bird song", Override("p", remove=("a",))), twins).topics == ("b",)


def test_a_paper_whose_only_topic_is_removed_is_unplaced_without_confidence() -> None:
    placed = one(entry("p", "A jailbreak", Override("p", remove=("safety",))))
    assert placed.topics == ()
    assert placed.confidence == 0


def test_a_paper_stands_under_one_primary_and_at_most_three_secondary_topics() -> None:
    alike = Group("g", "G", tuple(Topic(f"t{n}", "Bird song", "") for n in range(6)))
    assert len(one(entry("p", "Bird song"), alike).topics) == 4
    added = one(entry("p", "Bird song", Override("p", add=("t5",))), alike)
    assert "t5" in added.topics
    assert len(added.topics) <= 4


def test_a_confirmed_paper_with_an_odd_word_draws_the_next() -> None:
    paper = entry("next", "The quokka")
    assert one(paper).topics == ()
    drawn = one(paper, others=(confirmed("first", "Quokka songs", "music"),))
    assert drawn.topics == ("music",)
    assert drawn.placements[0].words == ("quokka",)
    assert one(paper, others=(confirmed("first", "Quokka songs", "safety"),)).topics == ("safety",)


def test_a_word_of_all_confirmed_papers_of_a_topic_draws_a_paper_of_other_new_words() -> None:
    others = tuple(confirmed(f"c{n}", f"A quokka {tale}", "music") for n, tale in enumerate("abcdefgh"))
    assert one(entry("next", "More about the quokka"), others=others).topics == ("music",)


def test_a_paper_goes_where_more_of_its_like_are() -> None:
    others = (
        confirmed("a", "The quokka sings", "music"),
        confirmed("b", "A quokka dances", "music"),
        confirmed("c", "A wombat with a quokka", "safety"),
        confirmed("d", "A wombat digs", "safety"),
    )
    assert one(entry("next", "Quokka"), others=others).topics[0] == "music"
    assert one(entry("next", "Wombat"), others=others).topics[0] == "safety"


def test_an_unplaced_paper_teaches_nothing() -> None:
    paper = entry("p", "A jailbreak of the quokka")
    alone = one(paper).placements[0]
    beside = one(paper, others=(entry("q", "The quokka once more"),)).placements[0]
    assert beside == alone


WORDS = ["jailbreak", "audio", "melodies", "harmful", "averaging", "quokka", "wombat", "tomato", "weight", "models"]
TITLES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
CHOSEN = st.none() | st.lists(st.sampled_from(["merging", "safety", "music"]), min_size=1, max_size=3, unique=True)


TWINS = Group("twins", "Twins", (Topic("b", "Wombat", ""), Topic("a", "Wombat", "")))


@settings(deadline=None, derandomize=True, max_examples=150)
@given(st.lists(st.tuples(TITLES, CHOSEN), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_placement_does_not_depend_on_any_order(
    papers: list[tuple[str, list[str] | None]], dice: random.Random
) -> None:
    entries = [confirmed(f"p{n}", title, *(chosen or ())) for n, (title, chosen) in enumerate(papers)]
    shuffled = dice.sample(entries, len(entries))
    groups = tuple(Group(g.slug, g.name, tuple(dice.sample(g.topics, len(g.topics)))) for g in (TWINS, *GROUPS[::-1]))
    expected = {e.slug: e for e in place(entries, (*GROUPS, TWINS))}
    assert {e.slug: e for e in place(shuffled, (*GROUPS, TWINS))} == expected
    assert {e.slug: e for e in place(shuffled, groups)} == expected


SOME = st.lists(st.sampled_from(["merging", "safety", "music", "twin"]), max_size=2, unique=True).map(tuple)
RULES = st.none() | st.builds(lambda *parts: Override("", 0, *parts), SOME, SOME, SOME)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    st.lists(st.tuples(TITLES, RULES), min_size=2, max_size=14),
    st.lists(st.tuples(st.integers(0, 13), RULES, st.sampled_from(["", "", "x"])), min_size=1, max_size=5),
)
def test_after_each_edit_papers_stand_where_a_new_start_puts_them(
    papers: list[tuple[str, Override | None]], edits: list[tuple[int, Override | None, str]]
) -> None:
    """An edit is another rule for a paper, and perhaps another slug that keeps its place."""
    entries = [entry(f"p{n:02}", title, rule) for n, (title, rule) in enumerate(papers)]
    groups = (*GROUPS, Group("more", "More", (Topic("twin", "Model merging too", "Merged models and music."),)))
    table = features.table(told(entries, groups))
    found: Placing | None = None
    for chosen, rule, ending in [(0, papers[0][1], ""), *edits]:
        number = chosen % len(entries)
        entries[number] = entry(f"p{number:02}{ending}", papers[number][0], rule)
        found = placing(entries, groups, lambda: table, found)
        assert found.stands == placing(entries, groups).stands


@settings(deadline=None, derandomize=True, max_examples=150)
@given(
    st.lists(st.tuples(TITLES | st.text(max_size=30), CHOSEN), max_size=8), st.text(max_size=20), st.text(max_size=20)
)
def test_scores_and_confidence_stay_between_nothing_and_certainty(
    papers: list[tuple[str, list[str] | None]], term: str, name: str
) -> None:
    odd = Group("odd", "Odd", (Topic("odd", name, "", terms=((term, 1.5),), excludes=(name,)),))
    entries = [confirmed(f"p{n}", title, *(chosen or ())) for n, (title, chosen) in enumerate(papers)]
    for placed, (_, chosen) in zip(place(entries, (*GROUPS, odd)), papers, strict=True):
        assert 0 <= placed.confidence <= 1
        assert all(0 <= p.score <= 1 for p in placed.placements)
        assert len(set(placed.topics)) == len(placed.topics) <= 4
        assert list(placed.topics) == chosen or not chosen
        assert placed.placements or placed.confidence == 0


def test_an_explanation_adds_up_to_the_score_that_placed_the_paper() -> None:
    others = (confirmed("a", "The quokka sings", "music"), confirmed("b", "A wombat digs", "safety"))
    weighty = Topic("zoo", "Quokka", "", excludes=("large wombat",), weight=1.5)
    groups = (*GROUPS, Group("z", "Zoo", (weighty,)))
    paper = entry("p", "A quokka and a large wombat: audio jailbreak")
    placed = one(paper, *groups, others=others)
    found = explain(paper, groups, place(others, groups))
    assert found.runner_up == found.ranked[1]
    assert found.confidence == placed.confidence
    assert (found.ranked[0].topic, found.ranked[0].score) == (placed.topics[0], placed.placements[0].score)
    assert {r.topic for r in found.ranked} == {"merging", "safety", "music", "zoo"}
    for reckoning in found.ranked:
        factor = 1.5 if reckoning.topic == "zoo" else 1.0
        assert sum(s.points for s in reckoning.shares) == pytest.approx(reckoning.score, abs=1e-6)
        assert all(s.points == pytest.approx(s.paper * s.topic * factor) for s in reckoning.shares)
    [zoo] = [r for r in found.ranked if r.topic == "zoo"]
    assert [s.word for s in zoo.shares] == ["quokka", "large wombat"]
    assert zoo.shares[-1].points < 0


def test_a_confirmed_paper_is_explained_as_if_nothing_had_been_said_of_it() -> None:
    paper = confirmed("p", "A jailbreak of the quokka", "music")
    entries = place([paper, confirmed("q", "The quokka sings", "music")], GROUPS)
    assert explain(entries[0], GROUPS, entries).ranked[0].topic == "safety"
    assert explain(entries[0], GROUPS, entries) == explain(entry("p", paper.paper.title), GROUPS, entries[1:])


def test_a_paper_of_strange_words_has_no_points_and_no_confidence() -> None:
    found = explain(entry("p", "Growing tomatoes"), GROUPS, ())
    assert {r.score for r in found.ranked} == {0}
    assert (found.confidence, found.fits_none) == (0, True)
    assert explain(entry("p", "Music"), (), ()).runner_up is None
