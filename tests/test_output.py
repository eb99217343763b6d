"""Publishing: only where it is safe, all or nothing, mended after a crash, readable by the web server."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sites import paper, snapshot, write, write_site

from sitegen import build, cli, output
from sitegen.errors import SiteError


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site in `site/`, built."""
    folder = write_site(tmp_path / "site", [paper("alpha", published="2025")])
    build.build(folder)
    return folder


@pytest.fixture
def dead() -> int:
    """The id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def beside(site: Path) -> list[str]:
    """What lies in the site's folder, the state of builds left out."""
    return sorted(path.name for path in site.iterdir() if path.name != ".sitegen")


# --- Where a site may be written ---


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("site", id="the site's own folder"),
        pytest.param(".", id="the folder above"),
        pytest.param("site/content", id="the content"),
        pytest.param("site/content/new", id="within the content"),
        pytest.param("site/templates/new", id="within the templates"),
        pytest.param("site/../site", id="the site's own folder by a detour"),
        pytest.param("full", id="a folder of somebody else's files"),
        pytest.param("hidden", id="a folder with a hidden file"),
        pytest.param("link", id="a link to an empty folder"),
        pytest.param("dangling", id="a link to nowhere"),
        pytest.param("file", id="a file"),
    ],
)
def test_an_output_that_is_not_ours_is_refused_and_left_as_it_is(tmp_path: Path, target: str) -> None:
    site = write_site(tmp_path / "site", [paper("alpha")])
    write(tmp_path / "full/thesis.txt", "years of work")
    write(tmp_path / "hidden/.thesis", "years of work")
    write(tmp_path / "file", "a file")
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    before = snapshot(tmp_path)
    assert cli.main(["build", "--site", str(site), "--output", str(tmp_path / target)]) == 1
    assert snapshot(tmp_path) == before
    assert list((tmp_path / "empty").iterdir()) == []
    assert not (tmp_path / "nowhere").exists()


def test_a_site_above_the_working_folder_is_refused_too(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site / "content")
    with pytest.raises(SiteError):
        build.build(site, Path(".."))


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("new", id="a new folder"),
        pytest.param("deep/down/new", id="a new folder in new folders"),
        pytest.param("empty", id="an empty folder"),
    ],
)
def test_a_new_or_empty_folder_is_written(tmp_path: Path, target: str) -> None:
    (tmp_path / "empty").mkdir()
    site = write_site(tmp_path / "site")
    build.build(site, tmp_path / target)
    assert (tmp_path / target / "index.html").is_file()
    assert beside(site) == ["content"]


def test_building_again_removes_pages_that_are_gone_and_leaves_nothing_beside(site: Path) -> None:
    write_site(site, [paper("beta")])
    build.build(site)
    assert [path.name for path in (site / "_site/papers").iterdir()] == ["beta"]
    assert beside(site) == ["_site", "content"]


# --- A failed build ---


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("content/site.yaml", "title: [", id="settings"),
        pytest.param("content/topics.yaml", "- group", id="topics"),
        pytest.param("content/overrides.yaml", "no-such-paper: [one]", id="overrides"),
        pytest.param("content/summaries/words.yaml", "alpha: {tldr: [x]}", id="words"),
        pytest.param("content/papers.jsonl", "{", id="records"),
        pytest.param("templates/search.html", "{{ nothing }}", id="templates"),
    ],
)
def test_a_failed_build_leaves_the_old_site_and_nothing_else(site: Path, name: str, text: str) -> None:
    before = snapshot(site / "_site")
    write(site / name, text)
    with pytest.raises(SiteError):
        build.build(site)
    assert snapshot(site / "_site") == before
    assert set(beside(site)) <= {"_site", "content", "templates"}


