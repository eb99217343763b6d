"""A reader's journeys through this repository's reading list, in a real browser, on the server of `sitegen serve`."""

from __future__ import annotations

import re
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Locator, Page, expect

from sitegen import serve

if TYPE_CHECKING:
    from browser import Site, Visitor

pytest_plugins = ("browser",)
pytestmark = pytest.mark.browser

TORCHTITAN = "TorchTitan: One-stop PyTorch native solution for production ready LLM pre-training"
POTTER = "Who's Harry Potter? Approximate Unlearning in LLMs"
STORAGE_BLOCKED = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });"""


@pytest.fixture(
    params=[pytest.param("served_list", id="under-a-path"), pytest.param("served_at_root", id="at-the-root")]
)
def anywhere(request: pytest.FixtureRequest) -> Site:
    """The list on both kinds of address."""
    site: Site = request.getfixturevalue(request.param)
    return site


def main(page: Page) -> Locator:
    return page.get_by_role("main")


def hits(page: Page) -> Locator:
    """The titles of the results, which are links."""
    return main(page).get_by_role("listitem").get_by_role("heading").get_by_role("link")


def header_search(page: Page) -> Locator:
    return page.get_by_role("banner").get_by_role("searchbox")


def address_keeps(page: Page, query: str) -> None:
    expect(page).to_have_url(re.compile(rf"/search/\?q={re.escape(query)}$"))


def follow(page: Page, link: Locator) -> None:
    """Click a link in the page's main part; the page that comes is headed by the link's own words."""
    words = link.inner_text()
    link.click()
    expect(main(page).get_by_role("heading", level=1)).to_have_text(words)


def brightness(page: Page) -> float:
    """How bright the page's background is, from 0 to 255."""
    colour = page.locator("html").evaluate("element => getComputedStyle(element).backgroundColor")
    parts = [float(part) for part in re.findall(r"[\d.]+", colour)[:3]]
    assert len(parts) == 3
    return sum(parts) / 3


def test_links_lead_from_home_to_a_topic_to_a_paper_to_the_next_paper_and_home(
    visitor: Visitor, anywhere: Site
) -> None:
    with visitor() as page:
        page.goto(anywhere.url)
        follow(page, main(page).get_by_role("link", name="Multilingual", exact=False).first)
        follow(page, main(page).get_by_role("heading", level=3).get_by_role("link").first)
        first = page.url
        following = page.locator("a[rel=next]")
        title = following.inner_text().removeprefix("Next").strip()
        following.click()
        expect(main(page).get_by_role("heading", level=1)).to_have_text(title)
        assert page.url != first
        assert page.url.startswith(f"{anywhere.url}papers/")
        page.locator("a[rel=prev]").click()
        expect(page).to_have_url(first)
        page.get_by_role("banner").get_by_role("link").first.click()
        expect(page).to_have_url(anywhere.url)


def test_the_header_form_of_any_page_finds_a_paper(visitor: Visitor, anywhere: Site) -> None:
    with visitor() as page:
        page.goto(f"{anywhere.url}topics/distillation/")
        header_search(page).fill("torchtitan")
        page.keyboard.press("Enter")
        address_keeps(page, "torchtitan")
        follow(page, hits(page).first)
        expect(main(page).get_by_role("heading", level=1)).to_have_text(TORCHTITAN)
        assert page.url.startswith(f"{anywhere.url}papers/torchtitan-")


def test_the_form_on_the_home_page_finds_a_paper(visitor: Visitor, anywhere: Site) -> None:
    with visitor() as page:
        page.goto(anywhere.url)
        main(page).get_by_role("searchbox").fill("harry potter")
        dialog = page.get_by_role("dialog")  # typing opens it
        expect(dialog.get_by_role("searchbox")).to_have_value("harry potter")
        dialog.get_by_role("searchbox").press("Enter")
        address_keeps(page, "harry+potter")
        expect(hits(page).first).to_have_text(POTTER)


def test_without_scripts_the_form_on_the_home_page_leads_to_the_search(visitor: Visitor, served_list: Site) -> None:
    with visitor(java_script_enabled=False) as page:
        page.goto(served_list.url)
        main(page).get_by_role("searchbox").fill("harry potter")
        main(page).get_by_role("button", name="Search").click()
        address_keeps(page, "harry+potter")


