"""Measures how long a saved edit takes to reach the browser: `sitegen serve`, and the servers of other generators.

    python tests/bench/serve.py SITE [--peer TREE=COMMAND]... [--edits N] [--no-browser]

SITE: a site's folder; it is copied. In the copy one paper is moved between two topics in `content/overrides.yaml`, N
times. TREE: the same kind of list for another generator, as `make_site.py` among the shared peers writes it, with a
`bench.json` that says how to serve it and which edit moves a paper; COMMAND: its program. Prints JSON: medians of
seconds from the write to the changed page over HTTP and to the changed text in Chromium, CPU seconds of the server for
each edit, and each peer's figures over ours.
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
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LONG = 300.0


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
    """What links of the page's text end in, there and back."""

    def arrived(self, html: str, moved: bool) -> bool:
        found = re.search(r"<(article|main)\b.*?</\1>", html, re.DOTALL)
        links = re.findall(r'href="?([^" >]+)', found[0] if found else html)
        wanted, other = (self.there, self.back) if moved else (self.back, self.there)
        return any(link.endswith(wanted) for link in links) and not any(link.endswith(other) for link in links)


def ours(site: Path, port: int) -> Subject:
    """Our server, on a copy of the site."""
    folder = Path(tempfile.mkdtemp(prefix="bench-serve-"))
    shutil.copytree(site / "content", folder / "content")
    rules = folder / "content" / "overrides.yaml"
    text = rules.read_text("utf-8") if rules.exists() else ""
    slugs = [json.loads(line)["slug"] for line in (folder / "content" / "papers.jsonl").read_text("utf-8").splitlines()]
    topics = re.findall(
        r"^ *- slug: ([a-z0-9-]+)", (folder / "content" / "topics.yaml").read_text("utf-8"), re.MULTILINE
    )
    slug = next(s for s in slugs if not re.search(rf"^{re.escape(s)}:", text, re.MULTILINE) or f"\n{s}: [" in text)
    base = re.sub(rf"^{re.escape(slug)}:.*\n", "", text, flags=re.MULTILINE)

    def edit(moved: bool) -> None:
        rules.write_text(f"{base}{slug}: [{topics[-1] if moved else topics[0]}]\n", "utf-8")

    edit(False)
    command = [sys.executable, "-m", "sitegen", "serve", "--site", str(folder), "--port", str(port)]
    path = re.search(
        r"^base_url: *\S+?://[^/\s]+(/\S*)", (folder / "content/site.yaml").read_text("utf-8"), re.MULTILINE
    )
    page = (path[1] if path else "/") + f"papers/{slug}/"
    return Subject(folder, command, page, edit, f"topics/{topics[-1]}/", f"topics/{topics[0]}/")


def peer(tree: Path, program: str, port: int) -> Subject:
    """Another generator's server."""
    said = json.loads((tree / "bench.json").read_text("utf-8"))
    change, name = said["topic_edit"], tree.name.split("-")[0]
    file = tree / change["file"]
    pairs = change.get("pairs") or [[change["old"], change["new"]]]

    def edit(moved: bool) -> None:
        text = file.read_text("utf-8")
        for old, new in pairs:
            text = text.replace(old, new) if moved else text.replace(new, old)
        file.write_text(text, "utf-8")

    edit(False)
    command = said["serve"].replace(" --disableLiveReload", "").replace(f"{{{name}}}", program)
    page = said.get("serve_base", said["base"]) + said["moved"]["paper"]
    return Subject(tree, command.format(port=port).split(), page, edit, said["moved"]["to"], said["moved"]["from"])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def cpu(pid: int) -> float:
    """CPU seconds of a process and its finished children (proc(5), fields 14 to 17)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(subject: Subject, url: str) -> Iterator[int]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        subject.command, cwd=subject.folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait(lambda: subject.arrived(fetch(url), False), process)
        yield process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def fetch(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=LONG) as answer:
            text: str = answer.read().decode("utf-8", "replace")
            return text
    except OSError:
        return ""


def wait(done: Callable[[], bool], process: subprocess.Popen[bytes] | None = None) -> None:
    end = time.monotonic() + LONG
    while not done():
        if time.monotonic() > end or (process and process.poll() is not None):
            raise SystemExit("the server ended, or the change never came")
        time.sleep(0.002)


def measure(subject: Subject, port: int, edits: int, browser: Any) -> dict[str, float]:
    """Medians of seconds over the edits."""
    url = f"http://127.0.0.1:{port}{subject.page}"
    found: dict[str, list[float]] = {"http": [], "cpu": [], "browser": []}
    with served(subject, url) as pid:
        for turn in range(edits):
            time.sleep(1.5)
            before, started = cpu(pid), time.perf_counter()
            subject.edit(turn % 2 == 0)
            wait(functools.partial(_arrived, subject, url, turn % 2 == 0))
            found["http"].append(time.perf_counter() - started)
            time.sleep(1.5)
            found["cpu"].append(cpu(pid) - before)
        subject.edit(False)
        if browser:
            page = browser.new_page()
            page.goto(url)
            time.sleep(3)
            for turn in range(edits):
                time.sleep(1.5)
                started = time.perf_counter()
                subject.edit(turn % 2 == 0)
                found["browser"].append(_shown(page, subject, turn % 2 == 0) - started)
            subject.edit(False)
            page.close()
    return {name: round(statistics.median(values), 4) for name, values in found.items() if values}


def _arrived(subject: Subject, url: str, moved: bool) -> bool:
    return subject.arrived(fetch(url), moved)


def _shown(page: Any, subject: Subject, moved: bool) -> float:
    """When the open page, which reloads by itself, shows the change."""
    end = time.monotonic() + LONG
    while time.monotonic() < end:
        try:
            if subject.arrived(page.evaluate("document.documentElement.outerHTML"), moved):
                return time.perf_counter()
        except Exception:  # the page is just being loaded
            pass
        time.sleep(0.002)
    raise SystemExit("the change never came to the browser")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", type=Path)
    parser.add_argument("--peer", action="append", default=[], metavar="TREE=COMMAND")
    parser.add_argument("--edits", type=int, default=7)
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args()
    results: dict[str, Any] = {}
    with _browser(not options.no_browser) as browser:
        subjects: list[tuple[str, Callable[[int], Subject]]] = [("sitegen", functools.partial(ours, options.site))]
        for given in options.peer:
            tree, _, program = given.partition("=")
            subjects.append((Path(tree).name, functools.partial(peer, Path(tree).resolve(), program)))
        for name, make in subjects:
            port = free_port()
            results[name] = measure(make(port), port, options.edits, browser)
    mine = results["sitegen"]
    for name, figures in list(results.items()):
        if name != "sitegen":
            results[f"{name} / sitegen"] = {
                key: round(value / mine[key], 1) for key, value in figures.items() if mine.get(key)
            }
    print(json.dumps(results, indent=2))


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
