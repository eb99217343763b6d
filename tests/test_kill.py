"""Whatever a command meets at a call that writes, it leaves the old state or the new, and the next run goes on.

Killed there, killed in the middle of a write, a disk that is full from then on, a call that fails, a folder that can no
longer be written to.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from faults import MODES
from kill import digest
from need import REPO
from sites import paper, write, write_site

from sitegen import cli

DEATHS = ("kill", "torn")
KILLED = -9
RULES = "# by hand\nalpha: [one]   # sure\n\nbeta: {topics: [two], why: 'so'}\n"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A built site of three papers, changed since."""
    papers = [paper("alpha"), paper("beta", authors=["Ann Other"]), paper("gamma", title="Something alpha")]
    site = write_site(tmp_path / "small", papers, overrides_yaml=RULES)
    assert cli.main(["build", "--site", str(site)]) == 0
    write(site / "content" / "about.md", "# About\n\nOther words.\n")
    return site


def faults(site: Path, mode: str, folder: str, *command: str, alike: int = 40) -> list[dict[str, Any]]:
    """What each fault left; the undisturbed run last. Nothing ends as a bug of ours, and problems say what to do."""
    driver = [sys.executable, str(REPO / "tests" / "kill.py"), "--mode", mode, "--alike", str(alike)]
    places = [str(site), str(site.parent / f"copy-{mode}"), folder]
    environment = {**os.environ, "PYTHONPATH": str(REPO)}
    run = subprocess.run([*driver, *places, *command], capture_output=True, text=True, env=environment, check=True)
    found = [json.loads(line) for line in run.stdout.splitlines()]
    assert found[-1]["code"] == 0
    assert found[-1]["call"] == ""
    for item in found[:-1]:
        assert item["code"] in ((KILLED,) if mode in DEATHS else (0, 1)), item
        assert item["code"] != 1 or "hint: " in item["said"] or "  hint" in item["said"], item
        assert item["again"] == 0, item
        assert item["last"] == found[-1]["left"], item
    return found


@pytest.mark.parametrize("mode", MODES)
def test_a_build_leaves_the_old_site_or_the_new(small: Path, mode: str) -> None:
    check_builds(small, mode, 60)


@pytest.mark.long
@pytest.mark.timeout(5400)
@pytest.mark.parametrize("mode", MODES)
def test_a_build_leaves_the_old_site_or_the_new_at_every_call(small: Path, mode: str) -> None:
    check_builds(small, mode, 1)


@pytest.mark.parametrize("mode", MODES)
def test_a_build_completes_what_another_began_to_move_into_its_place(small: Path, mode: str) -> None:
    """Here the output is changed file by file, under a journal: the next run leaves the new state."""
    found = faults(small, mode, "_site", "build", alike=60)
    assert digest(small / "_site") != found[-1]["left"]
    assert len(found) > 10
    for item in found:
        assert item["code"] != 0 or item["left"] == found[-1]["left"], item
        assert item["litter"] == [], item


def check_builds(site: Path, mode: str, alike: int) -> None:
    shutil.rmtree(site / ".sitegen" / "memo")  # nothing is known of the old site: the new one takes its place at once
    found = faults(site, mode, "_site", "build", alike=alike)
    old, new = digest(site / "_site"), found[-1]["left"]
    assert old != new
    assert len(found) > 10
    for item in found:
        assert item["left"] in (old, new), item
        assert item["code"] != 0 or item["left"] == new, item
        assert item["litter"] == [], item
    if mode in DEATHS:  # from one moment on the site is the new one
        assert [item["left"] == new for item in found] == sorted(item["left"] == new for item in found)


@pytest.mark.parametrize(
    ("mode", "first"), [*((mode, False) for mode in MODES), ("kill", True)], ids=lambda part: str(part)
)
def test_an_import_brings_all_or_nothing(tmp_path: Path, small: Path, first: bool, mode: str) -> None:
    """Into a site with papers, or `first` into one with a single one and no overrides."""
    if first:
        write(small / "content" / "papers.jsonl", json.dumps(paper("delta")) + "\n")
        (small / "content" / "overrides.yaml").unlink()
    lines = [{"title": f"Found {n}", "abstract": "Words of some length about it. " * 9} for n in range(30)]
    ids = [{"arxiv_id": "2410.06511"}]  # of a paper without a title: three files change
    file = write(tmp_path / "found.jsonl", "".join(json.dumps(line) + "\n" for line in lines + ids))
    found = faults(small, mode, "content", "import", str(file))
    old, new = digest(small / "content"), found[-1]["left"]
    assert len(found) > 25
    for item in found:
        assert item["read"] == 0, item
        assert item["settled"] in (old, new), item
        assert item["code"] != 0 or item["settled"] == new, item
        assert item["litter"] == [], item


@pytest.mark.parametrize("mode", MODES)
def test_a_review_changes_an_entry_or_none(small: Path, mode: str) -> None:
    found = faults(small, mode, "content", "review", "a")
    old, new = digest(small / "content"), found[-1]["left"]
    assert old != new
    assert len(found) > 10
    for item in found:
        assert item["left"] in (old, new), item
        assert item["read"] == 0, item
    kept = (small.parent / f"copy-{mode}" / "content" / "overrides.yaml").read_text("utf-8")
    assert kept.startswith(RULES)


def test_the_layer_sees_every_call_that_changes_the_disk(small: Path, tmp_path: Path) -> None:
    """What Python's own audit events say that builds and an import changed, the layer has counted."""
    shutil.rmtree(small / ".sitegen" / "memo")  # a build that knows nothing writes most
    file = write(tmp_path / "found.jsonl", json.dumps({"title": "Found", "abstract": "Words. " * 30}) + "\n")
    watcher = [sys.executable, str(REPO / "tests" / "watched.py"), str(small), str(file)]
    environment = {**os.environ, "PYTHONPATH": str(REPO)}
    done = subprocess.run(watcher, capture_output=True, text=True, env=environment, check=True)
    seen, counted = json.loads(done.stdout)
    assert seen["open"] > 100
    assert seen["os.rename"] > 3
    for event, number in seen.items():
        assert counted[event] >= number, event
