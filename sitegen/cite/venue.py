"""Venues as written in a list, `NeurIPS 2024` or `Neural Networks 132, 2020`, understood as far as a citation needs."""

from __future__ import annotations

import re

import msgspec

ARTICLE, JOURNAL, CONFERENCE = "article", "article-journal", "paper-conference"
"""Kinds of work in CSL's words; `article` is a preprint."""
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_LAST_YEAR = re.compile(r",? \(?(?:19|20)\d\d\)?\Z")
_IN_VOLUME = re.compile(
    r"(?P<name>\D.*?),? (?P<volume>\d{1,4})(?: ?\((?P<issue>[\w./–-]+)\))?(?:,? \(?(?P<year>(?:19|20)\d\d)\)?)?\Z"
)
_JOURNAL = re.compile(
    r"\b(?:journal|transactions|trans\.|letters|reviews?|surveys|magazine|annals|annual|nature|science|proceedings of"
    r" the (?:ieee|national)|pnas|jmlr|tmlr|tacl|tpami|tnnls|tkde|tcsvt|tist|tois|tog|tip|tmm|ijcv|jair|access"
    r"|neurocomputing|patterns|computational linguistics|pattern recognition)\b",
    re.IGNORECASE,
)
_CONFERENCE = re.compile(r"\b(?:conference|workshops?|symposium|proceedings of the \d|findings)\b", re.IGNORECASE)


class Venue(msgspec.Struct, frozen=True):
    """Where a paper appeared."""

    kind: str = ARTICLE
    """What kind of work appears there."""
    name: str = ""
    """As a citation calls it: of a journal without year and volume, of a conference as written."""
    volume: str = ""
    issue: str = ""
    year: str = ""
    """The year that the venue itself names; empty when it names none."""


def understand(text: str, kind: str = "") -> Venue:
    """A venue from what the record says. `kind`: that of the work, where the record knows it."""
    if not text or (re.match(r"arxiv\b|corr\b|preprint\b", text, re.IGNORECASE) and kind in ("", ARTICLE)):
        return Venue(kind or ARTICLE, text)
    year = _YEAR.search(text)
    in_volume = _IN_VOLUME.match(text)
    if (
        kind in ("", JOURNAL)
        and in_volume
        and not _YEAR.fullmatch(in_volume["volume"])
        and not _CONFERENCE.search(text)
    ):
        name, volume, issue = in_volume["name"], in_volume["volume"], in_volume["issue"] or ""
        return Venue(JOURNAL, name, volume, issue, in_volume["year"] or "")
    if kind == JOURNAL or (not kind and _JOURNAL.search(text) and not _CONFERENCE.search(text)):
        bare = _LAST_YEAR.sub("", text)
        return Venue(JOURNAL, bare, year=year[0] if year and bare != text else "")
    return Venue(kind or CONFERENCE, text, year=year[0] if year else "")
