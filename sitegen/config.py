"""What the curator says about the site as a whole: `site.yaml`, `topics.yaml` and the notes beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sitegen import keys, yamlio
from sitegen.errors import Problem, SiteError, Where
from sitegen.fields import read_fields
from sitegen.files import decoded, read_own
from sitegen.model import Group, Site, Topic
from sitegen.text import printable
from sitegen.yamlio import List, Table, Text, Value

TOPICS_FILE = "content/topics.yaml"


def read_site(content: Path, problems: list[Problem]) -> Site:
    """`content/site.yaml`. Without a file there is no site: that is an error."""
    shown = "content/site.yaml"
    path = content / "site.yaml"
    if not path.is_file():
        hint = 'run this in a site\'s folder or name one with --site; "sitegen init DIR" makes a new one'
        problems.append(Problem(Where(shown), "is missing", hint))
        return Site("")
    value = yamlio.load(path, shown, problems)
    if not isinstance(value, Table):
        if not problems or problems[-1].where.file != shown:
            hint = 'start with a line "title: ..."'
            where = value.where if value is not None else Where(shown, 1, 1)
            problems.append(
                Problem(where, "should hold settings", hint if value is None else yamlio.unlike(value, hint))
            )
        return Site("")
    fields = read_fields(value, keys.SITE, "the site", problems, needed=["title"])
    return Site(**{"title": "", **fields})


def read_topics(content: Path, problems: list[Problem]) -> tuple[Group, ...]:
    """`content/topics.yaml` with the notes of `content/notes/`, in the curator's order."""
    shown = TOPICS_FILE
    value = yamlio.load(content / "topics.yaml", shown, problems)
    if value is None:
        return ()
    if not isinstance(value, List):
        message = "should be a list of groups"
        problems.append(Problem(value.where, message, 'start each with "- group: name"'))
        return ()
    addresses = _Addresses(problems)
    notes = _read_notes(content / "notes", problems)
    groups = [_group(item, addresses, notes, problems) for item in value]
    found = tuple(group for group in groups if group)
    heirs = moved(found)
    for slug, (_, where) in notes.items():
        hint = f'rename it to "{heirs[slug][0]}.md"' if slug in heirs else "name the file after a topic's slug"
        problems.append(Problem(where, f'a note for "{slug}", which is no topic', hint, "warning"))
    return found


def moved(groups: Iterable[Group]) -> dict[str, tuple[str, ...]]:
    """Old slugs of topics -> the topics that have taken their place, in the curator's order: after a split several."""
    found: dict[str, tuple[str, ...]] = {}
    for topic in (topic for group in groups for topic in group.topics):
        for old in topic.redirect_from:
            found[old] = (*found.get(old, ()), topic.slug)
    return found


class _Addresses:
    """Which slugs are taken, and where. Only an old one may be named by several topics: it was split."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self._taken: dict[str, Where] = {}
        self._old: dict[str, Where] = {}

    def claim(self, slug: str, where: Where, kind: str = "") -> None:
        self._say(slug, where, self._taken.setdefault(kind + slug, self._old.get(kind + slug, where)))

    def claim_old(self, olds: Sequence[Text]) -> None:
        here: dict[str, Where] = {}
        for old in olds:
            first = here.setdefault(old, self._taken.get(old, old.where))
            self._say(old, old.where, first)
            self._old.setdefault(old, old.where)

    def _say(self, slug: str, where: Where, first: Where) -> None:
        if slug and first != where:
            message = f'the slug "{slug}" is taken in line {first.line} already'
            hint = "every slug must be used once, and no redirect_from may name a topic that is there"
            self.problems.append(Problem(where, message, hint))


def _group(
    value: Value, addresses: _Addresses, notes: dict[str, tuple[str, Where]], problems: list[Problem]
) -> Group | None:
    if not isinstance(value, Table):
        problems.append(Problem(value.where, "should be a group of topics", 'start it with "- group: name"'))
        return None
    fields = read_fields(value, keys.GROUP, "a group", problems, needed=keys.GROUP)
    addresses.claim(fields.get("slug", ""), value.get(Text("slug"), value).where, "group ")
    topics = [_topic(item, addresses, notes, problems) for item in fields.get("topics", ())]
    return Group(fields.get("slug", ""), fields.get("group", ""), tuple(topic for topic in topics if topic))


def _topic(
    value: Value, addresses: _Addresses, notes: dict[str, tuple[str, Where]], problems: list[Problem]
) -> Topic | None:
    if not isinstance(value, Table):
        problems.append(Problem(value.where, "should be a topic", 'start it with "- slug: ..."'))
        return None
    name = value.get(Text("slug"), "a topic")
    fields: dict[str, Any] = read_fields(value, keys.TOPIC, f'topic "{name}"', problems, needed=["slug", "name"])
    slug = fields.get("slug", "")
    addresses.claim(slug, value.get(Text("slug"), value).where)
    olds = value.get(Text("redirect_from"))
    if isinstance(olds, List) and "redirect_from" in fields:
        addresses.claim_old([old for old in olds if isinstance(old, Text)])
    excludes = fields.pop("not", ())
    note = notes.pop(slug, ("", Where("")))[0]
    return Topic(**{"slug": "", "name": "", "scope": "", **fields}, excludes=excludes, note=note)


def _read_notes(folder: Path, problems: list[Problem]) -> dict[str, tuple[str, Where]]:
    notes = {}
    for path in sorted(folder.glob("*.md")):
        shown = f"content/notes/{path.name}"
        try:
            notes[path.stem] = (_prose(decoded(read_own(path, folder.parent, shown), shown)), Where(shown))
        except SiteError as error:
            problems.extend(error.problems)
    return notes


def _prose(text: str) -> str:
    """Markdown as it was written, without characters that no page may hold."""
    lines = text.replace("\r\n", "\n").strip()
    return lines if lines.replace("\n", "").isprintable() else printable(lines).strip()


def read_page(content: Path, name: str, problems: list[Problem]) -> str:
    """The Markdown of a page of the curator's own, such as `content/about.md`; empty when there is none."""
    path = content / name
    try:
        shown = f"content/{name}"
        return _prose(decoded(read_own(path, content, shown), shown)) if path.is_file() else ""
    except SiteError as error:
        problems.extend(error.problems)
        return ""
