"""The search in a browser: its page, its dialog, the page one lands on, and a site opened from a folder."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import need
import pytest

from sitegen import build

PAPER = "papers/matryoshka-representation-learning/"
pytest_plugins = ("browser",)
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = need.reading_list(tmp_path_factory.mktemp("search"))
    build.build(home)
    return home / "_site"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the tests say what they need."""


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context()
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    opened.set_default_timeout(10_000)
    yield opened
    context.close()
    assert [text for text in wrong if "origin 'null'" not in text and "ERR_FAILED" not in text] == []


HITS = "#found .hits h2 a"


def status(page: Any, text: str) -> None:
    """Wait until the status says so."""
    page.locator(".status", has_text=text).first.wait_for()


def test_a_link_to_a_search_shows_its_results(page: Any, address: str) -> None:
    page.goto(f"{address}search/?q=matryoshka")
    page.locator(HITS).first.wait_for()
    assert page.locator(HITS).first.inner_text() == "Matryoshka Representation Learning"
    assert page.locator(".hits mark").first.inner_text() == "Matryoshka"
    assert page.locator(".status").get_attribute("role") == "status"


def test_typing_searches_and_the_back_button_comes_back(page: Any, address: str) -> None:
    page.goto(f"{address}search/?q=survey")
    status(page, "3 papers.")
    page.fill("#q", "matryosh")
    page.keyboard.press("Enter")
    status(page, "1 paper.")
    assert page.url.endswith("?q=matryosh")
    page.locator(HITS).first.click()
    page.wait_for_url("**/papers/**")
    page.go_back()
    status(page, "1 paper.")
    page.fill("#q", "zzzqqqxx")
    status(page, "Nothing was found.")
    assert page.locator("#found a", has_text="topics").is_visible()


def test_what_is_mistyped_is_said_and_mended(page: Any, address: str) -> None:
    page.goto(f"{address}search/?q=quantizaton")
    status(page, "showing results for “quantization”")
    page.locator(HITS).nth(9).wait_for()


def test_a_query_with_signs(page: Any, address: str) -> None:
    page.goto(f"{address}search/?q=%2Bmerging%20-vision")
    status(page, "13 papers.")
    page.fill("#q", "nofield:x +y")
    page.fill("#q", "title:")
    page.fill("#q", "+title:merging nosuch:thing*")
    status(page, "could not be read as a query")


def test_filters_count_and_exclude(page: Any, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}search/?q=fine+tuning")
    page.locator(HITS).nth(9).wait_for()
    assert not any("/f/" in url for url in asked)
    page.locator(".filters summary").click()
    choice = page.locator('[data-value="1Show: with code"]')
    choice.wait_for()
    count = int(choice.locator(".count").inner_text())
    choice.click()
    status(page, f"{count} papers.")
    assert choice.get_attribute("aria-pressed") == "true"
    page.locator('[data-value="-1Show: with code"]').click()
    page.locator('[data-value="-1Show: with code"][aria-pressed=true]').wait_for()
    assert "without=Show" in page.url
    page.reload()
    page.locator('[data-value="-1Show: with code"][aria-pressed=true]').wait_for()


def test_more_results_on_request(page: Any, address: str) -> None:
    page.goto(f"{address}search/?q=fine+tuning")
    page.locator("button", has_text="Show more").click()
    page.locator(HITS).nth(29).wait_for()


def test_the_dialog_opens_over_any_page_and_leads_on_by_keyboard(page: Any, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address + PAPER)
    assert not any("search.js" in url for url in asked), "the search's script comes on first use"
    page.keyboard.press("/")
    page.locator("dialog[open] input").wait_for()
    page.keyboard.type("low-rank")
    status(page, "38 papers.")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('dialog h2') !== null")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/papers/**#q=low-rank")
    page.locator("main mark").first.wait_for()
    page.keyboard.press("Escape")
    page.locator("main mark").first.wait_for(state="detached")
    assert "#" not in page.url


def test_typing_into_the_head_opens_the_dialog(page: Any, address: str) -> None:
    page.goto(address + "about/")
    page.locator("#find").click()
    page.keyboard.type("l")
    page.locator("dialog[open]").wait_for()
    page.keyboard.type("ora")
    page.locator("dialog h2 a").first.wait_for()
    page.keyboard.press("Escape")
    page.locator("dialog[open]").wait_for(state="detached")


def test_a_word_that_is_being_composed_is_left_to_be_finished(page: Any, address: str) -> None:
    page.goto(address + "about/")
    page.locator("#find").click()
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "lor", "selectionStart": 3, "selectionEnd": 3})
    page.wait_for_timeout(300)
    assert page.locator("dialog[open]").count() == 0
    keyboard.send("Input.insertText", {"text": "lora"})
    page.locator("dialog h2 a").first.wait_for()


def test_recent_searches_are_kept_here_and_can_be_forgotten(page: Any, address: str) -> None:
    page.goto(f"{address}search/?q=survey")
    page.locator(HITS).first.click()
    page.goto(f"{address}search/")
    page.locator(".side a", has_text="survey").first.wait_for()
    page.locator("button", has_text="Forget them").click()
    assert page.evaluate("localStorage.getItem('searches /')") is None


@pytest.mark.parametrize("text", ["null", "5", '"text"', "{}", "[null, 7, {}]"])
def test_no_stored_text_stops_the_search(page: Any, address: str, text: str) -> None:
    page.add_init_script(f"localStorage['searches /'] ??= {text!r}")
    page.goto(f"{address}search/")
    page.locator("#q").fill("survey")
    page.locator(HITS).first.click()
    page.goto(f"{address}search/")
    page.locator(".side a", has_text="survey").first.wait_for()
    assert page.locator(".side p a").count() == 1


@pytest.mark.parametrize("asked", ["with=nothing", "without=x:+y", "with=Show:+constructor", "with=__proto__"])
def test_an_address_that_asks_for_an_unknown_filter_finds_all_the_same(page: Any, address: str, asked: str) -> None:
    page.goto(f"{address}search/?q=survey&{asked}")
    page.locator(HITS).first.wait_for()


def test_escape_takes_the_marks_away_whatever_was_pressed_before(page: Any, address: str) -> None:
    page.goto(f"{address}{PAPER}#q=matryoshka")
    page.locator("main mark").first.wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert page.locator("main mark").count() == 0
    assert "#" not in page.url


def test_a_browser_can_add_the_search(page: Any, address: str, site: Path) -> None:
    page.goto(address)
    assert page.locator("link[rel=search]").get_attribute("href") == "./opensearch.xml"
    text = (site / "opensearch.xml").read_text()
    assert 'template="https://example.github.io/reading-list/search/?q={searchTerms}"' in text


def test_a_site_opened_from_a_folder_can_be_searched(page: Any, site: Path) -> None:
    page.goto((site / "search" / "index.html").as_uri() + "?q=lora")
    page.locator(HITS).nth(9).wait_for()
    page.fill("#q", "+merging -vision")
    status(page, "13 papers.")
    page.locator(HITS).first.click()
    page.locator("main mark").first.wait_for()
    assert page.url.startswith("file:")
    assert "/index.html#q=" in page.url


def test_without_scripts_the_page_says_where_else_to_look(chromium: Any, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}search/?q=lora")
    assert page.locator("noscript a", has_text="topic").count() == 1 or "topic" in page.content()
    context.close()
