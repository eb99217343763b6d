"""`sitegen build` on content with mistakes: every one of them with its place and a hint, and the old site as it was."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import marked

from sitegen import build, cli
from sitegen.errors import SiteError

GOOD = {
    "site.yaml": "title: A list\nbase_url: https://example.org/list/\n",
    "topics.yaml": (
        "- group: Tuning\n  slug: tuning\n  topics:\n"
        "    - slug: peft\n      name: Small changes\n      scope: Few weights.\n      aliases: [LoRA]\n"
        "      terms: [adapter: 2, low rank]\n      not: [music]\n"
        "    - {slug: data, name: Data, redirect_from: [corpora]}\n"
    ),
    "overrides.yaml": "tiny-adapters: [peft]\n2501.00010:\n  topics: [data, peft]\n  why: because\n",
    "summaries/words.yaml": "tiny-adapters:\n  tldr: Short.\n  summary: Longer.\n  keywords: [LoRA, no]\n",
    "summaries/more.yaml": "tiny-data: {tldr: Shorter.}\n",
    "notes/peft.md": "About *few* weights.\n",
    "papers.jsonl": (
        '{"slug":"tiny-adapters","title":"Tiny adapters"}\n'
        '{"slug":"tiny-data","title":"Tiny data","arxiv_id":"2501.00010"}\n'
    ),
}
CURATED = ["site.yaml", "topics.yaml", "overrides.yaml", "summaries/words.yaml"]
PROBLEM = re.compile(r"(content/[a-z/]+\.[a-z]+):(\d+):(\d+): (?!warning|note)(.+)")


def write(site: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = site / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A good site, already built."""
    write(tmp_path, GOOD)
    assert cli.main(["build", "--site", str(tmp_path)]) == 0
    return tmp_path


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below a folder, with its bytes and the time of its last change."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def broken(
    site: Path, capsys: pytest.CaptureFixture[str], files: dict[str, str], *options: str
) -> list[tuple[str, int, int, str, str]]:
    """Build with these files: checks what every failed build must do, returns file, line, column, message, hint."""
    write(site, files)
    capsys.readouterr()
    before = state(site)
    assert cli.main(["build", "--site", str(site), *options]) == 1
    assert state(site) == before
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert str(site) not in err
    *lines, closing = err.rstrip("\n").splitlines()
    found = []
    while lines and lines[0]:
        match = PROBLEM.fullmatch(lines.pop(0))
        assert match, err
        line, caret = lines.pop(0), lines.pop(0)
        assert line.startswith("    |"), err
        assert re.fullmatch(r"    \| +\^", caret), err
        hint = lines.pop(0)
        assert re.match(r"    hint: \S", hint), err
        found.append((match[1], int(match[2]), int(match[3]), match[4], hint.removeprefix("    hint: ")))
    assert closing == f"{len(found)} problem{'s' * (len(found) != 1)}; nothing was written"
    assert found == sorted(found)
    return found


SYNTAX = [
    pytest.param("a: 1\nb:\n▸\tc: 2\n", id="tab"),
    pytest.param("a: ▸[b, c\nd: e\n", id="unclosed bracket"),
    pytest.param('a: ▸"b\n', id="unclosed quote"),
    pytest.param("a: b▸: c\n", id="colon in a text"),
    pytest.param("a:\n  b: 1\n ▸c: 2\n", id="wrong indent"),
    pytest.param("a: b\n# ▸\x07\n", id="control character"),
    pytest.param("▸- - a\n-\n  - b\n", id="wrong shape"),
]


@pytest.mark.parametrize("name", CURATED)
@pytest.mark.parametrize("text", SYNTAX)
def test_bad_yaml_in_a_curated_file_stops_the_build_with_its_place(
    site: Path, capsys: pytest.CaptureFixture[str], name: str, text: str
) -> None:
    clean, at = marked(text)
    if "- - a" in clean and name == "topics.yaml":
        at = (1, 3)  # a list is its right shape; a list in it is not
    found = broken(site, capsys, {name: clean})
    assert (f"content/{name}", *at) in [problem[:3] for problem in found]


