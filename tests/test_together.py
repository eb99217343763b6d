"""Several files replaced together; a journal that was left is finished, one that lies is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sites import write

from sitegen import together
from sitegen.errors import SiteError

NAMES = ("a", "b")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        write(tmp_path / "content" / name, f"old {name}")
    (tmp_path / ".sitegen").mkdir()
    return tmp_path / "content"


def held(folder: Path) -> list[str]:
    return [(folder / name).read_text() for name in NAMES]


def journal(folder: Path, text: str) -> Path:
    return write(folder.parent / ".sitegen" / "x.journal", text)


def test_all_change_and_nothing_is_left(folder: Path) -> None:
    state = folder.parent / ".sitegen"
    assert together.write(folder, {"a": b"1", "b": b"2"}, state)
    assert held(folder) == ["1", "2"]
    assert not together.write(folder, {"a": b"1", "b": b"2"}, state)
    assert together.write(folder, {"a": b"1", "b": b"3"}, state)
    assert sorted(path.name for path in folder.iterdir()) == ["a", "b"]
    assert list(state.iterdir()) == []


def test_what_was_begun_is_finished_once(folder: Path) -> None:
    left = journal(folder, json.dumps({"a": ".a.1.x.part", "b": ".b.1.x.part"}))
    write(folder / ".b.1.x.part", "new b")  # a is done already
    together.finish(folder, NAMES, left.parent)
    together.finish(folder, NAMES, left.parent)
    assert held(folder) == ["old a", "new b"]
    assert not left.exists()


@pytest.mark.parametrize(
    "text",
    [
        '{"../secret": ".secret.1.x.part"}',
        '{"c": ".c.1.x.part"}',
        '{"a": "../secret"}',
        '{"a": ".a.1/../../secret"}',
        '{"a": "/etc/passwd"}',
        '{"a": "b"}',
        '{"a": 1}',
        '["a"]',
        '{"a": ".a.1.x',
        "\x00\xff",
    ],
)
def test_a_journal_of_a_stranger_moves_nothing(folder: Path, text: str) -> None:
    secret = write(folder.parent / "secret", "mine")
    left = journal(folder, text)
    with pytest.raises(SiteError, match=r"is damaged"):
        together.finish(folder, NAMES, left.parent)
    assert held(folder) == ["old a", "old b"]
    assert secret.read_text() == "mine"


def test_a_link_stays_a_link(folder: Path) -> None:
    kept = write(folder.parent / "kept" / "real", "old")
    (folder / "a").unlink()
    (folder / "a").symlink_to(kept)
    together.write(folder, {"a": b"1", "b": b"2"}, folder.parent / ".sitegen")
    assert (folder / "a").is_symlink()
    assert kept.read_text() == "1"
