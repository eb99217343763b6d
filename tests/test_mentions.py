"""Links in the curator's Markdown: to a hidden paper, to what there never was, to what is there by its old name."""

from __future__ import annotations

from pathlib import Path

import pytest
from sites import paper, write, write_site

from sitegen import build, check, mentions
from sitegen.errors import Problem
from sitegen.model import Group, Topic

PAGES = {"paper": {"one"}, "topic": {"sea"}}


def settled(note: str) -> tuple[str, list[Problem]]:
    problems: list[Problem] = []
    groups, _ = mentions.settled([Group("g", "G", (Topic("sea", "S", "", note=note),))], "", PAGES, {"two"}, problems)
    return groups[0].topics[0].note, problems


@pytest.mark.parametrize(
    "text",
    [
        "[one](/papers/one/)",
        "[one](/papers/one/#abstract) and [sea](/topics/sea/)",
        "[two](https://example.org/papers/two/) or papers/two/ or `/papers/two/`",
        "![two](/pictures/two/)",
    ],
)
def test_other_text_and_links_that_lead_somewhere_stay(text: str) -> None:
    assert settled(text) == (text, [])


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("See [Two](/papers/two/).", "See Two."),
        ("See [*Two* & more]( </papers/two> ), [one](/papers/one/).", "See *Two* & more, [one](/papers/one/)."),
        ("See [Two](/papers/two).", "See Two."),
    ],
)
def test_a_link_to_a_hidden_paper_leaves_its_words(text: str, left: str) -> None:
    found, [problem] = settled(text)
    assert found == left
    assert (str(problem.where), problem.level) == ("content/notes/sea.md:1:5", "warning")


@pytest.mark.parametrize(
    ("text", "hint"),
    [("\n- [x](/papers/oen/)", '"one"'), ("\n- [x](/topics/see/)", '"sea"'), ("\n- [x](/papers/0/)", "one")],
)
def test_a_link_to_what_is_not_there_stays_and_is_told_with_the_nearest_name(text: str, hint: str) -> None:
    found, [problem] = settled(text)
    assert found == text
    assert str(problem.where) == "content/notes/sea.md:2:3"
    assert hint in problem.hint


NOTES = "See [Beta](/papers/two/), [old](/topics/old/)\nand [gone](/papers/tow/) [x](/papers/one/#a).\n"


TOPICS = """\
- group: All
  slug: all
  topics:
    - {slug: one, name: One, redirect_from: [old]}
    - {slug: two, name: Two}
"""


def test_a_note_s_link_to_a_hidden_paper_is_shown_without_the_link_and_told_at_its_line(tmp_path: Path) -> None:
    folder = write_site(
        tmp_path, [paper("one"), paper("two")], topics_yaml=TOPICS, overrides_yaml="two: {hide: true}\n"
    )
    write(folder / "content/notes/one.md", NOTES)
    write(folder / "content/about.md", "# About\n\n[Beta](/papers/two/)\n")
    content = build.load(folder)
    text = "See Beta, [old](/topics/old/)\nand [gone](/papers/tow/) [x](/papers/one/#a)."
    assert (content.topics["one"].note, content.about) == (text, "# About\n\nBeta")
    found = [(p.where.file, p.where.line, p.where.column, p.level) for p in content.warnings if ".md" in p.where.file]
    assert found == [
        ("content/notes/one.md", 1, 5, "warning"),
        ("content/notes/one.md", 2, 5, "warning"),
        ("content/about.md", 3, 1, "warning"),
    ]


def test_a_site_whose_notes_link_to_a_hidden_paper_passes_the_check(tmp_path: Path) -> None:
    folder = write_site(tmp_path, [paper("one"), paper("two")], overrides_yaml="two: {hide: true}\n")
    write(folder / "content/notes/one.md", "See [Beta](/papers/two/).\n")
    build.build(folder)
    assert [str(p) for p in check.run(folder, folder / "_site").problems if p.level == "error"] == []
