"""What a file of entries says, as plain data: to compare before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sitegen import yamlio
from sitegen.errors import SiteError, fail, raise_errors

Plain = str | bool | Sequence["Plain"] | Mapping[str, "Plain"]
Changes = Mapping[str, Plain | None]
"""Field -> what it shall hold; None takes the field away."""
SHORT = "topics"
"""The field that the short form of an entry, `key: [a, b]`, means."""


def read(text: str, shown: str) -> dict[str, Any]:
    problems: list[Any] = []
    value = yamlio.parse(text, shown, problems)
    raise_errors(problems)
    if value is not None and not isinstance(value, yamlio.Table):
        raise fail(shown, "holds no entries", 'write "key: [value]"')
    return {} if value is None else {str(key): fields(plain(item)) for key, item in value.items()}


def plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str) else [plain(item) for item in value]


def fields(value: Any) -> Any:
    return {SHORT: value} if isinstance(value, list) else value


def given(changes: Changes) -> dict[str, Plain]:
    return {name: value for name, value in changes.items() if value is not None}


def changed(fields: Any, changes: Changes) -> dict[str, Any]:
    kept = {name: value for name, value in fields.items() if name not in changes} if isinstance(fields, dict) else {}
    return kept | {name: plain(value) for name, value in given(changes).items()}


def same(text: str, shown: str, wanted: Mapping[str, Any]) -> bool:
    """Whether the text holds these data."""
    try:
        return read(text, shown) == wanted
    except SiteError:
        return False
