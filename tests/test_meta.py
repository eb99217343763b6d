"""What pages and feeds say to machines, read by parsers that we did not write."""

from __future__ import annotations

import json
import re
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

import feedparser
import jsonschema
import pytest
from sites import BASE_URL, leads_to, pages, paper, parse, write_site

from sitegen import build

with warnings.catch_warnings():  # of libraries that it brings in
    warnings.simplefilter("ignore")
    import extruct

# JSON Feed 1.1, https://www.jsonfeed.org/version/1.1/: what it requires, the types, and no name that it does not have.
AUTHORS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"name": {"type": "string"}, "url": {"type": "string"}, "avatar": {"type": "string"}},
        "minProperties": 1,
        "additionalProperties": False,
    },
}
DATE = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"}
WEB = {"type": "string", "pattern": r"^https?://\S+$"}
TEXT = {"type": "string", "minLength": 1}
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": TEXT,
        "home_page_url": WEB,
        "feed_url": WEB,
        "description": TEXT,
        "user_comment": TEXT,
        "next_url": WEB,
        "icon": WEB,
        "favicon": WEB,
        "authors": AUTHORS,
        "language": TEXT,
        "expired": {"type": "boolean"},
        "hubs": {"type": "array"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id"],
                "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
                "additionalProperties": False,
                "properties": {
                    "id": TEXT,
                    "url": WEB,
                    "external_url": WEB,
                    "title": TEXT,
                    "content_html": TEXT,
                    "content_text": TEXT,
                    "summary": TEXT,
                    "image": WEB,
                    "banner_image": WEB,
                    "date_published": DATE,
                    "date_modified": DATE,
                    "authors": AUTHORS,
                    "tags": {"type": "array", "items": TEXT},
                    "language": TEXT,
                    "attachments": {"type": "array"},
                },
            },
        },
    },
}
FOLDERS = ["", "topics/sorting/", "topics/reviewing/", "topics/quotation/", "topics/silence/"]
ONE = paper(
    "one-paper",
    title='One "Paper" <b> & $x_1$ </script>',
    authors=["Ada van Toy", "Toy Team", "Martin Luther King Jr."],
    published="2023-06-07",
    venue="NeurIPS 2024",
    arxiv_id="2306.00001",
    keywords=["k; l", "m"],
)
TWO = paper("two-papers", authors=["B. C. Dee"], published="2022-01", arxiv_id="2201.00002")
THREE = paper(
    "three", authors=["E. Eff"], venue="Neural Toys 4(2), 2020", doi="10.1000/x=y+z&w", url="https://e.org/a+b?c=d&e"
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rules = "one-paper: [one]\ntwo-papers: [one, two]\nthree: [one]\n"
    site = write_site(tmp_path_factory.mktemp("small"), [ONE, TWO, THREE], overrides_yaml=rules)
    build.build(site)
    return site / "_site"


def metas(page: ET.Element, key: str = "name") -> list[tuple[str, str]]:
    found = [(m.get(key, ""), m.get("content", "")) for m in page.findall(".//head/meta")]
    return [(name, content) for name, content in found if name]


# --- citation_* and COinS ---


def cited(output: Path, slug: str) -> list[tuple[str, str]]:
    found = metas(parse(output / f"papers/{slug}/index.html"))
    return [(name.removeprefix("citation_"), content) for name, content in found if name.startswith("citation_")]


def test_a_paper_s_page_has_the_tags_that_scholar_asks_for(small: Path) -> None:
    assert cited(small, "one-paper") == [
        ("title", ONE["title"]),
        ("author", "van Toy, Ada"),
        ("author", "Toy Team"),
        ("author", "King, Martin Luther, Jr."),
        ("publication_date", "2024"),
        ("online_date", "2023/06/07"),
        ("conference_title", "NeurIPS 2024"),
        ("arxiv_id", "2306.00001"),
        ("doi", "10.48550/arXiv.2306.00001"),
        ("public_url", "https://arxiv.org/abs/2306.00001"),
        ("pdf_url", "https://arxiv.org/pdf/2306.00001"),
        ("keywords", "k; l"),
        ("keywords", "m"),
    ]


def test_a_preprint_is_a_report_of_arxiv_and_a_journal_has_its_volume(small: Path) -> None:
    two, three = dict(cited(small, "two-papers")), dict(cited(small, "three"))
    assert (two["technical_report_institution"], two["technical_report_number"]) == ("arXiv", "arXiv:2201.00002")
    assert two["publication_date"] == "2022"
    assert (three["journal_title"], three["volume"], three["issue"]) == ("Neural Toys", "4", "2")
    assert three["doi"] == "10.1000/x=y+z&w"


def test_an_abstract_is_in_the_tags_only_where_it_is_shown(tmp_path: Path) -> None:
    for shown in (True, False):
        settings = f"title: Small\nbase_url: {BASE_URL}\nshow_abstracts: {str(shown).lower()}\n"
        abstracts = '{"slug":"one-paper","abstract":"Secret words."}\n'
        site = write_site(tmp_path / str(shown), [ONE], site_yaml=settings, abstracts_jsonl=abstracts)
        build.build(site)
        assert ("abstract" in dict(cited(site / "_site", "one-paper"))) == shown
        text = "".join(
            path.read_text("utf-8")
            for path in (site / "_site").rglob("*.*")
            if path.suffix in (".html", ".json", ".xml", ".bib", ".ris")
        )
        assert ("Secret words." in text) == shown


def test_no_tag_is_empty_and_no_page_has_both_kinds(built: Path, small: Path) -> None:
    kinds = {"citation": 0, "coins": 0}
    for output in (built, small):
        for name, page in pages(output):
            assert all(content for _, content in metas(page)), name
            citation = any(key.startswith("citation_") for key, _ in metas(page))
            coins = [span for span in page.iter("span") if span.get("class") == "Z3988"]
            assert citation == bool(re.fullmatch(r"papers/[^/]+/index\.html", name)), name
            assert not (citation and coins), name
            assert len(coins) == sum("paper" in li.get("class", "").split() for li in page.iter("li")), name
            kinds["citation"] += citation
            kinds["coins"] += bool(coins)
    assert min(kinds.values()) > 2


def coins(output: Path, page: str) -> list[dict[str, list[str]]]:
    found = []
    for span in parse(output / page).iter("span"):
        if span.get("class") == "Z3988":
            pairs = parse_qsl(span.attrib["title"], strict_parsing=True)
            assert pairs == [(k, unquote(v)) for k, _, v in (p.partition("=") for p in span.attrib["title"].split("&"))]
            found.append({key: [v for k, v in pairs if k == key] for key, _ in pairs})
    return found


def test_a_list_has_an_openurl_per_paper(small: Path) -> None:
    by_title = {(one.get("rft.atitle") or one["rft.title"])[0]: one for one in coins(small, "topics/one/index.html")}
    assert set(by_title) == {ONE["title"], TWO["title"], THREE["title"]}
    one, two, three = by_title[ONE["title"]], by_title[TWO["title"]], by_title[THREE["title"]]
    assert one["rft_val_fmt"] == ["info:ofi/fmt:kev:mtx:book"]
    assert one["rft.genre"] == ["proceeding"]
    assert one["rft.btitle"] == ["NeurIPS 2024"]
    assert one["rft.au"] == ["van Toy, Ada", "Toy Team", "King, Martin Luther, Jr."]
    assert two["rft_val_fmt"] == ["info:ofi/fmt:kev:mtx:dc"]
    assert two["rft.type"] == ["preprint"]
    assert two["rft.date"] == ["2022-01"]
    assert three["rft_val_fmt"] == ["info:ofi/fmt:kev:mtx:journal"]
    assert three["rft_id"] == ["info:doi/10.1000/x=y+z&w", "https://e.org/a+b?c=d&e"]
    assert {"Z39.88-2004"} == {value for one in by_title.values() for value in one["ctx_ver"]}


# --- JSON-LD and Open Graph ---


def linked(path: Path, name: str) -> list[dict[str, Any]]:
    """The nodes of a page's JSON-LD, as extruct finds them."""
    found = extruct.extract(path.read_text("utf-8"), base_url=BASE_URL + name, syntaxes=["json-ld"], errors="strict")
    for block in found["json-ld"]:
        assert block["@context"] == "https://schema.org"
    return [node for block in found["json-ld"] for node in block["@graph"]]


def of_type(nodes: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    [node] = [node for node in nodes if node["@type"] == kind]
    return node


def test_a_paper_is_a_scholarly_article(small: Path) -> None:
    nodes = linked(small / "papers/one-paper/index.html", "papers/one-paper/")
    article = of_type(nodes, "ScholarlyArticle")
    assert article["name"] == article["headline"] == ONE["title"]
    assert [author["name"] for author in article["author"]] == ONE["authors"]
    assert [author["@type"] for author in article["author"]] == ["Person", "Organization", "Person"]
    assert article["datePublished"] == "2023-06-07"
    assert article["@id"] == f"{BASE_URL}papers/one-paper/#paper"
    assert {i["propertyID"]: i["value"] for i in article["identifier"]} == {
        "arXiv": "2306.00001",
        "DOI": "10.48550/arXiv.2306.00001",
    }
    assert article["sameAs"] == ["https://arxiv.org/abs/2306.00001", "https://huggingface.co/papers/2306.00001"]
    crumbs = of_type(nodes, "BreadcrumbList")["itemListElement"]
    assert [(c["position"], c["item"]) for c in crumbs] == [
        (n, BASE_URL + path) for n, path in enumerate(["", "topics/", "topics/one/", "papers/one-paper/"], 1)
    ]


def test_a_topic_is_a_collection_of_its_papers(small: Path) -> None:
    nodes = linked(small / "topics/one/index.html", "topics/one/")
    items = of_type(nodes, "CollectionPage")["mainEntity"]["itemListElement"]
    assert [item["position"] for item in items] == [1, 2, 3]
    assert {item["url"] for item in items} == {
        f"{BASE_URL}papers/{slug}/" for slug in ("one-paper", "two-papers", "three")
    }


def test_home_says_how_to_search(small: Path) -> None:
    site = of_type(linked(small / "index.html", ""), "WebSite")
    action = site["potentialAction"]
    assert action["@type"] == "SearchAction"
    assert action["target"]["urlTemplate"] == f"{BASE_URL}search/?q={{search_term_string}}"
    assert action["query-input"] == "required name=search_term_string"


def urls_in(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from urls_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from urls_in(value)
    elif isinstance(node, str) and node.startswith(BASE_URL) and "{" not in node:
        yield node


def test_every_page_s_json_ld_is_read_and_leads_to_pages(built: Path) -> None:
    seen = 0
    for name, _ in pages(built):
        for node in linked(built / name, name):
            assert all(value not in ("", None, [], {}) for value in node.values()), name
            for url in urls_in(node):
                target = leads_to(url, name, BASE_URL, built)
                assert target is not None and target.is_file(), url  # noqa: PT018
                seen += 1
    assert seen > 100


def test_pages_say_what_a_link_to_them_shows(small: Path) -> None:
    found = dict(metas(parse(small / "papers/one-paper/index.html"), "property"))
    assert found["og:type"] == "article"
    assert found["og:title"] == 'One "Paper" <b> & x_1 </script>'  # in plain characters
    assert found["og:url"] == f"{BASE_URL}papers/one-paper/"
    assert found["og:site_name"] == "Small"
    assert dict(metas(parse(small / "topics/one/index.html"), "property"))["og:type"] == "website"


# --- Feeds, llms.txt, OpenSearch ---


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_json_feed_is_one_and_says_what_atom_says(built: Path, folder: str) -> None:
    feed = json.loads((built / folder / "feed.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(JSON_FEED).validate(feed)
    assert feed["feed_url"] == f"{BASE_URL}{folder}feed.json"
    atom = feedparser.parse((built / folder / "feed.xml").read_bytes())
    assert not atom.bozo
    assert atom.version == "atom10"
    assert [item["id"] for item in feed["items"]] == [entry.id for entry in atom.entries]
    assert [item["title"] for item in feed["items"]] == [entry.title for entry in atom.entries]
    assert [item["date_published"] for item in feed["items"]] == [entry.published for entry in atom.entries]
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"])


def test_pages_name_their_feeds_and_citation_files(built: Path) -> None:
    for name, folder in (("index.html", ""), ("topics/sorting/index.html", "topics/sorting/")):
        alternates = {
            link.get("type"): leads_to(link.attrib["href"], name, BASE_URL, built)
            for link in parse(built / name).iter("link")
            if link.get("rel") == "alternate"
        }
        assert alternates == {
            "text/markdown": built / folder / "index.md",
            "application/x-bibtex": built / folder / "papers.bib",
            "application/atom+xml": built / folder / "feed.xml",
            "application/feed+json": built / folder / "feed.json",
        }
        assert all(path is not None and path.is_file() for path in alternates.values())


def test_llms_txt_has_its_form_and_its_links_lead_to_text(built: Path) -> None:
    lines = (built / "llms.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("# ")] == lines[:1]
    assert lines[2].startswith("> ")
    sections = [line for line in lines if line.startswith("## ")]
    assert sections[-1] == "## Optional"
    assert lines.index(sections[0]) < min(n for n, line in enumerate(lines) if line.startswith("- "))
    links = [re.fullmatch(r"- \[[^\]]+\]\(([^)\s]+)\)(: .+)?", line) for line in lines if line.startswith("- ")]
    assert len(links) > 6
    for link in links:
        assert link is not None
        target = leads_to(link[1], "", BASE_URL, built)
        assert target is not None
        assert target.is_file()


def test_without_an_address_llms_txt_leads_on_from_where_it_lies(tmp_path: Path) -> None:
    site = write_site(tmp_path, [ONE], site_yaml="title: Small\n")
    build.build(site)
    text = (site / "_site/llms.txt").read_text("utf-8")
    assert "(topics/one/index.md)" in text
    assert not (site / "_site/feed.json").exists()
    assert linked(site / "_site/papers/one-paper/index.html", "") == []


def test_opensearch_keeps_its_limits(tmp_path: Path) -> None:
    site = write_site(
        tmp_path, site_yaml=f"title: {'A very long title of a reading list, ' * 3}\nbase_url: {BASE_URL}\n"
    )
    build.build(site)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    root = ET.parse(site / "_site/opensearch.xml").getroot()
    assert 0 < len(root.findtext(f"{space}ShortName", "")) <= 16
    assert 0 < len(root.findtext(f"{space}LongName", "")) <= 48
    found = {url.get("type"): url.get("template") for url in root.findall(f"{space}Url")}
    assert found["text/html"] == f"{BASE_URL}search/?q={{searchTerms}}"
    assert found["application/opensearchdescription+xml"] == f"{BASE_URL}opensearch.xml"