@pytest.mark.parametrize(
    ("broken", "places"),
    [
        pytest.param("key: [never, closed\n", ["1:6", "1:6", "1:6", "1:6"], id="broken syntax"),
        pytest.param("alpha: &anchor {}\n", ["1:1", "1:1", "1:8", "1:8"], id="an anchor or a wrong shape"),
        pytest.param("alpha:\n  tilte: x\n", ["1:1", "1:1", "2:3", "2:3"], id="an unknown key or a wrong shape"),
    ],
)
def test_mistakes_in_all_four_curated_files_are_told_at_once_and_the_old_site_stays(
    site: Path, capsys: pytest.CaptureFixture[str], broken: str, places: list[str]
) -> None:
    before = snapshot(site / "_site")
    names = ["site.yaml", "topics.yaml", "overrides.yaml", "summaries/words.yaml"]
    for name in names:
        write(site / "content" / name, broken)
    assert cli.main(["build", "--site", str(site)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    for name, place in zip(names, places, strict=True):
        assert f"content/{name}:{place}: " in captured.err
    problems = sum(line.startswith("content/") for line in captured.err.splitlines())
    assert captured.err.count("\n    hint: ") == problems
    assert captured.err.endswith(f"{problems} problems; nothing was written\n")
    assert snapshot(site / "_site") == before


@pytest.mark.parametrize("first", [1, 2], ids=["before the first rename", "between the two renames"])
@pytest.mark.parametrize(
    "failure", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["disk", "Ctrl-C"]
)
def test_a_failure_while_publishing_leaves_the_old_site(
    site: Path, monkeypatch: pytest.MonkeyPatch, first: int, failure: BaseException
) -> None:
    before = snapshot(site / "_site")
    rename, calls = os.rename, []

    def fails_at_first(source: Path, target: Path) -> None:
        calls.append(source)
        if len(calls) == first:
            raise failure
        rename(source, target)

    shutil.rmtree(site / ".sitegen" / "memo")  # nothing is known of the old site: the new one takes its place
    monkeypatch.setattr(output.staging, "exchange", lambda one, other: False)  # a system that cannot
    monkeypatch.setattr(os, "rename", fails_at_first)
    write_site(site, [paper("beta")])
    with pytest.raises((SiteError, KeyboardInterrupt)):
        build.build(site)
    assert snapshot(site / "_site") == before
    assert beside(site) == ["_site", "content"]


# --- After a crash ---


def crash(site: Path, pid: int) -> dict[str, bytes]:
    """Leave the site as a run does that was killed between its two renames; returns the site that was live."""
    before = snapshot(site / "_site")
    os.rename(site / "_site", site / "_site.old")
    write(site / f"_site.new-{pid}" / output.MARKER, "made by sitegen")
    write(site / f"_site.new-{pid}" / "index.html", "half a site")
    return before


def test_the_build_after_a_crash_mends_it(site: Path, dead: int) -> None:
    before = crash(site, dead)
    build.build(site)
    assert snapshot(site / "_site") == before
    assert beside(site) == ["_site", "content"]


def test_a_failed_build_after_a_crash_brings_the_old_site_back(site: Path, dead: int) -> None:
    before = crash(site, dead)
    write(site / "content/site.yaml", "title: [")
    with pytest.raises(SiteError):
        build.build(site)
    assert snapshot(site / "_site") == before


def test_what_a_crashed_run_of_our_own_process_id_left_stops_nothing(site: Path) -> None:
    """In a container every run may have the same id."""
    before = crash(site, os.getpid())
    build.build(site)
    assert snapshot(site / "_site") == before
    assert beside(site) == ["_site", "content"]


@pytest.mark.parametrize("live", [True, False], ids=["beside a live site", "without a live site"])
@pytest.mark.parametrize("name", ["_site.old", "_site.new-1", "_site.bak"])
def test_a_folder_that_sitegen_did_not_make_is_never_deleted(tmp_path: Path, name: str, live: bool) -> None:
    site = write_site(tmp_path)
    if live:
        build.build(site)
    write(site / name / "thesis.txt", "years of work")
    cli.main(["build", "--site", str(site)])
    assert snapshot(site / name) == {"thesis.txt": b"years of work"}


# --- Collisions ---


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(("a/index.html", "/a/"), ("a/index.html", "another /a/"), id="the same path"),
        pytest.param(("a/index.html", "/a/"), ("A/index.html", "/A/"), id="paths that differ in case"),
        pytest.param(("ß/index.html", "/ß/"), ("SS/index.html", "/SS/"), id="paths that fold to the same"),
    ],
)
def test_two_pages_for_one_file_are_refused(first: tuple[str, str], second: tuple[str, str]) -> None:
    output.check_paths([first, ("b/index.html", "/b/")])
    with pytest.raises(SiteError) as caught:
        output.check_paths([first, ("b/index.html", "/b/"), second])
    [problem] = caught.value.problems
    assert first[1] in problem.message
    assert second[1] in problem.message


@pytest.mark.parametrize(
    "redirects",
    [
        pytest.param("[one]", id="from itself"),
        pytest.param("[two]", id="from another topic"),
        pytest.param("[old, old]", id="from one address twice"),
    ],
)
def test_a_redirect_never_takes_the_place_of_a_page(tmp_path: Path, redirects: str) -> None:
    topics = f"- group: A\n  slug: a\n  topics:\n  - {{slug: one, name: One, redirect_from: {redirects}}}\n"
    site = write_site(tmp_path, topics_yaml=topics + "  - {slug: two, name: Two}\n")
    with pytest.raises(SiteError, match=r"content/topics\.yaml:[45]:"):
        build.build(site)


def test_two_files_of_the_site_s_own_that_differ_in_case_are_refused(tmp_path: Path) -> None:
    site = write_site(tmp_path)
    write(site / "templates/assets/Logo.svg", "<svg/>")
    write(site / "templates/assets/logo.svg", "<svg> </svg>")
    if len(list((site / "templates/assets").iterdir())) < 2:
        pytest.skip("this file system does not tell upper from lower case")
    with pytest.raises(SiteError, match=r"[Ll]ogo\.svg"):
        build.build(site)


# --- What a web server needs ---


def test_files_and_folders_are_readable_by_all_and_no_links(tmp_path: Path) -> None:
    site = write_site(tmp_path, [paper("alpha")])
    before = os.umask(0o077)
    try:
        build.build(site)
    finally:
        os.umask(before)
    found = [site / "_site", *(site / "_site").rglob("*")]
    assert len(found) > 20
    for path in found:
        status = path.lstat()
        wanted = 0o755 if stat.S_ISDIR(status.st_mode) else 0o644
        assert stat.S_IMODE(status.st_mode) & wanted == wanted, path
        assert stat.S_ISDIR(status.st_mode) or (stat.S_ISREG(status.st_mode) and status.st_nlink == 1), path
