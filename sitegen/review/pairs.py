"""Two records that may be one paper: which of them should stay, and what joining them takes."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from sitegen import build, keys, splice
from sitegen.errors import fail
from sitegen.model import Override, Paper, Words

_PLACING = ("topics", "add", "remove")


def keeper(content: build.Content, one: str, other: str) -> tuple[str, str]:
    """The slug of the record that should stay, and why: the one that the curator, or else the list, knows more of.

    Either way no fact is lost, and the other's address leads to the one that stays.
    """
    words = {(e.override.slug if e.override else e.slug): e.words for e in content.entries}
    reasons: tuple[tuple[str, Callable[[str], int]], ...] = (
        ("the overrides say more of it", lambda slug: len(_said(content.rules.get(slug)))),
        ("it has our words", lambda slug: words[slug] != Words()),
        ("its record says more", lambda slug: _facts(content.papers[slug])),
    )
    for why, measure in reasons:
        first, second = measure(one), measure(other)
        if first != second:
            return (one, why) if first > second else (other, why)
    return one, "both say as much"


def joining(content: build.Content, stays: str, goes: str) -> splice.Changes:
    """What to write of the record that goes. Raises SiteError when the curator's words about it would be lost."""
    said = _said(content.rules.get(goes))
    theirs = [name for name in said if name not in _PLACING]
    if not theirs and said and not (content.rules.get(stays) or Override(stays)).topics:
        theirs = said
    if theirs:
        hint = f'keep that one, or first write its {", ".join(theirs)} under "{stays}" in content/overrides.yaml'
        raise fail("s", f'the overrides say something of "{goes}" that would be lost', hint)
    return {"merge_into": stays, **dict.fromkeys(_PLACING)}


def _said(rule: Override | None) -> list[str]:
    """What an override says of a paper for the site to follow."""
    if rule is None:
        return []
    fields = msgspec.structs.asdict(rule)
    names = {"address": "slug", "fields": ""}
    found = [names.get(name, name) for name, value in fields.items() if value and name not in ("slug", "line")]
    return [name for name in [*found, *rule.fields] if name and name not in keys.FOR_PEOPLE]


def _facts(paper: Paper) -> int:
    return sum(bool(value) for name, value in msgspec.structs.asdict(paper).items() if name not in ("slug", "extra"))


def described(paper: Paper) -> str:
    """What tells a record from another, in a line."""
    names = f"{paper.authors[0]} et al." if len(paper.authors) > 1 else "".join(paper.authors)
    arxiv = f"arXiv {paper.arxiv_id}" if paper.arxiv_id else ""
    file = paper.sources[0].file if paper.sources else ""
    return " · ".join(filter(None, (paper.slug, names, paper.published, paper.venue, arxiv, paper.doi, file)))
