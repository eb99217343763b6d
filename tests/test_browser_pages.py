"""Every kind of page as published, in a real browser: any width, both themes, on paper, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from browser import Site, Visitor

pytest_plugins = ("browser",)
pytestmark = pytest.mark.browser

WIDTHS = (320, 360, 768, 1280, 3840)
PAGES = {
    "home": "",
    "topics": "topics/",
    "topic": "topics/peft-lora/",
    "redirect": "topics/old-name-of-peft-lora/",
    "paper": "papers/s2ft-efficient-scalable-and-generalizable-llm-fine-tuning-by/",
    "paper-with-many-authors": "papers/qwen2-5-math-technical-report-toward-mathematical-expert/",
    "authors": "authors/",
    "letter-of-authors": "authors/w/",
    "author": "authors/christopher-d-manning/",
    "years": "years/",
    "map": "map/",
    "year": "years/2024/",
    "second-page-of-a-year": "years/2024/page/2/",
    "lists": "lists/",
    "list": "lists/001-3a16c04ae09e0ee5/",
    "my-list": "my/",
    "offline": "offline.html",
    "search": "search/",
    "search-with-results": "search/?q=lora",
    "about": "about/",
    "not-found": "404.html",
}
every_page = pytest.mark.parametrize("path", [pytest.param(path, id=kind) for kind, path in PAGES.items()])


def settle(page: Page) -> None:
    """Wait until a page has done what it does by itself."""
    if "/old-name-of-peft-lora/" in page.url:
        page.wait_for_url("**/topics/peft-lora/")
    page.wait_for_load_state("networkidle" if "/search/" in page.url else "load")


@every_page
def test_a_page_loads_without_an_error_a_violation_or_an_outside_request(
    visitor: Visitor, published: Site, path: str
) -> None:
    with visitor() as page:
        answer = page.goto(published.url + path)
        assert answer is not None
        assert answer.status == 200
        settle(page)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert page.title()


@every_page
def test_no_page_scrolls_sideways_at_any_width_in_either_theme(visitor: Visitor, published: Site, path: str) -> None:
    too_wide = []
    with visitor(color_scheme="light") as page:
        page.goto(published.url + path)
        settle(page)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                content, window = page.evaluate("() => [document.scrollingElement.scrollWidth, innerWidth]")
                assert window == width
                if content > window:
                    too_wide.append(f"{theme}, {width} px: {content} px")
    assert too_wide == []


def test_a_missing_address_at_any_depth_gives_the_whole_404_page(visitor: Visitor, published: Site) -> None:
    with visitor(expected_status=404) as page:
        answer = page.goto(f"{published.url}papers/no/such/paper")
        assert answer is not None
        assert answer.status == 404
        expect(page.get_by_role("heading", level=1)).to_have_text("Page not found")
        padding = page.get_by_role("main").evaluate("element => getComputedStyle(element).paddingLeft")
        assert padding != "0px", "the page has no styles"
        page.get_by_role("main").get_by_role("link", name="Home").click()
        expect(page).to_have_url(published.url)


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_a_topics_old_address_leads_to_the_topic(visitor: Visitor, published: Site, scripts: bool) -> None:
    with visitor(java_script_enabled=scripts) as page:
        page.goto(f"{published.url}topics/old-name-of-peft-lora/")
        expect(page).to_have_url(f"{published.url}topics/peft-lora/")


class Parts(HTMLParser):
    """The links of a page, and its elements' names and attributes in order."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(file.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    @property
    def links(self) -> Iterator[str]:
        return (href for tag, attrs in self.elements if tag == "a" and (href := attrs.get("href")))


