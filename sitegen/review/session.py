"""Review in a terminal, apart from the terminal: screens out, commands in, overrides written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from sitegen import build, lock, splice
from sitegen.errors import SiteError, fail, nearest
from sitegen.files import read_bytes
from sitegen.memo import Memo
from sitegen.review import facts, pairs, screens
from sitegen.review.found import Item, find, lacking, record
from sitegen.text import visible

RULES = "content/overrides.yaml"
MOST_TOPICS = 4


class Session:
    """Goes through the items one by one."""

    def __init__(self, site: Path) -> None:
        """Raises SiteError for a broken site."""
        self.site = site
        self._memo = Memo()
        self.content = build.load(site, memo=self._memo)
        self.topics = {slug: topic.name for slug, topic in self.content.topics.items()}
        self.items = [item for item in find(site, self.content) if screens.commands(item)]
        self.position = -1
        self.secondary: list[str] = []
        self.asked: list[str] = []
        """Facts that are still asked for of this item, the present one first."""
        self.over = False
        self._path = site / RULES
        self._digest = splice.digest(self._bytes())
        self._done: list[tuple[int, list[str], splice.Edit]] = []
        self._next("")

    @property
    def item(self) -> Item | None:
        return self.items[self.position] if self.position < len(self.items) else None

    def _start(self, asked: Sequence[str]) -> None:
        self.secondary, self.asked = list(self.item.topics[1:]) if self.item else [], list(asked)

    def _bytes(self) -> bytes | None:
        return read_bytes(self._path, RULES) if self._path.exists() else None

    # --- Screens ---

    def screen(self) -> str:
        """What is to be decided now, at most 80 columns wide."""
        item = self.item
        if item is None:
            return screens.end(len(self._done), RULES)
        head = screens.head(item, self.position + 1, len(self.items))
        if item.kind == "alike":
            return "\n".join([*head, *screens.pair(self.content, item)])
        if item.lacking:
            return "\n".join([*head, *screens.lacking(item)])
        return "\n".join([*head, *screens.placing(item, self.secondary, self.topics)])

    @property
    def prompt(self) -> str:
        """What to put before the cursor."""
        return f"{facts.ASKED[self.asked[0]]}: " if self.asked else "> "

    # --- Commands ---

    def do(self, command: str) -> str:
        """Carry out a command; returns what to say about it. Nothing that is typed raises."""
        command = visible(command)  # a terminal may hand over bytes that are no text
        word, _, rest = command.partition(" ")
        known = screens.commands(self.item)
        name = known.get(word.lower()) or (word.lower() if word.lower() in known.values() else "")
        try:
            if self.asked and (rest or not name) and len(command) != 1 and word != "help":
                return self._answer(command)
            if word in ("?", "help"):
                return screens.help_(self.item)
            if not name:
                return (
                    f'"{word}" is no command here; ? lists them' if word else "n goes to the next; ? lists the commands"
                )
            carry_out: Callable[[str], str] = getattr(self, f"_{name}")
            return carry_out(rest)
        except SiteError as error:
            return str(error)

    def _answer(self, typed: str) -> str:
        """A fact, or nothing, which goes on to the next one."""
        item, rest = self._here(), self.asked[1:]
        if typed:
            return self._write(item, facts.corrected(self.asked[0], typed), rest)
        if rest:
            self.asked = rest
            return ""
        return self._next("")

    def _accept(self, _: str) -> str:
        item = self._here()
        if not item.topics:
            raise fail("a", "it stands under no topic", "m TOPIC gives it one")
        return self._confirm([item.topics[0], *self.secondary])

    def _move(self, name: str) -> str:
        self._here()
        topic = self._topic(name)
        return self._confirm([topic, *(other for other in self.secondary if other != topic)])

    def _secondary(self, name: str) -> str:
        item = self._here()
        topic = self._topic(name)
        if topic in item.topics[:1]:
            raise fail("s", f'"{topic}" is its primary topic', "m TOPIC gives it another")
        then = "a accepts" if item.topics else "m TOPIC says which comes first"
        if topic in self.secondary:
            self.secondary.remove(topic)
            return f'"{topic}" is not secondary any more; {then}'
        self.secondary.append(topic)
        return f'"{topic}" is secondary now; {then}'

    def _same(self, which: str) -> str:
        item = self._here()
        records = {"1": item.slug, "2": item.other, "": pairs.keeper(self.content, item.slug, item.other)[0]}
        stays = records.get(which)
        if stays is None:
            raise fail("s", f'"{which}" is none of the two', "s 1 or s 2 says which record stays, s alone chooses")
        goes = item.other if stays == item.slug else item.slug
        return self._write(item, pairs.joining(self.content, stays, goes), slug=goes)

    def _different(self, _: str) -> str:
        item = self._here()
        rule = self.content.rules.get(item.slug)
        return self._write(item, {"distinct_from": [*(rule.distinct_from if rule else ()), item.other]})

    def _next(self, _: str) -> str:
        """Go to the next item whose papers are still there, and whose facts nobody has given meanwhile."""
        entries = {record(entry): entry for entry in self.content.entries}
        while self.position < len(self.items):
            self.position += 1
            item = self.item
            if item and (item.slug not in entries or (item.other and item.other not in entries)):
                continue
            still = lacking(entries[item.slug]) if item and item.kind == "missing" else item.lacking if item else ()
            asked = [fact for fact in item.lacking if fact in still] if item else []
            if item is None or asked or not item.lacking:
                self._start(asked)
                break
        return ""

    def _hide(self, _: str) -> str:
        return self._write(self._here(), {"hide": True, "pin": None})

    def _undo(self, _: str) -> str:
        if not self._done:
            raise fail("u", "nothing was written yet")
        position, asked, edit = self._done[-1]
        with lock.held(self.site, "overrides", "sitegen review"):
            splice.replace(self._path.resolve(), edit.after, edit.before, self.site / ".sitegen")
        self._done.pop()
        self._digest = splice.digest(edit.before)
        self.content = build.load(self.site, memo=self._memo)
        self.position = position
        self._start(asked)
        return f"{RULES} is as it was before"

    def _topics(self, _: str) -> str:
        return "\n".join(screens.ranked(self._here(), self.topics))

    def _quit(self, _: str) -> str:
        self.over = True
        return ""

    def _here(self) -> Item:
        assert self.item is not None  # else its commands are not known
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
        names = {s: (s, said.casefold()) for s, said in self.topics.items() if start}
        found = [s for s, both in names.items() if any(said.startswith(start) for said in both)]
        if len(found) == 1:
            return found[0]
        hint = f"one of: {', '.join(found)}" if found else nearest(name, list(self.topics))
        said = f'"{name}" begins {len(found)} topics' if found else f'no topic is called "{name}"'
        raise fail("TOPIC", said, hint)

    def _confirm(self, topics: Sequence[str]) -> str:
        if len(topics) > MOST_TOPICS:
            raise fail("s", f"a paper has at most {MOST_TOPICS} topics", "unmark one with s TOPIC")
        return self._write(self._here(), {"topics": list(topics), "add": None, "remove": None})

    def _write(self, item: Item, changes: splice.Changes, asked: Sequence[str] = (), slug: str = "") -> str:
        """Write to the entry of the item's paper, or of the one at `slug`. `asked`: what is asked next of this item."""
        slug, spare = slug or item.slug, self.site / ".sitegen"
        with lock.held(self.site, "overrides", "sitegen review"):
            edit = splice.write(self._path, RULES, slug, changes, build.namer(self.content), spare, self._digest)
            try:
                self.content = build.load(self.site, memo=self._memo)
            except SiteError:
                splice.replace(self._path.resolve(), edit.after, edit.before, spare)
                raise
        self._done.append((self.position, self.asked, edit))
        self._digest = splice.digest(edit.after)
        if asked:
            self.asked = list(asked)
        else:
            self._next("")
        return f"{slug}: {screens.said(changes)}"


def open_session(site: Path) -> Session:
    """A session about all that a site's curator should decide. Raises SiteError for a broken site."""
    return Session(site)


def run(session: Session, ask: Callable[[str], str], show: Callable[[str], None]) -> None:
    """Ask until the curator is done."""
    show(screens.opening(session.items))
    show("\n" + session.screen())
    while not session.over:
        try:
            command = ask(session.prompt)
        except EOFError:
            return
        before = session.item
        if said := session.do(command):
            show(said)
        if session.item is not before and not session.over:
            show("\n" + session.screen())
