"""The reading list in this repository: every paper and topic has our words, in range, right, and ours."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sitegen import build
from sitegen.model import Entry
from sitegen.pages.paper import outlinks
from sitegen.text import fold

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
CONTENT = build.load(ROOT)
ENTRIES = {entry.slug: entry for entry in CONTENT.entries}
TOPICS = {topic.slug: topic for group in CONTENT.groups for topic in group.topics}
PLACEHOLDER = re.compile(r"\b(?:TODO|FIXME|TBD|XXX|lorem|ipsum|placeholder)\b|\?\?\?", re.IGNORECASE)
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the captures and facts are not here")


def sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.!?])\s+(?=[A-Z0-9\"(])", text) if part]


def prose() -> Iterator[tuple[str, str]]:
    """Every text that we wrote: where it stands, and the text without Markdown's links and marks."""
    for slug, entry in ENTRIES.items():
        yield slug, entry.words.tldr
        yield slug, entry.words.summary
        if entry.override and entry.override.why:
            yield slug, entry.override.why
    for slug, topic in TOPICS.items():
        yield slug, plain(topic.note)
    yield "about", plain(CONTENT.about)


def plain(markdown: str) -> str:
    return re.sub(r"^[#>*-]+ |\]\([^)]*\)|[\[*`]", "", markdown, flags=re.MULTILINE)


@pytest.mark.parametrize("slug", ENTRIES)
def test_a_paper_has_its_words_in_range(slug: str) -> None:
    words = ENTRIES[slug].words
    assert 8 <= len(words.tldr.split()) <= 30
    assert len(sentences(words.tldr)) == 1
    assert 50 <= len(words.summary.split()) <= 90
    assert 2 <= len(sentences(words.summary)) <= 4
    assert words.tldr.endswith(".")
    assert words.summary.endswith(".")
    assert 4 <= len(words.keywords) <= 8
    assert len({word.casefold() for word in words.keywords}) == len(words.keywords)
    assert fold(ENTRIES[slug].paper.title) not in map(fold, words.keywords)


@pytest.mark.parametrize("slug", ENTRIES)
def test_a_paper_is_placed_by_the_curator(slug: str) -> None:
    placements = ENTRIES[slug].placements
    assert 1 <= len(placements) <= 4
    assert all(placement.confirmed for placement in placements)


@pytest.mark.parametrize("slug", ENTRIES)
def test_a_paper_has_its_facts_and_links(slug: str) -> None:
    paper = ENTRIES[slug].paper
    assert paper.authors
    assert paper.published
    kinds = {link.kind: link.url for link in outlinks(paper, CONTENT.words)}
    assert {"arxiv", "pdf", "hf"} <= kinds.keys()
    assert all(paper.arxiv_id in kinds[kind] for kind in ("arxiv", "pdf", "hf"))
    assert ("code" in kinds) == bool(paper.code_urls)


def test_the_list_is_whole() -> None:
    assert len(ENTRIES) == 343
    assert len(TOPICS) == 26
    assert len(CONTENT.groups) == 6
    assert {topic for entry in ENTRIES.values() for topic in entry.topics[:1]} == set(TOPICS)


@pytest.mark.parametrize("slug", TOPICS)
def test_a_topic_has_a_note_that_leads_on(slug: str) -> None:
    note = TOPICS[slug].note
    assert 120 <= len(note.split()) <= 250
    opening, start, threads = re.split(r"^## .*$", note, flags=re.MULTILINE)
    assert re.findall(r"^## (.*)$", note, re.MULTILINE) == ["Start here", "Threads to follow"]
    assert len(opening.split()) >= 40
    first = re.findall(r"^- \[[^\]]+\]\(/papers/([a-z0-9-]+)/\)", start, re.MULTILINE)
    assert 3 <= len(first) <= 5
    assert all(ENTRIES[paper].topics[0] == slug for paper in first)
    assert 2 <= len(re.findall(r"^- ", threads, re.MULTILINE)) <= 3
    assert len(re.findall(r"\(/papers/[a-z0-9-]+/\)", threads)) >= 4


def test_links_in_notes_lead_to_papers() -> None:
    links = [(slug, link) for slug, topic in TOPICS.items() for link in re.findall(r"\]\(([^)]*)\)", topic.note)]
    assert links
    wrong = [(s, link) for s, link in links if not ((m := re.fullmatch(r"/papers/(.+)/", link)) and m[1] in ENTRIES)]
    assert wrong == []


def test_no_placeholder_is_left() -> None:
    assert [(where, match[0]) for where, text in prose() if (match := PLACEHOLDER.search(text))] == []


def test_no_sentence_stands_twice() -> None:
    seen: dict[str, str] = {}
    twice = []
    for where, text in prose():
        for sentence in sentences(text):
            if len(sentence.split()) > 4 and seen.setdefault(sentence, where) != where:
                twice.append((seen[sentence], where, sentence))
    assert twice == []


def test_the_spelling_is_right() -> None:
    paths = [str(ROOT / name) for name in ("content", "README.md", "CHANGELOG.md", "templates")]
    command = [
        sys.executable,
        "-m",
        "codespell_lib",
        "--skip",
        "*.jsonl,*/de.yaml",
        "--ignore-words",
        str(ROOT / "tests/data/names.txt"),
    ]
    result = subprocess.run([*command, *paths], capture_output=True, text=True, check=False)
    assert result.stdout + result.stderr == ""


@needs_shared
def test_no_ten_words_in_a_row_are_an_abstract_s() -> None:
    def grams(text: str) -> Iterator[tuple[str, ...]]:
        words = re.findall(r"[a-z0-9]+", text.lower())
        return (tuple(words[i : i + 10]) for i in range(len(words) - 9))

    lines = [line for path in (SHARED / "captures").glob("*.txt") for line in path.read_text("utf-8").splitlines()]
    captured = {gram for line in lines if len(line.split()) > 40 for gram in grams(line)}
    assert len(captured) > 10_000
    assert [(where, " ".join(gram)) for where, text in prose() for gram in grams(text) if gram in captured] == []


@needs_shared
def test_the_facts_are_the_verified_ones() -> None:
    by_id: dict[str, Entry] = {entry.paper.arxiv_id: entry for entry in ENTRIES.values()}
    with (SHARED / "facts" / "papers.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(by_id)
    for row in rows:
        paper = by_id[row["arxiv_id"]].paper
        assert fold(paper.title) == fold(row["title"])
        assert list(paper.authors) == re.split("[;,] ", row["authors"])
        assert (paper.published, paper.venue, paper.url) == (row["published"], row["venue"], row["url"])
        assert not row["code_url"] or row["code_url"] in paper.code_urls
        assert bool(paper.also_titled) == row["match"].startswith("variant")
