"""Files for reference managers: BibTeX, RIS, CSL-JSON; by command, and on the site at its root and for every topic.

An abstract is other people's words: a file holds it only when the site shows it (`show_abstracts`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from sitegen import cite
from sitegen.cite import Work
from sitegen.cite.bibtex import bibtex as bibtex_entry
from sitegen.cite.csl import item
from sitegen.cite.ris import ris as ris_entry
from sitegen.export.listing import Listing
from sitegen.model import Entry, Site

Format = tuple[Callable[[Work], str], Callable[[Iterable[str]], str]]
"""How one paper is written, and how the file is made of the papers."""


def _csl_item(work: Work) -> str:
    return msgspec.json.encode(item(work)).decode()


def _csl_array(items: Iterable[str]) -> str:
    return "[" + ",".join("\n" + text for text in items) + "\n]\n"


_BIBTEX: Format = (bibtex_entry, "\n".join)
_RIS: Format = (ris_entry, "".join)
_CSL: Format = (_csl_item, _csl_array)
_ON_SITE = {"papers.bib": _BIBTEX, "papers.ris": _RIS, "papers.csl.json": _CSL}


def _text(listing: Listing, form: Format) -> str:
    one, whole = form
    return whole(one(cite.of_entry(entry, listing.site)) for entry in listing.papers)


def bibtex(listing: Listing) -> str:
    """A `.bib` file; its keys are the slugs."""
    return _text(listing, _BIBTEX)


def ris(listing: Listing) -> str:
    """A `.ris` file; `ID` is the slug."""
    return _text(listing, _RIS)


def csl_json(listing: Listing) -> str:
    """A CSL-JSON array; `id` is the slug."""
    return _text(listing, _CSL)


class SiteFiles:
    """`papers.bib`, `.ris` and `.csl.json` of a site and of its topics. Each paper is written once for all of them."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._written: dict[str, tuple[str, ...]] = {}

    def of(self, entries: Iterable[Entry], permalink: str) -> dict[str, str]:
        """The files of the folder at a permalink, by output path. `entries`: the papers in it."""
        papers = [self._one(entry) for entry in sorted(entries, key=lambda entry: entry.slug)]
        return {
            permalink[1:] + name: whole(written[place] for written in papers)
            for place, (name, (_, whole)) in enumerate(_ON_SITE.items())
        }

    def _one(self, entry: Entry) -> tuple[str, ...]:
        if entry.slug not in self._written:
            work = cite.of_entry(entry, self._site)
            self._written[entry.slug] = tuple(one(work) for one, _ in _ON_SITE.values())
        return self._written[entry.slug]
