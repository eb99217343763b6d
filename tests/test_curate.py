"""`overrides.yaml`: what it may say, whom it means, who wins, and where each mistake is shown."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from marked import marked

from sitegen import curate
from sitegen.errors import Problem
from sitegen.export import jsonl
from sitegen.model import Entry, Link, Override, Paper, Words

OVERRIDES = "content/overrides.yaml"
TOPICS = ("peft", "pretraining-data", "safety", "vision", "audio")
PAPERS = (
    Paper("tiny-adapters", "Tiny adapters for large models", arxiv_id="2410.06510", venue="ICML", keywords=("old",)),
    Paper("tiny-data", "Tiny data", authors=("Ada",), arxiv_id="2501.00010", published="2025-01"),
    Paper("no", "No more forgetting"),
    Paper("lora", "An unrelated title"),
    Paper("lora-for-all", "LoRA for all", arxiv_id="1706.03762"),
    Paper("ids", "1706.03762 and other numbers"),
    Paper("mullers-mu-bench", "Müller's $\\mu$-bench: “small”"),
)


def overrides(tmp_path: Path, text: str) -> tuple[dict[str, Override], list[Problem]]:
    (tmp_path / "overrides.yaml").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    return curate.read_overrides(tmp_path, PAPERS, TOPICS, problems), problems


def errors(problems: list[Problem]) -> list[Problem]:
    return [p for p in problems if p.level == "error"]


def said(found: dict[str, Override]) -> dict[str, dict[str, object]]:
    """What each override says: of the keys that the curator may write, those that are not as without it."""
    names = "topics add remove pin hide note links why by date fields".split()
    return {slug: {n: value for n in names if (value := getattr(rule, n))} for slug, rule in found.items()}


def test_the_short_form_confirms_a_placement_primary_first(tmp_path: Path) -> None:
    found, problems = overrides(tmp_path, "tiny-data: [safety, peft]\n")
    assert problems == []
    assert said(found) == {"tiny-data": {"topics": ("safety", "peft")}}


WRITTEN = ("peft", "safety", '"safety"', "vision", "' peft '", "audio", "nowhere", "[peft]", '""')


@pytest.mark.parametrize(
    "items", [some for number in range(4) for some in itertools.product(WRITTEN, repeat=number)] + [WRITTEN[:5]]
)
def test_the_short_form_says_what_the_long_one_with_topics_alone_says(tmp_path: Path, items: tuple[str, ...]) -> None:
    listed = ", ".join(items)
    short, problems = overrides(tmp_path, f"tiny-data: [{listed}]\n")
    long, others = overrides(tmp_path, f"tiny-data: {{topics: [{listed}]}}\n")
    assert short == long
    assert [(p.level, p.message, p.hint) for p in problems] == [(p.level, p.message, p.hint) for p in others]


def test_the_long_form_holds_all_that_the_curator_can_say(tmp_path: Path) -> None:
    text = """
