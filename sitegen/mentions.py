"""Links in the curator's Markdown to papers and topics of the site.

A paper that is hidden is out of everything, so a link to it is shown as its words alone. A link to what there never was
is left for `check` to refuse; here its line is told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

import msgspec

from sitegen.errors import Problem, Where, nearest
from sitegen.model import Group, Topic

_LINK = re.compile(r"\[([^\[\]\n]*)\]\(\s*<?/(paper|topic)s/([^/\s)>]+)/?(?:[#?][^\s)>]*)?>?\s*\)")


Pages = Mapping[str, Collection[str]]
"""The slugs that have a page, by `paper` and `topic`."""


def settled(
    groups: Iterable[Group], about: str, pages: Pages, hidden: Collection[str], problems: list[Problem]
) -> tuple[tuple[Group, ...], str]:
    """The groups, with the notes of their topics, and the page About, without links to hidden papers."""

    def note(topic: Topic) -> Topic:
        text = _settled(topic.note, f"content/notes/{topic.slug}.md", pages, hidden, problems)
        return topic if text == topic.note else msgspec.structs.replace(topic, note=text)

    found = [msgspec.structs.replace(group, topics=tuple(map(note, group.topics))) for group in groups]
    return tuple(found), _settled(about, "content/about.md", pages, hidden, problems)


def _settled(text: str, file: str, pages: Pages, hidden: Collection[str], problems: list[Problem]) -> str:
    def settle(match: re.Match[str]) -> str:
        words, kind, slug = match.groups()
        if slug in pages[kind]:
            return match[0]
        line = text.count("\n", 0, match.start()) + 1
        where = Where(file, line, match.start() - text.rfind("\n", 0, match.start()))
        if kind == "paper" and slug in hidden:
            hint = "it is shown without the link; take it out, or show the paper again"
            problems.append(Problem(where, f'links to "{slug}", which is hidden', hint, "warning"))
            return words
        hint = nearest(slug, sorted(pages[kind])) or f"use the last part of the {kind}'s address"
        problems.append(Problem(where, f'links to the {kind} "{slug}", which is not there', hint, "warning"))
        return match[0]

    return _LINK.sub(settle, text)
