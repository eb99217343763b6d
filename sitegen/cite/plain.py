"""A citation as plain text, in the manner of APA (7th edition), MLA (9th), Chicago (18th, author-date) and IEEE.

The rules that a list of papers needs, and no more: preprints, papers at conferences and in journals, theses, reports
and books. Titles stay as the papers have them, since only a reader can tell a name in one from a noun; there are no
italics in plain text.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence

from sitegen.cite.names import Name
from sitegen.cite.venue import JOURNAL
from sitegen.cite.work import Work

MONTHS = "January February March April May June July August September October November December".split()
_MLA_MONTHS = "Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.".split()


def apa(work: Work) -> str:
    """`Family, G. N., & Other, A. (2024). Title. Venue, 1(2), 3-4. https://doi.org/...`"""
    names = [name.family if name.literal else _comma(name.last, _initials(name), name.suffix) for name in work.authors]
    who = f"{', '.join(names[:19])}, . . . {names[-1]}" if len(names) > 20 else _and(names, ", & ", ", & ")
    title = _stop(work.title) if not work.is_arxiv else f"{work.title} (arXiv:{work.arxiv_id})."
    volume = work.volume + (f"({work.issue})" if work.issue and work.kind == JOURNAL else "")
    where = _comma(work.venue, volume, work.pages.replace("-", "–"))
    if work.venue and work.kind in ("paper-conference", "chapter"):
        pages = f" (pp. {work.pages.replace('-', '–')})" if work.pages else ""
        where = f"In {work.venue}{pages}"
    year = f"({work.year or 'n.d.'})."
    return _join(_stop(who), year, title, _stop(where), _stop(_publisher(work)), _link(work))


def mla(work: Work) -> str:
    """`Family, Given, and Given Other. “Title.” Venue, vol. 1, no. 2, 2024, pp. 3-4, https://doi.org/...`"""
    names = [_inverted(name) if n == 0 else name.written for n, name in enumerate(work.authors)]
    who = f"{names[0]}, et al" if len(names) > 2 else _and(names, ", and ", ", and ")
    volume = f"vol. {work.volume}" if work.volume else ""
    issue = f"no. {work.issue}" if work.issue and work.kind == JOURNAL else ""
    pages = f"pp. {work.pages}" if "-" in work.pages else work.pages and f"p. {work.pages}"
    date = "" if _dated(work) else _written(work.issued, _MLA_MONTHS, "{day} {month} {year}")
    where = _comma(work.venue, _publisher(work), volume, issue, date, pages, _link(work))
    return _join(_stop(who), f"“{_stop(work.title)}”", _stop(where))


def chicago(work: Work) -> str:
    """`Family, Given, and Given Other. 2024. “Title.” Venue 1 (2): 3–4. https://doi.org/...`"""
    names = [_inverted(name) if n == 0 else name.written for n, name in enumerate(work.authors)]
    who = f"{', '.join(names[:3])}, et al" if len(names) > 6 else _and(names, ", and ", ", and ")
    pages = work.pages.replace("-", "–")
    if work.kind == JOURNAL:
        where = _join(work.venue, work.volume, f"({work.issue})" if work.issue else "") + (
            f": {pages}" if pages else ""
        )
    elif work.is_arxiv:
        where = _comma("Preprint, arXiv", _written(work.issued, MONTHS, "{month} {day}") if work.issued[4:] else "")
    else:
        where = _comma(f"In {work.venue}" if work.venue else "", pages)
    publisher = "" if work.is_arxiv else _publisher(work)
    title = f"“{_stop(work.title)}”"
    return _join(_stop(who), _stop(work.year or "n.d."), title, _stop(where), _stop(publisher), _stop(_link(work)))


def ieee(work: Work) -> str:
    """`G. N. Family and A. Other, “Title,” Venue, vol. 1, no. 2, pp. 3–4, 2024, doi: ...`"""
    names = [name.family if name.literal else _join(_initials(name), name.last, name.suffix) for name in work.authors]
    who = f"{names[0]} et al." if len(names) > 6 else _and(names, " and ", ", and ")
    volume = f"vol. {work.volume}" if work.volume else ""
    issue = f"no. {work.issue}" if work.issue else ""
    pages = f"pp. {work.pages.replace('-', '–')}" if work.pages else ""
    venue = f"in {work.venue}" if work.venue and work.kind in ("paper-conference", "chapter") else work.venue
    year = "" if _dated(work) else work.year
    if work.is_arxiv:
        last = f"arXiv:{work.arxiv_id}."
    elif work.doi:
        last = f"doi: {work.doi}."
    else:
        last = f"[Online]. Available: {work.url}" if work.url else ""
    publisher = "" if work.is_arxiv else _publisher(work)
    where = _comma(venue, publisher, volume, issue, pages, year)
    text = (f"{who}, " if who else "") + f"“{work.title},”"
    if last.startswith("["):
        return _join(text, _stop(where), last)
    return _stop(_join(text, _comma(where, last)))


STYLES: Mapping[str, Callable[[Work], str]] = {"APA": apa, "MLA": mla, "Chicago": chicago, "IEEE": ieee}
"""By the names that readers know them by."""


def _publisher(work: Work) -> str:
    return work.publisher or ("arXiv" if work.is_arxiv else "")


def _dated(work: Work) -> bool:
    """Whether the venue's own name holds the year already, as in NeurIPS 2024."""
    return bool(work.year) and work.year in work.venue


def _link(work: Work) -> str:
    return f"https://doi.org/{work.doi}" if work.doi else work.url


def _initials(name: Name) -> str:
    """`Jean-Luc M.` gives `J.-L. M.`"""
    return _first_letters(name.given)


@functools.lru_cache(maxsize=200_000)
def _first_letters(given: str) -> str:
    words = [[part for part in word.split("-") if part] for word in given.split()]
    return " ".join("-".join(f"{part[0]}." for part in parts) for parts in words if parts)


def _inverted(name: Name) -> str:
    return name.family if name.literal else name.inverted


def _and(names: Sequence[str], two: str, many: str) -> str:
    if len(names) < 3:
        return two.join(names)
    return many.join([", ".join(names[:-1]), names[-1]])


def _written(date: str, months: Sequence[str], form: str) -> str:
    """A date, without what is not known of it."""
    year, month, day = [*date.split("-"), "", ""][:3]
    name = months[int(month) - 1] if month else ""
    return " ".join(form.format(year=year, month=name, day=day.lstrip("0")).split())


def _stop(text: str) -> str:
    """The text with a full stop, unless it ends a sentence by itself."""
    return text if not text or text[-1] in ".?!…" else f"{text}."


def _comma(*parts: str) -> str:
    return ", ".join(filter(None, parts))


def _join(*parts: str) -> str:
    return " ".join(filter(None, parts))
