"""Content files that were cut off or changed on the disk: a problem with its file, or read; never a bug."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from conftest import TOY
from sites import snapshot

from sitegen import build, cli
from sitegen.errors import Problem, SiteError

FILES = sorted(path.relative_to(TOY).as_posix() for path in (TOY / "content").rglob("*") if path.is_file())
ROUNDS = 25


def damaged(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    cut, zeros = data[:at], data[:at] + bytes(len(data) - at)  # what a disk leaves that lost its power
    changed = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
    swapped = data[at:] + data[:at]
    return chance.choice((cut, zeros, changed, swapped, data + data[:at]))


@pytest.mark.parametrize("name", FILES)
def test_damage_is_a_problem_or_harmless(toy: Path, name: str) -> None:
    chance, path = random.Random(name), toy / name
    whole = path.read_bytes()
    for _ in range(ROUNDS):
        path.write_bytes(damaged(whole, chance))
        for problem in problems(toy):
            assert problem.message
            assert problem.hint, str(problem)
            assert problem.where.file.startswith("content/")


def problems(site: Path) -> list[Problem]:
    """All that keeps a site from being built."""
    try:
        build.load(site)
    except SiteError as error:
        return [problem for problem in error.problems if problem.level == "error"]
    return []


@pytest.mark.parametrize("name", ["papers.jsonl", "topics.yaml", "overrides.yaml", "abstracts.jsonl"])
def test_after_damage_the_old_site_stays_and_nothing_is_imported_into_it(
    toy: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["build", "--site", str(toy)]) == 0
    old = snapshot(toy / "_site")
    path = toy / "content" / name
    path.write_bytes(path.read_bytes()[:-9] + b"\x00\xff[")
    kept = snapshot(toy / "content")
    new = tmp_path / "new.csv"
    new.write_text("title,year\nA new paper,2020\n", "utf-8")
    assert cli.main(["build", "--site", str(toy)]) == 1
    assert f"content/{name}" in capsys.readouterr().err
    assert snapshot(toy / "_site") == old
    if name.endswith("jsonl"):
        assert cli.main(["import", str(new), "--site", str(toy)]) == 1
        assert f"content/{name}" in capsys.readouterr().err
        assert snapshot(toy / "content") == kept
