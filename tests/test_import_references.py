"""Libraries of reference managers: BibTeX, RIS and CSL-JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sitegen import ingest, intake, store
from sitegen.ingest.found import Found, Reading
from sitegen.model import Paper

DATA = Path(__file__).parent / "data" / "import"


def data(name: str) -> Reading:
    return ingest.read((DATA / name).read_bytes(), name)


def by_title(reading: Reading) -> dict[str, Paper]:
    return {found.paper.title: found.paper for found in reading.found}


def bib(fields: str, kind: str = "article") -> Found:
    [found] = ingest.read(f"@{kind}{{key,\n title = {{On Tides}},\n {fields}\n}}".encode(), "x.bib").found
    return found


def test_names_dates_and_strings_of_bibtex() -> None:
    reading = data("names.bib")
    papers = by_title(reading)
    tides = papers["Tides of $O(n \\log n)$: Über études — 50% of Deep Nets"]
    assert tides.authors == (
        "Ludwig van Beethoven",
        "NVIDIA and Friends",
        "Martin Luther King Jr.",
        "Pál Erdős",
        "Gabriel García Márquez",
        "Jean de La Fontaine",
    )
    assert (tides.venue, tides.published) == ("Int. Conference on Low Tides (ICL)", "2024-10")
    assert (tides.pages, tides.keywords, tides.kind) == ("12-34", ("tides", "moon", "sea"), "paper-conference")
    assert (tides.url, tides.citation_key) == ("https://a.example/a_b;c", "beethoven2024")
    bees = papers["A survey of bees"]
    assert (bees.arxiv_id, bees.venue, bees.kind, bees.authors) == ("2410.06511", "", "article", ("Ada Low",))
    quotes = papers['Quotes "inside" quotes']
    assert (quotes.venue, quotes.volume, quotes.issue) == ("J. Bees", "3", "4")
    assert (quotes.doi, quotes.published) == ("10.1000/bees.1", "2019-11-09")
    whales = papers["Whales"]
    assert (whales.arxiv_id, whales.venue, whales.volume) == ("2301.00001", "", "")
    owls = papers["Owls at night: a field guide"]
    assert (owls.arxiv_id, owls.published, owls.authors) == ("2410.06512", "2024-10-09", ("Bo Chen",))
    ants = papers["Ants in lines"]
    assert (ants.venue, ants.published, ants.pages) == ("Proceedings of Ants", "2018", "1-2")
    assert len(papers) == 6, "proceedings that a paper refers to are no paper"
    assert reading.rejected == []


def test_a_broken_entry_is_named_with_its_line_and_the_rest_comes_in() -> None:
    reading = data("broken.bib")
    assert list(by_title(reading)) == ["Before the break", "After the break", "The same key again", "One title"]
    assert [problem.where.line for problem in reading.rejected] == [3, 6]
    assert "A title without its end" in reading.rejected[0].message
    assert all(problem.hint for problem in reading.rejected)
    assert {problem.where.line for problem in reading.notes if "title twice" in problem.message} == {8}


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        pytest.param("year = 2024", "2024", id="year"),
        pytest.param("year = {2024}, month = {October}", "2024-10", id="name-of-a-month"),
        pytest.param("year = 2024, month = 10", "2024-10", id="number"),
        pytest.param('year = 2024, month = "10~" # jan', "2024-01-10", id="day-and-month"),
        pytest.param('year = 2024, month = jan # "/" # feb', "2024-01", id="two-months"),
        pytest.param("year = 2024, month = may, day = 3", "2024-05-03", id="day"),
        pytest.param("year = 2024, month = feb, day = 31", "2024", id="no-such-day"),
        pytest.param("month = oct", "", id="month-alone"),
        pytest.param("year = {in press}", "", id="in-press"),
        pytest.param("year = {c. 1999a}", "1999", id="around"),
        pytest.param("date = {2024-10}", "2024-10", id="date"),
        pytest.param("date = {2024~}", "2024", id="about"),
        pytest.param("date = {2019/2021}", "2019", id="span"),
    ],
)
def test_a_date_of_bibtex_is_as_exact_as_it_is_written(fields: str, date: str) -> None:
    found = bib(fields)
    assert (found.paper.published, found.problems) == (date, ())


@pytest.mark.parametrize(
    ("written", "names"),
    [
        pytest.param("Low, Ada", ["Ada Low"], id="last-first"),
        pytest.param("Ada Low and Bo Chen", ["Ada Low", "Bo Chen"], id="first-last"),
        pytest.param("de la Cruz, Juana and von der Au, A.", ["Juana de la Cruz", "A. von der Au"], id="particles"),
        pytest.param("{World Health Organization}", ["World Health Organization"], id="corporate"),
        pytest.param("{Barnes and Noble} and Low, Ada", ["Barnes and Noble", "Ada Low"], id="and-in-braces"),
        pytest.param('M{\\"u}ller, J{\\"o}rg', ["Jörg Müller"], id="umlauts"),
        pytest.param("{\\v S}koda, {\\c C}a{\\u g}r{\\i}", ["Çağrı Škoda"], id="old-accents"),
        pytest.param("{\\L}ukasz Kaiser and S{\\o}ren {\\AA}s", ["Łukasz Kaiser", "Søren Ås"], id="letters"),
        pytest.param("Low, Ada\n  AND\n Chen, Bo", ["Ada Low", "Bo Chen"], id="over-lines"),
        pytest.param("Wang, Wei and Wang, Wei", ["Wei Wang", "Wei Wang"], id="two-of-one-name"),
        pytest.param("Li, Xi", ["Xi Li"], id="a-name-like-a-numeral"),
        pytest.param("Low, Ada and others", ["Ada Low"], id="others"),
        pytest.param("李, 明 and 王伟", ["明 李", "王伟"], id="other-scripts"),
    ],
)
def test_names_of_bibtex_are_put_in_reading_order(written: str, names: list[str]) -> None:
    assert list(bib(f"author = {{{written}}}").paper.authors) == names


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param("eprint = {2410.06511v2}, archivePrefix = {arXiv}", ("2410.06511", ""), id="eprint"),
        pytest.param("eprint = {hep-th/9901001}", ("hep-th/9901001", ""), id="old-eprint"),
        pytest.param("eprint = {hal-0123}, archiveprefix = {HAL}", ("", ""), id="another-archive"),
        pytest.param("note = {arXiv:2410.06511.}", ("2410.06511", ""), id="note"),
        pytest.param("howpublished = {\\url{https://arxiv.org/abs/2410.06511}}", ("2410.06511", ""), id="howpublished"),
        pytest.param("doi = {10.48550/arXiv.2410.06511}", ("2410.06511", ""), id="doi-of-arxiv"),
        pytest.param("doi = {10.1000/A\\_b}", ("", "10.1000/a_b"), id="escaped-doi"),
    ],
)
def test_ids_are_found_where_bibtex_files_have_them(fields: str, expected: tuple[str, str]) -> None:
    paper = bib(fields, "misc").paper
    assert (paper.arxiv_id, paper.doi) == expected


def test_ris_as_zotero_and_publishers_write_it() -> None:
    reading = data("refs.ris")
    papers = by_title(reading)
    tides = papers["Tides of the moon"]
    assert tides.authors == ("Ludwig van Beethoven", "Martin Luther King Jr.", "NVIDIA")
    assert (tides.published, tides.venue, tides.pages) == ("2024-10-09", "ICL 2024", "12-34")
    assert (tides.doi, tides.url, tides.pdf_url) == (
        "10.1000/tides.1",
        "https://a.example/a;b",
        "https://a.example/a.pdf",
    )
    assert (tides.keywords, tides.code_urls) == (("tides", "moon"), ("https://code.example/tides",))
    assert reading.found[0].abstract == "The sea rises and falls."
    whales = papers["Whales"]
    assert (whales.arxiv_id, whales.doi, whales.published, whales.venue) == ("2301.00001", "", "2023", "")
    assert "Ants in lines" in papers, "an entry without its end comes in"
    assert [problem.where.line for problem in reading.rejected] == [30]
    assert [problem.where.line for problem in reading.notes] == [33]


def test_csl_json_of_zotero_and_crossref() -> None:
    reading = data("csl.json")
    papers = by_title(reading)
    tides = papers["Tides of the moon"]
    assert tides.authors == ("Ludwig van Beethoven", "Martin Luther King Jr.", "NVIDIA and Friends")
    assert (tides.published, tides.venue, tides.pages) == ("2024-10-09", "ICL 2024", "12-34")
    assert (tides.doi, tides.kind, tides.citation_key) == ("10.1000/tides.1", "paper-conference", "beethoven2024")
    whales = papers["Whales"]
    assert (whales.arxiv_id, whales.publisher, whales.published) == ("2301.00001", "", "2023-01")
    assert (papers["Ants in lines"].venue, reading.found[2].abstract) == ("J. Ants", "Ants & bees, 3 < 4.")
    assert [problem.where.line for problem in reading.rejected] == [15]


def test_a_crossref_answer_is_one_paper() -> None:
    answer = {"status": "ok", "message": {"type": "journal-article", "title": ["On Tides"], "DOI": "10.1000/X"}}
    [found] = ingest.read(json.dumps(answer).encode(), "crossref.json").found
    assert (found.paper.title, found.paper.doi, found.paper.kind) == ("On Tides", "10.1000/x", "article-journal")


@pytest.mark.parametrize("name", ["names.bib", "broken.bib", "refs.ris", "csl.json"])
def test_importing_a_library_twice_changes_no_byte(name: str, tmp_path: Path) -> None:
    intake.run(tmp_path, [DATA / name])
    before = (tmp_path / "content" / "papers.jsonl").read_bytes()
    again = intake.run(tmp_path, [DATA / name])
    assert (again.new, again.merged) == (0, 0)
    assert (tmp_path / "content" / "papers.jsonl").read_bytes() == before


def test_a_library_that_grew_adds_what_is_new_only(tmp_path: Path) -> None:
    first, second = "@misc{a, title={On Tides}}", "@misc{b, title={On Bees}}"
    path = tmp_path / "refs.bib"
    path.write_text(first)
    intake.run(tmp_path, [path])
    path.write_text(f"{second}\n{first}")
    report = intake.run(tmp_path, [path])
    assert (report.new, report.unchanged) == (1, 1)


def test_one_paper_in_three_libraries_is_one_paper_and_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.bib").write_text("@misc{k, title={On Tides}, eprint={2410.06511}, keywords={sea}}")
    (tmp_path / "b.ris").write_text("TY  - CONF\nTI  - Tides!\nDO  - 10.48550/arXiv.2410.06511\nT2  - ICL\nER  - \n")
    (tmp_path / "c.json").write_text(
        '[{"type": "paper-conference", "title": "on tides", "DOI": "10.1000/t", "page": "1-9", "id": "x"}]'
    )
    report = intake.run(tmp_path, sorted(tmp_path.glob("?.*")))
    [paper] = store.read(tmp_path / "content").papers.values()
    assert (report.new, report.merged) == (1, 2)
    assert (paper.title, paper.also_titled, paper.keywords) == ("On Tides", ("Tides!",), ("sea",))
    assert (paper.arxiv_id, paper.doi, paper.venue, paper.pages) == ("2410.06511", "10.1000/t", "ICL", "1-9")
    assert (paper.kind, len(paper.sources)) == ("paper-conference", 3)
