"""Saved list pages come in: the good entries always, and a clear report line for whatever is odd."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen import ingest, intake, store
from sitegen.cli import main
from sitegen.model import Source

CAPTURES = Path(__file__).parents[2] / "shared" / "captures"
HEAD = ["new", "Get trending papers in your email inbox!", "Subscribe", "byAK and the research community", "Jun 9"]
FIRST = 2 * len(HEAD) + 1
"""The line of the first block after HEAD."""
TIDES, BEES = "Tidal Adapters for Slow Harbours", "Counting Bees With Small Networks"


def abstract(subject: str) -> str:
    return " ".join(f"Sentence {n} says something true about {subject}, in plain words." for n in range(1, 7))


ABOUT_TIDES, ABOUT_BEES = abstract("tides"), abstract("bees")
GOOD = [TIDES, ABOUT_TIDES, BEES, ABOUT_BEES]


def page(blocks: Sequence[str]) -> str:
    """Blocks as a browser saves them: an empty line between two, so block n stands in line 2n - 1."""
    return "\n\n".join(blocks) + "\n"


def save(folder: Path, text: str | bytes, name: str = "page.txt") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def in_store(site: Path) -> dict[str, str]:
    """Abstracts by title."""
    known = store.read(site / "content")
    return {paper.title: known.abstracts.get(slug, "") for slug, paper in known.papers.items()}


def written(site: Path) -> list[bytes]:
    return [(site / "content" / name).read_bytes() for name in ("papers.jsonl", "abstracts.jsonl")]


def sources(site: Path, title: str) -> tuple[Source, ...]:
    return next(p.sources for p in store.read(site / "content").papers.values() if p.title == title)


def test_a_page_gives_its_papers_with_abstracts_and_where_they_stood(tmp_path: Path) -> None:
    report = intake.run(tmp_path, [save(tmp_path, page([*HEAD, *GOOD]))])
    assert (report.entries, report.papers, report.new) == (2, 2, 2)
    assert (report.merged, report.unchanged, report.suspicious, report.rejected) == (0, 0, 0, 0)
    assert report.problems == []
    assert in_store(tmp_path) == {TIDES: ABOUT_TIDES, BEES: ABOUT_BEES}
    [source] = sources(tmp_path, BEES)
    assert (source.file, source.position) == ("page.txt", 2)


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(HEAD[:2] + HEAD[3:], id="one-less"),
        pytest.param(HEAD[4:], id="only-the-date"),
        pytest.param(["Daily Papers", *HEAD], id="a-known-one-more"),
    ],
)
def test_page_furniture_may_be_more_or_less(head: list[str], tmp_path: Path) -> None:
    report = intake.run(tmp_path, [save(tmp_path, page([*head, *GOOD]))])
    assert in_store(tmp_path) == {TIDES: ABOUT_TIDES, BEES: ABOUT_BEES}
    assert (report.entries, report.problems) == (2, [])


STRAY = "Of Lanterns and Loss"
CUT = f"{ABOUT_TIDES} After this sentence we then turn to the"


@pytest.mark.parametrize(
    ("blocks", "line", "words"),
    [
        pytest.param([*GOOD[:2], STRAY, *GOOD[2:]], FIRST + 4, [STRAY], id="a-title-without-abstract"),
        pytest.param([*GOOD, STRAY], FIRST + 8, [STRAY], id="a-title-without-abstract-at-the-end"),
        pytest.param([STRAY, *GOOD], FIRST, [STRAY], id="two-titles-in-a-row-at-the-start"),
        pytest.param(["Filter by topic", *GOOD], FIRST, ["Filter by topic"], id="unknown-furniture-at-the-start"),
        pytest.param([*GOOD[:2], "12 comments", *GOOD[2:]], FIRST + 4, ["12 comments"], id="unknown-furniture-inside"),
        pytest.param([*GOOD[:2], abstract("owls"), *GOOD[2:]], FIRST + 4, ["title"], id="an-abstract-without-title"),
        pytest.param([abstract("owls"), *GOOD], FIRST, ["title"], id="an-abstract-before-all"),
    ],
)
def test_what_is_no_entry_is_reported_with_its_line(
    blocks: list[str], line: int, words: list[str], tmp_path: Path
) -> None:
    report = intake.run(tmp_path, [save(tmp_path, page([*HEAD, *blocks]))])
    assert in_store(tmp_path) == {TIDES: ABOUT_TIDES, BEES: ABOUT_BEES}
    [problem] = report.problems
    assert str(problem.where) == f"page.txt:{line}"
    assert all(word in problem.message for word in words)
    assert report.entries == report.new + report.rejected


@pytest.mark.parametrize("end", ["", "…", "..."])
def test_a_cut_abstract_comes_in_and_is_suspicious(end: str, tmp_path: Path) -> None:
    report = intake.run(tmp_path, [save(tmp_path, page([*HEAD, TIDES, CUT + end, *GOOD[2:]]))])
    assert in_store(tmp_path) == {TIDES: CUT + end, BEES: ABOUT_BEES}
    assert (report.new, report.suspicious, report.rejected) == (2, 1, 0)
    [problem] = report.problems
    assert "cut" in problem.message
    assert problem.where.file == "page.txt"
    assert problem.where.line in (FIRST, FIRST + 2)


def test_an_abstract_that_ends_in_a_link_is_not_taken_for_a_cut_one(tmp_path: Path) -> None:
    text = f"{ABOUT_TIDES} Code is at https://github.com/harbour/tides"
    report = intake.run(tmp_path, [save(tmp_path, page([*HEAD, TIDES, text]))])
    assert (report.suspicious, report.problems) == (0, [])
    [paper] = store.read(tmp_path / "content").papers.values()
    assert paper.code_urls == ("https://github.com/harbour/tides",)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(page([*HEAD, *GOOD]).replace("\n", "\r\n").encode(), id="windows-line-ends"),
        pytest.param(b"\xef\xbb\xbf" + page([*HEAD, *GOOD]).encode(), id="byte-order-mark"),
        pytest.param(page([*HEAD, *GOOD]).encode("utf-16"), id="utf-16"),
        pytest.param(page([*HEAD, *GOOD]).replace("\n\n", "\n").encode(), id="no-empty-lines"),
        pytest.param(page([f"  {block}\t" for block in [*HEAD, *GOOD]]).encode(), id="spaces-around"),
    ],
)
def test_how_a_page_was_saved_makes_no_difference(data: bytes, tmp_path: Path) -> None:
    plain, other = tmp_path / "plain", tmp_path / "other"
    intake.run(plain, [save(tmp_path, page([*HEAD, *GOOD]))])
    report = intake.run(other, [save(tmp_path, data)])
    assert written(other) == written(plain)
    assert report.problems == []


def test_letters_lost_to_a_wrong_encoding_are_reported(tmp_path: Path) -> None:
    text = page([*HEAD, "Ein Modell für Bienen", ABOUT_BEES])
    report = intake.run(tmp_path, [save(tmp_path, text.encode("cp1252"))])
    assert report.problems or "Ein Modell für Bienen" in in_store(tmp_path)


@pytest.mark.parametrize(
    ("data", "word", "code"),
    [
        pytest.param(b"", "empty", 0, id="empty"),
        pytest.param(b" \r\n\n\t\n", "empty", 0, id="only-space"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0", "binary", 1, id="image"),
        pytest.param(b"\x1f\x8b\x08\x08abcdefgh", "binary", 1, id="archive"),
        pytest.param(bytes(range(128, 256)) * 4, "", 1, id="bytes-that-are-no-text"),
    ],
)
def test_a_file_without_papers_is_named_and_the_others_come_in(
    data: bytes, word: str, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd, good = save(tmp_path, data, "odd.txt"), save(tmp_path, page([*HEAD, *GOOD]))
    assert main(["import", "--site", str(tmp_path), str(odd), str(good)]) == code
    assert list(in_store(tmp_path)) == [BEES, TIDES]
    line = next(line for line in capsys.readouterr().err.splitlines() if line.startswith("odd.txt:"))
    assert word in line


def test_a_text_without_papers_is_named(tmp_path: Path) -> None:
    report = intake.run(tmp_path, [save(tmp_path, page(["A shopping list", "Eggs", "Flour"]), "list.txt")])
    assert {problem.where.file for problem in report.problems} == {"list.txt"}
    assert report.entries == report.rejected


ODD = st.sampled_from([STRAY, "12 comments", "Upvote", "·", "4", "Jul 1", "Load more", abstract("owls"), "x" * 300])


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.lists(ODD, max_size=3), st.lists(ODD, max_size=3), st.lists(ODD, max_size=3))
def test_whatever_stands_between_them_the_good_entries_come_in(
    before: list[str], between: list[str], after: list[str]
) -> None:
    blocks = [*HEAD, *before, *GOOD[:2], *between, *GOOD[2:], *after]
    reading = ingest.read(page(blocks).encode(), "page.txt")
    found = [(entry.paper.title, entry.abstract) for entry in reading.found]
    assert [pair for pair in found if pair[0] in GOOD] == [(TIDES, ABOUT_TIDES), (BEES, ABOUT_BEES)]


@pytest.mark.parametrize(
    ("shown", "date", "kept"),
    [
        pytest.param("Jun 9", "2025", "2025-06-09", id="year-from-the-curator"),
        pytest.param("Jun 9", "2025-06", "2025-06-09", id="month-from-the-curator"),
        pytest.param("Jun 9", "2025-06-10", "2025-06-10", id="day-from-the-curator"),
        pytest.param("June 9", "2025", "2025-06-09", id="long-month"),
        pytest.param("Jun 9, 2024", "", "2024-06-09", id="page-with-year"),
        pytest.param("Subscribe", "2025-06", "2025-06", id="page-without-date"),
    ],
)
def test_the_list_date_has_the_curators_year(shown: str, date: str, kept: str, tmp_path: Path) -> None:
    path = save(tmp_path, page([*HEAD[:4], shown, *GOOD]))
    report = intake.run(tmp_path, [path], date)
    assert [source.date for source in sources(tmp_path, TIDES)] == [kept]
    assert report.problems == []


def test_without_the_curators_year_day_and_month_are_kept_and_no_year_is_made_up(tmp_path: Path) -> None:
    intake.run(tmp_path, [save(tmp_path, page([*HEAD, *GOOD]))])
    [source] = sources(tmp_path, TIDES)
    assert source.date.endswith("06-09")
    assert not re.match(r"\d{4}", source.date)


def test_a_missing_date_is_reported_and_the_papers_come_in(tmp_path: Path) -> None:
    report = intake.run(tmp_path, [save(tmp_path, page([*HEAD[:4], *GOOD]))])
    [problem] = report.problems
    assert problem.where.file == "page.txt"
    assert "date" in problem.message
    assert "--date" in problem.hint
    assert in_store(tmp_path) == {TIDES: ABOUT_TIDES, BEES: ABOUT_BEES}


@pytest.mark.parametrize("date", ["June", "2025-13", "25-06-09", "2025-06-31", "2025-02-30", "2025-6-9"])
def test_a_date_that_is_none_is_wrong_usage(date: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save(tmp_path, page([*HEAD, *GOOD]))
    with pytest.raises(SystemExit) as stop:
        main(["import", "--site", str(tmp_path), "--date", date, str(path)])
    assert stop.value.code == 2
    assert date in capsys.readouterr().err


def test_a_later_import_with_a_year_completes_the_list_date_for_good(tmp_path: Path) -> None:
    path = save(tmp_path, page([*HEAD, *GOOD]))
    intake.run(tmp_path, [path])
    assert intake.run(tmp_path, [path], "2025").merged == 2
    assert intake.run(tmp_path, [path]).unchanged == 2
    assert [source.date for source in sources(tmp_path, TIDES)] == ["2025-06-09"]


def test_importing_twice_changes_no_byte(tmp_path: Path) -> None:
    paths = [
        save(tmp_path, page([*HEAD, *GOOD]), "one.txt"),
        save(tmp_path, page([*HEAD[:4], "Jul 14", BEES, CUT, STRAY, ABOUT_TIDES]), "two.txt"),
    ]
    intake.run(tmp_path, paths)
    before = written(tmp_path)
    for order in (paths, paths[::-1]):
        again = intake.run(tmp_path, order)
        assert (again.new, again.merged, again.unchanged) == (0, 0, 4)
        assert written(tmp_path) == before


def test_a_folder_means_the_files_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    save(folder, page([*HEAD, *GOOD[:2]]), "one.txt")
    save(folder, page([*HEAD, *GOOD[2:]]), "two.txt")
    assert intake.run(tmp_path, [folder]).new == 2


def test_a_file_that_does_not_exist_is_named_and_the_exit_code_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "--site", str(tmp_path), str(tmp_path / "nothing.txt")]) == 1
    assert "nothing.txt" in capsys.readouterr().err


def test_import_closes_with_the_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save(tmp_path, page([*HEAD, TIDES, CUT, BEES, ABOUT_BEES, BEES, ABOUT_BEES, STRAY]))
    assert main(["import", "--site", str(tmp_path), str(path)]) == 0
    shown = capsys.readouterr()
    last = shown.out.splitlines()[-1]
    for count in ("4 entries", "2 new", "1 merged", "0 unchanged", "1 suspicious", "1 rejected", "2 papers"):
        assert count in last
    assert f"page.txt:{FIRST + 12}:" in shown.err


def test_json_puts_the_report_alone_on_stdout(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save(tmp_path, page([*HEAD, TIDES, CUT, STRAY, BEES, ABOUT_BEES]))
    assert main(["import", "--json", "--site", str(tmp_path), str(path)]) == 0
    shown = capsys.readouterr()
    report = json.loads(shown.out)
    problems = report.pop("problems")
    counts = {"entries": 3, "papers": 2, "new": 2, "merged": 0, "unchanged": 0, "suspicious": 1, "rejected": 1}
    assert report == counts
    assert {(p["file"], p["line"]) for p in problems} == {("page.txt", FIRST), ("page.txt", FIRST + 4)}
    assert f"page.txt:{FIRST + 4}:" in shown.err


@pytest.mark.skipif(not CAPTURES.is_dir(), reason="needs ../shared/captures")
def test_the_real_captures_give_343_papers_and_a_second_run_changes_no_byte(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["import", "--json", "--site", str(tmp_path), *map(str, sorted(CAPTURES.glob("*.txt")))]
    assert main(command) == 0
    first = json.loads(capsys.readouterr().out)
    counts = ("entries", "papers", "new", "merged", "unchanged", "rejected")
    assert [first[name] for name in counts] == [453, 343, 343, 110, 0, 0]
    before = written(tmp_path)
    assert main(command) == 0
    second = json.loads(capsys.readouterr().out)
    assert [second[name] for name in counts] == [453, 343, 0, 0, 453, 0]
    assert written(tmp_path) == before
