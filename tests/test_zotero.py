"""Zotero's own code reads our pages and files: the utilities behind its COinS translator and its CSL-JSON import."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from need import reading_list
from search_site import SCRIPTS, node
from sites import parse

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
    for (kind, paper), one, other in zip(PAPERS.items(), offered, imported, strict=True):
        assert (one["itemType"], one["title"]) == (kind, paper.title)
        assert (other["itemType"], other["title"]) == (kind, paper.title)


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
