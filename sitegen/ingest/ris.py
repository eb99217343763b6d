"""RIS, as reference managers and publishers write it. `rispy` reads one entry at a time, so that each has its line."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import rispy

from sitegen.errors import Problem, Where
from sitegen.ingest.fields import FROM_RIS, RIS, RIS_LISTS, RIS_NOTES
from sitegen.ingest.found import (
    Found,
    Reading,
    arxiv_id,
    collect,
    dated_venue,
    doi,
    is_address,
    make,
    partial_date,
    venue,
)
from sitegen.ingest.names import every
from sitegen.model import Source
from sitegen.text import cut

FORMAT = "ris"
_START = re.compile(r"^TY ? ?-", re.MULTILINE)

_TAG = re.compile(r"^([A-Z][A-Z0-9]) {0,2}-(?: |$)", re.MULTILINE)
_FIRST = [tag for tag, field in RIS.items() if field in ("title", "published", "venue", "abstract", "arxiv_id")]
_MAPPING = {tag: tag if tag in _FIRST else field for tag, field in RIS.items()} | {"ER": "ER", "UK": "UK"}
"""rispy's names: ours, but where several tags mean one field the tag itself, so that their order decides."""
_SENSE = {"published": partial_date, "arxiv_id": arxiv_id}
"""Of several tags for these fields the first holds that makes sense."""


def fits(text: str) -> bool:
    """Whether a text holds entries of RIS."""
    return _START.search(text) is not None


def read(text: str, file: str) -> Reading:
    """The papers of a RIS file."""
    reading = Reading()

    def papers() -> Iterator[Found | Problem]:
        starts = [match.start() for match in _START.finditer(text)]
        line, counted = 1, 0
        for start, end in itertools.pairwise([*starts, len(text)]):
            line, counted = line + text.count("\n", counted, start), start
            where = Where(file, line)
            entry = text[start:end]
            if not re.search(r"^ER {0,2}-", entry, re.MULTILINE):
                reading.notes.append(
                    Problem(where, "an entry without its end, ER  -", "see that it is whole", "warning")
                )
                entry += "\nER  - \n"
            try:
                [raw] = rispy.loads(
                    _TAG.sub(r"\1  - ", entry),
                    mapping=_MAPPING,
                    list_tags=list(RIS_LISTS),
                    delimiter_tags_mapping={},
                    skip_unknown_tags=True,
                )
            except (ValueError, KeyError, TypeError, AttributeError, StopIteration) as error:
                message = f'an entry that could not be read: "{cut(" ".join(entry.split()), 60)}" ({error})'
                yield Problem(where, message, "each line should start with a tag such as TI  - ")
                continue
            yield make(_mapped(raw), Source(file, FORMAT), where)

    return collect(papers(), reading)


def _mapped(raw: dict[str, Any]) -> dict[str, Any]:
    """The texts of an entry by our field names."""
    found = dict(raw)
    for tag in _FIRST:
        value, field = found.pop(tag, ""), RIS[tag]
        if isinstance(value, list):
            value = value[0]
        if tag == "M1" and (original := re.fullmatch(r"original-date: (\S+)", value)):
            found["published"], value = original[1], ""
        value = value.strip("/ ") if field == "published" else value  # 2024/10/09/, 2024///
        if value and (not found.get(field) or (field in _SENSE and not _SENSE[field](found[field]))):
            found[field] = value
    found["kind"] = FROM_RIS.get(str(found.get("kind", "")).upper(), "")
    found["authors"] = every(found.get("authors", ()))
    pages = [found.pop(name, "") for name in ("first_page", "last_page")]
    found["pages"] = "-".join(page for page in pages if page)
    found["venue"], noted = venue(found.get("venue", ""))
    if first := re.fullmatch(r"original-date: (\S+)", str(raw.get("M1", ""))):
        found["venue"] = dated_venue(found, str(raw.get("PY", "")), first[1])
    found["arxiv_id"] = arxiv_id(found.get("arxiv_id", "").split(" [")[0]) or noted
    if is_address(key := found.pop("id", ""), found.get("title", "")):
        found["slug"] = key
    links = [link for link in found.get("url", ()) if link]
    found["url"] = [link for link in links if not doi(link)][:1] or links[:1]
    for link in links:
        found.setdefault("doi", doi(link))
    for note in found.pop("notes", ()):
        name, _, value = note.partition(": ")
        if name in RIS_NOTES and value:
            found[RIS_NOTES[name]] = f"{found.get(RIS_NOTES[name], '')} {value}".strip()
    return found
