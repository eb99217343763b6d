"""Citations: names and venues understood, and BibTeX, RIS and CSL-JSON that other people's parsers read back."""

from __future__ import annotations

from typing import Any

import jsonschema
import msgspec
import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import SeparateCoAuthors, SplitNameParts
from citeproc.source.json import CiteProcJSON
from hypothesis import given, settings
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from sitegen import cite
from sitegen.cite import Name, Work, names, venue
from sitegen.cite.bibtex import bibtex
from sitegen.cite.csl import item
from sitegen.cite.ris import ris
from sitegen.cite.venue import Venue
from sitegen.model import Paper

# --- Names ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ada Lovelace", Name("Lovelace", "Ada")),
        ("Geoffrey E. Hinton", Name("Hinton", "Geoffrey E.")),
        ("Laurens van der Maaten", Name("Maaten", "Laurens", "van der")),
        ("Aäron van den Oord", Name("Oord", "Aäron", "van den")),
        ("Nando de Freitas", Name("Freitas", "Nando", "de")),
        ("Luc Van Gool", Name("Van Gool", "Luc")),
        ("Teven Le Scao", Name("Le Scao", "Teven")),
        ("Fernando De la Torre", Name("De la Torre", "Fernando")),
        ("Toan Van Nguyen", Name("Nguyen", "Toan Van")),
        ("José Ortega y Gasset", Name("Ortega y Gasset", "José")),
        ("Jun won Lee", Name("Lee", "Jun won")),
        ("feng han", Name("han", "feng")),
        ("De Zhang", Name("Zhang", "De")),
        ("Martin Luther King Jr.", Name("King", "Martin Luther", suffix="Jr.")),
        ("Martin Luther King, Jr.", Name("King", "Martin Luther", suffix="Jr.")),
        ("Sammy Davis III", Name("Davis", "Sammy", suffix="III")),
        ("van der Maaten, Laurens", Name("Maaten", "Laurens", "van der")),
        ("Mausam", Name("Mausam", literal=True)),
        ("OpenAI", Name("OpenAI", literal=True)),
        ("Gemini Team", Name("Gemini Team", literal=True)),
        ("Barnes and Noble", Name("Barnes and Noble", literal=True)),
        ("山田 太郎", Name("山田 太郎", literal=True)),
        ("A B, C D, E F", Name("A B, C D, E F", literal=True)),
    ],
)
def test_a_name_is_taken_apart(text: str, expected: Name) -> None:
    assert names.split(text) == expected


WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters=",", exclude_categories=("Cc", "Zs", "Zl", "Zp")), min_size=1
)


@given(st.lists(WORDS, min_size=1, max_size=5).map(" ".join))
def test_a_name_taken_apart_is_put_together_again(text: str) -> None:
    assert names.split(text).written == " ".join(text.split())


# --- Venues ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Venue("article")),
        ("arXiv preprint", Venue("article", "arXiv preprint")),
        ("NeurIPS 2024", Venue("paper-conference", "NeurIPS 2024", year="2024")),
        ("icra", Venue("paper-conference", "icra")),
        ("ACL 2023 Findings", Venue("paper-conference", "ACL 2023 Findings", year="2023")),
        ("TMLR 2025", Venue("article-journal", "TMLR", year="2025")),
        ("Journal of Toys", Venue("article-journal", "Journal of Toys")),
        ("Neural Networks 132, 2020", Venue("article-journal", "Neural Networks", "132", year="2020")),
        ("ACM Computing Surveys 55(10), 2023", Venue("article-journal", "ACM Computing Surveys", "55", "10", "2023")),
        ("IEEE TNNLS 32(1)", Venue("article-journal", "IEEE TNNLS", "32", "1")),
        ("IEEE TNNLS 2023", Venue("article-journal", "IEEE TNNLS", year="2023")),
        (
            "NeurIPS 2022 Workshop (Distribution Shifts)",
            Venue("paper-conference", "NeurIPS 2022 Workshop (Distribution Shifts)", year="2022"),
        ),
        (
            "Transactions on Toys Workshop 2020",
            Venue("paper-conference", "Transactions on Toys Workshop 2020", year="2020"),
        ),
    ],
)
def test_a_venue_is_understood(text: str, expected: Venue) -> None:
    assert venue.understand(text) == expected


def test_a_paper_is_cited_with_the_year_of_its_venue() -> None:
    work = cite.work(Paper("a", "A", published="2023-06", venue="NeurIPS 2024"))
    assert (work.issued, work.original) == ("2024", "2023-06")
    work = cite.work(Paper("a", "A", published="2023-06"))
    assert (work.issued, work.original) == ("2023-06", "")