def test_every_page_declares_a_strict_policy_before_it_loads_anything(built_list: Path) -> None:
    files = sorted(built_list.rglob("*.html"))
    assert len(files) > 343
    wrong = []
    for file in files:
        loaded = False
        policy = None
        for tag, attrs in Parts(file).elements:
            loaded = loaded or tag in ("script", "link", "style", "img", "body")
            if tag == "meta" and (attrs.get("http-equiv") or "").lower() == "content-security-policy" and not loaded:
                policy = attrs.get("content") or ""
        if policy is None or "default-src" not in policy or "unsafe" in policy or "data:" in policy:
            wrong.append(file.relative_to(built_list).as_posix())
    assert wrong == []


def test_every_paper_is_at_most_three_clicks_from_home_without_scripts(built_list: Path) -> None:
    clicks = {"/": 0}
    waiting = ["/"]
    for address in waiting:
        file = built_list / address.removeprefix("/")
        for link in Parts(file / "index.html" if address.endswith("/") else file).links:
            target = urlsplit(urljoin(f"https://example.org{address}", link))
            known = target.hostname == "example.org" and target.path not in clicks
            if known and (target.path.endswith("/") or target.path.endswith(".html")):
                clicks[target.path] = clicks[address] + 1
                waiting.append(target.path)
    papers = [f"/papers/{folder.name}/" for folder in (built_list / "papers").iterdir()]
    assert len(papers) == 343
    assert [paper for paper in papers if clicks.get(paper, 99) > 3] == []


def test_without_scripts_links_lead_to_a_readable_paper(visitor: Visitor, published: Site) -> None:
    with visitor(java_script_enabled=False) as page:
        page.goto(published.url)
        page.get_by_role("main").get_by_role("link", name="Parameter-efficient").first.click()
        row = page.get_by_role("main").get_by_role("heading", level=3).get_by_role("link").first
        title = row.inner_text()
        row.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        expect(page.get_by_role("heading", name="Summary")).to_be_visible()
        assert len(page.get_by_role("main").inner_text()) > 500


def test_without_scripts_the_search_form_leads_to_an_explanation(visitor: Visitor, published: Site) -> None:
    with visitor(java_script_enabled=False) as page:
        page.goto(f"{published.url}topics/")
        page.get_by_role("banner").get_by_role("searchbox").fill("lora")
        page.get_by_role("banner").get_by_role("searchbox").press("Enter")
        expect(page).to_have_url(f"{published.url}search/?q=lora")
        assert "JavaScript" in page.locator("main").inner_text()
        page.locator("main a", has_text="topic").click()
        expect(page).to_have_url(f"{published.url}topics/")


@pytest.mark.parametrize("path", ["topics/", "about/"])
def test_without_scripts_no_control_is_shown_that_needs_one(visitor: Visitor, published: Site, path: str) -> None:
    with visitor(java_script_enabled=False) as page:
        page.goto(published.url + path)
        expect(page.locator("button:not([type=submit])").locator("visible=true")).to_have_count(0)


@pytest.mark.parametrize("path", ["", "topics/peft-lora/", "404.html"])
def test_tab_reaches_the_skip_link_first_and_it_leads_to_the_main_part(
    visitor: Visitor, published: Site, path: str
) -> None:
    with visitor() as page:
        page.goto(published.url + path)
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport(ratio=1)
        page.keyboard.press("Enter")
        expect(page.get_by_role("main")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.locator("main :focus")).to_have_count(1)


def test_a_printed_topic_has_its_papers_and_no_navigation(visitor: Visitor, published: Site) -> None:
    with visitor(color_scheme="dark") as page:
        page.goto(f"{published.url}topics/peft-lora/")
        navigation = page.locator("nav, form, button, .skip").locator("visible=true")
        expect(navigation).not_to_have_count(0)
        page.emulate_media(media="print")
        expect(navigation).to_have_count(0)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_role("main").get_by_role("heading", level=3).last).to_be_visible()
        ink = page.get_by_role("heading", level=1).evaluate("element => getComputedStyle(element).color")
        assert max(map(int, re.findall(r"\d+", ink)[:3])) < 100, "printed from the dark theme, text is dark on paper"
