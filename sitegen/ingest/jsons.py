"""JSON: an array, an object that holds one, or one object a line; whose items they are is told by their shape."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from sitegen.errors import Problem, Where
from sitegen.ingest import csl, hf, openalex, table
from sitegen.ingest.found import Reading, collect, refuse

Rows = list[tuple[int, Any]]

ENVELOPES = ("papers", "dailyPapers", "items", "results", "references", "data")
"""Keys of an object that hold the list of papers."""
_SPACE_OR_COMMA = re.compile(r"[\s,]*")
_decoder = json.JSONDecoder()


def read(text: str, file: str, date: str = "") -> Reading:
    """The papers of a JSON or JSON Lines file."""
    problems: list[Problem] = []
    try:
        rows = _whole(text, msgspec.json.decode(text))
    except (ValueError, msgspec.MsgspecError, RecursionError) as error:
        if text.lstrip().startswith("["):
            return refuse(Where(file), f"is not valid JSON: {error}", "check where the file was cut or edited")
        rows = list(_lines(text, file, problems))
    if not rows and problems:
        return refuse(Where(file, problems[0].where.line), problems[0].message, problems[0].hint)
    reading = Reading(rejected=problems)
    items = [item for _, item in rows if isinstance(item, dict)]
    if any(map(hf.fits, items[:20])):
        return collect(hf.read(rows, file, date), reading)
    for form in (openalex, csl):
        if any(map(form.fits, items[:20])):
            return collect(form.read(rows, file), reading)
    return table.read_items(rows, file, reading)


def _whole(text: str, value: Any) -> Rows:
    """The items of a JSON text, each with its line."""
    if isinstance(value, dict):
        message = value.get("message")  # Crossref's envelope
        value = message if isinstance(message, dict) else value
        key = next((key for key in ENVELOPES if isinstance(value.get(key), list)), "")
        if not key:
            return [(1, value)]
        start = re.search(rf'"{key}"\s*:\s*\[', text)
        return _elements(text, start.end(), value[key]) if start else [(1, item) for item in value[key]]
    return _elements(text, text.index("[") + 1, value) if isinstance(value, list) else []


def _elements(text: str, position: int, items: list[Any]) -> Rows:
    """The items of the array that opens before `position`, with their lines; line 1 where they cannot be told."""
    rows: Rows = []
    line = 1 + text.count("\n", 0, position)
    for item in items:
        match = _SPACE_OR_COMMA.match(text, position)
        start = match.end() if match else position
        line += text.count("\n", position, start)
        rows.append((line, item))
        try:
            _, position = _decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            return [(1, item) for item in items]
        line += text.count("\n", start, position)
    return rows


def _lines(text: str, file: str, problems: list[Problem]) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, msgspec.json.decode(line)
            except (ValueError, msgspec.MsgspecError, RecursionError) as error:
                hint = "a record must stand in one line; check where it was cut"
                problems.append(Problem(Where(file, number), f"is not valid JSON: {error}", hint))
