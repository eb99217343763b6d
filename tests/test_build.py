"""`build`: the files of the contract, its report, and that the same content gives the same bytes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sites import BASE_URL, pages, paper, snapshot, text_of, write_site

from sitegen import build, cli
from sitegen.errors import SiteError

TOY = Path(__file__).parent / "toy/content"
RECORDS = [json.loads(line) for line in (TOY / "papers.jsonl").read_text("utf-8").splitlines()]
SHOWN = {record["slug"] for record in RECORDS} - {"a-paper-that-the-curator-hid"}
TOPICS = ("sorting", "reviewing", "quotation", "silence")


# --- Files ---


@pytest.mark.parametrize(
    "name",
    [
        *("index.html", "index.md", "feed.xml", "sitemap.xml", "robots.txt", "404.html", ".nojekyll"),
        *("topics/index.html", "years/index.html", "lists/index.html", "search/index.html", "about/index.html"),
        *(f"topics/{topic}/{file}" for topic in TOPICS for file in ("index.html", "index.md", "feed.xml")),
        *(f"papers/{slug}/{file}" for slug in sorted(SHOWN) for file in ("index.html", "index.md")),
        *("years/2026/index.html", "years/undated/index.html", "lists/toy-list-june/index.html"),
        *("topics/ordering-things/index.html", "search/manifest.json"),
    ],
)
def test_the_site_has_the_files_of_the_contract(name: str, built: Path) -> None:
    assert (built / name).is_file()


def test_a_hidden_paper_leaves_no_trace(built: Path) -> None:
    assert {path.parent.name for path in (built / "papers").glob("*/index.html")} == SHOWN
    traces = [n for n, data in snapshot(built).items() if b"curator-hid" in data or b"Curator Hid" in data]
    assert traces == []


def test_a_topic_without_papers_has_its_page_and_says_so(built: Path) -> None:
    page = dict(pages(built))["topics/silence/index.html"]
    assert "No papers here yet" in text_of(page)
    assert page.findall(".//ol[@class='papers']") == []


def test_the_old_address_of_a_topic_leads_to_the_new_one(built: Path) -> None:
    page = dict(pages(built))["topics/ordering-things/index.html"]
    refresh = page.find(".//meta[@http-equiv='refresh']")
    link = page.find(".//a")
    assert refresh is not None
    assert refresh.attrib["content"].endswith("url=../../topics/sorting/")
    assert link is not None
    assert link.attrib["href"] == "../../topics/sorting/"


def test_a_correction_shows_everywhere_while_the_address_stays(built: Path) -> None:
    files = snapshot(built)
    assert [name for name, data in files.items() if b"A Misspelt Titel" in data] == []
    assert b"A Well-Spelt Title: Now Correct" in files["papers/a-misspelt-titel/index.html"]


def test_a_pinned_paper_comes_first_in_its_topic(built: Path) -> None:
    page = dict(pages(built))["topics/quotation/index.html"]
    first = page.find(".//li[@class='paper']")
    assert first is not None
    assert first.attrib["data-slug"] == "a-misspelt-titel"


def test_a_renamed_paper_shows_both_titles_and_both_lists(built: Path) -> None:
    page = text_of(dict(pages(built))["papers/a-renamed-example-of-sorted-order/index.html"].find(".//main"))
    assert "A Renamed Example of Sorted Order" in page
    assert "An Example Before Its Renaming" in page
    assert "9 June 2026" in page
    assert "12 March" in page


@pytest.mark.parametrize(
    ("setting", "shown"), [pytest.param("true", True, id="shown"), pytest.param("false", False, id="not shown")]
)
def test_abstracts_are_shown_only_where_the_site_wants_them(toy: Path, setting: str, shown: bool) -> None:
    path = toy / "content/site.yaml"
    path.write_text(path.read_text("utf-8").replace("show_abstracts: true", f"show_abstracts: {setting}"), "utf-8")
    build.build(toy)
    page = dict(pages(toy / "_site"))["papers/p-a0331e41/index.html"]
    assert ("例だけで書かれた要旨。" in text_of(page)) == shown


def test_a_site_builds_without_its_abstracts(toy: Path) -> None:
    (toy / "content/abstracts.jsonl").unlink()
    assert build.build(toy).warnings == []
    assert not any("例だけで書かれた要旨。" in text_of(page) for _, page in pages(toy / "_site"))


def test_the_words_that_placed_a_paper_are_words(built: Path) -> None:
    main = dict(pages(built))["papers/sorting-examples-in-o-n-log-n-steps/index.html"].find(".//main")
    hint = re.search(r"because of the words (.*?)\.\n", text_of(main))
    assert hint
    texts = text_of(main).replace(hint[1], "") + (TOY / "topics.yaml").read_text("utf-8")
    known = set(re.findall(r"\w+", texts.lower()))
    assert [word for word in re.findall(r"\w+", hint[1]) if word not in known] == []


# --- The report ---


def run_json(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> Any:
    code = cli.main([*arguments, "--json"])
    assert code == 0
    return json.loads(capsys.readouterr().out)


def test_the_report_as_json_has_the_keys_of_the_contract(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = run_json(["build", "--site", str(toy)], capsys)
    assert list(report) == ["papers", "topics", "pages", "files", "bytes", "seconds", "warnings"]
    assert all(isinstance(seconds, float) for seconds in report["seconds"].values())
    assert report["warnings"] == []


def test_the_report_counts_what_is_there(toy: Path) -> None:
    report = build.build(toy)
    files = {n: data for n, data in snapshot(toy / "_site").items() if n != ".sitegen-output"}
    assert report.papers == len(SHOWN)
    assert report.topics == len(TOPICS)
    assert report.pages == sum(name.endswith(".html") for name in files)
    assert report.files == len(files)
    assert report.bytes == sum(map(len, files.values()))


def test_build_closes_with_one_line_per_stage_with_count_and_time(
    toy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["build", "--site", str(toy)]) == 0
    lines = capsys.readouterr().out.splitlines()
    for stage, counted in {
        "read": f"{len(SHOWN)} papers",
        "feeds": "6 feeds",
    }.items():  # a renamed topic has its feed twice
        [line] = [line for line in lines if line.startswith(stage + " ")]
        assert counted in line
        assert line.endswith(" s")


def test_a_warning_as_json_names_file_and_hint_and_goes_to_stderr_as_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = write_site(tmp_path, site_yaml="title: No address\n")
    assert cli.main(["build", "--site", str(site), "--json"]) == 0
    captured = capsys.readouterr()
    [warning] = json.loads(captured.out)["warnings"]
    assert warning["file"] == "content/site.yaml"
    assert warning["level"] == "warning"
    assert "base_url" in warning["message"]
    assert warning["hint"]
    assert "content/site.yaml: warning: " in captured.err


def test_a_paper_that_fits_no_topic_is_named_in_a_warning(tmp_path: Path) -> None:
    site = write_site(tmp_path, [paper("alpha-alpha"), paper("something-else-entirely")])
    [warning] = build.build(site).warnings
    assert "something-else-entirely" in warning.message
    assert "alpha-alpha" not in warning.message
    assert (site / "_site/papers/something-else-entirely/index.html").is_file()


# --- The same input gives the same bytes ---


def build_in_its_own_process(site: Path, output: Path, **environment: str) -> None:
    command = [sys.executable, "-m", "sitegen", "build", "--site", str(site), "--output", str(output)]
    subprocess.run(command, env={**os.environ, **environment}, check=True, capture_output=True)


def test_folder_hash_seed_time_zone_and_locale_change_no_byte(toy: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(toy, tmp_path / "elsewhere" / "deep" / "site"))
    ascii_only = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    build_in_its_own_process(toy, tmp_path / "one", PYTHONHASHSEED="1", TZ="Pacific/Kiritimati", LC_ALL="C.UTF-8")
    build_in_its_own_process(other, tmp_path / "two", PYTHONHASHSEED="2", TZ="America/Anchorage", **ascii_only)
    assert snapshot(tmp_path / "one") == snapshot(tmp_path / "two")


def test_building_again_over_a_site_changes_no_byte(toy: Path) -> None:
    build.build(toy)
    before = snapshot(toy / "_site")
    build.build(toy)
    assert snapshot(toy / "_site") == before


def test_a_new_paper_leaves_the_pages_of_unrelated_papers_and_topics_alone(tmp_path: Path) -> None:
    papers = [paper(f"old-{n}", published="2025") for n in range(3)]
    rules = "old-0: [one]\nold-1: [one]\nold-2: [one]\n"
    site = write_site(tmp_path, papers, overrides_yaml=rules)
    build.build(site)
    before = snapshot(site / "_site")
    write_site(site, [*papers, paper("new", published="2026")], overrides_yaml=rules + "new: [two]\n")
    build.build(site)
    after = snapshot(site / "_site")
    kept = [name for name in before if name.startswith(("papers/", "topics/one/", "about/", "404"))]
    kept = [name for name in kept if not name.startswith("about/report/")]  # whose figures are those of the whole list
    assert len(kept) > 8
    assert [name for name in kept if after[name] != before[name]] == []


# --- Addresses and small sites ---


@pytest.mark.parametrize(
    ("given", "used"),
    [
        pytest.param("https://example.com/a/b/", "https://example.com/a/b/", id="as it is"),
        pytest.param("https://example.com/a", "https://example.com/a/", id="slash added"),
        pytest.param("https://example.com", "https://example.com/", id="a domain alone"),
    ],
)
def test_base_url_on_the_command_line_wins_over_the_file(tmp_path: Path, given: str, used: str) -> None:
    site = write_site(tmp_path, [paper("alpha", published="2025")])
    build.build(site, base_url=given)
    sitemap = (site / "_site/sitemap.xml").read_text("utf-8")
    assert f"<loc>{used}papers/alpha/</loc>" in sitemap
    assert BASE_URL not in "".join(path.read_text("utf-8") for path in (site / "_site").rglob("*.xml"))


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param("example.org/list/", id="no scheme"),
        pytest.param("ftp://example.org/", id="not http"),
        pytest.param("/reading-list/", id="a path alone"),
        pytest.param("https://example.org/a b/", id="a space"),
        pytest.param("https://example.org/?page=1", id="a query"),
        pytest.param("https://example.org/#top", id="a fragment"),
    ],
)
def test_a_base_url_that_is_none_is_refused(tmp_path: Path, wrong: str) -> None:
    site = write_site(tmp_path)
    with pytest.raises(SiteError):
        build.build(site, base_url=wrong)
    assert not (site / "_site").exists()


@pytest.mark.parametrize(
    "missing",
    [
        pytest.param((), id="files that are empty"),
        pytest.param(("papers.jsonl",), id="no records"),
        pytest.param(("papers.jsonl", "topics.yaml"), id="settings alone"),
    ],
)
def test_an_empty_list_builds(tmp_path: Path, missing: tuple[str, ...]) -> None:
    site = write_site(tmp_path)
    for name in missing:
        (site / "content" / name).unlink()
    report = build.build(site)
    assert report.papers == 0
    assert report.warnings == []
    assert "empty" in text_of(dict(pages(site / "_site"))["index.html"])
    json.loads((site / "_site/search/manifest.json").read_bytes())


def test_a_record_of_slug_and_title_alone_is_enough(tmp_path: Path) -> None:
    site = write_site(tmp_path, [paper("alpha")])
    assert build.build(site).warnings == []
    assert "Alpha" in text_of(dict(pages(site / "_site"))["papers/alpha/index.html"].find(".//h1"))
