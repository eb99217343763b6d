"""A wrong merge undone: what `distinct_from` does on import, with every way to name the other paper."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sites import write

from sitegen import build, intake, store
from sitegen.errors import Problem, SiteError
from sitegen.intake import Report
from sitegen.model import Paper

ADA = {
    "title": "A survey of tides",
    "arxiv_id": "2401.00001",
    "authors": ["Ada"],
    "keywords": ["sea", "moon"],
    "abstract": "Long words about tides and moons, whole.",
    "published": "2024-01-03",
}
BEA = {
    "title": "A Survey of Tides",
    "doi": "10.1000/bea",
    "authors": ["Bea", "Bob"],
    "keywords": ["sea", "sand"],
    "venue": "Shore 2023",
    "url": "https://example.org/bea",
    "abstract": "Other words about tides and sands that are longer than the first, and whole.",
    "published": "2023",
}
SLUG = "a-survey-of-tides"


def bring(site: Path, **files: list[dict[str, Any]]) -> Report:
    paths = [write(site / f"{name}.json", json.dumps(items)) for name, items in files.items()]
    return intake.run(site, paths)


def state(site: Path) -> store.Store:
    return store.read(site / "content")


def alone(folder: Path, **file: list[dict[str, Any]]) -> tuple[Paper, str]:
    """The record that an entry becomes when it is the only one."""
    write(folder / "content/site.yaml", "title: T\n")
    bring(folder, **file)
    [paper] = state(folder).papers.values()
    return paper, state(folder).abstracts[paper.slug]


@pytest.fixture
def joined(tmp_path: Path) -> Path:
    """A site in which two papers of one title have become one record."""
    site = tmp_path / "site"
    write(site / "content/site.yaml", "title: T\n")
    bring(site, ada=[ADA], bea=[BEA])
    assert list(state(site).papers) == [SLUG]
    return site


def say(site: Path, name: str) -> list[Problem]:
    write(site / "content/overrides.yaml", f"{SLUG}:\n  distinct_from: ['{name}']\n")
    return [p for p in build.load(site).warnings if "overrides" in p.where.file]


@pytest.mark.parametrize("name", ["10.1000/bea", "bea.json:1"])
@pytest.mark.parametrize("order", [("ada", "bea"), ("bea", "ada")])
def test_two_papers_that_were_joined_are_told_apart_by_importing_both_files_again(
    joined: Path, tmp_path: Path, name: str, order: tuple[str, str]
) -> None:
    [warning] = say(joined, name)
    assert "ada.json bea.json" in warning.hint
    report = bring(joined, **{file: [ADA] if file == "ada" else [BEA] for file in order})
    assert report.new == 1
    after = state(joined)
    other = next(slug for slug in after.papers if slug != SLUG)
    ada, words = alone(tmp_path / "ada", ada=[ADA])
    bea, more = alone(tmp_path / "bea", bea=[BEA])
    assert after.papers[SLUG] == ada
    assert after.papers[other].doi == bea.doi
    assert {**vars_of(after.papers[other]), "slug": ""} == {**vars_of(bea), "slug": ""}
    assert after.abstracts == {SLUG: words, other: more}
    assert [p for p in build.load(joined).warnings if "overrides" in p.where.file] == []


def vars_of(paper: Paper) -> dict[str, object]:
    return {name: getattr(paper, name) for name in paper.__struct_fields__}


@pytest.mark.parametrize("name", ["10.1000/bea", "bea.json:1"])
def test_once_told_apart_they_stay_two_whatever_is_imported(joined: Path, name: str) -> None:
    say(joined, name)
    bring(joined, ada=[ADA], bea=[BEA])
    before = state(joined)
    for files in ({"ada": [ADA]}, {"bea": [BEA]}, {"bea": [BEA], "ada": [ADA]}):
        report = bring(joined, **files)
        assert (report.new, report.merged) == (0, 0)
        assert state(joined) == before
    report = bring(joined, more=[{**BEA, "venue": ""}, {**ADA, "keywords": []}])
    assert (report.new, report.merged) == (0, 2)
    assert len(state(joined).papers) == 2


def test_without_the_first_one_s_file_nothing_of_it_is_lost_and_that_is_told(joined: Path) -> None:
    say(joined, "bea.json:1")
    before = state(joined).papers[SLUG]
    report = bring(joined, bea=[BEA])
    after = state(joined)
    assert len(after.papers) == 2
    assert [source.file for source in after.papers[SLUG].sources] == ["ada.json"]
    for name in ("title", "arxiv_id", "authors", "keywords", "published"):
        assert getattr(after.papers[SLUG], name) == getattr(before, name)
    [problem] = [p for p in report.problems if p.level == "warning"]
    assert "ada.json" in problem.hint
    assert bring(joined, bea=[BEA], ada=[ADA]).new == 0


def test_the_report_of_a_wrong_merge_says_what_to_write(tmp_path: Path) -> None:
    write(tmp_path / "content/site.yaml", "title: T\n")
    bring(tmp_path, ada=[ADA])
    report = bring(tmp_path, bob=[{**BEA, "arxiv_id": "2401.00002"}])
    [hint] = [p.hint for p in report.problems if "arxiv_id" in p.message]
    assert "distinct_from: [bob.json:1]" in hint
    say(tmp_path, "bob.json:1")
    bring(tmp_path, ada=[ADA], bob=[{**BEA, "arxiv_id": "2401.00002"}])
    assert sorted(paper.arxiv_id for paper in state(tmp_path).papers.values()) == ["2401.00001", "2401.00002"]


def test_two_entries_of_one_bibtex_file_are_told_apart_by_their_keys(tmp_path: Path) -> None:
    write(tmp_path / "content/site.yaml", "title: T\n")
    text = "@article{%s, title={A survey of tides}, author={%s}, year={%s}}\n"
    path = write(tmp_path / "refs.bib", text % ("ada24", "Ada A.", "2024") + text % ("bea23", "Bea B.", "2023"))
    intake.run(tmp_path, [path])
    assert len(state(tmp_path).papers) == 1
    assert len(say(tmp_path, "refs.bib:bea23")) == 1
    intake.run(tmp_path, [path])
    found = {paper.citation_key: paper for paper in state(tmp_path).papers.values()}
    assert {key: paper.published for key, paper in found.items()} == {"ada24": "2024", "bea23": "2023"}
    before = state(tmp_path)
    intake.run(tmp_path, [path])
    assert state(tmp_path) == before


def test_near_duplicates_that_are_said_to_be_two_are_reported_no_more(tmp_path: Path) -> None:
    write(tmp_path / "content/site.yaml", "title: T\n")
    one, other = {"title": "Slow harbours at night in winter"}, {"title": "Slow harbors at night in winter"}
    assert any("may be the same" in p.message for p in bring(tmp_path / "a", both=[one, other]).problems)
    bring(tmp_path, one=[one])
    write(tmp_path / "content/overrides.yaml", "slow-harbours-at-night-in-winter: {distinct_from: ['x.json:2']}\n")
    write(tmp_path / "content/overrides.yaml", "slow-harbours-at-night-in-winter: {distinct_from: ['one.json:2']}\n")
    assert not any("may be the same" in p.message for p in bring(tmp_path, one=[one, other]).problems)


def test_an_import_gives_no_paper_an_address_that_an_override_gave(tmp_path: Path) -> None:
    write(tmp_path / "content/site.yaml", "title: T\n")
    bring(tmp_path, one=[{"title": "Ebb"}])
    write(tmp_path / "content/overrides.yaml", "ebb: {slug: flow}\n")
    bring(tmp_path, two=[{"title": "Flow"}])
    assert "flow" not in state(tmp_path).papers
    build.load(tmp_path)


def test_overrides_that_name_papers_not_here_yet_do_not_keep_them_from_coming_in(tmp_path: Path) -> None:
    write(tmp_path / "content/overrides.yaml", "ebb: [sea]\n2401.00001: {distinct_from: [ebb]}\n")
    assert bring(tmp_path, one=[{"title": "Ebb"}, ADA]).new == 2


def test_overrides_that_cannot_be_read_stop_an_import_before_it_can_join_what_is_two(joined: Path) -> None:
    write(joined / "content/overrides.yaml", f"{SLUG}: [a\n")
    before = state(joined)
    with pytest.raises(SiteError) as error:
        bring(joined, bea=[BEA], more=[{"title": "New"}])
    assert error.value.problems[0].where.file == "content/overrides.yaml"
    assert state(joined) == before


def test_a_merge_in_the_overrides_stays_one_paper_through_imports(tmp_path: Path) -> None:
    write(tmp_path / "content/site.yaml", "title: T\n")
    write(tmp_path / "content/topics.yaml", "[]")
    bring(tmp_path, one=[{"title": "Ebb", "venue": "Sea"}, {"title": "Ebb, corrected", "doi": "10.1000/x"}])
    write(tmp_path / "content/overrides.yaml", "ebb-corrected: {merge_into: ebb}\n")
    first = build.load(tmp_path).entries
    assert [entry.paper.doi for entry in first] == ["10.1000/x"]
    report = bring(tmp_path, one=[{"title": "Ebb", "venue": "Sea"}, {"title": "Ebb, corrected", "doi": "10.1000/x"}])
    assert (report.new, report.merged, report.unchanged) == (0, 0, 2)
    assert build.load(tmp_path).entries == first


FIELD = st.fixed_dictionaries(
    {},
    optional={
        "venue": st.sampled_from(["Sea", "Land"]),
        "keywords": st.lists(st.sampled_from(["a", "b", "c"]), max_size=2, unique=True),
        "authors": st.lists(st.sampled_from(["Ada", "Bea", "Cy"]), max_size=3, unique=True),
        "published": st.sampled_from(["2023", "2024-05", "2024-05-06"]),
        "url": st.sampled_from(["https://example.org/1", "https://example.org/2"]),
        "abstract": st.sampled_from(["Short and whole.", "Somewhat longer, and whole."]),
    },
)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(st.lists(FIELD, min_size=1, max_size=3), st.lists(FIELD, min_size=1, max_size=3), st.booleans())
def test_told_apart_each_is_what_it_would_have_been_alone(
    tmp_path_factory: pytest.TempPathFactory, ones: list[dict[str, Any]], others: list[dict[str, Any]], swap: bool
) -> None:
    folder = tmp_path_factory.mktemp("apart")
    mine = [{**fields, "title": "Tides"} for fields in ones]
    theirs = [{**fields, "title": "Tides", "doi": "10.1000/other"} for fields in others]
    apart = []
    for name, entries in (("mine", mine), ("theirs", theirs)):
        site = write(folder / name / "content/site.yaml", "title: T\n").parents[1]
        bring(site, **{name: entries})
        apart.append(state(site))
    site = write(folder / "both/content/site.yaml", "title: T\n").parents[1]
    bring(site, mine=mine)
    bring(site, theirs=theirs)
    write(site / "content/overrides.yaml", "tides: {distinct_from: [10.1000/other]}\n")
    files = {"theirs": theirs, "mine": mine} if swap else {"mine": mine, "theirs": theirs}
    bring(site, **files)
    after = state(site)
    [other] = set(after.papers) - {"tides"}
    assert after.papers["tides"] == apart[0].papers["tides"]
    assert {**vars_of(after.papers[other]), "slug": ""} == {**vars_of(apart[1].papers["tides"]), "slug": ""}
    assert after.abstracts.get("tides") == apart[0].abstracts.get("tides")
    assert after.abstracts.get(other) == apart[1].abstracts.get("tides")
