"""Records, curated words and links from strangers: whatever they hold, it stays text, and nothing else is lost."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import hostile
import pytest
import yaml
from need import REPO
from sites import SITE, links, parse, write

from sitegen import build, check, intake

if TYPE_CHECKING:
    from browser import Site, Visitor

pytest_plugins = ("browser",)

OWN_SCRIPTS = ("theme.js", "site.js", "search.js", "folder.js", "map.js")
TELL_ESCAPE = "window.escaped = () => console.error('a payload ran');"
SCHEMES = {"", "http", "https"}


def records() -> Iterator[dict[str, object]]:
    """Each text in every field at once, under a title of its own and as the title; each link in every link."""
    for number, text in enumerate(hostile.TEXTS):
        words = {"authors": [text, f"Ann {text}"], "venue": text, "keywords": [text], "abstract": f"{text} and more."}
        yield {"title": f"Plain {number}", "also_titled": [f"{text} or {number}"], "published": "2024-05", **words}
        yield {"title": f"{text} Hostile {number}", "published": "2024", **words}
    for number, link in enumerate(hostile.LINKS):
        yield {"title": f"Linked {number}", "url": link, "pdf_url": link, "code_urls": [link], "doi": link}
        yield {"title": f"Numbered {number}", "arxiv_id": link, "published": link}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of hostile records, imported as a curator would import them, with hostile words of the curator's."""
    folder = tmp_path_factory.mktemp("hostile")
    for name, text in SITE.items():
        write(folder / "content" / name, text)
    lines = "".join(json.dumps(record) + "\n" for record in records())
    intake.run(folder, [write(folder / "found.jsonl", lines)])
    found = (folder / "content" / "papers.jsonl").read_text("utf-8").splitlines()
    slugs = [json.loads(line)["slug"] for line in found]
    words, rules = {}, {}
    for slug, text in zip(slugs, hostile.TEXTS * 9, strict=False):
        shown = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud7ff\uffff]", "", f"On {text}")
        words[slug] = {"tldr": shown, "summary": shown, "keywords": [shown]}
        rules[slug] = {"topics": ["one", "two"], "note": shown, "why": shown}
    write(folder / "content" / "summaries" / "all.yaml", yaml.safe_dump(words, allow_unicode=True))
    write(folder / "content" / "overrides.yaml", yaml.safe_dump(rules, allow_unicode=True))
    write(folder / "content" / "notes" / "one.md", "\n\n".join(hostile.TEXTS))
    write(folder / "content" / "about.md", "\n\n".join(reversed(hostile.TEXTS)))
    build.build(folder)
    return folder


@pytest.fixture(scope="module")
def served(site: Path, hosting: Callable[[Path], AbstractContextManager[Site]]) -> Iterator[Site]:
    with hosting(site / "_site") as served:
        yield served


def test_no_record_is_lost(site: Path) -> None:
    kept = (site / "content" / "papers.jsonl").read_text("utf-8").splitlines()
    titles = {json.loads(line)["title"] for line in kept}
    assert {f"Plain {number}" for number in range(len(hostile.TEXTS))} <= titles
    assert sum("Hostile " in title for title in titles) == len(hostile.TEXTS)


def test_slugs_and_paths_hold_nothing_but_plain_letters(site: Path) -> None:
    for path in (site / "_site").rglob("*"):
        assert re.fullmatch(r"[A-Za-z0-9._/-]+", path.relative_to(site / "_site").as_posix())
        assert not path.is_symlink()
    assert {path.name for path in site.iterdir()} <= {"content", "found.jsonl", "_site", ".sitegen"}


def test_every_page_holds_our_own_elements_only(site: Path) -> None:
    pages = sorted((site / "_site").rglob("*.html"))
    assert len(pages) > 2 * len(hostile.TEXTS)
    for path in pages:
        for element in parse(path).iter():
            if not isinstance(element.tag, str):
                continue
            tag = element.tag.rpartition("}")[2]
            assert tag not in {"iframe", "object", "embed", "base", "style", "frame", "applet", "xss", "dialog"}, path
            assert not any(name.startswith("on") or name in {"style", "srcdoc", "ping"} for name in element.attrib)
            if tag == "script":
                source = element.get("src", "").rpartition("/")[2]
                assert source in OWN_SCRIPTS or element.get("type") in {"application/json", "application/ld+json"}
            if tag == "meta" and element.get("http-equiv", "").lower() == "refresh":
                pytest.fail(f"{path} leads elsewhere by itself")


