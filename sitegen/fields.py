"""Readers of fields: each turns a YAML value into what a field holds, or raises `Unfit`.

A reader carries the JSON Schema (draft 7) of the same values for editors, so the two cannot part. A schema sees less
than its reader: it refuses nothing that the reader takes without a word. Editors read plain words as YAML 1.2 does, so
what is text here may be a number, a boolean or null there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

import msgspec

from sitegen import dates, urls
from sitegen.errors import Problem, Where, nearest
from sitegen.model import Link
from sitegen.text import is_slug, visible
from sitegen.yamlio import List, Table, Text, Value

T = TypeVar("T")
Schema = Mapping[str, Any]
MOST_WEIGHT = 100


class Unfit(Exception):
    """A value that its field cannot hold: what was expected, and where."""

    def __init__(self, where: Where, expected: str, hint: str = "") -> None:
        self.problem = Problem(where, expected, hint)
        super().__init__(expected)


class Reader(msgspec.Struct, Generic[T], frozen=True):
    """How a field is read, and the schema of what it takes."""

    read: Callable[[Value], T]
    schema: Schema

    def __call__(self, value: Value) -> T:
        return self.read(value)

    def about(self, text: str, **more: Any) -> Reader[T]:
        """The same with a description, and with more schema."""
        return msgspec.structs.replace(self, schema={**self.schema, **more, "description": text})


def reader(**schema: Any) -> Callable[[Callable[[Value], T]], Reader[T]]:
    """Makes a reader of a function. `type_`, `not_`: the keys that are Python's words."""
    return lambda read: Reader(read, {key.rstrip("_"): value for key, value in schema.items()})


_ODD = "\ufffc"
"""The one character that Unicode calls printable and `visible` takes out."""
_SCALAR = ["string", "number", "boolean"]


@reader(type=[*_SCALAR, "null"])
def text(value: Value) -> str:
    """Any scalar, with spaces and line ends collapsed, and without characters that nobody sees."""
    if not isinstance(value, Text):
        raise Unfit(value.where, "should be text", "quote it if it starts with [ or {")
    if value.isprintable() and _ODD not in value and unicodedata.is_normalized("NFC", value):
        plain = str(value)  # as nearly all are: there is nothing to take out
        return plain.strip() if "  " not in plain else " ".join(plain.split())
    return visible(value)


@reader(type=_SCALAR, minLength=1)
def required(value: Value) -> str:
    """Text that is not empty."""
    if found := text(value):
        return found
    raise Unfit(value.where, "should not be empty", "write something there, or remove it")


def each(item: Reader[T], example: str = "[one, two]") -> Reader[tuple[T, ...]]:
    """A list of what the reader takes."""

    def read(value: Value) -> tuple[T, ...]:
        if not isinstance(value, List):
            hint = f"[{value}]" if isinstance(value, Text) and value else example
            raise Unfit(value.where, "should be a list", f"write {hint}")
        return tuple(item(part) for part in value)

    return Reader(read, {"type": "array", "items": item.schema})


def or_nothing(item: Reader[str]) -> Reader[str]:
    """What the reader takes, or nothing, which clears the field."""
    return Reader(lambda value: "" if value == "" else item(value), {"anyOf": [item.schema, {"enum": ["", None]}]})


_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_ANY_CASE = "|".join("".join(f"[{c.upper()}{c}]" for c in word) for word in _BOOLEANS)


@reader(type=["boolean", "string"], pattern=f"^({_ANY_CASE})$")
def boolean(value: Value) -> bool:
    """`true` or `false`; `yes`, `no`, `on` and `off` as YAML 1.1 had them."""
    word = value.lower() if isinstance(value, Text) else ""
    if word not in _BOOLEANS:
        raise Unfit(value.where, "should be true or false", "write true, or remove the line")
    return _BOOLEANS[word]


@reader(type="string", pattern=r"^\s*\d{4}-\d{2}-\d{2}\s*$")
def date(value: Value) -> str:
    """A day, YYYY-MM-DD."""
    day = text(value)
    if len(day) < len("YYYY-MM-DD") or not dates.is_partial(day):
        raise Unfit(value.where, f'"{day}" is not a date', "write it as YYYY-MM-DD")
    return day


@reader(type=["string", "integer"], pattern=r"^\s*\d{4}(-\d{2}(-\d{2})?)?\s*$", minimum=0, maximum=9999)
def partial_date(value: Value) -> str:
    """A year, month or day: YYYY[-MM[-DD]]."""
    found = text(value)
    if not dates.is_partial(found):
        raise Unfit(value.where, f'"{found}" is not a date', "write it as YYYY-MM-DD, YYYY-MM or YYYY")
    return found


@reader(type="string", pattern=r"^\s*https?://\S+\s*$")
def web_link(value: Value) -> str:
    """An absolute http(s) link."""
    url = required(value)
    if not urls.is_web_link(url):
        raise Unfit(value.where, f'"{url}" is not a web link', "it should start with https:// and hold no spaces")
    return url


