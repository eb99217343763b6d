"""The HTTP side: files below the base path, and a few addresses of the server's own below `/__sitegen__/`.

Only this machine is answered, and only by a name of its own. What changes files, and what helps to do it, is answered
only to a page of this server: the request must name the server as its host (else a foreign name was made to lead here),
come from that origin, and bring the token that was drawn for this run and stands in the pages.
"""

from __future__ import annotations

import html
import json
import mimetypes
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from sitegen.errors import SiteError
from sitegen.serve.edit import Editor, Refused
from sitegen.serve.live import Source
from sitegen.serve.state import State

OWN = "/__sitegen__/"
BROWSER = Path(__file__).with_name("browser")
MOST_BYTES = 64 * 1024
"""Of a request's body."""
MOST_DIGITS = 20
"""Of a number: Python refuses to read very long ones."""
_HOSTS = ("127.0.0.1", "localhost", "[::1]")
_TYPES = {".md": "text/markdown", ".js": "text/javascript", ".webmanifest": "application/manifest+json"}


class Handler(BaseHTTPRequestHandler):
    """Serves a site below its base path."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else an answer waits for its head to be acknowledged: up to 40 ms
    files: Source
    base: str
    state: State
    editor: Editor | None

    @classmethod
    def serving(cls, files: Source, base: str, state: State, editor: Editor | None) -> type[Handler]:
        """A handler for these files."""
        return type("Serving", (cls,), {"files": files, "base": base, "state": state, "editor": editor})

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith(OWN):
            self._own(path.removeprefix(OWN))
        elif not self._is_local:
            said = f"This preview answers to this machine only: open http://127.0.0.1:{self._port}{self.base}"
            self._send(said.encode(), "text/plain", 421)
        elif path in ("/", self.base.rstrip("/")) and self.base != "/":
            self._lead(302, self.base)
        elif not path.startswith(self.base):
            self._missing()
        else:
            self._file(path)

    do_HEAD = do_GET

    def do_POST(self) -> None:
        if self.path != OWN + "edit" or self.editor is None:
            self._json({"error": "there is nothing here to post to"}, 404)
            return
        try:
            self._check_sender()
            body = self._body()
            said = self.editor.apply(body)
        except Refused as refused:
            self.close_connection = True
            self._json({"error": str(refused)}, refused.status)
        else:
            self._json(said)

    # --- The server's own addresses ---

    def _own(self, name: str) -> None:
        query = parse_qs(urlsplit(self.path).query)
        if not self._is_local:
            self._json({"error": "the request names another host"}, 403)
        elif name == "wait":
            epoch = query.get("epoch", [""])[0]
            self._json(self.state.wait(int(epoch) if epoch.isdecimal() and len(epoch) <= MOST_DIGITS else -1))
        elif name in ("page.js", "page.css"):
            self._send((BROWSER / name).read_bytes(), "text/javascript" if name.endswith("js") else "text/css")
        elif name == "paper" and self.editor:
            try:
                self._check_sender(reading=True)
                self._json(self.editor.paper(query.get("slug", [""])[0]))
            except Refused as refused:
                self._json({"error": str(refused)}, refused.status)
        else:
            self._json({"error": "not found"}, 404)

    @property
    def _port(self) -> int:
        port: int = getattr(self.server, "server_port", 0)
        return port

    @property
    def _is_here(self) -> bool:
        """Whether the request names this server as its host."""
        host = self.headers.get("Host", "")
        return host in {f"{name}:{self._port}" for name in _HOSTS} or (self._port == 80 and host in _HOSTS)

    @property
    def _is_local(self) -> bool:
        """Whether it names this machine, by whatever port: a tunnel has another. A foreign name was made to lead here
        (DNS rebinding), and its page would read a list that is not published."""
        host = self.headers.get("Host", "")
        return host in _HOSTS or host.rpartition(":")[0] in _HOSTS

    def _check_sender(self, reading: bool = False) -> None:
        """Refuse whoever is not a page of this server."""
        assert self.editor is not None
        if not self._is_here:
            raise Refused(403, "the request names another host")
        origin = self.headers.get("Origin")
        if origin != f"http://{self.headers['Host']}" and not (reading and origin is None):
            raise Refused(403, "the request comes from another site")
        if self.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            raise Refused(403, "the request comes from another site")
        if not self.editor.knows(self.headers.get("X-Sitegen-Token", "")):
            raise Refused(403, "the page is from an earlier run of the server: reload it")

    def _body(self) -> bytes:
        if self.headers.get_content_type() != "application/json":
            raise Refused(415, "the request is not JSON")
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or "Transfer-Encoding" in self.headers:
            raise Refused(411, "the request does not say how long it is")
        if len(length) > MOST_DIGITS or int(length) > MOST_BYTES:
            raise Refused(413, f"the request is longer than {MOST_BYTES} bytes")
        return self.rfile.read(int(length))

    # --- Files ---

    def _file(self, path: str) -> None:
        name = unquote(path[len(self.base) :])
        if "\0" in name or "\\" in name or any(part in ("..", ".") for part in name.split("/")):
            self._missing()
            return
        try:
            data = self.files.get(name + "index.html" if not name or name.endswith("/") else name)
            if data is None and self.files.get(f"{name.rstrip('/')}/index.html") is not None:
                self._lead(301, path.rstrip("/") + "/")
                return
        except SiteError as error:
            page = f"<!doctype html><title>Problem</title><body><pre>{html.escape(str(error))}</pre></body>"
            self._send(self._with_script(page.encode()), "text/html", 500)
            return
        if data is None:
            self._missing()
            return
        kind = "text/html" if not name or name.endswith("/") else _kind(name)
        forever = name.startswith("assets/")
        self._send(self._with_script(data) if kind == "text/html" else data, kind, forever=forever)

    def _missing(self) -> None:
        page = self.files.get("404.html") or b"Not found"
        self._send(self._with_script(page), "text/html", 404)

    def _lead(self, status: int, target: str) -> None:
        self.send_response(status)
        self.send_header("Location", target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _with_script(self, page: bytes) -> bytes:
        """The page with the server's script; with the token only where the server was asked by its own name."""
        token = f' data-token="{self.editor.token}" data-base="{self.base}"' if self.editor and self._is_here else ""
        tags = f'<link rel="stylesheet" href="{OWN}page.css">'
        tags += f'<script src="{OWN}page.js" data-epoch="{self.state.epoch}"{token}></script></body>'
        return page.replace(b"</body>", tags.encode(), 1)

    def _json(self, value: dict[str, Any], status: int = 200) -> None:
        self._send(json.dumps(value, ensure_ascii=False).encode(), "application/json", status)

    def _send(self, data: bytes, kind: str, status: int = 200, forever: bool = False) -> None:
        self.send_response(status)
        textual = kind.startswith("text/") or kind in ("application/json", "image/svg+xml")
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if textual else kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "max-age=31536000, immutable" if forever else "no-store")
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


def _kind(name: str) -> str:
    """The media type of a file, by its name."""
    suffix = Path(name).suffix
    return _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
