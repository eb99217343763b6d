"""The summaries: the curator's words about papers, in as many files as are easy to edit."""

from __future__ import annotations

from pathlib import Path

import pytest
from marked import marked

from sitegen import curate
from sitegen.errors import Problem
from sitegen.model import Paper, Words

PAPERS = (
    Paper("tiny-adapters", "Tiny adapters for large models", arxiv_id="2410.06510"),
    Paper("tiny-data", "Tiny data", arxiv_id="2501.00010"),
    Paper("no", "No more forgetting"),
)


def words(tmp_path: Path, **files: str) -> tuple[dict[str, Words], list[Problem]]:
    (tmp_path / "summaries").mkdir()
    for name, text in files.items():
        (tmp_path / "summaries" / f"{name}.yaml").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    return curate.read_words(tmp_path, PAPERS, problems), problems


@pytest.mark.parametrize("key", ["tiny-data", "2501.00010", "'Tiny data'", "tiny DATA"])
def test_a_key_means_a_slug_an_arxiv_id_or_the_start_of_a_title(tmp_path: Path, key: str) -> None:
    assert words(tmp_path, any=f"{key}: {{tldr: Short.}}\n") == ({"tiny-data": Words("Short.")}, [])


def test_the_words_of_several_files_come_together_whatever_their_names(tmp_path: Path) -> None:
    found, problems = words(
        tmp_path,
        vision="tiny-data:\n  tldr: >-\n    Two\n    lines.\n  summary: no\n  keywords: [no, 2410.10]\n",
        anything="no: {summary: Long.}\n",
        empty="# nothing yet\n",
    )
    assert problems == []
    assert found == {"tiny-data": Words("Two lines.", "no", ("no", "2410.10")), "no": Words(summary="Long.")}


@pytest.mark.parametrize("second", ["tiny-data", "2501.00010", "Tiny data"])
def test_a_paper_stands_in_one_summary_file_only(tmp_path: Path, second: str) -> None:
    _, problems = words(tmp_path, a="tiny-data: {tldr: A.}\n", b=f"no: {{tldr: B.}}\n{second}: {{tldr: B.}}\n")
    [problem] = problems
    assert (problem.where.file, problem.where.line, problem.where.column) == ("content/summaries/b.yaml", 2, 1)
    assert "content/summaries/a.yaml:1" in problem.message + problem.hint
    assert problem.hint


@pytest.mark.parametrize(
    ("text", "says", "hint"),
    [
        pytest.param("no:\n  ▸tdlr: A.\n", '"tdlr"', '"tldr"', id="misspelt key"),
        pytest.param("no: ▸A.\n", "mapping", "tldr", id="sentence for the words"),
        pytest.param("no: {tldr: ▸[A.]}\n", "tldr", "quote", id="tldr as a list"),
        pytest.param("no: {keywords: ▸one}\n", "list", "[one]", id="keywords as a word"),
        pytest.param("▸- no\n", "map", "tldr", id="list for the whole file"),
        pytest.param("no:\n  tldr: one▸: two\n", "colon", "quote", id="colon in a text"),
        pytest.param("no: {tldr: A.}\n▸no: {tldr: B.}\n", "twice", "line 1", id="paper twice in a file"),
        pytest.param("▸Tiny: {tldr: A.}\n", "2 titles", "tiny-data", id="start of two titles"),
    ],
)
def test_a_mistake_in_the_summaries_has_its_place_and_a_hint(tmp_path: Path, text: str, says: str, hint: str) -> None:
    clean, at = marked(text)
    [problem] = words(tmp_path, group=clean)[1]
    assert (problem.where.file, problem.where.line, problem.where.column) == ("content/summaries/group.yaml", *at)
    assert says in problem.message
    assert hint in problem.hint


def test_words_about_no_paper_are_a_warning_with_the_nearest_one(tmp_path: Path) -> None:
    found, [problem] = words(tmp_path, a="tiny-dta: {tldr: A.}\nno: {tldr: B.}\n")
    assert problem.level == "warning"
    assert problem.where.line == 1
    assert "tiny-data" in problem.hint
    assert list(found) == ["no"]


def test_a_file_with_another_ending_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    assert words(tmp_path, vision="tiny-data: {tldr: Short.}\n")[1] == []
    (tmp_path / "summaries/vision.yaml").rename(tmp_path / "summaries/vision.yml")
    problems: list[Problem] = []
    assert curate.read_words(tmp_path, PAPERS, problems) == {}
    [said] = problems
    assert (str(said.where), said.level, said.hint) == (
        "content/summaries/vision.yml",
        "warning",
        "call it vision.yaml",
    )
