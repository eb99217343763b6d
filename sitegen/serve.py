"""`serve`: the site under its own path on this machine; a saved file is rebuilt and the open page reloads.

A broken file leaves the last good site up, and its problems are shown over the page. The server adds one script to the
pages that it sends; the built files have none of it.
"""

from __future__ import annotations

import functools
import json
import sys
import threading
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from sitegen import build, excerpt, urls
from sitegen.errors import SiteError, fail

PORTS_TRIED = 20
WAIT = 25.0
"""Seconds that a waiting page is kept before it asks again."""
_SCRIPT = b"""// Added by `sitegen serve`: reloads the page after a build, shows what is wrong after a failed one.
let epoch = Number(document.currentScript.dataset.epoch);
function tell(problems) {
  document.querySelector("#sitegen-problems")?.remove();
  if (!problems) return;
  const box = document.createElement("pre");
  box.id = "sitegen-problems";
  box.setAttribute("role", "alert");
  box.textContent = problems;
  document.body.prepend(box);
  scrollTo(0, 0);
}
(async () => {
  for (;;) {
    try {
      const state = await (await fetch(`/__sitegen__/wait?epoch=${epoch}`)).json();
      if (state.epoch !== epoch && !state.problems) location.reload();
      epoch = state.epoch;
      tell(state.problems);
    } catch {
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
})();
"""


class State:
    """How often the site was built, and what is wrong with it now. Pages wait here for the next build."""

    def __init__(self) -> None:
        self.epoch = 0
        self.problems = ""
        self._changed = threading.Condition()

    def set(self, problems: str) -> None:
        with self._changed:
            self.epoch += 1
            self.problems = problems
            self._changed.notify_all()

    def wait(self, epoch: int) -> dict[str, Any]:
        with self._changed:
            self._changed.wait_for(lambda: self.epoch != epoch, WAIT)
            return {"epoch": self.epoch, "problems": self.problems}


class Handler(SimpleHTTPRequestHandler):
    """Serves the built site below its base path."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, base: str, state: State, **kwargs: Any) -> None:
        self.base, self.state = base, state
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/__sitegen__/wait":
            epoch = self.path.rpartition("=")[2]
            self._send(
                json.dumps(self.state.wait(int(epoch) if epoch.isdecimal() else -1)).encode(), "application/json"
            )
        elif path == "/__sitegen__/reload.js":
            self._send(_SCRIPT, "text/javascript")
        elif path in ("/", self.base.rstrip("/")) and self.base != "/":
            self.send_response(302)
            self.send_header("Location", self.base)
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif not path.startswith(self.base):
            self._missing()
        else:
            self._file(path)

    do_HEAD = do_GET

    def _file(self, path: str) -> None:
        target = Path(self.translate_path("/" + path[len(self.base) :]))
        if target.is_dir():
            if not path.endswith("/"):
                self.send_response(301)
                self.send_header("Location", path + "/")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            target /= "index.html"
        if not target.is_file():
            self._missing()
            return
        kind = self.guess_type(str(target))
        data = target.read_bytes()
        self._send(self._with_script(data) if kind == "text/html" else data, kind)

    def _missing(self) -> None:
        page = Path(self.directory) / "404.html"
        text = page.read_bytes() if page.is_file() else b"Not found"
        self._send(self._with_script(text), "text/html", 404)

    def _with_script(self, page: bytes) -> bytes:
        tag = f'<script src="/__sitegen__/reload.js" data-epoch="{self.state.epoch}"></script></body>'
        return page.replace(b"</body>", tag.encode(), 1)

    def _send(self, data: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        textual = kind.startswith("text/") or kind in ("application/json", "image/svg+xml")
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if textual else kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the page shows what was asked for."""


class Server(ThreadingHTTPServer):
    """One thread for each request; a reader who leaves a page early is no error."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def run(site: Path, target: Path, base_url: str | None, port: int, watch: bool = True) -> None:
    """Build, serve on 127.0.0.1 and rebuild until interrupted. Raises SiteError when the first build fails."""
    report = build.build(site, target, base_url)
    if report.warnings:
        print(excerpt.told(report.warnings, site), file=sys.stderr)
    settings = build.load(site, base_url).site
    state = State()
    server = start(target, urls.base_path(settings.base_url), port, state)
    print("\n".join(report.lines()))
    print(
        f"\nServing http://127.0.0.1:{server.server_port}{urls.base_path(settings.base_url)}  (Ctrl-C ends it)",
        flush=True,
    )
    try:
        if watch:
            _watch(site, target, base_url, state)
        while not watch:
            time.sleep(3600)
    except KeyboardInterrupt:
        print()
    finally:
        server.shutdown()


def start(target: Path, base: str, port: int, state: State) -> ThreadingHTTPServer:
    """A server in a thread of its own, on the first free port."""
    handler = functools.partial(Handler, directory=str(target), base=base, state=state)
    for candidate in range(port, port + PORTS_TRIED) if port else [0]:
        try:
            server = Server(("127.0.0.1", candidate), handler)
        except OSError:
            continue
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
        return server
    raise fail("--port", f"ports {port} to {port + PORTS_TRIED - 1} are all taken", "name another with --port")


def _watch(site: Path, target: Path, base_url: str | None, state: State) -> None:
    from watchfiles import watch

    folders = [folder for folder in (site / "content", site / "templates") if folder.is_dir()]
    for _ in watch(*folders, debounce=100, step=20, raise_interrupt=True):
        rebuild(site, target, base_url, state)


def rebuild(site: Path, target: Path, base_url: str | None, state: State) -> None:
    """Build again and tell the waiting pages: to reload, or what is wrong."""
    started = time.perf_counter()
    try:
        report = build.build(site, target, base_url)
    except SiteError as error:
        problems = excerpt.told(error.problems, site)
        print(problems, file=sys.stderr)
        state.set(problems)
    else:
        print(f"{report.pages} pages in {time.perf_counter() - started:.2f} s", flush=True)
        state.set("")
