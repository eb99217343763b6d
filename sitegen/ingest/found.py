"""What importers find."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from sitegen import dates, urls
from sitegen.errors import Problem, Where
from sitegen.ingest.fields import KINDS
from sitegen.ingest.names import listed
from sitegen.model import Paper, Source
from sitegen.tex import clean, clean_title, code_links, links, looks_cut
from sitegen.text import is_slug, slugify, unique, visible


@dataclass(frozen=True)
class Found:
    """One entry of a file: a record without an address yet, its abstract, and where it stands."""

    paper: Paper
    """Without a title when only its id is known: it waits until `enrich` has found the rest."""
    abstract: str
    where: Where
    problems: tuple[Problem, ...] = ()
    """What is odd about it (warnings): it comes in all the same."""


@dataclass
class Reading:
    """What one file gave. `unreadable`: it could not be read as any known format."""

    found: list[Found] = field(default_factory=list)
    rejected: list[Problem] = field(default_factory=list)
    """One problem for each entry that could not come in."""
    notes: list[Problem] = field(default_factory=list)
    """About the file as a whole."""
    unreadable: bool = False


def refuse(where: Where, message: str, hint: str, unreadable: bool = True) -> Reading:
    """The reading of a file that gives nothing."""
    level = "error" if unreadable else "warning"
    return Reading(notes=[Problem(where, message, hint, level)], unreadable=unreadable)  # type: ignore[arg-type]


_ARXIV = re.compile(
    r"(?:https?://(?:(?:[a-z0-9-]+\.)*arxiv\.org/(?:abs|pdf|html|format)|(?:www\.)?alphaxiv\.org/(?:abs|pdf)|"
    r"(?:huggingface\.co|hf\.co)/papers)/|(?:https?://(?:dx\.)?doi\.org/)?(?:10\.48550/)?arxiv[:.]\s?)?"
    r"((?:\d{4}\.\d{4,5})|(?:[a-z-]+(?:\.[A-Z]{2})?/\d{7}))(?:v\d+)?(?:\.pdf)?/?(?:[?#]\S*)?$",
    re.IGNORECASE,
)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/[^\s\u200c\u200d]+)$", re.IGNORECASE)
_ARXIV_VENUE = re.compile(r"(?:arxiv|corr)\b(?: ?(?:e-?prints?|preprint))?[\s,.]*(.*)", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})(?:[-/](0?[1-9]|1[0-2])(?:[-/](0?[1-9]|[12]\d|3[01]))?)?(?![\d/-])")


def arxiv_id(text: str) -> str:
    """The arXiv id in an id or link, without its version; empty when there is none."""
    match = _ARXIV.match(text.strip())
    return match[1] if match else ""


def doi(text: str) -> str:
    """The DOI in a DOI or link, in small letters; empty when there is none."""
    match = _DOI.match(text.strip())
    return match[1].lower() if match else ""


def venue(text: str) -> tuple[str, str]:
    """A venue and an arXiv id: arXiv is no venue, but `arXiv preprint arXiv:2410.06511` holds an id.

    >>> venue("arXiv preprint arXiv:2410.06511")
    ('', '2410.06511')
    """
    match = _ARXIV_VENUE.fullmatch(text.strip())
    if not match:
        return text, ""
    return "", arxiv_id(match[1].split(" ")[0].removeprefix("abs/"))


def is_address(key: str, title: str) -> bool:
    """Whether a key is the slug that a list made by this program has for a paper, not a key of the curator's own."""
    return bool(title) and is_slug(key) and key.startswith(slugify(clean_title(title)))


def dated_venue(raw: dict[str, Any], year: str, original: str) -> str:
    """The venue of an entry of ours. A journal's year is cited apart from its name; where the first publication is
    given beside it, the year is that of the venue.

    >>> dated_venue({"venue": "TMLR", "kind": "article-journal"}, "2025", "2024-11")
    'TMLR 2025'
    """
    venue = str(raw.get("venue", ""))
    return f"{venue} {year}" if venue and year and original and raw.get("kind") == "article-journal" else venue


def partial_date(text: str) -> str:
    """YYYY, YYYY-MM or YYYY-MM-DD from the start of a date; empty when there is none."""
    match = _DATE.match(text.strip())
    date = "-".join(part.zfill(2) for part in match.groups() if part) if match else ""
    return date if dates.is_partial(date) else ""


