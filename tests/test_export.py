"""`export` in every format, and the files for reference managers on the site."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from sites import BASE_URL, paper, write_site

from sitegen import build, cli, export

BY_CURATOR = "alpha: [one, two]\nbeta: [two]\n"
PAPERS = [
    paper("alpha", authors=["Ada van Toy"], published="2024-05", arxiv_id="2405.00001", keywords=["k"]),
    paper("beta", title="B [x](y) *b* & c", published="2023", url="https://example.org/b"),
    paper("gamma", title="Nothing that a topic says"),
]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write_site(tmp_path, PAPERS, overrides_yaml=BY_CURATOR)


def exported(site: Path, capfd: pytest.CaptureFixture[str], *options: str) -> str:
    assert cli.main(["export", "--site", str(site), *options]) == 0
    captured = capfd.readouterr()
    assert captured.err == ""
    return captured.out


def test_the_command_knows_every_format() -> None:
    assert tuple(export.FORMATS) == cli.EXPORTS


def slugs(form: str, text: str) -> list[str]:
    if form == "bibtex":
        return [entry.key for entry in parse_string(text).entries]
    if form == "ris":
        return [entry["id"] for entry in rispy.loads(text)]
    if form == "csl-json":
        return [item["id"] for item in json.loads(text)]
    if form == "jsonl":
        return [json.loads(line)["slug"] for line in text.splitlines()]
    titles = {str(one["title"]): str(one["slug"]) for one in PAPERS}
    if form == "opml":
        root = ET.fromstring(text.encode())
        assert (root.tag, root.get("version")) == ("opml", "2.0")
        return [titles[text] for o in root.iter("outline") if (text := o.attrib["text"]) in titles]
    items = [line[2:].lstrip("[")[:2] for line in text.splitlines() if line.startswith("- ")]
    return [slug for item in items for title, slug in titles.items() if title.startswith(item)]


@pytest.mark.parametrize("form", cli.EXPORTS)
def test_every_format_has_every_paper_or_those_of_a_topic(
    site: Path, form: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert sorted(slugs(form, exported(site, capfd, "--format", form))) == ["alpha", "beta", "gamma"]
    assert slugs(form, exported(site, capfd, "--format", form, "--topic", "two")) == ["alpha", "beta"]
    assert slugs(form, exported(site, capfd, "--format", form, "--topic", "one")) == ["alpha"]


def test_an_unknown_topic_is_a_problem_with_a_hint(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["export", "--site", str(site), "--topic", "twoo"]) == 1
    captured = capfd.readouterr()
    assert captured.out == ""
    assert 'did you mean "two"?' in captured.err


def test_the_site_has_the_same_files_as_the_command_gives(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    build.build(site)
    for form, name in (("bibtex", "papers.bib"), ("ris", "papers.ris"), ("csl-json", "papers.csl.json")):
        whole = (site / "_site" / name).read_bytes().decode()
        assert whole == exported(site, capfd, "--format", form)
        for topic in ("one", "two"):
            text = (site / "_site/topics" / topic / name).read_bytes().decode()
            assert text == exported(site, capfd, "--format", form, "--topic", topic)


@pytest.mark.parametrize("form", cli.EXPORTS)
@pytest.mark.parametrize("shown", [True, False])
def test_an_abstract_is_exported_only_where_the_site_shows_it(
    tmp_path: Path, form: str, shown: bool, capfd: pytest.CaptureFixture[str]
) -> None:
    settings = f"title: Small\nbase_url: {BASE_URL}\nshow_abstracts: {str(shown).lower()}\n"
    site = write_site(
        tmp_path, PAPERS, site_yaml=settings, abstracts_jsonl='{"slug":"alpha","abstract":"Secret words."}\n'
    )
    text = exported(site, capfd, "--format", form)
    assert ("Secret words." in text) == (shown and form in ("jsonl", "bibtex", "ris", "csl-json"))


def test_markdown_keeps_titles_and_links_apart(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = exported(site, capfd, "--format", "markdown")
    assert r"- [B \[x\](y) \*b\* \& c](<https://example.org/b>) – 2023" in text.splitlines()
    assert "### One" in text.splitlines()
    assert "### Without a topic" in text.splitlines()


def test_opml_gives_feed_readers_the_feeds_and_others_the_papers(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    root = ET.fromstring(exported(site, capfd, "--format", "opml").encode())
    feeds = [o.get("xmlUrl") for o in root.iter("outline") if o.get("type") == "rss"]
    assert feeds == [BASE_URL + path for path in ("feed.xml", "topics/one/feed.xml", "topics/two/feed.xml")]
    links = [o.get("url") for o in root.iter("outline") if o.get("type") == "link"]
    assert links == ["https://arxiv.org/abs/2405.00001", "https://example.org/b"]


@pytest.mark.parametrize("form", cli.EXPORTS)
def test_an_empty_list_is_an_empty_file_of_its_format(
    tmp_path: Path, form: str, capfd: pytest.CaptureFixture[str]
) -> None:
    text = exported(write_site(tmp_path), capfd, "--format", form)
    assert slugs(form, text) == [] if text else form in ("jsonl", "bibtex", "ris")
