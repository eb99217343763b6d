"""Maths is set at build time wherever a paper's text is shown, and broken maths is shown as it was written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import expect
from sites import paper, parse, text_of, write_site

from sitegen import build, check, maths, serve, tex
from sitegen.search.documents import result_rows
from sitegen.tex import MATHS

if TYPE_CHECKING:
    from browser import Visitor

pytest_plugins = ("browser",)

MATH = "{http://www.w3.org/1998/Math/MathML}math"
GOOD, BAD = r"$\mathcal{O}(n \log n)$", r"$\frac{1}{$"
SUMMARIES = f"""\
alpha:
  tldr: 'Alpha sorts in {GOOD} steps, or {BAD} at worst.'
  summary: 'It takes {GOOD} and never {BAD} steps.'
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    record = paper("alpha", title=f"Alpha in {GOOD} or {BAD}", also_titled=[f"Beta in {GOOD}"], published="2024")
    folder = write_site(tmp_path_factory.mktemp("maths"), [record])
    (folder / "content/summaries").mkdir()
    (folder / "content/summaries/all.yaml").write_text(SUMMARIES)
    abstract = json.dumps({"slug": "alpha", "abstract": f"We show {GOOD}. Others have {BAD}."})
    (folder / "content/abstracts.jsonl").write_text(abstract + "\n")
    topic = f"{{slug: one, name: One, scope: 'Of {GOOD}.', terms: [alpha: 3]}}"
    (folder / "content/topics.yaml").write_text(f"- group: All\n  slug: all\n  topics:\n    - {topic}\n")
    (folder / "content/notes").mkdir()
    (folder / "content/notes/one.md").write_text(f"A note on {GOOD}.\n")
    build.build(folder)
    return folder


@pytest.mark.parametrize(
    ("page", "count"),
    [
        pytest.param("index.html", 2, id="home: title and tldr"),
        pytest.param("topics/one/index.html", 4, id="topic: scope, note, title and tldr"),
        pytest.param("years/2024/index.html", 2, id="year: title and tldr"),
        pytest.param("papers/alpha/index.html", 5, id="paper: both titles, tldr, summary and abstract"),
    ],
)
def test_maths_is_mathml_on_every_page_and_broken_maths_is_text(site: Path, page: str, count: int) -> None:
    tree = parse(site / "_site" / page)
    main = next(tree.iter("main"))
    assert len(list(main.iter(MATH))) >= count
    assert not [m for m in main.iter(MATH) if "frac" in text_of(m)]
    broken = [text_of(code) for code in main.iter("code") if code.get("class") == "tex"]
    assert set(broken) == {BAD}


def test_what_shows_no_mathml_says_it_in_plain_characters(site: Path) -> None:
    tree = parse(site / "_site/papers/alpha/index.html")
    assert text_of(tree.find(".//title")).startswith(rf"Alpha in 𝒪(n log n) or {BAD}")
    metas = {m.get("property") or m.get("name"): m.get("content") or "" for m in tree.iter("meta")}
    assert "𝒪(n log n) steps" in metas["description"]
    assert metas["og:title"].startswith("Alpha in 𝒪(n log n)")
    feed = (site / "_site/feed.xml").read_text("utf-8")
    assert "<title>Alpha in 𝒪(n log n)" in feed


def test_check_names_each_broken_formula(site: Path) -> None:
    problems = [str(p) for p in check.run(site, site / "_site").problems if "maths" in p.message]
    assert len(problems) >= 4
    assert all(BAD in problem and "alpha" in problem for problem in problems)


def test_a_result_row_holds_its_maths_as_elements(site: Path) -> None:
    content = build.load(site)
    [row] = result_rows(content.entries, content.words)
    assert list(row.maths) == [GOOD]
    assert row.maths[GOOD][0] == "math"
    json.dumps(row.maths)


formulas = st.sampled_from(
    [GOOD, BAD, "$x$", "$5 and $6", r"$\alpha_{i}$", "plain words", "$$", "x^2", "$", r"$\frac$", r"$\href{x}$"]
)


@given(st.lists(formulas, max_size=8).map(" ".join), st.integers(2, 80))
def test_a_cut_never_goes_through_maths(text: str, length: int) -> None:
    found = tex.cut_around_maths(text, length)
    whole = [match[0] for match in MATHS.finditer(text)]
    kept = [match[0] for match in MATHS.finditer(found)]
    assert kept == whole[: len(kept)]
    assert found == text or found.endswith("…")


@given(st.lists(formulas, max_size=8).map(" ".join))
def test_plain_characters_hold_no_tex_that_could_be_set(text: str) -> None:
    found = tex.plain(text)
    assert r"\alpha" not in found
    assert [m[0] for m in MATHS.finditer(found) if maths.to_tree(m[1])] == []


@pytest.mark.browser
def test_a_result_shows_maths_as_mathml_and_broken_maths_as_text(site: Path, visitor: Visitor) -> None:
    server = serve.start(site / "_site", "/reading-list/", 0, serve.State())
    try:
        with visitor() as page:
            page.goto(f"http://127.0.0.1:{server.server_port}/reading-list/search/?q=alpha")
            title = page.locator("#found .hits h2 a")
            expect(title.locator("math")).to_have_count(1)
            expect(title).to_contain_text(BAD)
            expect(page.locator("#found .hits .tldr math")).to_have_count(1)
            expect(title.locator("mark")).to_have_text("Alpha")
            assert page.locator("#found math").first.evaluate("m => m.namespaceURI").endswith("MathML")
    finally:
        server.shutdown()
        server.server_close()
