"""Review in a terminal, apart from the terminal: screens out, commands in, overrides written."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sitegen import build, lock, splice
from sitegen.errors import SiteError, fail, nearest
from sitegen.files import read_bytes
from sitegen.review.found import WIDTH, Item, find

RULES = "content/overrides.yaml"
ASKED = ("unplaced", "unconfirmed", "alike")
"""Kinds of items that a command can settle."""
TOP = 3
HELP = {
    "a": "accept: confirm the topics as shown",
    "m TOPIC": "move: make this the primary topic, and confirm",
    "s TOPIC": "secondary: mark a topic as secondary, or unmark it, before you accept",
    "d": "distinct: two papers that are alike are two",
    "n": "next: leave it as it is",
    "h": "hide: keep the paper out of the site",
    "t": "topics: show all, with their numbers",
    "u": "undo: put the file back as it was before the last change",
    "q": "quit",
}
"""What can be typed. TOPIC: a number as shown, or the beginning of a topic's slug or name."""
_SHORT = "a accept, m TOPIC move, s TOPIC secondary, n next, h hide, u undo, q quit, ?"
_SHORT_ALIKE = "d they are two, h hide this one, n next, u undo, q quit, ?"


class Session:
    """Goes through the items one by one."""

    def __init__(self, site: Path, items: Sequence[Item], topics: Mapping[str, str]) -> None:
        """`topics`: slug -> name of every topic, in the curator's order."""
        self.site = site
        self.items = [item for item in items if item.kind in ASKED]
        self.topics = topics
        self.position = 0
        self.secondary: list[str] = []
        self.over = False
        self._path = site / RULES
        self._digest = splice.digest(self._bytes())
        self._done: list[tuple[int, splice.Edit]] = []
        self._start()

    @property
    def item(self) -> Item | None:
        return self.items[self.position] if self.position < len(self.items) else None

    def _start(self) -> None:
        self.secondary = list(self.item.topics[1:]) if self.item else []

    def _bytes(self) -> bytes | None:
        return read_bytes(self._path, RULES) if self._path.exists() else None

    # --- Screens ---

    def screen(self) -> str:
        """What is to be decided now, at most 80 columns wide."""
        item = self.item
        if item is None:
            return f"That was all: {len(self._done)} written to {RULES}. u takes the last one back, q quits."
        sure = f"{item.confidence:.0%} sure" if item.kind == "unconfirmed" else ""
        lines = [f"{self.position + 1} of {len(self.items)}  {sure}".rstrip() + f"  ({item.where})", ""]
        lines += textwrap.wrap(item.title, WIDTH)
        lines += _indented(item.tldr) if item.tldr else []
        if item.kind == "alike":
            return "\n".join([*lines, "", *_indented(item.said), "", _SHORT_ALIKE])
        lines += ["", *self._ranked(TOP)]
        stands = ", ".join([*item.topics[:1], *self.secondary]) or "no topic"
        return "\n".join([*lines, "", *_indented(f"Stands under: {stands}"), "", _SHORT])

    def _ranked(self, most: int) -> list[str]:
        assert self.item is not None
        lines = []
        for number, placement in enumerate(self.item.ranked[:most], 1):
            lines.append(f"{number:>4}  {self.topics[placement.topic]}  ({placement.topic}, {placement.score:.3f})")
            lines += textwrap.wrap(", ".join(placement.words), WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 8)
        return lines

    # --- Commands ---

    def do(self, command: str) -> str:
        """Carry out a command; returns what to say about it. Nothing that is typed raises."""
        word, _, rest = command.strip().partition(" ")
        if word in ("?", "help"):
            return "\n".join(f"  {name:<8}  {about}" for name, about in HELP.items())
        names = {name.partition(" ")[0]: about.partition(":")[0] for name, about in HELP.items()}
        name = names.get(word.lower(), word.lower())
        if name not in names.values():
            return f'"{word}" is no command; ? lists them' if word else "n goes to the next; ? lists the commands"
        carry_out: Callable[[str], str] = getattr(self, f"_{name}")
        try:
            return carry_out(rest.strip())
        except SiteError as error:
            return str(error)

    def _accept(self, _: str) -> str:
        item = self._placeable()
        if not item.topics:
            raise fail("a", "it stands under no topic", "m TOPIC gives it one")
        return self._confirm([item.topics[0], *self.secondary])

    def _move(self, name: str) -> str:
        self._placeable()
        topic = self._topic(name)
        return self._confirm([topic, *(other for other in self.secondary if other != topic)])

    def _secondary(self, name: str) -> str:
        item = self._placeable()
        topic = self._topic(name)
        if topic in item.topics[:1]:
            raise fail("s", f'"{topic}" is its primary topic', "m TOPIC gives it another")
        if topic in self.secondary:
            self.secondary.remove(topic)
            return f'"{topic}" is not secondary any more; a accepts'
        self.secondary.append(topic)
        return f'"{topic}" is secondary now; a accepts'

    def _distinct(self, _: str) -> str:
        item = self.item
        if item is None or item.kind != "alike":
            raise fail("d", "there are no two papers here")
        return self._write(item, {"distinct_from": [*_distinct_now(self.site, item.slug), item.other]})

    def _next(self, _: str) -> str:
        self.position = min(self.position + 1, len(self.items))
        self._start()
        return ""

    def _hide(self, _: str) -> str:
        if self.item is None:
            raise fail("h", "there is no paper here")
        return self._write(self.item, {"hide": True, "pin": None})

    def _undo(self, _: str) -> str:
        if not self._done:
            raise fail("u", "nothing was written yet")
        position, edit = self._done[-1]
        with lock.held(self.site, "overrides", "sitegen review"):
            splice.replace(self._path.resolve(), edit.after, edit.before, self.site / ".sitegen")
        self._done.pop()
        self._digest = splice.digest(edit.before)
        self.position = position
        self._start()
        return f"{RULES} is as it was before"

    def _topics(self, _: str) -> str:
        self._placeable()
        return "\n".join(self._ranked(len(self.topics)))

    def _quit(self, _: str) -> str:
        self.over = True
        return ""

    # --- What they share ---

    def _placeable(self) -> Item:
        if self.item is None or self.item.kind == "alike":
            raise fail("review", "there is no placement to decide here")
        return self.item

    def _topic(self, name: str) -> str:
        """The topic that a number as shown, or the beginning of a slug or name, means."""
        assert self.item is not None
        ranked = [placement.topic for placement in self.item.ranked]
        if name.isdecimal() and 1 <= int(name) <= len(ranked):
            return ranked[int(name) - 1]
        start = name.casefold()
        if start in self.topics:
            return start
        found = [s for s, said in self.topics.items() if start and (s.startswith(start) or _begins(said, start))]
        if len(found) == 1:
            return found[0]
        hint = f"one of: {', '.join(found)}" if found else nearest(name, list(self.topics))
        said = f'"{name}" begins {len(found)} topics' if found else f'no topic is called "{name}"'
        raise fail("TOPIC", said, hint)

    def _confirm(self, topics: Sequence[str]) -> str:
        item = self._placeable()
        return self._write(item, {"topics": list(topics)[:4], "add": None, "remove": None})

    def _write(self, item: Item, changes: splice.Changes) -> str:
        content = build.load(self.site)
        spare = self.site / ".sitegen"
        with lock.held(self.site, "overrides", "sitegen review"):
            edit = splice.write(self._path, RULES, item.slug, changes, build.namer(content), spare, self._digest)
            try:
                build.load(self.site)
            except SiteError:
                splice.replace(self._path.resolve(), edit.after, edit.before, spare)
                raise
        self._done.append((self.position, edit))
        self._digest = splice.digest(edit.after)
        self._next("")
        said = "; ".join(f"{name}: {_words(value)}" for name, value in changes.items() if value is not None)
        return f"{item.slug}: {said}"


def _words(value: splice.Plain | None) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value).lower()


def _begins(name: str, start: str) -> bool:
    return name.casefold().startswith(start)


def _indented(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="    ", subsequent_indent="    ")


def _distinct_now(site: Path, slug: str) -> tuple[str, ...]:
    rule = build.load(site).rules.get(slug)
    return rule.distinct_from if rule else ()


def open_session(site: Path) -> Session:
    """A session about all that a site's curator should decide. Raises SiteError for a broken site."""
    content = build.load(site)
    names = {slug: topic.name for slug, topic in content.topics.items()}
    return Session(site, find(site, content), names)


def run(session: Session, ask: Callable[[str], str], show: Callable[[str], None]) -> None:
    """Ask until the curator is done."""
    show(session.screen())
    while not session.over:
        try:
            command = ask("> ")
        except EOFError:
            return
        before = session.item
        if said := session.do(command):
            show(said)
        if session.item is not before and not session.over:
            show("\n" + session.screen())
