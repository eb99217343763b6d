"""Venues as written in a list, `NeurIPS 2024` or `Neural Networks 132, 2020`, understood as far as a citation needs."""

from __future__ import annotations

import re

import msgspec

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
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
    """Where a paper appeared: `kind` is `journal`, `conference`, or empty for a preprint."""

    kind: str = ""
    name: str = ""
    """As a citation calls it: of a journal without year and volume, of a conference as written."""
    volume: str = ""
    issue: str = ""
    year: str = ""
    """The year that the venue itself names; empty when it names none."""


def understand(text: str) -> Venue:
    """A venue from what the record says."""
    if not text or re.match(r"arxiv\b|corr\b|preprint\b", text, re.IGNORECASE):
        return Venue(name=text)
    year = _YEAR.search(text)
    if (match := _IN_VOLUME.match(text)) and not _YEAR.fullmatch(match["volume"]) and not _CONFERENCE.search(text):
        return Venue("journal", match["name"], match["volume"], match["issue"] or "", match["year"] or "")
    if _JOURNAL.search(text) and not _CONFERENCE.search(text):
        bare = re.sub(r",? \(?(?:19|20)\d\d\)?\Z", "", text)
        return Venue("journal", bare, year=year[0] if year and bare != text else "")
    return Venue("conference", text, year=year[0] if year else "")
