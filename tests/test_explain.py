"""`sitegen explain`: every placement with its reason, and the file and line of every field."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from need import reading_list
from sites import paper, write, write_site

from sitegen import cli, explain
from sitegen.errors import SiteError

OVERRIDES = """\
# By hand
first-paper: [one, two]
second-paper:
  topics: [two]
  title: Second, corrected
  why: Its data matter more than its model.
third-paper:
  hide: true
fifth-paper:
  merge_into: second-paper
"""
PAPERS = [
    paper("first-paper", arxiv_id="2601.00001", published="2026-01", authors=["A. One"]),
    paper("second-paper", venue="Somewhere", sources=[{"file": "a.csv", "format": "csv", "position": 3}]),
    paper("third-paper"),
    paper("fifth-paper", sources=[{"file": "b.csv", "format": "csv", "position": 4}]),
    paper("alpha-alpha-beta-paper", published="2026-02"),
]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    made = write_site(tmp_path, PAPERS, overrides_yaml=OVERRIDES)
    write(made / "content/summaries/words.yaml", "2601.00001:\n  tldr: About alpha.\n  keywords: [alpha]\n")
    return made


def lines(explanation: explain.Explanation) -> list[str]:
    return str(explanation).splitlines()


def test_a_confirmed_placement_names_the_line_that_won(site: Path) -> None:
    said = str(explain.run(site, "first-paper"))
    assert "one (primary, confirmed by content/overrides.yaml:2)" in said
    assert "two (secondary, confirmed by content/overrides.yaml:2)" in said


def test_a_placement_by_words_gives_its_score_words_and_runner_up(site: Path) -> None:
    found = explain.run(site, "Alpha Alpha")
    assert found.by_words is not None
    assert found.by_words.ranked[0].topic == "one"
    assert found.by_words.runner_up is not None
    assert found.by_words.runner_up.topic == "two"
    said = str(found)
    assert re.search(r"one \(primary, by its words, 0\.\d{3}\)\n +because of alpha", said)
    assert re.search(r"1\. one  0\.\d{3}\n +alpha", said)
    assert re.search(r"2\. two  0\.\d{3}\n +beta", said)


def test_the_points_add_up_to_the_score(site: Path) -> None:
    for reckoning in json.loads(json.dumps(explain.run(site, "first-paper").as_json()))["by_words"]["ranked"]:
        assert sum(share["points"] for share in reckoning["words"]) == pytest.approx(reckoning["score"], abs=1e-6)


def test_each_field_names_its_file_and_line(site: Path) -> None:
    fields = explain.run(site, "first-paper").as_json()["fields"]
    records = (site / "content/papers.jsonl").read_text("utf-8").splitlines()
    line = next(n for n, text in enumerate(records, 1) if '"first-paper"' in text)
    assert fields["title"] == fields["authors"] == f"content/papers.jsonl:{line}"
    assert fields["tldr"] == "content/summaries/words.yaml:2:3"
    assert fields["keywords"] == "content/summaries/words.yaml:3:3"
    assert "venue" not in fields


def test_a_correction_names_its_line_and_what_it_replaced(site: Path) -> None:
    found = explain.run(site, "second-paper")
    assert found.as_json()["fields"]["title"] == "content/overrides.yaml:3"
    said = str(found)
    assert said.startswith("Second, corrected\n")
    assert "title was: Second Paper" in said
    assert "why: Its data matter more than its model." in said
    assert "a.csv  csv, number 3" in said


def test_a_merged_paper_is_explained_as_the_one_that_it_joined(site: Path) -> None:
    found = explain.run(site, "fifth-paper")
    assert found.paper.slug == "second-paper"
    assert "Merged from\n  a.csv  csv, number 3\n  b.csv  csv, number 4" in str(found)


def test_a_hidden_paper_says_what_hides_it(site: Path) -> None:
    found = explain.run(site, "third-paper")
    assert found.hidden
    assert "Hidden by content/overrides.yaml:7" in str(found)
    assert found.as_json()["placements"] == []


@pytest.mark.parametrize("name", ["first-paper", "2601.00001", "second", "third-paper", "alpha"])
def test_no_line_is_wider_than_a_terminal(site: Path, name: str) -> None:
    assert all(len(line) <= explain.WIDTH for line in lines(explain.run(site, name)))


def test_this_list_reads_well_in_80_columns(tmp_path: Path) -> None:
    site = reading_list(tmp_path)
    for name in ("2408.03506", "get more for less", "a-primer-on-contrastive-pretraining-in-language-processing"):
        said = lines(explain.run(site, name))
        assert all(len(line) <= explain.WIDTH and line == line.rstrip() for line in said)
        assert "Related papers" in said


@pytest.mark.parametrize("name", ["nobody", "", "Fir St", "Paper"])
def test_a_name_that_means_no_paper_is_a_problem(site: Path, name: str) -> None:
    with pytest.raises(SiteError):
        explain.run(site, name)


def test_the_command_prints_text_or_json(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", "first-paper", "--site", str(site)]) == 0
    assert capsys.readouterr().out.startswith("First Paper\n")
    assert cli.main(["explain", "first-paper", "--site", str(site), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["override"]["where"] == "content/overrides.yaml:2"
    assert cli.main(["explain", "frist-paper", "--site", str(site)]) == 1
    assert "first-paper" in capsys.readouterr().err


def test_an_abstract_in_the_overrides_is_named_with_its_line_and_not_shown_whole(site: Path) -> None:
    write(
        site / "content/overrides.yaml", f"{OVERRIDES}alpha-alpha-beta-paper:\n  abstract: {'Alpha and beta. ' * 30}\n"
    )
    found = explain.run(site, "alpha-alpha-beta-paper")
    assert ("abstract", "content/overrides.yaml:11") in [(name, str(where)) for name, where in found.origins]
    assert str(found).count("Alpha and beta.") < 15
