"""Zotero's own code reads our pages and files: its translators of 2018 as a whole, and today's utilities."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from need import reading_list
from search_site import SCRIPTS, node
from sites import BASE_URL, paper, parse, write_site

from sitegen import build, cite
from sitegen.cite.coins import coins
from sitegen.cite.csl import item
from sitegen.model import Paper

pytestmark = pytest.mark.skipif(
    not (shutil.which("node") and (SCRIPTS / "node_modules" / "zotero-translation-client").is_dir()),
    reason="needs node, and `npm install` in tests/js",
)
PAPERS = {
    "preprint": Paper("a", "A = 100% & <c>", authors=("Laurens van der Maaten", "Gemini Team"), arxiv_id="2401.00001"),
    "conferencePaper": Paper("b", "B", authors=("Ada Toy",), venue="NeurIPS 2024", published="2023-05"),
    "journalArticle": Paper("c", "C", venue="Neural Toys 4(2), 2020", pages="1-9", doi="10.1000/x=y+z&w"),
    "bookSection": Paper("d", "D", kind="chapter", venue="A Book", publisher="Press", published="2001"),
    "thesis": Paper("e", "E", kind="thesis", publisher="Toy University", published="2001-02-03"),
    "report": Paper("f", "F", kind="report", publisher="Toy Lab", issue="TR-7"),
    "book": Paper("g", "G", kind="book", publisher="Press"),
}
WORKS = {kind: cite.work(paper) for kind, paper in PAPERS.items()}


def zotero(openurls: list[str], csl: list[dict[str, Any]]) -> tuple[list[Any], list[Any]]:
    found = node("zotero.mjs", given={"openurls": openurls, "csl": csl})
    return found["openurls"], found["csl"]


def test_zotero_sees_the_right_kind_of_work_with_its_title() -> None:
    offered, imported = zotero([coins(work) for work in WORKS.values()], [item(work) for work in WORKS.values()])
    for (kind, given), one, other in zip(PAPERS.items(), offered, imported, strict=True):
        assert (one["itemType"], one["title"]) == (kind, given.title)
        assert (other["itemType"], other["title"]) == (kind, given.title)


def test_zotero_takes_names_dates_and_ids_from_an_openurl() -> None:
    [preprint, paper, article], _ = zotero(
        [coins(WORKS[kind]) for kind in ("preprint", "conferencePaper", "journalArticle")], []
    )
    assert preprint["creators"][0] == {"firstName": "Laurens", "lastName": "van der Maaten", "creatorType": "author"}
    assert preprint["DOI"] == "10.48550/arXiv.2401.00001"
    assert preprint["url"] == "https://arxiv.org/abs/2401.00001"
    assert (paper["date"], paper["publicationTitle"]) == ("2024", "NeurIPS 2024")
    assert (article["publicationTitle"], article["volume"], article["issue"], article["pages"]) == (
        "Neural Toys",
        "4",
        "2",
        "1-9",
    )
    assert article["DOI"] == "10.1000/x=y z&w"  # its reader takes every plus sign for a space


def test_zotero_offers_every_paper_of_this_list_on_its_topic_pages(tmp_path: Path) -> None:
    site = reading_list(tmp_path)
    build.build(site)
    pages = sorted((site / "_site/topics").glob("*/index.html"))
    assert len(pages) > 20
    for page in pages:
        tree = parse(page)
        spans = [span.attrib["title"] for span in tree.iter("span") if span.get("class") == "Z3988"]
        offered, _ = zotero(spans, [])
        assert None not in offered
        assert all(one["title"] and one["itemType"] != "webpage" for one in offered)
        assert len(offered) == sum("paper" in (li.get("class") or "").split() for li in tree.iter("li"))


def test_zotero_imports_every_paper_of_this_list_from_its_csl_json(tmp_path: Path) -> None:
    site = reading_list(tmp_path)
    build.build(site)
    items = json.loads((site / "_site/papers.csl.json").read_text("utf-8"))
    _, imported = zotero([], items)
    assert [one["title"] for one in imported] == [one["title"] for one in items]
    for one, given in zip(imported, items, strict=True):
        assert len(one["creators"]) == len(given.get("author", []))
        assert one["itemType"] in ("preprint", "conferencePaper", "journalArticle")


# --- Its translators, as its button uses them ---

needs_translators = pytest.mark.skipif(
    not (SCRIPTS / "node_modules" / "zotero-translators").is_dir(), reason="needs `npm install` in tests/js"
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    papers = [
        paper(
            "talk", title="A Talk & More", authors=["Ada van Toy", "Bo Dee"], venue="NeurIPS 2024", published="2023-05"
        ),
        paper("preprint", authors=["Ada Toy"], arxiv_id="2401.00001", published="2024-01-02", keywords=["k"]),
        paper("article", authors=["Toy Team"], venue="Neural Toys 4(2), 2020", doi="10.1000/x", pages="1-9"),
    ]
    rules = "".join(f"{p['slug']}: [one]\n" for p in papers)
    site = write_site(tmp_path_factory.mktemp("zotero"), papers, overrides_yaml=rules)
    build.build(site)
    return site / "_site"


@needs_translators
def test_zotero_s_button_finds_the_item_on_a_paper_s_page_and_a_list_on_a_topic_s(small: Path) -> None:
    names = ("papers/talk/", "papers/preprint/", "papers/article/", "topics/one/", "")
    pages = [[str(small / name / "index.html"), BASE_URL + name] for name in names]
    talk, preprint, article, topic, home = node("zotero-pages.mjs", given={"pages": pages, "files": []})["pages"]
    for found, kind in ((talk, "conferencePaper"), (preprint, "report"), (article, "journalArticle")):
        assert found["offers"][0] == ["Embedded Metadata", kind]
        assert [item["itemType"] for item in found["items"]] == [kind]
    [item] = talk["items"]
    assert (item["title"], item["conferenceName"], item["date"]) == ("A Talk & More", "NeurIPS 2024", "2024")
    assert item["creators"][0] == {"firstName": "Ada", "lastName": "van Toy", "creatorType": "author"}
    [item] = preprint["items"]
    assert (item["url"], item["institution"]) == ("https://arxiv.org/abs/2401.00001", "arXiv")
    assert {a["url"] for a in item["attachments"] if a["mimeType"] == "application/pdf"} == {
        "https://arxiv.org/pdf/2401.00001"
    }
    [item] = article["items"]
    assert (item["publicationTitle"], item["volume"], item["issue"], item["pages"]) == ("Neural Toys", "4", "2", "1-9")
    assert item["DOI"] == "10.1000/x"
    for found, name in ((topic, "topics/one/"), (home, "")):
        assert found["offers"][0] == ["COinS", "multiple"]  # before Embedded Metadata, which sees a web page
        spans = [span for span in parse(small / name / "index.html").iter("span") if span.get("class") == "Z3988"]
        assert len(found["items"]) == len(spans) > 1


@needs_translators
def test_zotero_imports_the_files_beside_a_topic(small: Path) -> None:
    files = [str(small / "topics/one" / name) for name in ("papers.bib", "papers.ris")]
    for items in node("zotero-pages.mjs", given={"pages": [], "files": files})["files"]:
        assert {item["title"] for item in items} == {"A Talk & More", "Preprint", "Article"}
        [item] = [item for item in items if item["title"] == "A Talk & More"]
        assert item["itemType"] == "conferencePaper"
        assert [creator["lastName"] for creator in item["creators"]] == ["van Toy", "Dee"]
        assert item["date"] == "2024"
