"""How to cite a paper, on its page: without scripts, and with the button that copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import expect

if TYPE_CHECKING:
    from browser import Site as Served
    from browser import Visitor

pytest_plugins = ("browser",)
PAGE = "papers/1-5-pints-technical-report-pretraining-in-days-not-months/"


@pytest.mark.browser
def test_a_citation_is_copied(visitor: Visitor, published: Served) -> None:
    with visitor(permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(published.url + PAGE)
        expect(page.locator(".cite pre").first).to_be_hidden()
        page.locator(".cite summary").click()
        page.locator(".cite button").first.click()
        expect(page.locator(".cite button").first).to_have_text("Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("@misc{1-5-pints-technical-report-pretraining-in-days-not-months,\n  title = ")
        assert copied.endswith("\n}\n")


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_without_scripts_citations_can_be_read_and_fit(visitor: Visitor, published: Served, width: int) -> None:
    with visitor(java_script_enabled=False, viewport={"width": width, "height": 800}) as page:
        page.goto(published.url + PAGE)
        page.locator(".cite summary").click()
        expect(page.locator(".cite pre")).to_have_count(5)
        expect(page.locator(".cite pre").nth(1)).to_contain_text("Tan, C., & Wang, J. (2024).")
        expect(page.locator(".cite button").first).to_be_hidden()
        for pre in page.locator(".cite pre").all():
            box = pre.bounding_box()
            assert box is not None
            assert box["x"] + box["width"] <= width
