"""Over a hundred broken files, each built as its writer would: the right line and column, a useful hint, no traceback.

And thousands of damaged copies of real files: whatever is in them, only problems come of it.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from broken import GOOD, ROWS, Row
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marked import marked

from sitegen import build, cli, excerpt
from sitegen.errors import Problem, SiteError

ROOT = Path(__file__).parents[1]
ENOUGH = 60


def site(folder: Path, files: dict[str, str]) -> Path:
    for name, text in {**GOOD, **files}.items():
        path = folder / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder


def test_the_good_files_are_good(tmp_path: Path) -> None:
    assert [p for p in build.load(site(tmp_path, {})).warnings if "overrides" in p.where.file] == []


def test_there_are_rows_enough_and_each_has_its_name() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS) >= ENOUGH


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_broken_file_is_told_with_its_place_and_a_hint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: Row, end: str
) -> None:
    text, (line, column) = marked(row.text)
    folder = site(tmp_path, {row.file: text.replace("\n", end)})
    code = cli.main(["build", "--site", str(folder)])
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert code == (row.level == "error")
    warning = "" if row.level == "error" else "warning: "
    place = re.escape(f"content/{row.file}:{line}:{column}: {warning}")
    shown = re.findall(rf"^{place}(.+)\n    \|.*\n    \| *\^\n    hint: (.+)$", told, re.MULTILINE)
    assert any(re.search(row.says, said) and re.search(row.hint, hint) for said, hint in shown), told


def test_a_file_in_another_encoding_is_told_with_its_place(tmp_path: Path) -> None:
    folder = site(tmp_path, {})
    (folder / "content/overrides.yaml").write_bytes("no:\n  why: caf\xe9\n".encode("latin-1"))
    [problem] = problems(folder)
    assert (problem.where.line, problem.where.column) == (2, 11)
    assert "UTF-8" in problem.hint


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_file_of_wide_characters_is_told(tmp_path: Path, encoding: str) -> None:
    folder = site(tmp_path, {})
    (folder / "content/overrides.yaml").write_bytes("no: [peft]\n".encode(encoding))
    assert any(p.level == "error" and p.where.line == 1 and p.hint for p in problems(folder))


def test_a_byte_order_mark_changes_nothing(tmp_path: Path) -> None:
    plain = build.load(site(tmp_path / "a", {})).entries
    assert (
        build.load(site(tmp_path / "b", {name: "\ufeff" + GOOD[name] for name in GOOD if "jsonl" not in name})).entries
        == plain
    )


@pytest.mark.parametrize(
    ("text", "field", "meant"),
    [
        ("no: {by: no}", "by", "no"),
        ("no: {by: 007}", "by", "007"),
        ("2410.06510: {date: 2024-10-09}", "date", "2024-10-09"),
        ("no: {why: 1e3}", "why", "1e3"),
        ("no: {note: 12:30}", "note", "12:30"),
        ("no: {note: off}", "note", "off"),
    ],
)
def test_a_bare_word_means_what_its_writer_meant(tmp_path: Path, text: str, field: str, meant: str) -> None:
    folder = site(tmp_path, {"overrides.yaml": text.replace("}", ", pin: true}\n")})
    [override] = [entry.override for entry in build.load(folder).entries if entry.override]
    assert getattr(override, field) == meant


def test_an_alias_bomb_is_refused_without_unfolding_it(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    found = problems(site(tmp_path, {"overrides.yaml": "\n".join(lines)}))
    assert {p.where.line for p in found} == set(range(1, 41))


def test_a_file_of_another_list_is_told_whole_and_without_endless_guesses(tmp_path: Path) -> None:
    papers = "".join(json.dumps({"slug": f"paper-number-{n}", "title": f"Paper {n}"}) + "\n" for n in range(2000))
    wrong = "".join(f"papre-nubmer-{n}: [peft]\n" for n in range(3000))
    found = problems(site(tmp_path, {"papers.jsonl": papers, "overrides.yaml": wrong}))
    assert len([p for p in found if "papre" in p.message]) == 3000
    assert all(p.hint for p in found)


def problems(folder: Path) -> list[Problem]:
    """What is wrong with a site's content. Anything but problems fails the test."""
    try:
        return build.load(folder).warnings
    except SiteError as error:
        return error.problems


