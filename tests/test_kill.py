"""Killed at any step on the disk, a command leaves the old state or the new, and the next run goes on from there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from kill import digest
from need import REPO
from sites import write

from sitegen import cli

TOY = REPO / "tests" / "toy"


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A built site whose content has changed since."""
    site = tmp_path / "toy"
    shutil.copytree(TOY, site, ignore=shutil.ignore_patterns("_site", ".sitegen"))
    assert cli.main(["build", "--site", str(site)]) == 0
    write(site / "content" / "about.md", "# About\n\nOther words.\n")
    return site


def kills(site: Path, folder: str, *command: str) -> list[dict[str, Any]]:
    """What each kill left; the undisturbed run last."""
    driver = [sys.executable, str(REPO / "tests" / "kill.py"), str(site), str(site.parent / "copy"), folder, *command]
    environment = {**os.environ, "PYTHONPATH": str(REPO)}
    run = subprocess.run(driver, capture_output=True, text=True, env=environment, check=True)
    found = [json.loads(line) for line in run.stdout.splitlines()]
    assert all(item["status"] in (0, 9) for item in found)
    assert found[-1]["status"] == 0
    return found


def test_a_build_leaves_the_old_site_or_the_new(toy: Path) -> None:
    found = kills(toy, "_site", "build")
    old, new = digest(toy / "_site"), found[-1]["left"]
    assert old != new
    assert len(found) > 10
    for item in found:
        assert item["left"] in (old, new), item
        assert item["last"] == new, item
    assert [item["left"] == new for item in found] == sorted(item["left"] == new for item in found)


@pytest.mark.parametrize("first", [True, False], ids=["into an empty site", "into a site with papers"])
def test_an_import_leaves_no_record_behind(tmp_path: Path, toy: Path, first: bool) -> None:
    if first:
        for path in (toy / "content").glob("*.jsonl"):
            path.unlink()
        (toy / "content" / "overrides.yaml").unlink(missing_ok=True)
        shutil.rmtree(toy / "content" / "summaries", ignore_errors=True)
    lines = [{"title": f"Found {n}", "abstract": "Words of some length about it. " * 9} for n in range(30)]
    file = write(tmp_path / "found.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
    found = kills(toy, "content", "import", str(file))
    new = found[-1]["left"]
    assert len(found) > 5
    for item in found:
        assert item["built"] == 0, item
        assert item["last"] == new, item
        assert item["litter"] == [], item
