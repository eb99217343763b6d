"""`site.yaml`, `topics.yaml` and the notes: what they may say, and where each mistake is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from marked import marked

from sitegen import config
from sitegen.errors import Problem
from sitegen.model import Entry, Group, Paper, Site, Topic
from sitegen.topics import place

SITE, TOPICS = "content/site.yaml", "content/topics.yaml"
GROUP = "- group: Tuning\n  slug: tuning\n  topics:\n"
LORA = "    - slug: lora\n      name: Low rank\n"


def site(tmp_path: Path, text: str) -> tuple[Site, list[Problem]]:
    (tmp_path / "site.yaml").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    return config.read_site(tmp_path, problems), problems


def topics(tmp_path: Path, text: str, **notes: str) -> tuple[tuple[Group, ...], list[Problem]]:
    (tmp_path / "topics.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "notes").mkdir()
    for name, note in notes.items():
        (tmp_path / "notes" / f"{name}.md").write_text(note, encoding="utf-8")
    problems: list[Problem] = []
    return config.read_topics(tmp_path, problems), problems


def check(problems: list[Problem], file: str, at: tuple[int, int], says: str, hint: str) -> None:
    """One of the problems is the expected one, and each has a place in the file and a hint."""
    found = [p for p in problems if (p.where.line, p.where.column) == at and says in p.message]
    assert found, [str(p) for p in problems]
    assert hint in found[0].hint
    for problem in problems:
        assert problem.where.file == file
        assert problem.where.line >= 1
        assert problem.where.column >= 1
        assert problem.level == "error"
        assert problem.hint, f"no hint for: {problem}"


def test_a_full_site_file_is_read(tmp_path: Path) -> None:
    text = """
format: 1
title: "Müller's list: no"
description: >-
  Two
  lines.
base_url: https://example.org/list
repository: https://example.org/code
branch: trunk
language: pt-BR
author: no
show_abstracts: no
"""
    read, problems = site(tmp_path, text)
    assert problems == []
    assert read == Site(
        title="Müller's list: no",
        description="Two lines.",
        base_url="https://example.org/list/",
        repository="https://example.org/code",
        branch="trunk",
        language="pt-BR",
        author="no",
        show_abstracts=False,
        format=1,
    )


def test_a_title_is_all_that_a_site_must_have(tmp_path: Path) -> None:
    read, problems = site(tmp_path, "title: 2024\n")
    assert problems == []
    assert read == Site(title="2024")


@pytest.mark.parametrize("url", ["https://example.org", "https://example.org/", "http://localhost:8000/x/"])
def test_a_base_url_ends_in_one_slash(tmp_path: Path, url: str) -> None:
    read, problems = site(tmp_path, f"title: A\nbase_url: {url}\n")
    assert problems == []
    assert read.base_url == url.rstrip("/") + "/"


@pytest.mark.parametrize(
    ("text", "says", "hint"),
    [
        pytest.param("title: A\n▸tiltle: B\n", 'unknown key "tiltle"', 'did you mean "title"?', id="misspelt key"),
        pytest.param("title: A\n▸Language: de\n", "unknown key", 'did you mean "language"?', id="key in capitals"),
        pytest.param("title: A\n▸zzzz: 1\n", 'unknown key "zzzz"', "description", id="key that is like none"),
        pytest.param("▸description: A\n", "title", "title:", id="no title"),
        pytest.param("title:▸\ndescription: A\n", "title", "", id="empty title"),
        pytest.param("title: ▸[A]\n", "title", "quote", id="title as a list"),
        pytest.param("title: A\ndescription: ▸{b: c}\n", "description", "quote", id="description as a mapping"),
        pytest.param("title: A\nbase_url: ▸example.org/x\n", "base_url", "https://", id="base_url without a scheme"),
        pytest.param("title: A\nbase_url: ▸/reading-list/\n", "base_url", "https://", id="base_url as a path"),
        pytest.param("title: A\nbase_url: ▸https://a.org/?b=c\n", "base_url", "https://", id="base_url with a query"),
        pytest.param("title: A\nbase_url: ▸https://a.org/#b\n", "base_url", "https://", id="base_url with a fragment"),
        pytest.param("title: A\nbase_url: ▸javascript:alert(1)\n", "base_url", "https://", id="base_url as a script"),
        pytest.param(
            "title: A\nrepository: ▸git@a.org:b/c\n", "repository", "https://", id="repository not on the web"
        ),
        pytest.param("title: A\nshow_abstracts: ▸maybe\n", "true or false", "", id="neither true nor false"),
        pytest.param("title: A\nformat: ▸2\n", "format", "1", id="format of the future"),
        pytest.param("title: A\nformat: ▸one\n", "format", "1", id="format in words"),
        pytest.param("title: A\nlanguage: ▸English (UK)\n", "language", "en", id="language by its name"),
        pytest.param("▸- title: A\n", "settings", "title:", id="a list"),
        pytest.param("▸A list of papers\n", "settings", "title:", id="a sentence"),
        pytest.param("title: A\ndescription: one▸: two\n", "colon", "quote", id="colon in a text"),
        pytest.param("title: A\n▸title: B\n", "twice", "line 1", id="key twice"),
        pytest.param("title: A\nauthor: ▸&me B\n", "anchor", "", id="anchor"),
    ],
)
def test_a_mistake_in_the_site_file_has_its_place_and_a_hint(tmp_path: Path, text: str, says: str, hint: str) -> None:
    clean, at = marked(text)
    check(site(tmp_path, clean)[1], SITE, at, says, hint)


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_site_file_is_an_error_with_a_hint(tmp_path: Path, text: str) -> None:
    check(site(tmp_path, text)[1], SITE, (1, 1), "settings", "title:")


def test_a_folder_without_a_site_file_is_no_site(tmp_path: Path) -> None:
    problems: list[Problem] = []
    config.read_site(tmp_path, problems)
    [problem] = problems
    assert problem.where.file == SITE
    assert "--site" in problem.hint


def test_topics_are_read_in_the_curators_order(tmp_path: Path) -> None:
    text = """
