"""Changes of a text at a node's place: fields, items and lines more or less."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from sitegen.splice import places
from sitegen.splice.data import SHORT, Plain
from sitegen.splice.values import like, rendered

STEP = 2
"""Columns by which a new field stands further in than its entry."""


def long_form(text: str, root: Any, name: str) -> str:
    """`name: [a, b]` as a mapping with the one field `topics`."""
    key = next(key for key, _ in root.value if key.value == name)
    rule = places.value(root, name)
    start, end, line = rule.start_mark.index, places.end(text, rule), places.line_start(text, rule.start_mark.index)
    if root.flow_style:
        return f"{text[:start]}{{{SHORT}: {text[start:end]}}}{text[end:]}"
    indent = " " * (root.start_mark.column + STEP)
    if line <= key.start_mark.index:
        colon = text.index(":", key.end_mark.index) + 1
        return f"{text[:colon]}{places.line_break(text)}{indent}{SHORT}: {text[start:]}"
    column = rule.start_mark.column
    if rule.flow_style:
        return f"{text[:start]}{SHORT}: {text[start:]}"
    if column > root.start_mark.column:
        return f"{text[:line]}{' ' * column}{SHORT}:{places.line_break(text)}{text[line:]}"
    pieces = "".join(" " * STEP + piece for piece in re.split(r"(?<=\n)|(?<=\r)(?!\n)", text[line:end]))
    return f"{text[:line]}{indent}{SHORT}:{places.line_break(text)}{pieces}{text[end:]}"


def relisted(text: str, node: Any, wanted: Sequence[Any]) -> str:
    """A list of words with other items: those that stay keep their places, quotes and comments."""
    items, new = node.value, [rendered(item, bool(node.flow_style)) for item in wanted]
    matcher = difflib.SequenceMatcher(None, [i.value for i in items], list(wanted), autojunk=False)
    for _, i, j, k, m in reversed([code for code in matcher.get_opcodes() if code[0] != "equal"]):
        both = min(j - i, m - k)
        if j - i > both:
            text = without_items(text, node, i + both, j)
        elif m - k > both:
            text = with_items(text, node, i + both, new[k + both : m])
        for n in reversed(range(both)):
            item = items[i + n]
            written = like(item, wanted[k + n], bool(node.flow_style))
            text = text[: item.start_mark.index] + written + text[item.end_mark.index :]
    return text


def with_items(text: str, node: Any, at: int, new: Sequence[str]) -> str:
    items = node.value
    if node.flow_style:
        if at:
            place = items[at - 1].end_mark.index
            return text[:place] + "".join(f", {item}" for item in new) + text[place:]
        place = items[0].start_mark.index
        return text[:place] + "".join(f"{item}, " for item in new) + text[place:]
    lines = [f"{' ' * node.start_mark.column}- {item}" for item in new]
    if at:
        return with_lines(text, places.end(text, items[at - 1]), lines)
    return before(text, node.start_mark.index, lines)


def without_items(text: str, node: Any, first: int, last: int) -> str:
    items = node.value
    if node.flow_style:
        ends = [item.end_mark.index for item in items]
        start, end = (ends[first - 1], ends[last - 1]) if first else (items[0].start_mark.index, 0)
        end = end or items[last].start_mark.index
        return text[:start] + flow_comments(text, start, end, items) + text[end:]
    start = items[first].start_mark.index
    return without_lines(text, start, places.end(text, items[last - 1]), node.start_mark.column, *items[first:last])


def flow_comments(text: str, start: int, end: int, nodes: Sequence[Any]) -> str:
    """The comments of what is taken out of a bracket, each with the line end that it needs."""
    found = places.comments(text, start, end, *nodes)
    return "".join(f" {comment}{places.line_break(text)}  " for comment in found)


def replaced(text: str, mapping: Any, key: Any, old: Any, value: Plain) -> str:
    """A mapping with another value of one field."""
    start, end, flow = old.start_mark.index, places.end(text, old), bool(mapping.flow_style)
    if end <= start:  # nothing was written there
        found = re.compile(r"\s*:").match(text, key.end_mark.index)
        place = found.end() if found else key.end_mark.index
        return f"{text[:place]}{'' if found else ':'} {rendered(value, flow)}{text[place:]}"
    written = like(old, value, flow) if isinstance(old, yaml.ScalarNode) else rendered(value, flow)
    if flow:
        return text[:start] + flow_comments(text, start, end, [old]) + written + text[end:]
    if places.line_start(text, start) > key.start_mark.index:
        start, written = text.index(":", key.end_mark.index) + 1, f" {written}"
    if not places.BREAK.search(text, start, end):
        return text[:start] + written + text[end:]
    stop = places.line_end(text, end)[0]
    first, *others = [*places.comments(text, start, stop, old), ""]
    indent = places.line_break(text) + " " * mapping.start_mark.column
    beside = f"  {first}" if first else ""
    return text[:start] + written + beside + "".join(indent + other for other in others if other) + text[stop:]


def with_new(text: str, name: str, fields: Mapping[str, Plain]) -> Iterator[str]:
    """The text with one entry more: at the end, or where the end is no place for it, at the beginning."""
    root = places.compose(text)
    if root is not None and root.flow_style:
        whole: Plain = fields[SHORT] if list(fields) == [SHORT] else fields
        yield from inserted(text, root, name, whole)
        return
    column = root.start_mark.column if root is not None else 0
    lines = entry(name, fields, column)
    yield with_lines(text, len(text), lines)
    if root is not None:
        yield with_lines(text, places.end(text, root), lines)
        yield before(text, root.start_mark.index, lines)


def entry(name: str, fields: Mapping[str, Plain], column: int) -> list[str]:
    indent, key = " " * column, rendered(name, False)
    if list(fields) == [SHORT]:
        return [f"{indent}{key}: {rendered(fields[SHORT], False)}"]
    inner = " " * (column + STEP)
    return [f"{indent}{key}:", *(f"{inner}{field}: {rendered(value, False)}" for field, value in fields.items())]


def inserted(text: str, mapping: Any, field: str, value: Plain, first: bool = False) -> Iterator[str]:
    """A mapping with one field more."""
    pairs = mapping.value
    written = f"{rendered(field, bool(mapping.flow_style))}: {rendered(value, bool(mapping.flow_style))}"
    if mapping.flow_style:
        last = [place for key, item in pairs[-1:] for place in (key.end_mark.index, places.end(text, item))]
        end = max(last, default=mapping.start_mark.index + 1)
        yield f"{text[:end]}{', ' if pairs else ''}{written}{text[end:]}"
        return
    line = [" " * mapping.start_mark.column + written]
    if not first:
        yield with_lines(text, places.end(text, mapping), line)
        yield with_lines(text, pairs[-1][1].end_mark.index, line)
    yield before(text, mapping.start_mark.index, line)


def without(text: str, mapping: Any, field: str) -> Iterator[str]:
    """A mapping with one field less; the comments of it stay."""
    number, (key, value) = next((n, pair) for n, pair in enumerate(mapping.value) if pair[0].value == field)
    start, end = key.start_mark.index, max(key.end_mark.index, places.end(text, value))
    if not mapping.flow_style:
        yield without_lines(text, start, end, mapping.start_mark.column, key, value)
        return
    if number:
        before_key, before = mapping.value[number - 1]
        start = max(before_key.end_mark.index, places.end(text, before))
    elif len(mapping.value) > 1:
        end = mapping.value[1][0].start_mark.index
    yield text[:start] + flow_comments(text, start, end, [key, value]) + text[end:]


def with_lines(text: str, index: int, lines: Sequence[str]) -> str:
    """New lines after the line of a place; a text that ends without a line end still does."""
    end, following = places.line_end(text, index)
    new = places.line_break(text).join(lines)
    if following == end and text and not places.last_break(text):
        return text + places.line_break(text) + new
    return text[:following] + new + places.line_break(text) + text[following:]


def before(text: str, index: int, lines: Sequence[str]) -> str:
    start = places.line_start(text, index)
    return text[:start] + "".join(line + places.line_break(text) for line in lines) + text[start:]


def without_lines(text: str, start: int, end: int, column: int, *nodes: Any) -> str:
    """The text without the lines from one place to another; comments on them become lines of their own."""
    first, (stop, after) = places.line_start(text, start), places.line_end(text, end)
    kept = [f"{' ' * column}{comment}" for comment in places.comments(text, start, stop, *nodes)]
    if after == stop and not kept:
        return text[: first - len(places.last_break(text[:first]))] + text[after:]
    return text[:first] + places.line_break(text).join(kept) + (text[stop:after] if kept else "") + text[after:]
