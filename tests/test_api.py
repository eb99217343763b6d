"""The library: load, build, search; typed, and loaded only when it is asked for."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from need import REPO
from sites import BASE_URL, paper, write_site

import sitegen
from sitegen import api

RULES = "alpha: [one]\nbeta: [one, two]\n"
PAPERS = [paper("alpha", title="Sorting of toys"), paper("beta", title="Toys at rest")]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write_site(tmp_path / "site", PAPERS, overrides_yaml=RULES)


def test_a_list_is_loaded_built_and_searched(site: Path, tmp_path: Path) -> None:
    content = api.load(str(site))
    assert [(entry.slug, entry.topics) for entry in content.entries] == [("alpha", ("one",)), ("beta", ("one", "two"))]
    assert list(content.topics) == ["one", "two"]
    assert [result.slug for result in api.search(content, "sorting").results] == ["alpha"]
    assert len(api.search(content, "toys", limit=1).results) == 1
    report = api.build(site, tmp_path / "out", base_url="https://example.org/other/")
    assert report.papers == 2
    assert "https://example.org/other/" in (tmp_path / "out/sitemap.xml").read_text("utf-8")
    assert not (site / "_site").exists()


def test_the_address_of_the_file_holds_without_another(site: Path) -> None:
    assert api.load(site).site.base_url == BASE_URL
    assert api.load(site, base_url="").site.base_url == ""


def test_what_is_wrong_is_raised_all_at_once(tmp_path: Path) -> None:
    site = write_site(tmp_path, PAPERS, overrides_yaml="alpha: [nowhere]\nbeta: [neither]\n")
    with pytest.raises(api.SiteError) as caught:
        api.load(site)
    assert [problem.where.line for problem in caught.value.problems] == [1, 2]
    with pytest.raises(api.SiteError):
        api.build(site)
    assert not (site / "_site").exists()


def test_the_example_in_its_words_works(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = textwrap.dedent("    from sitegen" + str(api.__doc__).split("    from sitegen", 1)[1].split("\n\n`", 1)[0])
    example = text.replace("my-list", str(site))
    exec(compile(example, "example", "exec"), {})
    assert capsys.readouterr().out.startswith("Sorting of toys ('one',)\n")


def test_the_readme_shows_it() -> None:
    text = (REPO / "README.md").read_text("utf-8")
    assert "from sitegen import api" in text
    for name in ("load", "build", "search"):
        assert f"api.{name}(" in text
        assert getattr(api, name).__doc__


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    code = """
        import sys
        from sitegen import cli
        try:
            cli.main(["--help"])
        except SystemExit:
            pass
        heavy = {"numpy", "jinja2", "lunr", "PIL", "rich", "msgspec", "yaml", "sitegen.build", "sitegen.api"}
        print(sorted(heavy & set(sys.modules)), file=sys.stderr)
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=REPO)
    assert done.stderr.strip() == "[]"


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="threads are counted on Linux")
def test_a_command_starts_no_threads_that_only_wait() -> None:
    code = """
        import os, sys
        from sitegen import cli
        cli.main(["search", "sorting", "--site", "tests/toy"])
        assert "numpy" in sys.modules
        print(len(os.listdir("/proc/self/task")), file=sys.stderr)
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    given = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=REPO, env=given)
    assert done.stderr.split()[-1] == "1"


def test_a_process_of_its_own_leaves_its_memory_to_the_system() -> None:
    code = """
        import gc, sys
        from sitegen.__main__ import program
        sys.argv = ["sitegen", "search", "sorting", "--site", "tests/toy"]
        code = program()
        print(code, gc.get_freeze_count() > 1000, file=sys.stderr)
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=REPO)
    assert done.stderr.split()[-2:] == ["0", "True"]


def test_the_package_says_its_version() -> None:
    assert sitegen.__version__.count(".") == 2