def test_mistakes_in_all_four_files_come_at_once(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = broken(
        site,
        capsys,
        {
            "site.yaml": "titel: A list\n",
            "topics.yaml": GOOD["topics.yaml"].replace("name: Small", "nmae: Small"),
            "overrides.yaml": "tiny-adaptors: [peft]\ntiny-data: {pin: true, hdie: true}\n",
            "summaries/words.yaml": "tiny-adapters: {tdlr: Short.}\n",
            "summaries/more.yaml": "tiny-data: {tldr: [a\n",
        },
    )
    assert [problem[:3] for problem in found] == [
        ("content/overrides.yaml", 1, 1),
        ("content/overrides.yaml", 2, 24),
        ("content/site.yaml", 1, 1),
        ("content/site.yaml", 1, 1),
        ("content/summaries/more.yaml", 1, 19),
        ("content/summaries/words.yaml", 1, 17),
        ("content/topics.yaml", 4, 7),
        ("content/topics.yaml", 5, 7),
    ]
    said = {(message, hint) for *_, message, hint in found}
    assert ('no paper is called "tiny-adaptors"', 'did you mean "tiny-adapters"?') in said
    assert ('unknown key "nmae" in topic "peft"', 'did you mean "name"?') in said


def test_mistakes_in_the_records_and_in_the_curated_files_come_at_once(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(site, {"papers.jsonl": GOOD["papers.jsonl"] + "{broken\n", "overrides.yaml": "tiny-data: [data\n"})
    capsys.readouterr()
    assert cli.main(["build", "--site", str(site)]) == 1
    err = capsys.readouterr().err
    assert "content/papers.jsonl:3" in err
    assert "content/overrides.yaml:1:12: " in err
    assert err.endswith("2 problems; nothing was written\n")


def test_one_mistake_is_counted_in_the_singular(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(broken(site, capsys, {"overrides.yaml": "tiny-data: [dta]\n"})) == 1


def test_with_json_a_failed_build_puts_nothing_on_stdout(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert broken(site, capsys, {"topics.yaml": "a: b\n"}, "--json")


def test_a_warning_stops_nothing_and_is_told(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(site, {"summaries/more.yaml": "\ntiny-dtaa: {tldr: Lost.}\n"})
    capsys.readouterr()
    assert cli.main(["build", "--site", str(site), "--json"]) == 0
    out, err = capsys.readouterr()
    assert "content/summaries/more.yaml:2:1: warning: " in err
    [warning] = [w for w in json.loads(out)["warnings"] if w["file"] == "content/summaries/more.yaml"]
    assert (warning["level"], warning["line"], warning["column"]) == ("warning", 2, 1)
    assert "tiny-data" in warning["hint"]


def test_a_rule_that_takes_a_topic_away_where_it_never_was_is_a_warning(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(site, {"overrides.yaml": "tiny-adapters: [peft]\ntiny-data:\n  remove: [peft]\n"})
    capsys.readouterr()
    assert cli.main(["build", "--site", str(site)]) == 0
    assert re.search(r"content/overrides\.yaml:[23]:\d+: warning: ", capsys.readouterr().err)


def test_after_the_mistake_is_mended_the_site_is_built_again(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {name: data for name, (data, _) in state(site / "_site").items()}
    broken(site, capsys, {"overrides.yaml": "tiny-data: ["})
    write(site, GOOD)
    assert cli.main(["build", "--site", str(site)]) == 0
    assert {name: data for name, (data, _) in state(site / "_site").items()} == before


def test_without_an_old_site_a_failed_build_leaves_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, GOOD)
    broken(tmp_path, capsys, {"site.yaml": "title:\n\tA\n"})
    assert [path.name for path in tmp_path.iterdir()] == ["content"]


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="no command"),
        pytest.param(["biuld"], id="misspelt command"),
        pytest.param(["build", "--ouput", "x"], id="misspelt option"),
        pytest.param(["build", "--site"], id="option without its value"),
        pytest.param(["build", "extra"], id="argument too many"),
        pytest.param(["build", "--base-url", "example"], id="address that is none"),
        pytest.param(["import"], id="nothing to import"),
        pytest.param(["import", "--date", "9 June", "x"], id="date in words"),
        pytest.param(["import", "--date", "2024-02-31", "x"], id="date that no calendar has"),
        pytest.param(["serve", "--port", "http"], id="port in words"),
        pytest.param(["export", "--format", "xml"], id="format that is none"),
        pytest.param(["init"], id="no folder"),
    ],
)
def test_wrong_usage_is_told_on_stderr_with_exit_code_2(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    monkeypatch.chdir(site)
    before = state(site)
    capsys.readouterr()
    try:
        code = cli.main(arguments)
    except SystemExit as stop:
        code = int(str(stop.code))
    out, err = capsys.readouterr()
    assert code == 2
    assert out == ""
    assert err
    assert "Traceback" not in err
    assert state(site) == before


def test_the_module_run_as_a_program_gives_the_same_exit_codes(site: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "sitegen", *arguments]
        return subprocess.run(command, cwd=site, capture_output=True, text=True, check=False)

    write(site, {"overrides.yaml": "tiny-data: [dta]\n"})
    failed, misused = run("build"), run("nonsense")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.startswith(
        'content/overrides.yaml:1:13: unknown topic "dta" in the override of "tiny-data"\n'
        "    | tiny-data: [dta]\n"
        "    |             ^\n"
        "    hint: "
    )
    assert failed.stderr.endswith("\n1 problem; nothing was written\n")
    assert (misused.returncode, misused.stdout) == (2, "")


PIECES = ["[", "]", "{", "}", ": ", "- ", "\n", "\n  ", "\t", '"', "'", "&a ", "*a", "!t ", "#", "|", "?", "\x00", "é"]
PIECES += ["x", "no", "0", "-1", "0.2", "nan", "~", "peft", "tiny-data: ", "topics: ", "slug: ", "hide: true\n", ", "]
EDITS = st.tuples(
    st.sampled_from([*CURATED, "notes/peft.md", "papers.jsonl"]),
    st.integers(0, 250),
    st.integers(0, 12),
    st.lists(st.sampled_from(PIECES) | st.text(max_size=2), max_size=4).map("".join),
)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.lists(EDITS, min_size=1, max_size=3))
def test_any_edits_of_the_content_are_read_or_give_problems_in_the_edited_files(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, int, int, str]]
) -> None:
    site, files = tmp_path_factory.getbasetemp() / "edited", dict(GOOD)
    for name, start, length, inserted in edits:
        start %= len(files[name]) + 1
        files[name] = files[name][:start] + inserted + files[name][start + length :]
    write(site, files)
    try:
        problems = build.load(site).warnings
    except SiteError as error:
        problems = error.problems
        assert problems
    for problem in problems:
        name = problem.where.file.removeprefix("content/")
        assert name in files
        assert 0 <= problem.where.line <= len(re.split(r"\r\n|[\n\r\x85\u2028\u2029]", files[name]))
