"""`check`: what is broken in a built site is found with its file and line, and a good site is clean."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from conftest import EXPECTED
from sites import paper, write, write_site

from sitegen import build, check, cli
from sitegen.errors import Problem, SiteError

ROOT = Path(__file__).parents[1]
PAGE = "topics/sorting/index.html"
PAPER = "papers/sorting-with-code-a-comparison/index.html"


@pytest.fixture
def site(toy: Path, built: Path) -> Path:
    """The toy site with its built output, to break."""
    shutil.copytree(built, toy / "_site")
    return toy


def errors(site: Path, base_url: str | None = None) -> list[Problem]:
    return [p for p in check.run(site, site / "_site", base_url).problems if p.level == "error"]


# --- A good site ---


def test_the_toy_site_has_its_two_known_oddities_and_no_other(site: Path) -> None:
    problems = check.run(site, site / "_site").problems
    assert [p.level for p in problems] == ["warning", "warning"]
    assert [sum(text in p.message for p in problems) for text in EXPECTED] == [1, 1]


def test_check_ends_well_when_there_are_only_warnings(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--site", str(site)]) == 0
    captured = capsys.readouterr()
    assert 'warning: no paper stands under the topic "silence"' in captured.err
    assert "0 problems, 2 warnings" in captured.out


@pytest.mark.slow
@pytest.mark.parametrize("base_url", [None, "https://list.example/", ""])
def test_the_reading_list_of_this_repository_is_clean(tmp_path: Path, base_url: str | None) -> None:
    (tmp_path / "content").symlink_to(ROOT / "content")
    build.build(tmp_path, base_url=base_url)
    report = check.run(tmp_path, tmp_path / "_site", base_url)
    expected = [] if base_url != "" else ["no base_url: feeds and sitemap are left out"]
    assert [p.message for p in report.problems] == expected
    assert report.pages >= 343 + 26 + 1
    assert report.links > 10_000


# --- A broken one ---


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        pytest.param(PAGE, 'href="../../years/"', 'href="../../ages/"', "../../ages/", id="a link to no page"),
        pytest.param(PAGE, 'href="../../years/"', 'href="../../years"', "../../years", id="a link without its slash"),
        pytest.param(PAGE, "#papers", "#nowhere", "#nowhere", id="a link to no anchor"),
        pytest.param(PAGE, 'href="#main"', 'href="#mian"', "#mian", id="an anchor in the same page"),
        pytest.param(PAGE, 'href="../../years/"', 'href="/years/"', "/years/", id="a rooted link"),
        pytest.param(PAGE, 'href="../../years/"', 'href="../../../x/"', "../../../x/", id="a link out of the site"),
        pytest.param(PAGE, "<em>this</em>", "<em>this", "em", id="a tag left open"),
        pytest.param(PAGE, "<em>this</em>", "this</em>", "em", id="a closing tag too much"),
        pytest.param(PAGE, "<em>this</em>", "<em><b>this</em></b>", "b", id="tags that cross"),
        pytest.param(PAGE, "<em>this</em>", '<em id="main">this</em>', "main", id="an id that stands twice"),
        pytest.param(PAGE, "<em>this</em>", '<em class="a" class="b">this</em>', "class", id="an attribute twice"),
        pytest.param(PAGE, "<em>", '<em style="color: red">', "style", id="a style attribute"),
        pytest.param(PAGE, "<em>", '<em onclick="x()">', "onclick", id="an attribute that acts"),
        pytest.param(PAGE, "<em>", "<script>x()</script><em>", "script", id="a script in the page"),
        pytest.param(
            PAGE, "<em>", '<script src="https://example.org/x.js"></script><em>', "https://example.org/x.js",
            id="a script from another host",
        ),
        pytest.param(
            PAGE, "<em>", '<img src="//example.org/x.png" alt=""><em>', "//example.org/x.png",
            id="a picture from another host",
        ),
        pytest.param(
            PAPER, 'rel="icon" href="', 'rel="icon" href="https://example.org/', "https://example.org/",
            id="an icon from another host",
        ),
        pytest.param(PAPER, "https://example.org/code/one", "javascript:alert(1)", "javascript", id="a link that acts"),
        pytest.param(PAPER, "site.js", "sight.js", "sight.js", id="a script that is not there"),
        pytest.param(PAPER, 'href="index.md"', 'href="page.md"', "page.md", id="a twin that is not there"),
        pytest.param(
            "topics/ordering-things/index.html", "url=../../topics/sorting/", "url=../../topics/gone/",
            "../../topics/gone/", id="a redirect to no page",
        ),
    ],
)  # fmt: skip
def test_what_is_broken_is_found_with_its_file_and_line(site: Path, name: str, old: str, new: str, said: str) -> None:
    path = site / "_site" / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    line = text[: text.index(old)].count("\n") + 1
    found = [problem for problem in errors(site) if problem.where.file.endswith(name) and problem.where.line == line]
    assert [problem for problem in found if said in problem.message] != []


def test_a_page_that_is_gone_is_found_wherever_it_is_linked(site: Path) -> None:
    shutil.rmtree(site / "_site/years/2025")
    found = errors(site)
    assert {problem.where.file for problem in found} >= {"index.html", "years/index.html", "years/2026/index.html"}
    assert all(problem.where.line > 0 for problem in found)
    assert all("years/2025/" in problem.message for problem in found)


def test_a_link_in_a_note_that_leads_nowhere_is_found(toy: Path) -> None:
    write(toy / "content/notes/reviewing.md", "See [this](/papers/no-such-paper/).")
    build.build(toy)
    [problem] = errors(toy)
    assert problem.where.file == "topics/reviewing/index.html"
    assert "no-such-paper" in problem.message


def test_broken_sites_end_with_code_1_and_all_problems_as_json(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = site / "_site" / PAGE
    path.write_text(path.read_text("utf-8").replace("</h1>", "").replace("#papers", "#x"), "utf-8")
    assert cli.main(["check", "--site", str(site), "--json"]) == 1
    captured = capsys.readouterr()
    problems = [p for p in json.loads(captured.out)["problems"] if p["level"] == "error"]
    assert len(problems) >= 2
    assert {p["file"] for p in problems} == {PAGE}
    assert all(p["line"] and p["message"] for p in problems)
    assert f"{PAGE}:{problems[0]['line']}" in captured.err


# --- Content and sizes ---


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        pytest.param("overrides.yaml", "no-such-paper: [sorting]\n", "no-such-paper", id="an override without a paper"),
        pytest.param("summaries/more.yaml", "no-such-paper: {tldr: x}\n", "no-such-paper", id="words without a paper"),
        pytest.param("notes/no-such-topic.md", "A note.\n", "no-such-topic", id="a note without a topic"),
    ],
)
def test_words_about_what_is_not_there_are_told(site: Path, name: str, text: str, said: str) -> None:
    write(site / "content" / name, text)
    try:
        told = check.run(site, site / "_site").problems
    except SiteError as error:
        told = error.problems
    assert [p.where.file for p in told if said in p.message] == [f"content/{name}"]


def test_styles_over_their_budget_are_told(tmp_path: Path) -> None:
    site = write_site(tmp_path, [paper("alpha")])
    rules = "".join(f".c{n * 7919 % 100_003}-{n * 104_729 % 99_991} {{ order: {n * n} }}\n" for n in range(4000))
    write(site / "templates/assets/css/custom.css", rules)
    build.build(site)
    report = check.run(site, site / "_site")
    assert report.sizes["css"] > 12_000
    assert [p for p in report.problems if "css" in p.message and "12000" in p.message] != []


@pytest.mark.parametrize("folder", ["nothing", "foreign"])
def test_without_a_built_site_check_says_what_to_do(toy: Path, folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(toy / "foreign/index.html", "<p>somebody else's")
    assert cli.main(["check", "--site", str(toy), "--output", str(toy / folder)]) == 1
    assert "sitegen build" in capsys.readouterr().err


def test_check_changes_nothing(site: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*")}
    check.run(site, site / "_site")
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*")} == before