tiny-data:
  topics: [safety]
  pin: true
  note: Read this
    first.
  links: [code: https://example.org/code, https://talks.example.org/1]
  why: it is about data
  by: no
  date: 2024-10-09
no:
  add: [peft]
  remove: [vision]
lora: {hide: true}
"""
    found, problems = overrides(tmp_path, text)
    assert problems == []
    links = (Link("code", "https://example.org/code"), Link("talks.example.org", "https://talks.example.org/1"))
    assert said(found) == {
        "tiny-data": {
            "topics": ("safety",),
            "pin": True,
            "note": "Read this first.",
            "links": links,
            "why": "it is about data",
            "by": "no",
            "date": "2024-10-09",
        },
        "no": {"add": ("peft",), "remove": ("vision",)},
        "lora": {"hide": True},
    }


@pytest.mark.parametrize(
    ("field", "written", "meant"),
    [
        pytest.param("title", "2024", "2024"),
        pytest.param("also_titled", "[no, Other]", ("no", "Other")),
        pytest.param("authors", "[Ada Lovelace, 'Ng, A.']", ("Ada Lovelace", "Ng, A.")),
        pytest.param("published", "2023", "2023", id="published-year"),
        pytest.param("published", "2023-02", "2023-02", id="published-month"),
        pytest.param("published", "2024-02-29", "2024-02-29", id="published-day"),
        pytest.param("venue", "no", "no"),
        pytest.param("arxiv_id", "2410.10500", "2410.10500"),
        pytest.param("doi", "10.1000/182", "10.1000/182"),
        pytest.param("url", "https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        pytest.param("pdf_url", "https://example.org/a.pdf", "https://example.org/a.pdf"),
        pytest.param("code_urls", "[https://example.org/code]", ("https://example.org/code",)),
        pytest.param("keywords", "[1e5, on]", ("1e5", "on")),
    ],
)
def test_a_field_of_the_record_is_corrected(tmp_path: Path, field: str, written: str, meant: object) -> None:
    found, problems = overrides(tmp_path, f"tiny-data:\n  {field}: {written}\n")
    assert problems == []
    [entry] = curate.apply([PAPERS[1]], {}, found, {})
    assert getattr(entry.paper, field) == meant


@pytest.mark.parametrize(
    ("key", "slug"),
    [
        pytest.param("tiny-data", "tiny-data", id="slug"),
        pytest.param("no", "no", id="slug that YAML 1.1 reads as false"),
        pytest.param("2410.06510", "tiny-adapters", id="arXiv id that ends in a zero"),
        pytest.param("'2501.00010'", "tiny-data", id="quoted arXiv id"),
        pytest.param("Tiny adapters", "tiny-adapters", id="start of a title"),
        pytest.param("tiny ADAPTERS for large models", "tiny-adapters", id="title in another case"),
        pytest.param("'Muller’s mu-bench'", "mullers-mu-bench", id="title without its accents and maths"),
        pytest.param("lora", "lora", id="a slug wins over the start of a title"),
        pytest.param("LoRA for", "lora-for-all", id="start of a title that is also a slug"),
        pytest.param("1706.03762", "lora-for-all", id="an arXiv id wins over the start of a title"),
        pytest.param("1706.03762 and", "ids", id="start of a title that is also an arXiv id"),
    ],
)
def test_a_key_means_a_slug_then_an_arxiv_id_then_the_start_of_a_title(tmp_path: Path, key: str, slug: str) -> None:
    found, problems = overrides(tmp_path, f"{key}: [peft]\n")
    assert problems == []
    assert list(found) == [slug]


MISTAKES = [
    pytest.param("▸tiny-dta: [peft]\n", "tiny-dta", 'did you mean "tiny-data"', id="misspelt slug"),
    pytest.param("▸2410.06511: [peft]\n", "2410.06511", "did you mean .*(2410.06510|tiny-adapters)", id="arXiv id"),
    pytest.param("▸Tiny adaptors for large: [peft]\n", "adaptors", 'did you mean "tiny-adapters"', id="misspelt title"),
    pytest.param(
        "▸2501.0001: [peft]\n", "2501.0001", "did you mean .*(2501.00010|tiny-data)", id="id without its zero"
    ),
    pytest.param("▸Tiny: [peft]\n", "2 titles", "tiny-adapters, tiny-data", id="start of two titles"),
    pytest.param("▸'': [peft]\n", "", "", id="empty key"),
    pytest.param("▸'!?': [peft]\n", "", "", id="key without a letter"),
    pytest.param("no: [peft]\n▸no: [safety]\n", "twice", "line 1", id="key twice"),
    pytest.param("tiny-data: [peft]\nno: [peft]\n▸2501.00010: [peft]\n", "2501.00010", "", id="slug, then arXiv id"),
    pytest.param("2501.00010: [peft]\n▸Tiny data: [peft]\n", "Tiny data", "", id="arXiv id, then title"),
    pytest.param("no: [▸pfet]\n", '"pfet"', 'did you mean "peft"', id="misspelt topic"),
    pytest.param("no: [peft, ▸pretrainig-data]\n", "pretrainig", "pretraining-data", id="misspelt second topic"),
    pytest.param("no: [▸PEFT]\n", '"PEFT"', 'did you mean "peft"', id="topic in capitals"),
    pytest.param("no:\n  add:\n    - ▸saftey\n", '"saftey"', 'did you mean "safety"', id="misspelt topic to add"),
    pytest.param("no:\n  remove: [▸qqqqqq]\n", '"qqqqqq"', "peft, pretraining-data", id="topic that is like none"),
    pytest.param("no: [peft, safety, ▸peft]\n", "twice", "line 1", id="topic twice"),
    pytest.param("no:\n  add: [peft]\n  remove: [▸peft]\n", "peft", "line 2", id="added and removed"),
    pytest.param("no: ▸[]\n", "empty", "", id="empty list"),
    pytest.param("no: ▸peft\n", "list", r"\[", id="topic without brackets"),
    pytest.param("no:▸\n", "list", r"\[", id="nothing after the colon"),
    pytest.param("no: [▸[peft]]\n", "topics", "", id="brackets twice"),
    pytest.param("no:\n  ▸titel: A\n", '"titel"', 'did you mean "title"', id="misspelt key"),
    pytest.param("no:\n  ▸topic: [peft]\n", '"topic"', 'did you mean "topics"', id="key in the singular"),
    pytest.param("no:\n  topics: ▸peft\n", "list", r"\[peft\]", id="topics as a word"),
    pytest.param("no:\n  pin: ▸maybe\n", "true or false", "", id="pin neither true nor false"),
    pytest.param("no:\n  hide: ▸2\n", "true or false", "", id="hide as a number"),
    pytest.param("no:\n  pin: ▸[true]\n", "true or false", "", id="pin as a list"),
    pytest.param("no:\n  date: ▸2024-02-30\n", "2024-02-30", "YYYY-MM-DD", id="date that no calendar has"),
    pytest.param("no:\n  date: ▸2024\n", "2024", "YYYY-MM-DD", id="date that is only a year"),
    pytest.param("no:\n  date: ▸9.10.2024\n", "9.10.2024", "YYYY-MM-DD", id="date of another order"),
    pytest.param("no:\n  published: ▸2024-13\n", "2024-13", "YYYY", id="month thirteen"),
    pytest.param("no:\n  links: ▸https://a.org\n", "list", "", id="link without brackets"),
    pytest.param("no:\n  links: [https://a.org, ▸ftp://a.org/b]\n", "ftp", "https://", id="link of another scheme"),
    pytest.param("no:\n  links:\n    - code: ▸javascript:alert(1)\n", "javascript", "https://", id="script for a link"),
    pytest.param("no:\n  url: ▸//a.org/b\n", "//a.org/b", "https://", id="link without a scheme"),
    pytest.param("no:\n  code_urls: [▸a b]\n", "a b", "https://", id="code link with a space"),
    pytest.param("no:\n  title: ▸''\n", "empty", "", id="empty title"),
    pytest.param("no:\n  title: ▸[A]\n", "title", "quote", id="title as a list"),
    pytest.param("no:\n  authors: ▸Ada\n", "list", r"\[Ada\]", id="authors as a word"),
    pytest.param("no:\n  note: ▸{a: b}\n", "note", "", id="note as a mapping"),
    pytest.param("▸- no: [peft]\n", "map", "slug", id="list for the whole file"),
    pytest.param("no: ▸&all [peft]\nlora: [peft]\n", "anchor", "", id="anchor"),
    pytest.param("no: ▸*all\n", "alias", "", id="alias"),
    pytest.param("no: ▸!!set [peft]\n", "tag", "", id="tag"),
]


@pytest.mark.parametrize(("text", "says", "hint"), MISTAKES)
def test_a_mistake_in_the_overrides_has_its_place_and_a_hint(tmp_path: Path, text: str, says: str, hint: str) -> None:
    clean, at = marked(text)
    _, problems = overrides(tmp_path, clean)
    found = [p for p in errors(problems) if (p.where.file, p.where.line, p.where.column) == (OVERRIDES, *at)]
    assert found, [str(p) for p in problems]
    assert says in found[0].message
    assert re.search(hint, found[0].hint)
    assert found[0].hint, str(found[0])


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param("topics: [peft]\n  add: [safety]", id="the whole list and one more"),
        pytest.param("topics: [peft]\n  remove: [safety]", id="the whole list and one less"),
        pytest.param("pin: true\n  hide: true", id="first in its list and in none"),
        pytest.param("by: B\n  topics: [peft, pretraining-data, safety, vision, audio]", id="more topics than four"),
        pytest.param("add: [vision, safety]\n  remove: [peft, safety]", id="added and removed"),
    ],
)
def test_rules_that_contradict_are_an_error_in_the_line_of_one_of_them(tmp_path: Path, rules: str) -> None:
    _, problems = overrides(tmp_path, f"no:\n  why: because\n  {rules}\n  note: a note\n")
    [problem] = errors(problems)
    assert problem.hint
    assert problem.where.line in (3, 4)


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param("{}", id="no rule"),
        pytest.param("{why: because, by: A, date: 2024-10-09}", id="only a reason"),
        pytest.param("{pin: false}", id="not pinned, as without it"),
        pytest.param("{hide: no}", id="not hidden, as without it"),
        pytest.param("{title: Tiny data}", id="the title that it has"),
        pytest.param("{authors: [Ada], published: 2025-01}", id="the facts that it has"),
        pytest.param("{note: ''}", id="an empty note"),
        pytest.param("{links: []}", id="no links"),
    ],
)
def test_a_rule_that_changes_nothing_is_a_warning(tmp_path: Path, rule: str) -> None:
    _, problems = overrides(tmp_path, f"lora: [peft]\ntiny-data: {rule}\n")
    assert errors(problems) == []
    [problem] = problems
    assert problem.level == "warning"
    assert (problem.where.file, problem.where.line) == (OVERRIDES, 2)
    assert problem.hint


def test_all_mistakes_come_at_once_and_good_rules_stay(tmp_path: Path) -> None:
    found, problems = overrides(tmp_path, "tiny-data: [pfet]\nlara: [peft]\nlora: {pin: 3, tilte: x}\nids: [peft]\n")
    assert sorted(p.where.line for p in errors(problems)) == [1, 2, 3, 3]
    assert found["ids"].topics == ("peft",)


def test_topics_are_not_called_unknown_when_their_own_file_is_broken(tmp_path: Path) -> None:
    (tmp_path / "overrides.yaml").write_text("no: [anything]\nlora: [anything, anything]\n", encoding="utf-8")
    problems: list[Problem] = []
    curate.read_overrides(tmp_path, PAPERS, None, problems)
    assert [p.where.line for p in problems] == [2]


def test_a_control_character_comes_into_no_field(tmp_path: Path) -> None:
    found, problems = overrides(tmp_path, 'no: {title: "a\\x07b\\u202ec"}\n')
    assert errors(problems) or found["no"].fields["title"] == "abc"


def effective(override: Override | None, said: Words) -> dict[str, object]:
    rules = {override.slug: override} if override else {}
    [entry] = curate.apply([PAPERS[0]], {}, rules, {PAPERS[0].slug: said})
    return jsonl.effective(entry)


def test_overrides_win_over_summaries_and_summaries_over_records() -> None:
    by_curator = Override("tiny-adapters", fields={"keywords": ("newest",), "venue": "JMLR"})
    said = Words("Short.", "Long.", ("newer",))
    assert effective(None, Words())["keywords"] == ["old"]
    assert effective(None, said)["keywords"] in (["newer"], ["newer", "old"])
    corrected = effective(by_curator, said)
    assert (corrected["keywords"], corrected["venue"], corrected["tldr"]) == (["newest"], "JMLR", "Short.")


def test_a_correction_leaves_the_rest_of_the_record_and_the_address_alone() -> None:
    before = PAPERS[0]
    [entry] = curate.apply([before], {}, {before.slug: Override(before.slug, fields={"title": "New"})}, {})
    assert (entry.paper.slug, entry.paper.title, entry.paper.venue) == (before.slug, "New", "ICML")
    assert before.title == "Tiny adapters for large models"


def test_a_hidden_paper_is_left_out_and_the_others_keep_their_abstracts() -> None:
    rules = {"tiny-data": Override("tiny-data", hide=True)}
    entries = curate.apply(PAPERS[:3], {"tiny-data": "Hidden.", "no": "Shown."}, rules, {})
    assert entries == [Entry(PAPERS[0]), Entry(PAPERS[2], abstract="Shown.")]


def test_an_abstract_in_the_overrides_takes_the_place_of_the_imported_one(tmp_path: Path) -> None:
    rules, problems = overrides(tmp_path, "tiny-data:\n  abstract: >-\n    The whole\n    abstract.\n")
    assert problems == []
    entries = curate.apply(PAPERS[1:3], {"tiny-data": "The who...", "no": "Shown."}, rules, {})
    assert [entry.abstract for entry in entries] == ["The whole abstract.", "Shown."]
