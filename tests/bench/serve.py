"""Measures how long a saved edit takes to reach the browser: `sitegen serve`, and the servers of other generators.

    python tests/bench/serve.py SITE [--peer TREE=COMMAND]... [--edits N] [--no-browser]

SITE: a site's folder; it is copied. In the copy one paper is moved between two topics in `content/overrides.yaml`, N
times. TREE: the same kind of list for another generator, as `make_site.py` among the shared peers writes it, with a
`bench.json` that says how to serve it and which edit moves a paper; COMMAND: its program. All servers run side by side
and are edited in turn, so that whatever else the machine does meets all of them.

Prints JSON. For each server, medians of seconds from the write: `page`, until the paper's page over HTTP has changed;
`lists`, until the pages of both topics have, too; `browser`, until the open page in Chromium shows it; and `cpu`, the
server's CPU seconds for an edit. Then our figures over each peer's: below 1 we are faster.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
START, LONG = 600.0, 60.0
"""Seconds that a server may take to begin, and for an edit."""
REST = 1.5
"""Seconds between edits, in which servers come to rest."""


@dataclass(frozen=True)
class Subject:
    """A server, an edit, and what shows that the edit has arrived."""

    folder: Path
    command: list[str]
    page: str
    """Path of the page that changes."""
    edit: Callable[[bool], None]
    """Moves the paper there, or back."""
    there: str
    back: str
    """What links of the page's text end in, there and back; the pages of these two topics list the paper."""
    base: str
    paper: str
    """What a list that has the paper holds."""

    def arrived(self, html: str, moved: bool) -> bool:
        found = re.search(r"<article\b.*?</article>", html, re.DOTALL) or re.search(
            r"<main\b.*</main>", html, re.DOTALL
        )
        links = re.findall(r'href="?([^" >]+)', found[0] if found else html)
        wanted, other = (self.there, self.back) if moved else (self.back, self.there)
        return any(link.endswith(wanted) for link in links) and not any(link.endswith(other) for link in links)

    def listed(self, get: Callable[[str], str], moved: bool) -> bool:
        """Whether both lists are right. `get` fetches a page by its path."""
        wanted, other = (self.there, self.back) if moved else (self.back, self.there)
        return self.paper in get(self.base + wanted) and self.paper not in (get(self.base + other) or self.paper)


def ours(site: Path, port: int) -> Subject:
    """Our server, on a copy of the site."""
    folder = Path(tempfile.mkdtemp(prefix="bench-serve-"))
    shutil.copytree(site / "content", folder / "content")
    rules = folder / "content" / "overrides.yaml"
    text = rules.read_text("utf-8") if rules.exists() else ""
    records = map(json.loads, (folder / "content" / "papers.jsonl").read_text("utf-8").splitlines())
    newest = sorted(records, key=lambda record: record.get("published") or "", reverse=True)  # on the first parts
    slugs = [record["slug"] for record in newest]
    topics = re.findall(
        r"^ *- slug: ([a-z0-9-]+)", (folder / "content" / "topics.yaml").read_text("utf-8"), re.MULTILINE
    )
    slug = next(s for s in slugs if not re.search(rf"^{re.escape(s)}:", text, re.MULTILINE) or f"\n{s}: [" in text)
    others = re.sub(rf"^{re.escape(slug)}:.*\n", "", text, flags=re.MULTILINE)

    def edit(moved: bool) -> None:
        rules.write_text(f"{others}{slug}: [{topics[-1] if moved else topics[0]}]\n", "utf-8")

    edit(False)
    command = [sys.executable, "-m", "sitegen", "serve", "--site", str(folder), "--port", str(port)]
    path = re.search(
        r"^base_url: *\S+?://[^/\s]+(/\S*)", (folder / "content/site.yaml").read_text("utf-8"), re.MULTILINE
    )
    base = path[1] if path else "/"
    there, back = f"topics/{topics[-1]}/", f"topics/{topics[0]}/"
    return Subject(folder, command, f"{base}papers/{slug}/", edit, there, back, base, f"papers/{slug}/")


