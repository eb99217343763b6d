"""`sitegen review`: what is worth a look, and a session that writes the overrides and takes them back."""

from __future__ import annotations

import json
import os
import re
import select
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sites import paper, write, write_site

from sitegen import build, cli, intake, review

OVERRIDES = "# By hand.\n\nconfirmed-alpha: [one]   # sure\nconfirmed-beta: ['two']\n"
FACTS = {"published": "2026-01", "authors": ["A. One"], "arxiv_id": "2601.00001"}
PAPERS = [
    paper("confirmed-alpha", **FACTS),
    paper("confirmed-beta", **FACTS | {"arxiv_id": "2601.00002"}),
    paper("alpha-alpha", title="Alpha and more alpha", **FACTS | {"arxiv_id": "2601.00003"}),
    paper("both", title="Alpha as well as beta", **FACTS | {"arxiv_id": "2601.00004"}),
    paper("neither", title="Cooking with gas"),
    paper("twin-1", title="A long title about beta in many words", **FACTS | {"arxiv_id": "2601.00005"}),
    paper("twin-2", title="A long title about beta in many word", **FACTS | {"arxiv_id": "2601.00006"}),
]
TOPICS = """\
- group: All
  slug: all
  topics:
    - {slug: one, name: First things, terms: [alpha: 3]}
    - {slug: two, name: Second things, terms: [beta: 3]}
    - {slug: three, name: Secret things, terms: [gamma: 3]}
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    made = write_site(tmp_path, PAPERS, overrides_yaml=OVERRIDES, topics_yaml=TOPICS)
    words = "".join(f"{p['slug']}: {{tldr: About {p['title']}.}}\n" for p in PAPERS if p["slug"] != "neither")
    write(made / "content/summaries/all.yaml", words)
    long = "Alpha is said at length, and then the text ends in the middle of a ..."
    write(made / "content/abstracts.jsonl", json.dumps({"slug": "confirmed-alpha", "abstract": long}) + "\n")
    return made


def items(site: Path) -> list[review.Item]:
    return review.find(site, build.load(site))


def of(site: Path, kind: str) -> list[review.Item]:
    return [item for item in items(site) if item.kind == kind]


def overrides(site: Path) -> str:
    return (site / "content/overrides.yaml").read_text("utf-8")


# --- What is found ---


def test_placements_that_nobody_confirmed_come_least_certain_first(site: Path) -> None:
    found = of(site, "unconfirmed")
    assert {"alpha-alpha", "both", "twin-1", "twin-2"} == {item.slug for item in found}
    assert [i.confidence for i in found] == sorted(i.confidence for i in found)
    assert found[0].slug == "both"
    assert [p.topic for p in found[0].ranked[:2]] in (["one", "two"], ["two", "one"])


def test_everything_else_that_is_worth_a_look(site: Path) -> None:
    assert [item.slug for item in of(site, "unplaced")] == ["neither"]
    [alike] = of(site, "alike")
    assert (alike.slug, alike.other) == ("twin-1", "twin-2")
    assert [item.slug for item in of(site, "truncated")] == ["confirmed-alpha"]
    [missing] = of(site, "missing")
    assert (missing.slug, missing.said) == ("neither", "no authors, no date, no venue, no link, no words")
    [empty] = of(site, "empty")
    assert (empty.slug, str(empty.where)) == ("three", "content/topics.yaml:6:14")


def test_papers_that_wait_for_a_title_are_listed(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert of(site, "waiting") == []
    write(
        site / "list.md", "- [Tidal](https://arxiv.org/abs/2410.06511) - moves water\n- [T](https://doi.org/10.1/x)\n"
    )
    write(site / "ids.txt", "10.1000/bees\n")
    intake.run(site, [site / "list.md", site / "ids.txt"])
    found = {item.slug: (item.title, item.said, item.where.file) for item in of(site, "waiting")}
    assert found["2410.06511"] == ("Tidal", "from list.md", "content/waiting.jsonl")
    assert found["10.1000/bees"] == ("", "from ids.txt", "content/waiting.jsonl")
    assert cli.main(["review", "--site", str(site)]) == 0
    assert "wait for their titles" in capsys.readouterr().out


def test_each_item_says_where_it_stands(site: Path) -> None:
    records = (site / "content/papers.jsonl").read_text("utf-8").splitlines()
    for item in of(site, "unconfirmed"):
        assert f'"slug": "{item.slug}"' in records[item.where.line - 1]


def test_papers_that_are_said_to_be_distinct_are_not_shown_as_alike(site: Path) -> None:
    write(site / "content/overrides.yaml", OVERRIDES + "twin-2:\n  distinct_from: [twin-1]\n")
    assert of(site, "alike") == []


def test_without_a_terminal_it_prints_a_list(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = overrides(site)
    assert cli.main(["review", "--site", str(site)]) == 0
    text = capsys.readouterr().out
    assert "4 placements to confirm, least certain first\n  content/papers.jsonl:" in text
    assert "1 paper fits no topic\n" in text
    assert "1 topic without papers\n  content/topics.yaml:6:14: three\n" in text
    assert all(len(line) <= 80 for line in text.splitlines())
    assert cli.main(["review", "--site", str(site), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["items"]
    assert {item["kind"] for item in found} == {"unplaced", "unconfirmed", "alike", "truncated", "missing", "empty"}
    assert overrides(site) == before


def test_nothing_to_review_is_said(tmp_path: Path) -> None:
    made = write_site(tmp_path, [], topics_yaml="- {group: All, slug: all, topics: []}\n")
    assert review.listed(items(made)).startswith("Nothing to review")


# --- A session ---


@pytest.fixture
def session(site: Path) -> review.Session:
    return review.open_session(site)


def go_to(session: review.Session, slug: str) -> None:
    while session.item and session.item.slug != slug:
        session.do("n")
    assert session.item


def test_a_screen_shows_title_words_and_the_top_three(session: review.Session) -> None:
    go_to(session, "both")
    screen = session.screen()
    assert "Alpha as well as beta" in screen
    assert "About Alpha as well as beta." in screen
    assert re.search(r"   1  (First|Second) things  \((one|two), 0\.\d{3}\)\n +(alpha|beta)", screen)
    assert "   3  Secret things" in screen
    assert all(len(line) <= 80 for line in screen.splitlines())


def test_accept_confirms_what_is_shown(session: review.Session, site: Path) -> None:
    go_to(session, "alpha-alpha")
    session.do("a")
    assert overrides(site) == OVERRIDES + "alpha-alpha: [one]\n"
    assert session.item
    assert session.item.slug != "alpha-alpha"


@pytest.mark.parametrize("name", ["three", "thr", "Secret", "secret th", "3"])
def test_move_takes_a_number_or_the_beginning_of_a_name(session: review.Session, site: Path, name: str) -> None:
    go_to(session, "both")
    for other in [*session.secondary]:
        session.do(f"s {other}")
    session.do(f"m {name}")
    assert overrides(site) == OVERRIDES + "both: [three]\n"


def test_secondary_topics_are_marked_before_accepting(session: review.Session, site: Path) -> None:
    go_to(session, "alpha-alpha")
    assert "secondary now" in session.do("s three")
    assert "Stands under: one, three" in session.screen()
    session.do("s three")
    session.do("s two")
    assert overrides(site) == OVERRIDES
    session.do("a")
    assert overrides(site) == OVERRIDES + "alpha-alpha: [one, two]\n"


def test_hide_distinct_next_and_quit(session: review.Session, site: Path) -> None:
    go_to(session, "neither")
    session.do("h")
    go_to(session, "twin-1")
    session.do("n")
    while session.item and session.item.kind != "alike":
        session.do("n")
    session.do("d")
    assert overrides(site) == OVERRIDES + "neither:\n  hide: true\ntwin-1:\n  distinct_from: [twin-2]\n"
    while session.item:
        session.do("n")
    assert session.screen().startswith("That was all: 2 changes written")
    session.do("q")
    assert session.over


def test_undo_gives_back_the_very_bytes(session: review.Session, site: Path) -> None:
    states = [overrides(site)]
    for command in ("m one", "a", "h", "m 1"):
        session.do(command)
        states.append(overrides(site))
    assert len(set(states)) == 5
    for state in reversed(states[:-1]):
        assert "as it was" in session.do("u")
        assert overrides(site) == state
    assert "nothing was written" in session.do("u")
    assert session.position == 0


def test_undo_of_the_first_line_removes_the_file_again(site: Path) -> None:
    (site / "content/overrides.yaml").unlink()
    session = review.open_session(site)
    session.do("m one")
    assert overrides(site)
    session.do("u")
    assert not (site / "content/overrides.yaml").exists()


def test_a_file_that_changed_underneath_is_left_alone(session: review.Session, site: Path) -> None:
    write(site / "content/overrides.yaml", OVERRIDES + "# new\n")
    assert "was changed by someone else" in session.do("m one")
    assert overrides(site) == OVERRIDES + "# new\n"
    assert session.position == 0


def test_undo_leaves_a_file_alone_that_changed_since(session: review.Session, site: Path) -> None:
    session.do("m one")
    changed = overrides(site) + "# new\n"
    write(site / "content/overrides.yaml", changed)
    assert "was changed by someone else" in session.do("u")
    assert overrides(site) == changed


@pytest.mark.parametrize("command", ["", "x", "m", "m nothing", "m 99", "m s", "s", "d", "a a a", "u", "☃", "mm one"])
def test_what_makes_no_sense_is_said_and_changes_nothing(session: review.Session, site: Path, command: str) -> None:
    go_to(session, "neither")
    before = session.position
    assert session.do(command)
    assert session.position == before
    assert overrides(site) == OVERRIDES


def test_a_long_form_keeps_its_comments(site: Path) -> None:
    text = "# A\nboth:  # here\n  add: [three]\n  # why it is pinned\n  pin: yes   # really\n\n# Z\n"
    write(site / "content/overrides.yaml", text)
    session = review.open_session(site)
    go_to(session, "both")
    session.do("m three")
    assert overrides(site).startswith("# A\nboth:  # here\n  topics: [three")
    assert overrides(site).endswith("  # why it is pinned\n  pin: yes   # really\n\n# Z\n")
    assert "add:" not in overrides(site)


# --- Two records that may be one paper ---


def pair(session: review.Session) -> None:
    while session.item and session.item.kind != "alike":
        session.do("n")
    assert session.item


def test_a_pair_shows_both_records_and_says_which_would_stay(session: review.Session) -> None:
    pair(session)
    screen = session.screen()
    assert "   1  A long title about beta in many words\n      twin-1 · A. One · 2026-01 · arXiv 2601.00005" in screen
    assert "   2  A long title about beta in many word\n      twin-2 · " in screen
    assert "1 stays (both say as much)" in " ".join(screen.split())
    assert all(len(line) <= 80 for line in screen.splitlines())


@pytest.mark.parametrize(("command", "stays", "goes"), [("s", "twin-1", "twin-2"), ("s 2", "twin-2", "twin-1")])
def test_the_same_paper_is_merged_and_the_merge_is_undone(
    session: review.Session, site: Path, command: str, stays: str, goes: str
) -> None:
    pair(session)
    assert session.do(command) == f"{goes}: merge_into: {stays}"
    assert overrides(site) == f"{OVERRIDES}{goes}:\n  merge_into: {stays}\n"
    assert {e.slug for e in build.load(site).entries} & {"twin-1", "twin-2"} == {stays}
    assert of(site, "alike") == []
    assert "as it was" in session.do("u")
    assert overrides(site) == OVERRIDES
    assert session.item
    assert session.item.kind == "alike"


def test_the_record_stays_of_which_the_curator_said_more(site: Path) -> None:
    write(site / "content/overrides.yaml", OVERRIDES + "twin-2: [two]\n")
    session = review.open_session(site)
    pair(session)
    assert "2 stays (the overrides say more of it)" in " ".join(session.screen().split())
    session.do("s")
    assert overrides(site) == OVERRIDES + "twin-2: [two]\ntwin-1:\n  merge_into: twin-2\n"


@pytest.mark.parametrize("rule", ["[two]", "{note: Read this first.}", "{venue: ICLR}", "{slug: twins}"])
def test_a_merge_that_would_lose_the_curators_words_is_refused(site: Path, rule: str) -> None:
    before = f"{OVERRIDES}twin-2: {rule}\n"
    write(site / "content/overrides.yaml", before)
    session = review.open_session(site)
    pair(session)
    said = session.do("s 1")
    assert "would be lost" in said
    assert "hint: keep that one" in said
    assert overrides(site) == before


def test_topics_of_the_record_that_goes_give_way_to_those_of_the_one_that_stays(site: Path) -> None:
    write(site / "content/overrides.yaml", OVERRIDES + "twin-1: [two] # mine\n# old\ntwin-2: [one]\n")
    session = review.open_session(site)
    pair(session)
    session.do("s 1")
    assert overrides(site) == OVERRIDES + "twin-1: [two] # mine\n# old\ntwin-2:\n  merge_into: twin-1\n"


@pytest.mark.parametrize("command", ["s 3", "s twin-1", "a", "m one", "h"])
def test_what_a_pair_does_not_take(session: review.Session, site: Path, command: str) -> None:
    pair(session)
    at = session.position
    assert session.do(command)
    assert (session.position, overrides(site)) == (at, OVERRIDES)


def test_a_paper_that_was_merged_or_hidden_is_not_asked_about_again(site: Path) -> None:
    records = [*PAPERS[:-2], paper("twin-1", title=PAPERS[-2]["title"]), paper("twin-2", title=PAPERS[-1]["title"])]
    write_site(site, records, overrides_yaml=OVERRIDES, topics_yaml=TOPICS)
    session = review.open_session(site)
    go_to(session, "neither")
    session.do("h")
    pair(session)
    session.do("s 1")
    left = []
    while session.item:
        left.append((session.item.kind, session.item.slug))
        session.do("n")
    assert [slug for kind, slug in left if kind == "missing"] == ["twin-1"]


# --- Facts that are missing ---


def facts(session: review.Session, kind: str = "missing") -> None:
    while session.item and session.item.kind != kind:
        session.do("n")
    assert session.item


def test_missing_facts_are_asked_for_one_by_one_and_written(session: review.Session, site: Path) -> None:
    facts(session)
    assert "It has no authors, no date" in session.screen()
    assert session.prompt == "Authors (parted by semicolons): "
    assert session.do("Ada Lovelace; Lovelace, Byron ") == "neither: authors: Ada Lovelace, Lovelace, Byron"
    assert session.prompt.startswith("Date")
    said = session.do("soon")
    assert said == 'date: "soon" is not a date\n    hint: write it as YYYY-MM-DD, YYYY-MM or YYYY'
    assert session.prompt.startswith("Date")
    session.do("2024-10")
    assert session.prompt == "Venue: "
    assert session.do("") == ""
    assert session.prompt.startswith("Link")
    assert "not a web link" in session.do("example.org/paper")
    session.do("https://arxiv.org/abs/2410.06510v2")
    assert session.item is None
    entry = next(e for e in build.load(site).entries if e.slug == "neither")
    assert entry.paper.authors == ("Ada Lovelace", "Lovelace, Byron")
    assert (entry.paper.published, entry.paper.venue, entry.paper.arxiv_id) == ("2024-10", "", "2410.06510")
    assert overrides(site) == OVERRIDES + (
        'neither:\n  authors: [Ada Lovelace, "Lovelace, Byron"]\n  published: 2024-10\n  arxiv_id: 2410.06510\n'
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Ada Lovelace", ["Ada Lovelace"]),
        ("Ada Lovelace, Alan Turing and Grace Hopper", ["Ada Lovelace", "Alan Turing", "Grace Hopper"]),
        ("Lovelace, Ada", ["Lovelace, Ada"]),
        ("Lovelace, Ada and Turing, Alan", ["Lovelace, Ada", "Turing, Alan"]),
        ("Ada Lovelace; ", ["Ada Lovelace"]),
        ("DeepMind", ["DeepMind"]),
    ],
)
def test_names_are_parted_as_they_are_meant(session: review.Session, site: Path, typed: str, meant: list[str]) -> None:
    facts(session)
    session.do(typed)
    assert list(build.load(site).rules["neither"].fields["authors"]) == meant


def test_facts_are_undone_one_by_one(session: review.Session, site: Path) -> None:
    facts(session)
    states = [(overrides(site), session.prompt)]
    for typed in ("Ada Lovelace", "2024", "ICLR", "10.1000/xyz"):
        session.do(typed)
        states.append((overrides(site), session.prompt))
    assert session.item is None
    for state in reversed(states[:-1]):
        assert "as it was" in session.do("u")
        assert (overrides(site), session.prompt) == state


def test_the_whole_abstract_takes_the_place_of_one_that_is_cut_off(session: review.Session, site: Path) -> None:
    facts(session, "truncated")
    assert session.prompt == "The whole abstract, in one line: "
    session.do("Alpha is said at length: and then the text comes to its end.")
    assert overrides(site) == OVERRIDES.replace(
        "confirmed-alpha: [one]   # sure",
        "confirmed-alpha:\n  topics: [one]   # sure\n"
        '  abstract: "Alpha is said at length: and then the text comes to its end."',
    )
    entry = next(e for e in build.load(site).entries if e.slug == "confirmed-alpha")
    assert entry.abstract.endswith("comes to its end.")
    assert of(site, "truncated") == []


@pytest.mark.parametrize("typed", [";;", "; ;", " ;  ; "])
def test_an_answer_without_anything_in_it_is_asked_again(session: review.Session, site: Path, typed: str) -> None:
    facts(session)
    assert "nothing in it" in session.do(typed)
    assert (session.prompt[:7], overrides(site)) == ("Authors", OVERRIDES)


@pytest.mark.parametrize("letter", ["a", "m", "x", "é", "?"])
def test_a_single_letter_is_no_answer(session: review.Session, site: Path, letter: str) -> None:
    facts(session)
    assert session.do(letter)
    assert (session.prompt[:7], overrides(site)) == ("Authors", OVERRIDES)


WRITTEN = """\
# yaml-language-server: $schema=schema/overrides.schema.json
# By hand.

