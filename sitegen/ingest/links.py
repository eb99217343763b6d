"""Ids and links: one on the command line, a list of them in a file; and what a link with its words says of a paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from sitegen.errors import Problem, Where
from sitegen.ingest.found import Found, Reading, arxiv_id, collect, doi, make
from sitegen.model import Source
from sitegen.tex import code_links
from sitegen.text import cut, visible
from sitegen.urls import is_web_link

FORMAT = "ids"

_COMMENT = re.compile(r"(?:^|\s)(?:#|//|%)(?:\s.*)?$")
_GENERIC = re.compile(
    r"[\W\d_]*|https?://\S*|(?:(?:the|our|full|original|official|see|read|view|open|download|get|click|archived?)[\s-]+)*"
    r"(?:papers?|pdf|abs(?:tract)?|links?|here|code|github|repo(?:sitory)?|project|page|web ?(?:site|page)|home ?page|"
    r"slides?|video|data(?:sets?)?|demo|blog|post|html|models?|weights|posters?|bib(?:tex)?|cite|doi|hf|hugging ?face|"
    r"open ?review|arxiv|acl|preprint|publication|proceedings|more|discussion|comments?|v\d+|tex source|source)"
    r"(?:[\s-]+(?:page|link|paper|pdf|version|on arxiv))*",
    re.IGNORECASE,
)
_ID_LABEL = re.compile(r"(?:arxiv[:\s]*)?(?:\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+/\d{7})(?:\.pdf|\s*\[[\w.-]+\]?)?", re.I)
_PREFIX = re.compile(
    r"(?:\[(?:\d{4}\.\d{4,5}|[a-z-]+/\d{7})(?:v\d+)?\]|paper page -|arxiv:?\s*\S+\s*-)\s*", re.IGNORECASE
)
_SUFFIX = re.compile(r"\s*[|–-]\s*(?:openreview|hugging face|arxiv(?:\.org)?|papers with code)$", re.IGNORECASE)
_PUBLISHERS = re.compile(
    r"(?:^|\.)(?:openreview\.net|aclanthology\.org|aclweb\.org|mlr\.press|neurips\.cc|nips\.cc|thecvf\.com|acm\.org|"
    r"ieee\.org|springer\.com|nature\.com|sciencedirect\.com|biorxiv\.org|medrxiv\.org|jmlr\.org|aaai\.org|ijcai\.org|"
    r"usenix\.org|semanticscholar\.org|science\.org|wiley\.com|mit\.edu|hal\.science|ssrn\.com|iclr\.cc|icml\.cc|"
    r"isca-archive\.org|pmlr\.press|elifesciences\.org|plos\.org|frontiersin\.org|mdpi\.com|pnas\.org|aps\.org)$"
)
FEWEST_WORDS = 3
"""A shorter label beside a known id is a nickname, not a title."""


@dataclass(frozen=True)
class Link:
    """A link as it stands in a page or list."""

    label: str
    href: str


def is_id(text: str) -> bool:
    """Whether a text is an arXiv id or a DOI, or a link to one."""
    return bool(arxiv_id(text) or doi(text))


def read_id(text: str) -> Reading:
    """One paper that is known by its id."""
    return collect([_by_id(text, Source("command line", FORMAT), Where(text))], Reading())


def fits(text: str) -> bool:
    """Whether most lines of a text are an id or a link to a paper; comments do not count."""
    known = [line for _, line in _written(text)]
    return sum(map(is_id, known)) * 2 > len(known) and all(len(line.split()) < FEWEST_WORDS for line in known)


def read(text: str, file: str) -> Reading:
    """The ids in a file, one a line; what follows a `#` is a comment."""
    entries = (_by_id(line, Source(file, FORMAT), Where(file, number)) for number, line in _written(text))
    return collect(entries, Reading())


def _written(text: str) -> Iterator[tuple[int, str]]:
    """The lines that say something, with their numbers."""
    for number, line in enumerate(text.split("\n"), 1):
        if written := _COMMENT.sub("", line).strip(" \t,;<>-*"):
            yield number, written


def _by_id(written: str, source: Source, where: Where) -> Found | Problem:
    if not is_id(written):
        message = f'"{cut(written, 80)}" is not an arXiv id or a DOI, nor a link to one'
        return Problem(where, message, "write it like 2410.06511 or 10.1000/xyz")
    return make(_ids(written), source, where)


def _ids(link: str) -> dict[str, str]:
    """What a link or id says of a paper: its arXiv id, its DOI, its address."""
    if arxiv := arxiv_id(link):
        return {"arxiv_id": arxiv, "url": f"https://arxiv.org/abs/{arxiv}"}
    return {"doi": doi(link)} if doi(link) else {"url": link}


def is_generic(label: str) -> bool:
    """Whether a link's words are `paper`, `PDF`, `2410.06511`: no title."""
    bare = label.strip(" []()*:.,|")
    return bool(_GENERIC.fullmatch(bare) or _ID_LABEL.fullmatch(bare))


def is_paper(href: str) -> bool:
    """Whether a link leads to a paper, by its id, its host, or because it is a PDF."""
    if is_id(href):
        return True
    if not is_web_link(href):
        return False
    parts = urlsplit(href)
    has_page = len(parts.path) > 1 or bool(parts.query)
    return (has_page and bool(_PUBLISHERS.search(parts.hostname or ""))) or parts.path.lower().endswith(".pdf")


def paper(links: list[Link], words: str, blurb: str, source: Source, where: Where) -> Found | Problem | None:
    """The paper that some links beside each other are about; None when none of them leads to one.

    `words`: what may be the title when no link says it. One or two words are rather a nickname: beside an id they are
    kept as another name until the title is known; without an id they are not enough.
    """
    papers = [link for link in links if is_paper(link.href)]
    if not papers:
        return None
    best = next((link for link in papers if is_id(link.href)), papers[0])
    labels = [_bare(link.label) for link in papers if not is_generic(link.label)]
    title = max([*labels, ""], key=len) or ("" if is_generic(words) else _bare(words))
    raw: dict[str, object] = dict(_ids(best.href))
    if "url" in raw and not is_web_link(str(raw["url"])):
        del raw["url"]
    for link in papers:
        if link.href.lower().endswith(".pdf") and not is_id(link.href):
            raw.setdefault("pdf_url", link.href)
    is_nickname = len(title.split()) < FEWEST_WORDS and title.isascii()
    if is_nickname and not is_id(best.href):
        message = f'"{cut(title or best.href, 60)}" has neither an id nor a whole title'
        return Problem(where, message, "link its arXiv id or DOI, or write its title out")
    raw |= {"also_titled": [title]} if is_nickname else {"title": title}
    raw["code_urls"] = [link.href for link in links if code_links(link.href) and not is_paper(link.href)][:1]
    return make({**raw, "blurb": blurb}, source, where)


def _bare(label: str) -> str:
    """A link's words without what sites put around a title."""
    return _SUFFIX.sub("", _PREFIX.sub("", visible(label))).strip(" \"“”'‘’*_:,")
