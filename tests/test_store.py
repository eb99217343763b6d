"""What machines write: one paper a line, read and written back without a changed byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen import export, init, intake, store
from sitegen.cli import main
from sitegen.errors import SiteError
from sitegen.model import Entry, Paper, Site, Source

FIELDS = "slug title also_titled authors published venue arxiv_id doi url pdf_url code_urls keywords sources".split()
"""In the order of design.md, section 4."""


def content(site: Path, papers: str | bytes, abstracts: str | bytes | None = None) -> Path:
    folder = site / "content"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("papers.jsonl", papers), ("abstracts.jsonl", abstracts)):
        if text is not None:
            (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


FULL = Paper(
    slug="tides",
    title="On Tides — «潮汐»",
    also_titled=("Ebb & Flow",),
    authors=("Ådne Låg", "Bo Chen"),
    published="2024-10-09",
    venue="Sea 2024",
    arxiv_id="2401.00001",
    doi="10.1000/1",
    url="https://a.example/1",
    pdf_url="https://a.example/1.pdf",
    code_urls=("https://a.example/code",),
    keywords=("tide",),
    sources=(Source("page.txt", "hf-list", "--06-09", 3),),
)


def test_papers_are_written_one_a_line_sorted_with_keys_in_fixed_order(tmp_path: Path) -> None:
    papers = {"tides": FULL, "bees": Paper("bees", "On Bees"), "bees-2": Paper("bees-2", "On More Bees")}
    store.write(tmp_path, store.Store(papers, {}))
    data = (tmp_path / "papers.jsonl").read_bytes()
    assert data.endswith(b"\n")
    assert b"\r" not in data
    assert "«潮汐»" in data.decode("utf-8")
    records = [json.loads(line) for line in data.decode().splitlines()]
    assert [record["slug"] for record in records] == ["bees", "bees-2", "tides"]
    assert list(records[2]) == FIELDS


def test_abstracts_lie_apart_and_without_any_there_is_no_file_of_them(tmp_path: Path) -> None:
    store.write(tmp_path, store.Store({"tides": FULL}, {}))
    assert sorted(files(tmp_path)) == ["papers.jsonl"]
    store.write(tmp_path, store.Store({"tides": FULL}, {"tides": "Of tides."}))
    assert "Of tides." not in (tmp_path / "papers.jsonl").read_text("utf-8")
    assert json.loads((tmp_path / "abstracts.jsonl").read_text()) == {"slug": "tides", "abstract": "Of tides."}


def test_a_site_without_papers_reads_as_empty(tmp_path: Path) -> None:
    assert store.read(tmp_path) == store.Store({}, {})
    assert store.read(content(tmp_path, "", "\n")) == store.Store({}, {})


@pytest.mark.parametrize(
    "unknown",
    [
        pytest.param({"score": 5}, id="number"),
        pytest.param({"citations": {"by": ["x", None, True], "count": 1.5}}, id="nested"),
        pytest.param({"zebra": 1, "aardvark": 2}, id="in-their-order"),
        pytest.param({"extra": {"shelf": "B12"}}, id="named-extra"),
        pytest.param({"extra": "B12"}, id="named-extra-as-text"),
        pytest.param({"Ключ 漢": "é"}, id="not-ascii"),
        pytest.param({"id": 12345678901234567890123}, id="a-big-number"),
        pytest.param({"sources": [{"file": "list.bib", "position": 3, "entry": "low2024"}]}, id="inside-a-source"),
    ],
)
def test_unknown_keys_survive_reading_and_writing(unknown: dict[str, Any], tmp_path: Path) -> None:
    record = {"slug": "tides", "title": "On Tides", **unknown}
    line = json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"
    folder = content(tmp_path, line)
    store.write(folder, store.read(folder))
    assert (folder / "papers.jsonl").read_text("utf-8") == line


def test_unknown_keys_survive_an_import(tmp_path: Path) -> None:
    folder = content(tmp_path, '{"slug":"on-tides","title":"On Tides","score":5}\n')
    (tmp_path / "more.csv").write_text("title,venue\nOn Tides,Sea 2024\n")
    assert intake.run(tmp_path, [tmp_path / "more.csv"]).merged == 1
    record = json.loads((folder / "papers.jsonl").read_text())
    assert (record["score"], record["venue"]) == (5, "Sea 2024")


GOOD = '{"slug":"bees","title":"On Bees"}\n'


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param(b'{"slug": "tides", "title": "On Ti', "", id="cut"),
        pytest.param(b"<<<<<<< HEAD", "", id="a-merge-conflict"),
        pytest.param(b'["tides"]', "", id="a-list"),
        pytest.param(b'{"slug": "tides"}', "title", id="no-title"),
        pytest.param(b'{"slug": "tides", "title": ""}', "title", id="empty-title"),
        pytest.param(b'{"title": "On Tides"}', "slug", id="no-slug"),
        pytest.param(b'{"slug": "../tides", "title": "On Tides"}', "../tides", id="not-a-slug"),
        pytest.param(b'{"slug": "bees", "title": "On Tides"}', "bees", id="a-slug-that-is-taken"),
        pytest.param(b'{"slug": "tides", "title": "On Tides", "authors": "Ada Low"}', "authors", id="wrong-type"),
        pytest.param(b'{"slug": "tides", "title": "On \xff Tides"}', "", id="not-utf-8"),
    ],
)
def test_a_bad_line_is_named_by_file_and_line(line: bytes, words: str, tmp_path: Path) -> None:
    folder = content(tmp_path, GOOD.encode() + b"\n" + line + b"\n")
    before = files(folder)
    with pytest.raises(SiteError) as stop:
        store.read(folder)
    [problem] = stop.value.problems
    assert str(problem.where) == "content/papers.jsonl:3"
    assert words in problem.message
    assert problem.hint
    (tmp_path / "more.csv").write_text("title,year\nOn Owls,2024\n")
    with pytest.raises(SiteError):
        intake.run(tmp_path, [tmp_path / "more.csv"])
    assert files(folder) == before


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b'{"slug": "bees", "abstr', id="cut"),
        pytest.param(b'{"slug": "bees"}', id="no-abstract"),
        pytest.param(b'{"abstract": "Of bees."}', id="no-slug"),
        pytest.param(b'{"slug": "bees", "abstract": ["Of", "bees"]}', id="wrong-type"),
        pytest.param(b'"bees"', id="a-text"),
    ],
)
def test_a_bad_line_of_abstracts_is_named_too(line: bytes, tmp_path: Path) -> None:
    folder = content(tmp_path, GOOD, b'{"slug":"x","abstract":"y"}\n' + line)
    with pytest.raises(SiteError) as stop:
        store.read(folder)
    assert [str(problem.where) for problem in stop.value.problems] == ["content/abstracts.jsonl:2"]


def test_a_link_stays_one(tmp_path: Path) -> None:
    folder = content(tmp_path / "site", GOOD, '{"slug":"bees","abstract":"Of bees."}\n')
    kept = tmp_path / "kept"
    kept.mkdir()
    for name in ("papers.jsonl", "abstracts.jsonl"):
        (folder / name).rename(kept / name)
        (folder / name).symlink_to(kept / name)
    (tmp_path / "more.csv").write_text("title,year\nOn Owls,2024\n")
    intake.run(tmp_path / "site", [tmp_path / "more.csv"])
    assert (folder / "papers.jsonl").is_symlink()
    assert "On Owls" in (kept / "papers.jsonl").read_text()


def test_two_abstracts_of_one_paper_are_named_and_neither_is_lost(tmp_path: Path) -> None:
    same = '{"slug":"x","abstract":"y"}\n'
    folder = content(tmp_path, GOOD, same + same)
    assert store.read(folder).abstracts == {"x": "y"}
    (folder / "abstracts.jsonl").write_text(same + same + same.replace("y", "z"))
    with pytest.raises(SiteError, match=r'content/abstracts.jsonl:3: the abstract of "x" stands here twice'):
        store.read(folder)


def test_a_waiting_line_without_an_id_is_named(tmp_path: Path) -> None:
    folder = content(tmp_path, GOOD)
    (folder / "waiting.jsonl").write_text('{"arxiv_id":"2401.00001"}\n{"url":"https://a.example/"}\n')
    with pytest.raises(SiteError, match=r"content/waiting.jsonl:2: has neither an arXiv id nor a DOI"):
        store.read(folder)


def test_all_bad_lines_are_named_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content(tmp_path, f"{{\n{GOOD}[]\n", "{\n")
    (tmp_path / "more.csv").write_text("title,year\nOn Owls,2024\n")
    assert main(["import", "--site", str(tmp_path), str(tmp_path / "more.csv")]) == 1
    shown = capsys.readouterr().err
    for place in ("content/papers.jsonl:1:", "content/papers.jsonl:3:", "content/abstracts.jsonl:1:", "3 problems"):
        assert place in shown


TEXT = st.text(max_size=12)
LINE = TEXT.filter(bool)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
SLUGS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4}){0,2}", fullmatch=True)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
PAPERS = st.builds(
    Paper,
    slug=SLUGS,
    title=LINE,
    also_titled=TEXTS,
    authors=TEXTS,
    published=TEXT,
    venue=TEXT,
    arxiv_id=TEXT,
    doi=TEXT,
    url=TEXT,
    pdf_url=TEXT,
    code_urls=TEXTS,
    keywords=TEXTS,
    sources=st.lists(st.builds(Source, LINE, TEXT, TEXT, st.integers(0, 999)), max_size=2).map(tuple),
    extra=st.dictionaries(TEXT.filter(lambda key: key not in (*FIELDS, "extra")), JSON, max_size=2),
)


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.lists(PAPERS, max_size=4), st.dictionaries(SLUGS, LINE, max_size=3))
def test_writing_and_reading_is_the_identity(
    tmp_path_factory: pytest.TempPathFactory, papers: list[Paper], abstracts: dict[str, str]
) -> None:
    folder = tmp_path_factory.mktemp("content")
    known = store.Store({paper.slug: paper for paper in papers}, abstracts)
    store.write(folder, known)
    before = files(folder)
    assert store.read(folder) == known
    assert store.write(folder, store.read(folder)) is False
    assert files(folder) == before


TITLES = [r"On {\mu}-Tides.", "On Tides", "潮汐 LoRA", "蜜蜂 LoRA", "``Ebb'' -- $x^{2}$", "LoRA"]
RAW = st.fixed_dictionaries(
    {"title": st.sampled_from(TITLES)},
    optional={
        "authors": st.lists(st.sampled_from([r"Fr\'echet, M.", "Bo Chen", "Ada and Co"]), max_size=2, unique=True),
        "also_titled": st.lists(st.sampled_from(["Ebb; and Flow", "Moon."]), max_size=2, unique=True),
        "published": st.sampled_from(["2024", "2024-10", "2024-10-09"]),
        "venue": st.sampled_from(["Sea & Moon 2024", r"Sea \& Moon"]),
        "arxiv_id": st.sampled_from(["2401.00001v2", "2401.00001"]),
        "doi": st.sampled_from(["10.1000/AbC", "10.48550/arXiv.2401.00001"]),
        "url": st.just("https://a.example/1;x=(2)"),
        "pdf_url": st.just("https://a.example/1.pdf"),
        "code_urls": st.lists(st.sampled_from(["https://a.example/c", "https://github.com/a/b"]), max_size=2),
        "keywords": st.lists(st.sampled_from(["tide", "ebb, flow", "a;b"]), max_size=2, unique=True),
        "abstract": st.sampled_from(["Of tides.", "Code: https://github.com/a/b.", "It is cut in the", "$5 -- ``so''"]),
    },
)


def apart(record: dict[str, Any]) -> dict[str, Any]:
    """The record with ids and other titles of its own, so that it is no other paper of the list."""
    number = str(TITLES.index(record["title"]))
    ids: dict[str, Any] = {
        name: record[name].replace("C", number).replace("00001", f"0000{number}")
        for name in ("arxiv_id", "doi")
        if name in record
    }
    return {**record, **ids, "also_titled": [title + number for title in record.get("also_titled", [])]}


@settings(deadline=None, max_examples=50, derandomize=True)
@given(st.lists(RAW.map(apart), min_size=1, max_size=4, unique_by=lambda record: str(record["title"])))
def test_exported_papers_come_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, Any]]
) -> None:
    folder = tmp_path_factory.mktemp("round")
    (folder / "list.json").write_text(json.dumps(records), "utf-8")
    assert intake.run(folder / "one", [folder / "list.json"]).new == len(records)
    known = store.read(folder / "one" / "content")
    entries = [Entry(paper=paper, abstract=known.abstracts.get(slug, "")) for slug, paper in known.papers.items()]
    listing = export.Listing(Site("Toy"), (), tuple(entries))
    (folder / "exported.jsonl").write_text(export.FORMATS["jsonl"](listing), "utf-8")
    assert intake.run(folder / "two", [folder / "exported.jsonl"]).new == len(records)
    assert files(folder / "two" / "content") == files(folder / "one" / "content")
    assert intake.run(folder / "one", [folder / "exported.jsonl"]).unchanged == len(records)


def test_the_export_command_gives_what_an_empty_site_can_import(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    site = tmp_path / "site"
    list(init.run(site))
    (tmp_path / "list.json").write_text(
        json.dumps([{"title": "On Tides", "authors": ["Ådne Låg"], "year": 2024, "abstract": "Of tides."}])
    )
    intake.run(site, [tmp_path / "list.json"])
    capsysbinary.readouterr()
    assert main(["export", "--format", "jsonl", "--site", str(site)]) == 0
    exported = capsysbinary.readouterr().out
    assert all("topics" in json.loads(line) for line in exported.splitlines())
    (tmp_path / "exported.jsonl").write_bytes(exported)
    intake.run(tmp_path / "empty", [tmp_path / "exported.jsonl"])
    before, after = store.read(site / "content"), store.read(tmp_path / "empty" / "content")
    assert after.papers["on-tides"] == before.papers["on-tides"]
    assert after.abstracts == before.abstracts
    assert set(after.papers) == set(before.papers)
