"""Pages without a network, in a real browser: what was visited opens, nothing is stale, others are left alone."""

from __future__ import annotations

import functools
import gzip
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, expect
from sites import paper, write, write_site

from sitegen import build

if TYPE_CHECKING:
    from browser import Site, Visitor

pytest_plugins = ("browser",)
pytestmark = pytest.mark.browser

SHIPPED = Path(__file__).parents[1] / "templates/sw.js"
Serve = Callable[[Path], str]


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser of its own, that can be cut off; nothing that its pages' scripts do may fail."""
    made = chromium.new_context()
    wrong: list[str] = []
    made.on("weberror", lambda error: wrong.append(str(error.error)))
    yield made
    made.close()
    assert wrong == []


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A small site, built."""
    papers = [paper("alpha", published="2024"), paper("beta", published="2023"), paper("gamma", published="2022")]
    made = write_site(tmp_path / "site", papers)
    build.build(made)
    return made


def until(page: Page, expression: str, arg: object = None) -> None:
    """Wait until what an asynchronous function gives is true; Playwright's own way takes its promise for an answer."""
    for _ in range(150):
        if page.evaluate(expression, arg):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"never came true: {expression}")


def ready(page: Page) -> None:
    """Wait until the worker is at work and has kept what is open."""
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    until(
        page,
        """async () => {
  const name = (await caches.keys()).find((name) => name.endsWith(" pages"));
  return Boolean(name && (await (await caches.open(name)).match(location.origin + location.pathname)));
}""",
    )


def cached(page: Page, ending: str = " pages") -> list[str]:
    found: list[str] = page.evaluate(
        """async (ending) => {
  const names = (await caches.keys()).filter((name) => name.endsWith(ending));
  const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return requests.flat().map((request) => request.url);
}""",
        ending,
    )
    return found


def is_styled(page: Page) -> bool:
    width: str = page.get_by_role("main").evaluate("element => getComputedStyle(element).maxWidth")
    return width != "none"


def test_visited_pages_open_without_a_network_the_very_first_too(
    context: BrowserContext, site: Path, serve_site: Serve
) -> None:
    url = serve_site(site / "_site")
    page = context.new_page()
    page.goto(f"{url}papers/alpha/")
    ready(page)
    page.locator('[data-mark="star"]').click()
    page.goto(f"{url}topics/?x=1#y")
    context.set_offline(True)
    for path, heading in (("papers/alpha/", "Alpha"), ("topics/", "Topics"), ("my/", "My list")):
        page.goto(url + path)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        assert is_styled(page)
    expect(page.locator("main li.paper")).to_have_count(1)


def test_what_was_never_opened_says_what_is_at_hand(context: BrowserContext, site: Path, serve_site: Serve) -> None:
    write_site(site, [paper("alpha", title="Alpha & <b>Omega</b>", published="2024"), paper("beta")])
    build.build(site)
    url = serve_site(site / "_site")
    page = context.new_page()
    page.goto(f"{url}papers/alpha/")
    ready(page)
    context.set_offline(True)
    page.goto(f"{url}papers/beta/")
    expect(page).to_have_url(f"{url}papers/beta/")
    expect(page.get_by_role("heading", level=1)).to_have_text("No network")
    assert is_styled(page)
    page.get_by_role("main").get_by_role("link", name="Alpha & <b>Omega</b>", exact=True).click()
    expect(page).to_have_url(f"{url}papers/alpha/")
    page.goto(f"{url}papers/beta/")
    page.get_by_role("heading", name="Pages at hand").wait_for()
    context.set_offline(False)
    with suppress(Error):  # the page is left already where the browser has told it
        page.evaluate("dispatchEvent(new Event('online'))")  # not every Playwright has browsers say so
    expect(page.get_by_role("heading", level=1)).to_have_text("Beta")  # it comes by itself once there is a network


SETTLED = """async () => {
  const kept = async () => {
    const sizes = (await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).length);
    return (await Promise.all(sizes)).join();
  };
  for (let before; before !== (before = await kept()); ) await new Promise((done) => setTimeout(done, 500));
}"""
"""Waits until the worker has kept all that it was given: it does so after it has answered."""


