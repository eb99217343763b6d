"""CSV and JSON objects with a column or key for each field, under any of its usual names."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sitegen.errors import Problem, Where, nearest
from sitegen.ingest.found import Found, Reading, collect, make, partial_date, refuse
from sitegen.model import Source
from sitegen.text import cut

# Usual names of each field, compared without case, spaces, `_` and `-`.
NAMES = {
    "slug": ["slug"],
    "title": ["title", "name", "papertitle"],
    "also_titled": ["alsotitled", "othertitles", "alternatetitle"],
    "authors": ["authors", "author", "creators"],
    "published": ["published", "publicationdate", "date", "year", "publicationyear", "publishedat"],
    "venue": ["venue", "journal", "booktitle", "conference", "publicationtitle", "proceedingstitle", "containertitle"],
    "arxiv_id": ["arxivid", "arxiv", "eprint"],
    "doi": ["doi"],
    "url": ["url", "link", "paperurl"],
    "pdf_url": ["pdfurl", "pdf"],
    "code_urls": ["codeurls", "codeurl", "code", "github", "githubrepo", "repository"],
    "keywords": ["keywords", "tags", "manualtags"],
    "kind": ["kind"],
    "volume": ["volume"],
    "issue": ["issue"],
    "pages": ["pages"],
    "publisher": ["publisher"],
    "citation_key": ["citationkey", "citekey", "bibtexkey"],
    "blurb": ["blurb"],
    "abstract": ["abstract", "abstractnote"],
    "sources": ["sources"],
    "enriched": ["enriched"],
}
_NAME_PARTS = ("given", "firstName", "first_name", "family", "lastName", "last_name")
_BEFORE = re.compile(r'(?:[^\S\n]*\n|"?sep=[^\n]"?[^\S\n]*\n)*', re.IGNORECASE)
_FIELDS = {name: field for field, names in NAMES.items() for name in names}
# Written by `export` beside the record; the curator's files hold them, so a record does not.
_CURATED = {"tldr", "summary", "topics", "placements", "confidence", "note", "links", "pin"}


def _field(name: str) -> str:
    return _FIELDS.get(re.sub(r"[\s_-]", "", name).lower(), "")


def mapping(text: str) -> tuple[str, str]:
    """A column and its field, by any usual name, from `COLUMN=FIELD`. Raises ValueError saying why not.

    >>> mapping("Paper Title=title")
    ('Paper Title', 'title')
    """
    column, sign, name = text.rpartition("=")
    if not sign or not column.strip():
        raise ValueError(f'"{text}" is not COLUMN=FIELD')
    field = _field(name)
    if not field or field in ("sources", "enriched"):
        raise ValueError(f'"{name}" is no field; {nearest(name, list(NAMES))}')
    return column.strip(), field


def fits(text: str) -> bool:
    """Whether the first line names columns, a title's or an id's among them."""
    return _header(text, {}) is not None


def _header(text: str, columns: Mapping[str, str]) -> tuple[list[str], str] | None:
    """The column names and the delimiter of a CSV text."""
    for names, delimiter in _headers(text):
        fields = {columns.get(name.strip()) or _field(name) for name in names}
        if fields & {"title", "arxiv_id", "doi"} and (len(names) > 1 or columns):
            return names, delimiter
    return None


def _headers(text: str) -> Iterator[tuple[list[str], str]]:
    """The first line as column names, by each delimiter."""
    first = text[_start(text) :].split("\n", 1)[0]
    for delimiter in ",\t;":
        try:
            yield next(csv.reader([first], delimiter=delimiter), []), delimiter
        except csv.Error:
            continue


def _start(text: str) -> int:
    """Where the column names begin: after blank lines, and the `sep=;` that Excel writes."""
    found = _BEFORE.match(text)
    return found.end() if found else 0


def read(text: str, file: str, columns: Mapping[str, str] = MappingProxyType({})) -> Reading:
    """The papers of a table whose first line names the columns. `columns`: fields of those with names of their own."""
    start = _start(text)
    line = text.count("\n", 0, start)
    named = {name.strip() for name in max((names for names, _ in _headers(text)), key=len, default=[])}
    if missing := [name for name in columns if name not in named]:
        hint = nearest(missing[0], sorted(named - {""}))
        return refuse(Where(file, line + 1), f'has no column "{missing[0]}"', hint)
    header = _header(text, columns)
    if header is None:
        return refuse(Where(file), "has no column named title", "name the columns in the first line, or give --map")
    names, delimiter = header
    usual = [field if field not in columns.values() else "" for field in map(_field, names)]
    fields = [columns.get(name.strip()) or field for name, field in zip(names, usual, strict=True)]
    reading = Reading()
    unknown = [name for name, field in zip(names, fields, strict=True) if not field]
    if unknown:
        hint = f"known columns: {', '.join(NAMES)}"
        message = f"left out the column{'s' * (len(unknown) > 1)} {', '.join(unknown)}"
        reading.notes.append(Problem(Where(file, line + 1), message, hint, "note"))
    return collect(_rows(text[start:], Where(file, line), fields, delimiter), reading)


def _rows(text: str, before: Where, fields: Sequence[str], delimiter: str) -> Iterator[Found | Problem]:
    """The entries below the column names, which begin after the line `before`."""
    lines = csv.reader(io.StringIO(text), delimiter=delimiter)
    next(lines)
    end, position = lines.line_num, 0
    try:
        for row in lines:
            first, end = end, lines.line_num
            where = Where(before.file, before.line + first + 1)
            if not any(cell.strip() for cell in row):
                continue
            if end - first > 1 and _is_open(text, first, end, delimiter):
                message = f"a quote is opened and never closed: the {end - first} lines from here on were not read"
                yield Problem(where, message, "close it, and import the file again")
                continue
            if len(row) != len(fields):
                message = f"has {len(row)} cells, but there are {len(fields)} columns"
                yield Problem(where, message, "quote cells that hold a comma or a quote")
                continue
            position += 1
            raw: dict[str, Any] = {}
            for field, cell in zip(fields, row, strict=True):
                if field and cell.strip():
                    _put(raw, field, cell)
            yield make(raw, Source(before.file, "csv", "", position), where)
    except csv.Error as error:
        where = Where(before.file, before.line + lines.line_num)
        yield Problem(where, f"is not valid CSV: {error}", "check the quotes around this line")


def _is_open(text: str, first: int, end: int, delimiter: str) -> bool:
    """Whether the row in these lines ends only because the text does."""
    lines = io.StringIO(text).readlines() if end > text.count("\n") - 1 else []
    try:
        for _ in csv.reader(lines[first:], delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def read_items(rows: Sequence[tuple[int, Any]], file: str, reading: Reading) -> Reading:
    """The papers of JSON objects whose keys are the fields, added to a reading. Each item comes with its line."""
    unknown: dict[str, None] = {}

    def entries() -> Iterator[Found | Problem]:
        for position, (line, item) in enumerate(rows, 1):
            where = Where(file, line)
            if not isinstance(item, dict):
                yield Problem(where, "should be an object with a title", 'write {"title": "...", ...}')
                continue
            raw: dict[str, Any] = {}
            strange: dict[str, Any] = {}
            for key, value in _opened(item).items():
                if field := _field(key):
                    _put(raw, field, _plain(value) if field not in ("sources", "enriched") else value)
                elif key.lower() not in _CURATED:
                    strange[key] = value
            if raw.get("sources"):
                raw["extra"] = strange  # a record of ours: keys of a newer version survive
            else:
                unknown.update(dict.fromkeys(strange))
            own = None if raw.get("sources") else Source(file, "json", "", position)
            yield make(raw, own, where)

    collect(entries(), reading)
    if unknown:
        message = f"left out the keys {cut(', '.join(unknown), 120)}"
        reading.notes.append(Problem(Where(file), message, f"known keys: {', '.join(NAMES)}", "note"))
    return reading


def _put(raw: dict[str, Any], field: str, value: Any) -> None:
    """Of several columns for one field the first that says something holds; of dates, such as `year` and `date`, the
    most exact one."""
    old = raw.get(field)
    if not old or (field == "published" and len(partial_date(str(value))) > len(partial_date(str(old)))):
        raw[field] = value


def _plain(value: Any) -> Any:
    """A text, or a list of texts: names given as objects in reading order, tags as words, editors left out."""
    if isinstance(value, list):
        authors = [item for item in value if isinstance(item, dict) and item.get("creatorType") == "author"]
        return [_plain(item) for item in authors or value if item]
    if isinstance(value, dict):
        whole = value.get("name") or value.get("tag")
        return str(whole or " ".join(str(value[key]) for key in _NAME_PARTS if value.get(key)))
    return "" if value is None or isinstance(value, bool) else str(value)


def _opened(item: dict[str, Any]) -> dict[str, Any]:
    """An item without the envelopes that Zotero's API (`data`) and Mendeley's (`identifiers`) put things in."""
    data = item.get("data")
    item = data if isinstance(data, dict) and "itemType" in data else item
    ids = item.get("identifiers")
    return {**ids, **item} if isinstance(ids, dict) else item
