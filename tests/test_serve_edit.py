"""Editing in the served page: only its own pages may, and the file of overrides is never hurt."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from playwright.sync_api import expect
from sites import paper, write, write_site

from sitegen import build, lock, serve, splice
from sitegen.errors import fail

if TYPE_CHECKING:
    from browser import Visitor

pytest_plugins = ("browser",)

OVERRIDES = (
    "# By hand, with care.\n\nfirst: [one]   # sure\n\nsecond:\n  topics: ['two']\n  # why it is so\n  why: \"So\"\n"
)
BASE = "/reading-list/"


class Served(NamedTuple):
    site: Path
    live: serve.Live
    state: serve.State
    editor: serve.Editor
    server: ThreadingHTTPServer

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}{BASE}"

    def overrides(self) -> str:
        return (self.site / "content/overrides.yaml").read_bytes().decode()

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str | None) -> tuple[int, Any]:
        """A request as a page of the server sends it, but for these headers (`_` for `-`; None leaves one out)."""
        usual: dict[str, str | None] = {
            "Host": self.host,
            "Origin": f"http://{self.host}",
            "X-Sitegen-Token": self.editor.token,
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
        }
        usual |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=20)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in usual.items():
                if value is not None:
                    connection.putheader(name, value)
            connection.endheaders()
            with contextlib.suppress(ConnectionError):
                connection.send(body)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def edit(self, headers: dict[str, str | None] | None = None, **fields: Any) -> tuple[int, Any]:
        digest = splice.digest(self.overrides().encode())
        body = json.dumps({"slug": "first", "digest": digest, **fields}).encode()
        return self.ask("POST", "/__sitegen__/edit", body, **(headers or {}))


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    facts = {"published": "2026-01", "authors": ["A. One"]}
    site = write_site(
        tmp_path, [paper(s, **facts) for s in ("first", "second", "third-alpha")], overrides_yaml=OVERRIDES
    )
    live, state = serve.Live(site), serve.State()
    live.update()
    editor = serve.Editor(live, state)
    server = serve.start(live, live.base, 0, state, editor)
    try:
        yield Served(site, live, state, editor, server)
    finally:
        server.shutdown()
        server.server_close()


# --- Edits ---


def test_topics_pin_hide_and_note_are_written_with_care(served: Served) -> None:
    status, said = served.edit(topics=["two", "one"])
    assert (status, served.overrides()) == (200, OVERRIDES.replace("first: [one]", "first: [two, one]"))
    assert said["digest"] == splice.digest(served.overrides().encode())
    assert served.edit(slug="second", pin=True, note="Read: it", why="")[0] == 200
    assert served.overrides().endswith(
        "second:\n  topics: ['two']\n  # why it is so\n  pin: true\n  note: \"Read: it\"\n"
    )
    assert served.edit(slug="third-alpha", hide=True)[0] == 200
    assert served.live.get("papers/third-alpha/index.html") is None
    assert served.edit(slug="third-alpha", hide=False)[0] == 200
    assert served.live.get("papers/third-alpha/index.html")


def test_an_edit_changes_the_page_and_tells_the_waiting_ones(served: Served) -> None:
    assert b"Hello there" not in (served.live.get("papers/first/index.html") or b"")
    told: list[dict[str, Any]] = []
    waiting = threading.Thread(target=lambda: told.append(served.state.wait(0)))
    waiting.start()
    assert served.edit(note="Hello there")[0] == 200
    waiting.join(20)
    assert told == [{"epoch": 1, "problems": ""}]
    assert b"Hello there" in (served.live.get("papers/first/index.html") or b"")


def test_an_edit_reaches_the_folder_that_the_site_is_also_written_to(served: Served, tmp_path: Path) -> None:
    folder, state = tmp_path / "out", serve.State()
    live = serve.Live(served.site, output=folder)
    live.update()
    live.write()
    change = {"slug": "first", "digest": splice.digest(served.overrides().encode()), "note": "Hello there"}
    serve.Editor(live, state).apply(json.dumps(change).encode())
    serve.rebuild(live, state)  # as whoever watches the files does: there is nothing new for it
    assert "Hello there" in (folder / "papers/first/index.html").read_text("utf-8")


def test_all_taken_back_gives_the_old_file(served: Served) -> None:
    served.edit(slug="third-alpha", note="x", pin=True)
    served.edit(slug="third-alpha", note="", pin=False)
    assert served.overrides() == OVERRIDES


def test_what_can_be_edited_is_told(served: Served) -> None:
    status, said = served.ask("GET", "/__sitegen__/paper?slug=second")
    assert (status, said["topics"], said["why"], said["confirmed"]) == (200, ["two"], "So", True)
    assert [topic["slug"] for group in said["groups"] for topic in group["topics"]] == ["one", "two"]
    assert served.ask("GET", "/__sitegen__/paper?slug=third-alpha")[1]["confirmed"] is False
    assert served.ask("GET", "/__sitegen__/paper?slug=nobody")[0] == 404


# --- Refusals ---


HEADERS: dict[str, dict[str, str | None]] = {
    "another origin": {"Origin": "https://evil.example"},
    "the null origin": {"Origin": "null"},
    "no origin": {"Origin": None},
    "the right host of another port": {"Origin": "http://127.0.0.1:1"},
    "https": {"Origin": "https://127.0.0.1"},
    "a name that was made to lead here": {"Host": "evil.example", "Origin": "http://evil.example"},
    "a name that begins like ours": {"Host": "127.0.0.1.evil.example"},
    "no host": {"Host": None},
    "no token": {"X_Sitegen_Token": None},
    "another token": {"X_Sitegen_Token": "x" * 32},
    "an empty token": {"X_Sitegen_Token": ""},
    "a token that is no ASCII": {"X_Sitegen_Token": "é"},
    "another site, says the browser": {"Sec_Fetch_Site": "cross-site"},
    "another page of this machine": {"Sec_Fetch_Site": "same-site"},
}


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
def test_others_are_refused(served: Served, headers: dict[str, str | None]) -> None:
    status, said = served.edit(headers, topics=["two"])
    assert (status, list(said)) == (403, ["error"])
    assert served.overrides() == OVERRIDES
    if "Origin" not in headers:
        assert served.ask("GET", "/__sitegen__/paper?slug=first", b"", **headers)[0] == 403


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "[::1].evil.example", "localhost.evil.example"])
@pytest.mark.parametrize(
    "path", ["", "papers/first/", "nowhere/", "/__sitegen__/wait?epoch=-1", "/__sitegen__/page.js"]
)
def test_nothing_is_told_to_who_asks_by_another_name(served: Served, host: str, path: str) -> None:
    """Such a name was made to lead here by a page that wants to read a list which is not published."""
    status, page = read(served, host, path if path.startswith("/") else BASE + path)
    assert status == (403 if path.startswith("/") else 421)
    assert served.editor.token not in page
    assert "First" not in page
    assert "127.0.0.1" in page or "error" in page


@pytest.mark.parametrize("host", ["localhost", "localhost:9000", "127.0.0.1:9000", "[::1]:9000"])
def test_a_tunnel_with_another_port_shows_the_site_and_cannot_edit(served: Served, host: str) -> None:
    status, page = read(served, host, BASE)
    assert status == 200
    assert "__sitegen__" in page
    assert served.editor.token not in page


def read(served: Served, host: str, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", served.server.server_port, timeout=20)
    try:
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


BODIES: dict[str, tuple[int, bytes | dict[str, Any]]] = {
    "no JSON": (400, b"{"),
    "no object": (400, b"[]"),
    "no UTF-8": (400, b'{"slug": "\xff"}'),
    "a key that there is not": (400, {"line": "x"}),
    "a number for a slug": (400, {"slug": 1}),
    "a text for a flag": (400, {"pin": "yes"}),
    "a text for a list": (400, {"topics": "one"}),
    "a number in a list": (400, {"topics": [1]}),
    "no digest": (400, b'{"slug": "first"}'),
    "a topic that there is not": (422, {"topics": ["three"]}),
    "a topic twice": (422, {"topics": ["one", "one"]}),
    "a long note": (422, {"note": "x" * 5000}),
    "pinned and hidden": (422, {"pin": True, "hide": True}),
    "a paper that there is not": (404, {"slug": "nobody", "pin": True}),
    "a path": (404, {"slug": "../../etc/passwd", "pin": True}),
    "a path in a topic": (422, {"topics": ["../one"]}),
    "an older file": (409, {"digest": splice.digest(b"older"), "pin": True}),
}


@pytest.mark.parametrize("name", BODIES)
def test_what_makes_no_sense_is_refused_with_a_reason(served: Served, name: str) -> None:
    expected, given = BODIES[name]
    if isinstance(given, bytes):
        status, said = served.ask("POST", "/__sitegen__/edit", given)
    else:
        status, said = served.edit(None, **given)
    assert (status, served.overrides()) == (expected, OVERRIDES)
    assert said["error"]
    assert served.edit(pin=True)[0] == 200  # and all is well after it


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({"Content_Type": "text/plain"}, 415, id="a simple request of any page"),
        pytest.param({"Content_Type": None}, 415, id="no type"),
        pytest.param({"Content_Length": None}, 411, id="no length"),
        pytest.param({"Content_Length": "-1"}, 411, id="a negative length"),
        pytest.param({"Content_Length": "9999999999"}, 413, id="too long"),
        pytest.param({"Content_Length": "9" * 5000}, 413, id="a very long number"),
        pytest.param({"Transfer_Encoding": "chunked"}, 411, id="in chunks"),
    ],
)
def test_a_body_of_another_kind_is_refused(served: Served, headers: dict[str, str | None], expected: int) -> None:
    assert served.edit(headers, pin=True)[0] == expected
    assert served.overrides() == OVERRIDES


@pytest.mark.parametrize(
    "path", ["/__sitegen__/", "/__sitegen__/../secret", "/__sitegen__/page.py", "/reading-list/", "/x"]
)
def test_there_is_nothing_else_to_post_to(served: Served, path: str) -> None:
    assert served.ask("POST", path, b"{}")[0] == 404


def test_a_file_that_changed_underneath_is_left_alone(served: Served) -> None:
    digest = served.ask("GET", "/__sitegen__/paper?slug=first")[1]["digest"]
    write(served.site / "content/overrides.yaml", OVERRIDES + "# new\n")
    status, said = served.edit(digest=digest, pin=True)
    assert (status, served.overrides()) == (409, OVERRIDES + "# new\n")
    assert "was changed meanwhile" in said["error"]


def test_while_another_process_edits_the_page_is_told_which(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0.1)
    with lock.held(served.site, "overrides", "sitegen review"):
        status, said = served.edit(pin=True)
    assert (status, served.overrides()) == (409, OVERRIDES)
    assert "is being changed by sitegen review" in said["error"]
    assert served.edit(pin=True)[0] == 200


def test_taking_an_edit_back_never_takes_another_along(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    later = OVERRIDES + "# from an editor\n"

    def update(_: serve.Live) -> bool:
        write(served.site / "content/overrides.yaml", later)
        raise fail("content/site.yaml", "is broken")

    monkeypatch.setattr(serve.Live, "update", update)
    status, said = served.edit(pin=True)
    assert (status, served.overrides()) == (409, later)
    assert "was changed by someone else" in said["error"]


def test_a_broken_file_is_left_alone(served: Served) -> None:
    write(served.site / "content/overrides.yaml", "first: [one\n")
    status, said = served.edit(pin=True)
    assert (status, served.overrides()) == (422, "first: [one\n")
    assert "content/overrides.yaml:1:8" in said["error"]


def test_an_edit_that_would_break_the_site_is_taken_back(served: Served) -> None:
    write(served.site / "content/site.yaml", "title: [\n")
    status, said = served.edit(pin=True)
    assert (status, served.overrides()) == (422, OVERRIDES)
    assert "content/site.yaml" in said["error"]


def test_without_an_editor_nothing_can_be_edited(served: Served, tmp_path: Path) -> None:
    server = serve.start(served.live, BASE, 0, serve.State())
    try:
        other = Served(served.site, served.live, served.state, served.editor, server)
        assert other.edit(pin=True)[0] == 404
        assert other.ask("GET", "/__sitegen__/paper?slug=first")[0] == 404
    finally:
        server.shutdown()
        server.server_close()


def test_nothing_of_it_is_in_the_published_site(served: Served) -> None:
    build.build(served.site)
    for path in (served.site / "_site").rglob("*.html"):
        assert "/__sitegen__/page" not in path.read_text("utf-8")


# --- In a browser ---


def test_an_override_is_edited_in_the_page_by_keyboard_and_the_page_changes(served: Served, visitor: Visitor) -> None:
    with visitor() as page:
        page.goto(served.url + "papers/first/")
        page.get_by_role("button", name="Edit", exact=True).focus()
        page.keyboard.press("Enter")
        topic = page.get_by_role("combobox", name="Topic", exact=True)
        expect(topic).to_be_focused()
        expect(topic).to_have_value("one")
        topic.press("T")  # Two
        expect(topic).to_have_value("two")
        page.get_by_role("textbox", name="Note").focus()
        page.keyboard.type("Typed in the page: yes")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")  # pin
        with page.expect_navigation():
            page.get_by_role("button", name="Save").press("Enter")
        expect(page.get_by_text("Typed in the page: yes")).to_be_visible()
        expect(page.get_by_role("link", name="Two").first).to_be_visible()
    assert served.overrides() == OVERRIDES.replace(
        "first: [one]   # sure", 'first:\n  topics: [two]   # sure\n  pin: true\n  note: "Typed in the page: yes"'
    )


def test_escape_closes_the_panel_and_a_conflict_is_told(served: Served, visitor: Visitor) -> None:
    with visitor(expected_status=409) as page:
        page.goto(served.url + "papers/first/")
        button = page.get_by_role("button", name="Edit", exact=True)
        button.click()
        expect(page.get_by_role("combobox", name="Topic", exact=True)).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#sitegen-panel")).to_have_count(0)
        expect(button).to_be_focused()
        button.click()
        expect(page.get_by_role("combobox", name="Topic", exact=True)).to_be_focused()
        write(served.site / "content/overrides.yaml", OVERRIDES + "# new\n")
        page.get_by_label("Pin").check()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("status").filter(has_text="changed meanwhile")).to_be_visible()
    assert served.overrides() == OVERRIDES + "# new\n"


def test_a_saved_file_changes_the_open_page_and_problems_come_and_go(served: Served, visitor: Visitor) -> None:
    with visitor() as page:
        page.goto(served.url + "papers/first/")
        write(served.site / "content/overrides.yaml", OVERRIDES.replace("[one]", "[won]"))
        serve.rebuild(served.live, served.state)
        expect(page.get_by_role("alert")).to_contain_text("content/overrides.yaml:3:9")
        write(served.site / "content/overrides.yaml", OVERRIDES + "\nthird-alpha:\n  note: Seen at once\n")
        with page.expect_navigation():
            serve.rebuild(served.live, served.state)
        expect(page.get_by_role("alert")).to_have_count(0)
        page.goto(served.url + "papers/third-alpha/")
        expect(page.get_by_text("Seen at once")).to_be_visible()
        write(served.site / "content/overrides.yaml", OVERRIDES + "\nthird-alpha:\n  note: And changed\n")
        serve.rebuild(served.live, served.state)
        expect(page.get_by_text("And changed")).to_be_visible()
        assert not re.search("Seen at once", page.content())
