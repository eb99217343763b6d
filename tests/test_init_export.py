"""`init` makes a site that builds at once; `export` prints what the pages are made of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from sites import paper, snapshot, write, write_site

from sitegen import build, check, cli, urls


def export(site: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> list[dict[str, Any]]:
    assert cli.main(["export", "--site", str(site), "--format", "jsonl"]) == 0
    captured = capfdbinary.readouterr()
    assert captured.err == b""
    assert captured.out.endswith(b"\n") or not captured.out
    return [json.loads(line) for line in captured.out.splitlines()]


# --- init ---


@pytest.mark.parametrize(
    "name",
    [pytest.param("new", id="a new folder"), pytest.param("deep/down", id="below"), pytest.param("empty", id="empty")],
)
def test_a_new_site_builds_and_checks_without_errors(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    site = tmp_path / name
    assert cli.main(["init", str(site)]) == 0
    assert str(site) in capsys.readouterr().out
    report = build.build(site, base_url="https://example.org/mine/")
    assert report.papers >= 1
    assert report.topics >= 1
    assert report.warnings == []
    problems = check.run(site, site / "_site", "https://example.org/mine/").problems
    assert [str(problem) for problem in problems] == []


def test_a_new_site_keeps_what_is_built_and_private_out_of_the_repository(tmp_path: Path) -> None:
    cli.main(["init", str(tmp_path / "new")])
    ignored = (tmp_path / "new/.gitignore").read_text("utf-8").split()
    assert {"/_site/", "/.sitegen/", "/content/abstracts.jsonl"} <= set(ignored)


def test_a_new_site_s_workflow_builds_checks_and_publishes_with_the_rights_it_needs(tmp_path: Path) -> None:
    cli.main(["init", str(tmp_path / "new")])
    folder = tmp_path / "new/.github/workflows"
    assert {path.name for path in folder.iterdir()} == {"pages.yml", "preview.yml", "comment.yml", "import.yml"}
    workflow = yaml.safe_load((folder / "pages.yml").read_text("utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"]["cancel-in-progress"] is False
    publish = {name: job for name, job in workflow["jobs"].items() if "environment" in job}
    [job] = publish.values()
    assert job["permissions"] == {"pages": "write", "id-token": "write"}
    assert job["environment"]["name"] == "github-pages"
    steps = [step for each in workflow["jobs"].values() for step in each["steps"]]
    run = " ".join(step.get("run", "") for step in steps)
    assert "sitegen build --base-url" in run
    assert "sitegen check --base-url" in run
    used = {step["uses"].partition("@")[0] for step in steps if "uses" in step}
    assert {f"actions/{n}" for n in ("configure-pages", "upload-pages-artifact", "deploy-pages")} <= used
    installed = (tmp_path / "new/requirements.txt").read_text("utf-8").split()
    assert installed[0] != "sitegen" or "@" in installed  # the index has another project of that name


@pytest.mark.parametrize(
    "found",
    [
        pytest.param("folder/thesis.txt", id="a file"),
        pytest.param("folder/.hidden", id="a hidden file"),
        pytest.param("folder/below/x", id="a folder"),
        pytest.param("folder", id="a file of that name"),
    ],
)
def test_init_refuses_what_is_not_empty_and_writes_nothing(
    tmp_path: Path, found: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / found, "years of work")
    assert cli.main(["init", str(tmp_path / "folder")]) == 1
    assert snapshot(tmp_path) == {found: b"years of work"}
    assert "nothing was written" in capsys.readouterr().err


def test_a_second_init_changes_nothing(tmp_path: Path) -> None:
    assert cli.main(["init", str(tmp_path / "new")]) == 0
    before = snapshot(tmp_path)
    assert cli.main(["init", str(tmp_path / "new")]) == 1
    assert snapshot(tmp_path) == before


# --- export ---


def test_an_exported_paper_is_its_record_with_corrections_words_and_topics(
    toy: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    found = {line["slug"]: line for line in export(toy, capfdbinary)}
    records = map(json.loads, (toy / "content/papers.jsonl").read_text("utf-8").splitlines())
    expected = {record["slug"]: record for record in records if record["slug"] != "a-paper-that-the-curator-hid"}
    assert list(found) == sorted(expected)
    corrected = {**expected["a-misspelt-titel"], "title": "A Well-Spelt Title: Now Correct"}
    for slug, record in {**expected, "a-misspelt-titel": corrected}.items():
        assert found[slug].items() >= record.items()
    assert found["a-misspelt-titel"]["topics"] == ["quotation", "sorting"]
    assert found["p-a0331e41"]["topics"] == ["sorting", "reviewing"]
    assert found["p-a0331e41"]["abstract"] == "例だけで書かれた要旨。"
    words = found["sorting-examples-in-o-n-log-n-steps"]
    assert words["tldr"] == "Any pile of examples is sorted in $n \\log n$ comparisons, & no fewer."
    assert words["summary"].startswith("The paper sorts invented examples")
    assert words["keywords"] == ["sorting", "<ordering>", "cost & benefit"]


def test_the_exported_topics_are_those_of_the_pages(toy: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    build.build(toy)
    exported = {line["slug"]: line["topics"] for line in export(toy, capfdbinary)}
    for slug, topics in exported.items():
        twin = (toy / "_site" / urls.paper(slug)[1:] / "index.md").read_text("utf-8")
        shown = [part.partition("/)")[0] for part in twin.split("](../../topics/")[1:]]
        assert shown == topics


def test_an_override_s_note_and_links_are_exported(toy: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    [line] = [line for line in export(toy, capfdbinary) if line["slug"] == "a-misspelt-titel"]
    text = json.dumps(line)
    assert "Start here; the proof of" in text
    assert "https://example.org/slides?a=1&b=2" in text


def test_an_exported_paper_without_a_topic_says_so(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    site = write_site(tmp_path, [paper("something-else", venue="Toy", unknown_key={"kept": [1]})])
    [line] = export(site, capfdbinary)
    assert line == {**paper("something-else", venue="Toy", unknown_key={"kept": [1]}), "topics": []}


def test_an_empty_list_exports_nothing(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert export(write_site(tmp_path), capfdbinary) == []


def test_export_of_broken_content_prints_no_data(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    site = write_site(tmp_path, [paper("alpha")], overrides_yaml="alpha: [no-such-topic]")
    assert cli.main(["export", "--site", str(site)]) == 1
    captured = capfd.readouterr()
    assert captured.out == ""
    assert "content/overrides.yaml:1:9: " in captured.err
    assert [path.name for path in site.iterdir()] == ["content"]