- group: Tuning & merging
  slug: tuning
  topics:
    - slug: peft
      name: Small changes
      scope: Training
        few weights.
      aliases: [LoRA, no, "1.10"]
      redirect_from: [adapters, lora]
      terms: [low rank, adapter: 2, "key: value": 0.5]
      not: [music]
    - {slug: merging, name: Merging}
- group: Data
  slug: data
  topics: []
"""
    read, problems = topics(tmp_path, text, peft="\r\nWords about *it*.\r\n")
    assert problems == []
    peft = Topic(
        "peft",
        "Small changes",
        "Training few weights.",
        aliases=("LoRA", "no", "1.10"),
        redirect_from=("adapters", "lora"),
        terms=(("low rank", 1.0), ("adapter", 2.0), ("key: value", 0.5)),
        excludes=("music",),
        note="Words about *it*.",
    )
    assert read == (
        Group("tuning", "Tuning & merging", (peft, Topic("merging", "Merging", ""))),
        Group("data", "Data", ()),
    )


def test_a_group_may_have_the_address_of_one_of_its_topics(tmp_path: Path) -> None:
    assert topics(tmp_path, GROUP + "    - {slug: tuning, name: Tuning}\n")[1] == []


@pytest.mark.parametrize(
    ("text", "says", "hint"),
    [
        pytest.param("▸group: A\nslug: a\n", "list of groups", "- group", id="a mapping"),
        pytest.param("▸peft\n", "list of groups", "- group", id="a word"),
        pytest.param("- ▸peft\n", "group", "- group", id="a word for a group"),
        pytest.param("- ▸slug: a\n  topics: []\n", '"group"', "group:", id="group without a name"),
        pytest.param("- ▸group: A\n  topics: []\n", '"slug"', "slug:", id="group without a slug"),
        pytest.param("- ▸group: A\n  slug: a\n", '"topics"', "topics:", id="group without topics"),
        pytest.param("- group: A\n  slug: a\n  ▸topcis: []\n", 'unknown key "topcis"', '"topics"', id="group's key"),
        pytest.param("- group: A\n  slug: a\n  topics: ▸peft\n", "list", "hyphen", id="word for the topics"),
        pytest.param("- group: A\n  slug: ▸A & B\n  topics: []\n", "slug", "lower-case", id="group's slug"),
        pytest.param(GROUP + "    - ▸lora\n", "topic", "- slug", id="word for a topic"),
        pytest.param(GROUP + "    - ▸slug: lora\n", '"name"', "name:", id="topic without a name"),
        pytest.param(GROUP + "    - ▸name: LoRA\n", '"slug"', "slug:", id="topic without a slug"),
        pytest.param(GROUP + LORA + "      ▸tersm: [a]\n", 'topic "lora"', '"terms"', id="misspelt key"),
        pytest.param(GROUP + LORA + "      ▸nto: [a]\n", 'unknown key "nto"', '"not"', id="misspelt short key"),
        pytest.param(GROUP + LORA + "      ▸name: B\n", "twice", "line 5", id="key twice"),
        pytest.param(GROUP + "    - slug: ▸LoRA\n      name: A\n", "slug", "lower-case", id="slug in capitals"),
        pytest.param(GROUP + "    - slug: ▸low_rank\n      name: A\n", "slug", "hyphen", id="slug with an underscore"),
        pytest.param(GROUP + "    - slug: ▸../../etc\n      name: A\n", "slug", "lower-case", id="slug as a path"),
        pytest.param(GROUP + "    - slug: ▸müsli\n      name: A\n", "slug", "lower-case", id="slug with an umlaut"),
        pytest.param(GROUP + "    - slug: lora\n      name:▸\n", "name", "", id="empty name"),
        pytest.param(GROUP + LORA + "      scope: ▸[a]\n", "scope", "quote", id="scope as a list"),
        pytest.param(GROUP + LORA + "      aliases: ▸LoRA\n", "list", "[LoRA]", id="one alias without brackets"),
        pytest.param(GROUP + LORA + "      aliases: [a, ▸'']\n", "empty", "", id="empty alias"),
        pytest.param(GROUP + LORA + "      aliases: [a, ▸b: 2]\n", "aliases", "", id="weight on an alias"),
        pytest.param(GROUP + LORA + "      terms: ▸{a: 1}\n", "list", "2]", id="terms as a mapping"),
        pytest.param(GROUP + LORA + "      terms: [a: ▸heavy]\n", '"heavy"', "2", id="weight in words"),
        pytest.param(GROUP + LORA + "      terms: [a: ▸nan]\n", '"nan"', "2", id="weight that is no number"),
        pytest.param(GROUP + LORA + "      terms: [a: ▸inf]\n", '"inf"', "2", id="weight without end"),
        pytest.param(GROUP + LORA + "      terms: [▸[a]]\n", "terms", "", id="list in the terms"),
        pytest.param(GROUP + LORA + "      not: ▸music\n", "list", "[music]", id="one word against, without brackets"),
        pytest.param(GROUP + LORA + "      redirect_from: ▸old\n", "list", "[old]", id="one old slug, no brackets"),
        pytest.param(
            GROUP + LORA + "      redirect_from: [a, ▸B c]\n", "slug", "lower-case", id="old slug that is none"
        ),
        pytest.param(GROUP + LORA + "    - slug: ▸lora\n      name: B\n", "lora", "once", id="slug twice"),
        pytest.param(
            GROUP + LORA + "- group: B\n  slug: ▸tuning\n  topics: []\n", "tuning", "once", id="group's slug twice"
        ),
        pytest.param(
            GROUP + LORA + "- group: B\n  slug: b\n  topics:\n    - {slug: ▸lora, name: B}\n",
            "lora",
            "once",
            id="slug twice in two groups",
        ),
        pytest.param(
            GROUP + LORA + "    - slug: dora\n      name: B\n      redirect_from: [a, ▸lora]\n",
            "lora",
            "once",
            id="redirect from a topic that is there",
        ),
        pytest.param(GROUP + LORA + "      redirect_from: [▸lora]\n", "lora", "once", id="redirect from itself"),
        pytest.param(GROUP + LORA + "      redirect_from: [a, ▸a]\n", '"a"', "once", id="redirect twice"),
    ],
)
def test_a_mistake_in_the_topics_has_its_place_and_a_hint(tmp_path: Path, text: str, says: str, hint: str) -> None:
    clean, at = marked(text)
    check(topics(tmp_path, clean)[1], TOPICS, at, says, hint)


@pytest.mark.parametrize("weight", ["0.2", "0", "-2", "1e9", "1e308", "007"])
def test_a_weight_is_refused_in_its_place_or_a_paper_can_be_placed_with_it(tmp_path: Path, weight: str) -> None:
    groups, problems = topics(tmp_path, GROUP + LORA + f"      terms: [adapter, speed: {weight}]\n")
    if problems:
        check(problems, TOPICS, (6, 31), f'"{weight}"', "")
    else:
        [entry] = place([Entry(Paper("a", "Adapter speed"))], groups)
        assert 0 <= entry.confidence <= 1


def test_all_mistakes_of_both_files_come_at_once(tmp_path: Path) -> None:
    _, first = site(tmp_path, "titel: A\nformat: 9\nshow_abstracts: 3\n")
    _, second = topics(tmp_path, GROUP + "    - slug: A\n      nmae: B\n      terms: x\n    - y\n")
    assert sorted(p.where.line for p in first) == [1, 1, 2, 3]
    assert sorted(p.where.line for p in second) == [4, 4, 5, 6, 7]


def test_a_note_for_no_topic_is_a_warning_that_names_the_file(tmp_path: Path) -> None:
    _, problems = topics(tmp_path, GROUP + LORA, lora="Fine.", lroa="Lost.")
    [problem] = problems
    assert problem.level == "warning"
    assert problem.where.file == "content/notes/lroa.md"
    assert problem.hint


def test_a_note_that_is_no_text_is_an_error_that_names_its_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "lora.md").write_bytes(b"one\ntwo \xff\n")
    (tmp_path / "topics.yaml").write_text(GROUP + LORA, encoding="utf-8")
    problems: list[Problem] = []
    config.read_topics(tmp_path, problems)
    [problem] = problems
    assert problem.level == "error"
    assert (problem.where.file, problem.where.line) == ("content/notes/lora.md", 2)
    assert "UTF-8" in problem.message + problem.hint
