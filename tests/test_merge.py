"""Identity and merging: when two entries are one paper, and that nothing is lost when they join."""

from __future__ import annotations

import hashlib
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen import intake, store
from sitegen.intake import Report
from sitegen.merge import merge
from sitegen.model import Paper, Source
from sitegen.text import fold, slugify

WHOLE = "A whole abstract about tides."
LONGER = "A whole abstract about tides, and then one more clause."
CUT = "A whole abstract about tides, and then one more clause, and after that the text is cut in the"


def bring(site: Path, *records: dict[str, Any], name: str = "list.json") -> Report:
    path = site / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(records), "utf-8")
    return intake.run(site, [path])


def papers(site: Path) -> list[Paper]:
    return list(store.read(site / "content").papers.values())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            {"title": "Tides", "arxiv_id": "2401.00001"}, {"title": "Ebb", "arxiv_id": "2401.00001v2"}, id="arxiv"
        ),
        pytest.param(
            {"title": "Tides", "arxiv_id": "2401.00001"},
            {"title": "Ebb", "url": "https://arxiv.org/pdf/2401.00001v3"},
            id="arxiv-in-a-link",
        ),
        pytest.param(
            {"title": "Tides", "doi": "10.1000/AbC"}, {"title": "Ebb", "doi": "10.1000/aBc"}, id="doi-in-any-case"
        ),
        pytest.param({"title": "On the Tides"}, {"title": "on the TIDES"}, id="case"),
        pytest.param(
            {"title": "On Tides: A Fréchet View"}, {"title": "On Tides – A Frechet View"}, id="accents-and-dashes"
        ),
        pytest.param({"title": r"A Fr\'echet View"}, {"title": "A Fréchet View."}, id="tex-and-full-stop"),
        pytest.param({"title": r"$\mathcal{X}$-Tides"}, {"title": "X-Tides"}, id="maths"),
        pytest.param({"title": "Tides"}, {"title": "TIDES", "arxiv_id": "2401.00001"}, id="title-when-one-has-no-id"),
        pytest.param(
            {"title": "Tides", "also_titled": ["Ebb and Flow"]}, {"title": "Ebb and flow"}, id="one-of-its-other-titles"
        ),
    ],
)
def test_two_entries_are_one_paper(one: dict[str, Any], other: dict[str, Any], tmp_path: Path) -> None:
    for number, order in enumerate(([one, other], [other, one])):
        report = bring(tmp_path / str(number), *order)
        assert (report.entries, report.papers, report.new) == (2, 1, 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"title": "Tides 1"}, {"title": "Tides 2"}, id="titles"),
        pytest.param(
            {"title": "Slow Harbours at Night"}, {"title": "Slow Harbors at Night"}, id="nearly-the-same-title"
        ),
        pytest.param({"title": "潮汐"}, {"title": "蜜蜂"}, id="scripts-without-a-slug"),
        pytest.param(
            {"title": "Tides", "venue": "Sea", "published": "2024"},
            {"title": "Ebb", "venue": "Sea", "published": "2024"},
            id="venue-and-date",
        ),
    ],
)
def test_two_entries_are_two_papers(one: dict[str, Any], other: dict[str, Any], tmp_path: Path) -> None:
    report = bring(tmp_path, one, other)
    assert (report.papers, report.new, report.merged) == (2, 2, 0)


