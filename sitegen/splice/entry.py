"""One entry of a file, cut out of it: it is a small file itself, and changed field by field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from sitegen.splice import places
from sitegen.splice.data import SHORT, Changes, Plain, changed, given, read, same
from sitegen.splice.lines import inserted, long_form, relisted, replaced, with_new, without


def candidates(text: str, name: str, changes: Changes) -> Iterator[str]:
    """The text with an entry that it has changed."""
    root = places.compose(text)
    start, end = 0, len(text)
    if not root.flow_style:
        starts = [places.line_start(text, key.start_mark.index) for key, _ in root.value] + [len(text)]
        number = next(n for n, (key, _) in enumerate(root.value) if key.value == name)
        start, end = starts[number : number + 2]
    lent = "" if places.BREAK.search(text, start, end) else places.line_break(text)  # so that it knows how lines end
    chunk: str | None = text[start:end] + lent
    for field, value in sorted(changes.items(), key=lambda change: change[1] is None):
        chunk = _with_field(chunk, name, field, value) if chunk is not None else None
    if chunk is not None:
        chunk = chunk.removesuffix(lent)
        if end == len(text) and not chunk.strip() and not places.BREAK.search(text[-1:]):
            start -= len(places.last_break(text[:start]))  # a file without a final line end keeps none
        yield text[:start] + chunk + text[end:]


def _with_field(text: str, name: str, field: str, value: Plain | None) -> str | None:
    """A text with one field of one entry set, or taken away; None when that cannot be done."""
    before = read(text, "")
    if name not in before and value is None:
        return text
    fields = changed(before.get(name, {}), {field: value})
    wanted = {key: item for key, item in before.items() if key != name} | ({name: fields} if fields else {})
    if wanted == before:
        return text
    if name not in before:
        tries = with_new(text, name, given({field: value}))
    elif not fields:
        tries = without(text, places.compose(text), name)
    else:
        tries = _tries(text, name, field, value)
    return next((candidate for candidate in tries if same(candidate, "", wanted)), None)


def _tries(text: str, name: str, field: str, value: Plain | None) -> Iterator[str]:
    root = places.compose(text)
    rule = places.value(root, name)
    if isinstance(rule, yaml.SequenceNode) and field != SHORT:
        text = long_form(text, root, name)
        rule = places.value(places.compose(text), name)
    if isinstance(rule, yaml.SequenceNode):
        yield _valued(text, root, name, value)
    elif isinstance(rule, yaml.MappingNode):
        if value is None:
            yield from without(text, rule, field)
        elif any(key.value == field for key, _ in rule.value):
            yield _valued(text, rule, field, value)
        else:
            yield from inserted(text, rule, field, value, first=field == SHORT)


def _valued(text: str, mapping: Any, field: str, value: Plain | None) -> str:
    """A mapping with another value of a field: a list of words item by item, all else as a whole."""
    key, old = next(pair for pair in mapping.value if pair[0].value == field)
    words = isinstance(old, yaml.SequenceNode) and all(isinstance(item, yaml.ScalarNode) for item in old.value)
    if words and old.value and isinstance(value, Sequence) and not isinstance(value, str) and value:
        return relisted(text, old, value)
    return replaced(text, mapping, key, old, value if value is not None else [])
