"""Foreign formats. Each module turns text into `Found` papers and problems; `intake` decides what becomes of them.

The format is told by content, never by a file's name.
"""

from __future__ import annotations

from sitegen.errors import Where
from sitegen.ingest import bibtex, hf_list, jsons, ris, table
from sitegen.ingest.archive import files
from sitegen.ingest.found import Reading, refuse
from sitegen.ingest.links import is_id, read_id

__all__ = ["files", "is_id", "read", "read_id"]


def read(data: bytes, file: str, date: str = "") -> Reading:
    """What a file holds. `date` is the curator's word on when it was captured: YYYY, YYYY-MM or YYYY-MM-DD."""
    if not data.strip():
        return refuse(Where(file), "is empty", "save the page again", unreadable=False)
    text = _decode(data)
    if text is None:
        return refuse(Where(file), "is a binary file", "save the page as text, or export the list as CSV or JSON")
    if "\ufffd" in text and text.count("\ufffd") > len(text) // 100:
        return refuse(Where(file), "is not UTF-8 text", "save the file with the encoding UTF-8")
    if text.lstrip()[:1] in ("{", "["):
        return jsons.read(text, file)
    if bibtex.START.search(text):
        return bibtex.read(text, file)
    if ris.START.search(text):
        return ris.read(text, file)
    if table.is_csv(text):
        return table.read_csv(text, file)
    return hf_list.read(text, file, date)


def _decode(data: bytes) -> str | None:
    """The text of a file, or None when it is none."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data or data.startswith((b"%PDF", b"PK\x03\x04", b"\x1f\x8b", b"\xfd7zXZ", b"BZh")):
        return None
    return data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
