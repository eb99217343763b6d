"""The report on the list: its figures are those of the content and of the files, and it knows no clock."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

from sites import ENGLISH, pages, paper, parse, text_of, write_site

from sitegen import build, urls
from sitegen.meta import Table
from sitegen.model import Site
from sitegen.pages import report_page
from sitegen.views import ReportView

PAPERS = [
    paper("alpha", authors=["Ada"], published="2024-05-06", venue="X <b>", arxiv_id="2405.00001",
          sources=[{"file": "a|b.csv", "format": "csv", "date": "2026-01-02", "position": 1}]),
    paper("beta", published="2023"),
    paper("gamma", published="2024-05", doi="10.1000/x"),
]  # fmt: skip


def tables(page: ET.Element) -> dict[str, list[list[str]]]:
    found = {}
    for section in page.iter("section"):
        rows = [[text_of(cell) for cell in row] for row in section.iter("tr")]
        found[text_of(section.find("h2"))] = rows[1:]
    return found


def report(site: Path, **options: str) -> dict[str, list[list[str]]]:
    build.build(site, **options)  # type: ignore[arg-type]
    return tables(parse(site / "_site/about/report/index.html"))


def test_it_counts_topics_fields_and_sources(tmp_path: Path) -> None:
    found = report(write_site(tmp_path, PAPERS, overrides_yaml="alpha: [one, two]\nbeta: [one]\n"))
    assert found[ENGLISH.report_holds] == [
        ["One", "2", "0", "2"],
        ["Two", "0", "1", "0"],
        ["No topic yet", "1", "0", "0"],
        ["All", "3", "1", "2"],
    ]
    fields = {row[0]: row[1:] for row in found[ENGLISH.report_complete]}
    assert fields["Authors"] == ["1", "33 %"]
    assert fields["Date"] == ["3", "100 %"]
    assert fields[ENGLISH.report_month] == ["2", "66 %"]
    assert fields[ENGLISH.report_day] == ["1", "33 %"]
    assert fields["DOI"] == ["1", "33 %"]
    assert fields[ENGLISH.report_link] == ["2", "66 %"]
    assert found[ENGLISH.report_sources] == [["a|b.csv", "csv", "2 January 2026", "1"]]
    [[place, message]] = found[ENGLISH.report_warnings]
    assert place == "content/papers.jsonl"
    assert "fit no topic: gamma" in message


def test_its_sizes_are_those_of_all_other_files(built: Path) -> None:
    rows = {row[0]: row[1:] for row in tables(parse(built / "about/report/index.html"))[ENGLISH.report_sizes]}
    others = [path for path in built.rglob("*") if path.is_file() and path.parent != built / "about/report"]
    marker = 1  # says that the folder is ours
    assert int(rows["All"][0]) == len(others) - marker == sum(int(n) for name, (n, _) in rows.items() if name != "All")
    assert abs(int(rows["All"][1]) - sum(path.stat().st_size for path in others) / 1000) < 2
    assert int(rows["Pages"][0]) == sum(1 for _ in pages(built)) - 1


def test_the_same_content_gives_the_same_report(tmp_path: Path) -> None:
    texts = set()
    for folder in ("one", "two"):
        site = write_site(tmp_path / folder, PAPERS)
        build.build(site)
        texts.add((site / "_site/about/report/index.html").read_bytes())
    assert len(texts) == 1


def test_it_is_found_from_the_page_about_the_list_and_has_its_markdown(built: Path) -> None:
    about = parse(built / "about/index.html")
    assert "../about/report/" in [link.get("href") for link in about.iter("a")]
    assert f"{urls.REPORT}</loc>" in (built / "sitemap.xml").read_text("utf-8")
    text = (built / "about/report/index.md").read_text("utf-8")
    assert "| Topic | Papers |" in text
    assert "../../topics/sorting/)" in text


def test_an_empty_list_has_a_report(tmp_path: Path) -> None:
    found = report(write_site(tmp_path))
    assert found[ENGLISH.report_holds][-1] == ["All", "0", "0", "0"]
    assert all(row[2] == "" for row in found[ENGLISH.report_complete])


def test_without_abstracts_to_show_there_is_no_word_of_them(tmp_path: Path) -> None:
    found = report(write_site(tmp_path, PAPERS, site_yaml="title: Small\nshow_abstracts: false\n"))
    assert "Abstract" not in [row[0] for row in found[ENGLISH.report_complete]]


def test_sizes_are_told_apart_by_what_files_are_for() -> None:
    sizes = {"papers.csl.json": 1001, "search/a.json": 1, "index.html": 2, "index.md": 3, "feed.xml": 4, "map.svg": 5}
    page = report_page(Site("Toy"), (), (), ENGLISH, sizes, [])
    assert isinstance(page.view, ReportView)
    table = next(table for table in page.view.tables if table.title == ENGLISH.report_sizes)
    assert table == Table(
        ENGLISH.report_sizes,
        (ENGLISH.report_kind, ENGLISH.report_files, ENGLISH.report_kilobytes),
        (
            (ENGLISH.size_pages, "1", "1"),
            (ENGLISH.size_twins, "1", "1"),
            (ENGLISH.size_citations, "1", "2"),
            (ENGLISH.size_search, "1", "1"),
            (ENGLISH.size_looks, "1", "1"),
            (ENGLISH.size_feeds, "1", "1"),
            (ENGLISH.report_all, "6", "2"),
        ),
    )