@pytest.mark.parametrize(
    ("query", "title"),
    [
        pytest.param("approximate unlearning", POTTER, id="part-of-the-title"),
        pytest.param("least squares permutations", "PLeaS – Merging Models with", id="words-in-another-order"),
        pytest.param("therien", "Continual Pre-Training of Large Language Models: How to", id="surname-unaccented"),
        pytest.param("Rocktäschel", "Mechanistically analyzing the effects", id="surname-accented"),
        pytest.param("ALLoRA", "ALLoRA: Adaptive Learning Rate", id="acronym"),
        pytest.param("s2ft", "S²FT: Efficient, Scalable", id="acronym-with-a-raised-digit"),
        pytest.param("μ-bench", "μ-Bench: A Vision-Language Benchmark", id="greek-letter"),
    ],
)
def test_a_known_paper_is_found_first(visitor: Visitor, served_list: Site, query: str, title: str) -> None:
    with visitor() as page:
        page.goto(f"{served_list.url}search/")
        main(page).get_by_role("searchbox").fill(query)
        expect(hits(page).first).to_contain_text(title)
        expect(main(page).get_by_role("status")).not_to_contain_text("No paper")


def test_results_and_status_follow_every_keystroke(visitor: Visitor, served_list: Site) -> None:
    with visitor() as page:
        page.goto(f"{served_list.url}search/")
        field, status = main(page).get_by_role("searchbox"), main(page).get_by_role("status")
        expect(status).to_be_empty()
        field.press_sequentially("lo")
        expect(status).to_contain_text("papers")
        many = status.inner_text()
        field.press_sequentially("ra vs full")
        expect(hits(page).first).to_contain_text("LoRA vs Full Fine-tuning")
        expect(status).not_to_have_text(many)
        address_keeps(page, "lora+vs+full")
        field.clear()
        expect(hits(page)).to_have_count(0)
        expect(status).to_be_empty()
        expect(page).to_have_url(f"{served_list.url}search/")


def test_a_word_being_typed_keeps_finding_papers_at_every_letter(visitor: Visitor, served_list: Site) -> None:
    with visitor() as page:
        page.goto(f"{served_list.url}search/")
        for length in range(1, len("quantization") + 1):
            typed = "quantization"[:length]
            main(page).get_by_role("searchbox").fill(typed)
            papers = re.compile(r"^\d+ papers?\b")
            expect(main(page).get_by_role("status"), f'after "{typed}"').to_have_text(papers, timeout=5_000)


def test_the_count_in_the_status_is_that_of_the_results(visitor: Visitor, served_list: Site) -> None:
    with visitor() as page:
        page.goto(f"{served_list.url}search/?q=galore+welore")
        expect(main(page).get_by_role("status")).to_contain_text("1 paper")
        expect(page.locator("ol.hits").first.locator("h2 a")).to_have_count(1)
        expect(page.get_by_text("With some of the words:")).to_be_visible()


def test_back_from_a_result_restores_the_search_and_typing_leaves_no_trail(visitor: Visitor, served_list: Site) -> None:
    with visitor() as page:
        page.goto(f"{served_list.url}about/")
        page.goto(f"{served_list.url}search/")
        main(page).get_by_role("searchbox").press_sequentially("harry potter")
        follow(page, hits(page).first)
        page.go_back()
        address_keeps(page, "harry+potter")
        expect(main(page).get_by_role("searchbox")).to_have_value("harry potter")
        expect(hits(page).first).to_have_text(POTTER)
        page.go_back()
        expect(page).to_have_url(f"{served_list.url}about/")


def test_a_link_to_a_search_shows_it(visitor: Visitor, served_list: Site) -> None:
    with visitor() as page:
        page.goto(f"{served_list.url}search/?q=Timoth%C3%A9e%20Lesort")
        expect(main(page).get_by_role("searchbox")).to_have_value("Timothée Lesort")
        expect(hits(page).first).to_contain_text("Continual Pre-Training of Large Language Models")


def test_a_keyword_on_a_paper_leads_to_papers_that_have_it(visitor: Visitor, served_list: Site) -> None:
    with visitor() as page:
        page.goto(f"{served_list.url}papers/who-s-harry-potter-approximate-unlearning-in-llms/")
        keyword = main(page).get_by_role("region", name="Keywords").get_by_role("link").first
        words = keyword.inner_text()
        keyword.click()
        expect(main(page).get_by_role("searchbox")).to_have_value(words)
        expect(hits(page).filter(has_text=POTTER)).to_have_count(1)


