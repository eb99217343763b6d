"""YAML as people write it: every value keeps its place, every fault gets one, nothing is guessed, nothing raises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from marked import marked

from sitegen import fields, yamlio
from sitegen.errors import Problem, Where
from sitegen.text import visible
from sitegen.yamlio import List, Table, Text, Value

FILE = "content/topics.yaml"
FIXED = settings(deadline=None, derandomize=True)


def read(text: str) -> tuple[Value | None, list[Problem]]:
    problems: list[Problem] = []
    return yamlio.parse(text, FILE, problems), problems


def good(text: str) -> Value:
    value, problems = read(text)
    assert problems == []
    assert value is not None
    return value


def table(text: str) -> Table:
    value = good(text)
    assert isinstance(value, Table)
    return value


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("no", "no", id="a bare no, which YAML 1.1 reads as false"),
        pytest.param("on", "on", id="a bare on"),
        pytest.param("2410.06510", "2410.06510", id="an arXiv id that ends in a zero"),
        pytest.param("2501.00010", "2501.00010", id="an arXiv id with two zeros lost as a float"),
        pytest.param("0123", "0123", id="a number that would be octal"),
        pytest.param("1_000", "1_000", id="a number with an underscore"),
        pytest.param("12:30", "12:30", id="a number of base sixty"),
        pytest.param("1e3", "1e3", id="a number with an exponent"),
        pytest.param(".inf", ".inf", id="infinity"),
        pytest.param("2024-10-09", "2024-10-09", id="an unquoted date"),
        pytest.param("2024-10-09 01:02:03", "2024-10-09 01:02:03", id="an unquoted time"),
        pytest.param("'~'", "~", id="a quoted tilde"),
        pytest.param('"null"', "null", id="a quoted null"),
        pytest.param('"\\u00e9"', "é", id="an escape"),
        pytest.param("C# and F#", "C# and F#", id="a hash inside a word"),
    ],
)
def test_a_scalar_is_the_text_that_was_written(written: str, meant: str) -> None:
    assert table(f"key: {written}\n") == {Text("key"): meant}
    assert good(f"- {written}\n") == [meant]


@pytest.mark.parametrize("key", ["no", "2410.06510", "0123", "2024-10-09", "null", "1"])
def test_a_key_is_the_text_that_was_written(key: str) -> None:
    assert [str(k) for k in table(f"{key}: x\n")] == [key]


@pytest.mark.parametrize("nothing", ["", "~", "null"])
def test_a_value_left_out_is_empty_text(nothing: str) -> None:
    assert table(f"key: {nothing}\n") == {Text("key"): ""}


def test_texts_of_several_lines_are_read_as_yaml_means_them() -> None:
    value = table("folded: >-\n  one\n  two\nkept: |\n  one\n  two\nplain: one\n  two\n")
    assert list(value.values()) == ["one two", "one\ntwo\n", "one two"]


def walk(value: Value) -> Iterator[tuple[str, int, int]]:
    """What stands where: scalars by their text, lists and tables by their kind."""
    yield str(value) if isinstance(value, Text) else type(value).__name__, value.where.line, value.where.column
    for item in value if isinstance(value, List) else ():
        yield from walk(item)
    for key, item in value.items() if isinstance(value, Table) else ():
        yield from walk(key)
        yield from walk(item)


def test_every_key_and_value_knows_its_place() -> None:
    assert list(walk(good("# a comment\n\nfirst: [a, bb]\n'second':\n  - é: \"x\"\n  -  z\n"))) == [
        ("Table", 3, 1),
        ("first", 3, 1),
        ("List", 3, 8),
        ("a", 3, 9),
        ("bb", 3, 12),
        ("second", 4, 1),
        ("List", 5, 3),
        ("Table", 5, 5),
        ("é", 5, 5),
        ("x", 5, 8),
        ("z", 6, 6),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_places_are_the_same_with_any_line_end(end: str) -> None:
    assert ("y", 4, 5) in walk(good("a: x\n\nb:\n  - y\n".replace("\n", end)))


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"], ids=["LS", "PS", "NEL"])
def test_a_pasted_separator_that_no_editor_counts_as_a_line_moves_no_place(separator: str) -> None:
    text, at = marked(f'a: "one{separator}two"\nb: 1\n▸b: 2\n')
    [problem] = read(text)[1]
    assert (problem.where.line, problem.where.column) == at


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "~\n"])
def test_an_empty_file_holds_nothing_and_that_is_no_problem(text: str) -> None:
    assert read(text) == (None, [])


FAULTS = [
    pytest.param("a: 1\nb: 2\n▸a: 3\n", "twice", "line 1", id="duplicate key"),
    pytest.param("x:\n  - a: 1\n    ▸a: 2\n", "twice", "line 2", id="duplicate key further in"),
    pytest.param("{a: 1, ▸'a': 2}", "twice", "line 1", id="duplicate key, once quoted"),
    pytest.param("no: 1\n▸no: 2\n", "twice", "line 1", id="duplicate key that YAML 1.1 reads as false"),
    pytest.param("a:\n▸\tb: 1\n", "tab", "spaces", id="tab as indentation"),
    pytest.param("a:\n  - b\n▸\t- c\n", "tab", "spaces", id="tab before a list item"),
    pytest.param("a:\n  ▸\tb: 1\n", "tab", "spaces", id="tab after spaces"),
    pytest.param("a: ▸[b, c\nd: 1\n", r"\[", "]", id="unclosed [ before a key"),
    pytest.param("a: ▸[b, c\nd: [e]\nf: [g]\n", r"\[", "]", id="unclosed [ before closed ones"),
    pytest.param("a: [z]\nb: ▸[b,\n  c,\n\nd: [e]\n", r"\[", "]", id="unclosed [ of several lines"),
    pytest.param("a: [b, ▸[c, d\ne: f\n", r"\[", "]", id="unclosed [ in an unclosed ["),
    pytest.param("a: ▸[b, [c]\ne: f\n", r"\[", "]", id="unclosed [ around a closed one"),
    pytest.param("a: ▸[b\n", r"\[", "]", id="unclosed [ at the end"),
    pytest.param("a: ▸[b,\n", r"\[", "]", id="unclosed [ at the end, after a comma"),
    pytest.param("a: x\nb: ▸[", r"\[", "]", id="unclosed [ as the last character"),
    pytest.param("a: ▸{b: 1\nc: 2\n", r"\{", "}", id="unclosed {"),
    pytest.param("a: ▸{b: 1,\n", r"\{", "}", id="unclosed { at the end, after a comma"),
    pytest.param("a: ▸{b: 1]\n", r"\{", "}", id="{ closed by ]"),
    pytest.param("a: |\n  text\n  \tdeeper text\nb: ▸[c\n", r"\[", "]", id="unclosed [ below a text with a tab"),
    pytest.param('a: ▸"b\nc: d\n', "quote", "same quote", id="unclosed double quote"),
    pytest.param("a: x\nb: ▸'b\nc: d\n", "quote", "same quote", id="unclosed single quote"),
    pytest.param("a: it\nb: 'it'▸s'\n", "", "quote", id="apostrophe in single quotes"),
    pytest.param("a:\n  b: 1\n ▸c: 2\n", "", "indentation", id="indented too little"),
    pytest.param("a:\n  b: 1\n   c▸: 2\n", "", "indentation", id="indented too much"),
    pytest.param("a:\n  - b\n ▸c: 2\n", "", "indentation", id="key indented below a list"),
    pytest.param("title: one▸: two\n", "colon", "quote", id="colon in a plain text"),
    pytest.param("a: ▸&x b\n", "anchor", "", id="anchor"),
    pytest.param("a: b\nc: ▸*x\n", "alias", "", id="alias"),
    pytest.param("a: ▸!!str b\n", "tag", "", id="tag of YAML"),
    pytest.param("a:\n  - ▸!foo b\n", "tag", "", id="tag of their own"),
    pytest.param("a: ▸!!python/object:os.system {}\n", "tag", "", id="tag of Python"),
    pytest.param("a: ▸!<x:y> [b]\n", "tag", "", id="verbatim tag on a list"),
    pytest.param("<<: ▸*x\n", "alias", "", id="merge key"),
    pytest.param("a: 1\n▸---\nb: 2\n", "second document", "---", id="second document"),
    pytest.param("? ▸[a]\n: b\n", "key", "quote", id="list as a key"),
    pytest.param("a: b\nc: x▸\x07y\n", "character", "remove", id="control character"),
    pytest.param("a: b\n# a comment ▸\x00\n", "character", "remove", id="NUL in a comment"),
    pytest.param("a: '▸\x1b[31m'\n", "character", "remove", id="terminal escape"),
    pytest.param("a: b\nc: ▸@x\n", "", "quote", id="reserved sign at the start"),
]


@pytest.mark.parametrize(("text", "says", "hint"), FAULTS)
@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
def test_a_fault_is_told_once_with_its_place_and_a_hint(
    monkeypatch: pytest.MonkeyPatch, loader: str, text: str, says: str, hint: str
) -> None:
    monkeypatch.setattr(yamlio, "Loader", getattr(yaml, loader, yaml.SafeLoader))
    clean, at = marked(text)
    _, problems = read(clean)
    [problem] = problems
    assert (problem.where.file, problem.where.line, problem.where.column) == (FILE, *at)
    assert re.search(says, problem.message)
    assert problem.hint
    assert hint in problem.hint
    assert problem.level == "error"


def test_faults_that_leave_the_syntax_whole_are_told_all_at_once() -> None:
    _, problems = read("a: &x 1\nb: *x\na: !t 2\n---\nc: 3\n")
    assert [(p.where.line, p.where.column) for p in sorted(problems)] == [(1, 4), (2, 4), (3, 1), (3, 4), (4, 1)]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_nesting_beyond_all_need_is_one_problem_with_a_place(opening: str) -> None:
    value, problems = read(f"a: 1\nb:\n  {opening * 5000}x\n")
    [problem] = problems
    assert value is None
    assert "deep" in problem.message
    assert problem.where.line == 3
    assert 3 < problem.where.column < 3 + 5000 * len(opening)
    assert problem.hint


def test_nesting_as_deep_as_the_files_need_is_fine() -> None:
    assert good("- topics:\n    - terms:\n        - [phrase: 2, {other: [x]}]\n")


def test_an_alias_bomb_is_refused_and_never_unfolded() -> None:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    value, problems = read("\n".join(lines))
    assert {p.where.line for p in problems} == set(range(1, 13))
    assert isinstance(value, Table)
    assert all(len(item) <= 9 for item in value.values())


def test_the_second_of_two_equal_keys_does_not_win() -> None:
    value, _ = read("a: 1\na: 2\n")
    assert value == {Text("a"): "1"}


def test_an_escaped_control_character_gets_into_no_field() -> None:
    value, problems = read('a: "one\\x07two"\n')
    assert isinstance(value, Table)
    assert problems or "\x07" not in fields.text(value[Text("a")])


def test_a_missing_file_is_nothing_and_no_problem(tmp_path: Path) -> None:
    problems: list[Problem] = []
    assert yamlio.load(tmp_path / "x.yaml", FILE, problems) is None
    assert problems == []


def test_a_byte_order_mark_moves_no_column(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"\xef\xbb\xbfa: &x 1\r\n")
    problems: list[Problem] = []
    yamlio.load(tmp_path / "x.yaml", FILE, problems)
    assert [(p.where.file, p.where.line, p.where.column) for p in problems] == [(FILE, 1, 4)]


def test_text_in_another_encoding_is_told_with_the_line_of_its_first_odd_byte(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes("a: one\nb: caf\xe9\n".encode("latin-1"))
    problems: list[Problem] = []
    assert yamlio.load(tmp_path / "x.yaml", FILE, problems) is None
    [problem] = problems
    assert (problem.where.file, problem.where.line, problem.where.column) == (FILE, 2, 7)
    assert "UTF-8" in problem.message + problem.hint


PIECES = (
    "a·b: ·c:\n·- ·  ·\n·\n  ·\t·[·]·{·}·, ·: ·? ·|\n·>-\n·'·\"·&x ·*x·!!str ·!t ·<<: ·# ·---\n·...\n·%YAML 1.1\n·\\·~·"
    "no·é·漢·🙂·\r\n·\r·\x00·\x07·\x7f·\x85·\u2028·\ufeff·\ufffe"
).split("·")
YAMLISH = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=40).map("".join)


@example("[" * 100_000)
@example("{a: " * 20_000)
@example("- " * 20_000)
@example("a: " + "'" * 9_999)
@example("? " * 10_000)
@settings(FIXED, max_examples=1200)
@given(YAMLISH)
def test_any_text_gives_a_value_or_problems_with_places_in_the_file(text: str) -> None:
    _, problems = read(text)
    lines = len(re.split(r"\r\n|[\n\r\x85\u2028\u2029]", text))
    for problem in problems:
        assert problem.where.file == FILE
        assert 1 <= problem.where.line <= lines
        assert problem.message


def as_plain(value: Value | None) -> object:
    if isinstance(value, Table):
        return {str(key): as_plain(item) for key, item in value.items()}
    return [as_plain(item) for item in value] if isinstance(value, List) else str(value)


SCALARS = st.text(max_size=12) | st.sampled_from(["no", "~", "null", "1.10", "2024-10-09", "- a", "a: b", "[", "&x"])
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SCALARS, inner, max_size=4), max_leaves=12
)


@settings(FIXED, max_examples=250)
@given(st.dictionaries(SCALARS, TREES, min_size=1, max_size=4), st.sampled_from(["'", '"']), st.booleans())
def test_whatever_a_yaml_writer_quotes_is_read_back_as_it_was(data: object, quote: str, flow: bool) -> None:
    text = yaml.safe_dump(data, default_style=quote, default_flow_style=flow, allow_unicode=False)
    assert as_plain(good(text)) == data


SIGNS = st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from(" \t\n\xa0\u200b\u200d\ufffc\u0301e\u2065"))


@FIXED
@given(st.text(SIGNS))
@example("a  b ")
@example("cafe\u0301")
@example("a\ufffcb")
def test_a_text_is_read_without_what_nobody_sees_by_the_short_way_too(text: str) -> None:
    read_text = fields.text(yamlio.make_text(text, Where(FILE, 1, 1)))
    assert (read_text, type(read_text)) == (visible(text), str)


def test_the_short_way_knows_every_character_that_is_taken_out() -> None:
    for code in [*range(0x11000), *range(0x1F000, 0x20000), *range(0xE0000, 0xE0200), *range(0xFFFF0, 0x110000, 0xFFF)]:
        sign = f"a{chr(code)}b"
        assert fields.text(yamlio.make_text(sign, Where(FILE))) == visible(sign), hex(code)
