"""Saved web pages. In order: Hugging Face's data in the page, the visible list, `citation_*` tags, links to papers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from sitegen import dates
from sitegen.errors import Problem, Where, count
from sitegen.ingest import hf, hf_list
from sitegen.ingest.found import Found, Reading, collect, make, refuse
from sitegen.ingest.links import Link, is_paper, paper
from sitegen.ingest.names import turned
from sitegen.model import Source
from sitegen.text import visible

FORMAT = "html"

_START = re.compile(
    r"\A\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype|html|head|body|meta|dl|title)\b",
    re.IGNORECASE | re.DOTALL,
)
_HF = "https://huggingface.co"
_HIGHWIRE = {
    "citation_title": "title",
    "citation_publication_date": "published",
    "citation_online_date": "published",
    "citation_date": "published",
    "citation_journal_title": "venue",
    "citation_conference_title": "venue",
    "citation_volume": "volume",
    "citation_issue": "issue",
    "citation_arxiv_id": "arxiv_id",
    "citation_doi": "doi",
    "citation_pdf_url": "pdf_url",
    "citation_abstract": "abstract",
    "citation_keywords": "keywords",
    "citation_publisher": "publisher",
    "citation_public_url": "url",
    "citation_abstract_html_url": "url",
}


def fits(text: str) -> bool:
    """Whether a text is a web page (or a browser's bookmarks, which look like one)."""
    return bool(_START.match(text))


def read(text: str, file: str, date: str = "") -> Reading:
    """The papers of a saved page, by the first way that finds any; a note says which."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if root is None:
        return refuse(Where(file), "is a web page without content", "save the page again")
    ways = {"the data in the page": _data, "citation tags": _citation, "links to papers": _anchors}
    for way, reader in ways.items():
        reading = collect(reader(root, file, date), Reading())
        if reading.found:
            number = len(reading.found) + len(reading.rejected)
            reading.notes.append(Problem(Where(file), f"read {count(number, 'paper')} from {way}", "", "note"))
            return reading
    hint = "save the page when its list shows, as a complete page"
    return refuse(Where(file), "is a web page that holds no paper that could be recognised", hint)


def _data(root: Any, file: str, date: str) -> Iterator[Found | Problem]:
    """Hugging Face's list (`DailyPapers`) or paper, as JSON in the attribute `data-props`."""
    for element in root.iter():
        props = element.get("data-props") if isinstance(element.tag, str) else None
        if not props or ('"paper' not in props.lower() and '"dailypapers"' not in props.lower()):
            continue
        try:
            held = json.loads(props)
        except (ValueError, RecursionError):
            if "DailyPapers" in (element.get("data-target") or ""):
                yield Problem(Where(file, element.sourceline or 0), "the page's data is cut off", "save the page again")
            continue
        listed = held.get("dailyPapers") if isinstance(held, dict) else None
        items = listed if isinstance(listed, list) else [held]
        rows = [(element.sourceline or 0, item) for item in items]
        if any(isinstance(item, dict) and hf.fits(item) for item in items):
            shown = str(held.get("dateString", ""))
            yield from hf.read(rows, file, hf_list.chosen_date(date, shown if dates.is_partial(shown) else ""))
            return


def _citation(root: Any, file: str, date: str) -> Iterator[Found | Problem]:
    """One paper from the tags that Google Scholar asks for."""
    raw: dict[str, Any] = {"authors": []}
    for element in root.iter("meta"):
        name, content = (element.get("name") or "").lower(), visible(element.get("content") or "")
        if name == "citation_author":
            raw["authors"].append(turned(content))
        elif content and name in _HIGHWIRE:
            raw.setdefault(_HIGHWIRE[name], content)
    if "title" in raw:
        yield make(raw, Source(file, FORMAT), Where(file))


def _anchors(root: Any, file: str, date: str) -> Iterator[Found | Problem]:
    """The links of the page that lead to papers; of several to one paper the one with the longest words."""
    address = next((e.get("href", "") for e in root.iter("link") if e.get("rel") == "canonical"), "")
    base = address if address.startswith("http") else _HF + "/papers"
    groups: dict[str, list[Link]] = {}
    lines: dict[str, int] = {}
    for element in root.iter("a"):
        try:
            href = urljoin(base, (element.get("href") or "").strip()).partition("#")[0]
        except ValueError:
            continue
        if is_paper(href):
            groups.setdefault(href, []).append(Link(visible("".join(element.itertext())), href))
            lines.setdefault(href, element.sourceline or 0)
    is_list = address.startswith(f"{_HF}/papers") or (not address and any(href.startswith(_HF) for href in groups))
    shown = re.search(r"/papers/(?:date|month)/([\d-]+)", address)
    listed = hf_list.chosen_date(date, shown[1] if shown and dates.is_partial(shown[1]) else "")
    for position, (href, links) in enumerate(groups.items(), 1):
        source = Source(file, hf_list.FORMAT, listed, position) if is_list else Source(file, FORMAT)
        found = paper(links, "", "", source, Where(file, lines[href]))
        if isinstance(found, Found):  # a page has many links besides its papers
            yield found