# --- Formats, read by other people's parsers ---

FULL = Paper(
    "an-example",
    r"An {Example}: GPT-4 & LoRA of 3D $\mathcal{O}(n_1)$ 100% #1 in Łódź_x ~ ^ \ $5",
    authors=(
        "Laurens van der Maaten",
        "Ada Lovelace",
        "Barnes and Noble",
        "Sammy Davis Jr.",
        "Łucja Ñandú",
        "Gemini Team",
    ),
    published="2024-02-03",
    arxiv_id="2402.00001",
    doi="10.1000/a_(b)<c>{d}",
    url="https://example.org/a_b%20c?d=1&e=2#f",
    pdf_url="https://example.org/a.pdf",
    keywords=("tiny models", "a, b & c"),
    extra={"primary_category": "cs.CL"},
)


def plain(tex: str) -> str:
    return str(LatexNodes2Text(math_mode="verbatim").latex_to_text(tex)).replace("ˆ", "^")


def read_bibtex(text: str) -> list[tuple[str, str, dict[str, Any]]]:
    """(key, type, fields) of each entry; `author` as the written names."""
    library = parse_string(text, append_middleware=[SeparateCoAuthors(), SplitNameParts()])
    assert library.failed_blocks == []
    assert library.strings == library.comments == library.preambles == []
    found = []
    for entry in library.entries:
        fields: dict[str, Any] = {field.key: field.value for field in entry.fields}
        fields["author"] = [
            plain(" ".join([*name.first, *name.von, *name.last, *name.jr])) for name in fields.get("author", [])
        ]
        found.append((entry.key, entry.entry_type, fields))
    return found


def test_bibtex_of_a_preprint_is_read_back() -> None:
    text = bibtex(cite.work(FULL, FULL.keywords, "An abstract & more."))
    [(key, kind, fields)] = read_bibtex(text)
    assert (key, kind) == ("an-example", "misc")
    assert plain(fields["title"]) == FULL.title
    assert fields["author"] == list(FULL.authors)
    given = {name: fields[name] for name in ("year", "month", "day", "eprint", "archiveprefix", "primaryclass", "url")}
    assert given == {
        "year": "2024",
        "month": "feb",
        "day": "3",
        "eprint": "2402.00001",
        "archiveprefix": "arXiv",
        "primaryclass": "cs.CL",
        "url": FULL.url,
    }
    assert fields["doi"] == "10.1000/a_(b)<c>%7Bd%7D"
    assert plain(fields["abstract"]) == "An abstract & more."
    assert "{GPT}-4" in text
    assert "{LoRA}" in text
    assert "{3D}" in text
    assert r"{$\mathcal{O}(n_1)$}" in text
    assert "Łódź" in text


@pytest.mark.parametrize(
    ("venue_", "kind", "container"),
    [("ICLR 2024", "inproceedings", "booktitle"), ("TMLR 2024", "article", "journal")],
)
def test_bibtex_knows_where_a_paper_appeared(venue_: str, kind: str, container: str) -> None:
    paper = Paper("a", "A", published="2023-11", venue=venue_)
    [(_, found, fields)] = read_bibtex(bibtex(cite.work(paper)))
    assert found == kind
    assert fields[container] == venue_ if kind == "inproceedings" else "TMLR"
    assert (fields["year"], fields["origdate"]) == ("2024", "2023-11")
    assert "month" not in fields


TEXT = st.text(
    st.one_of(st.sampled_from('{}\\$%#&_~^"@,=AaB1 '), st.characters(codec="utf-8", exclude_categories=["Cc"])),
    min_size=1,
)


@settings(max_examples=200)
@given(TEXT, st.lists(TEXT.map(str.strip).filter(bool), max_size=3), TEXT)
def test_no_text_breaks_a_bibtex_file(title: str, authors: list[str], abstract: str) -> None:
    works = [cite.work(Paper(slug, title, authors=tuple(authors), url="https://e.org/"), (), abstract) for slug in "ab"]
    library = parse_string("\n".join(map(bibtex, works)))
    assert library.failed_blocks == []
    assert [entry.key for entry in library.entries] == ["a", "b"]
    assert [entry["url"] for entry in library.entries] == ["https://e.org/"] * 2


