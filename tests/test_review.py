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
    assert (missing.slug, missing.said) == ("neither", "no authors, no date, no link, no words")
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
    assert session.screen().startswith("That was all: 2 written")
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


@settings(max_examples=30, deadline=None)
@given(commands=st.lists(st.sampled_from(["a", "m 1", "m two", "s 3", "n", "h", "u", "d", "t", "?", "x"]), max_size=15))
def test_any_commands_keep_the_rest_of_the_file_and_the_site_whole(
    tmp_path_factory: pytest.TempPathFactory, commands: list[str]
) -> None:
    made = write_site(tmp_path_factory.mktemp("s"), PAPERS, overrides_yaml=OVERRIDES, topics_yaml=TOPICS)
    session = review.open_session(made)
    for command in commands:
        session.do(command)
        assert session.screen()
        assert overrides(made).startswith(OVERRIDES)
        build.load(made)
    while "as it was" in session.do("u"):
        pass
    assert overrides(made) == OVERRIDES


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
        assert "1 of 6" in first
        assert "Cooking with gas" in first
        say("m secret")
        assert "neither: topics: three" in until("> ")
        assert overrides(site) == OVERRIDES + "neither: [three]\n"
        say("u")
        assert "as it was" in until("> ")
        assert overrides(site) == OVERRIDES
        say("q")
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    finally:
        os.close(terminal)
