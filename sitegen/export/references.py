"""Files for reference managers: BibTeX, RIS, CSL-JSON; by command, and on the site at its root and for every topic.

An abstract is other people's words: a file holds it only when the site shows it (`show_abstracts`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

import msgspec

from sitegen import cite, urls
from sitegen.cite import Work
from sitegen.cite.bibtex import bibtex as bibtex_entry
from sitegen.cite.csl import item
from sitegen.cite.ris import ris as ris_entry
from sitegen.export.listing import Listing

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


def site_files(listing: Listing, topics: Iterable[str]) -> Mapping[str, str]:
    """`papers.bib`, `.ris` and `.csl.json` of the site and of every topic, by output path."""
    papers, members = listing.papers, defaultdict[str, list[int]](list)
    for number, entry in enumerate(papers):
        for topic in entry.topics:
            members[topic].append(number)
    works = [cite.of_entry(entry, listing.site) for entry in papers]
    files: dict[str, str] = {}
    for name, (one, whole) in _ON_SITE.items():
        written = [one(work) for work in works]  # once, however many topics it has
        files[name] = whole(written)
        for topic in topics:
            files[urls.topic(topic)[1:] + name] = whole(written[number] for number in members[topic])
    return files