def test_a_renamed_paper_keeps_its_captured_title_and_the_other_finds_it(tmp_path: Path) -> None:
    bring(tmp_path, {"title": "On Tides", "arxiv_id": "2401.00001"}, name="one.json")
    bring(tmp_path, {"title": "Ebb and Flow", "arxiv_id": "2401.00001"}, name="two.json")
    [paper] = papers(tmp_path)
    assert (paper.slug, paper.title, paper.also_titled) == ("on-tides", "On Tides", ("Ebb and Flow",))
    assert bring(tmp_path, {"title": "Ebb & Flow", "venue": "Sea"}, name="three.json").new == 1
    assert bring(tmp_path, {"title": "EBB -- and Flow!", "venue": "Sea"}, name="four.json").papers == 2
    joined = store.read(tmp_path / "content").papers["on-tides"]
    assert (joined.also_titled, joined.venue) == (("Ebb and Flow",), "Sea")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param({"title": "On Tides", "arxiv_id": "2401.00001"}, {"title": "Ebb"}, id="arxiv-and-title"),
        pytest.param({"title": "An Ebb", "arxiv_id": "2401.00001"}, {"title": "Tides"}, id="title-and-arxiv"),
        pytest.param({"title": "Ebb", "arxiv_id": "2401.00001"}, {"title": "Tides", "doi": "10.1000/1"}, id="both-ids"),
    ],
)
@pytest.mark.parametrize("backwards", [False, True], ids=["", "backwards"])
def test_an_entry_that_is_like_two_papers_is_reported_and_changes_nothing_the_second_time(
    first: dict[str, Any], second: dict[str, Any], backwards: bool, tmp_path: Path
) -> None:
    like_both = {**first, **second}
    records = [second, first, like_both] if backwards else [first, second, like_both]
    report = bring(tmp_path, *records)
    assert (report.entries, report.suspicious) == (3, 1)
    assert any(all(slugify(one["title"]) in p.message for one in (first, second)) for p in report.problems)
    before = (tmp_path / "content" / "papers.jsonl").read_bytes()
    again = bring(tmp_path, *records)
    assert (again.new, again.merged, again.unchanged) == (0, 0, 3)
    assert (tmp_path / "content" / "papers.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("field", "old", "new", "kept"),
    [
        pytest.param("published", "2024-10-09", "2023-05-01", "2023-05-01", id="the-earlier-date"),
        pytest.param("published", "2024", "2024-10-09", "2024-10-09", id="the-more-exact-date"),
        pytest.param("published", "2024-11", "2024-10-09", "2024-10-09", id="the-earlier-month"),
        pytest.param("published", "", "2024", "2024", id="a-date-over-none"),
        pytest.param("venue", "", "ICLR 2025", "ICLR 2025", id="a-venue-over-none"),
        pytest.param("url", "https://a.example", "", "https://a.example", id="nothing-replaces-something"),
        pytest.param(
            "code_urls",
            ("https://a.example/1",),
            ("https://a.example/2",),
            ("https://a.example/1", "https://a.example/2"),
            id="both-code-links",
        ),
        pytest.param("keywords", ("tide",), ("Tide", "moon"), ("tide", "moon"), id="keywords-each-once"),
        pytest.param("authors", (), ("Ada Low",), ("Ada Low",), id="authors-over-none"),
        pytest.param("authors", ("Ada Low",), ("Ada Low", "Bo Chen"), ("Ada Low", "Bo Chen"), id="all-the-authors"),
    ],
)
def test_the_better_value_wins_whoever_was_first(field: str, old: Any, new: Any, kept: Any) -> None:
    one, other = (Paper("tides", "Tides", **{field: value}) for value in (old, new))
    assert getattr(merge(one, "", other, "").paper, field) == kept
    backwards = getattr(merge(other, "", one, "").paper, field)
    assert backwards == kept or (field in ("code_urls", "keywords") and len(backwards) == len(kept))


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        pytest.param(WHOLE, LONGER, LONGER, id="the-longer"),
        pytest.param(WHOLE, CUT, WHOLE, id="the-whole-one-though-shorter"),
        pytest.param(CUT, CUT[:40], CUT, id="of-two-cut-ones-the-longer"),
        pytest.param("", CUT, CUT, id="a-cut-one-over-none"),
    ],
)
def test_the_better_abstract_wins_whoever_was_first(old: str, new: str, kept: str) -> None:
    paper = Paper("tides", "Tides")
    assert merge(paper, old, paper, new).abstract == kept
    assert merge(paper, new, paper, old).abstract == kept