confirmed-alpha: [ 'one' ]   # sure


both:  # a comment by the key
    # and one below it
    topics:
      - "one"   # first

      - two
    why: >-
      Said in
      two lines.   # not a comment
'alpha-alpha': {add: [two], why: "so # no comment"} # in braces

# The end.
"""
TYPED = [
    "a", "m 1", "m two", "s 3", "s", "s 1", "s 2", "n", "n", "n", "h", "u", "d", "t", "?", "x", "", "soon", "2024-10",
    "Ada Lovelace; O'Neil, \"Bo\"",
    "Venue: 'of' #1", "- [not] {yaml}", "https://example.org/a#b", "10.1000/x", "é\u200b", "\udc80", "A\udcff B",
]  # fmt: skip


def by_hand(text: str) -> tuple[list[str], int]:
    """What must stay of a file, whatever is written: comments in their order, and the blank lines."""
    comments = ["# By hand.", "# sure", "# a comment by the key", "# and one below it", "# in braces", "# The end."]
    found = sorted((text.find(comment), comment) for comment in comments)
    assert found[0][0] >= 0, text
    return [comment for _, comment in found], sum(not line.strip() for line in text.splitlines())


@pytest.mark.parametrize("file", [OVERRIDES, WRITTEN])
@settings(max_examples=40, deadline=None)
@given(commands=st.lists(st.sampled_from(TYPED), max_size=25))
def test_any_commands_keep_the_rest_of_the_file_and_the_site_whole(
    tmp_path_factory: pytest.TempPathFactory, file: str, commands: list[str]
) -> None:
    made = write_site(tmp_path_factory.mktemp("s"), PAPERS, overrides_yaml=file, topics_yaml=TOPICS)
    long = "Alpha is said at length, and then the text ends in the middle of a ..."
    write(made / "content/abstracts.jsonl", json.dumps({"slug": "both", "abstract": long}) + "\n")
    session = review.open_session(made)
    for command in commands:
        session.do(command).encode()
        assert session.screen()
        assert session.prompt
        build.load(made)
        if file == WRITTEN:
            assert by_hand(overrides(made)) == by_hand(WRITTEN)
    while "as it was" in session.do("u"):
        pass
    assert overrides(made) == file


def test_a_whole_session_is_a_talk_that_ends(session: review.Session, site: Path) -> None:
    answers = iter(["m one", "?", "", "n", "n", "n", "n", "s", "n", "Ada Lovelace", "", "", "10.1000/x", "u", "q"])
    asked: list[str] = []
    shown: list[str] = []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return next(answers)

    review.run(session, ask, shown.append)
    text = "\n".join(shown)
    assert text.startswith("To review, until you type q:\n  1 paper fits no topic\n  4 placements to confirm")
    assert "neither: topics: one" in text
    assert "accept: confirm the topics as shown" in text
    assert "twin-2: merge_into: twin-1" in text
    assert "That was all: 4 changes written to content/overrides.yaml" in text
    assert asked[8:] == [
        "The whole abstract, in one line: ",
        "Authors (parted by semicolons): ",
        "Date (2024-10-09, 2024-10 or 2024): ",
        "Venue: ",
        "Link, arXiv id or DOI: ",
        "> ",
        "Link, arXiv id or DOI: ",
    ]
    assert overrides(site) == OVERRIDES + (
        "neither:\n  topics: [one]\n  authors: [Ada Lovelace]\ntwin-2:\n  merge_into: twin-1\n"
    )


def test_a_session_ends_with_its_input(session: review.Session, site: Path) -> None:
    def ask(prompt: str) -> str:
        raise EOFError

    review.run(session, ask, lambda said: None)
    assert overrides(site) == OVERRIDES


# --- The command in a real terminal ---


def test_in_a_terminal_it_asks_and_writes(site: Path) -> None:
    pty = pytest.importorskip("pty")
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(sys.executable, [sys.executable, "-m", "sitegen", "review", "--site", str(site)], os.environ)
    seen = ""

    def until(text: str) -> str:
        nonlocal seen
        end = time.monotonic() + 30
        while text not in seen:
            assert time.monotonic() < end, f"never saw {text!r} in {seen!r}"
            if select.select([terminal], [], [], 1)[0]:
                try:
                    seen += os.read(terminal, 65536).decode().replace("\r\n", "\n")
                except OSError:  # the other end is closed
                    break
        before, _, seen = seen.partition(text)
        return before

    def say(command: str) -> None:
        os.write(terminal, f"{command}\n".encode())

    try:
        first = until("> ")
        assert "1 of 8" in first
        assert "Cooking with gas" in first
        say("m secret")
        assert "neither: topics: three" in until("> ")
        assert overrides(site) == OVERRIDES + "neither: [three]\n"
        say("u")
        assert "as it was" in until("> ")
        assert overrides(site) == OVERRIDES
        for number in range(2, 7):
            say("n")
            until(f"{number} of 8")
            shown = until("> ")
        assert "2  A long title about beta in many word\n      twin-2" in shown
        say("s 2")
        assert "twin-1: merge_into: twin-2" in until("The whole abstract, in one line: ")
        say("n")
        until("Authors (parted by semicolons): ")
        say("Ada Lovelace; Alan Turing")
        assert "neither: authors: Ada Lovelace, Alan Turing" in until("2024): ")
        say("soon")
        assert 'date: "soon" is not a date' in until("2024): ")
        say("2024-10-09")
        until("Venue: ")
        assert overrides(site) == OVERRIDES + (
            "twin-1:\n  merge_into: twin-2\nneither:\n  authors: [Ada Lovelace, Alan Turing]\n  published: 2024-10-09\n"
        )
        for _ in range(3):
            say("u")
            until("as it was before")
        assert overrides(site) == OVERRIDES
        say("q")
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    finally:
        os.close(terminal)
