"""Hostile input: whatever a file holds, reading it gives papers and problems, never an exception."""

from __future__ import annotations

import contextlib
import gzip
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sitegen import ingest
from sitegen.errors import SiteError
from sitegen.ingest import archive, awesome, bibtex, csl, hf, links, openalex, ris, web, xmls
from sitegen.ingest.found import Reading, collect

DATA = Path(__file__).parent / "data" / "import"
SEEDS = {path.name: path.read_bytes() for path in sorted(DATA.iterdir())}
QUIET = settings(deadline=None, max_examples=150, derandomize=True, suppress_health_check=list(HealthCheck))

PIECES = {
    bibtex.read: r"""@article{ @misc( @string{ @comment @preamble{ @ key, title= author= year= month= crossref={a}
        xdata={a} { } " # , = \ {\ $ and others a jan 10 % {\'e} date={2024}""",
    ris.read: "TY--JOUR ER-- TI--a AU--b,c,d,e UR-- SP-- ID--x DA--2024 T2 - é N1--code:",
    awesome.read: "- [ ]( https://arxiv.org/abs/2410.06511 ) | ** ` < > words # [a](http://[1) --- 1.",
    xmls.read: """<feed> </feed> <entry> <title> </title> <opml> <outline url='http://[1' > <![CDATA[ &#0;
        <rss> <item> ]]>""",
    web.read: """<html> <a href='http://[ arxiv.org/abs/2410.06511 '> </a> <div data-props='{"paper": }'>
        <meta name='citation_title' content='x'""",
    links.read: "2410.06511 10.1000/x # http:// hep-th/9901001 [ é https://arxiv.org/abs/",
}
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(["2410.06511", "2024-10-09"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                "id title paper authors author name family given literal issued date-parts raw type DOI number note "
                "custom container-title citation-key publishedAt summary upvotes authorships locations source biblio "
                "creators creatorType identifiers data tag "
                "abstract_inverted_index display_name primary_location keyword abstract page".split()
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


def sane(reading: Reading) -> None:
    """Every entry can be kept, every problem says where and what."""
    for found in reading.found:
        assert found.paper.title or found.paper.arxiv_id or found.paper.doi
        assert all(isinstance(name, str) and name for name in found.paper.authors)
        json.dumps([found.paper.title, found.abstract], ensure_ascii=False).encode()
    for problem in reading.rejected + reading.notes:
        assert problem.where.file == "x"
        assert problem.message


@pytest.mark.parametrize("reader", PIECES, ids=lambda reader: str(reader.__module__.rpartition(".")[2]))
@QUIET
@given(st.data())
def test_a_heap_of_pieces_is_read(reader: object, data: st.DataObject) -> None:
    known = st.sampled_from([piece.replace("--", "  - ") for piece in PIECES[reader].split()])  # type: ignore[index]
    pieces = data.draw(st.lists(known | st.sampled_from(" \n") | st.text(max_size=5), max_size=60))
    sane(reader("".join(pieces), "x"))  # type: ignore[operator]


@pytest.mark.parametrize("name", SEEDS)
@QUIET
@given(st.data())
def test_a_damaged_file_is_read(name: str, data: st.DataObject) -> None:
    seed = SEEDS[name]
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(seed)))
        end = data.draw(st.integers(start, min(len(seed), start + 40)))
        seed = seed[:start] + data.draw(st.binary(max_size=6)) + seed[end:]
    sane(ingest.read(seed, "x"))


@pytest.mark.parametrize("form", [csl, hf, openalex], ids=lambda form: str(form.__name__.rpartition(".")[2]))
@QUIET
@example(items=[{"type": []}])
@example(items=[{"id": None, "title": None, "paper": None, "keyword": True}])
@given(items=st.lists(JSON, max_size=4))
def test_json_of_any_shape_is_read(form: object, items: list[object]) -> None:
    for item in items:
        if isinstance(item, dict):
            form.fits(item)  # type: ignore[attr-defined]
    sane(collect(form.read(list(enumerate(items)), "x"), Reading()))  # type: ignore[attr-defined]
    sane(ingest.read(json.dumps(items).encode(), "x"))


@QUIET
@given(st.binary(max_size=300))
@example(b"")
@example(b"\xef\xbb\xbf")
@example(b"\xff\xfe\x00")
@example(b"[" * 100_000)
@example(b'{"a":' * 100_000)
@example(b"@a{b," + b"{" * 100_000)
@example(b"- " * 50_000 + b"[a](https://arxiv.org/abs/2410.06511)")
@example(b"<html>" + b"<div>" * 50_000)
@example(b"<feed>" + b"<entry>" * 50_000)
@example(b"<feed><entry><undeclared:comment>a</undeclared:comment></entry></feed>")
@example(b'[{"title": "\\ud800"}]')
@example(b'[{"title": "a", "year": 1' + b"0" * 5000 + b"}]")
def test_bytes_of_any_kind_are_read(data: bytes) -> None:
    sane(ingest.read(data, "x"))


@QUIET
@given(st.binary(max_size=200), st.sampled_from([b"\x1f\x8b\x08\x00", b"\xfd7zXZ\x00", b"PK\x03\x04", b"PK\x05\x06"]))
def test_archives_of_any_kind_are_read_or_refused(data: bytes, magic: bytes) -> None:
    for archived in (magic + data, gzip.compress(magic + data)):
        with contextlib.suppress(SiteError):
            list(archive.files(archived, "x"))


@pytest.mark.parametrize(
    "text",
    [
        "@misc{a, title={" + "{\\'e}" * 20_000 + "}}",
        "@misc{a, title=" + "b # " * 20_000 + "{c}}",
        "@misc{a, author={" + "A and " * 5_000 + "B}}",
        "@misc{a, crossref={a}, xdata={a,b}, title={t}}@misc{b, crossref={a}, title={u}}",
        "@string{a = b # b}@string{b = a # a}@misc{c, title = a}",
        "TY  - JOUR\n" + "TI  - a\n" * 20_000,
        "- [" + "a" * 100_000 + "](https://arxiv.org/abs/2410.06511)",
        "a,title\n" + '"' + "x\n" * 50_000,
        "<html><a href='https://arxiv.org/abs/2410.06511'>" + "the " * 50_000,
    ],
    ids=range(9),
)
def test_long_and_circular_texts_are_read_in_good_time(text: str) -> None:
    sane(ingest.read(text.encode(), "x"))