@pytest.mark.parametrize(
    ("field", "old", "new", "loser"),
    [
        pytest.param("venue", "ICLR 2025", "NeurIPS 2024", "NeurIPS 2024", id="venue"),
        pytest.param("url", "https://a.example/1", "https://a.example/2", "https://a.example/2", id="url"),
        pytest.param("doi", "10.1000/1", "10.1000/2", "10.1000/2", id="doi"),
        pytest.param("arxiv_id", "2401.00001", "2401.00002", "2401.00002", id="arxiv-id"),
        pytest.param("published", "2023-05-01", "2024-10-09", "2024-10-09", id="later-date"),
        pytest.param("authors", ["Ada Low"], ["A. Low", "Bo Chen"], "Ada Low", id="fewer-authors"),
        pytest.param("abstract", LONGER, "Another text.", "abstract", id="abstract"),
    ],
)
def test_what_lost_a_merge_is_in_the_report(field: str, old: Any, new: Any, loser: str, tmp_path: Path) -> None:
    bring(tmp_path, {"title": "Tides", field: old}, name="one.json")
    report = bring(tmp_path, {"title": "Tides", field: new}, name="two.json")
    assert report.papers == 1
    assert any(loser in p.message and p.where.file == "two.json" for p in report.problems)


@pytest.mark.parametrize("date", ["07-14", "2025-07-14"])
def test_two_captures_of_one_file_name_are_two_sources(date: str) -> None:
    first = Source("list.txt", "hf-list", "2025-06-09" if date[0] == "2" else "--06-09", 1)
    second = Source("list.txt", "hf-list", date if date[0] == "2" else f"--{date}", 1)
    joined = merge(Paper("tides", "Tides", sources=(first,)), "", Paper("tides", "Tides", sources=(second,)), "")
    assert set(joined.paper.sources) == {first, second}


SHORT = st.sampled_from(["", "a", "b", "Ada Low", "Bo Chen"])
LISTS = st.lists(SHORT.filter(bool), max_size=3, unique=True).map(tuple)
SOURCES = st.builds(
    Source, st.sampled_from(["x.txt", "y.txt"]), st.just("hf-list"), st.just("2025-06-09"), st.integers(1, 3)
)
PAPERS = st.builds(
    Paper,
    slug=st.just("p"),
    title=st.sampled_from(["Tides", "TIDES!", "Ebb", "Ebb & Flow", "潮汐", "?!"]),
    also_titled=st.lists(st.sampled_from(["Tides.", "Ebb", "Moon"]), max_size=2, unique=True).map(tuple),
    authors=LISTS,
    published=st.sampled_from(["", "2023", "2024", "2024-10", "2024-10-09", "2024-11"]),
    venue=SHORT,
    arxiv_id=st.sampled_from(["", "2401.00001", "2401.00002"]),
    doi=st.sampled_from(["", "10.1000/1"]),
    url=SHORT,
    pdf_url=SHORT,
    code_urls=LISTS,
    keywords=LISTS,
    sources=st.lists(SOURCES, max_size=3, unique=True).map(tuple),
    extra=st.dictionaries(st.sampled_from(["tags", "score"]), st.integers(0, 2)),
)
ABSTRACTS = st.sampled_from(["", WHOLE, LONGER, CUT])


@settings(deadline=None, max_examples=400, derandomize=True)
@given(PAPERS, ABSTRACTS, PAPERS, ABSTRACTS)
def test_a_merge_never_loses_a_field(old: Paper, old_abstract: str, new: Paper, new_abstract: str) -> None:
    result = merge(old, old_abstract, new, new_abstract)
    joined = result.paper
    assert (joined.slug, joined.title) == (old.slug, old.title)
    for field in ("authors", "published", "venue", "arxiv_id", "doi", "url", "pdf_url"):
        assert getattr(joined, field) in (getattr(old, field), getattr(new, field))
        assert bool(getattr(joined, field)) == bool(getattr(old, field) or getattr(new, field))
    for field in ("code_urls", "keywords", "sources", "extra"):
        assert set(getattr(joined, field)) == {*getattr(old, field), *getattr(new, field)}
    every_title = {fold(title) for paper in (old, new) for title in (paper.title, *paper.also_titled)}
    assert {fold(title) for title in (joined.title, *joined.also_titled)} == every_title
    assert bool(result.abstract) == bool(old_abstract or new_abstract)


