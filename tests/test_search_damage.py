"""What a reader sees when the index is damaged, the network is gone, or the list is so long that a worker searches."""

from __future__ import annotations

import functools
import gzip
import http.server
import json
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import need
import pytest

from sitegen import build

pytest_plugins = ("browser",)
pytestmark = pytest.mark.browser
HITS = "#found .hits h2 a"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = need.reading_list(tmp_path_factory.mktemp("damage"))
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
    context = chromium.new_context(service_workers="block")
    opened = context.new_page()
    uncaught: list[str] = []
    opened.on("pageerror", lambda error: uncaught.append(str(error)))
    opened.set_default_timeout(15_000)
    yield opened
    context.close()
    assert uncaught == []


def folder(site: Path, named: str = "folder") -> Path:
    """Where the shards are; those of the `rows` have a folder of their own."""
    name: str = json.loads((site / "search/manifest.json").read_bytes())[named]
    return site / "search" / name


def spoilt(page: Any, kind: str, damage: Callable[[bytes], bytes]) -> None:
    """Every shard of a kind arrives so."""

    def answer(route: Any) -> None:
        route.fulfill(body=damage(route.fetch().body()), content_type="application/octet-stream")

    page.route(re.compile(rf"/search/[0-9a-f]+/{kind}/\d+$"), answer)


DAMAGES = [
    pytest.param(lambda data: data[:20] + bytes([data[20] ^ 255]) + data[21:], id="a-byte"),
    pytest.param(lambda data: data[:-12], id="cut-off"),
    pytest.param(lambda _: b"", id="empty"),
    pytest.param(lambda _: b"<!doctype html><title>Not found</title>", id="another-page"),
    pytest.param(lambda _: gzip.compress(b"x99\n[]"), id="another-shard"),
]


@pytest.mark.parametrize("kind", ["p", "s"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_said_and_there_is_a_way_on(
    page: Any, address: str, kind: str, damage: Callable[[bytes], bytes]
) -> None:
    spoilt(page, kind, damage)
    page.goto(f"{address}search/?q=matryoshka")
    page.locator(".status", has_text="missing or damaged").wait_for()
    assert page.locator(HITS).count() == 0
    assert page.locator("#found a", has_text="topics").is_visible()
    page.unroute_all()
    page.locator("button", has_text="Try again").click()
    page.locator(HITS).first.wait_for()
    assert page.locator(HITS).first.inner_text() == "Matryoshka Representation Learning"


def test_two_files_that_changed_places_are_noticed(page: Any, address: str, site: Path) -> None:
    rows = sorted((folder(site, "rows") / "s").iterdir(), key=lambda path: int(path.name))

    def other(route: Any) -> None:
        route.fulfill(body=rows[int(route.request.url.rsplit("/", 1)[1]) - 1].read_bytes())

    page.route(re.compile(r"/search/[0-9a-f]+/s/\d+$"), other)
    page.goto(f"{address}search/?q=matryoshka")
    page.locator(".status", has_text="missing or damaged").wait_for()


def test_without_a_network_the_next_try_is_offered(page: Any, address: str) -> None:
    page.goto(f"{address}search/")
    page.route("**/search/**", lambda route: route.abort("internetdisconnected"))
    page.fill("#q", "matryoshka")
    page.locator(".status", has_text="Is there a connection?").wait_for()
    page.unroute_all()
    page.locator("button", has_text="Try again").click()
    page.locator(HITS).first.wait_for()


def with_worker(page: Any, address: str) -> None:
    """The search page as a list has it for which a worker searches."""

    def answer(route: Any) -> None:
        text = route.fetch().text()
        route.fulfill(body=text.replace('id="manifest">{', 'id="manifest">{"worker":1,'), content_type="text/html")

    page.route(re.compile(r"/search/\?q="), answer)
    page.goto(f"{address}search/?q=matryoshka")


def test_a_worker_searches_a_long_list(page: Any, address: str) -> None:
    with page.expect_worker() as started:
        with_worker(page, address)
    assert started.value.url.endswith("search/worker.js")
    page.locator(HITS).first.wait_for()
    for query, said in (("+merging -vision", "13 papers."), ("quantizaton", "showing results for")):
        page.fill("#q", query)
        page.locator(".status", has_text=said).wait_for()


def test_where_no_worker_starts_the_page_searches_itself(page: Any, address: str) -> None:
    page.route("**/worker.js", lambda route: route.fulfill(status=404))
    with_worker(page, address)
    page.locator(HITS).first.wait_for()


def test_what_was_mended_can_be_searched_exactly(page: Any, address: str) -> None:
    page.goto(f"{address}search/?q=quantizaton%20merging")
    page.locator("#found a", has_text='"quantizaton" merging').click()
    page.locator(".status", has_text="No paper has “quantizaton”.").wait_for()
    assert page.input_value("#q") == '"quantizaton" merging'
