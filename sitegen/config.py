"""What the curator says about the site as a whole: `site.yaml`, `topics.yaml` and the notes beside them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sitegen import urls, yamlio
from sitegen.errors import Problem, SiteError, Where
from sitegen.files import read_text
from sitegen.model import Group, Site, Topic
from sitegen.text import is_slug
from sitegen.yamlio import List, Table, Text, Unfit, Value

FORMAT = 1
MOST_WEIGHT = 100
TOPICS_FILE = "content/topics.yaml"


def _base_url(value: Value) -> str:
    written = yamlio.text(value)
    url = urls.base_url(written) if written else ""
    if url is None:
        raise Unfit(value.where, f'"{written}" is not the address of a site', "write https://host/path/")
    return url


def _format(value: Value) -> int:
    version = yamlio.text(value)
    if not version.isdecimal() or not 1 <= int(version) <= FORMAT:
        raise Unfit(value.where, f'"{version}" is not a format this version reads', f"formats 1 to {FORMAT} are known")
    return int(version)


def _language(value: Value) -> str:
    tag = yamlio.required(value)
    if not all(part.isalnum() and part.isascii() for part in tag.split("-")):
        raise Unfit(value.where, f'"{tag}" is not a language tag', "write en, de, pt-BR, ...")
    return tag


def _slug(value: Value) -> str:
    slug = yamlio.required(value)
    if not is_slug(slug):
        raise Unfit(value.where, f'"{slug}" is not a slug', "use lower-case letters, digits and single hyphens")
    return slug


def _slugs(value: Value) -> tuple[str, ...]:
    yamlio.texts(value)
    return tuple(_slug(item) for item in value)  # type: ignore[arg-type]


def _terms(value: Value) -> tuple[tuple[str, float], ...]:
    if not isinstance(value, List):
        raise Unfit(value.where, "should be a list", "write [word, another phrase: 2]")
    terms: list[tuple[str, float]] = []
    for item in value:
        if isinstance(item, Table) and len(item) == 1:
            [(phrase, weight)] = item.items()
            terms.append((yamlio.required(phrase), _weight(weight)))
        else:
            terms.append((yamlio.required(item), 1.0))
    return tuple(terms)


def _weight(value: Value) -> float:
    written = yamlio.text(value)
    number = float(written) if re.fullmatch(r"\d{1,3}(\.\d{1,3})?", written) else 0.0
    if not 0 < number <= MOST_WEIGHT:
        raise Unfit(
            value.where, f'"{written}" is no weight', f"write phrase: 2, a number above 0 and up to {MOST_WEIGHT}"
        )
    return number


def _list(value: Value) -> List:
    if not isinstance(value, List):
        raise Unfit(value.where, "should be a list", "start each item with a hyphen")
    return value


SITE_FIELDS: dict[str, yamlio.Reader] = {
    "format": _format,
    "title": yamlio.required,
    "description": yamlio.text,
    "base_url": _base_url,
    "repository": yamlio.web_link,
    "branch": yamlio.required,
    "language": _language,
    "author": yamlio.text,
    "show_abstracts": yamlio.boolean,
}
GROUP_FIELDS: dict[str, yamlio.Reader] = {"group": yamlio.required, "slug": _slug, "topics": _list}
TOPIC_FIELDS: dict[str, yamlio.Reader] = {
    "slug": _slug,
    "name": yamlio.required,
    "scope": yamlio.text,
    "aliases": yamlio.texts,
    "redirect_from": _slugs,
    "terms": _terms,
    "not": yamlio.texts,
    "weight": _weight,
}


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
            problems.append(Problem(Where(shown, 1, 1), "should hold settings", 'start with a line "title: ..."'))
        return Site("")
    fields = yamlio.read_fields(value, SITE_FIELDS, "the site", problems, needed=["title"])
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
    taken: dict[str, Where] = {}
    notes = _read_notes(content / "notes", problems)
    groups = [_group(item, taken, notes, problems) for item in value]
    for slug, (_, where) in notes.items():
        hint = "name the file after a topic's slug"
        problems.append(Problem(where, f'a note for "{slug}", which is no topic', hint, "warning"))
    return tuple(group for group in groups if group)


def _group(
    value: Value, taken: dict[str, Where], notes: dict[str, tuple[str, Where]], problems: list[Problem]
) -> Group | None:
    if not isinstance(value, Table):
        problems.append(Problem(value.where, "should be a group of topics", 'start it with "- group: name"'))
        return None
    fields = yamlio.read_fields(value, GROUP_FIELDS, "a group", problems, needed=GROUP_FIELDS)
    _claim(fields.get("slug", ""), value.get(Text("slug"), value).where, taken, problems, prefix="group ")
    topics = [_topic(item, taken, notes, problems) for item in fields.get("topics", ())]
    return Group(fields.get("slug", ""), fields.get("group", ""), tuple(topic for topic in topics if topic))


def _topic(
    value: Value, taken: dict[str, Where], notes: dict[str, tuple[str, Where]], problems: list[Problem]
) -> Topic | None:
    if not isinstance(value, Table):
        problems.append(Problem(value.where, "should be a topic", 'start it with "- slug: ..."'))
        return None
    name = value.get(Text("slug"), "a topic")
    fields: dict[str, Any] = yamlio.read_fields(
        value, TOPIC_FIELDS, f'topic "{name}"', problems, needed=["slug", "name"]
    )
    slug = fields.get("slug", "")
    _claim(slug, value.get(Text("slug"), value).where, taken, problems)
    olds = value.get(Text("redirect_from"))
    for old in olds if isinstance(olds, List) and "redirect_from" in fields else ():
        _claim(str(old), old.where, taken, problems)
    excludes = fields.pop("not", ())
    note = notes.pop(slug, ("", Where("")))[0]
    return Topic(**{"slug": "", "name": "", "scope": "", **fields}, excludes=excludes, note=note)


def _claim(slug: str, where: Where, taken: dict[str, Where], problems: list[Problem], prefix: str = "") -> None:
    """Record that an address is used; using it twice is a problem."""
    first = taken.setdefault(prefix + slug, where)
    if slug and first != where:
        message = f'the slug "{slug}" is taken in line {first.line} already'
        problems.append(Problem(where, message, "every slug and every redirect_from must be used once"))


def _read_notes(folder: Path, problems: list[Problem]) -> dict[str, tuple[str, Where]]:
    notes = {}
    for path in sorted(folder.glob("*.md")):
        shown = f"content/notes/{path.name}"
        try:
            notes[path.stem] = (read_text(path, shown).replace("\r\n", "\n").strip(), Where(shown))
        except SiteError as error:
            problems.extend(error.problems)
    return notes


def read_page(content: Path, name: str, problems: list[Problem]) -> str:
    """The Markdown of a page of the curator's own, such as `content/about.md`; empty when there is none."""
    path = content / name
    try:
        return read_text(path, f"content/{name}").replace("\r\n", "\n").strip() if path.is_file() else ""
    except SiteError as error:
        problems.extend(error.problems)
        return ""
