"""The map in Chromium: a picture with links without scripts; with them it zooms, filters and finds."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page, expect
from sites import ENGLISH, write_site

from sitegen import build

if TYPE_CHECKING:
    from browser import Site, Visitor

pytest_plugins = ("browser",)
pytestmark = pytest.mark.browser


def shown(page: Page) -> list[float]:
    """The part of the drawing that is seen: x, y, width, height."""
    return [float(n) for n in str(page.get_attribute("svg.map", "viewBox")).split()]


@pytest.mark.parametrize("width", [360, 1280])
def test_without_scripts_every_point_and_label_is_a_link(visitor: Visitor, published: Site, width: int) -> None:
    with visitor(java_script_enabled=False, viewport={"width": width, "height": 900}) as page:
        page.goto(published.url + "map/")
        assert page.locator("svg.map .dots a").count() == 343
        assert page.locator("svg.map .isle > a").count() == 26
        assert page.locator("details li a").count() == 343 + 26
        drawing = page.locator("svg.map").bounding_box()
        assert drawing
        assert drawing["x"] >= 0
        assert drawing["x"] + drawing["width"] <= width
        page.locator("svg.map .isle > a").first.click()
        expect(page).to_have_url(re.compile(r"/topics/[a-z-]+/$"))


@pytest.mark.parametrize("width", [360, 1280])
def test_every_label_can_be_read_and_lies_within_the_drawing(visitor: Visitor, published: Site, width: int) -> None:
    with visitor(viewport={"width": width, "height": 900}) as page:
        page.goto(published.url + "map/")
        boxes = page.eval_on_selector_all(
            "svg.map text",
            "texts => texts.map((text) => { const b = text.getBoundingClientRect();"
            " return [b.left, b.top, b.right, b.bottom, parseFloat(getComputedStyle(text).fontSize)]; })",
        )
        scale = page.evaluate("document.querySelector('svg.map').getBoundingClientRect().width") / shown(page)[2]
        assert min(box[4] for box in boxes) * scale >= 9
        assert min(box[0] for box in boxes) >= 0
        assert max(box[2] for box in boxes) <= width
        for number, (left, top, right, bottom, _) in enumerate(boxes):
            for other in boxes[:number]:
                assert min(right, other[2]) - max(left, other[0]) < 2 or min(bottom, other[3]) - max(top, other[1]) < 2


def test_a_topic_is_chosen_and_the_others_fade(visitor: Visitor, published: Site) -> None:
    with visitor() as page:
        page.goto(published.url + "map/")
        whole = shown(page)
        page.select_option(".tools select", label="Code models")
        assert page.locator(".isle:not(.off)").count() == 1
        assert shown(page)[2] < whole[2]
        expect(page.locator("details:visible")).to_have_count(1)
        page.select_option(".tools select", index=0)
        assert page.locator(".isle.off").count() == 0
        assert shown(page) == whole


def test_a_paper_is_found_by_words_of_its_title_and_named_with_a_link(visitor: Visitor, published: Site) -> None:
    with visitor() as page:
        page.goto(published.url + "map/")
        page.fill(".tools input", "lora gradient")
        page.press(".tools input", "Enter")
        expect(page.locator(".spot a")).to_contain_text("LoRA-GA")
        assert page.locator(".hit").count() == 1
        page.fill(".tools input", "no such words at all")
        page.press(".tools input", "Enter")
        expect(page.locator(".spot")).to_contain_text("no such words at all")
        page.goto(published.url + "map/#paper=lora-ga-low-rank-adaptation-with-gradient-approximation")
        expect(page.locator(".spot a")).to_contain_text("LoRA-GA")


def test_keys_buttons_and_wheel_zoom_and_pan(visitor: Visitor, published: Site) -> None:
    with visitor() as page:
        page.goto(published.url + "map/")
        whole = shown(page)
        page.get_by_role("button", name=ENGLISH.zoom_in).click()
        larger = shown(page)
        assert larger[2] < whole[2]
        page.locator("svg.map").focus()
        page.keyboard.press("ArrowRight")
        assert shown(page)[0] > larger[0]
        page.keyboard.press("+")
        assert shown(page)[2] < larger[2]
        page.keyboard.press("0")
        assert shown(page) == whole
        page.mouse.move(600, 600)
        page.mouse.wheel(0, -300)
        assert shown(page) == whole  # the page scrolls as anywhere
        page.keyboard.press("+")
        box = page.locator("svg.map").bounding_box()
        assert box
        before = shown(page)
        page.mouse.move(box["x"] + 300, box["y"] + 300)
        page.mouse.down()
        page.mouse.move(box["x"] + 200, box["y"] + 250, steps=4)
        page.mouse.up()
        assert shown(page)[0] > before[0]
        assert shown(page)[1] > before[1]
        assert page.url.endswith("/map/")


def test_a_tap_near_a_point_names_its_paper(visitor: Visitor, published: Site) -> None:
    with visitor(viewport={"width": 360, "height": 800}, has_touch=True, is_mobile=True) as page:
        page.goto(published.url + "map/")
        circle = page.locator("svg.map .dots circle").first
        circle.scroll_into_view_if_needed()
        box = circle.bounding_box()
        assert box
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(page.locator(".spot a")).to_have_count(1)
        assert page.url.endswith("/map/")


def test_a_long_list_shows_heaps_and_each_paper_when_one_looks_closer(
    visitor: Visitor, serve_site: Callable[[Path], str], tmp_path: Path
) -> None:
    site = write_site(tmp_path, [{"slug": f"p{n}", "title": f"Alpha number {n}"} for n in range(700)])
    build.build(site)
    with visitor() as page:
        page.goto(serve_site(site / "_site") + "map/")
        assert page.locator(".dots circle").count() < 400
        while page.locator("svg.map.close").count() == 0:
            page.get_by_role("button", name=ENGLISH.zoom_in).click()
        expect(page.locator(".near a")).to_have_count(700)
        assert str(page.locator(".near title").first.text_content()).startswith("Alpha number")
        page.get_by_role("button", name=ENGLISH.whole_map).click()
        expect(page.locator(".near").first).to_be_hidden()
