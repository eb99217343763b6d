"""What goes out comes back: import(export(x)) = x on a thousand real records and on hard ones."""

from __future__ import annotations

import json
import lzma
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from need import REPO, SHARED

from sitegen import export, intake, store
from sitegen.model import Entry, Paper, Site

FORMATS = {"bibtex": "papers.bib", "ris": "papers.ris", "csl-json": "papers.csl.json"}
HARD: list[dict[str, Any]] = [
    {
        "title": "Particles",
        "authors": ["Laurens van der Maaten", "Aäron van den Oord", "Guy Van den Broeck", "Nando de Freitas"],
    },
    {"title": "Suffixes", "authors": ["Martin Luther King Jr.", "Sammy Davis III", "Ludwig van Beethoven Jr."]},
    {
        "title": "Whole names",
        "authors": ["Barnes and Noble", "Gemini Team", "OpenAI", "01.AI", "AT&T Labs", "山田 太郎"],
    },
    {
        "title": "Accents in Łódź, Ñandú and Ørsted",
        "authors": ["Łucja Ñandú", "José Ortega y Gasset", "feng han", "Axel Chemla--Romeu"],
    },
    {"title": "GPT-4, LoRA and 3D {Braces} of $O(n^2)$ at 100% & more_", "authors": ["A. B."], "published": "2024"},
    {"title": "A year and a month", "published": "2024-05", "venue": "TMLR 2025", "authors": ["A. B."]},
    {
        "title": "A year without a month",
        "published": "1999",
        "venue": "Journal of Toys",
        "volume": "4",
        "issue": "2",
        "pages": "12-34",
    },
    {"title": "A venue of another year", "published": "2023-06-07", "venue": "NeurIPS 2024", "arxiv_id": "2306.00001"},
    {"title": "Of old", "published": "1999-01-02", "arxiv_id": "hep-th/9901001", "also_titled": ["Of & Old", "Before"]},
    {
        "title": "Links",
        "doi": "10.1000/a_(b)-c;d",
        "url": "https://example.org/a_b%20c?d=1&e=2#f",
        "pdf_url": "https://example.org/a.pdf",
        "code_urls": ["https://github.com/a/b", "https://github.com/c/d_e"],
    },
    {
        "title": "Thesis",
        "kind": "thesis",
        "publisher": "Toy & University",
        "published": "2001",
        "authors": ["A. B."],
        "citation_key": "toy:2001",
    },
    {
        "title": "Report",
        "kind": "report",
        "publisher": "Toy Lab",
        "issue": "TR-7",
        "keywords": ["one word", "R&D", "C#"],
    },
    {"title": "Chapter", "kind": "chapter", "venue": "A Book of Toys", "publisher": "Press", "pages": "1-9"},
]


def records(folder: Path, files: dict[str, str]) -> list[Paper]:
    """What an empty site has after these files came in, without where they came from."""
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
    report = intake.run(folder / "site", [folder / name for name in files])
    assert (report.rejected, report.unreadable) == (0, 0)
    found = store.read(folder / "site" / "content").papers.values()
    return [msgspec.structs.replace(paper, sources=()) for paper in found]


def through(form: str, papers: list[Paper], folder: Path) -> list[Paper]:
    folder.mkdir()
    listing = export.Listing(Site("Toy"), (), tuple(Entry(paper=paper) for paper in papers))
    return records(folder, {FORMATS[form]: export.FORMATS[form](listing)})


def alike(papers: list[Paper]) -> list[Paper]:
    """Without what a format must add: every entry has a kind, and the preprint an address."""
    address = "https://arxiv.org/abs/"
    return [
        msgspec.structs.replace(p, kind="", url="" if p.url.startswith((address, "https://doi.org/")) else p.url)
        for p in papers
    ]


def corpus(size: int) -> list[dict[str, Any]]:
    """Real records, spread over the corpus, half of them with names or titles that are hard."""
    path = SHARED / "corpus" / "papers-20k.jsonl.xz"
    if not path.is_file():
        pytest.skip("needs the corpus of real records")
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    hard = [r for r in found if re.search(r" [a-z]|[^\x00-\x7f]|[$\\{&]", " ".join(r["authors"]) + r["title"])]
    chosen = hard[:: max(1, len(hard) * 2 // size)][: size // 2]
    chosen += [r for r in found[:: len(found) // size] if r not in chosen][: size - len(chosen)]
    assert len(chosen) == size
    return [{key: value for key, value in record.items() if key != "abstract"} for record in chosen]


@pytest.mark.parametrize("form", FORMATS)
def test_hard_records_come_back(form: str, tmp_path: Path) -> None:
    papers = records(tmp_path, {"in.jsonl": "".join(json.dumps(record) + "\n" for record in HARD)})
    assert len(papers) == len(HARD)
    once = through(form, papers, tmp_path / "once")
    assert alike(once) == alike(papers)
    assert through(form, once, tmp_path / "twice") == once


@pytest.mark.parametrize("form", FORMATS)
def test_a_thousand_real_records_come_back(form: str, tmp_path: Path) -> None:
    papers = records(tmp_path, {"in.jsonl": "".join(json.dumps(record) + "\n" for record in corpus(1000))})
    assert len(papers) > 980  # a few are one paper twice
    once = through(form, papers, tmp_path / "once")
    assert alike(once) == alike(papers)


@pytest.mark.parametrize("form", FORMATS)
def test_this_repository_s_list_comes_back(form: str, tmp_path: Path) -> None:
    papers = [msgspec.structs.replace(paper, sources=()) for paper in store.read(REPO / "content").papers.values()]
    once = through(form, papers, tmp_path / "once")
    names = ("slug", "title", "authors", "published", "arxiv_id", "doi", "also_titled", "code_urls", "keywords")
    for before, after in zip(papers, once, strict=True):
        assert [getattr(after, name) for name in names] == [getattr(before, name) for name in names]
    assert through(form, once, tmp_path / "twice") == once