def test_ris_is_read_back() -> None:
    [entry] = rispy.loads(ris(cite.work(FULL, FULL.keywords, "An\nabstract.")))
    assert entry["type_of_reference"] == "UNPB"
    assert entry["id"] == "an-example"
    assert entry["title"] == FULL.title
    assert entry["authors"] == [
        "van der Maaten, Laurens",
        "Lovelace, Ada",
        "Barnes and Noble",
        "Davis, Sammy, Jr.",
        "Ñandú, Łucja",
        "Gemini Team",
    ]
    assert (entry["year"], entry["date"]) == ("2024", "2024/02/03/")
    assert entry["accession_number"] == "arXiv:2402.00001"
    assert (entry["doi"], entry["urls"]) == (FULL.doi, [FULL.url])
    assert entry["keywords"] == list(FULL.keywords)
    assert entry["abstract"] == "An abstract."
    assert "unknown_tag" not in entry


@pytest.mark.parametrize(
    ("date", "expected"), [("2024", "2024///"), ("2024-05", "2024/05//"), ("2024-05-06", "2024/05/06/")]
)
def test_a_date_in_ris_says_what_is_known(date: str, expected: str) -> None:
    [entry] = rispy.loads(ris(cite.work(Paper("a", "A", published=date))))
    assert entry["date"] == expected


@given(TEXT, TEXT)
def test_no_text_breaks_a_ris_file(title: str, abstract: str) -> None:
    works = [cite.work(Paper(slug, f"T {title}"), (), f"{abstract}\r\nER  - \r\nTY  - JOUR") for slug in "ab"]
    found = rispy.loads("".join(map(ris, works)))
    assert [entry["id"] for entry in found] == ["a", "b"]


# Of the CSL-JSON schema 1.0.2, https://github.com/citation-style-language/schema: what we use of it.
TEXTS = (
    "DOI URL abstract archive archive_location citation-key container-title id issue keyword number page publisher"
    " title volume"
)
DATE = {
    "type": "object",
    "required": ["date-parts"],
    "additionalProperties": False,
    "properties": {
        "date-parts": {
            "type": "array",
            "minItems": 1,
            "maxItems": 2,
            "items": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "integer"}},
        }
    },
}
NAME_PARTS = "family given dropping-particle non-dropping-particle suffix literal"
CSL_NAME = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": False,
    "properties": {part: {"type": "string"} for part in NAME_PARTS.split()},
}
CSL: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["type", "id"],
        "additionalProperties": False,
        "properties": {
            **{name: {"type": "string", "minLength": 1} for name in TEXTS.split()},
            "type": {
                "enum": "article article-journal paper-conference book chapter thesis report software dataset".split()
            },
            "author": {"type": "array", "items": CSL_NAME},
            "issued": DATE,
            "original-date": DATE,
            "custom": {"type": "object"},
        },
    },
}


@pytest.mark.parametrize("kind", CSL["items"]["properties"]["type"]["enum"])
def test_every_kind_of_work_has_its_type_in_every_format(kind: str) -> None:
    paper = msgspec.structs.replace(FULL, kind=kind, venue="A Venue", publisher="P", volume="1", issue="2", pages="3-4")
    made = cite.work(paper)
    jsonschema.Draft202012Validator(CSL).validate([item(made)])
    assert item(made)["type"] == kind
    [(_, entry_type, fields)] = read_bibtex(bibtex(made))
    assert (entry_type == "misc") == (kind == "article")
    assert fields["pages"] == "3--4"
    [entry] = rispy.loads(ris(made))
    assert (entry["type_of_reference"] == "UNPB") == (kind == "article")
    assert (entry["start_page"], entry["end_page"], entry["publisher"]) == ("3", "4", "P")


def test_csl_json_is_read_back() -> None:
    found = item(cite.work(FULL, FULL.keywords))
    assert found["type"] == "article"
    assert (found["publisher"], found["number"]) == ("arXiv", "arXiv:2402.00001")
    assert found["issued"] == {"date-parts": [[2024, 2, 3]]}
    assert found["author"][0] == {"family": "Maaten", "given": "Laurens", "non-dropping-particle": "van der"}
    assert found["author"][5] == {"literal": "Gemini Team"}
    jsonschema.Draft202012Validator(CSL).validate([found])
    del found["custom"]  # of schema 1.0.2, which citeproc-py does not know yet
    [reference] = CiteProcJSON([found]).values()
    assert "".join(reference.title) == FULL.title
    assert (reference.issued.year, reference.issued.month, reference.issued.day) == (2024, 2, 3)


def test_a_work_s_names_are_those_of_the_paper() -> None:
    work: Work = cite.work(FULL)
    assert tuple(author.written for author in work.authors) == FULL.authors
