"""Two papers that are one, one that is two, a new address: what overrides say of each other, and what comes of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from marked import marked
from sites import paper, write, write_site

from sitegen import build, cli, curate
from sitegen.errors import Problem, SiteError
from sitegen.model import Override, Paper, Source

PAPERS = (
    Paper("tides", "Tides", authors=("Ada",), arxiv_id="2401.00001", sources=(Source("june.txt", position=3),)),
    Paper(
        "tides-again",
        "Tides, again",
        arxiv_id="2401.00002",
        doi="10.1000/abc",
        sources=(Source("july.txt", position=9),),
    ),
    Paper("ebb", "Ebb", sources=(Source("june.txt", position=4), Source("july.txt", position=2))),
    Paper("flow", "Flow"),
    Paper("reef", "Reef"),
)  # fmt: skip


def read(tmp_path: Path, text: str) -> tuple[dict[str, Override], list[Problem]]:
    (tmp_path / "overrides.yaml").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    return curate.read_overrides(tmp_path, PAPERS, ("sea", "land"), problems), problems


@pytest.mark.parametrize("name", ["tides", "2401.00001", "Tides, a", "tides-again"])
def test_a_paper_is_merged_into_the_one_that_any_of_its_names_means(tmp_path: Path, name: str) -> None:
    found, problems = read(tmp_path, f"ebb:\n  merge_into: '{name}'\n")
    assert problems == []
    assert found["ebb"].merge_into == ("tides-again" if "again" in name or "," in name else "tides")


@pytest.mark.parametrize(
    ("name", "means"),
    [
        ("tides-again", "tides-again"),
        ("2401.00002", "tides-again"),
        ("10.1000/abc", "tides-again"),
        ("july.txt:9", "tides-again"),
        ("'Tides, a'", "tides-again"),
        ("july.txt:2", "ebb"),
    ],
)
def test_a_paper_is_parted_from_the_one_that_any_of_its_names_means(tmp_path: Path, name: str, means: str) -> None:
    found, problems = read(tmp_path, f"tides:\n  distinct_from: [{name}]\n")
    assert problems == []
    assert found["tides"].distinct_from == (means,)


@pytest.mark.parametrize(
    ("rule", "says", "hint"),
    [
        pytest.param("ebb: {distinct_from: [▸july.txt:2]}", "still a part", "july.txt june.txt", id="its own source"),
        pytest.param("ebb: {distinct_from: [▸2501.12345]}", "2501.12345", "import", id="an arXiv id nobody has"),
        pytest.param("ebb: {distinct_from: [▸10.1000/XyZ]}", "10.1000/XyZ", "import", id="a DOI nobody has"),
        pytest.param(
            "ebb: {distinct_from: [flow]}\nflow: {distinct_from: [▸ebb]}", "line 1", "enough", id="said both ways"
        ),
        pytest.param("ebb: {slug: ▸ebb}", "changes nothing", "remove", id="the address that it has"),
    ],
)
def test_what_has_no_effect_yet_is_a_warning_that_says_what_to_do(
    tmp_path: Path, rule: str, says: str, hint: str
) -> None:
    text, at = marked(rule)
    [problem] = read(tmp_path, text)[1]
    assert problem.level == "warning"
    assert problem.where.line == at[0]
    assert says in problem.message
    assert hint in problem.hint


@pytest.mark.parametrize(
    ("text", "says", "hint"),
    [
        pytest.param("ebb: {merge_into: ▸flwo}", "flwo", 'did you mean "flow"', id="merged into nobody"),
        pytest.param("ebb: {merge_into: ▸ebb}", "itself", "other paper", id="merged into itself"),
        pytest.param("ebb: {merge_into: ▸''}", "empty", "remove", id="merged into nothing"),
        pytest.param("ebb: {merge_into: ▸[flow]}", "text", "", id="merged into a list"),
        pytest.param("ebb: {merge_into: ▸flow}\nflow: {merge_into: reef}", "reef", "merge_into: reef", id="chain"),
        pytest.param(
            "ebb: {merge_into: ▸flow}\nflow: {merge_into: ebb}", "ebb -> flow -> ebb", "stays", id="circle of two"
        ),
        pytest.param(
            "ebb: {merge_into: ▸flow}\nflow: {merge_into: reef}\nreef: {merge_into: flow}",
            "flow -> reef -> flow",
            "stays",
            id="chain into a circle",
        ),
        pytest.param("flow: {hide: true}\nebb: {merge_into: ▸flow}", "hidden", 'hide "ebb"', id="merged into hidden"),
        pytest.param("ebb: {merge_into: flow, ▸topics: [sea]}", "topics", '"flow"', id="merged and placed"),
        pytest.param("ebb: {▸hide: true, merge_into: flow}", "hide", '"flow"', id="merged and hidden"),
        pytest.param("ebb: {merge_into: flow, ▸title: E}", "title", '"flow"', id="merged and corrected"),
        pytest.param("ebb: {merge_into: flow, ▸slug: e}", "slug", '"flow"', id="merged and moved"),
        pytest.param(
            "flow: {distinct_from: [ebb]}\nebb: {merge_into: ▸flow}", "line 1", "one of the two", id="one and two"
        ),
        pytest.param("ebb: {distinct_from: [▸ebb]}", "itself", "arXiv id", id="distinct from itself"),
        pytest.param("ebb: {distinct_from: [flow, ▸flow]}", "twice", "keep one", id="distinct twice"),
        pytest.param("tides: {distinct_from: [ebb, ▸Ebb]}", "twice", "keep one", id="distinct twice by two names"),
        pytest.param("ebb: {distinct_from: [▸floww]}", "floww", '"flow"', id="distinct from nobody"),
        pytest.param("ebb: {distinct_from: [▸may.txt:1]}", "may.txt:1", "one of", id="distinct from no source"),
        pytest.param("ebb: {distinct_from: ▸flow}", "list", "[flow]", id="distinct from a word"),
        pytest.param("ebb: {slug: ▸flow}", '"Flow"', "choose another", id="address of another"),
        pytest.param("ebb: {slug: new}\nflow: {slug: ▸new}", "line 1", "another", id="address given twice"),
        pytest.param("ebb: {slug: new}\nflow: {slug: ▸ebb}", '"Ebb"', '"new"', id="address that redirects"),
        pytest.param(
            "flow: {merge_into: ebb}\nebb: {slug: ▸flow}", '"Flow"', "merge_into: flow", id="address of the merged"
        ),
        pytest.param("ebb: {slug: ▸New One}", "slug", "lower-case", id="address that is none"),
        pytest.param("ebb: {slug: ▸../x}", "slug", "lower-case", id="address as a path"),
        pytest.param("ebb: {slug: new}\n▸new: [sea]", "line 1", "join", id="the same paper by its new address"),
    ],
)
def test_a_contradiction_has_its_place_and_says_what_to_do(tmp_path: Path, text: str, says: str, hint: str) -> None:
    clean, at = marked(text)
    problems = [p for p in read(tmp_path, clean + "\n")[1] if p.level == "error"]
    found = [p for p in problems if (p.where.line, p.where.column) == at and says in p.message]
    assert found, [str(p) for p in problems]
    assert hint in found[0].hint
    assert found[0].hint


MERGED = "two: {merge_into: one}\n"
WORDS = "two: {tldr: Said of two., keywords: [x]}\none: {summary: Said of one.}\n"


def site(tmp_path: Path, overrides: str, **more: str) -> Path:
    papers = [
        paper("one", title="Alpha waves", venue="Sea", keywords=["alpha"], sources=[{"file": "a.json", "position": 1}]),
        paper("two", title="Beta waves", arxiv_id="2401.00002", authors=["Bea"], published="2024"),
        paper("three", title="Gamma waves of alpha"),
    ]
    folder = write_site(tmp_path, papers, overrides_yaml="three: [two]\n" + overrides, **more)
    for name, text in more.items():
        if name == "words":
            write(folder / "content" / "summaries" / "words.yaml", text)
    return folder


def built(folder: Path) -> dict[str, str]:
    build.build(folder)
    return {p.relative_to(folder / "_site").as_posix(): p.read_text("utf-8") for p in folder.rglob("_site/**/*.*l")}


def test_a_merged_paper_is_one_page_with_the_fields_and_words_of_both(tmp_path: Path) -> None:
    folder = site(tmp_path, MERGED, words=WORDS)
    content = build.load(folder)
    assert [entry.slug for entry in content.entries] == ["one", "three"]
    one = content.entries[0]
    assert (one.paper.title, one.paper.also_titled, one.paper.venue) == ("Alpha waves", ("Beta waves",), "Sea")
    assert (one.paper.arxiv_id, one.paper.authors, one.paper.published) == ("2401.00002", ("Bea",), "2024")
    assert (one.words.tldr, one.words.summary, one.words.keywords) == ("Said of two.", "Said of one.", ("x",))


def test_the_old_address_of_a_merged_paper_leads_to_the_one_that_stays(tmp_path: Path) -> None:
    pages = built(site(tmp_path, MERGED))
    assert 'content="0; url=../../papers/one/"' in pages["papers/two/index.html"]
    assert "noindex" in pages["papers/two/index.html"]
    assert "papers/two/" not in pages["sitemap.xml"]


def test_without_the_rule_the_two_are_two_again(tmp_path: Path) -> None:
    folder = site(tmp_path, "")
    before = built(folder)
    write(folder / "content/overrides.yaml", "three: [two]\n" + MERGED)
    assert built(folder) != before
    write(folder / "content/overrides.yaml", "three: [two]\n")
    assert built(folder) == before


def test_a_new_address_is_the_paper_s_everywhere_and_the_old_one_leads_there(tmp_path: Path) -> None:
    folder = site(tmp_path, "two: {slug: beta, topics: [one]}\n", words="beta: {tldr: Words by the new address.}\n")
    pages = built(folder)
    assert 'url=../../papers/beta/"' in pages["papers/two/index.html"]
    assert "Words by the new address." in pages["papers/beta/index.html"]
    for name, text in pages.items():
        if not name.startswith("papers/two/"):
            assert "papers/two/" not in text, name


def test_a_paper_merged_into_one_that_moves_is_found_at_the_last_address(tmp_path: Path) -> None:
    pages = built(site(tmp_path, MERGED + "one: {slug: alpha, topics: [one]}\n"))
    assert 'url=../../papers/alpha/"' in pages["papers/one/index.html"]
    assert 'url=../../papers/alpha/"' in pages["papers/two/index.html"]


def test_a_paper_of_the_same_new_address_as_another_stops_the_build(tmp_path: Path) -> None:
    with pytest.raises(SiteError) as error:
        build.load(site(tmp_path, "one: {slug: three}\n"))
    assert [p.where.line for p in error.value.problems] == [2]


def test_a_hidden_paper_is_nowhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = site(tmp_path, "two: {hide: true}\n", words=WORDS)
    build.build(folder)
    assert not (folder / "_site/papers/two").exists()
    for path in (path for path in (folder / "_site").rglob("*") if path.is_file()):
        data = path.read_bytes()
        for trace in (b"Beta waves", b"2401.00002", b"papers/two", b"Bea", b"Said of two"):
            assert trace not in data, path
    capsys.readouterr()
    assert cli.main(["export", "--site", str(folder)]) == 0
    assert [json.loads(line)["slug"] for line in capsys.readouterr().out.splitlines()] == ["one", "three"]


def test_a_hidden_paper_teaches_the_topics_nothing(tmp_path: Path) -> None:
    shown, hidden, away = (build.load(site(tmp_path / name, rule)) for name, rule in (
        ("shown", "two: [two]\n"), ("hidden", "two: {topics: [two], hide: true}\n"), ("away", ""),
    ))  # fmt: skip
    assert hidden.entries == [e for e in away.entries if e.slug != "two"]
    assert [e.slug for e in shown.entries] == ["one", "two", "three"] or len(shown.entries) == 3


TOPICS = """\
- group: All
  slug: all
  topics:
    - {slug: one, name: One, redirect_from: [old, older, both]}
    - {slug: two, name: Two, redirect_from: [both]}
