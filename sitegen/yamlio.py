"""YAML with positions and strict keys.

Files that people write are read as text first: every scalar is a `Text` that knows where it stands, and only the field
that it belongs to decides whether it is a word, a date or a number. So a bare `no`, `2410.06510` or `2024-10-09` means
what the writer meant. Anchors, aliases and tags are refused: nobody needs them here, and they hide what a file says.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from sitegen.errors import Problem, SiteError, Where
from sitegen.files import read_text

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_DEPTH = 20
_SEPARATORS = "\x85\u2028\u2029"
"""Line separators that the parser counts and no editor does."""
_CONFLICT = re.compile(r"^<{7} ", re.MULTILINE)
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Spot(NamedTuple):
    """A place within a file, counted from 0 as the parser's marks are."""

    line: int
    column: int


class _Placed:
    """Has a place. Thousands of values are read for one that somebody asks the place of, so it is worked out then."""

    __slots__ = ()
    file: str
    mark: Spot

    @property
    def where(self) -> Where:
        return Where(self.file, self.mark.line + 1, self.mark.column + 1)


class Text(_Placed, str):
    """A scalar, with its place."""

    __slots__ = ("file", "mark", "plain")
    plain: bool


class List(_Placed, list["Value"]):
    """A sequence, with its place."""

    __slots__ = ("file", "mark")


class Table(_Placed, dict[Text, "Value"]):
    """A mapping, with its place; the keys know theirs."""

    __slots__ = ("file", "mark")


Value = Text | List | Table


def make_text(value: str, where: Where, plain: bool = True) -> Text:
    """A scalar at a place."""
    text = Text(value)
    text.file, text.mark, text.plain = where.file, Spot(where.line - 1, where.column - 1), plain
    return text


class _Composer:
    """Builds values from parse events; problems of the file are collected, only broken syntax ends it."""

    def __init__(self, file: str, next_event: Callable[[], Any], problems: list[Problem]) -> None:
        self.file = file
        self.next = next_event
        self.problems = problems

    def say(self, event: Any, message: str, hint: str = "") -> None:
        self.problems.append(Problem(self.where(event), message, hint))

    def where(self, event: Any) -> Where:
        return Where(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def value(self, event: Any, depth: int = 0) -> Value:
        if type(event) is yaml.ScalarEvent:
            return self.text(event)
        if depth > MAX_DEPTH:
            raise SiteError(
                [Problem(self.where(event), "nested too deeply", "these files need no more than a few levels")]
            )
        if type(event) is yaml.AliasEvent:
            self.say(event, f"alias *{event.anchor} is not allowed here", "write the value out")
            return make_text("", self.where(event))
        self.check(event)
        return self.list(event, depth) if type(event) is yaml.SequenceStartEvent else self.table(event, depth)

    def check(self, event: Any) -> None:
        """Refuse what a value has before it."""
        if event.anchor:
            self.say(event, f"anchor &{event.anchor} is not allowed here", "leave it out")
        if event.tag and event.tag != "!":
            self.say(event, f"tag {event.tag} is not allowed here", "write the plain value")

    def text(self, event: Any, key: bool = False) -> Text:
        """A scalar; as a key even `null` means what is written."""
        value, plain = event.value, not event.style and event.implicit[0]
        text = Text("" if plain and not key and value in ("~", "null") else value)
        text.file, text.mark, text.plain = self.file, event.start_mark, plain
        if event.anchor or event.tag:
            self.check(event)
        return text

    def list(self, event: Any, depth: int) -> List:
        items = List()
        items.file, items.mark = self.file, event.start_mark
        while type(event := self.next()) is not yaml.SequenceEndEvent:
            items.append(self.text(event) if type(event) is yaml.ScalarEvent else self.value(event, depth + 1))
        return items

    def table(self, event: Any, depth: int) -> Table:
        table = Table()
        table.file, table.mark = self.file, event.start_mark
        while type(event := self.next()) is not yaml.MappingEndEvent:
            word = type(event) is yaml.ScalarEvent
            key = self.text(event, key=True) if word else self.value(event, depth + 1)
            said = self.next()
            value = self.text(said) if type(said) is yaml.ScalarEvent else self.value(said, depth + 1)
            if not isinstance(key, Text):
                self.problems.append(
                    Problem(key.where, "a key must be a plain word", "quote text that starts with [ or {")
                )
            elif key in table:
                first = next(k for k in table if k == key).where
                self.say(event, f'key "{key}" stands here twice', f"the first is in line {first.line}; keep one")
            else:
                table[key] = value
        return table


def parse(text: str, file: str, problems: list[Problem], kind: Any = None) -> Value | None:
    """The one document in `text`; None when it is empty or its syntax is broken. Problems are appended.

    `kind`: the parser, libyaml's where there is one.
    """
    for separator in _SEPARATORS:
        text = text.replace(separator, " ")
    found: list[Problem] = []
    try:
        return _document(text, file, found, kind or Loader)
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        if "nesting depth" in str(error):  # libyaml gives up far behind the place that PyYAML's own parser comes to
            found.clear()
            return parse(text, file, problems, yaml.SafeLoader)
        found.append(_broken(error, file, text))
    except SiteError as error:
        found.extend(error.problems)
    finally:
        problems.extend(found)
    return None


def _document(text: str, file: str, problems: list[Problem], kind: Any) -> Value | None:
    loader = kind(text)
    try:
        composer = _Composer(file, loader.get_event, problems)
        result: Value | None = None
        while type(event := loader.get_event()) is not yaml.StreamEndEvent:
            if type(event) is yaml.DocumentStartEvent:
                if result is not None:
                    composer.say(event, "a second document starts here", "remove the line ---")
                    break
                result = composer.value(loader.get_event())
    finally:
        loader.dispose()
    return None if result == "" and isinstance(result, Text) and result.plain else result


def _place(file: str, text: str, index: int) -> Where:
    """Line and column of a character. Lines end as editors see them: LF, CR, or both."""
    lines = re.split(r"\r\n|\n|\r", text[:index])
    return Where(file, len(lines), len(lines[-1]) + 1)


def _broken(error: Exception, file: str, text: str) -> Problem:
    """Why a text is not YAML: a character that the parser refuses, wherever it stands, or its syntax."""
    if odd := _FORBIDDEN.search(text):
        message = f"a character that YAML does not allow (U+{ord(odd[0]):04X})"
        return Problem(_place(file, text, odd.start()), message, "remove it")
    if isinstance(error, yaml.MarkedYAMLError):
        return _syntax(error, file, text)
    return Problem(Where(file, 1), f"not valid YAML: {error}", "check the file's beginning")


def _syntax(error: yaml.MarkedYAMLError, file: str, text: str) -> Problem:
    """What a person should mend: the tab, the open bracket or quote, or what the parser says."""
    mark, context = error.problem_mark, error.context_mark
    lines = text.count("\n") + text.count("\r") - text.count("\r\n")

    def at(here: Any) -> Where:
        past_end = here.line > lines
        return Where(file, lines + 1 if past_end else here.line + 1, 1 if past_end else here.column + 1)

    message = error.problem or "not valid YAML"
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
