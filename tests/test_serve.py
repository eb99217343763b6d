"""`serve`: the site under its own path, nothing outside it, and word of every build."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import TOY
from edits import EDITS, edit
from hypothesis import given, settings
from hypothesis import strategies as st
from sites import snapshot, write

from sitegen import build, serve
from sitegen.errors import SiteError

BASE = "/reading-list/"


class Answer(NamedTuple):
    status: int
    kind: str
    location: str
    body: str


Get = Callable[..., Answer]


@contextlib.contextmanager
def serving(source: Path | serve.Live, base: str, state: serve.State) -> Iterator[Get]:
    """A server of a site; yields what asks it for a path as it stands, dots and all."""
    server = serve.start(source, base, 0, state)

    def get(path: str, method: str = "GET") -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
        try:
            connection.putrequest(method, path, skip_host=True)
            connection.putheader("Host", "localhost")
            connection.endheaders()
            answer = connection.getresponse()
            kind, location = (answer.headers[name] or "" for name in ("Content-Type", "Location"))
            return Answer(answer.status, kind, location, answer.read().decode("utf-8", "replace"))
        finally:
            connection.close()

    try:
        yield get
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def get(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    """The toy site under its path, with a secret beside its output."""
    site = tmp_path_factory.mktemp("served")
    shutil.copytree(built, site / "_site")
    write(site / "secret.txt", "secret")
    with serving(site / "_site", BASE, serve.State()) as asks:
        yield asks


@pytest.fixture
def state() -> serve.State:
    return serve.State()


@pytest.fixture
def live(toy: Path) -> serve.Live:
    """The toy site of the fixture `toy`, to edit."""
    live = serve.Live(toy)
    live.update()
    return live


@pytest.fixture
def edited(live: serve.Live, state: serve.State) -> Iterator[Get]:
    with serving(live, BASE, state) as asks:
        yield asks


# --- Pages ---


@pytest.mark.parametrize(
    ("path", "kind", "said"),
    [
        pytest.param("", "text/html", "Toy &amp; List", id="home"),
        pytest.param("topics/sorting/", "text/html", "Sorting &amp; ordering", id="a folder"),
        pytest.param("topics/sorting/index.html", "text/html", "Sorting &amp; ordering", id="a page by its name"),
        pytest.param("search/?q=sort", "text/html", "Search", id="a query"),
        pytest.param("topics/sorting/index.md", "text/markdown", "# Sorting", id="Markdown"),
        pytest.param("feed.xml", "xml", "<feed", id="a feed"),
        pytest.param("search/manifest.json", "application/json", "{", id="data"),
        pytest.param("papers/p-a0331e41/", "text/html; charset=utf-8", "例文だけの論文", id="any script"),
    ],
)
def test_the_site_is_served_under_its_path(get: Get, path: str, kind: str, said: str) -> None:
    answer = get(BASE + path)
    assert answer.status == 200
    assert kind in answer.kind
    assert said in answer.body


def test_the_scripts_and_styles_of_a_page_are_served_with_their_types(get: Get) -> None:
    found = re.findall(r'(?:href|src)="\./(assets/[^"]+)"', get(BASE).body)
    kinds = {Path(name).suffix: get(BASE + name).kind.partition(";")[0] for name in found}
    assert kinds == {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}


@pytest.mark.parametrize(
    ("path", "target"),
    [
        pytest.param("/", BASE, id="the root of the server"),
        pytest.param("/reading-list", BASE, id="the site without its slash"),
        pytest.param("/reading-list/topics", "/reading-list/topics/", id="a folder without its slash"),
        pytest.param("/reading-list/topics/sorting", "/reading-list/topics/sorting/", id="a topic without its slash"),
    ],
)
def test_an_address_without_its_slash_leads_on(get: Get, path: str, target: str) -> None:
    answer = get(path)
    assert answer.status in (301, 302, 307, 308)
    assert answer.location == target


@pytest.mark.parametrize("path", [BASE + "no/such/page/", BASE + "nothing.txt", "/topics/", "/favicon.ico"])
def test_what_is_not_there_gives_the_site_s_own_404_page(get: Get, path: str) -> None:
    answer = get(path)
    assert answer.status == 404
    assert "Page not found" in answer.body


def test_head_gives_no_body(get: Get) -> None:
    answer = get(BASE, method="HEAD")
    assert (answer.status, answer.body) == (200, "")


@pytest.mark.parametrize(
    "path",
    [
        "/reading-list/../../etc/passwd",
        "/reading-list/../secret.txt",
        "/reading-list/%2e%2e/secret.txt",
        "/reading-list/%2e%2e%2fsecret.txt",
        "/reading-list/..%5csecret.txt",
        "/reading-list/..\\secret.txt",
        "/reading-list/topics/../../secret.txt",
        "/reading-list/topics/%2e%2e/%2e%2e/secret.txt",
        "/reading-list/....//secret.txt",
        "/reading-list//etc/passwd",
        "/reading-list/%00/../../secret.txt",
        "/../secret.txt",
        "//etc/passwd",
        "/etc/passwd",
    ],
)
def test_nothing_outside_the_site_is_served(get: Get, path: str) -> None:
    answer = get(path)
    assert answer.status in (400, 404)
    assert "secret" not in answer.body
    assert "root:" not in answer.body


def test_a_site_at_a_domain_s_root_is_served_there(toy: Path) -> None:
    build.build(toy, base_url="https://example.org/")
    with serving(toy / "_site", "/", serve.State()) as get:
        answer = get("/topics/")
    assert answer.status == 200
    assert "Sorting &amp; ordering" in answer.body


def test_a_taken_port_makes_way_for_the_next(toy: Path) -> None:
    build.build(toy)
    first = serve.start(toy / "_site", BASE, 0, serve.State())
    second = serve.start(toy / "_site", BASE, first.server_port, serve.State())
    try:
        assert first.server_port < second.server_port < first.server_port + serve.PORTS_TRIED
        assert {server.server_address[0] for server in (first, second)} == {"127.0.0.1"}
    finally:
        for server in (first, second):
            server.shutdown()
            server.server_close()


# --- After a change ---


def waiting(get: Get, epoch: int) -> dict[str, object]:
    answer: dict[str, object] = json.loads(get(f"/__sitegen__/wait?epoch={epoch}").body)
    return answer


def test_a_change_is_served_and_tells_the_waiting_page(
    toy: Path, live: serve.Live, edited: Get, state: serve.State
) -> None:
    epoch = state.epoch
    answers: list[dict[str, object]] = []
    page = threading.Thread(target=lambda: answers.append(waiting(edited, epoch)))
    page.start()
    write(toy / "content/notes/silence.md", "A word at last.")
    serve.rebuild(live, state)
    page.join(timeout=20)
    assert answers == [{"epoch": epoch + 1, "problems": ""}]
    assert "A word at last." in edited(BASE + "topics/silence/").body


def test_problems_are_told_over_the_last_good_site(
    toy: Path, live: serve.Live, edited: Get, state: serve.State
) -> None:
    good = (toy / "content/topics.yaml").read_text("utf-8")
    write(toy / "content/topics.yaml", good.replace("scope: Nothing", "scoop: Nothing"))
    serve.rebuild(live, state)
    told = waiting(edited, state.epoch - 1)
    assert re.search(
        r'content/topics\.yaml:\d+:\d+: unknown key "scoop".*\n    \|.*scoop.*\n    \| +\^', str(told["problems"])
    )
    assert str(told["problems"]).startswith(
        "1 problem; until it is mended, the site stays as it was\n\ncontent/topics.yaml:"
    )
    assert "Nothing has been said about it yet." in edited(BASE + "topics/silence/").body
    write(toy / "content/topics.yaml", good)
    serve.rebuild(live, state)
    assert waiting(edited, state.epoch - 1)["problems"] == ""


def test_a_new_warning_is_printed_once_with_its_line(
    toy: Path, live: serve.Live, state: serve.State, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = toy / "content/overrides.yaml"
    text = rules.read_text("utf-8")
    slug = next(slug for slug in live.content.papers if slug not in live.content.rules)
    write(rules, f"{text}{slug}: {{pin: no}}\n")
    serve.rebuild(live, state)
    assert re.search(r"overrides\.yaml:\d+:\d+: warning: .*changes nothing\n    \|.*pin: no", capsys.readouterr().err)
    write(rules, f"# one line more\n{text}{slug}: {{pin: no}}\n")
    serve.rebuild(live, state)
    assert "changes nothing" not in capsys.readouterr().err


def test_the_script_that_reloads_is_in_what_is_sent_and_not_in_the_site(live: serve.Live, edited: Get) -> None:
    [source] = re.findall(r'<script src="(/__sitegen__/[^"]+)"', edited(BASE + "topics/sorting/").body)
    script = edited(source.partition("?")[0])
    assert script.status == 200
    assert script.kind.startswith("text/javascript")
    assert [
        path
        for path, data in build.Units(live.making).all(build.Report()).items()
        if b"__sitegen__/" in data and path.endswith(".html")
    ] == []


@pytest.mark.parametrize(
    "path", ["papers/{}", "papers/{}/", "papers/{}/index.html/", "papers//{}/index.html", "papers/{}.html"]
)
def test_a_paper_has_one_address(live: serve.Live, path: str) -> None:
    slug = live.content.entries[0].slug
    assert live.get(f"papers/{slug}/index.html")
    assert live.get(path.format(slug)) is None


def test_a_save_without_a_change_tells_nobody(live: serve.Live, state: serve.State) -> None:
    serve.rebuild(live, state)
    assert state.epoch == 0


def test_what_no_page_shows_is_known_when_it_is_edited(toy: Path, live: serve.Live) -> None:
    path = toy / "content" / "overrides.yaml"
    text = path.read_text("utf-8")
    [slug] = [slug for slug, rule in live.content.rules.items() if rule.hide]
    write(path, text.replace("  hide: true", "  hide: true\n  note: Not yet."))
    assert not live.update()
    assert live.content.rules[slug].note == "Not yet."


def test_a_broken_template_leaves_the_last_good_site_up(
    toy: Path, live: serve.Live, edited: Get, state: serve.State
) -> None:
    write(
        toy / "templates/paper.html",
        "{% extends 'sitegen/paper.html' %}{% block main %}{{ view.nothing }}{% endblock %}",
    )
    serve.rebuild(live, state)
    assert "templates/paper.html:1" in str(waiting(edited, state.epoch - 1)["problems"])
    assert edited(BASE + "papers/p-a0331e41/").status == 200
    (toy / "templates/paper.html").unlink()
    serve.rebuild(live, state)
    assert waiting(edited, state.epoch - 1)["problems"] == ""


def test_templates_are_tried_on_pages_that_are_there(toy: Path, live: serve.Live) -> None:
    tried = live.making.try_templates()
    assert tried == live.making.try_templates(tried)
    slug = tried["paper.html"].split("/")[1]
    (toy / "content/overrides.yaml").write_text(f"{slug}: {{hide: true}}\n")
    (toy / "templates").mkdir(exist_ok=True)
    (toy / "templates/paper.html").write_text("{{ nothing.at.all }}")
    with pytest.raises(SiteError, match=r"templates/paper\.html:1"):
        live.update()
    (toy / "templates/paper.html").write_text("a paper")
    assert live.update()
    assert live.get(tried["paper.html"]) is None


def test_the_site_is_also_written_where_it_is_asked_for(toy: Path, tmp_path: Path, state: serve.State) -> None:
    live = serve.Live(toy, output=tmp_path / "out")
    live.update()
    live.write()
    build.build(toy, tmp_path / "clean")
    assert snapshot(tmp_path / "out") == snapshot(tmp_path / "clean")


@settings(max_examples=8, deadline=None)
@given(st.lists(st.sampled_from(sorted(EDITS)), min_size=1, max_size=5))
def test_after_any_edits_the_served_files_are_those_of_a_clean_build(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    site = Path(shutil.copytree(TOY, tmp_path_factory.mktemp("edits") / "site"))
    live = serve.Live(site)
    live.update()
    for name in names:
        edit(site, name)
        with contextlib.suppress(SiteError):
            live.update()
            assert live.get("index.html")
    content = build.load(site)
    clean = build.made(site, content, build.Report())
    live.update()
    assert {path: live.get(path) for path in clean} == clean
    assert build.Units(live.making).all(build.Report()) == clean


@pytest.mark.parametrize("epoch", ["", "x", "-1", "99999999999999999999", "9" * 5000])
def test_a_page_that_knows_no_epoch_is_answered_at_once(edited: Get, epoch: str) -> None:
    answer = edited(f"/__sitegen__/wait?epoch={epoch}")
    assert json.loads(answer.body)["epoch"] == 0
