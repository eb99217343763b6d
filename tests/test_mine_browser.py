"""The reader's own marks, in a real browser: kept, taken along, brought in, shared; without scripts or storage."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import need
import pytest
from playwright.sync_api import Locator, Page, expect
from sites import paper, write, write_site

from sitegen import build

if TYPE_CHECKING:
    from browser import Site, Visitor

pytest_plugins = ("browser",)
pytestmark = pytest.mark.browser

TOPIC = "topics/peft-lora/"
PAPER = "papers/s2ft-efficient-scalable-and-generalizable-llm-fine-tuning-by/"
LORA = "lora-vs-full-fine-tuning-an-illusion-of-equivalence"
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
            expect(told(page)).to_contain_text("A newer version of this site wrote what this browser keeps")
            page.goto(f"{published.url}my/")
            expect(page.get_by_text("A newer version of this site wrote")).to_have_count(1)


def test_what_a_newer_version_wrote_can_be_forgotten(visitor: Visitor, published: Site) -> None:
    with visitor(init_script=stored(HOSTILE[-1])) as page:
        page.goto(f"{published.url}my/")
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Forget everything").click()
        expect(page.get_by_text("A newer version of this site wrote").locator("visible=true")).to_have_count(0)
        page.goto(published.url + PAPER)
        sign(page, "star").first.click()
        assert S2FT in state(page)["papers"]


def test_marks_follow_a_paper_to_its_new_address(
    visitor: Visitor, tmp_path: Path, serve_site: Callable[[Path], str]
) -> None:
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


# --- Keys ---


def focused_slug(page: Page) -> str | None:
    slug: str | None = page.evaluate("document.activeElement.closest('[data-slug]')?.dataset.slug ?? null")
    return slug


def test_j_and_k_lead_through_a_list_and_s_and_r_mark_its_papers(visitor: Visitor, published: Site) -> None:
    with visitor() as page:
        page.goto(published.url + TOPIC)
        slugs = page.locator("main li.paper").evaluate_all("rows => rows.map(row => row.dataset.slug)")
        sign(page, "star").first.wait_for()
        page.keyboard.press("j")
        assert focused_slug(page) == slugs[0]
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        assert focused_slug(page) == slugs[1]
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        page.keyboard.press("s")
        page.keyboard.press("r")
        assert focused_slug(page) == slugs[1]
        assert set(state(page)["papers"][slugs[1]]) >= {"star", "read"}
        page.keyboard.press("s")
        assert "star" not in state(page)["papers"][slugs[1]]
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{published.url}papers/{slugs[1]}/")


def test_j_and_k_lead_from_paper_to_paper(visitor: Visitor, published: Site) -> None:
    with visitor() as page:
        page.goto(published.url + PAPER)
        following = page.locator('.around [rel="next"]').get_attribute("href")
        sign(page, "star").wait_for()
        page.keyboard.press("s")
        expect(sign(page, "star")).to_have_attribute("aria-pressed", "true")
        page.keyboard.press("j")
        page.wait_for_url(f"**/{str(following).replace('../', '')}")
        sign(page, "star").wait_for()
        page.keyboard.press("k")
        page.wait_for_url(f"**/{PAPER}")


def test_no_key_acts_while_somebody_types_or_holds_another_key(visitor: Visitor, published: Site) -> None:
    with visitor() as page:
        page.goto(published.url + PAPER)
        page.get_by_role("button", name="Note").click()
        page.keyboard.type("jk sr h ?/")
        expect(page.get_by_role("textbox", name="My private note")).to_have_value("jk sr h ?/")
        page.get_by_role("button", name="Note").focus()
        page.keyboard.press("Control+s")
        page.keyboard.press("Alt+r")
        expect(sign(page, "star")).to_have_attribute("aria-pressed", "false")
        expect(sign(page, "read")).to_have_attribute("aria-pressed", "false")
        expect(page.locator("dialog[open]")).to_have_count(0)


def test_a_key_right_after_the_help_was_closed_is_heard(visitor: Visitor, published: Site) -> None:
    """Before the next frame the focus is still on a button of the dialog."""
    with visitor() as page:
        page.goto(published.url + PAPER)
        sign(page, "star").wait_for()
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
        page.evaluate(
            """() => {
  const held = document.activeElement;
  document.querySelector("dialog[open]").close();
  held.dispatchEvent(new KeyboardEvent("keydown", { key: "s", bubbles: true, cancelable: true }));
}"""
        )
        expect(sign(page, "star")).to_have_attribute("aria-pressed", "true")


def test_the_help_says_the_keys_and_turns_them_off(visitor: Visitor, published: Site) -> None:
    with visitor() as page:
        page.goto(published.url + PAPER)
        sign(page, "star").wait_for()
        page.keyboard.press("?")
        dialog = page.get_by_role("dialog", name="Keys")
        expect(dialog).to_be_visible()
        page.keyboard.press("s")
        expect(sign(page, "star")).to_have_attribute("aria-pressed", "false")
        dialog.get_by_role("checkbox").uncheck()
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        page.keyboard.press("s")
        page.keyboard.press("/")
        expect(page.locator("dialog[open]")).to_have_count(0)
        page.reload()
        sign(page, "star").wait_for()
        page.keyboard.press("s")
        expect(sign(page, "star")).to_have_attribute("aria-pressed", "false")
        page.keyboard.press("Control+k")
        expect(page.get_by_role("dialog", name="Search")).to_be_visible()


def test_a_whole_visit_with_the_keyboard_alone(visitor: Visitor, published: Site) -> None:
    with visitor() as page:
        page.goto(published.url + TOPIC)
        row = page.locator("main li.paper").first
        sign(row, "star").wait_for()
        page.keyboard.press("j")
        reached = set()
        for _ in range(8):
            page.keyboard.press("Tab")
            reached.add(page.evaluate("document.activeElement.dataset.mark ?? ''"))
        assert {"star", "read"} <= reached
        sign(row, "read").focus()
        page.keyboard.press("Space")
        expect(sign(row, "read")).to_have_attribute("aria-pressed", "true")
        expect(sign(row, "read")).to_be_focused()


# --- A topic, sorted and filtered ---


def test_a_topic_shows_what_is_unread_starred_with_code_and_of_some_years(visitor: Visitor, published: Site) -> None:
    with visitor() as page:
        page.goto(f"{published.url}topics/efficient-training/")
        everything = rows(page).count()
        first, second = rows(page).nth(0), rows(page).nth(1)
        sign(first, "read").click()
        sign(second, "star").click()
        page.get_by_text("Sort and filter").click()
        unread = page.get_by_role("button", name="unread", exact=True)
        unread.click()
        expect(rows(page)).to_have_count(everything - 1)
        expect(page.locator(".sieve [role=status]")).to_contain_text(f"{everything - 1} of {everything} papers")
        assert "show=unread" in page.url
        page.reload()
        expect(unread).to_have_attribute("aria-pressed", "true")
        expect(rows(page)).to_have_count(everything - 1)
        page.get_by_role("button", name="starred", exact=True).click()
        expect(rows(page)).to_have_count(1)
        page.get_by_role("button", name="Show all").click()
        expect(rows(page)).to_have_count(everything)
        page.get_by_role("button", name="with code", exact=True).click()
        with_code = page.locator("main li.paper[data-code]").count()
        expect(rows(page)).to_have_count(with_code)
        assert 0 < with_code < everything
        page.get_by_role("button", name="Show all").click()
        page.get_by_label("From year").fill("2024")
        page.get_by_label("to", exact=True).fill("2024")
        page.get_by_label("to", exact=True).press("Enter")
        expect(rows(page)).not_to_have_count(everything)
        years = rows(page).locator("time").evaluate_all("times => times.map(time => time.dateTime.slice(0, 4))")
        assert set(years) == {"2024"}


def test_a_topic_is_sorted_by_date_and_title(visitor: Visitor, published: Site) -> None:
    with visitor() as page:
        page.goto(published.url + TOPIC + "?sort=oldest")
        expect(page.locator(".sieve [role=status]")).to_contain_text("papers")
        dates = page.locator("#papers ~ ol time").evaluate_all("times => times.map(time => time.dateTime)")
        assert dates == sorted(dates)
        page.get_by_label("Order").select_option("title")
        titles = page.locator("#papers ~ ol h3").all_inner_texts()
        first = [next(letter for letter in title.lower() if letter.isalnum()) for title in titles]
        assert len(set(first)) > 5
        assert first == sorted(first)
        page.get_by_label("Order").select_option("")
        assert "sort" not in page.url


@pytest.mark.parametrize(
    "query", ["?show=<script>&from=abc&to=1e9&sort=constructor", "?show=unread&show=unread&from=0000&sort=__proto__"]
)
def test_a_hostile_address_of_a_topic_is_text(visitor: Visitor, published: Site, query: str) -> None:
    with visitor() as page:
        page.goto(published.url + TOPIC + query)
        page.get_by_text("Sort and filter").wait_for()
        expect(rows(page)).not_to_have_count(0)


def test_a_topic_says_how_far_the_reader_has_come(visitor: Visitor, published: Site) -> None:
    with visitor() as page:
        page.goto(published.url + TOPIC)
        count = page.locator(".sieve").get_attribute("data-count")
        bar = page.get_by_role("progressbar")
        expect(bar).to_have_attribute("aria-label", f"0 of {count} read")
        sign(rows(page).nth(0), "read").click()
        sign(rows(page).nth(1), "read").click()
        expect(bar).to_have_attribute("aria-label", f"2 of {count} read")
        assert bar.evaluate("bar => bar.value") == 2


def long_topic(site: Path, count: int) -> Path:
    """The output of a site with so many papers under one topic, a year apart."""
    papers = [paper(f"alpha-{n:03}", published=f"{1300 + n}", title=f"Alpha {n:03}") for n in range(count)]
    write_site(site, papers)
    write(site / "content/overrides.yaml", "".join(f"{item['slug']}: [one]\n" for item in papers))
    build.build(site)
    return site / "_site"


def test_a_part_that_cannot_be_had_is_told_and_tried_again(
    visitor: Visitor, tmp_path: Path, serve_site: Callable[[Path], str]
) -> None:
    output = long_topic(tmp_path / "site", 60)
    second = output / "topics/one/page/2/index.html"
    second.rename(second.with_suffix(".away"))
    with visitor(expected_status=404) as page:
        page.goto(f"{serve_site(output)}topics/one/?sort=oldest")
        status = page.locator(".sieve [role=status]")
        expect(status).to_contain_text("The other parts of this list could not be loaded.")
        expect(rows(page)).to_have_count(50)
        second.with_suffix(".away").rename(second)
        page.get_by_label("Order").select_option("title")
        expect(status).to_contain_text("60 of 60 papers")
        expect(status).not_to_contain_text("could not be loaded")


def test_a_page_of_an_older_site_is_sorted_over_the_parts_that_it_leads_to(
    visitor: Visitor, tmp_path: Path, serve_site: Callable[[Path], str]
) -> None:
    output = long_topic(tmp_path / "site", 120)
    for path in (output / "topics/one").rglob("*.html"):
        write(path, re.sub(r' data-(first|total|number)="[^"]*"', "", path.read_text("utf-8")))
    with visitor() as page:
        page.goto(f"{serve_site(output)}topics/one/?sort=oldest")
        expect(page.locator(".sieve [role=status]")).to_contain_text("120 of 120 papers")


def test_a_long_topic_is_sorted_and_filtered_over_all_its_parts(
    visitor: Visitor, tmp_path: Path, serve_site: Callable[[Path], str]
) -> None:
    output = long_topic(tmp_path / "site", 650)  # so many parts that a page does not lead to all of them
    with visitor(init_script=put(alpha_119={"star": "2026-01-01"}, alpha_000={"star": "2026-01-01"})) as page:
        url = serve_site(output)
        page.goto(f"{url}topics/one/page/2/?sort=oldest")
        expect(rows(page)).to_have_count(50)
        expect(rows(page).first.get_by_role("heading")).to_have_text("Alpha 000")
        page.get_by_role("button", name="Show more").click()
        expect(rows(page)).to_have_count(100)
        page.get_by_role("button", name="starred", exact=True).click()
        expect(rows(page)).to_have_count(2)
        rows(page).last.get_by_role("link", name="Alpha 119").click()
        expect(page).to_have_url(f"{url}papers/alpha-119/")


# --- Home: where I left off, what is new ---


def test_home_says_where_the_reader_left_off_and_leads_there(visitor: Visitor, published: Site) -> None:
    with visitor() as page:
        page.goto(published.url)
        panel = page.get_by_role("region", name="My list")
        expect(panel).to_contain_text("it waits for you in My list")
        page.goto(published.url + TOPIC)
        sign(rows(page).first, "read").click()
        page.goto(published.url + PAPER)
        title = page.get_by_role("heading", level=1).inner_text()
        sign(page, "star").click()
        page.goto(published.url)
        expect(panel).to_contain_text("1 starred, 1 read")
        panel.get_by_role("link", name=title).click()
        expect(page).to_have_url(published.url + PAPER)


def test_new_papers_are_told_at_the_next_visit_only(
    visitor: Visitor, tmp_path: Path, serve_site: Callable[[Path], str]
) -> None:
    site = write_site(tmp_path / "site", [paper("alpha", published="2024"), paper("beta", published="2023")])
    build.build(site)
    with visitor() as page:
        url = serve_site(site / "_site")

        def come_back() -> None:
            """As if the last page had been opened two days ago."""
            page.evaluate(
                """key => {
  const state = JSON.parse(localStorage.getItem(key));
  state.visit.at -= 172_800_000;
  localStorage.setItem(key, JSON.stringify(state));
}""",
                KEY,
            )
            page.goto(url)
            page.wait_for_load_state("networkidle")

        page.goto(url)
        page.wait_for_load_state("networkidle")
        panel = page.get_by_role("region", name="My list")
        expect(panel).not_to_contain_text("new")
        come_back()
        expect(panel).to_contain_text("Nothing new since your last visit")
        more = [paper("gamma", published="2025", title="A <b>Bold</b> Gamma"), paper("delta")]
        write_site(site, [paper("alpha", published="2024"), paper("beta", published="2023"), *more])
        build.build(site)
        come_back()
        expect(panel).to_contain_text("2 new papers since your last visit")
        panel.get_by_role("link", name="2 new papers").click()
        fresh = page.locator("#new")
        expect(fresh.get_by_role("link")).to_have_count(2)
        fresh.get_by_role("link", name="A <b>Bold</b> Gamma").click()
        expect(page).to_have_url(f"{url}papers/gamma/")
        page.goto(url)
        expect(panel).to_contain_text("2 new papers")
        come_back()
        expect(panel).to_contain_text("Nothing new since your last visit")


# --- My list ---

PAPERS = {
    S2FT: {"star": "2026-01-02", "title": "S²FT", "topic": "peft-lora", "note": "First line\nsecond [line]"},
    LORA: {"star": "2026-01-03", "read": "2026-02-01", "title": "LoRA"},
    "no-longer-in-the-list": {"read": "2026-01-01", "title": "Gone <b>away</b>"},
}
MINE = stored(json.dumps({"format": 1, "papers": PAPERS}))


def saved(page: Page, name: str) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    assert download.value.suggested_filename.startswith("my-list.")
    return Path(download.value.path()).read_text("utf-8")


@WIDTHS
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_my_list_shows_its_shelves_and_fits(visitor: Visitor, published: Site, width: int, theme: str) -> None:
    with visitor(init_script=MINE, viewport={"width": width, "height": 800}, color_scheme=theme) as page:
        page.goto(f"{published.url}my/")
        expect(rows(page)).to_have_count(2)
        expect(rows(page).first.get_by_role("heading")).to_have_text("LoRA")
        for name, count in (("To read 1", 1), ("Read 2", 2), ("With notes 1", 1), ("Hidden 0", 0), ("All 3", 3)):
            page.get_by_role("button", name=name, exact=True).click()
            expect(page.get_by_role("button", name=name, exact=True)).to_be_focused()
            expect(rows(page)).to_have_count(count)
        page.get_by_label("Order").select_option("title")
        expect(rows(page).first.get_by_role("heading")).to_have_text("Gone <b>away</b>")
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width


def test_my_list_is_right_when_another_tab_marks_a_paper(visitor: Visitor, published: Site) -> None:
    with visitor(init_script=MINE) as page:
        page.goto(f"{published.url}my/")
        expect(rows(page)).to_have_count(2)
        other = page.context.new_page()
        other.goto(published.url + TOPIC)
        sign(rows(other).nth(5), "star").click()
        expect(rows(page)).to_have_count(3)


def test_taking_a_star_away_in_my_list_keeps_the_keyboard_s_place(visitor: Visitor, published: Site) -> None:
    with visitor(init_script=MINE) as page:
        page.goto(f"{published.url}my/")
        sign(rows(page).first, "star").focus()
        page.keyboard.press("Enter")
        expect(rows(page)).to_have_count(1)
        expect(sign(rows(page).first, "star")).to_be_focused()


def test_bibtex_ris_and_markdown_hold_what_is_shown(visitor: Visitor, published: Site) -> None:
    with visitor(init_script=MINE) as page:
        page.goto(f"{published.url}my/")
        whole = (published.folder / "papers.bib").read_text("utf-8")
        bibtex = saved(page, "BibTeX")
        assert re.findall(r"^@\w+\{(.*),$", bibtex, re.MULTILINE) == sorted(slug for slug in PAPERS if slug[:2] != "no")
        assert all(entry.strip() in whole for entry in bibtex.split("\n\n"))
        ris = saved(page, "RIS")
        assert ris.count("TY  - ") == ris.count("ER  - ") == 2
        assert f"ID  - {S2FT}" in ris
        markdown = saved(page, "Markdown")
        line = f"- [S²FT](<{published.url}{PAPER}>) (starred 2026-01-02)\n"
        assert f"{line}  > First line\n  > second \\[line\\]\n" in markdown
        page.get_by_role("button", name="Read 2").click()
        assert "Gone \\<b\\>away\\</b\\>" in saved(page, "Markdown")
        with page.expect_download():
            page.get_by_role("button", name="BibTeX").click()
        expect(told(page)).to_contain_text("The citation of 1 paper could not be had and is left out: Gone <b>away</b>")


def test_json_goes_to_another_browser_and_nothing_is_lost(visitor: Visitor, published: Site, tmp_path: Path) -> None:
    with visitor(init_script=MINE) as page:
        page.goto(f"{published.url}my/")
        file = write(tmp_path / "my-list.json", saved(page, "JSON (everything)"))
    assert json.loads(file.read_text("utf-8"))["papers"] == PAPERS
    own = {
        S2FT: {"star": "2025-12-31", "hide": "2026-01-05", "note": "my own words", "title": "S²FT"},
        "only-here": {"read": "2026-01-01", "title": "Only here"},
    }
    with visitor(init_script=stored(json.dumps({"format": 1, "papers": own}))) as page:
        page.goto(f"{published.url}my/")
        chooser = page.get_by_label("Bring in a copy")
        chooser.set_input_files(file)
        expect(told(page)).to_have_text("3 papers were added or changed.")
        now = state(page)["papers"]
        assert set(now) == {*PAPERS, "only-here"}
        assert now[S2FT]["star"] == "2025-12-31"
        assert now[S2FT]["hide"] == "2026-01-05"
        assert now[S2FT]["note"] == "my own words\n\nFirst line\nsecond [line]"
        chooser.set_input_files(file)
        expect(told(page)).to_have_text("0 papers were added or changed.")
        assert state(page)["papers"] == now


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cannot be read as JSON"),
        ("<html>", "cannot be read as JSON"),
        ("[]", "holds no saved list"),
        ("null", "holds no saved list"),
        ('{"papers": [1, 2]}', "holds no saved list"),
        ('{"format": 2, "papers": {"a": {"star": "2026-01-01"}}}', "newer version"),
        ('{"papers": {"../x": {"star": "2026-01-01"}, "a": 5}}', "None of the entries"),
        ('{"papers": {"a": {"star": "2026-01-01"}, "../x": {"star": "2026-01-01"}}}', "1 entry could not be read"),
        ('{"papers": {"a": {"star": "2026-01-01", "title": "<script>alert(1)</script>"}}}', "1 paper was added"),
        (json.dumps({"papers": {f"a-{n}": {"note": "x" * 30_000} for n in range(3)}}), "3 papers were added"),
        ("[" * 200_000, "cannot be read as JSON"),
    ],
)
def test_a_file_that_is_brought_in_does_no_harm(
    visitor: Visitor, published: Site, tmp_path: Path, text: str, said: str
) -> None:
    with visitor(init_script=MINE) as page:
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
        page.goto(f"{published.url}my/")
        page.get_by_label("Bring in a copy").set_input_files(write(tmp_path / "list.json", text))
        expect(told(page)).to_contain_text(said)
        assert page.locator("#mine script").count() == 0
        assert PAPERS.keys() <= state(page)["papers"].keys()


def test_a_selection_is_shared_by_an_address(visitor: Visitor, published: Site) -> None:
    with visitor(init_script=MINE) as page:
        page.goto(f"{published.url}my/")
        page.get_by_role("button", name="Copy a link").click()
        field = page.get_by_label("Link to these papers")
        expect(field).to_have_value(re.compile(f"^{published.url}my/#papers="))
        address = field.input_value()
    with visitor() as page:
        page.goto(address)
        shared = page.locator(".shared")
        expect(shared.get_by_role("link")).to_have_count(2)
        expect(shared.get_by_role("link", name="LoRA vs Full Fine-tuning")).to_be_visible()
        assert state(page)["papers"] == {}, "looking changes nothing"
        shared.get_by_role("button", name="Star them all").click()
        expect(rows(page)).to_have_count(2)
        assert set(state(page)["papers"]) == {slug for slug in PAPERS if "star" in PAPERS[slug]}


@pytest.mark.parametrize(
    "fragment",
    [
        "#papers=",
        "#papers=<img src=x onerror=alert(1)>,%3Cscript%3E",
        "#papers=../../evil,javascript:alert(1),//evil.example",
        "#papers=no-such-paper",
        "#papers=" + ",".join(["a-b"] * 5000),
        "#papers=__proto__,constructor",
        "#papers",
        "#%E0%A4%A",
    ],
)
def test_a_hostile_address_of_my_list_is_text(visitor: Visitor, published: Site, fragment: str) -> None:
    with visitor() as page:
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
        page.goto(f"{published.url}my/{fragment}")
        page.get_by_role("heading", name="Take it along").wait_for()
        page.wait_for_load_state("networkidle")
        assert page.locator("main img").count() == 0
        expect(page.locator(".shared a")).to_have_count(0)


def test_everything_can_be_forgotten_after_a_question(visitor: Visitor, published: Site) -> None:
    with visitor(init_script=MINE) as page:
        page.goto(f"{published.url}my/")
        page.once("dialog", lambda dialog: dialog.dismiss())
        page.get_by_role("button", name="Forget everything").click()
        expect(rows(page)).to_have_count(2)
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Forget everything").click()
        expect(rows(page)).to_have_count(0)
        assert state(page) == {}


def test_the_search_is_filtered_by_what_is_starred_and_unread(visitor: Visitor, published: Site) -> None:
    with visitor(init_script=MINE) as page:
        page.goto(f"{published.url}search/?q=lora")
        hits = page.locator(".hits li.paper")
        expect(hits.first).to_be_visible()
        expect(sign(page.locator(f'.hits [data-slug="{LORA}"]'), "read")).to_have_attribute("aria-pressed", "true")
        page.get_by_text("Filter", exact=True).click()
        page.get_by_role("button", name="starred 2, only these").click()
        expect(hits).to_have_count(2)
        page.get_by_role("button", name="Without unread").click()
        expect(hits).to_have_count(1)
        sign(hits.first, "star").click()
        assert "star" not in state(page)["papers"][LORA]


# --- How it stands on the page ---


@pytest.mark.parametrize("path", ["", TOPIC, PAPER, "topics/", "years/2024/"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_moves_when_scripts_have_run(visitor: Visitor, published: Site, path: str, width: int) -> None:
    watch = """globalThis.shift = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) shift += entry.value; })
  .observe({ type: "layout-shift", buffered: true });"""
    with visitor(init_script=MINE + watch, viewport={"width": width, "height": 800}) as page:
        for _ in range(2):
            page.goto(published.url + path)
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(200)
            assert page.evaluate("shift") == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_to_object_to(visitor: Visitor, published: Site, theme: str) -> None:
    found = []
    script = need.package("axe-core/axe.min.js")
    with visitor(init_script=MINE, color_scheme=theme, bypass_csp=True) as page:
        for path, prepare in AXE_PAGES.items():
            page.goto(published.url + path)
            page.wait_for_load_state("networkidle")
            prepare(page)
            page.evaluate(script)
            answer = page.evaluate("axe.run()")
            found += [(path, v["id"], v["nodes"][0]["html"][:200]) for v in answer["violations"]]
    assert found == []


def _open_note(page: Page) -> None:
    page.get_by_role("button", name="Note").click()
    sign(page, "star").click()


AXE_PAGES: dict[str, Callable[[Page], object]] = {
    "": lambda page: None,
    "topics/": lambda page: None,
    TOPIC: lambda page: page.get_by_text("Sort and filter").click(),
    PAPER: _open_note,
    f"papers/{LORA}/": lambda page: page.keyboard.press("?"),
    "my/": lambda page: page.get_by_role("button", name="All").click(),
    "my/#papers=" + S2FT: lambda page: None,
    "offline.html": lambda page: None,
}


def test_hiding_the_last_paper_of_a_list_keeps_the_keyboard_s_place(visitor: Visitor, published: Site) -> None:
    with visitor() as page:
        page.goto(published.url + TOPIC)
        last = page.locator("main li.paper").last
        last.get_by_role("link").first.focus()
        page.keyboard.press("h")
        expect(last).to_be_hidden()
        expect(page.locator("main li.paper").nth(-2).get_by_role("link").first).to_be_focused()


def test_the_help_opens_by_its_button(visitor: Visitor, published: Site) -> None:
    with visitor() as page:
        page.goto(f"{published.url}about/")
        page.get_by_role("contentinfo").get_by_role("button", name="Keys").click()
        dialog = page.get_by_role("dialog", name="Keys")
        expect(dialog.get_by_role("button", name="Close")).to_be_focused()
        dialog.get_by_role("button", name="Close").click()
        expect(page.get_by_role("button", name="Keys")).to_be_focused()


def test_a_paper_that_left_the_list_is_kept_and_leads_nowhere(visitor: Visitor, published: Site) -> None:
    mark = {"star": "2026-01-01"}
    papers = {"long-gone": {**mark, "title": "Long gone", "note": "Still mine"}, S2FT: {**mark, "title": "S2FT"}}
    recent = [["long-gone", "Long gone"], [S2FT, "S2FT"]]
    with visitor(init_script=stored(json.dumps({"format": 1, "papers": papers, "recent": recent}))) as page:
        page.goto(f"{published.url}my/")
        expect(page.get_by_text("No longer in this list")).to_have_count(1)
        expect(rows(page)).to_have_count(2)
        expect(page.get_by_role("link", name="S2FT")).to_have_count(2)  # in the list, and last opened
        expect(page.get_by_role("link", name="Long gone")).to_have_count(0)
        expect(page.get_by_text("Still mine")).to_be_visible()
        gone = page.locator("li[data-slug='long-gone'] h3 > *")
        page.keyboard.press("j")
        expect(gone).to_be_focused()
        page.keyboard.press("j")
        expect(page.locator(f"li[data-slug='{S2FT}'] h3 > *")).to_be_focused()
        page.keyboard.press("k")
        page.keyboard.press("r")
        expect(gone).to_be_focused()
        assert "read" in state(page)["papers"]["long-gone"]
        page.goto(published.url)
        expect(page.locator(".panel").get_by_role("link", name="S2FT")).to_be_visible()


def test_marking_in_a_sifted_topic_keeps_the_keyboard_s_place(visitor: Visitor, published: Site) -> None:
    with visitor() as page:
        page.goto(f"{published.url}{TOPIC}?show=unread")
        page.locator(".sieve [role=status]:not(:empty)").wait_for()
        star = sign(rows(page).first, "star")
        star.press("Enter")
        expect(star).to_have_attribute("aria-pressed", "true")
        expect(star).to_be_focused()
        second = rows(page).nth(1).get_attribute("data-slug")
        sign(rows(page).first, "read").press("Enter")
        expect(page.locator(f'li[data-slug="{second}"] h3 a')).to_be_focused()


def test_there_is_a_place_to_speak_from_before_anything_is_said(visitor: Visitor, published: Site) -> None:
    with visitor() as page:
        page.goto(published.url + TOPIC)
        expect(told(page)).to_have_count(1)
        expect(told(page)).to_have_text("")


@WIDTHS
def test_the_buttons_of_a_paper_stand_in_one_row_with_air_below(visitor: Visitor, published: Site, width: int) -> None:
    with visitor(viewport={"width": width, "height": 800}) as page:
        page.goto(published.url + PAPER)
        boxes = [box for place in page.locator(".room .sign").all() if (box := place.bounding_box())]
        below = page.locator(".room + *").bounding_box()
        assert len({box["y"] for box in boxes}) == 1
        assert below
        assert below["y"] - boxes[0]["y"] - boxes[0]["height"] >= 16
