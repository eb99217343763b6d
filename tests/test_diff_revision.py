"""`sitegen diff`: papers and pages that differ from a git revision, and a comment that is safe to post."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import need
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from sites import paper, write, write_site

from sitegen import cli, diff
from sitegen.errors import SiteError

PAPERS = [paper("first", published="2026-01"), paper("second"), paper("third"), paper("alpha-beta")]
OVERRIDES = "# Mine\nfirst: [one]\nsecond: [two]\nthird:\n  topics: [one]\nalpha-beta: [two]\n"


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=Curator", "-c", "user.email=curator@example.org", "-c", "commit.gpgsign=false"]
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run([need.program("git"), "-C", str(folder), *who, *arguments], check=True, env=environment)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site in a repository, all of it committed."""
    made = write_site(tmp_path / "list", PAPERS, overrides_yaml=OVERRIDES)
    write(made / ".gitignore", ".sitegen/\n/content/abstracts.jsonl\n")
    git(made, "init", "-q")
    git(made, "add", ".")
    git(made, "commit", "-q", "-m", "all")
    return made


def edit(site: Path, before: str, after: str) -> None:
    text = (site / "content/overrides.yaml").read_text("utf-8")
    assert before in text
    write(site / "content/overrides.yaml", text.replace(before, after))


def slugs(changes: tuple[diff.Change, ...]) -> list[str]:
    return [change.slug for change in changes]


def test_nothing_changed_is_said_in_one_sentence(site: Path) -> None:
    report = diff.run(site)
    assert not report
    assert re.fullmatch(r"Nothing differs from HEAD \([0-9a-f]{10}\)\.", str(report))
    assert {path.name for path in (site / ".sitegen").iterdir()} <= {"cards", "templates"}


def test_a_moved_paper_changes_its_own_page_and_those_of_both_topics(site: Path) -> None:
    edit(site, "first: [one]", "first: [two, one]")
    report = diff.run(site)
    assert [(c.slug, c.before, c.after) for c in report.moved] == [("first", ("one",), ("two", "one"))]
    assert {"/papers/first/", "/topics/one/", "/topics/two/"} <= {*report.pages_changed}
    assert "/about/" not in report.pages_changed
    assert "one → two, one" in str(report)


def test_hidden_new_retitled_reworded_and_corrected_papers(site: Path) -> None:
    edit(site, "first: [one]", "first:\n  topics: [one]\n  title: First of all\n  note: Read it.\n")
    edit(site, "second: [two]", "second:\n  hide: true\n")
    write(site / "content/summaries/a.yaml", "third:\n  tldr: Short.\n")
    lines = [json.dumps(p) for p in [*PAPERS, paper("new-one")]]
    write(site / "content/papers.jsonl", "\n".join(lines).replace('"2026-01"', '"2026-02"') + "\n")
    report = diff.run(site)
    assert slugs(report.retitled) == slugs(report.corrected) == ["first"]
    assert report.retitled[0].before == ("First",)
    assert {c.slug: c.after for c in report.reworded} == {"first": ("note",), "third": ("tldr",)}
    assert slugs(report.vanished) == ["second"]
    assert slugs(report.appeared) == ["new-one"]
    assert "/papers/new-one/" in report.pages_new
    assert "/papers/second/" in report.pages_gone


def test_another_address_is_no_other_paper(site: Path) -> None:
    edit(site, "third:\n", "third:\n  slug: third-time\n")
    report = diff.run(site)
    assert not report.appeared + report.vanished
    assert {c.slug: c.after for c in report.corrected} == {"third": ("address",)}
    assert "/papers/third-time/" in report.pages_new


def test_abstracts_that_git_does_not_keep_make_no_difference(site: Path) -> None:
    write(site / "content/abstracts.jsonl", '{"slug":"first","abstract":"Alpha and beta, at length."}\n')
    assert not diff.run(site)


def test_a_template_of_the_site_s_own_changes_its_pages(site: Path) -> None:
    write(site / "templates/404.html", '{% extends "sitegen/404.html" %}{% block footer %}Mine{% endblock %}')
    assert diff.run(site).pages_changed == ("/404.html",)


def test_old_templates_that_no_longer_work_give_way_to_those_of_today(site: Path) -> None:
    write(site / "templates/404.html", "{{ no.such.thing }}")
    git(site, "add", ".")
    git(site, "commit", "-q", "-m", "broken")
    (site / "templates/404.html").unlink()
    assert not diff.run(site)


def test_any_revision_can_be_named_and_nothing_is_checked_out(site: Path) -> None:
    edit(site, "first: [one]", "first: [two]")
    git(site, "commit", "-q", "-a", "-m", "moved")
    edit(site, "third:\n", "third:\n  pin: true\n")
    before = (site / "content/overrides.yaml").read_bytes()
    assert slugs(diff.run(site, "HEAD~1").moved) == ["first"]
    assert slugs(diff.run(site, "HEAD").moved) == []
    assert (site / "content/overrides.yaml").read_bytes() == before


