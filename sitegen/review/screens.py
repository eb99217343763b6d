"""What a session shows, at most 80 columns wide, and which commands each screen takes."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence

from sitegen import build, splice
from sitegen.errors import count
from sitegen.review import pairs
from sitegen.review.found import HEADINGS, WIDTH, Item
from sitegen.text import cut

TOP = 3
_ANYWHERE = {
    "n": "next: leave it as it is",
    "u": "undo: put the file back as it was before the last change",
    "q": "quit",
}
_PLACING = {
    "a": "accept: confirm the topics as shown",
    "m TOPIC": "move: make this the primary topic, and confirm",
    "s TOPIC": "secondary: mark a topic as secondary, or unmark it, before you accept",
    "h": "hide: keep the paper out of the site",
    "t": "topics: show all, with their numbers",
    **_ANYWHERE,
}
_PAIR = {
    "s": "same: the two records are one paper; s 1 or s 2 says which of them stays",
    "d": "different: they are two papers, and this is not asked again",
    **_ANYWHERE,
}
_LACKING = {
    "Enter": "goes on to the next question",
    "n": "next: leave this paper as it is",
    "h": "hide: keep the paper out of the site",
    "u": _ANYWHERE["u"],
    "q": "quit",
}
_KINDS = {"unplaced": _PLACING, "unconfirmed": _PLACING, "alike": _PAIR, "truncated": _LACKING, "missing": _LACKING}
"""Kinds of items that can be settled here, and what can be typed. TOPIC: a number as shown, or the beginning of a
topic's slug or name."""


def commands(item: Item | None) -> dict[str, str]:
    """The names of the commands that an item takes, by letter; none when there is nothing to settle."""
    kind = _ANYWHERE if item is None else _KINDS.get(item.kind, {})
    if kind is _LACKING and item and not item.lacking:
        return {}
    return {typed.partition(" ")[0]: said.partition(":")[0] for typed, said in kind.items() if typed != "Enter"}


def help_(item: Item | None) -> str:
    kind = _KINDS[item.kind] if item else _ANYWHERE
    lines = [f"  {typed:<8}  {about}" for typed, about in kind.items()]
    if kind is _PLACING:
        lines += ["TOPIC: a number as shown, or the beginning of a topic's name"]
    if kind is _LACKING:
        lines += ["All else that you type is taken for the answer."]
    return "\n".join(lines)


def opening(items: Sequence[Item]) -> str:
    """How much there is to do."""
    numbers = Counter(item.kind for item in items)
    found = [f"  {count(numbers[kind], *heading)}" for kind, heading in HEADINGS.items() if numbers[kind]]
    return "\n".join(["To review, until you type q:", *found]) if found else "There is nothing to review."


def head(item: Item, number: int, total: int) -> list[str]:
    sure = f"{item.confidence:.0%} sure" if item.kind == "unconfirmed" else ""
    return [f"{number} of {total}  {sure}".rstrip() + f"  ({item.where})", ""]


def placing(item: Item, secondary: Sequence[str], topics: Mapping[str, str]) -> list[str]:
    tldr = _indented(item.tldr) if item.tldr else []
    stands = ", ".join([*item.topics[:1], *secondary]) or "no topic"
    stands = (
        f"Stands under: {stands}"
        if item.topics
        else f"Fits no topic{', marked: ' * bool(secondary)}{', '.join(secondary)}"
    )
    keys = "m TOPIC move, s TOPIC secondary, n next, h hide, u undo, q quit, ?"
    shown = [*textwrap.wrap(item.title, WIDTH), *tldr, "", *ranked(item, topics, TOP), "", *_indented(stands), ""]
    return [*shown, f"a accept, {keys}" if item.topics else keys.replace("move", "put it there")]


def ranked(item: Item, topics: Mapping[str, str], most: int | None = None) -> list[str]:
    """The likeliest topics of a paper, with their numbers and the words that speak for them."""
    lines = []
    for number, placement in enumerate(item.ranked[:most], 1):
        lines.append(f"{number:>4}  {topics[placement.topic]}  ({placement.topic}, {placement.score:.3f})")
        lines += textwrap.wrap(", ".join(placement.words), WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 8)
    return lines


def pair(content: build.Content, item: Item) -> list[str]:
    stays, why = pairs.keeper(content, item.slug, item.other)
    lines = []
    for number, slug in enumerate((item.slug, item.other), 1):
        paper = content.papers[slug]
        lines += textwrap.wrap(paper.title, WIDTH, initial_indent=f"{number:>4}  ", subsequent_indent=" " * 6)
        lines += textwrap.wrap(pairs.described(paper), WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 8)
    number = 1 if stays == item.slug else 2
    asked = f"Are they one paper? If you say so, {number} stays ({why}); nothing of the other is lost."
    return [*lines, "", *_indented(asked), "", "s same, s 1 or s 2 which stays, d different, n next, u undo, q quit, ?"]


def lacking(item: Item) -> list[str]:
    title = [*textwrap.wrap(item.title, WIDTH), *_indented(item.slug)]
    lacks = "Its abstract is cut off: " if item.kind == "truncated" else "It has "
    return [
        *title,
        "",
        *_indented(lacks + item.said),
        "",
        "Type it, or press Enter to go on; n next, h hide, u undo, q quit, ?",
    ]


def end(written: int, file: str) -> str:
    if not written:
        return "That was all, and nothing was written. q quits."
    return f"That was all: {count(written, 'change')} written to {file}. u takes the last one back, q quits."


def said(changes: splice.Changes) -> str:
    """What was written, in a line."""
    lines = (f"{name}: {_words(value)}" for name, value in changes.items() if value is not None)
    return "; ".join(lines)


def _words(value: splice.Plain) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return cut(value, WIDTH) if isinstance(value, str) else ", ".join(map(str, value))


def _indented(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="    ", subsequent_indent="    ")