def test_the_search_works_without_a_network_once_it_was_used(
    context: BrowserContext, site: Path, serve_site: Serve
) -> None:
    url = serve_site(site / "_site")
    page = context.new_page()
    page.goto(url)
    ready(page)
    page.goto(f"{url}search/?q=alpha")
    expect(page.locator(".hits h2")).to_have_count(1)
    page.evaluate(SETTLED)
    context.set_offline(True)
    page.goto(f"{url}search/?q=alpha")
    expect(page.locator(".hits h2")).to_have_count(1)


def test_no_page_is_stale_while_there_is_a_network(context: BrowserContext, site: Path, serve_site: Serve) -> None:
    url = serve_site(site / "_site")
    page = context.new_page()
    page.goto(f"{url}about/")
    ready(page)
    for words in ("First words", "Second words", "Third words"):
        write(site / "content/about.md", f"# About\n\n{words}\n")
        build.build(site)
        page.goto(f"{url}about/")
        expect(page.get_by_role("main")).to_contain_text(words)
    context.set_offline(True)
    page.goto(f"{url}about/")
    expect(page.get_by_role("main")).to_contain_text("Third words")


def test_a_new_version_sweeps_up_after_the_old_one_and_touches_nothing_else(
    context: BrowserContext, site: Path, serve_site: Serve
) -> None:
    url = serve_site(site / "_site")
    page = context.new_page()
    page.goto(f"{url}papers/alpha/")
    ready(page)
    before = page.evaluate("caches.keys()")
    foreign = ["sitegen / pages", "sitegen /reading-list-two/ 123", "another"]
    page.evaluate("names => Promise.all(names.map((name) => caches.open(name)))", foreign)
    write(site / "templates/assets/css/custom.css", "h1 { outline: 5px solid }\n")
    build.build(site)
    page.goto(f"{url}topics/")
    [version] = [name for name in before if not name.endswith(" pages")]
    until(
        page,
        """async (old) => {
  const { active, waiting, installing } = await navigator.serviceWorker.getRegistration();
  return active.state === "activated" && !waiting && !installing && !(await caches.has(old));
}""",
        version,
    )
    after = page.evaluate("caches.keys()")
    assert set(foreign) <= set(after)
    assert len([name for name in after if name.startswith("sitegen /reading-list/ ")]) == 2
    context.set_offline(True)
    page.goto(f"{url}papers/alpha/")  # a page of the older build, in the styles of the newest
    expect(page.get_by_role("heading", level=1)).to_have_text("Alpha")
    assert is_styled(page)
    style = page.locator('link[rel="stylesheet"]').evaluate("link => link.href")
    text = page.evaluate("url => fetch(url, { cache: 'no-store' }).then((answer) => answer.text())", style)
    assert "outline: 5px solid" in text
    star = page.locator('[data-mark="star"]')
    page.keyboard.press("s")
    expect(star).to_have_attribute("aria-pressed", "true")  # the page's script runs once
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()  # what comes later does not bring the first a second time
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("s")
    expect(star).to_have_attribute("aria-pressed", "false")
    page.locator("button.theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_a_page_of_an_older_build_works_when_its_files_are_gone_from_the_host(
    context: BrowserContext, site: Path, serve_site: Serve
) -> None:
    url = serve_site(site / "_site")
    page = context.new_page()
    page.goto(url)
    ready(page)
    old = (site / "_site/papers/alpha/index.html").read_text("utf-8")
    write(site / "templates/assets/css/custom.css", "h1 { outline: 5px solid }\n")
    build.build(site)
    page.goto(url)
    until(page, "async () => (await navigator.serviceWorker.getRegistration()).active.state === 'activated'")
    ready(page)
    path = site / "_site/papers/alpha/index.html"
    assert path.read_text("utf-8") != old
    write(path, old)  # as a host's cache, or the browser's, gives it for a while
    [gone] = re.findall(r'href="../../(assets/[0-9a-f]+/)site.css"', old)
    shutil.rmtree(site / "_site" / gone, ignore_errors=True)
    page.goto(f"{url}papers/alpha/")
    assert is_styled(page)
    page.locator('[data-mark="star"]').click()
    expect(page.locator('[data-mark="star"]')).to_have_attribute("aria-pressed", "true")