def real_files() -> dict[str, str]:
    """The shipped files and the toy's, cut to a size that thousands of trials allow."""
    found = {}
    for name in ("site.yaml", "topics.yaml", "overrides.yaml", "summaries/pretraining-and-scale.yaml"):
        lines = (ROOT / "content" / name).read_text("utf-8").splitlines(keepends=True)
        found[name] = "".join(lines[:45])
    for name in ("topics.yaml", "overrides.yaml", "summaries/doing.yaml"):
        found[f"toy/{name}"] = (ROOT / "tests/toy/content" / name).read_text("utf-8")
    return found


FILES = real_files()
PIECES = (
    "[·]·{·}·: ·:·- ·, ·\n·\n  ·\n\n·\t·\"·'·\\·&a ·*a·!t ·#·|·>-·?·<<: ·---\n·...\n·%TAG ! !\n·\x00·\x07·\x7f·"
    "\x85·\u2028·\ufeff·é·漢·🙂·no·~·null·0·-1·1e999·nan·2410.06510·2024-10-09·\r·\r\n·\ufffe·"
    "merge_into: ·distinct_from: [·slug: ·hide: true·topics: ·add: [·redirect_from: ·terms: "
).split("·")
SPOT = st.integers(0, 5000)
EDIT = st.one_of(
    st.tuples(st.just("put"), SPOT, st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join)),
    st.tuples(st.just("put"), SPOT, st.text(max_size=4)),
    st.tuples(st.just("cut"), SPOT, st.integers(1, 60)),
    st.tuples(st.just("repeat"), SPOT, st.integers(1, 200)),
    st.tuples(st.just("shift"), SPOT, st.sampled_from(["", " ", "  ", "\t"])),
    st.tuples(st.just("swap"), SPOT, SPOT),
)


def edited(text: str, kind: str, spot: int, more: object) -> str:
    """The text with one damage done to it."""
    spot %= len(text) + 1
    if kind == "put":
        return text[:spot] + str(more) + text[spot:]
    if kind in ("cut", "repeat"):
        assert isinstance(more, int)
        return text[:spot] + text[spot + more :] if kind == "cut" else text[: spot + more] + text[spot:]
    lines = text.splitlines(keepends=True) or [""]
    one = spot % len(lines)
    if kind == "shift":
        lines[one] = str(more) + lines[one].lstrip()
    else:
        assert isinstance(more, int)
        other = more % len(lines)
        lines[one], lines[other] = lines[other], lines[one]
    return "".join(lines)


def damaged(folder: Path, name: str, edits: list[tuple[str, int, object]]) -> None:
    """Damage one of the real files, load the site that it is in, and look at what is said."""
    text = FILES[name]
    for edit in edits:
        text = edited(text, *edit)
    path = folder / "content" / name.removeprefix("toy/")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        found = problems(folder)
    finally:
        path.unlink()
        if (good := folder / "good" / name.removeprefix("toy/")).is_file():
            shutil.copy(good, path)
    lines = len(re.split(r"\r\n|\n|\r", text))
    shown = path.relative_to(folder).as_posix()
    for problem in found:
        if problem.where.file == shown:
            assert 0 <= problem.where.line <= lines
            assert problem.message
            assert problem.hint or problem.level == "warning", problem
    assert excerpt.told(found, folder) or not found


def ground(folder: Path) -> Path:
    """A site of the toy's and the list's papers, with good files to come back to."""
    if not folder.is_dir():
        shutil.copytree(ROOT / "tests/toy/content", folder / "content")
        shutil.copytree(ROOT / "tests/toy/content", folder / "good")
        papers = (ROOT / "content/papers.jsonl").read_text("utf-8").splitlines(keepends=True)[:40]
        with (folder / "content/papers.jsonl").open("a", encoding="utf-8") as file:
            file.writelines(papers)
    return folder


FUZZ = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
DAMAGE = st.tuples(st.sampled_from(sorted(FILES)), st.lists(EDIT, min_size=1, max_size=4))


@settings(FUZZ, max_examples=400)
@given(DAMAGE)
def test_a_damaged_file_gives_nothing_but_problems(
    tmp_path_factory: pytest.TempPathFactory, damage: tuple[str, list[tuple[str, int, object]]]
) -> None:
    damaged(ground(tmp_path_factory.getbasetemp() / "damaged"), *damage)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@settings(FUZZ, max_examples=5000)
@given(DAMAGE)
def test_five_thousand_damaged_files_give_nothing_but_problems(
    tmp_path_factory: pytest.TempPathFactory, damage: tuple[str, list[tuple[str, int, object]]]
) -> None:
    damaged(ground(tmp_path_factory.getbasetemp() / "damaged-long"), *damage)