"""


def test_an_override_that_names_an_old_topic_works_and_is_told_the_new_name(tmp_path: Path) -> None:
    folder = site(tmp_path, "one: [older]\ntwo:\n  topics: [two, old]\n", topics_yaml=TOPICS)
    content = build.load(folder)
    assert {entry.slug: entry.topics for entry in content.entries}["two"] == ("two", "one")
    found = [(p.level, p.where.line, p.where.column, p.hint) for p in content.warnings]
    assert found == [("warning", 2, 7, "write one"), ("warning", 4, 17, "write one")]


def test_an_old_topic_that_was_split_leads_to_all_and_counts_as_the_first(tmp_path: Path) -> None:
    folder = site(tmp_path, "one: [both]\n", topics_yaml=TOPICS)
    content = build.load(folder)
    assert content.entries[0].topics == ("one",)
    [warning] = content.warnings
    assert "one, two" in warning.message
    page = built(folder)["topics/both/index.html"]
    assert re.findall(r'href="../../topics/([a-z]+)/"', page) == ["one", "two"]
    assert "refresh" not in page
    assert "refresh" in built(folder)["topics/old/index.html"]


def test_who_follows_the_feed_of_a_renamed_topic_goes_on_with_it(tmp_path: Path) -> None:
    folder = site(tmp_path, "one: [one]\n", topics_yaml=TOPICS)
    pages = built(folder)
    assert pages["topics/old/feed.xml"] == pages["topics/one/feed.xml"]
    assert "topics/both/feed.xml" not in pages


def test_the_new_and_the_old_name_of_one_topic_are_a_repetition(tmp_path: Path) -> None:
    with pytest.raises(SiteError) as error:
        build.load(site(tmp_path, "one: [one, old]\n", topics_yaml=TOPICS))
    assert [(p.where.line, p.where.column) for p in error.value.problems if p.level == "error"] == [(2, 12)]


def test_a_note_by_an_old_name_is_told_the_new_one(tmp_path: Path) -> None:
    folder = site(tmp_path, "", topics_yaml=TOPICS)
    write(folder / "content/notes/old.md", "Words.\n")
    assert ["one.md" in p.hint for p in build.load(folder).warnings] == [True]


def test_the_reason_for_a_topic_that_was_added_is_shown_with_that_topic(tmp_path: Path) -> None:
    folder = site(tmp_path, "one:\n  add: [two]\n  why: Beta is in it too.\n")
    pages = built(folder)
    reasons = re.findall(
        r'topics/(\w+)/">\w+</a>.*?<p class="hint">(.*?)</p>', pages["papers/one/index.html"], re.DOTALL
    )
    assert dict(reasons)["two"] == "Placed here by the curator: Beta is in it too."
    assert dict(reasons)["one"].startswith("Placed here because of the words")
