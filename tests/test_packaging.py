"""A wheel made from the sdist, installed alone with its dependencies, builds a site from another folder."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[1]
HAS_BUILD = importlib.util.find_spec("build") is not None
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not HAS_BUILD, reason="the package build is not installed")]


def run(*command: str | Path, cwd: Path) -> str:
    """Run without the settings of this test run; returns what was printed."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV", "COV", "PYTEST"))}
    result = subprocess.run(
        [*map(str, command)], cwd=cwd, env=environment, capture_output=True, text=True, timeout=200, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sdist, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("dist")
    # Without an isolated environment nothing has to be fetched, if the backend is here.
    here = ["--no-isolation"] if importlib.util.find_spec("hatchling") else []
    run(sys.executable, "-m", "build", *here, "--outdir", folder, ROOT, cwd=folder)
    [sdist], [wheel] = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return sdist, wheel


@pytest.fixture(scope="session")
def installed(made: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment with the wheel and what it needs, no extras."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    python = programs / "python"
    packages = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=home).strip())
    with zipfile.ZipFile(made[1]) as wheel:
        [metadata] = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
        needs = importlib.metadata.PathDistribution(zipfile.Path(made[1]) / metadata.rpartition("/")[0]).requires
    copied: set[str] = set()
    for requirement in needs or ():
        copy_distribution(requirement, packages, copied)
    assert {"jinja2", "lunr", "msgspec"} <= copied
    assert copied.isdisjoint({"pytest", "hypothesis", "html5lib", "playwright", "hatchling", "mypy", "sitegen"})
    options = ["--no-index", "--disable-pip-version-check", "--quiet"]
    run(sys.executable, "-m", "pip", "--python", python, "install", *options, made[1], cwd=home)
    return programs


def copy_distribution(requirement: str, target: Path, copied: set[str]) -> None:
    """Copy an installed package that is required, and all that it requires. Extras and other systems' are left out."""
    spec, _, marker = requirement.partition(";")
    if "extra" in marker:
        return
    found = re.match(r"[\w.-]+", spec)
    assert found
    name = re.sub(r"[-_.]+", "-", found[0]).lower()
    try:
        distribution = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        assert marker, f"{name} is required, but not installed here"
        return
    if name in copied:
        return
    copied.add(name)
    for file in distribution.files or ():
        source = Path(str(distribution.locate_file(file)))
        if ".." not in file.parts and "__pycache__" not in file.parts and source.is_file():
            (target / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target / file)
    for other in distribution.requires or ():
        copy_distribution(other, target, copied)


def under(folder: Path, *, without: str = "__pycache__") -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and without not in p.parts}


def test_the_wheel_carries_the_program_the_templates_and_the_starter(made: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(made[1]) as wheel:
        names = set(wheel.namelist())
    assert {f"sitegen/templates/{name}" for name in under(ROOT / "templates")} <= names
    assert {f"sitegen/{name}" for name in under(ROOT / "sitegen")} <= names
    assert not [name for name in names if "__pycache__" in name]  # the code of templates lies there, too
    packages = {PurePosixPath(name).parts[0] for name in names}
    assert {name for name in packages if not name.endswith(".dist-info")} == {"sitegen"}


def test_a_typed_package_says_so_in_its_wheel(made: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(made[1]) as wheel:
        [metadata] = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
        typed = b"Typing :: Typed" in wheel.read(metadata)
        assert ("sitegen/py.typed" in wheel.namelist()) == typed


def test_the_sdist_has_the_templates_at_their_place_and_no_content(made: tuple[Path, Path]) -> None:
    with tarfile.open(made[0]) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {f"templates/{name}" for name in under(ROOT / "templates")} <= names
    assert {"pyproject.toml", "README.md", "LICENSE"} <= names
    assert [name for name in names if name.startswith(("content/", "_site", ".venv", "tests/"))] == []


def test_the_wheel_alone_makes_and_builds_a_site_from_another_folder(installed: Path, tmp_path: Path) -> None:
    sitegen = installed / "sitegen"
    run(sitegen, "init", "mine", cwd=tmp_path)
    run(sitegen, "build", "--site", "mine", "--base-url", "https://example.org/mine/", cwd=tmp_path)
    assert run(sitegen, "check", "--site", "mine", "--base-url", "https://example.org/mine/", cwd=tmp_path)
    assert "My reading list" in (tmp_path / "mine/_site/index.html").read_text("utf-8")
    [assets] = (tmp_path / "mine/_site/assets").iterdir()
    assert {"search/search.js", "search/dialog.js", "site.js", "site.css"} <= under(assets)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine"]


def test_the_wheel_and_this_source_build_the_same_bytes(installed: Path, toy: Path, tmp_path: Path) -> None:
    run(installed / "sitegen", "build", "--site", toy, "--output", tmp_path / "wheel", cwd=tmp_path)
    run(sys.executable, "-m", "sitegen", "build", "--site", toy, "--output", tmp_path / "source", cwd=ROOT)
    wheel, source = tmp_path / "wheel", tmp_path / "source"
    assert under(wheel) == under(source)
    assert [name for name in under(wheel) if (wheel / name).read_bytes() != (source / name).read_bytes()] == []


@pytest.mark.parametrize("command", ["--help", "--version"])
def test_the_program_starts_without_a_site(installed: Path, tmp_path: Path, command: str) -> None:
    assert "sitegen" in run(installed / "sitegen", command, cwd=tmp_path)


def test_packages_of_one_date_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their members are dated by SOURCE_DATE_EPOCH, not by the clock."""
    if not importlib.util.find_spec("hatchling"):
        pytest.skip("the backend is not installed")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    made = []
    for name in ("one", "other"):
        folder = tmp_path / name
        folder.mkdir()
        run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
        made.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert made[0] == made[1]
    [wheel] = (tmp_path / "one").glob("*.whl")
    with zipfile.ZipFile(wheel) as members:
        assert {member.date_time[:3] for member in members.infolist()} == {(2023, 11, 14)}
