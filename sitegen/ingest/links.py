"""Ids and links: one on the command line, a list of them in a file, an outline (OPML) or a browser's bookmarks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitegen.errors import Problem, Where
from sitegen.ingest.found import Found, Reading, arxiv_id, collect, doi, make
from sitegen.model import Source
from sitegen.text import cut

FORMAT = "ids"

_COMMENT = re.compile(r"(?:^|\s)(?:#|//|%)\s.*$|^#.*$")


def is_id(text: str) -> bool:
    """Whether a text is an arXiv id or a DOI, or a link to one."""
    return bool(arxiv_id(text) or doi(text))


def read_id(text: str) -> Reading:
    """One paper that is known by its id."""
    return collect([_found(text, "", Source("command line", FORMAT), Where(text))], Reading())


def fits(text: str) -> bool:
    """Whether each line of a text is an id or a link to a paper, but for comments."""
    lines = [_COMMENT.sub("", line).strip() for line in text.split("\n")]
    known = [line for line in lines if line]
    return bool(known) and sum(map(is_id, known)) * 2 > len(known) and not any(len(line.split()) > 2 for line in known)


def read(text: str, file: str) -> Reading:
    """The ids in a file, one a line; what follows a `#` is a comment."""

    def entries() -> Iterator[Found | Problem]:
        for number, line in enumerate(text.split("\n"), 1):
            if written := _COMMENT.sub("", line).strip():
                yield _found(written, "", Source(file, FORMAT), Where(file, number))

    return collect(entries(), Reading())


def _found(link: str, title: str, source: Source, where: Where) -> Found | Problem:
    """A paper by a link or id, with its title if there is one."""
    arxiv = arxiv_id(link)
    if not arxiv and not doi(link) and not title:
        message = f'"{cut(link, 80)}" is not an arXiv id or a DOI, nor a link to one'
        return Problem(where, message, "write it like 2410.06511 or 10.1000/xyz")
    raw = {"title": title, "arxiv_id": arxiv, "doi": "" if arxiv else doi(link)}
    if link.startswith("http") and not doi(link):
        raw["url"] = f"https://arxiv.org/abs/{arxiv}" if arxiv else link
    return make(raw, source, where)