def peer(tree: Path, program: str, port: int) -> Subject:
    """Another generator's server."""
    said = json.loads((tree / "bench.json").read_text("utf-8"))
    change = said["topic_edit"]
    file = tree / change["file"]
    pairs = change.get("pairs") or [[change["old"], change["new"]]]

    def edit(moved: bool) -> None:
        text = file.read_text("utf-8")
        for old, new in pairs:
            text = text.replace(old, new) if moved else text.replace(new, old)
        file.write_text(text, "utf-8")

    edit(False)
    command = re.sub(r"\{(?!port)\w+\}", program, said["serve"].replace(" --disableLiveReload", ""))
    base, moves = said.get("serve_base", said["base"]), said["moved"]
    start = command.format(port=port).split()
    return Subject(tree, start, base + moves["paper"], edit, moves["to"], moves["from"], base, moves["slug"])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def cpu(pid: int) -> float:
    """CPU seconds of a process and its finished children (proc(5), fields 14 to 17)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Running:
    """A subject that is being served."""

    subject: Subject
    host: str
    process: subprocess.Popen[bytes]

    def get(self, path: str) -> str:
        try:
            with urllib.request.urlopen(self.host + path, timeout=LONG) as answer:
                text: str = answer.read().decode("utf-8", "replace")
                return text
        except OSError:
            return ""

    def arrived(self, moved: bool) -> bool:
        return self.subject.arrived(self.get(self.subject.page), moved)

    def listed(self, moved: bool) -> bool:
        return self.subject.listed(self.get, moved)


@contextmanager
def served(subject: Subject, port: int) -> Iterator[Running]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        subject.command, cwd=subject.folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    running = Running(subject, f"http://127.0.0.1:{port}", process)
    try:
        wait(lambda: running.arrived(False) and running.listed(False), process, START)
        yield running
    finally:
        subject.edit(False)
        process.send_signal(signal.SIGINT)
        process.wait(30)


def wait(done: Callable[[], bool], process: subprocess.Popen[bytes], most: float = LONG) -> None:
    end = time.monotonic() + most
    while not done():
        if time.monotonic() > end or process.poll() is not None:
            raise SystemExit("the server ended, or the change never came")
        time.sleep(0.002)


def over_http(server: Running, moved: bool) -> dict[str, float]:
    """Seconds for one edit, asked for again and again."""
    before, started = cpu(server.process.pid), time.perf_counter()
    server.subject.edit(moved)
    wait(lambda: server.arrived(moved), server.process)
    page = time.perf_counter() - started
    wait(lambda: server.listed(moved), server.process)
    lists = time.perf_counter() - started
    time.sleep(REST)
    return {"page": page, "lists": lists, "cpu": cpu(server.process.pid) - before}


def in_browser(server: Running, page: Any, moved: bool) -> dict[str, float]:
    """Seconds until the open page, which reloads by itself, shows one edit."""
    started = time.perf_counter()
    server.subject.edit(moved)

    def shown() -> bool:
        try:
            return server.subject.arrived(page.evaluate("document.documentElement.outerHTML"), moved)
        except Exception:  # the page is just being loaded
            return False

    wait(shown, server.process)
    took = time.perf_counter() - started
    time.sleep(REST)
    return {"browser": took}


def measure(servers: dict[str, Running], edits: int, browser: Any) -> dict[str, dict[str, float]]:
    """Medians of seconds over the edits, for each server."""
    found: dict[str, dict[str, list[float]]] = {name: {} for name in servers}

    def turns(take: Callable[[str, bool], dict[str, float]]) -> None:
        for turn in range(edits):
            for name, figures in found.items():
                for key, seconds in take(name, turn % 2 == 0).items():
                    figures.setdefault(key, []).append(seconds)
        for server in servers.values():
            server.subject.edit(False)
        time.sleep(2 * REST)

    turns(lambda name, moved: over_http(servers[name], moved))
    if browser:
        pages = {name: browser.new_page() for name in servers}
        for name, page in pages.items():
            page.goto(servers[name].host + servers[name].subject.page)
        time.sleep(2 * REST)
        turns(lambda name, moved: in_browser(servers[name], pages[name], moved))
    return {
        name: {key: round(statistics.median(values), 4) for key, values in figures.items()}
        for name, figures in found.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path)
    parser.add_argument("--peer", action="append", default=[], metavar="TREE=COMMAND")
    parser.add_argument("--edits", type=int, default=7)
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args()
    makers: dict[str, Callable[[int], Subject]] = {"sitegen": functools.partial(ours, options.site)}
    for given in options.peer:
        tree, _, program = given.partition("=")
        makers[Path(tree).name] = functools.partial(peer, Path(tree).resolve(), program)
    with ExitStack() as stack:
        browser = stack.enter_context(_browser(not options.no_browser))
        ports = {name: free_port() for name in makers}
        servers = {name: stack.enter_context(served(make(ports[name]), ports[name])) for name, make in makers.items()}
        results = measure(servers, options.edits, browser)
    mine = results["sitegen"]
    ratios = {
        f"sitegen / {name}": {key: round(mine[key] / value, 2) for key, value in figures.items() if value}
        for name, figures in results.items()
        if name != "sitegen"
    }
    print(json.dumps(results | ratios, indent=2))


@contextmanager
def _browser(wanted: bool) -> Iterator[Any]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if not wanted or not path:
        yield None
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        yield playwright.chromium.launch(executable_path=path, args=arguments)


if __name__ == "__main__":
    main()