def test_every_link_is_one_that_a_reader_may_follow(site: Path) -> None:
    for path in sorted((site / "_site").rglob("*.html")):
        for link in links(parse(path)):
            assert urlsplit(link).scheme in SCHEMES, f"{path}: {link}"
            assert not re.search(r"[\x00-\x20\u200b-\u200f\u202a-\u202e\u2066-\u2069]", link), f"{path}: {link!r}"


def test_every_page_forbids_what_it_does_not_use(site: Path) -> None:
    for path in sorted((site / "_site").rglob("*.html")):
        metas = [m for m in parse(path).iter("meta") if m.get("http-equiv") == "Content-Security-Policy"]
        assert len(metas) == 1
        policy = metas[0].attrib["content"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "require-trusted-types-for 'script'" in policy
        assert "data:" not in policy


def test_no_script_makes_elements_or_code_of_text() -> None:
    """Trusted Types would refuse it at run time; scripts that no test runs are seen here. Policies let addresses
    through that the script itself has put together, and nothing else."""
    sinks = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|createContextualFragment"
    )
    scripts = [
        *(REPO / "templates").rglob("*.js"),
        *(REPO / "sitegen" / "serve").rglob("*.js"),
        REPO / "templates/sw.js",
    ]
    assert len(scripts) > 30
    for path in scripts:
        text = path.read_text("utf-8")
        assert not re.search(rf"{sinks}|parseFromString|setAttribute\(.on|create(?:HTML|Script)\b", text), path
        assert text.count("createPolicy(") == text.count("{ createScriptURL: ("), path


def test_files_for_machines_are_well_formed_and_forge_nothing(site: Path) -> None:
    output = site / "_site"
    atom = "{http://www.w3.org/2005/Atom}"
    for path in sorted(output.rglob("*.xml")):
        raw = path.read_bytes()
        assert b"<!DOCTYPE" not in raw
        for element in ET.fromstring(raw).iter():
            assert element.get("href", "https:").startswith("https:")
            assert len(element.findall(f"{atom}title")) <= 1
    for path in [*output.rglob("*.json"), *output.rglob("*.webmanifest")]:
        json.loads(path.read_text("utf-8"))


def test_the_site_checks_clean(site: Path) -> None:
    assert [str(p) for p in check.run(site, site / "_site").problems if "maths" not in p.message.lower()] == []


@pytest.mark.browser
def test_no_payload_runs_in_a_browser(served: Site, visitor: Visitor) -> None:
    pages = sorted(p.parent.relative_to(served.folder).as_posix() for p in served.folder.rglob("index.html"))
    pages = [path for path in pages if not re.match(r"papers/(plain|numbered)-\d", path)]  # the same texts, tamer title
    assert len(pages) > len(hostile.TEXTS)
    with visitor(init_script=TELL_ESCAPE) as page:
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
        for path in pages:
            page.goto(served.url + ("" if path == "." else path + "/"), wait_until="domcontentloaded")
            assert page.url.startswith(served.url)


@pytest.mark.browser
def test_no_query_runs_in_a_browser(served: Site, visitor: Visitor) -> None:
    with visitor(init_script=TELL_ESCAPE) as page:
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
        page.goto(f"{served.url}search/?q=hostile")
        page.locator("#found .hits h2 a").first.wait_for()
        field = page.locator("#search input").first
        for text in hostile.TEXTS:
            field.fill(text)
        for text in hostile.TEXTS[::12]:
            page.goto(f"{served.url}search/?q={quote(text.encode('utf-8', 'replace'))}")
            page.locator("#found").wait_for()
            page.goto(f"{served.url}papers/plain-1/#q={quote(text.encode('utf-8', 'replace'))}")
        assert page.locator("h1").inner_text() == "Plain 1"


@pytest.mark.browser
def test_a_broken_address_does_not_stop_a_page(served: Site, visitor: Visitor) -> None:
    with visitor(init_script=TELL_ESCAPE) as page:
        for end in ("#q=%E0%A4%A", "#q=%", "#q=", "#%00", "#papers=%E0%A4%A", "?q=%E0%A4%A#q=%ZZ"):
            page.goto(f"{served.url}papers/plain-1/{end}")
            page.goto(f"{served.url}search/{end}")
            page.locator("button.theme").click()
