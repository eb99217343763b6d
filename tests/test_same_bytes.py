"""The same content gives the same bytes, anywhere, on any day, in any locale, on every Python; `--verify` says so."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from need import REPO, reading_list
from sites import snapshot, write

from sitegen import cli, verify

ELSEWHERE = REPO / "tests" / "elsewhere.py"
WORLDS: dict[str, dict[str, str]] = {
    "hash-seed-0": {"PYTHONHASHSEED": "0"},
    "hash-seed-1": {"PYTHONHASHSEED": "1"},
    "another-day": {"DAY": "4102444800", "TZ": "Pacific/Kiritimati"},
    "long-ago": {"DAY": "1", "TZ": "America/Los_Angeles"},
    "plain-locale": {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "another-language": {"LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr:de", "PYTHONUTF8": "0"},
    "stamped": {"SOURCE_DATE_EPOCH": "1600000000"},
    "stamped-otherwise": {"SOURCE_DATE_EPOCH": "0"},
    "optimized": {"PYTHONOPTIMIZE": "2"},
    "one-thread": {
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "NPY_DISABLE_CPU_FEATURES": "AVX2 AVX512F FMA3",
    },
}
OLDEST, NEWEST = 11, 14


def built(site: Path, python: str = sys.executable, **world: str) -> dict[str, bytes]:
    """The files of a site that is built there, by a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(REPO), **world}
    command = [python, str(ELSEWHERE), "build", "--lunr-json", "--site", str(site), "--output", str(site / "_site")]
    done = subprocess.run(command, env=environment, cwd=site.parent, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return snapshot(site / "_site")


def differing(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> list[str]:
    """The paths of what the two do not have in common; packed files are compared by what they hold."""

    def held(data: bytes | None) -> bytes | None:
        return gzip.decompress(data) if data and data.startswith(b"\x1f\x8b") else data

    return [path for path in sorted({*one, *other}) if held(one.get(path)) != held(other.get(path))]


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """This repository's list, built here and now, by the command itself."""
    site = reading_list(tmp_path_factory.mktemp("here"))
    assert cli.main(["build", "--lunr-json", "--site", str(site)]) == 0
    return snapshot(site / "_site")


@pytest.mark.parametrize("world", WORLDS)
def test_nothing_of_the_world_around_gets_into_a_site(world: str, here: dict[str, bytes], tmp_path: Path) -> None:
    home = tmp_path / "Another folder, ünlike" / "the first"
    found = built(reading_list(home), **WORLDS[world])
    assert len(here) > 1000
    assert differing(here, found) == []


def interpreters() -> Iterator[str]:
    """The other supported Pythons of this machine: those named in SITEGEN_PYTHONS, then those on the path."""
    named = os.environ.get("SITEGEN_PYTHONS", "").split(os.pathsep)
    yield from filter(None, named)
    yield from filter(None, (shutil.which(f"python3.{minor}") for minor in range(OLDEST, NEWEST + 1)))
    if pyenv := shutil.which("pyenv"):
        root = subprocess.run([pyenv, "root"], capture_output=True, text=True).stdout.strip()
        for minor in range(OLDEST, NEWEST + 1):
            yield from map(str, sorted(Path(root).glob(f"versions/3.{minor}.*/bin/python")))


def version(python: str) -> str:
    """`3.12` of an interpreter that starts; else nothing."""
    say = "import sys; print('%d.%d' % sys.version_info[:2])"
    return subprocess.run([python, "-c", say], capture_output=True, text=True).stdout.strip()


def with_needs(python: str, folder: Path) -> str:
    """An interpreter of this kind that has what sitegen needs: itself, or one in an environment made for the test."""
    if not subprocess.run([python, "-c", "import msgspec, lunr, PIL, watchfiles"], capture_output=True).returncode:
        return python
    subprocess.run([python, "-m", "venv", str(folder)], check=True, capture_output=True)
    own = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    needs = [str(own), "-m", "pip", "install", "-q", "--disable-pip-version-check", str(REPO)]
    done = subprocess.run(needs, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"the packages for {python} could not be installed: {done.stderr.strip().splitlines()[-1]}")
    return str(own)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("minor", range(OLDEST, NEWEST + 1), ids=lambda minor: f"3.{minor}")
def test_every_python_makes_the_same_site(minor: int, here: dict[str, bytes], tmp_path: Path) -> None:
    if sys.version_info[:2] == (3, minor):
        pytest.skip("is the one that runs the tests")
    python = next((python for python in interpreters() if version(python) == f"3.{minor}"), None)
    if python is None:
        pytest.skip(f"no Python 3.{minor} here: put it on the path, or name it in SITEGEN_PYTHONS")
    found = built(reading_list(tmp_path), with_needs(python, tmp_path / "environment"))
    assert differing(here, found) == []


def test_a_second_build_is_the_same(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = ["--base-url", "https://example.org/elsewhere/", "--repository", "", "--lunr-json"]
    assert cli.main(["build", "--verify", "--site", str(toy), *chosen]) == 0
    assert "verified: 0 files" in capsys.readouterr().out
    assert not [*(toy / ".sitegen").glob("verify-*")]
    assert not (toy / "content" / "_site").exists()


def test_what_differs_is_named(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A template of the site's own that shows chance."""
    page = REPO / "templates" / "prose.html"
    chance = "{{ range(1000000000)|random }}"
    write(
        toy / "templates" / "prose.html",
        page.read_text("utf-8").replace("{% endblock %}", chance + "{% endblock %}", 1),
    )
    assert cli.main(["build", "--verify", "--json", "--site", str(toy)]) == 1
    said = json.loads(capsys.readouterr().out)["differing"]
    names = {Path(item["file"]).relative_to(toy / "_site").as_posix() for item in said}
    assert "about/index.html" in names
    assert all(item["line"] > 0 and item["message"] and item["hint"] for item in said)


def test_files_of_one_build_only_and_packed_ones(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder, level in ((one, 1), (other, 9)):
        write(folder / "same.html", "x\ny\n")
        write(folder / "page.html", f"x\ny {level}\n")
        (folder / "packed").write_bytes(gzip.compress(b"words " * 99, level, mtime=level))
        (folder / "damaged").write_bytes(b"\x1f\x8b" + bytes([level]))
    write(one / "first", "")
    write(other / "second", "")
    said = {problem.where.file.rpartition(os.sep)[2]: problem for problem in verify.differences(one, other)}
    assert set(said) == {"page.html", "damaged", "first", "second"}
    assert said["page.html"].where.line == 2


def test_what_a_killed_run_left_is_swept(toy: Path) -> None:
    left = write(toy / ".sitegen" / "verify-99999999-x" / "page", "x").parent
    assert cli.main(["build", "--verify", "--site", str(toy)]) == 0
    assert not left.exists()


def test_a_second_build_that_fails_is_a_problem(
    toy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(verify.OTHERS, "PYTHONHASHSEED", "not a number")
    assert cli.main(["build", "--verify", "--site", str(toy)]) == 1
    assert "the second build failed" in capsys.readouterr().err
    assert (toy / "_site" / "index.html").is_file()
