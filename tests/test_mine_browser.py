"""The reader's own marks, in a real browser: kept, taken along, brought in, shared; without scripts or storage."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from browser import Site, Visitor

pytest_plugins = ("browser",)
pytestmark = pytest.mark.browser

TOPIC = "topics/peft-lora/"
PAPER = "papers/s2ft-efficient-scalable-and-generalizable-llm-fine-tuning-by/"
S2FT = PAPER.split("/")[1]
KEY = "papers /reading-list/"
BLOCKED = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });"""
FULL = """Storage.prototype.setItem = function () { throw new DOMException("full", "QuotaExceededError"); };"""
WIDTHS = pytest.mark.parametrize("width", [360, 768, 1280])


def rows(page: Page) -> Locator:
    return page.locator("main li.paper").locator("visible=true")


def sign(place: Locator | Page, name: str) -> Locator:
    return place.locator(f'[data-mark="{name}"]')


def state(page: Page) -> dict[str, Any]:
    text = page.evaluate("key => localStorage.getItem(key)", KEY)
    found: dict[str, Any] = json.loads(text or "{}")
    return found


def put(**papers: dict[str, str]) -> str:
    """A script that stores these papers before a page's own scripts run."""
    return stored(
        json.dumps({"format": 1, "papers": {slug.replace("_", "-"): paper for slug, paper in papers.items()}})
    )


def stored(text: str) -> str:
    """A script that stores a text, once, before a page's own scripts run."""
    key = json.dumps(KEY)
    return f"""if (location.protocol === "http:" && !sessionStorage.put) {{
  sessionStorage.put = 1;
  localStorage.setItem({key}, {json.dumps(text)});
}}"""


def told(page: Page) -> Locator:
    return page.locator(".told")


# --- Marks ---


@WIDTHS
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_star_is_there_after_a_reload_on_every_page(
    visitor: Visitor, published: Site, width: int, theme: str
) -> None:
    with visitor(viewport={"width": width, "height": 800}, color_scheme=theme) as page:
        page.goto(published.url + TOPIC)
        row = page.locator(f'li[data-slug="{S2FT}"]')
        title = row.get_by_role("heading").inner_text()
        star = row.get_by_role("button", name=f"Star {title}", exact=True)
        expect(star).to_have_attribute("aria-pressed", "false")
        box = star.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24
        star.click()
        expect(star).to_have_attribute("aria-pressed", "true")
        expect(told(page)).to_have_text(f"Starred: {title}")
        expect(told(page)).to_have_attribute("role", "status")
        page.reload()
        expect(star).to_have_attribute("aria-pressed", "true")
        page.goto(published.url + PAPER)
        expect(sign(page, "star")).to_have_attribute("aria-pressed", "true")
        sign(page, "star").click()
        page.goto(published.url + TOPIC)
        expect(star).to_have_attribute("aria-pressed", "false")
        assert state(page)["papers"] == {}


def test_a_hidden_paper_leaves_lists_and_comes_back_on_demand(visitor: Visitor, published: Site) -> None:
    with visitor() as page:
        page.goto(published.url + PAPER)
        sign(page, "hide").click()
        page.goto(published.url + TOPIC)
        row = page.locator(f'li[data-slug="{S2FT}"]')
        expect(row).to_be_hidden()
        expect(page.locator(".unshown")).to_contain_text("1 paper that you have hidden is not shown.")
        page.get_by_role("button", name="Show them").click()
        expect(row.get_by_role("link").first).to_be_focused()
        page.goto(f"{published.url}my/")
        page.get_by_role("button", name="Hidden").click()
        expect(rows(page)).to_have_count(1)


def test_hiding_can_be_undone_at_once(visitor: Visitor, published: Site) -> None:
    with visitor() as page:
        page.goto(published.url + TOPIC)
        first = page.locator("main li.paper").first
        first.get_by_role("link").first.focus()
        page.keyboard.press("h")
        expect(first).to_be_hidden()
        expect(page.locator("main li.paper").nth(1).get_by_role("link").first).to_be_focused()
        told(page).get_by_role("button", name="Undo").click()
        expect(first).to_be_visible()


def test_a_note_is_kept_as_one_types_and_shown_in_my_list(visitor: Visitor, published: Site) -> None:
    text = '<img src=x onerror="alert(1)"> sparse, but fast'
    with visitor() as page:
        page.goto(published.url + PAPER)
        page.get_by_role("button", name="Note").click()
        field = page.get_by_role("textbox", name="My private note")
        expect(field).to_be_focused()
        page.keyboard.type(text)
        page.goto(f"{published.url}my/")  # left before the next moment to keep it
        page.get_by_role("button", name="With notes").click()
        expect(rows(page).locator(".remark")).to_have_text(text)
        page.goto(published.url + PAPER)
        expect(field).to_have_value(text)
        field.fill("")
        field.blur()
        page.reload()
        expect(field).to_be_hidden()
        assert state(page)["papers"] == {}


def test_two_tabs_see_each_other_and_lose_nothing(visitor: Visitor, published: Site) -> None:
    with visitor() as page:
        other = page.context.new_page()
        page.goto(published.url + TOPIC)
        other.goto(published.url + TOPIC)
        for tab, name in ((page, "star"), (other, "read"), (page, "read")):
            place = tab.locator("main li.paper").nth({"star": 0, "read": 1}[name] + (tab is page and name == "read"))
            sign(place, name).click()
        for tab in (page, other):
            places = tab.locator("main li.paper")
            expect(sign(places.nth(0), "star")).to_have_attribute("aria-pressed", "true")
            expect(sign(places.nth(1), "read")).to_have_attribute("aria-pressed", "true")
            expect(sign(places.nth(2), "read")).to_have_attribute("aria-pressed", "true")
        assert len(state(page)["papers"]) == 3


