"""YAML with positions and strict keys.

Files that people write are read as text first: every scalar is a `Text` that knows where it stands, and only the field
that it belongs to decides whether it is a word, a date or a number. So a bare `no`, `2410.06510` or `2024-10-09` means
what the writer meant. Anchors, aliases and tags are refused: nobody needs them here, and they hide what a file says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from sitegen.errors import Problem, SiteError, Where
from sitegen.files import read_text

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_DEPTH = 20
_DEEP = "nested too deeply", "these files need no more than a few levels"
# Line separators that the parser counts and no editor does.
_SEPARATORS = re.compile("[\x85\u2028\u2029]")
_CONFLICT = re.compile(r"^<{7} ", re.MULTILINE)
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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


def make_text(value: str, where: Where, plain: bool = True) -> Text:
    """A scalar at a place."""
    text = Text(value)
    text.where, text.plain = where, plain
    return text


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
            raise SiteError([Problem(where, *_DEEP)])
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

    def key(self, event: yaml.ScalarEvent) -> Text:
        """A scalar key means what is written, even `null`."""
        self.value(event)  # says what is wrong with it
        return make_text(event.value, self.where(event))

    def text(self, value: str, where: Where, plain: bool = True) -> Text:
        return make_text("" if plain and value in ("~", "null") else value, where, plain)

    def table(self, where: Where, depth: int) -> Table:
        table = Table()
        table.where = where
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.key(event) if isinstance(event, yaml.ScalarEvent) else self.value(event, depth + 1)
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
    text = _SEPARATORS.sub(" ", text)
    if odd := _FORBIDDEN.search(text):
        message = f"a character that YAML does not allow (U+{ord(odd[0]):04X})"
        problems.append(Problem(_place(file, text, odd.start()), message, "remove it"))
        return None
    try:
        return _document(text, file, problems)
    except yaml.MarkedYAMLError as error:
        problems.append(_syntax(error, file, text))
    except SiteError as error:
        problems.extend(error.problems)
    return None


def _document(text: str, file: str, problems: list[Problem]) -> Value | None:
    events = yaml.parse(text, Loader=Loader)
    composer = _Composer(file, events, problems)
    result: Value | None = None
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if result is not None:
                composer.say(composer.where(event), "a second document starts here", "remove the line ---")
                break
            result = composer.value(next(events))
    return None if result == "" and isinstance(result, Text) and result.plain else result


def _place(file: str, text: str, index: int) -> Where:
    """Line and column of a character. Lines end as editors see them: LF, CR, or both."""
    lines = re.split(r"\r\n|\n|\r", text[:index])
    return Where(file, len(lines), len(lines[-1]) + 1)


def _syntax(error: yaml.MarkedYAMLError, file: str, text: str) -> Problem:
    """What a person should mend: the tab, the open bracket or quote, or what the parser says."""
    mark, context = error.problem_mark, error.context_mark
    lines = text.count("\n") + text.count("\r") - text.count("\r\n")

    def at(here: Any) -> Where:
        past_end = here.line > lines
        return Where(file, lines + 1 if past_end else here.line + 1, 1 if past_end else here.column + 1)

    message = error.problem or "not valid YAML"
    if "nesting" in message:  # newer versions of libyaml look so far ahead that they see it first
        return Problem(_place(file, text, _too_deep(text)), *_DEEP)
    if context and (error.context or "").startswith("while scanning a quoted scalar"):
        return Problem(at(context), "a quote that opens here is not closed", "close it with the same quote")
    if mark is None:
        return Problem(Where(file, 1), message, "check the file's beginning")
    if conflict := _CONFLICT.search(text):
        hint = "keep one of the two, and remove the lines <<<<<<<, ======= and >>>>>>>"
        return Problem(_place(file, text, conflict.start()), "a conflict of two versions is not settled", hint)
    line = re.split(r"\r\n|\n|\r", text)[min(mark.line, lines)]
    if line[mark.column : mark.column + 1] == "\t":
        return Problem(at(mark), "a tab in the indentation", "use spaces")
    if bracket := _open_bracket(text):
        opening, closing = ("[", "]") if isinstance(bracket, yaml.FlowSequenceStartToken) else ("{", "}")
        say = f'the bracket "{opening}" that opens here is not closed as it should be'
        return Problem(at(bracket.start_mark), say, f'close it with "{closing}" and part its items by commas')
    before = line[: mark.column].rstrip()
    if before.endswith(("'", '"')):
        hint = "quote the whole text, and write an apostrophe in single quotes twice"
        return Problem(at(mark), "text behind a closing quote", hint)
    if before.endswith(("]", "}")):
        return Problem(at(mark), "text behind a closing bracket", "remove it, or quote the whole text")
    for sign, say, hint in _SAID:
        if sign in message:
            return Problem(at(mark), say, hint)
    return Problem(at(mark), message, "check the indentation and the quotes around this place")


_ALIKE = "check the indentation: what belongs together starts in one column"
_SAID = (
    (
        "mapping values are not allowed",
        "a colon where none is expected",
        'quote a text that holds ": ", and check the indentation',
    ),
    (
        "could not find expected ':'",
        "a key without its colon before this line",
        'write "key: value", and indent the further lines of a text',
    ),
    ("expected key", "indented otherwise than the keys around it", _ALIKE),
    ("expected <block end>", "indented otherwise than what is around it", _ALIKE),
    ("expected '-' indicator", "indented otherwise than the items around it", _ALIKE),
    ("cannot start any token", "a text cannot start with this sign", "put the text in quotes"),
    ("escape", "a backslash that means nothing here", "write \\\\ for a backslash, or put the text in single quotes"),
)
"""What libyaml and PyYAML say, in words for people: a part of their message, the message, and a hint."""


def _too_deep(text: str) -> int:
    """Where the first bracket opens that is one too many."""
    depth = 0
    for bracket in re.finditer(r"[\[\]{}]", text):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > MAX_DEPTH:
            return bracket.start()
    return 0


def _open_bracket(text: str) -> Any:
    """The token of the innermost bracket that is open where the brackets stop making sense; None when all close."""
    pairs = {
        yaml.FlowSequenceEndToken: yaml.FlowSequenceStartToken,
        yaml.FlowMappingEndToken: yaml.FlowMappingStartToken,
    }
    stack: list[Any] = []
    try:
        for token in yaml.scan(text, Loader=Loader):
            if isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken):
                stack.append(token)
            elif opening := pairs.get(type(token)):
                if not stack or not isinstance(stack[-1], opening):
                    break
                stack.pop()
    except yaml.YAMLError:
        return None
    return stack[-1] if stack else None


def unlike(value: Value, hint: str) -> str:
    """The hint about a value of another kind than wanted: a word such as `key:value` lacks a space."""
    if isinstance(value, Text) and value.plain and re.match(r"[^\s:]+:\S", value):
        return f'write a space after the colon: "{value.replace(":", ": ", 1)}"'
    return hint


def load(path: Path, shown: str, problems: list[Problem]) -> Value | None:
    """The value of a YAML file; None when the file is missing, empty or broken (then a problem says why)."""
    if not path.is_file():
        return None
    try:
        return parse(read_text(path, shown), shown, problems)
    except SiteError as error:
        problems.extend(error.problems)
    return None
