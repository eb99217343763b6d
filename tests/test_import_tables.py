"""CSV, JSON and JSON Lines come in by the usual names of their columns."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from sitegen import intake, store
from sitegen.cli import main
from sitegen.intake import Report
from sitegen.model import Paper

SHARED = Path(__file__).parents[2] / "shared"


def bring(site: Path, text: str | bytes, name: str = "table.csv") -> Report:
    path = site / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return intake.run(site, [path])


def only(site: Path) -> Paper:
    [paper] = store.read(site / "content").papers.values()
    return paper


def titles(site: Path) -> list[str]:
    return sorted(paper.title for paper in store.read(site / "content").papers.values())


@pytest.mark.parametrize(
    ("names", "cells", "expected"),
    [
        pytest.param(
            ["title", "authors", "published", "venue", "url", "code_url"],
            ["On Tides", "Ada Low; Bo Chen", "2024-10-09", "ICLR 2025", "https://a.example/1", "https://a.example/c"],
            {
                "authors": ("Ada Low", "Bo Chen"),
                "published": "2024-10-09",
                "venue": "ICLR 2025",
                "url": "https://a.example/1",
                "code_urls": ("https://a.example/c",),
            },
            id="our-names",
        ),
        pytest.param(
            ["Title", "Author", "Publication Year", "Publication Title", "DOI", "Url"],
            ["On Tides", "Ada Low", "2024", "Journal of Tides", "10.1000/tides", "https://a.example/1"],
            {"authors": ("Ada Low",), "published": "2024", "venue": "Journal of Tides", "doi": "10.1000/tides"},
            id="names-of-a-reference-manager",
        ),
        pytest.param(
            ["PDF", "Keywords", "arXiv ID", "Year", "Journal", "Title"],
            ["https://a.example/1.pdf", "tides; moon", "2410.06511", "2024", "Tides", "On Tides"],
            {"pdf_url": "https://a.example/1.pdf", "keywords": ("tides", "moon"), "arxiv_id": "2410.06511"},
            id="in-any-order-and-case",
        ),
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_a_table_comes_in_by_its_column_names(
    names: list[str], cells: list[str], expected: dict[str, Any], delimiter: str, tmp_path: Path
) -> None:
    rows = [delimiter.join(names), delimiter.join(f'"{cell}"' for cell in cells)]
    report = bring(tmp_path, "\n".join(rows) + "\n")
    paper = only(tmp_path)
    assert (report.entries, report.new, report.problems) == (1, 1, [])
    assert paper.title == "On Tides"
    assert {name: getattr(paper, name) for name in expected} == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('[{"title": "On Tides", "year": 2024}, {"title": "On Bees"}]', id="array"),
        pytest.param('{"papers": [{"title": "On Tides", "year": 2024}, {"title": "On Bees"}]}', id="object-of-papers"),
        pytest.param('{"title": "On Tides", "year": 2024}\n\n{"title": "On Bees"}\n', id="lines"),
        pytest.param('\ufeff{"title": "On Tides", "year": 2024}\r\n{"title": "On Bees"}', id="lines-of-windows"),
        pytest.param("title,year\nOn Tides,2024\nOn Bees,\n", id="csv"),
        pytest.param('\ufefftitle,year\r\n"On Tides","2024"\r\n\r\nOn Bees,\r\n', id="csv-of-windows"),
    ],
)
def test_the_format_is_told_by_content_not_by_name(text: str, tmp_path: Path) -> None:
    report = bring(tmp_path, text, "data.bin")
    assert (report.entries, report.new, report.problems) == (2, 2, [])
    assert titles(tmp_path) == ["On Bees", "On Tides"]
    assert {paper.published for paper in store.read(tmp_path / "content").papers.values()} == {"2024", ""}


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        pytest.param(["Ada Low", "Bo Chen"], ("Ada Low", "Bo Chen"), id="list"),
        pytest.param("Ada Low; Bo Chen", ("Ada Low", "Bo Chen"), id="text"),
        pytest.param("Ada Low and Bo Chen", ("Ada Low", "Bo Chen"), id="as-in-bibtex"),
        pytest.param([{"given": "Ada", "family": "Low"}, {"name": "Bo Chen"}], ("Ada Low", "Bo Chen"), id="objects"),
        pytest.param([r"Andr\'e Low"], ("André Low",), id="tex"),
    ],
)
def test_authors_come_in_as_names(authors: object, names: tuple[str, ...], tmp_path: Path) -> None:
    bring(tmp_path, json.dumps([{"title": "On Tides", "authors": authors}]))
    assert only(tmp_path).authors == names


@pytest.mark.parametrize(
    ("field", "value", "arxiv_id"),
    [
        pytest.param("arxiv_id", "2410.06511", "2410.06511", id="plain"),
        pytest.param("arxiv_id", "2410.06511v3", "2410.06511", id="version"),
        pytest.param("arxiv_id", "arXiv:2410.06511v1", "2410.06511", id="prefix"),
        pytest.param("arxiv_id", "https://arxiv.org/abs/2410.06511v2", "2410.06511", id="link"),
        pytest.param("url", "https://arxiv.org/abs/2410.06511", "2410.06511", id="url"),
        pytest.param("url", "http://export.arxiv.org/pdf/2410.06511v2.pdf", "2410.06511", id="pdf-of-a-mirror"),
        pytest.param("doi", "10.48550/arXiv.2410.06511", "2410.06511", id="doi"),
        pytest.param("arxiv_id", "hep-th/9901001", "hep-th/9901001", id="old"),
        pytest.param("url", "https://arxiv.org/abs/math.GT/0309136v1", "math.GT/0309136", id="old-with-subject"),
    ],
)
def test_an_arxiv_id_is_found_in_all_its_forms(field: str, value: str, arxiv_id: str, tmp_path: Path) -> None:
    report = bring(tmp_path, f"title,{field}\nOn Tides,{value}\n")
    assert only(tmp_path).arxiv_id == arxiv_id
    assert report.problems == []


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        pytest.param("2024", "2024", id="year"),
        pytest.param("2024-10", "2024-10", id="month"),
        pytest.param("2024/10/9", "2024-10-09", id="slashes"),
        pytest.param("2024-10-09T12:00:00Z", "2024-10-09", id="time"),
    ],
)
def test_dates_are_kept_as_exact_as_they_come(written: str, kept: str, tmp_path: Path) -> None:
    assert bring(tmp_path, f"title,date\nOn Tides,{written}\n").problems == []
    assert only(tmp_path).published == kept


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(
            {
                "itemType": "conferencePaper", "title": "On Tides", "proceedingsTitle": "ICL", "DOI": "10.1000/x",
                "creators": [
                    {"firstName": "Ada", "lastName": "Low", "creatorType": "author"},
                    {"firstName": "Bo", "lastName": "Chen", "creatorType": "editor"},
                ],
                "tags": [{"tag": "sea"}],
            },
            id="zotero",
        ),
        pytest.param(
            {
                "title": "On Tides", "authors": [{"first_name": "Ada", "last_name": "Low"}], "venue": "ICL",
                "identifiers": {"doi": "10.1000/x"}, "keywords": ["sea"],
            },
            id="mendeley",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("wrap", [lambda i: {"items": [i]}, lambda i: [{"key": "A", "data": {"itemType": "a", **i}}]])
def test_items_of_reference_managers_own_programs(item: dict[str, Any], wrap: Any, tmp_path: Path) -> None:
    bring(tmp_path, json.dumps(wrap(item)), "x.json")
    paper = only(tmp_path)
    assert (paper.authors, paper.venue, paper.doi, paper.keywords) == (("Ada Low",), "ICL", "10.1000/x", ("sea",))


@pytest.mark.parametrize(
    "text",
    [
        "title,year,date\nOn Tides,2024,2024-10-09\n",
        "title,date,year\nOn Tides,2024-10-09,2024\n",
        '{"title": "On Tides", "year": 2024, "date": "2024-10-09"}',
        '{"title": "On Tides", "date": "2024-10-09", "year": 2024}',
    ],
)
def test_of_two_dates_the_more_exact_one_is_kept(text: str, tmp_path: Path) -> None:
    bring(tmp_path, text)
    assert only(tmp_path).published == "2024-10-09"


def test_a_date_in_words_does_not_hide_the_year(tmp_path: Path) -> None:
    assert bring(tmp_path, "title,Publication Year,Date\nOn Tides,2024,October 2024\n").problems == []
    assert only(tmp_path).published == "2024"


def test_names_of_a_reference_manager_s_table_are_turned(tmp_path: Path) -> None:
    bring(tmp_path, 'Title,Author\nOn Tides,"Low, Ada; van Beethoven, Ludwig"\n')
    assert only(tmp_path).authors == ("Ada Low", "Ludwig van Beethoven")


@pytest.mark.parametrize("doi", ["10.1000/Tides.1", "doi:10.1000/tides.1", "https://doi.org/10.1000/tides.1"])
def test_a_doi_is_found_in_all_its_forms(doi: str, tmp_path: Path) -> None:
    bring(tmp_path, f"title,doi\nOn Tides,{doi}\n")
    assert only(tmp_path).doi.lower() == "10.1000/tides.1"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("arxiv_id", "24.1", id="arxiv"),
        pytest.param("doi", "see the page", id="doi"),
        pytest.param("published", "last spring", id="date"),
        pytest.param("published", "2024-13-01", id="month"),
        pytest.param("url", "javascript:alert(1)", id="script"),
        pytest.param("pdf_url", "papers/1.pdf", id="relative-link"),
        pytest.param("code_url", "github.com/a/b", id="link-without-scheme"),
    ],
)
def test_a_value_that_makes_no_sense_is_reported_and_the_paper_comes_in(field: str, value: str, tmp_path: Path) -> None:
    report = bring(tmp_path, f"title,{field}\nOn Bees,\nOn Tides,{value}\n")
    assert titles(tmp_path) == ["On Bees", "On Tides"]
    assert (report.new, report.suspicious, report.rejected) == (2, 1, 0)
    [problem] = report.problems
    assert str(problem.where) == "table.csv:3"
    assert value in problem.message
    assert value not in (tmp_path / "content" / "papers.jsonl").read_text()


def test_an_entry_with_two_oddities_is_one_suspicious_entry(tmp_path: Path) -> None:
    report = bring(tmp_path, "title,doi,date\nOn Tides,somewhere,last spring\n")
    assert (report.new, report.suspicious, len(report.problems)) == (1, 1, 2)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("title,year\nOn Tides\nOn Bees,2024\n", 2, id="csv-with-a-cell-too-few"),
        pytest.param("title,venue\nOn Bees,x\nOn, Tides,x\n", 3, id="csv-with-a-cell-too-many"),
        pytest.param('title,venue\nOn Bees,"two\nlines"\n,x\n', 4, id="csv-without-title-after-a-long-cell"),
        pytest.param('title,venue\n,"two\nlines"\nOn Bees,x\n', 2, id="csv-without-title-over-two-lines"),
        pytest.param('{"title": "On Bees"}\n{"title": "On Ti\n', 2, id="json-line-cut"),
        pytest.param('{"year": 2024}\n{"title": "On Bees"}\n', 1, id="json-line-without-title"),
        pytest.param('{"title": "On Bees"}\n["On Tides"]\n', 2, id="json-line-that-is-a-list"),
    ],
)
def test_a_row_that_cannot_come_in_is_reported_with_its_line(text: str, line: int, tmp_path: Path) -> None:
    report = bring(tmp_path, text)
    assert titles(tmp_path) == ["On Bees"]
    assert (report.entries, report.new, report.rejected) == (2, 1, 1)
    [problem] = report.problems
    assert str(problem.where) == f"table.csv:{line}"


def test_json_that_was_cut_off_is_named_and_the_other_files_come_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, good = tmp_path / "bad.json", tmp_path / "good.json"
    bad.write_text('[{"title": "On Tides"}, {"title": ')
    good.write_text('[{"title": "On Bees"}]')
    assert main(["import", "--site", str(tmp_path), str(bad), str(good)]) == 1
    assert "bad.json: " in capsys.readouterr().err
    assert titles(tmp_path) == ["On Bees"]


def test_a_column_that_means_nothing_is_named(tmp_path: Path) -> None:
    [problem] = bring(tmp_path, "title,shelf mark\nOn Tides,B12\n").problems
    assert "shelf mark" in problem.message
    assert problem.where.file == "table.csv"


@pytest.mark.parametrize(
    ("wished", "given"),
    [
        pytest.param("my-own-address", "my-own-address", id="good"),
        pytest.param("", "on-tides", id="none"),
        pytest.param("My Address", "on-tides", id="no-slug"),
        pytest.param("../secret", "on-tides", id="a-path"),
        pytest.param("on-bees", "on-tides", id="taken"),
    ],
)
def test_a_slug_in_a_file_is_used_if_it_has_the_form_and_is_free(wished: str, given: str, tmp_path: Path) -> None:
    bring(tmp_path, f"title,slug\nOn Bees,on-bees\nOn Tides,{wished}\n")
    found = {paper.title: slug for slug, paper in store.read(tmp_path / "content").papers.items()}
    assert found == {"On Bees": "on-bees", "On Tides": given}


def test_a_known_paper_keeps_its_address_whatever_a_file_says(tmp_path: Path) -> None:
    bring(tmp_path, "title,slug\nOn Tides,first-address\n")
    bring(tmp_path, "title,slug\nOn Tides,second-address\n")
    assert only(tmp_path).slug == "first-address"


@pytest.mark.parametrize("text", ["title,year\nOn Tides,2024\n", '[{"title": "On Tides", "year": "2024"}]'])
def test_importing_a_table_twice_changes_no_byte(text: str, tmp_path: Path) -> None:
    bring(tmp_path, text)
    before = (tmp_path / "content" / "papers.jsonl").read_bytes()
    again = bring(tmp_path, text)
    assert (again.new, again.merged, again.unchanged) == (0, 0, 1)
    assert (tmp_path / "content" / "papers.jsonl").read_bytes() == before


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared")
@pytest.mark.parametrize("facts_first", [False, True], ids=["captures-then-facts", "facts-then-captures"])
def test_the_facts_join_into_the_papers_of_the_captures(facts_first: bool, tmp_path: Path) -> None:
    facts = SHARED / "facts" / "papers.csv"
    captures = sorted((SHARED / "captures").glob("*.txt"))
    report = intake.run(tmp_path, [facts, *captures] if facts_first else [*captures, facts])
    assert (report.papers, report.new, report.rejected) == (343, 343, 0)
    known = store.read(tmp_path / "content")
    with facts.open(encoding="utf-8", newline="") as file:
        rows = {row["arxiv_id"]: row for row in csv.DictReader(file)}
    assert {paper.arxiv_id for paper in known.papers.values()} == set(rows)
    for paper in known.papers.values():
        row = rows[paper.arxiv_id]
        assert len(paper.sources) >= 2, paper.slug
        assert paper.published == row["published"]
        assert paper.venue == row["venue"]
        assert paper.authors == tuple(re.split(r"\s*[;,]\s*", row["authors"]))
        assert row["code_url"] in ("", *paper.code_urls)
    before = (tmp_path / "content" / "papers.jsonl").read_bytes()
    assert intake.run(tmp_path, [facts]).unchanged == 343
    assert (tmp_path / "content" / "papers.jsonl").read_bytes() == before


@pytest.mark.parametrize("before", ["\n", "\n  \n\n", "sep=;\n", '\ufeff"sep=;"\n', "\n\t\nSEP=;\n"])
def test_what_stands_before_the_column_names_is_no_paper(tmp_path: Path, before: str) -> None:
    report = bring(tmp_path, f"{before}title;year;odd\nOn Tides;2020;x\nOn Bees;soon;x\n")
    assert titles(tmp_path) == ["On Bees", "On Tides"]
    lines = before.count("\n")
    places = {problem.level: problem.where.line for problem in report.problems}
    assert places == {"note": lines + 1, "warning": lines + 3}


def test_a_quote_that_is_never_closed_takes_no_paper_along_in_silence(tmp_path: Path) -> None:
    text = 'title,abstract\nOn Tides,"two\nlines"\nOn Bees,"never closed\nOn Ants,x\nOn Moths,y\n'
    report = bring(tmp_path, text)
    assert titles(tmp_path) == ["On Tides"]
    assert (report.entries, report.new, report.rejected) == (2, 1, 1)
    [said] = [problem for problem in report.problems if "never closed" in problem.message]
    assert (said.where.line, said.level) == (4, "error")
    assert "the 3 lines from here on" in said.message


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_a_last_row_of_several_lines_comes_in(tmp_path: Path, end: str) -> None:
    bring(tmp_path, f'title,abstract,note\nOn Tides,x,5" wide\nOn 5" Bees,"two\nlines",y{end}')
    assert titles(tmp_path) == ['On 5" Bees', "On Tides"]


ODD = "Paper Title;title;Yr;Who = By\nOn Tides;a short one;2020;Ada Low\n"


def test_columns_with_names_of_their_own_are_mapped(tmp_path: Path) -> None:
    write = tmp_path / "odd.csv"
    write.write_text(ODD)
    maps = ["--map", "Paper Title=title", "--map", "Yr=year", "--map", "Who = By=authors"]
    assert main(["import", str(write), "--site", str(tmp_path), *maps]) == 0
    paper = only(tmp_path)
    assert (paper.title, paper.published, paper.authors) == ("On Tides", "2020", ("Ada Low",))


def test_one_column_is_enough_when_it_is_mapped(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("Lecture\nOn Tides and Other Waters\n")
    assert intake.run(tmp_path, [path], columns={"Lecture": "title"}).new == 1


@pytest.mark.parametrize("text", [ODD, "Paper Title,Yr\nOn Tides,2020\n"])
def test_a_column_that_is_not_there_is_said_with_the_nearest(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text(text)
    assert main(["import", str(path), "--site", str(tmp_path), "--map", "Paper Titel=title"]) == 1
    assert 'did you mean "Paper Title"?' in capsys.readouterr().err
    assert not titles(tmp_path)


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("A=titel", 'did you mean "title"?'),
        ("A", "COLUMN=FIELD"),
        ("=title", "COLUMN=FIELD"),
        ("A=sources", "no field"),
    ],
)
def test_a_mapping_that_is_none_is_wrong_usage(mapping: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["import", "x.csv", "--map", mapping])
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err