class _Fields:
    """The raw texts of one entry by field name, and what is odd about them."""

    def __init__(self, raw: dict[str, Any], where: Where) -> None:
        self.raw, self.where = raw, where
        self.odd: list[Problem] = []

    def doubt(self, message: str, hint: str) -> None:
        self.odd.append(Problem(self.where, message, hint, "warning"))

    def one(self, name: str) -> str:
        return visible(str(self.raw.get(name) or ""))

    def many(self, name: str, pattern: str) -> list[str]:
        value = self.raw.get(name) or ()
        value = value if isinstance(value, list | tuple) else str(value)
        items = re.split(pattern, value) if isinstance(value, str) else [str(item) for item in value]
        return [item for item in map(visible, items) if item]

    def web(self, name: str) -> list[str]:
        links = self.many(name, r"\s+|[;|](?=\s*(?:https?:|$))")
        for link in links:
            if not urls.is_web_link(link):
                self.doubt(f'"{link[:80]}" is not a web link, so it was left out', "it should start with https://")
        return [link for link in links if urls.is_web_link(link)]

    def read(self, name: str, reader: Callable[[str], str], kind: str, hint: str) -> str:
        """What a reader makes of a text; a text that it makes nothing of is doubted."""
        written = self.one(name)
        found = reader(written) if written else ""
        if written and not found:
            self.doubt(f'"{written[:80]}" is not {kind}, so it was left out', hint)
        return found

    def abstract(self, title: str) -> str:
        abstract = clean(self.one("abstract"))
        if "\ufffd" in title + abstract:
            self.doubt("letters were lost to a wrong encoding", "save the file again, as UTF-8")
        if abstract and looks_cut(abstract):
            self.doubt("the abstract seems to be cut off", f'it ends in "{abstract[-40:]}"')
        return abstract


def make(raw: dict[str, Any], source: Source | None, where: Where) -> Found | Problem:
    """An entry from raw texts by field name, cleaned and checked.

    `authors` is a list of names as they are read, or a text that is still to be parted. A problem when there is neither
    a title nor an id by which it could be found.
    """
    fields = _Fields(raw, where)
    title = clean_title(fields.one("title"))
    abstract = fields.abstract(title)
    arxiv = fields.read("arxiv_id", arxiv_id, "an arXiv id", "write it like 2410.06511 or hep-th/9901001")
    written_doi = fields.read("doi", doi, "a DOI", "write it like 10.1000/xyz")
    web = fields.web("url")
    code = [*fields.web("code_urls"), *filter(urls.is_web_link, code_links(abstract))]
    authors = raw.get("authors")
    named, slug = fields.one("kind"), fields.one("slug")
    paper = Paper(
        slug=slug if is_slug(slug) else "",
        title=title,
        also_titled=tuple(unique(map(clean_title, fields.many("also_titled", r"\s*;\s*")))),
        authors=tuple(map(clean, listed(authors) if isinstance(authors, str) else fields.many("authors", ""))),
        published=fields.read("published", partial_date, "a date", "write it as YYYY-MM-DD or YYYY"),
        venue=clean(fields.one("venue")),
        arxiv_id=arxiv or next(filter(None, map(arxiv_id, web)), "") or arxiv_id(written_doi),
        doi="" if arxiv_id(written_doi) else written_doi,  # arXiv's own DOI says no more than the id
        url=next(iter(web), ""),
        pdf_url=next(iter(fields.web("pdf_url")), ""),
        code_urls=tuple(unique(links(" ".join(code)))),
        keywords=tuple(unique(map(clean, fields.many("keywords", r"\s*[;,]\s*")))),
        kind=named if named in KINDS else "",
        volume=clean(fields.one("volume")),
        issue=clean(fields.one("issue")),
        publisher=clean(fields.one("publisher")),
        blurb=clean(fields.one("blurb")),
        citation_key=fields.one("citation_key"),
        pages=re.sub(r"\s*(?:--+|[-–—])\s*", "-", fields.one("pages")),
        enriched=_enriched(raw),
        sources=(source,) if source else _sources(raw),
        extra=raw.get("extra") or {},
    )
    if not title and not paper.arxiv_id and not paper.doi:
        return Problem(where, "an entry without a title", "add a title, or an arXiv id or DOI by which to find it")
    return Found(paper, abstract, where, tuple(fields.odd))


def _enriched(raw: dict[str, Any]) -> dict[str, str]:
    """Which service gave which field, in an exported record."""
    given = raw.get("enriched")
    pairs = given.items() if isinstance(given, dict) else ()
    return {visible(str(name)): visible(service) for name, service in pairs if isinstance(service, str)}


def _sources(raw: dict[str, Any]) -> tuple[Source, ...]:
    """The sources that an exported record carries."""
    found = []
    for item in raw.get("sources") or ():
        if isinstance(item, dict) and isinstance(item.get("file"), str):
            position = item.get("position", 0)
            file, kind, date = (visible(str(item.get(key) or "")) for key in ("file", "format", "date"))
            found.append(Source(file, kind, date, position if isinstance(position, int) else 0))
    return tuple(found)


def collect(items: Iterable[Found | Problem], reading: Reading) -> Reading:
    """Put entries and refused entries where they belong."""
    for item in items:
        if isinstance(item, Found):
            reading.found.append(item)
        else:
            reading.rejected.append(item)
    return reading
