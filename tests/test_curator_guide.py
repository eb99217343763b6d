"""The README's guide for curators, followed to the letter on a copy of this repository's list."""

from __future__ import annotations

import re
from pathlib import Path

import need
import pytest
from sites import paper, write, write_site

from sitegen import build, check, cli, keys

README = (need.REPO / "README.md").read_text("utf-8")
GUIDE = README[README.index("## Correct the list") : README.index("## Make your own site")]
ON_GITHUB = GUIDE[GUIDE.index("### On GitHub") :]
BEFORE, MOVED, HIDDEN, RENAMED = re.findall(r"```yaml\n(.*?)```", ON_GITHUB, re.DOTALL)
SLUG = BEFORE.partition(":")[0]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return need.reading_list(tmp_path)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")


def test_the_table_says_every_key(capsys: pytest.CaptureFixture[str]) -> None:
    named = set(re.findall(r"`(\w+)`", "".join(line for line in GUIDE.splitlines() if line.startswith("| `"))))
    assert set(keys.OVERRIDE) - set(keys.CORRECTIONS) <= named
    assert named - {"true", "name"} <= set(keys.OVERRIDE) | {"URL"}


def test_the_mistake_that_is_shown_is_shown_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    topics = "- group: G\n  slug: g\n  topics:\n    - {slug: peft-lora, name: P}\n"
    text = "#\n" * 11 + "lora: [peft-lroa]\n"
    folder = write_site(tmp_path, [paper("lora")], topics_yaml=topics, overrides_yaml=text)
    assert cli.main(["build", "--site", str(folder)]) == 1
    shown = re.findall(r"```\n(content/.*?)```", GUIDE, re.DOTALL)
    assert [capsys.readouterr().err.split("\n\n")[0] + "\n"] == shown


def test_a_paper_is_moved_hidden_and_shown_again(site: Path) -> None:
    overrides = site / "content/overrides.yaml"
    original = overrides.read_text("utf-8")
    replace(overrides, BEFORE, MOVED)
    placed = {entry.slug: entry.topics for entry in build.load(site).entries}
    assert placed[SLUG] == tuple(re.findall(r"[a-z-]+", MOVED.partition(":")[2]))
    replace(overrides, MOVED, HIDDEN)
    build.build(site)
    assert not (site / "_site/papers" / SLUG).exists()
    assert [str(p) for p in check.run(site, site / "_site").problems if p.level == "error"] == []
    write(overrides, original)
    assert {entry.slug: entry.topics for entry in build.load(site).entries} == {**placed, SLUG: placed[SLUG][::-1]}


def test_lines_at_the_very_end_of_the_file_work_too(site: Path) -> None:
    overrides = site / "content/overrides.yaml"
    replace(overrides, BEFORE, "")
    write(overrides, overrides.read_text("utf-8") + MOVED)
    assert any(entry.slug == SLUG and entry.topics[0] == "math-reasoning" for entry in build.load(site).entries)


def test_a_topic_is_renamed_and_all_that_says_its_old_name_works(site: Path) -> None:
    topics = site / "content/topics.yaml"
    old, new = re.findall(r"redirect_from: \[(.*)\]", RENAMED)[0], re.findall(r"slug: (.*)", RENAMED)[0]
    match = re.search(rf"    - slug: {old}\n      name: .*\n", topics.read_text("utf-8"))
    assert match
    before = {entry.slug: entry.topics for entry in build.load(site).entries}
    replace(topics, match[0], RENAMED)
    notes = site / "content/notes"
    (notes / f"{old}.md").rename(notes / f"{new}.md")
    build.build(site)
    assert [str(p) for p in check.run(site, site / "_site").problems if p.level == "error"] == []
    after = {entry.slug: entry.topics for entry in build.load(site).entries}
    assert after == {slug: tuple(new if t == old else t for t in found) for slug, found in before.items()}
    assert f"topics/{new}/" in (site / f"_site/topics/{old}/index.html").read_text("utf-8")
