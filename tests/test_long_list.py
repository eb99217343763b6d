"""The site of a list so long that it says things once: what it leaves out, and that nothing leads there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sites import write_site

from sitegen import build, check
from sitegen.pages import authors, stock

if TYPE_CHECKING:
    from browser import Site, Visitor

pytest_plugins = ("browser",)

ABSTRACT = "A text that is found on one page alone, and nowhere else but in the search."
MANY = 5
WORDS = ["Lanterns", "Harbours", "Violins", "Meadows", "Zebras", "Quinces"]
"""What paper 0 is about, and each of the others with it."""


def papers(number: int) -> list[dict[str, object]]:
    """So many; Ada wrote all, Bob every second, and each has an author of its own."""
    names = [["Ada Lovelace", *(["Bob Builder"] if n % 2 else []), f"Own Name{n}"] for n in range(number)]
    return [
        {
            "slug": f"paper-{n}",
            "title": f"Alpha and beta: {WORDS[n] if n else ', '.join(WORDS)}",
            "authors": names[n],
            "published": f"20{10 + n}-01-02",
            "venue": "Journal of Examples",
        }
        for n in range(number)
    ]


def listed(folder: Path, number: int) -> Path:
    abstracts = [json.dumps({"slug": f"paper-{n}", "abstract": f"{ABSTRACT} {n}"}) for n in range(number)]
    return write_site(folder, papers(number), abstracts_jsonl="\n".join(abstracts) + "\n")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list of more than five papers is a long one, an author with more than three prolific."""
    monkeypatch.setattr(stock, "LONG", MANY)
    monkeypatch.setattr(stock, "OWN_PAGE_BRIEF", 4)


def files(site: Path) -> dict[str, str]:
    build.build(site)
    found = (path for path in (site / "_site").rglob("*") if path.suffix in (".html", ".md", ".bib", ".ris", ".json"))
    return {path.relative_to(site / "_site").as_posix(): path.read_text("utf-8") for path in found}


@pytest.mark.usefixtures("few")
def test_an_abstract_stands_on_its_paper_s_page_once_and_in_no_other_file(tmp_path: Path) -> None:
    found = files(listed(tmp_path, MANY + 1))
    for path, text in found.items():
        times = text.count(ABSTRACT)
        assert times == (1 if re.fullmatch(r"papers/paper-\d/index.html", path) else 0), path


@pytest.mark.usefixtures("few")
def test_nothing_leads_to_what_is_left_out(tmp_path: Path) -> None:
    site = listed(tmp_path, MANY + 1)
    found = files(site)
    assert check.run(site, site / "_site").problems == []
    assert not [path for path in found if re.fullmatch(r"(papers|authors|years)/[^/]+/index\.md", path)]
    assert {
        "index.md",
        "topics/one/index.md",
        "authors/index.md",
        "topics/one/papers.ris",
        "topics/two/papers.bib",
    } <= {*found}
    assert not [path for path in found if path.startswith("papers.")]
    for path in ("years/2011/index.html", "authors/ada-lovelace/index.html"):
        assert 'data-slug="paper-1" data-topic="one"' in found[path]
    assert "authors/ada-lovelace/index.html" in found
    assert "authors/bob-builder/index.html" not in found
    paper = found["papers/paper-1/index.html"]
    assert "@article{paper-1" in paper
    assert 'name="citation_title"' in paper
    left = ("ld+json", "og:", "Chicago", 'rel="prev"', "Z3988", "index.md", "webmanifest", "opensearch")
    assert not [sign for sign in left if sign in paper]
    assert found["papers/paper-0/index.html"].count('<p class="hint">Both say') == stock.RELATED_BRIEF < MANY
    assert "papers.bib" not in found["index.html"] + (site / "_site/llms.txt").read_text("utf-8")
    assert "ld+json" in found["index.html"]
    assert "og:title" in found["topics/one/index.html"]


@pytest.mark.usefixtures("few")
def test_papers_without_a_topic_are_cited_in_the_root(tmp_path: Path) -> None:
    odd = {"slug": "odd-one", "title": "Nothing of the kind", "published": "2001"}
    site = write_site(tmp_path, [*papers(MANY), odd])
    found = files(site)
    assert [p.message for p in check.run(site, site / "_site").problems] == ["1 of 6 papers fit no topic: odd-one"]
    assert re.findall(r"@\w+\{(.+),", found["papers.bib"]) == ["odd-one"]
    assert "odd-one" in found["papers.ris"]
    assert "odd-one" not in found["topics/one/papers.bib"]


@pytest.mark.usefixtures("few")
def test_a_list_that_becomes_long_is_that_of_a_clean_build(tmp_path: Path) -> None:
    grown = listed(tmp_path / "grown", MANY)
    before = files(grown)
    assert "papers/paper-1/index.md" in before
    assert before["papers.bib"].count(ABSTRACT) == MANY
    for number in (MANY + 1, MANY):
        listed(grown, number)
        assert files(grown) == files(listed(tmp_path / f"fresh-{number}", number))


@pytest.mark.browser
@pytest.mark.usefixtures("few")
def test_a_paper_marked_on_any_page_is_cited_wherever_it_stands_now(
    tmp_path: Path, visitor: Visitor, hosting: Callable[[Path], AbstractContextManager[Site]]
) -> None:
    odd = {"slug": "odd-one", "title": "Nothing of the kind", "authors": ["Ada Lovelace"], "published": "2011"}
    moved = "paper-3: [two]\n"
    site = write_site(tmp_path, [*papers(MANY), odd], overrides_yaml=moved)
    build.build(site)
    with hosting(site / "_site") as hosted, visitor(expected_status=404) as page:
        page.goto(f"{hosted.url}years/2011/")
        for row in page.locator("main li.paper").all():
            row.locator('[data-mark="star"]').click()
        page.goto(f"{hosted.url}papers/paper-3/")
        page.locator('[data-mark="star"]').click()
        page.evaluate(
            """() => {
              const key = Object.keys(localStorage).find((name) => name.startsWith("papers "));
              const kept = JSON.parse(localStorage[key]);
              kept.papers["paper-3"].topic = "gone";
              localStorage[key] = JSON.stringify(kept);
            }"""
        )
        page.goto(f"{hosted.url}my/")
        for name, sign in (("BibTeX", r"@\w+\{(.+),"), ("RIS", r"ID  - (.+)")):
            with page.expect_download() as download:
                page.get_by_role("button", name=name).click()
            text = Path(download.value.path()).read_text("utf-8")
            assert sorted(re.findall(sign, text)) == ["odd-one", "paper-1", "paper-3"]


def test_the_bounds_are_for_lists_that_no_host_of_a_gigabyte_would_hold() -> None:
    assert stock.LONG == 20_000
    assert authors.OWN_PAGE < authors.OWN_PAGE_BRIEF