@settings(deadline=None, max_examples=400, derandomize=True)
@given(PAPERS, ABSTRACTS, PAPERS, ABSTRACTS)
def test_merging_the_same_again_changes_nothing(old: Paper, first: str, new: Paper, second: str) -> None:
    once = merge(old, first, new, second)
    twice = merge(once.paper, once.abstract, new, second)
    assert (twice.paper, twice.abstract) == (once.paper, once.abstract)
    assert store.encode(twice.paper) == store.encode(once.paper)
    itself = merge(once.paper, once.abstract, once.paper, once.abstract)
    assert (itself.paper, itself.abstract, itself.lost) == (once.paper, once.abstract, ())


RECORDS = st.fixed_dictionaries(
    {"title": st.sampled_from(["Tides", "TIDES!", "Ebb", "潮汐 LoRA", "蜜蜂 LoRA", "LoRA", "潮汐"])},
    optional={
        "arxiv_id": st.sampled_from(["2401.00001", "2401.00002"]),
        "doi": st.sampled_from(["10.1000/1", "10.1000/2"]),
        "venue": st.sampled_from(["Sea", "Moon"]),
        "published": st.sampled_from(["2023", "2024-10"]),
        "abstract": st.sampled_from([WHOLE, LONGER]),
    },
)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.lists(RECORDS, min_size=1, max_size=8))
def test_importing_the_same_records_twice_changes_no_byte(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, Any]]
) -> None:
    site = tmp_path_factory.mktemp("site")
    first = bring(site, *records)
    before = {path.name: path.read_bytes() for path in (site / "content").iterdir()}
    again = bring(site, *records)
    assert {path.name: path.read_bytes() for path in (site / "content").iterdir()} == before
    assert (again.new, again.unchanged, again.papers) == (0, len(records), first.papers)


def test_a_second_import_changes_nothing_though_an_id_that_lost_belongs_to_a_later_paper(tmp_path: Path) -> None:
    records = [
        {"title": "Ebb", "arxiv_id": "2401.00001"},
        {"title": "Ebb", "arxiv_id": "2401.00002"},
        {"title": "Tides", "arxiv_id": "2401.00002"},
    ]
    bring(tmp_path, *records)
    before = (tmp_path / "content" / "papers.jsonl").read_bytes()
    assert bring(tmp_path, *records).unchanged == 3
    assert (tmp_path / "content" / "papers.jsonl").read_bytes() == before


@pytest.mark.parametrize("order", list(itertools.permutations(["潮汐 LoRA", "蜜蜂 LoRA", "月亮 LoRA"])))
def test_titles_that_share_a_slug_are_told_apart_by_their_hash_not_by_a_counter(
    order: tuple[str, ...], tmp_path: Path
) -> None:
    bring(tmp_path, *({"title": title} for title in order))
    found = {paper.title: paper.slug for paper in papers(tmp_path)}
    hashes = {title: hashlib.blake2b(fold(title).encode()).hexdigest()[:4] for title in order}
    assert found[order[0]] == "lora"
    assert {title: found[title] for title in order[1:]} == {title: f"lora-{hashes[title]}" for title in order[1:]}


def test_titles_without_any_letter_do_not_overwrite_one_another(tmp_path: Path) -> None:
    report = bring(tmp_path, *({"title": title, "abstract": f"About {title}."} for title in ("🚀", "🐝", "🌊", "🌙")))
    assert report.papers == report.new == 4
    assert sorted(store.read(tmp_path / "content").abstracts.values()) == sorted(f"About {t}." for t in "🚀🐝🌊🌙")