_ARXIV = r"(?:arXiv:)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?"


@reader(type=["string", "number"], pattern=rf"^\s*{_ARXIV}\s*$")
def arxiv_id(value: Value) -> str:
    """An arXiv id, without its version."""
    written = text(value)
    if not (match := re.fullmatch(_ARXIV, written)):
        raise Unfit(value.where, f'"{written}" is not an arXiv id', "write it like 2410.06511 or hep-th/9901001")
    return match[1]


@reader(type="string", pattern=r"^\s*10\.\d{4,9}/\S+\s*$")
def doi(value: Value) -> str:
    """A DOI, in lower case."""
    written = text(value)
    if not re.fullmatch(r"10\.\d{4,9}/[^\s\u200c\u200d]+", written):
        raise Unfit(value.where, f'"{written}" is not a DOI', "write it like 10.1000/xyz, without https://doi.org/")
    return written.lower()


@reader(type=_SCALAR, pattern=r"^\s*[a-z0-9]+(-[a-z0-9]+)*\s*$")
def slug(value: Value) -> str:
    """An address of one part."""
    found = required(value)
    if not is_slug(found):
        raise Unfit(value.where, f'"{found}" is not a slug', "use lower-case letters, digits and single hyphens")
    return found


@reader(type="string", pattern=r"^\s*(https?://[^\s?#]+)?\s*$")
def base_url(value: Value) -> str:
    """The address of a site with its final slash, or nothing."""
    written = text(value)
    url = urls.base_url(written) if written else ""
    if url is None:
        raise Unfit(value.where, f'"{written}" is not the address of a site', "write https://host/path/")
    return url


@reader(type=["string", "boolean"], pattern="^\\s*[A-Za-z0-9-]+\\s*$")
def language(value: Value) -> str:
    """A language tag (BCP 47); `no` is Norwegian."""
    tag = required(value)
    if not all(part.isalnum() and part.isascii() for part in tag.split("-")):
        raise Unfit(value.where, f'"{tag}" is not a language tag', "write en, de, pt-BR, ...")
    return tag


_WEIGHT = re.compile(r"\d{1,3}(\.\d{1,3})?")


@reader(type=["number", "string"], exclusiveMinimum=0, maximum=MOST_WEIGHT, pattern=r"^\s*\d{1,3}(\.\d{1,3})?\s*$")
def weight(value: Value) -> float:
    """A number above 0, at most 100."""
    written = text(value)
    number = float(written) if _WEIGHT.fullmatch(written) else 0.0
    if not 0 < number <= MOST_WEIGHT:
        hint = f"write a number above 0 and up to {MOST_WEIGHT}, such as 2 or 0.5"
        raise Unfit(value.where, f'"{written}" is no weight', hint)
    return number


@reader(
    type="array",
    items={"anyOf": [required.schema, {"type": "object", "maxProperties": 1, "additionalProperties": weight.schema}]},
)
def terms(value: Value) -> tuple[tuple[str, float], ...]:
    """Words and phrases, each by itself (weight 1) or as `phrase: weight`."""
    if not isinstance(value, List):
        raise Unfit(value.where, "should be a list", "write [word, another phrase: 2]")
    found: list[tuple[str, float]] = []
    for item in value:
        if isinstance(item, Table) and len(item) == 1:
            [(phrase, number)] = item.items()
            found.append((required(phrase), weight(number)))
        else:
            found.append((required(item), 1.0))
    return tuple(found)


@reader(
    type="array",
    items={"anyOf": [web_link.schema, {"type": "object", "maxProperties": 1, "additionalProperties": web_link.schema}]},
)
def links(value: Value) -> tuple[Link, ...]:
    """Links of a paper: URLs, or `name: URL`."""
    if not isinstance(value, List):
        raise Unfit(value.where, "should be a list", 'write "- name: https://..."')
    found: list[Link] = []
    for item in value:
        if isinstance(item, Table) and len(item) == 1:
            [(name, url)] = item.items()
            found.append(Link(required(name), web_link(url)))
        else:
            link = web_link(item)
            found.append(Link(link.split("/")[2], link))
    return tuple(found)


@reader(type="array")
def items(value: Value) -> List:
    """A list, its items as they are."""
    if not isinstance(value, List):
        raise Unfit(value.where, "should be a list", "start each item with a hyphen")
    return value


texts, web_links, slugs = each(required), each(web_link), each(slug)


def read_fields(
    table: Table,
    readers: Mapping[str, Callable[[Value], Any]],
    what: str,
    problems: list[Problem],
    needed: Iterable[str] = (),
) -> dict[str, Any]:
    """What the fields of a table hold. Unknown keys, unfit values and missing fields become problems."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        reader = readers.get(key)
        if reader is None:
            hint = nearest(key, list(readers)) or f"one of: {', '.join(readers)}"
            problems.append(Problem(key.where, f'unknown key "{key}" in {what}', hint))
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
