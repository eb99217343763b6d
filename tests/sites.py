"""Small sites for tests: write one, parse what was built, compare folders."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import html5lib

from sitegen import words
from sitegen.output import MARKER

ENGLISH = words.read(Path("none"), Path(__file__).parents[1] / "templates" / "words", "en", [])
"""The shipped words of the interface."""
BASE_URL = "https://example.org/reading-list/"
TOPICS = """\
- group: All
  slug: all
  topics:
    - {slug: one, name: One, terms: [alpha: 3]}
    - {slug: two, name: Two, terms: [beta: 3]}
"""
SITE = {"site.yaml": f"title: Small\nbase_url: {BASE_URL}\n", "topics.yaml": TOPICS}


def write_site(folder: Path, papers: Iterable[Mapping[str, Any]] = (), **content: str) -> Path:
    """A site with these records. `content`: files by name, dots as `_`, in place of the usual ones."""
    lines = sorted(json.dumps(paper, ensure_ascii=False) + "\n" for paper in papers)
    files = {**SITE, "papers.jsonl": "".join(lines)}
    files |= {name.replace("_", "."): text for name, text in content.items()}
    for name, text in files.items():
        write(folder / "content" / name, text)
    return folder


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def paper(slug: str, **fields: Any) -> dict[str, Any]:
    """A record; its title is its slug in words."""
    return {"slug": slug, "title": slug.replace("-", " ").title(), **fields}


def snapshot(folder: Path) -> dict[str, bytes]:
    """All files below a folder, by path, but for the marker, which names them all."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != MARKER)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def pages(output: Path) -> Iterator[tuple[str, ET.Element]]:
    """Every HTML page, parsed by html5lib, which raises for what a browser would have to mend."""
    for path in sorted(output.rglob("*.html")):
        yield path.relative_to(output).as_posix(), parse(path)


def parse(path: Path) -> ET.Element:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree: ET.Element = parser.parse(path.read_text("utf-8"))
    return tree


def text_of(element: ET.Element | None) -> str:
    assert element is not None
    return "".join(element.itertext())


def links(tree: ET.Element) -> Iterator[str]:
    """All that a page leads to or loads."""
    for element in tree.iter():
        for name in ("href", "src", "action"):
            if name in element.attrib:
                yield element.attrib[name]
        if element.tag == "meta" and element.get("http-equiv") == "refresh":
            yield element.attrib["content"].partition("url=")[2]


def leads_to(link: str, page: str, base_url: str, output: Path) -> Path | None:
    """The file in the output that a link on a page means; None when it leads to another site or out of this one."""
    address = urlsplit(urljoin(base_url + page.removesuffix("index.html"), link))
    base = urlsplit(base_url)
    if (address.scheme, address.netloc) != (base.scheme, base.netloc) or not address.path.startswith(base.path):
        return None
    path = unquote(address.path[len(base.path) :])
    return output / (path + "index.html" if not path or path.endswith("/") else path)
