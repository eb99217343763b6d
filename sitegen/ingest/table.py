"""CSV and JSON objects with a column or key for each field, under any of its usual names."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from sitegen.errors import Problem, Where
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
_FIELDS = {name: field for field, names in NAMES.items() for name in names}
# Written by `export` beside the record; the curator's files hold them, so a record does not.
_CURATED = {"tldr", "summary", "topics", "placements", "confidence", "note", "links", "pin"}


def _field(name: str) -> str:
    return _FIELDS.get(re.sub(r"[\s_-]", "", name).lower(), "")


def fits(text: str) -> bool:
    """Whether the first line names columns, a title's or an id's among them."""
    return _header(text) is not None


def _header(text: str) -> tuple[list[str], str] | None:
    """The column names and the delimiter of a CSV text."""
    first = text.lstrip("\n").split("\n", 1)[0]
    for delimiter in ",\t;":
        try:
            names = next(csv.reader([first], delimiter=delimiter), [])
        except csv.Error:
            continue
        if any(_field(name) in ("title", "arxiv_id", "doi") for name in names) and len(names) > 1:
            return names, delimiter
    return None


def read(text: str, file: str) -> Reading:
    """The papers of a table whose first line names the columns."""
    header = _header(text)
    if header is None:
        return refuse(Where(file), "has no column named title", "name the columns in the first line")
    names, delimiter = header
    fields = [_field(name) for name in names]
    reading = Reading()
    unknown = [name for name, field in zip(names, fields, strict=True) if not field]
    if unknown:
        known = f"known columns: {', '.join(NAMES)}"
        message = f"left out the column{'s' * (len(unknown) > 1)} {', '.join(unknown)}"
        reading.notes.append(Problem(Where(file, 1), message, known, "note"))

    def rows() -> Iterator[Found | Problem]:
        lines = csv.reader(io.StringIO(text), delimiter=delimiter)
        next(lines)
        end = lines.line_num
        position = 0
        try:
            for row in lines:
                where, end = Where(file, end + 1), lines.line_num
                if not any(cell.strip() for cell in row):
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
                yield make(raw, Source(file, "csv", "", position), where)
        except csv.Error as error:
            yield Problem(
                Where(file, lines.line_num), f"is not valid CSV: {error}", "check the quotes around this line"
            )

    return collect(rows(), reading)


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
