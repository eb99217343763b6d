"""Foreign formats. Each module turns text into `Found` papers and problems; `intake` decides what becomes of them.

The format is told by content, never by a file's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from sitegen.errors import Problem, Where
from sitegen.ingest import awesome, bibtex, hf_list, jsons, links, ris, table, web, xmls
from sitegen.ingest.archive import files
from sitegen.ingest.found import Reading, refuse
from sitegen.ingest.links import is_id, read_id

_FORMS: tuple[tuple[Callable[[str], bool], Callable[[str, str], Reading]], ...] = (
    (bibtex.fits, bibtex.read),
    (ris.fits, ris.read),
    (table.fits, table.read),
    (links.fits, links.read),
    (awesome.fits, awesome.read),
)
"""Formats of plain text, the surest first. What is none of them is a saved list page."""

__all__ = ["files", "is_id", "read", "read_id"]


def read(data: bytes, file: str, date: str = "", columns: Mapping[str, str] = MappingProxyType({})) -> Reading:
    """What a file holds. `date` is the curator's word on when it was captured: YYYY, YYYY-MM or YYYY-MM-DD; `columns`
    on which field a table's columns with names of their own are."""
    if not data.strip():
        return refuse(Where(file), "is empty", "save the page again", unreadable=False)
    text = _decode(data)
    if text is None:
        return refuse(Where(file), "is a binary file", "save the page as text, or export the list as CSV or JSON")
    if "\ufffd" in text and text.count("\ufffd") > len(text) // 100:
        return refuse(Where(file), "is not UTF-8 text", "save the file with the encoding UTF-8")
    reading = _parse(text, file, date, columns)
    if _is_windows(data):
        hint = "look at the accents in what came in; save the file as UTF-8 if they are wrong"
        reading.notes.append(Problem(Where(file), "is not UTF-8; it was read as Windows-1252", hint, "warning"))
    return reading


def _parse(text: str, file: str, date: str, columns: Mapping[str, str]) -> Reading:
    start = text.lstrip()[:1]
    if xmls.fits(text):
        return xmls.read(text, file)
    if web.fits(text):
        return web.read(text, file, date)
    if start == "{" or (start == "[" and not awesome.fits(text)):
        return jsons.read(text, file, date)
    if columns and not bibtex.fits(text) and not ris.fits(text):
        return table.read(text, file, columns)
    for fits, reader in _FORMS:
        if fits(text):
            return reader(text, file)
    return hf_list.read(text, file, date)


def _is_windows(data: bytes) -> bool:
    """Whether bytes are rather Windows-1252 than UTF-8: most of what is not ASCII in them is no UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    try:
        data.decode()
    except UnicodeDecodeError:
        letters = re.findall("[^\x00-\x7f]", data.decode("utf-8", "replace"))
        return letters.count("\ufffd") * 2 > len(letters)
    return False


def _decode(data: bytes) -> str | None:
    """The text of a file, or None when it is none."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data or data.startswith((b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"\xfd7zXZ", b"BZh")):
        return None
    text = data.decode("cp1252" if _is_windows(data) else "utf-8-sig", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")
