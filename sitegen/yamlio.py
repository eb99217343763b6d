"""YAML with positions and strict keys.

Files that people write are read as text first: every scalar is a `Text` that knows where it stands, and only the field
that it belongs to decides whether it is a word, a date or a number. So a bare `no`, `2410.06510` or `2024-10-09` means
what the writer meant. Anchors, aliases and tags are refused: nobody needs them here, and they hide what a file says.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from sitegen import urls
from sitegen.errors import Problem, SiteError, Where, nearest
from sitegen.files import read_text

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_DEPTH = 20


class Text(str):
    """A scalar, with its place."""

    where: Where
    plain: bool


class List(list["Value"]):
    """A sequence, with its place."""

    where: Where


class Table(dict[Text, "Value"]):
    """A mapping, with its place; the keys know theirs."""

    where: Where


Value = Text | List | Table


class _Composer:
    """Builds values from parse events; problems of the file are collected, only broken syntax ends it."""

    def __init__(self, file: str, events: Iterator[Any], problems: list[Problem]) -> None:
        self.file = file
        self.events = events
        self.problems = problems

    def say(self, where: Where, message: str, hint: str = "") -> None:
        self.problems.append(Problem(where, message, hint))

    def where(self, event: Any) -> Where:
        return Where(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def value(self, event: Any, depth: int = 0) -> Value:
        where = self.where(event)
        if depth > MAX_DEPTH:
            raise SiteError([Problem(where, "nested too deeply", "these files need no more than a few levels")])
        if isinstance(event, yaml.AliasEvent):
            self.say(where, f"alias *{event.anchor} is not allowed here", "write the value out")
            return self.text("", where)
        if event.anchor:
            self.say(where, f"anchor &{event.anchor} is not allowed here", "leave it out")
        if event.tag and event.tag != "!":
            self.say(where, f"tag {event.tag} is not allowed here", "write the plain value")
        if isinstance(event, yaml.ScalarEvent):
            return self.text(event.value, where, plain=bool(event.implicit[0]) and not event.style)
        if isinstance(event, yaml.SequenceStartEvent):
            items = List()
            items.where = where
            while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
                items.append(self.value(event, depth + 1))
            return items
        return self.table(where, depth)

    def text(self, value: str, where: Where, plain: bool = True) -> Text:
        text = Text("" if plain and value in ("~", "null") else value)
        text.where, text.plain = where, plain
        return text

    def table(self, where: Where, depth: int) -> Table:
        table = Table()
        table.where = where
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.value(event, depth + 1)
            value = self.value(next(self.events), depth + 1)
            if not isinstance(key, Text):
                self.say(key.where, "a key must be a plain word", "quote text that starts with [ or {")
            elif key in table:
                first = next(k for k in table if k == key).where
                self.say(key.where, f'key "{key}" stands here twice', f"the first is in line {first.line}; keep one")
            else:
                table[key] = value
        return table


def parse(text: str, file: str, problems: list[Problem]) -> Value | None:
    """The one document in `text`; None when it is empty or its syntax is broken. Problems are appended."""
    tab = re.search(r"^ *\t+ *(?=\S)(?!#)", text, re.MULTILINE)
    try:
        events = yaml.parse(text, Loader=Loader)
        composer = _Composer(file, events, problems)
        result: Value | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                first = next(events)
                if result is not None:
                    composer.say(composer.where(event), "a second document starts here", "remove the line ---")
                    break
                result = composer.value(first)
        return None if result == "" and isinstance(result, Text) and result.plain else result
    except yaml.MarkedYAMLError as error:
        problems.append(_syntax(error, file, text, tab))
    except yaml.YAMLError as error:
        position = getattr(error, "position", 0)
        line = text.count("\n", 0, position) + 1
        problems.append(
            Problem(Where(file, line), "a character that YAML does not allow", "remove it, or quote and escape it")
        )
    except SiteError as error:
        problems.extend(error.problems)
    return None


def _syntax(error: yaml.MarkedYAMLError, file: str, text: str, tab: re.Match[str] | None) -> Problem:
    mark, context = error.problem_mark, error.context_mark
    flow = re.match(r"while parsing a flow (sequence|mapping)", error.context or "")
    if tab and mark and text.count("\n", 0, tab.start()) <= mark.line:
        line = text.count("\n", 0, tab.start()) + 1
        column = text[tab.start() : tab.end()].index("\t") + 1
        return Problem(Where(file, line, column), "a tab in the indentation", "use spaces")
    if flow and context:
        bracket = "[" if flow[1] == "sequence" else "{"
        place = Where(file, context.line + 1, context.column + 1)
        return Problem(
            place,
            f'the bracket "{bracket}" that opens here is not closed as it should be',
            f'close it with "{"]" if bracket == "[" else "}"}" and part its items by commas',
        )
    place = Where(file, mark.line + 1, mark.column + 1) if mark else Where(file)
    message = (error.problem or "not valid YAML").replace("but found '<stream end>'", "but the file ends")
    if "mapping values are not allowed" in message:
        return Problem(
            place, "a colon where none is expected", 'quote a text that holds ": ", and check the indentation'
        )
    if "could not find expected ':'" in message:
        return Problem(
            place, "a key without its colon before this line", 'write "key: value", and indent a text\'s further lines'
        )
    if error.context and error.context.startswith("while scanning a quoted scalar") and context:
        return Problem(
            Where(file, context.line + 1, context.column + 1),
            "a quote that opens here is not closed",
            "close it with the same quote",
        )
    return Problem(place, message, "check the indentation and the quotes around this place")


def load(path: Path, shown: str, problems: list[Problem]) -> Value | None:
    """The value of a YAML file; None when the file is missing, empty or broken (then a problem says why)."""
    if not path.is_file():
        return None
    try:
        return parse(read_text(path), shown, problems)
    except SiteError as error:
        problems.extend(
            Problem(Where(shown + str(p.where).removeprefix(str(path))), p.message, p.hint) for p in error.problems
        )
    return None


# --- Readers of fields: each turns a value into what the field holds, or raises `Unfit`. ---


class Unfit(Exception):
    """A value that its field cannot hold: what was expected, and where."""

    def __init__(self, where: Where, expected: str, hint: str = "") -> None:
        self.problem = Problem(where, expected, hint)
        super().__init__(expected)


Reader = Callable[[Value], Any]


def text(value: Value) -> str:
    """Any scalar, with spaces and line ends collapsed."""
    if not isinstance(value, Text):
        raise Unfit(value.where, "should be text", "quote it if it starts with [ or {")
    return " ".join(value.split())


def block(value: Value) -> str:
    """Any scalar, as it stands."""
    return str(text(value) and value).strip()


def required(value: Value) -> str:
    """Text that is not empty."""
    if found := text(value):
        return found
    raise Unfit(value.where, "should not be empty")


def texts(value: Value) -> tuple[str, ...]:
    """A list of texts."""
    if not isinstance(value, List):
        example = f"[{value}]" if isinstance(value, Text) and value else "[one, two]"
        raise Unfit(value.where, "should be a list", f"write {example}")
    return tuple(required(item) for item in value)


def boolean(value: Value) -> bool:
    """`true` or `false`; `yes`, `no`, `on` and `off` as YAML 1.1 had them."""
    known = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
    word = text(value).lower()
    if word not in known:
        raise Unfit(value.where, "should be true or false")
    return known[word]


def date(value: Value) -> str:
    """A day, YYYY-MM-DD."""
    day: str = text(value)
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", day):
            raise ValueError
        datetime.date.fromisoformat(day)
    except ValueError:
        raise Unfit(value.where, f'"{day}" is not a date', "write it as YYYY-MM-DD") from None
    return day


def partial_date(value: Value) -> str:
    """A year, month or day: YYYY[-MM[-DD]]."""
    found = text(value)
    if re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?", found):
        return found
    return date(value)


def web_link(value: Value) -> str:
    """An absolute http(s) link."""
    url = required(value)
    if not urls.is_web_link(url):
        raise Unfit(value.where, f'"{url}" is not a web link', "it should start with https:// and hold no spaces")
    return url


def web_links(value: Value) -> tuple[str, ...]:
    """A list of absolute http(s) links."""
    texts(value)
    return tuple(web_link(item) for item in value)  # type: ignore[arg-type]


def read_fields(
    table: Table, readers: Mapping[str, Reader], what: str, problems: list[Problem], needed: Iterable[str] = ()
) -> dict[str, Any]:
    """What the fields of a table hold. Unknown keys, unfit values and missing fields become problems."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        reader = readers.get(key)
        if reader is None:
            problems.append(Problem(key.where, f'unknown key "{key}" in {what}', nearest(key, list(readers))))
            continue
        try:
            found[key] = reader(value)
        except Unfit as unfit:
            message = unfit.problem.message
            subject = f'"{key}" in {what} ' if message.startswith("should") else f'"{key}" in {what}: '
            problems.append(Problem(unfit.problem.where, subject + message, unfit.problem.hint))
    for name in needed:
        if name not in table:
            problems.append(Problem(table.where, f'{what} has no "{name}"', f'add a line "{name}: ..."'))
    return found
