"""Builds that make only what has changed: the same bytes as a clean one, whatever was edited, whatever went wrong."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import TOY
from edits import EDITS, edit
from hypothesis import given, settings
from hypothesis import strategies as st
from sites import write

from sitegen import build, cli, features, figures, output, relate, search, snapshot
from sitegen.build import state
from sitegen.errors import SiteError
from sitegen.pages import stock


def built(folder: Path) -> dict[str, bytes]:
    """All files of an output, its marker among them."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def clean(site: Path) -> dict[str, bytes]:
    """What a build makes that knows of no other."""
    folder = site.parent / "clean"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(site, folder, ignore=shutil.ignore_patterns("_site*", ".sitegen"))
    build.build(folder)
    return built(folder / "_site")


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Each test looks at the program anew, as a process does."""
    yield
    snapshot.version.cache_clear()


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A built copy of the toy site."""
    site = Path(shutil.copytree(TOY, tmp_path / "toy", ignore=shutil.ignore_patterns("_site", ".sitegen")))
    build.build(site)
    return site


@settings(max_examples=10, deadline=None)
@given(st.lists(st.sampled_from([*sorted(EDITS), "a template", "a script"]), min_size=1, max_size=5))
def test_after_any_edits_the_output_is_that_of_a_clean_build(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    site = Path(shutil.copytree(TOY, tmp_path_factory.mktemp("edits") / "site"))
    build.build(site)
    for name in names:
        if name in EDITS:
            edit(site, name)
        else:
            path = site / "templates" / ("offline.html" if name == "a template" else "assets/own.js")
            path.unlink() if path.exists() else write(path, '{% extends "sitegen/offline.html" %}\n')
        try:
            build.build(site)
        except SiteError:
            continue
        assert built(site / "_site") == clean(site)


def test_one_paper_moved_makes_its_page_and_both_lists_anew_and_no_other_papers(toy: Path) -> None:
    before = {path: (toy / "_site" / path).stat().st_ino for path in built(toy / "_site")}
    edit(toy, "topics")
    made = {name for name, _ in build.build(toy).made}
    assert {"topics/sorting/index.html", "topics/quotation/index.html", "search"} <= made
    papers = {name for name in made if name.startswith("papers/")}
    assert papers < {path for path in before if path.startswith("papers/") and path.endswith(".html")}
    kept = [path for path in before if path.startswith("papers/") and path not in papers and path.endswith(".html")]
    assert kept
    assert all((toy / "_site" / path).stat().st_ino == before[path] for path in kept)


def test_what_was_made_is_explained(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(toy, "topics")
    assert cli.main(["build", "--site", str(toy), "--explain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "search: papers" in lines
    assert any(line.startswith("topics/quotation/index.html: papers") for line in lines)


def test_a_build_with_nothing_to_do_says_the_same_and_writes_nothing(
    toy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["build", "--site", str(toy), "--json"]
    assert cli.main(command) == 0
    first = json.loads(capsys.readouterr().out)
    times = {path: (toy / "_site" / path).stat().st_mtime_ns for path in built(toy / "_site")}
    assert cli.main(command) == 0
    assert json.loads(capsys.readouterr().out) == {**first, "seconds": {}}
    assert {path: (toy / "_site" / path).stat().st_mtime_ns for path in built(toy / "_site")} == times


def own(toy: Path, **templates: str) -> set[str]:
    """The kinds of pages that are made anew once the site has these templates of its own, named by their addresses."""
    for name, text in templates.items():
        write(toy / "templates" / f"{name}.html", text)
    report = "about/report/index.html"  # says how large all others are
    made = {name for name, _ in build.build(toy).made if name.endswith("index.html") and name != report}
    assert built(toy / "_site") == clean(toy)
    return {name.split("/")[0] if name.count("/") > 1 else name for name in made}


EXTENDED = """{% extends "sitegen/paper.html" %}
{% block head %}<!-- It's --><!-- here: -->{%-include 'part.html' ignore missing-%}{% endblock %}"""


def test_a_template_remakes_the_pages_that_are_made_by_it(toy: Path) -> None:
    assert own(toy, part="<meta name=a>") == set()
    assert own(toy, paper=EXTENDED) == {"papers"}
    assert own(toy, part="<meta name=b>") == {"papers"}
    assert own(toy, suggest="<p>mine</p>") == {"papers", "topics"}
    (toy / "templates" / "suggest.html").unlink()
    assert own(toy, part='{%- include "./more.html" %}', more="<meta name=c>") == {"papers", "topics"}
    assert own(toy, more="<meta name=d>") == {"papers"}
    assert own(toy, meta="<meta name=e>") >= {"papers", "topics", "authors", "index.html", "map/index.html"}


@pytest.mark.parametrize(
    "loads", ['{% include "pa" ~ "rt.html" %}', '{% include ["none.html", name] %}', "{%- include\xa0name -%}"]
)
def test_a_template_that_loads_what_it_does_not_name_may_load_any(toy: Path, loads: str) -> None:
    text = '{% extends "sitegen/about.html" %}{% block head %}{% set name = "part.html" %}' + loads + "{% endblock %}"
    own(toy, part="<meta name=a>", prose=text.replace("about", "prose"))
    assert own(toy, part="<meta name=b>") == {"about/index.html"}


def test_words_of_a_template_that_no_page_shows_remake_nothing(toy: Path) -> None:
    assert own(toy, never='{% extends "base.html" %}') == set()


@pytest.mark.parametrize("option", ["--lunr-json", "--base-url=https://example.com/x/", "--repository="])
def test_other_options_make_another_site(toy: Path, option: str) -> None:
    assert cli.main(["build", "--site", str(toy)]) == 0
    before = built(toy / "_site")
    assert cli.main(["build", "--site", str(toy), option]) == 0
    assert built(toy / "_site") != before
    assert cli.main(["build", "--site", str(toy)]) == 0
    assert built(toy / "_site") == before


def unlink(path: Path) -> None:
    path.unlink()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def spoil(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 255
    path.write_bytes(data)


@pytest.mark.parametrize("harm", [unlink, cut, spoil, lambda path: path.write_bytes(b"\xc1")])
@pytest.mark.parametrize("kind", ["*.state", "*.note", "table", "related", "authors", "map", "assets"])
def test_a_damaged_memory_costs_time_and_nothing_else(toy: Path, harm: object, kind: str) -> None:
    assert cli.main(["build", "--site", str(toy)]) == 0
    kept = [*(toy / ".sitegen" / "memo").glob(kind)]
    assert kept
    for path in kept:
        harm(path)  # type: ignore[operator]
    edit(toy, "topics" if kind in ("table", "related", "map") else "a note")
    assert cli.main(["build", "--site", str(toy)]) == 0
    assert built(toy / "_site") == clean(toy)


def test_a_file_taken_out_of_the_output_comes_back_and_a_strange_one_goes(toy: Path) -> None:
    assert cli.main(["build", "--site", str(toy)]) == 0
    (toy / "_site" / "papers" / "index.html").write_text("strange")
    (toy / "_site" / "index.html").unlink()
    assert cli.main(["build", "--site", str(toy)]) == 0
    assert built(toy / "_site") == clean(toy)


@pytest.mark.parametrize("links", [1, 2])
def test_all_folders_are_looked_into_where_the_disk_does_not_count_them(
    toy: Path, monkeypatch: pytest.MonkeyPatch, links: int
) -> None:
    counted, stat = snapshot.folders(toy / "_site"), os.stat
    with monkeypatch.context() as patch:
        patch.setattr(os, "stat", lambda path: SimpleNamespace(st_mtime_ns=stat(path).st_mtime_ns, st_nlink=links))
        assert snapshot.folders(toy / "_site") == counted
    write(toy / "_site" / "papers" / "p-a0331e41" / "deep" / "strange.html", "strange")
    assert snapshot.folders(toy / "_site") != counted


def test_an_output_of_another_build_is_not_taken_for_ones_own(toy: Path) -> None:
    other = toy.parent / "other"
    shutil.copytree(toy, other)
    edit(other, "a site's title")
    build.build(other)
    shutil.rmtree(toy / "_site")
    shutil.copytree(other / "_site", toy / "_site")
    build.build(toy)
    assert built(toy / "_site") == clean(toy)


def test_what_was_reckoned_is_not_reckoned_again(toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(toy, "a note")
    with monkeypatch.context() as patch:
        for module, name in (
            (features, "table"),
            (relate, "vectors"),
            (relate, "relate"),
            (figures, "draw"),
            (stock, "gather"),
        ):
            patch.setattr(module, name, None)
        build.build(toy)
    assert built(toy / "_site") == clean(toy)


def test_a_paper_moved_has_no_text_analysed_again(toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(toy, "topics")
    counted = features.table

    def table(said: Iterable[features.Texts]) -> features.Table:
        texts = list(said)
        assert len(texts) <= len(topics), "more than what the curator says of topics"
        return counted(texts)

    topics = build.load(toy).topics
    with monkeypatch.context() as patch:
        patch.setattr(features, "table", table)
        for module, name in ((search, "cut"), (stock, "gather")):
            patch.setattr(module, name, None)
        assert "search" in {name for name, _ in build.build(toy).made}
    assert built(toy / "_site") == clean(toy)


@pytest.mark.parametrize("text", ["a template", "a note"])
def test_where_nothing_is_counted_numpy_is_not_loaded(toy: Path, text: str) -> None:
    """It takes as long to load as all the rest."""
    write(toy / "templates/topics.html", '{% extends "sitegen/topics.html" %}\n')
    build.build(toy)
    if text == "a template":
        write(
            toy / "templates/topics.html", '{% extends "sitegen/topics.html" %}{% block head %}<!---->{% endblock %}\n'
        )
    else:
        edit(toy, text)
    program = (
        "import sys; from pathlib import Path; from sitegen import build; "
        f"made = build.build(Path({str(toy)!r})).made; print(len(made) > 0, 'numpy' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["True", "False" if text == "a template" else "True"]


def test_what_another_version_reckoned_is_reckoned_again(toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "version", lambda: "of tomorrow")
    monkeypatch.setattr(features, "table", None)
    with pytest.raises(TypeError):
        build.build(toy)


def test_what_was_reckoned_of_another_list_is_left_alone(toy: Path) -> None:
    other = toy.parent / "other"
    shutil.copytree(toy, other)
    edit(other, "words")
    build.build(other)
    for name in ("table", "said", "related", "authors", "map", "assets"):
        shutil.copy(other / ".sitegen/memo" / name, toy / ".sitegen/memo" / name)
    edit(toy, "topics")
    build.build(toy)
    assert built(toy / "_site") == clean(toy)


def test_the_reasons_are_the_facts_that_are_new_gone_under_their_name_or_other() -> None:
    before = state.begun({"a": 1, "b": 2, "d": 4})
    assert state.reasons(None, before, {"a": 1, "b": 2, "d": 4}) == ()
    facts = {"a": 1, "c": 2, "d": 5, "e": 6}
    assert state.reasons(before, state.begun(facts), facts) == ("c", "d", "e")


def test_a_template_that_comes_to_name_the_search_remakes_pages_because_of_that(toy: Path) -> None:
    write(toy / "templates/authors.html", '{% extends "sitegen/authors.html" %}{# manifest #}')
    made = dict(build.build(toy).made)
    assert made["authors/index.html"] == ("search", "templates")
    assert {made[path] for path in made if path.startswith("papers/")} == {("search",)}


def test_another_version_of_the_program_makes_everything_anew(toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert state.load(toy, toy / "_site")
    monkeypatch.setattr(snapshot, "version", lambda: "of tomorrow")
    assert state.load(toy, toy / "_site") is None


# --- The journal ---


def half_done(toy: Path, moves: list[str], gone: list[str], more: dict[str, object] | None = None) -> None:
    """Leave an output as a run does that was killed with all staged and nothing moved."""
    staged = toy / "_site.new-999999999"
    for number, path in enumerate(moves):
        write(staged / str(number), f"new {path}")
    write(staged / output.MARKER, "holds the new\n")
    said = {"staged": staged.name, "moves": [(str(n), path) for n, path in enumerate(moves)], "gone": gone}
    write(toy / "_site.journal", json.dumps(said | (more or {})))


def test_what_a_killed_run_began_is_completed(toy: Path) -> None:
    half_done(toy, ["index.html", "brand/new/index.html"], ["about/index.html", "about/index.md"])
    output.recover(toy / "_site")
    assert (toy / "_site" / "index.html").read_text() == "new index.html"
    assert (toy / "_site" / "brand/new/index.html").read_text() == "new brand/new/index.html"
    assert not (toy / "_site" / "about/index.html").exists()
    assert (toy / "_site" / output.MARKER).read_text() == "holds the new\n"
    assert sorted(path.name for path in toy.iterdir()) == [".sitegen", "_site", "content"]


@pytest.mark.parametrize(
    "more",
    [
        {"moves": [("0", "../stranger")]},
        {"moves": [("../content/about.md", "index.html")]},
        {"moves": ["index.html"]},
        {"gone": ["/etc/hostname"]},
        {"gone": ["a/../../content/about.md"]},
        {"staged": "../elsewhere"},
        {"staged": "content"},
        {"moves": "index.html"},
        {"moves": [1]},
        {"gone": None},
    ],
)
def test_a_strange_journal_moves_and_removes_nothing(toy: Path, more: dict[str, object]) -> None:
    before, content = built(toy / "_site"), built(toy / "content")
    half_done(toy, ["index.html"], ["about/index.html"], more)
    output.recover(toy / "_site")
    del before[output.MARKER]
    after = built(toy / "_site")
    after.pop(output.MARKER)
    assert after == before
    assert built(toy / "content") == content
    assert output.held(toy / "_site") == ""  # so the next build makes everything
    build.build(toy)
    assert built(toy / "_site") == clean(toy)


def test_a_journal_follows_no_link_out_of_the_output(toy: Path, tmp_path: Path) -> None:
    outside = write(tmp_path / "outside" / "index.html", "precious")
    shutil.rmtree(toy / "_site" / "about")
    os.symlink(outside.parent, toy / "_site" / "about")
    half_done(toy, ["about/index.html"], [])
    output.recover(toy / "_site")
    assert outside.read_text() == "precious"
    assert (toy / "_site" / "about/index.html").read_text() == "new about/index.html"
    os.symlink(outside.parent, toy / "_site" / "linked")
    half_done(toy, [], ["linked/index.html"])
    output.recover(toy / "_site")
    assert outside.read_text() == "precious"


def test_a_file_takes_the_place_of_a_folder_and_a_folder_that_of_a_file(toy: Path) -> None:
    write(toy / "_site" / "was-a-folder" / "x.html", "x")
    write(toy / "_site" / "was-a-file", "x")
    half_done(toy, ["was-a-folder", "was-a-file/index.html"], [])
    output.recover(toy / "_site")
    assert (toy / "_site" / "was-a-folder").is_file()
    assert (toy / "_site" / "was-a-file/index.html").is_file()


# --- The note that a build with nothing to do is told by ---


def test_a_file_changed_within_the_clocks_tick_is_seen(toy: Path) -> None:
    path = toy / "content" / "about.md"
    text = path.read_text("utf-8")
    assert cli.main(["build", "--site", str(toy)]) == 0
    times = path.stat()
    write(path, text[:-2] + "?\n")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert cli.main(["build", "--site", str(toy)]) == 0
    assert built(toy / "_site") == clean(toy)


def test_the_same_content_with_other_times_is_the_same(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["build", "--site", str(toy)]) == 0
    for path in (toy / "content").rglob("*"):
        os.utime(path, (10**9, 10**9))
    capsys.readouterr()
    assert cli.main(["build", "--site", str(toy)]) == 0
    assert capsys.readouterr().out.startswith("nothing has changed\n")


def test_versions_tell_programs_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = snapshot.version()
    assert here == snapshot.version()
    (tmp_path / "site-packages" / "other-1.0.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(str(tmp_path / "site-packages"))
    assert snapshot.version() == here  # what runs is what was loaded
    snapshot.version.cache_clear()
    assert snapshot.version() != here


def test_links_that_lead_nowhere_or_back_stop_nothing(toy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.symlink("nowhere", toy / "content" / ".#overrides.yaml")  # as an editor's lock
    for name in ("back", "again"):
        os.symlink(toy / "content", toy / "content" / "notes" / name)
    for start in ("read", "nothing has changed"):
        capsys.readouterr()
        assert cli.main(["build", "--site", str(toy)]) == 0
        assert capsys.readouterr().out.startswith(start)


def test_a_file_that_a_template_includes_is_seen(toy: Path) -> None:
    write(
        toy / "templates" / "offline.html",
        '{% extends "sitegen/offline.html" %}{% block head %}{% include "a.txt" %}{% endblock %}',
    )
    for text in ("one", "two"):
        write(toy / "templates" / "a.txt", text)
        build.build(toy)
        assert built(toy / "_site") == clean(toy)
        assert text in (toy / "_site" / "offline.html").read_text("utf-8")


def test_a_journal_that_cannot_be_carried_out_is_a_problem(toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    half_done(toy, ["index.html"], [])

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "index.html")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refuse)
        with pytest.raises(SiteError, match="could not be written: Permission denied"):
            output.recover(toy / "_site")
    output.recover(toy / "_site")
    assert (toy / "_site" / "index.html").read_text() == "new index.html"


def test_a_change_of_the_shipped_templates_is_seen(
    toy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shipped = write(tmp_path / "shipped" / "page.html", "one")
    monkeypatch.setattr(snapshot, "_SHIPPED", [*snapshot._SHIPPED, shipped.parent])
    for text, same in (("one", False), ("one", True), ("two", False)):
        write(shipped, text)
        snapshot.version.cache_clear()  # as each process finds it
        capsys.readouterr()
        assert cli.main(["build", "--site", str(toy)]) == 0
        assert capsys.readouterr().out.startswith("nothing has changed") == same
