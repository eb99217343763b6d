"""What is missing on a machine skips a test with a reason, or fails it where everything should be there."""

from __future__ import annotations

from pathlib import Path

import need
import pytest


def test_a_missing_program_skips_and_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SITEGEN_NEED_BROWSER", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no-such-browser or another"):
        need.program("no-such-browser", "another")


def test_a_missing_program_fails_where_a_browser_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITEGEN_NEED_BROWSER", "1")
    with pytest.raises(pytest.fail.Exception, match="SITEGEN_NEED_BROWSER is set"):
        need.program("no-such-browser")


def test_the_first_program_that_is_there_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("second", "third"):
        (tmp_path / name).write_text("#!/bin/sh\n", "utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert need.program("first", "second", "third") == str(tmp_path / "second")


def test_the_copy_of_the_list_leaves_abstracts_out(tmp_path: Path) -> None:
    names = {path.name for path in (need.reading_list(tmp_path) / "content").iterdir()}
    assert {"papers.jsonl", "topics.yaml", "site.yaml"} <= names
    assert "abstracts.jsonl" not in names
