"""Files for reference managers: BibTeX, RIS, CSL-JSON; by command, and on the site at its root and for every topic.

An abstract is other people's words: a file holds it only when the site shows it (`show_abstracts`).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable

import msgspec

from sitegen import cite
from sitegen.cite import Work
from sitegen.cite.bibtex import bibtex as bibtex_entry
from sitegen.cite.csl import item
from sitegen.cite.ris import ris as ris_entry
from sitegen.export.listing import Listing

Format = tuple[Callable[[Work], bytes], bytes, bytes, bytes]
"""How one paper is written, and what stands in the file before the papers, between them, and after them."""


def _csl_item(work: Work) -> bytes:
    return b"\n" + msgspec.json.encode(item(work))


_BIBTEX: Format = (lambda work: bibtex_entry(work).encode(), b"", b"\n", b"")
_RIS: Format = (lambda work: ris_entry(work).encode(), b"", b"", b"")
_CSL: Format = (_csl_item, b"[", b",", b"\n]\n")
ON_SITE = {"papers.bib": _BIBTEX, "papers.ris": _RIS, "papers.csl.json": _CSL}
"""The files of a site and of each of its topics, by name."""


def _text(listing: Listing, form: Format) -> str:
    papers = {entry.slug: entry for entry in listing.papers}
    return Shared(form, lambda slug: cite.of_entry(papers[slug], listing.site)).of(papers).decode()


def bibtex(listing: Listing) -> str:
    """A `.bib` file; its keys are the slugs."""
    return _text(listing, _BIBTEX)


def ris(listing: Listing) -> str:
    """A `.ris` file; `ID` is the slug."""
    return _text(listing, _RIS)


def csl_json(listing: Listing) -> str:
    """A CSL-JSON array; `id` is the slug."""
    return _text(listing, _CSL)


class Shared:
    """Files of one format that have papers in common: each paper is written once for all of them. The file of all is
    long: what it holds is not kept a second time."""

    def __init__(self, form: Format, work: Callable[[str], Work]) -> None:
        """`work`: gives a paper by its slug."""
        self._one, self._before, self._between, self._after = form
        self._work = work
        self._written: dict[str, memoryview] = {}
        """By slug: a paper's part of the first file that holds it."""

    def of(self, slugs: Iterable[str]) -> bytes:
        """The file of some papers, sorted by slug."""
        file, parts = io.BytesIO(), dict[str, tuple[int, int]]()
        file.write(self._before)
        for slug in sorted(slugs):
            file.write(self._between if parts else b"")
            start = file.tell()
            file.write(self._written.get(slug) or self._one(self._work(slug)))
            parts[slug] = (start, file.tell())
        file.write(self._after)
        made = file.getvalue()
        for slug in parts.keys() - self._written.keys():
            self._written[slug] = memoryview(made)[slice(*parts[slug])]
        return made