@pytest.mark.parametrize("script", [BLOCKED, FULL], ids=["blocked", "full"])
@pytest.mark.parametrize("path", ["", TOPIC, PAPER, "my/", "search/?q=lora"])
def test_without_storage_every_page_works_and_says_what_it_cannot_keep(
    visitor: Visitor, published: Site, script: str, path: str
) -> None:
    with visitor(init_script=script) as page:
        page.goto(published.url + path)
        if path == "my/":
            expect(page.get_by_role("heading", name="Where this is kept")).to_be_visible()
            expect(page.get_by_text("keeps nothing for this site now").locator("visible=true")).to_have_count(1)
            return
        star = sign(page.locator("main"), "star").first
        star.click()
        expect(star).to_have_attribute("aria-pressed", "true")
        expect(told(page)).to_contain_text("This browser keeps nothing for this site now")
        star.click()
        expect(star).to_have_attribute("aria-pressed", "false")


HOSTILE = [
    "",
    "null",
    "[]",
    "0",
    '"text"',
    "{broken",
    '{"format": 1, "papers": []}',
    '{"format": 1, "papers": {"x": null, "y": 5, "z": {"star": "yes", "note": 7}}}',
    '{"format": 1, "papers": {"__proto__": {"star": "2026-01-01"}, "constructor": {"star": "2026-01-01"}}}',
    '{"format": 1, "papers": {"../../evil": {"star": "2026-01-01"}, "javascript:alert(1)": {"star": "2026-01-01"}}}',
    '{"format": 1, "papers": {"a-b": {"star": "2026-01-01", "title": "<img src=x onerror=alert()>", "topic": "../x"}}}',
    '{"format": 1, "papers": {"a-b": {"star": "2026-99-99", "title": "Odd day"}}}',
    '{"format": 1, "recent": [["javascript:alert(1)", "x"], ["a-b", "<script>alert()</script>"], 5], "visit": 0}',
    '{"format": 1, "visit": {"at": "x", "fresh": [["a-b", {}]], "more": -5, "known": 7, "since": 1e400}}',
    '{"format": 99, "papers": {"a-b": {"star": "2026-01-01"}}}',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_stored_text_breaks_a_page_or_runs(visitor: Visitor, published: Site, text: str) -> None:
    with visitor(init_script=stored(text)) as page:
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
        for path in ("", TOPIC, PAPER, "my/"):
            page.goto(published.url + path)
            page.wait_for_load_state("networkidle")
            assert page.locator("main img, main script:not([type])").count() == 0
            for link in page.locator("main a").evaluate_all("links => links.map(link => link.href)"):
                assert re.match(r"https?://", link), link
        page.goto(published.url + TOPIC)
        sign(page, "star").first.click()
        expect(sign(page, "star").first).to_have_attribute("aria-pressed", "true")
        if '"format": 99' in text:
            assert page.evaluate("key => localStorage.getItem(key)", KEY) == text, (
                "a later version's state is left alone"
            )


def test_marks_follow_a_paper_to_its_new_address(
    visitor: Visitor, tmp_path: Path, serve_site: Callable[[Path], str]
) -> None:
    from sites import paper, write, write_site

    from sitegen import build

    site = write_site(
        tmp_path / "site", [paper("old-name", published="2024"), paper("other", published="2023"), paper("third")]
    )
    write(site / "content/overrides.yaml", "old-name: {slug: new-name}\nthird: {merge_into: other}\n")
    build.build(site)
    marks = put(
        old_name={"star": "2026-01-02", "title": "Old Name", "note": "mine"},
        third={"read": "2026-01-03"},
        other={"star": "2026-01-01"},
    )
    with visitor(init_script=marks) as page:
        url = serve_site(site / "_site")
        page.goto(f"{url}papers/old-name/")
        page.wait_for_url("**/papers/new-name/")
        expect(sign(page, "star")).to_have_attribute("aria-pressed", "true")
        expect(page.get_by_role("textbox", name="My private note")).to_have_value("mine")
        page.goto(f"{url}my/")
        expect(rows(page)).to_have_count(2)
        papers = state(page)["papers"]
        assert set(papers) == {"new-name", "other"}
        assert (papers["other"]["read"], papers["other"]["star"]) == ("2026-01-03", "2026-01-01")


# --- Without scripts ---


@pytest.mark.parametrize("path", ["", TOPIC, PAPER, "my/", "offline.html"])
def test_without_scripts_there_is_no_dead_control_and_no_empty_room(
    visitor: Visitor, published: Site, path: str
) -> None:
    with visitor(java_script_enabled=False) as page:
        page.goto(published.url + path)
        dead = page.locator(
            "main button, main select, main textarea, main progress, main .panel, main .room, main .sieve"
        )
        visible = dead.locator("visible=true")
        expect(visible).to_have_count(1 if path == "" else 0)  # the button of the search form works without scripts
        padding = page.locator("main").evaluate(
            "main => [...main.querySelectorAll('li.paper')].map(e => getComputedStyle(e).paddingRight)"
        )
        assert set(padding) <= {"0px"}


def test_my_list_without_scripts_says_why_it_is_empty_and_leads_on(visitor: Visitor, published: Site) -> None:
    with visitor(java_script_enabled=False) as page:
        page.goto(f"{published.url}my/")
        main = page.get_by_role("main")
        expect(main).to_contain_text("shown by JavaScript, which is off")
        expect(main).to_contain_text("No server gets them")
        main.get_by_role("link", name="topic").click()
        expect(page).to_have_url(f"{published.url}topics/")