def test_a_site_in_a_folder_of_a_repository(tmp_path: Path) -> None:
    made = write_site(tmp_path / "deep" / "list", PAPERS, overrides_yaml=OVERRIDES)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "all")
    edit(made, "first: [one]", "first: [two]")
    assert slugs(diff.run(made).moved) == ["first"]


def test_before_there_was_a_site_every_paper_is_new(site: Path) -> None:
    git(site, "rm", "-rq", "--cached", "content")
    git(site, "commit", "-q", "-m", "nothing")
    assert len(diff.run(site).appeared) == len(PAPERS)


def test_links_in_the_repository_lead_nowhere(site: Path, tmp_path: Path) -> None:
    write(tmp_path / "secret.yaml", "first: [two]\n")
    (site / "content/overrides.yaml").unlink()
    (site / "content/overrides.yaml").symlink_to(tmp_path / "secret.yaml")
    git(site, "commit", "-q", "-a", "-m", "a link")
    (site / "content/overrides.yaml").unlink()
    write(site / "content/overrides.yaml", "first: [two]\n")
    assert diff.run(site).moved  # the old state had no overrides


# --- What cannot be done ---


def problem(site: Path, revision: str = "HEAD") -> str:
    with pytest.raises(SiteError) as caught:
        diff.run(site, revision)
    return str(caught.value)


def test_outside_a_repository_is_a_problem_with_a_hint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert "is in no git repository\n    hint:" in problem(write_site(tmp_path, PAPERS))


def test_without_git_is_a_problem_with_a_hint(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert "is not installed\n    hint:" in problem(site)


@pytest.mark.parametrize("revision", ["nothing", "--help", "-h", "HEAD:content", "HEAD~99", ""])
def test_a_revision_that_is_none_is_a_problem(site: Path, revision: str) -> None:
    assert f'git knows no revision "{revision}"' in problem(site, revision)


def test_problems_of_the_old_state_name_the_revision(site: Path) -> None:
    edit(site, "first: [one]", "first: [won]")
    git(site, "commit", "-q", "-a", "-m", "broken")
    edit(site, "first: [won]", "first: [one]")
    assert 'HEAD:content/overrides.yaml:2:9: unknown topic "won"' in problem(site)


# --- Forms ---


def test_the_command_prints_text_markdown_or_json(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(site, "first: [one]", "first: [two]")
    assert cli.main(["diff", "--site", str(site)]) == 0
    text = capsys.readouterr().out
    assert "Moved\n  First\n      one → two\n" in text
    assert all(len(line) <= diff.WIDTH for line in text.splitlines())
    assert cli.main(["diff", "HEAD", "--site", str(site), "--markdown"]) == 0
    assert capsys.readouterr().out.startswith(diff.MARK + "\n")
    assert cli.main(["diff", "HEAD", "--site", str(site), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["moved"][0]["after"] == ["two"]
    assert cli.main(["diff", "none", "--site", str(site)]) == 1


HOSTILE = [
    "@someone look",
    "[a](https://evil.example)",
    "<img src=x onerror=alert(1)>",
    "`code` and ``more`` `",
    "#12 fixes #13",
    "https://evil.example/",
    "</details>",
    "a\n\n# heading\n- list",
    "| a | b |",
    "$x$ \\` ``` ",
    "``",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_stays_text_in_the_comment(title: str) -> None:
    change = diff.Change("x", title, (title,), (title,))
    report = diff.Report("HEAD", "0123456789", (change,), retitled=(change,), pages_changed=(f"/{title}/",))
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(report.markdown())
    inside = [child for token in tokens for child in token.children or []]
    shown = [re.sub(r"\s+", " ", title).strip() or " "]
    assert {child.type for child in inside} <= {"text", "code_inline", "softbreak", "strong_open", "strong_close"}
    assert shown[0] in [child.content for child in inside if child.type == "code_inline"]
    texts = " ".join(child.content for child in inside if child.type == "text")
    assert "@" not in texts
    assert "evil" not in texts
    html = "".join(token.content for token in tokens if token.type == "html_block")
    assert set(re.findall(r"<[^>]*>", html)) <= {diff.MARK, "<details>", "</details>", "<summary>", "</summary>"}


@given(st.lists(st.text(min_size=1), max_size=200), st.integers(0, 3000))
def test_a_comment_is_never_too_long(titles: list[str], pages: int) -> None:
    changes = tuple(diff.Change("x", title * 30, ("one",), ("two",)) for title in titles)
    paths = tuple(f"/papers/{n}/" for n in range(pages))
    report = diff.Report(
        "HEAD", "0123456789", changes, changes, changes, changes, changes, changes, paths, paths, paths
    )
    assert len(report.markdown()) < 65_536
