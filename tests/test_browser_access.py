"""Every kind of page for those who do not see it or use no mouse: axe, landmarks, headings, focus; and sites that are
hard to set."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

import need
import pytest
from nasty import PAGES as HARD_PAGES
from nasty import nasty, small_sites
from playwright.sync_api import Page
from test_browser_pages import PAGES, WIDTHS, settle

from sitegen import build

if TYPE_CHECKING:
    from browser import Site, Visitor

    Hosting = Callable[[Path], AbstractContextManager[Site]]

pytest_plugins = ("browser",)
pytestmark = pytest.mark.browser
every_page = pytest.mark.parametrize("path", [pytest.param(path, id=kind) for kind, path in PAGES.items()])
SMALL_PAGES = ("", "topics/", "authors/", "years/", "lists/", "map/", "my/", "search/", "about/", "404.html")

_OUTLINE = """() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
  .filter((heading) => heading.checkVisibility()).map((heading) => Number(heading.localName[1]))"""
_LANDMARKS = """() => ['body > header', 'body > header > nav', 'body > main', 'body > footer']
  .map((place) => document.querySelectorAll(place).length)"""
_UNSEEN_FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
  const { width, height } = at.getBoundingClientRect();
  const seen = (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || boxShadow !== 'none';
  return seen && width > 0 && height > 0 ? '' : at.outerHTML.slice(0, 200);
}"""


KEYS_SCROLL = "scrollable-region-focusable"
"""A formula wider than the screen scrolls in its place, by the keyboard too; that, axe does not see."""
_CHOOSE_DARK = "if (location.protocol === 'http:') localStorage.setItem('theme', 'dark')"


@pytest.fixture(scope="module")
def axe() -> str:
    return need.package("axe-core/axe.min.js")


def violations(page: Page, axe: str, *without: str) -> list[str]:
    """What axe finds wrong, each with the element. `without`: rules that are left out."""
    page.evaluate(axe)
    rules = {rule: {"enabled": False} for rule in without}
    found = page.evaluate("(rules) => axe.run(document, { resultTypes: ['violations'], rules })", rules)
    return [f"{v['id']}: {node['html'][:160]}" for v in found["violations"] for node in v["nodes"]]


@every_page
def test_axe_finds_no_barrier_in_either_theme(visitor: Visitor, published: Site, path: str, axe: str) -> None:
    for theme in ("light", "dark"):
        with visitor(color_scheme=theme, viewport={"width": 412, "height": 900}) as page:
            page.goto(published.url + path)
            settle(page)
            assert violations(page, axe) == [], theme


@every_page
def test_a_page_has_its_landmarks_once_and_its_headings_in_order(visitor: Visitor, published: Site, path: str) -> None:
    with visitor() as page:
        page.goto(published.url + path)
        settle(page)
        levels = page.evaluate(_OUTLINE)
        assert levels[:1] == [1]
        assert levels.count(1) == 1
        assert [pair for pair in itertools.pairwise(levels) if pair[1] > pair[0] + 1] == []
        assert page.evaluate(_LANDMARKS) == [1, 1, 1, 1]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", "topics/peft-lora/", "search/?q=lora", "authors/", "my/"])
def test_tab_shows_where_it_is(visitor: Visitor, published: Site, path: str, theme: str) -> None:
    with visitor(color_scheme=theme) as page:
        page.goto(published.url + path)
        settle(page)
        stops = []
        for _ in range(25):
            page.keyboard.press("Tab")
            stops.append(page.evaluate(_UNSEEN_FOCUS))
        assert [stop for stop in stops if stop] == []
        assert len([stop for stop in stops if stop == ""]) >= 10


@pytest.mark.parametrize("media", [{"forced_colors": "active"}, {"contrast": "more"}, {"reduced_motion": "reduce"}])
def test_readers_settings_leave_no_page_broken(
    visitor: Visitor, published: Site, media: dict[str, str], axe: str
) -> None:
    for path in ("", "topics/peft-lora/", PAGES["paper"]):
        with visitor(**media) as page:
            page.goto(published.url + path)
            settle(page)
            assert violations(page, axe) == []
            assert page.evaluate("() => getComputedStyle(document.documentElement).scrollBehavior") == (
                "auto" if "reduced_motion" in media else "smooth"
            )


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory, hosting: Hosting) -> Iterator[Site]:
    folder = nasty(tmp_path_factory.mktemp("nasty"))
    build.build(folder)
    with hosting(folder / "_site") as site:
        yield site


@pytest.mark.parametrize("path", HARD_PAGES)
def test_what_is_hard_to_set_stays_within_the_page(visitor: Visitor, hard: Site, path: str, axe: str) -> None:
    with visitor() as page:
        page.goto(hard.url + path)
        page.wait_for_load_state("networkidle")
        assert too_wide(page) == []
        page.set_viewport_size({"width": 360, "height": 800})
        assert violations(page, axe, KEYS_SCROLL) == []


def too_wide(page: Page) -> list[str]:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        content = page.evaluate("() => document.scrollingElement.scrollWidth")
        if content > width:
            found.append(f"{content} px at {width}")
    return found


@pytest.mark.parametrize("name", ["empty", "no-topics", "one-paper", "only-topics"])
def test_a_site_of_which_much_is_missing_is_whole(
    visitor: Visitor, tmp_path: Path, hosting: Hosting, name: str, axe: str
) -> None:
    folder = small_sites(tmp_path)[name]
    build.build(folder)
    with hosting(folder / "_site") as site, visitor() as page:
        for path in SMALL_PAGES:
            page.goto(site.url + path)
            page.wait_for_load_state("networkidle")
            assert too_wide(page) == []
            assert violations(page, axe) == [], path
            assert page.evaluate(_OUTLINE)[:1] == [1]


def test_a_site_from_right_to_left_is_mirrored_and_stays_within_the_page(
    visitor: Visitor, tmp_path: Path, hosting: Hosting, axe: str
) -> None:
    folder = nasty(tmp_path)
    settings = folder / "content/site.yaml"
    settings.write_text(settings.read_text("utf-8") + "language: ar\n", "utf-8")
    build.build(folder)
    with hosting(folder / "_site") as site, visitor() as page:
        for path in ("", "topics/many/", "topics/odd/", "papers/crowd/", "papers/arabic/", "search/?q=odd", "map/"):
            page.goto(site.url + path)
            page.wait_for_load_state("networkidle")
            assert too_wide(page) == []
            assert violations(page, axe, KEYS_SCROLL) == [], path
            page.set_viewport_size({"width": 1280, "height": 800})
            name, theme = (page.locator(part).bounding_box() for part in (".bar .name", "button.theme"))
            assert name
            assert theme
            assert name["x"] > theme["x"]


def test_a_page_is_dark_from_its_first_paint_when_the_reader_chose_so(visitor: Visitor, published: Site) -> None:
    with visitor(color_scheme="light", init_script=_CHOOSE_DARK) as page:
        page.goto(published.url, wait_until="commit")
        page.wait_for_function("() => document.querySelector('h1')")
        shades = page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
        assert max(map(int, shades.removeprefix("rgb(").removesuffix(")").split(", "))) < 60


def test_a_printed_topic_says_where_its_papers_are(visitor: Visitor, published: Site) -> None:
    with visitor() as page:
        page.goto(f"{published.url}topics/peft-lora/")
        page.emulate_media(media="print")
        link = page.locator("a.badge[href^='https://arxiv.org']").first
        assert "https://arxiv.org/" in link.evaluate("a => getComputedStyle(a, '::after').content")
