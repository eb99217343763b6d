"""XML: Atom (arXiv's answers, any feed of papers), RSS, OPML. A document type, which declares entities, is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from sitegen.errors import Problem, Where, count
from sitegen.ingest.found import Found, Reading, arxiv_id, collect, doi, make, refuse
from sitegen.ingest.links import Link, is_paper, paper
from sitegen.ingest.names import every, listed
from sitegen.model import Source
from sitegen.tex import code_links
from sitegen.text import visible

FORMAT = "atom"

_DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DECLARED = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_START = re.compile(
    r"\A\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*|<\?[^>]{0,500}\?>\s*)*<(?:feed|rss|opml|rdf:RDF)\b",
    re.DOTALL,
)
_ARXIV_RSS = re.compile(r"^arXiv:\S+ Announce Type: \S+\s+(?:Abstract: )?")


def fits(text: str) -> bool:
    """Whether a text is a feed or an outline."""
    return bool(_START.match(text) or (_DECLARED.match(text) and "<html" not in text[:2000].lower()))


def read(text: str, file: str) -> Reading:
    """The papers of a feed or an outline; of one that was cut off, those before the cut."""
    if _DOCTYPE.search(text):
        return refuse(Where(file), "is XML with a document type, which is not read", "take the <!DOCTYPE ...> out")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, encoding="utf-8")
    try:
        root = etree.fromstring(_undeclared(text).encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        return refuse(Where(file), f"is not valid XML: {error.msg}", "save it again")
    if root is None:
        return refuse(Where(file), "is not valid XML", "save it again")
    reading = Reading()
    if fault := next(iter(parser.error_log.filter_from_errors()), None):
        message = f"is broken here: {fault.message.strip()}"
        reading.notes.append(
            Problem(Where(file, fault.line), message, "what could be read came in; save it again", "warning")
        )
    if _name(root) == "opml":
        return _outline(root, file, reading)
    entries = [element for element in root.iter("{*}entry", "{*}item", "entry", "item") if isinstance(element.tag, str)]
    if not entries and _name(root) not in ("feed", "rss", "RDF"):
        return refuse(Where(file), f"is XML that holds no papers: <{_name(root)}>", "export BibTeX, RIS or CSL-JSON")
    if fault and entries and fault.line >= (entries[-1].sourceline or 0):  # nobody knows what it lost
        where = Where(file, entries.pop().sourceline or 0)
        reading.rejected.append(Problem(where, "an entry that is cut off", "save the file again"))
    return collect((_entry(element, file) for element in entries), reading)


def _undeclared(text: str) -> str:
    """The text without its XML declaration, whose encoding is no longer true; lines keep their numbers."""
    return _DECLARED.sub(lambda match: "\n" * match[0].count("\n"), text)


def _name(element: Any) -> str:
    """An element's name without its namespace, or the prefix of a namespace that was not declared."""
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def _entry(element: Any, file: str) -> Found | Problem:
    """An entry of a feed."""
    where = Where(file, element.sourceline or 0)
    text: dict[str, str] = {}
    authors: list[str] = []
    links: list[str] = []
    for child in element:
        name = _name(child)
        if name in ("author", "creator"):
            named = [c for c in child if _name(c) == "name"]
            authors += every([_text(named[0])]) if named else listed(_text(child))
        elif name == "link":
            links.append(child.get("href") or _text(child))
        elif name == "primary_category":
            text["category"] = child.get("term", "")
        elif name:
            text.setdefault(name, _text(child))
    about = text.get("id") or text.get("guid", "")
    if text.get("title") == "Error" and "arxiv.org/api/errors" in about:
        return Problem(where, f"arXiv answered with an error: {text.get('summary', '')}", "ask again with a valid id")
    arxiv = next(filter(None, map(arxiv_id, (about, *links))), "")
    summary = _ARXIV_RSS.sub("", text.get("summary") or (text.get("description", "") if arxiv else ""))
    raw = {
        "title": text.get("title", ""),
        "authors": authors,
        "abstract": summary,
        "published": text.get("published") or text.get("updated") or text.get("date", ""),
        "venue": text.get("journal_ref", ""),
        "arxiv_id": arxiv,
        "doi": text.get("doi") or next(filter(None, map(doi, links)), ""),
        "url": f"https://arxiv.org/abs/{arxiv}" if arxiv else next(iter(links), ""),
        "code_urls": code_links(text.get("comment", "")),
        "extra": {"primary_category": text["category"]} if text.get("category") else {},
    }
    return make(raw, Source(file, FORMAT), where)


def _text(element: Any) -> str:
    return visible("".join(element.itertext()))


def _outline(root: Any, file: str, reading: Reading) -> Reading:
    """The papers of an outline: its links that lead to one, or that say they are a link and no feed."""
    left_out = 0

    def papers() -> Iterator[Found | Problem]:
        nonlocal left_out
        for element in root.iter("outline"):
            where, source = Where(file, element.sourceline or 0), Source(file, "opml")
            title = element.get("text") or element.get("title") or ""
            href = next((h for h in map(element.get, ("url", "htmlUrl", "xmlUrl")) if h), "")
            found = paper([Link(title, href)], title, "", source, where) if href else None
            if found is not None:
                yield found
            elif element.get("type") == "link" and href and not is_paper(href):
                yield make({"title": title, "url": href}, source, where)
            else:
                left_out += bool(href)

    collect(papers(), reading)
    if left_out:
        message = f"left out {count(left_out, 'link')} to something else than a paper"
        reading.notes.append(Problem(Where(file), message, "save a feed and import the file", "note"))
    return reading
