"""How a problem is shown: the line that it is about, and a caret under the very place, whatever the line holds."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import marked

from sitegen.errors import Problem, Where
from sitegen.excerpt import MOST_CHARACTERS, WIDTH, mark, told


def columns(text: str) -> int:
    """How wide a terminal shows a text, by Unicode's own tables."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.category(c) in ("Mn", "Me") for c in text)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        pytest.param("a: ▸b", "a: b", id="plain"),
        pytest.param("▸", "", id="empty"),
        pytest.param("a:▸", "a:", id="at the end"),
        pytest.param("▸\ta: b", "→   a: b", id="at a tab"),
        pytest.param("\t\ta▸: b", "→   →   a: b", id="behind tabs"),
        pytest.param("漢字: ▸b", "漢字: b", id="behind wide letters"),
        pytest.param("e\u0301é: ▸b", "e\u0301é: b", id="behind an accent of its own"),
        pytest.param("a: '▸\x1b[31m'", "a: '\ufffd[31m'", id="at a terminal's escape"),
        pytest.param("a\u202eb: ▸c", "a\ufffdb: c", id="behind a turn of direction"),
    ],
)
def test_the_caret_stands_under_the_place(line: str, shown: str) -> None:
    text, (_, column) = marked(line)
    found, caret = mark(text, column)
    assert found == shown
    before = mark(text[: column - 1], column)[0]
    assert caret == " " * columns(before) + "^"


@pytest.mark.parametrize("column", [1, 40, 101, 5000, 9990, 10001])
def test_a_very_long_line_is_cut_around_the_place(column: int) -> None:
    line = "".join(chr(ord("a") + n % 26) for n in range(10_000))
    shown, caret = mark(line, column)
    assert len(shown) <= WIDTH
    assert len(shown) >= WIDTH - 2
    place = len(caret) - 1
    assert shown[place : place + 1] == line[column - 1 : column]
    assert shown.startswith("…") == (column > WIDTH)
    assert shown.endswith("…") == (column < 9900)


@settings(deadline=None, derandomize=True)
@given(st.text(max_size=300), st.integers(1, 320))
def test_any_line_is_shown_in_its_width_and_the_caret_is_below_it(line: str, column: int) -> None:
    shown, caret = mark(line, column)
    assert columns(shown) <= WIDTH
    assert caret.endswith("^")
    assert columns(shown) >= len(caret) - 1
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") for c in shown)


def test_a_problem_without_a_column_or_a_line_that_is_there_is_shown_without_an_excerpt(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("one\n", "utf-8")
    problems = [Problem(Where("a.yaml"), "m"), Problem(Where("a.yaml", 9, 1), "n"), Problem(Where("b", 1, 1), "o", "h")]
    assert told(problems, tmp_path) == "a.yaml: m\na.yaml:9:1: n\nb:1:1: o\n    hint: h"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_those_of_an_editor(tmp_path: Path, end: str) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbf" + f"one\u2028x{end}t\xe4wo{end}".encode())
    found = told([Problem(Where("a.yaml", 2, 3), "m", "h", "warning")], tmp_path)
    assert found == "a.yaml:2:3: warning: m\n    | täwo\n    |   ^\n    hint: h"


def test_a_file_that_is_no_text_is_shown_as_far_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"caf\xe9: x\n")
    assert told([Problem(Where("a.yaml", 1, 4), "m")], tmp_path) == "a.yaml:1:4: m\n    | caf\ufffd: x\n    |    ^"


def test_a_message_that_quotes_a_file_stays_one_line_that_a_terminal_only_shows(tmp_path: Path) -> None:
    problem = Problem(Where("a"), 'key "a\nb\x1b[2J" ' + "x" * 9999, "y\nz")
    head, hint = told([problem], tmp_path).split("\n")
    assert head.startswith('a: key "a b\ufffd[2J"')
    assert len(head) < MOST_CHARACTERS + 10
    assert hint == "    hint: y z"
