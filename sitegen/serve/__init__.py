"""`serve`: the site under its own path on this machine; a saved file changes the open page.

    watch -> live (pages made when they are asked for) -> handler -> the browser, and back: edit -> overrides.yaml

The site is kept in memory. A broken file leaves the last good site up, and its problems are shown over the page. The
server adds one script to the pages that it sends; the site's own files have none of it.
"""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections.abc import Sequence
from http.server import ThreadingHTTPServer
from pathlib import Path

from sitegen import excerpt
from sitegen.errors import Problem, SiteError, count, fail
from sitegen.serve.edit import Editor
from sitegen.serve.handler import Handler, Server
from sitegen.serve.live import Folder, Live, Source
from sitegen.serve.state import State

__all__ = ["Editor", "Folder", "Live", "State", "rebuild", "run", "start"]

PORTS_TRIED = 20
REST, MOST_LEFT = 3_000, 50_000
"""Milliseconds without a change, and papers that were looked through without such a rest, after which memory is
tidied."""


def run(site: Path, output: Path | None, base_url: str | None, port: int, watch: bool = True) -> None:
    """Serve on 127.0.0.1 and follow every change until interrupted. Raises SiteError when the site is broken at first.

    `output`: a folder that the whole site is also written to, after each change.
    """
    live, state = Live(site, base_url, output), State()
    live.update()
    warn(live)
    server = start(live, live.base, port, state, Editor(live, state))
    live.write()
    papers, pages = count(len(live.content.entries), "paper"), count(len(live.making.pages), "page")
    print(f"{papers}, {pages}; pages are made when they are asked for")
    print(f"\nServing http://127.0.0.1:{server.server_port}{live.base}  (Ctrl-C ends it)", flush=True)
    try:
        if watch:
            _watch(live, state)
        while not watch:
            time.sleep(3600)
    except KeyboardInterrupt:
        print()
    finally:
        server.shutdown()


def start(
    source: Source | Path, base: str, port: int, state: State, editor: Editor | None = None
) -> ThreadingHTTPServer:
    """A server in a thread of its own, on the first free port. `source`: a live site, or the folder of a built one."""
    files = Folder(source) if isinstance(source, Path) else source
    for candidate in range(port, port + PORTS_TRIED) if port else [0]:
        try:
            server = Server(("127.0.0.1", candidate), Handler.serving(files, base, state, editor))
        except OSError:
            continue
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
        return server
    raise fail("--port", f"ports {port} to {port + PORTS_TRIED - 1} are all taken", "name another with --port")


def _watch(live: Live, state: State) -> None:
    """Follow changes. What they leave is collected at rest: to look through a large site takes longer than a change."""
    from watchfiles import watch

    folders = [folder for folder in (live.site / "content", live.site / "templates") if folder.is_dir()]
    _tidy()
    gc.disable()
    left = 0
    try:
        for changes in watch(*folders, debounce=50, step=5, rust_timeout=REST, yield_on_timeout=True):
            if changes:
                rebuild(live, state)
                left += len(live.content.entries)
            if left and (not changes or left > MOST_LEFT):
                _tidy()
                left = 0
    finally:
        gc.unfreeze()
        gc.enable()


def _tidy() -> None:
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def rebuild(live: Live, state: State) -> None:
    """Follow a change and tell the waiting pages: to reload, or what is wrong."""
    started, known = time.perf_counter(), live.content.warnings
    try:
        changed = live.update()
    except SiteError as error:
        number = count(len(error.problems), "problem")
        told = (
            f"{number}; until {'it is' if number == '1 problem' else 'they are'} mended, the site stays as it was\n\n"
        )
        told += excerpt.told(error.problems, live.site)
        print(told, file=sys.stderr)
        state.set(told)
        return
    if changed or state.problems:
        state.set("")
        print(f"changed in {time.perf_counter() - started:.2f} s", flush=True)
        warn(live, known)
    live.write()


def warn(live: Live, known: Sequence[Problem] = ()) -> None:
    """Print the warnings about the site that are not known yet."""
    messages = {warning.message for warning in known}  # their lines move with every line above them
    if new := [warning for warning in live.content.warnings if warning.message not in messages]:
        print(excerpt.told(new, live.site), file=sys.stderr)