def test_a_relaxed_search_says_so(visitor: Visitor, served_list: Site) -> None:
    with visitor() as page:
        page.goto(f"{served_list.url}search/?q=torchtitan+xylophone")
        expect(main(page).get_by_role("status")).to_contain_text(re.compile("no paper has .xylophone", re.IGNORECASE))
        expect(hits(page).first).to_have_text(TORCHTITAN)


def test_a_search_without_results_says_so(visitor: Visitor, served_list: Site) -> None:
    with visitor() as page:
        page.goto(f"{served_list.url}search/?q=torchtitan")
        expect(hits(page)).to_have_count(1)
        main(page).get_by_role("searchbox").fill("xylophone")
        expect(main(page).get_by_role("status")).to_contain_text(re.compile("^no paper", re.IGNORECASE))
        expect(hits(page)).to_have_count(0)


def test_html_in_a_query_stays_text(visitor: Visitor, served_list: Site) -> None:
    with visitor() as page:
        page.goto(f"{served_list.url}search/?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%20lora")
        expect(main(page).get_by_role("searchbox")).to_have_value("<img src=x onerror=alert(1)> lora")
        expect(hits(page)).not_to_have_count(0)
        expect(main(page).locator("img")).to_have_count(0)


@pytest.mark.parametrize("keys", ["/", "Control+k"])
@pytest.mark.parametrize(
    ("path", "place"), [("", "dialog"), ("search/?q=lora", "main"), ("topics/", "dialog"), ("404.html", "dialog")]
)
def test_a_key_leads_to_the_search(visitor: Visitor, served_list: Site, keys: str, path: str, place: str) -> None:
    with visitor() as page:
        page.goto(served_list.url + path)
        page.locator("h1").click()
        page.keyboard.press(keys)
        expect(page.locator(f"{place} input:focus")).to_have_count(1)
        expect(page.locator("input:focus")).not_to_have_value(re.compile("/"))


def test_a_slash_in_the_search_field_is_a_slash(visitor: Visitor, served_list: Site) -> None:
    with visitor() as page:
        page.goto(served_list.url)
        main(page).get_by_role("searchbox").press_sequentially("zero/few")
        expect(page.get_by_role("dialog").get_by_role("searchbox")).to_have_value("zero/few")


def test_the_theme_button_toggles_and_the_choice_outlives_reloads_and_pages(
    visitor: Visitor, served_list: Site
) -> None:
    with visitor(color_scheme="light") as page:
        page.goto(served_list.url)
        assert brightness(page) > 200
        button = page.get_by_role("button", name="light and dark")
        button.click()
        assert brightness(page) < 60
        page.reload()
        assert brightness(page) < 60
        page.goto(f"{served_list.url}topics/")
        assert brightness(page) < 60
        button.click()
        assert brightness(page) > 200
        page.emulate_media(color_scheme="dark")
        page.reload()
        assert brightness(page) > 200


def test_without_a_choice_the_theme_is_the_systems(visitor: Visitor, served_list: Site) -> None:
    with visitor(color_scheme="dark") as page:
        page.goto(served_list.url)
        assert brightness(page) < 60
        page.emulate_media(color_scheme="light")
        assert brightness(page) > 200


def test_blocked_storage_breaks_nothing(visitor: Visitor, served_list: Site) -> None:
    with visitor(init_script=STORAGE_BLOCKED, color_scheme="light") as page:
        page.goto(served_list.url)
        page.get_by_role("button", name="light and dark").click()
        assert brightness(page) < 60
        page.keyboard.press("/")
        expect(page.locator("dialog input:focus")).to_have_count(1)
        page.keyboard.type("harry potter")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"/search/\?q=harry"))
        expect(hits(page).first).to_have_text(POTTER)
        follow(page, hits(page).first)


class Noticing(serve.State):
    """Tells when a page has begun to wait for the next build."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = threading.Event()

    def wait(self, epoch: int) -> dict[str, Any]:
        self.waiting.set()
        return super().wait(epoch)


def test_a_page_that_was_left_leaves_no_trace_in_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = set(threading.enumerate())
    state = Noticing()
    server = serve.start(tmp_path, "/", 0, state)
    [serving] = set(threading.enumerate()) - before
    with socket.create_connection(("127.0.0.1", server.server_port)) as page:
        host = f"127.0.0.1:{server.server_port}"
        page.sendall(f"GET /__sitegen__/wait?epoch=0 HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert state.waiting.wait(30)
    state.set("")  # what waits for a build is answered, but the page is gone
    for answering in set(threading.enumerate()) - before - {serving}:
        answering.join(30)
    server.shutdown()
    server.server_close()
    assert capfd.readouterr().err == ""
