"""Two processes at once: one waits or is told which one holds the content, and no record is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from need import REPO
from sites import paper, write, write_site

from sitegen import build, cli, lock, review, serve, store
from sitegen.errors import SiteError
from sitegen.serve.edit import Refused

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a system without flock")
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(REPO)}


def importing(site: Path, name: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "sitegen", "import", name, "--site", str(site)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=ENVIRONMENT)


def titles(site: Path) -> set[str]:
    return {held.title for held in store.read(site / "content").papers.values()}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write_site(tmp_path, [paper("one", title="The first paper")])


@pytest.fixture
def slow(site: Path) -> Iterator[subprocess.Popen[str]]:
    """An import that has the lock, and waits for its standard input."""
    process = importing(site, "-")
    while not (path := site / ".sitegen" / "papers.lock").exists() or not path.read_text():
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    yield process
    process.kill()
    process.communicate()


def test_a_second_import_names_the_first_and_writes_nothing(
    site: Path, slow: subprocess.Popen[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0.2)
    write(site / "b.csv", "title,year\nThe second paper,2020\n")
    for command in (["import", str(site / "b.csv")], ["enrich"]):
        assert cli.main([*command, "--site", str(site)]) == 1
        assert f"is being changed by sitegen import (process {slow.pid})" in capsys.readouterr().err
    assert cli.main(["import", "--dry-run", str(site / "b.csv"), "--site", str(site)]) == 0
    assert titles(site) == {"The first paper"}
    slow.communicate("title,year\nThe third paper,2021\n")
    assert slow.returncode == 0
    assert cli.main(["import", str(site / "b.csv"), "--site", str(site)]) == 0
    assert titles(site) == {"The first paper", "The second paper", "The third paper"}


def test_a_process_that_was_killed_holds_nothing(site: Path, slow: subprocess.Popen[str]) -> None:
    slow.send_signal(signal.SIGKILL)
    slow.wait()
    with lock.held(site, "papers", "a test"):
        pass


def test_imports_at_the_same_time_lose_no_paper(site: Path) -> None:
    names = [write(site / f"{n}.csv", f"title,year\nPaper number {n} of some,2020\n") for n in range(3)]
    running = [importing(site, str(name)) for name in names]
    for process in running:
        _, said = process.communicate()
        assert process.returncode == 0, said
    assert titles(site) == {"The first paper", *(f"Paper number {n} of some" for n in range(3))}


def test_review_says_who_holds_the_overrides(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0.1)
    session = review.open_session(site)
    with lock.held(site, "overrides", "sitegen serve"):
        assert "is being changed by sitegen serve" in session.do("h")
    assert "hide: true" in session.do("h")


def test_review_and_serve_at_the_same_time_lose_no_entry(tmp_path: Path) -> None:
    """Both edit one file as fast as they can; who is told that it has changed meanwhile looks again."""
    slugs = [f"paper-{n}" for n in range(12)]
    home = write_site(tmp_path, [paper(slug) for slug in slugs], overrides_yaml="# by hand\n")
    live, state = serve.Live(home), serve.State()
    live.update()
    editor = serve.Editor(live, state)
    refusals: list[str] = []

    def edits() -> None:
        for slug in slugs[::2]:
            for _ in range(200):
                body = {"slug": slug, "digest": editor.paper(slug)["digest"], "note": f"Of {slug}"}
                try:
                    editor.apply(json.dumps(body).encode())
                    break
                except Refused as refused:
                    refusals.append(str(refused))

    def reviews() -> None:
        for slug in slugs[1::2]:
            for _ in range(200):
                session = review.open_session(home)
                while session.item and session.item.slug != slug:
                    session.do("n")
                if (said := session.do("h")).startswith(f"{slug}: "):
                    break
                refusals.append(said)

    threads = [threading.Thread(target=work) for work in (edits, reviews)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    text = (home / "content" / "overrides.yaml").read_text("utf-8")
    assert text.startswith("# by hand\n")
    rules = build.load(home).rules
    assert {slug for slug, rule in rules.items() if rule.note == f"Of {slug}"} == set(slugs[::2])
    assert {slug for slug, rule in rules.items() if rule.hide} == set(slugs[1::2])
    assert all("changed" in said or "process" in said for said in refusals)


def test_a_site_that_does_not_exist_is_not_made(tmp_path: Path) -> None:
    with lock.held(tmp_path / "none", "papers", "a test"):
        pass
    assert not (tmp_path / "none").exists()


def test_a_folder_that_cannot_hold_the_lock_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path / ".sitegen", "a file\n")
    with pytest.raises(SiteError, match="could not be written"), lock.held(tmp_path, "papers", "a test"):
        pass
