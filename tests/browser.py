"""A real browser, and this repository's reading list on two servers: that of `sitegen serve`, and as published.

A test module gets the fixtures with `pytest_plugins = ("browser",)`. Pages are opened through `visitor`, which fails
the test when anything goes wrong on one of them.
"""

from __future__ import annotations

import functools
import mimetypes
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import need
import pytest
from playwright.sync_api import Browser, Page, Request, Response, Route, expect, sync_playwright

from sitegen import build, serve

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
BASE = "/reading-list/"
_TELL_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));"""

expect.set_options(timeout=15_000)

Visitor = Callable[..., AbstractContextManager[Page]]
"""`visitor(**options of the browser context, init_script="...", expected_status=200)` gives a page."""


@dataclass(frozen=True)
class Site:
    """A built site and where it is served."""

    folder: Path
    url: str


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = need.program(*CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium: Browser) -> Visitor:
    return functools.partial(_visit, chromium)


@contextmanager
def _visit(chromium: Browser, init_script: str = "", expected_status: int = 200, **options: Any) -> Iterator[Page]:
    """A page of a fresh context. When the visit ends well, so must everything that the pages did."""
    faults: list[str] = []
    context = chromium.new_context(**options)

    def guard(route: Route) -> None:
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            faults.append(f"a request to another host: {route.request.url}")
            route.abort()

    def answered(response: Response) -> None:
        if response.status >= 400 and response.status != expected_status:
            faults.append(f"{response.status} for {response.url}")

    def failed(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # what a page was still loading when it was left
            faults.append(f"{request.failure} for {request.url}")

    def said(kind: str, text: str) -> None:
        if kind == "error" and f"status of {expected_status} " not in text:
            faults.append(f"on the console: {text}")

    try:
        context.route("**/*", guard)
        context.add_init_script(_TELL_VIOLATIONS)
        if init_script:
            context.add_init_script(init_script)
        context.on("response", answered)
        context.on("requestfailed", failed)
        context.on("console", lambda message: said(message.type, message.text))
        context.on("weberror", lambda error: faults.append(f"uncaught: {error.error}"))
        yield context.new_page()
    finally:
        context.close()
    assert faults == []


@pytest.fixture(scope="session")
def built_list(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built list, for its shipped address, which ends in `/reading-list/`.

    One topic gets a former slug, `old-name-of-peft-lora`, so that there is a page that only leads elsewhere.
    """
    site = need.reading_list(tmp_path_factory.mktemp("list"))
    topics = site / "content" / "topics.yaml"
    text = topics.read_text("utf-8")
    line = "    - slug: peft-lora\n"
    assert line in text
    topics.write_text(text.replace(line, f"{line}      redirect_from: [old-name-of-peft-lora]\n"), "utf-8")
    build.build(site)
    return site / "_site"


@pytest.fixture(scope="session")
def served_list(built_list: Path) -> Iterator[Site]:
    """The list under `/reading-list/`, on the server of `sitegen serve`."""
    with _running(serve.start(built_list, BASE, 0, serve.State()), BASE, built_list) as site:
        yield site


@pytest.fixture(scope="session")
def served_at_root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The list built for a domain's root, on the server of `sitegen serve`."""
    home = need.reading_list(tmp_path_factory.mktemp("root"))
    build.build(home, base_url="https://papers.example/")
    with _running(serve.start(home / "_site", "/", 0, serve.State()), "/", home / "_site") as site:
        yield site


@pytest.fixture(scope="session")
def published(built_list: Path) -> Iterator[Site]:
    """The list under `/reading-list/` as a host of static files publishes it: nothing is added to any page."""
    with host(built_list) as site:
        yield site


@pytest.fixture(scope="session")
def hosting() -> Callable[[Path], AbstractContextManager[Site]]:
    """Hosts a built folder of the test's own as `published` does."""
    return host


@contextmanager
def host(folder: Path) -> Iterator[Site]:
    """A built folder under `/reading-list/`, on a host of static files."""
    handler = functools.partial(_StaticHost, folder=folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    with _running(server, BASE, folder) as site:
        yield site


@pytest.fixture
def serve_site() -> Iterator[Callable[[Path], str]]:
    """Hosts built folders until the test ends; gives the address of each."""
    with ExitStack() as running:
        yield lambda folder: running.enter_context(host(folder)).url


@contextmanager
def _running(server: ThreadingHTTPServer, base: str, folder: Path) -> Iterator[Site]:
    try:
        yield Site(folder, f"http://127.0.0.1:{server.server_port}{base}")
    finally:
        server.shutdown()
        server.server_close()


class _StaticHost(BaseHTTPRequestHandler):
    """Serves a folder below `/reading-list/` as GitHub Pages does: a folder's index, `404.html` for what is missing."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, folder: Path) -> None:
        self.folder = folder
        super().__init__(*args)

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        file = self.folder / path.removeprefix(BASE)
        if file.is_dir() and not path.endswith("/"):
            self.send_response(301)
            self.send_header("Location", path + "/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        file = file / "index.html" if file.is_dir() else file
        found = path.startswith(BASE) and file.is_file()
        file = file if found else self.folder / "404.html"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", mimetypes.guess_type(file.name)[0] or "application/octet-stream")
        self.send_header("Content-Length", str(file.stat().st_size))
        self.end_headers()
        with suppress(ConnectionError), file.open("rb") as source:  # a page that was left no longer listens
            shutil.copyfileobj(source, self.wfile)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the test says what was wrong."""
