"""Web pages, feeds, Markdown lists, ids and links, OpenAlex: each told by its content, each with its lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sitegen import ingest, intake, store
from sitegen.ingest.found import Reading
from sitegen.ingest.links import is_generic, is_id
from sitegen.model import Paper

DATA = Path(__file__).parent / "data" / "import"


def data(name: str, date: str = "") -> Reading:
    """What a file holds, its name hidden."""
    return ingest.read((DATA / name).read_bytes(), "x", date)


def by_id(reading: Reading) -> dict[str, Paper]:
    return {found.paper.arxiv_id: found.paper for found in reading.found}


def lines(problems: list[Any]) -> list[int]:
    return [problem.where.line for problem in problems]


def test_a_daily_page_is_read_from_its_data_not_from_what_shows() -> None:
    reading = data("daily.html")
    tides, bees = reading.found
    assert (tides.paper.title, tides.paper.authors, tides.paper.published) == (
        "Tides of the sea",
        ("Ada Low",),
        "2024-10-09",
    )
    assert (tides.abstract, tides.paper.keywords) == ("The sea rises & falls.", ("tides",))
    assert tides.paper.code_urls == ("https://github.com/a/b",)
    [source] = tides.paper.sources
    assert (source.format, source.date, source.position) == ("hf-list", "2025-06-09", 1)
    assert (bees.paper.title, bees.paper.arxiv_id) == ("Bees", "2410.06512")
    assert len(reading.rejected) == 2, "an item without an id and one that is a number"
    assert any("data in the page" in note.message for note in reading.notes)


@pytest.mark.parametrize(
    ("date", "kept"), [("2026", "2025-06-09"), ("2025", "2025-06-09"), ("2025-06-10", "2025-06-10")]
)
def test_the_curator_s_exact_date_beats_the_page_s(date: str, kept: str) -> None:
    expected = kept if kept.startswith(date) else date
    assert {paper.sources[0].date for paper in by_id(data("daily.html", date)).values()} == {expected}


def test_a_page_without_its_data_is_read_from_what_shows() -> None:
    reading = data("visible.html")
    papers = by_id(reading)
    assert papers["2410.06511"].title == "Tides of the deep sea"
    assert papers["2410.06511"].sources[0].date == "2025-06-09"
    assert (papers["2410.06512"].title, papers["2410.06512"].also_titled) == ("", ("Bees",))
    assert any("links" in note.message for note in reading.notes)


def test_a_paper_s_own_page_is_one_paper() -> None:
    [found] = data("abstract.html").found
    assert (found.paper.title, found.paper.authors) == ("Tides of the sea", ("Ada Low", "Ludwig van Beethoven"))
    assert (found.paper.arxiv_id, found.paper.published) == ("2410.06511", "2024-10-09")


def test_bookmarks_of_a_browser_are_links() -> None:
    papers = by_id(data("bookmarks.html"))
    assert (papers["2410.06511"].title, papers["2410.06512"].title) == ("Attention to the sea level", "")


@pytest.mark.parametrize(
    "page",
    [
        "<!doctype html><p>Nothing here.",
        "<!doctype html>",
        "<html><div data-target='DailyPapers' data-props='{\"dailyPapers\":[{'></div></html>",
        "<html><div data-target='DailyPapers' data-props='{\"dailyPapers\":[]}'></div></html>",
    ],
)
def test_a_page_without_papers_is_named(page: str) -> None:
    reading = ingest.read(page.encode(), "x")
    assert (reading.found, reading.unreadable) == ([], True)
    assert all(note.hint for note in reading.notes)


def test_the_papers_api_is_read_as_a_list_or_as_one_paper() -> None:
    paper = {
        "id": "2410.06511",
        "title": "Tides of the sea",
        "summary": "It rises.",
        "publishedAt": "2024-10-09T00:00:00Z",
    }
    listed = [{"paper": paper, "publishedAt": "2025-06-09T01:00:00Z", "title": "Tides of the sea"}]
    [item] = ingest.read(json.dumps(listed).encode(), "x").found
    [alone] = ingest.read(json.dumps({**paper, "upvotes": 3}).encode(), "x").found
    assert (item.paper.arxiv_id, item.paper.published, item.abstract) == ("2410.06511", "2024-10-09", "It rises.")
    assert (item.paper.sources[0].format, item.paper.sources[0].date) == ("hf-list", "2025-06-09")
    assert (alone.paper.title, alone.paper.sources[0].format) == ("Tides of the sea", "hf-api")


def test_an_answer_of_arxiv_that_was_cut_off_gives_what_came_before() -> None:
    reading = data("cut.atom")
    [found] = reading.found
    paper = found.paper
    assert (paper.arxiv_id, paper.title, paper.authors) == (
        "2410.06511",
        "Attention to the sea level",
        ("Ada Low", "Bo Chen"),
    )
    assert (paper.published, paper.doi, paper.venue) == ("2024-10-09", "10.1000/x", "J. Tides 3 (2025)")
    assert (paper.code_urls, paper.extra) == (("https://github.com/a/b",), {"primary_category": "cs.CL"})
    assert found.where.line == 3
    assert lines(reading.rejected) == [8, 7]
    assert "error" in reading.rejected[1].message


@pytest.mark.parametrize(
    "text",
    [
        '<?xml version="1.0"?><!DOCTYPE f [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><feed><entry>&c;</entry></feed>',
        '<?xml version="1.0"?><!DOCTYPE f SYSTEM "file:///etc/passwd"><feed/>',
        '<?xml version="1.0"?><!DOCTYPE f [<!ENTITY x SYSTEM "file:///etc/passwd">]><feed><entry>&x;</entry></feed>',
    ],
)
def test_xml_that_declares_entities_is_refused(text: str) -> None:
    reading = ingest.read(text.encode(), "x")
    assert (reading.found, reading.unreadable) == ([], True)
    assert "document type" in reading.notes[0].message


def test_other_xml_is_named() -> None:
    reading = ingest.read(b'<?xml version="1.0"?><recipe><step>Boil.</step></recipe>', "x")
    assert (reading.found, reading.unreadable) == ([], True)
    assert "<recipe>" in reading.notes[0].message


def test_rss_of_arxiv() -> None:
    text = """<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>cs.CL</title>
    <item><title>Tides of the sea</title><link>https://arxiv.org/abs/2410.06511</link>
    <dc:creator>Ada Low, Bo Chen</dc:creator>
    <description>arXiv:2410.06511v1 Announce Type: new Abstract: The sea rises.</description></item></channel></rss>"""
    [found] = ingest.read(text.encode(), "x").found
    assert (found.paper.arxiv_id, found.paper.authors, found.abstract) == (
        "2410.06511",
        ("Ada Low", "Bo Chen"),
        "The sea rises.",
    )


def test_an_outline_gives_its_links_to_papers() -> None:
    reading = data("outline.opml")
    [found] = reading.found
    assert (found.paper.title, found.paper.arxiv_id, reading.rejected) == ("A paper at last", "2410.06511", [])


def test_a_markdown_list_of_papers() -> None:
    reading = data("awesome.md")
    papers = by_id(reading)
    level = papers["2410.06511"]
    assert (level.title, level.code_urls) == ("Attention to the sea level rise", ("https://github.com/a/b",))
    assert level.blurb == "Ada Low et al. ICLR 2024"
    assert (papers["2410.06512"].title, papers["2410.06512"].code_urls) == (
        "Deep Tides of Learning",
        ("https://github.com/c/d",),
    )
    assert (papers["2106.09685"].title, papers["2106.09685"].also_titled) == ("", ("LoRA",))
    assert papers["2410.06513"].title == "Waves in a table of rows"
    [alone] = [found for found in reading.found if not found.paper.arxiv_id]
    assert (alone.paper.title, alone.paper.url) == ("Title on its own line", "https://openreview.net/forum?id=x")
    assert [found.where.line for found in reading.found] == [4, 5, 6, 8, 13]
    assert [note.where.line for note in reading.notes] == [7]
    assert "vLLM" in reading.notes[0].message


ID, LINK = "2410.06511", "https://arxiv.org/abs/2410.06511"


@pytest.mark.parametrize(
    ("line", "title"),
    [
        (f"- [Tides of the sea]({LINK})", "Tides of the sea"),
        (f"- [x] [Tides of the sea]({LINK}), ICL 2024", "Tides of the sea"),
        (f"1. **Tides of the sea** [[paper]({LINK})] [[code](https://github.com/a/b)]", "Tides of the sea"),
        (f"* (*arXiv2024_Tide*) Tides of the sea. [[Paper]({LINK})] ![](https://a.example/x.svg)", "Tides of the sea"),
        (f"* **[ICL 2024]** Tides of the sea [paper]({LINK})", "Tides of the sea"),
        (f'- "Tides of the sea", *Low et al.*, 2024. [[pdf](https://arxiv.org/pdf/{ID})]', "Tides of the sea"),
        (f"- Tides of the sea, Ada Low et al., ICL [[link]({LINK})]", "Tides of the sea"),
        (f"- [2024/03] **Tides of the sea** | [paper]({LINK}) | [blog](https://a.example/b)", "Tides of the sea"),
        (f"- **Tides of the sea** ({LINK})", "Tides of the sea"),
        (f"- Tides of the sea\n  - [Paper]({LINK}), [Code](https://github.com/a/b)", "Tides of the sea"),
        (f"| 2024 | Tides of the sea | [pdf]({LINK}) |\n|--|--|--|", "Tides of the sea"),
        (f"[{ID}]({LINK}) [Tides of the sea]({LINK})", "Tides of the sea"),
        (f"- [Tides]({LINK})", ""),
        (f"- **ICL 2024** [paper]({LINK})", ""),
        (f"- see <{LINK}>", ""),
        (f"Papers that we liked:\n\n- [paper]({LINK})", ""),
    ],
)
def test_a_title_is_found_in_the_styles_of_real_lists_or_left_open(line: str, title: str) -> None:
    [found] = ingest.read(f"# List\n\n{line}\n\n- [Other things](https://a.example/)\n".encode(), "x").found
    assert (found.paper.arxiv_id, found.paper.title) == (ID, title)


def test_several_papers_in_one_item_are_several_papers() -> None:
    text = f"- [Tides of the sea]({LINK}) [[code](https://github.com/a/b)], [Bees of the hill](https://arxiv.org/abs/2410.06512)"
    tides, bees = ingest.read(text.encode(), "x").found
    assert (tides.paper.title, tides.paper.code_urls) == ("Tides of the sea", ("https://github.com/a/b",))
    assert (bees.paper.title, bees.paper.arxiv_id, bees.paper.code_urls) == ("Bees of the hill", "2410.06512", ())


def test_a_name_without_an_id_is_no_title() -> None:
    reading = ingest.read(
        b"- [Tidal](https://openreview.net/forum?id=x)\n- [Of tides and bees](https://openreview.net/forum?id=y)", "x"
    )
    assert [found.paper.title for found in reading.found] == ["Of tides and bees"]
    assert lines(reading.rejected) == [1]


def test_a_list_of_ids_and_links() -> None:
    reading = data("ids.txt")
    assert set(by_id(reading)) == {"2410.06511", "2410.06512", "2410.06513", "hep-th/9901001", ""}
    assert by_id(reading)[""].doi == "10.1000/xyz.1"
    assert lines(reading.rejected) == [7]


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("2410.06511", True),
        ("arXiv:2410.06511v2", True),
        ("https://arxiv.org/html/2410.06511v1#S2", True),
        ("https://huggingface.co/papers/2410.06511", True),
        ("https://www.alphaxiv.org/abs/2410.06511", True),
        ("https://doi.org/10.48550/arXiv.2410.06511", True),
        ("10.1000/xyz", True),
        ("hep-th/9901001", True),
        ("refs.bib", False),
        ("2410.065", False),
        ("https://example.com/2410.06511", False),
        ("", False),
    ],
)
def test_what_is_an_id(text: str, known: bool) -> None:
    assert is_id(text) is known


@pytest.mark.parametrize(
    ("label", "generic"),
    [
        ("paper", True),
        ("[PDF]", True),
        ("Paper link", True),
        ("arXiv:2410.06511 [cs.CL]", True),
        ("Project Page", True),
        ("LoRA", False),
        ("A paper about code", False),
        ("Code Llama", False),
    ],
)
def test_what_a_link_s_words_are(label: str, generic: bool) -> None:
    assert is_generic(label) is generic


def test_works_of_openalex() -> None:
    [found] = data("openalex.json").found
    assert (found.paper.venue, found.paper.doi, found.paper.pages) == ("J. T", "10.1000/x", "1-9")
    assert (found.abstract, found.paper.published) == ("Hello world.", "2024-01-02")


def test_names_of_files_do_not_matter() -> None:
    for path in sorted(DATA.iterdir()):
        plain, odd = ingest.read(path.read_bytes(), "x"), ingest.read(path.read_bytes(), "y.pdf")
        assert [found.paper.title for found in plain.found] == [found.paper.title for found in odd.found], path.name
        assert plain.found, path.name


@pytest.mark.parametrize("path", sorted(DATA.iterdir()), ids=lambda path: str(path.name))
def test_importing_any_format_twice_changes_nothing(path: Path, tmp_path: Path) -> None:
    intake.run(tmp_path, [path])
    before = store.read(tmp_path / "content")
    report = intake.run(tmp_path, [path])
    assert (report.new, report.merged, report.waiting) == (0, 0, 0)
    assert store.read(tmp_path / "content") == before


def test_a_library_in_windows_letters_comes_in_with_a_word() -> None:
    reading = ingest.read("@misc{a, title={Über Bienen}, author={Müller, Jörg}}".encode("cp1252"), "x")
    assert reading.found[0].paper.title == "Über Bienen"
    assert reading.found[0].paper.authors == ("Jörg Müller",)
    assert any("Windows" in note.message for note in reading.notes)


def test_a_byte_that_was_damaged_does_not_change_the_other_letters() -> None:
    data = f"@misc{{a, title={{Über Bienen}}, note={{ä ö ü {'x' * 200}}}}}".encode().replace(b"Bienen", b"Bie\xffnen")
    [found] = ingest.read(data, "x").found
    assert found.paper.title.startswith("Über Bie")
    assert found.problems