def test_the_caches_are_bounded(context: BrowserContext, site: Path, serve_site: Serve) -> None:
    script = SHIPPED.read_text("utf-8")
    assert "[150, 400]" in script
    write(site / "templates/sw.js", script.replace("[150, 400]", "[3, 400]"))
    build.build(site)
    url = serve_site(site / "_site")
    page = context.new_page()
    page.goto(url)
    ready(page)
    for path in ("topics/", "years/", "about/", "papers/alpha/", "papers/beta/"):
        page.goto(url + path)
        until(page, "async (url) => Boolean(await caches.match(url))", url + path)
    assert cached(page) == [url + path for path in ("about/", "papers/alpha/", "papers/beta/")]


def test_what_is_missing_or_of_another_host_is_not_kept(context: BrowserContext, site: Path, serve_site: Serve) -> None:
    url = serve_site(site / "_site")
    page = context.new_page()
    page.goto(url)
    ready(page)
    page.goto(f"{url}no/such/page/")
    page.goto(f"{url}topics")  # leads to topics/
    page.goto(f"{url}papers/alpha/")
    assert all(address.startswith(url) for address in (*cached(page), *cached(page, "")))
    assert not [address for address in cached(page) if "such" in address or address.endswith("topics")]
    context.set_offline(True)
    page.goto(f"{url}topics/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Topics")


def test_the_preview_of_serve_has_no_worker(visitor: Visitor, served_list: Site) -> None:
    with visitor() as page:
        page.goto(served_list.url)
        page.wait_for_timeout(500)
        assert page.evaluate("navigator.serviceWorker.getRegistrations().then((found) => found.length)") == 0


def test_the_site_can_be_installed(visitor: Visitor, published: Site) -> None:
    with visitor() as page:
        page.goto(published.url)
        ready(page)
        session = page.context.new_cdp_session(page)
        manifest: dict[str, Any] = session.send("Page.getAppManifest")
        assert manifest["errors"] == []
        assert json.loads(manifest["data"])["start_url"] == "./"
        faults = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
        assert {fault["errorId"] for fault in faults} <= {"in-incognito"}  # as every page of a test is


def test_without_workers_pages_work(visitor: Visitor, published: Site) -> None:
    with visitor(init_script="delete Navigator.prototype.serviceWorker;") as page:
        page.goto(published.url)
        page.wait_for_load_state("networkidle")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.goto(f"{published.url}offline.html")
        expect(page.get_by_role("heading", level=1)).to_have_text("No network")


def _note(asked: set[str], request: Request) -> None:
    asked.add(request.url)


def test_a_first_visit_is_small(context: BrowserContext, published: Site) -> None:
    """Gzipped, as hosts send them: the page, what it loads, and what the worker fetches at once."""
    for path in ("", "topics/peft-lora/", "papers/s2ft-efficient-scalable-and-generalizable-llm-fine-tuning-by/"):
        page = context.new_page()
        asked: set[str] = set()
        page.on("request", functools.partial(_note, asked))
        page.goto(published.url + path)
        ready(page)
        page.wait_for_load_state("networkidle")
        files = {address.removeprefix(published.url).partition("#")[0] for address in asked}
        worker = (published.folder / "sw.js").read_text("utf-8").splitlines()[0]
        files |= {"sw.js", *json.loads(worker.removeprefix("const SITE = ").removesuffix(";"))["first"]}
        total = 0
        for name in files:
            file = published.folder / name
            total += len(gzip.compress((file / "index.html" if file.is_dir() else file).read_bytes(), 9))
        assert 20_000 < total <= 60_000, path
        page.close()
