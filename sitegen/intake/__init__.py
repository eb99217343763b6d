"""`import`: read files, join what they hold into the store, say what happened. The first of the compositions."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from types import MappingProxyType

from sitegen import curate, ingest, lock, store
from sitegen.errors import Problem, SiteError, Where
from sitegen.files import read_bytes
from sitegen.ingest.found import Reading
from sitegen.ingest.table import mapping
from sitegen.intake.admission import Admission, Change, Report
from sitegen.text import digest

__all__ = ["Change", "Report", "expand", "mapping", "read", "run"]

Progress = Callable[[int, int], None]
STDIN = "-"
_NONE: Mapping[str, str] = MappingProxyType({})


def expand(inputs: Iterable[Path | str]) -> list[Path | str]:
    """The files, ids and links that are meant: a folder means the files in it, a pattern what it matches.

    Raises SiteError naming all that are none of these.
    """
    found: list[Path | str] = []
    missing = []
    for item in inputs:
        path, text = Path(item), str(item)
        matches = [Path(name) for name in sorted(glob.glob(text, recursive=True))] if glob.has_magic(text) else []
        exists = os.path.exists(text)  # Path.exists raises for a name that is too long
        if text == STDIN or (not exists and ingest.is_id(text)):
            found.append(text)
        elif exists and path.is_dir():
            try:
                found += sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
            except OSError as error:
                reason = f"could not be read: {error.strerror or error}"
                missing.append(Problem(Where(text), reason, "check its permissions"))
        elif exists:
            found.append(path)
        elif matches:
            found += [p for p in matches if p.is_file()]
        else:
            is_link = text.startswith(("http://", "https://"))
            message = "is not the address of a paper at arXiv, Hugging Face or doi.org" if is_link else "does not exist"
            hint = "save the page and import the file" if is_link else "check the name, and the folder you are in"
            missing.append(Problem(Where(text), message, hint))
    if missing:
        raise SiteError(missing)
    return found


def run(
    site: Path,
    inputs: Sequence[Path | str],
    date: str = "",
    progress: Progress | None = None,
    dry_run: bool = False,
    columns: Mapping[str, str] = _NONE,
) -> Report:
    """Import files, ids and links into a site. The store is written once, at the end, in one step a file.

    `columns`: the fields of tables' columns that have names of their own.

    Raises SiteError when the store is broken, a file does not exist, or another process changes the papers; then
    nothing is written.
    """
    files = expand(inputs)

    def readings() -> Iterator[Reading]:
        for number, item in enumerate(files, 1):
            yield read(item, date, columns)
            if progress:
                progress(number, len(files))

    with nullcontext() if dry_run else lock.held(site, "papers", "sitegen import"):
        return _bring(site / "content", readings(), dry_run)


def _bring(content: Path, readings: Iterable[Reading], dry_run: bool) -> Report:
    known = store.read(content)
    admission = Admission(known, *curate.read_partings(content, list(known.papers.values())))
    report = admission.report
    for reading in readings:
        report.problems += reading.notes + reading.rejected
        report.unreadable += reading.unreadable
        report.rejected += len(reading.rejected)
        for found in sorted(reading.found, key=lambda f: (f.where.file, f.where.line)):
            admission.admit(found)
    admission.finish()
    if dry_run:
        report.changes = admission.changes()
    elif admission.store != known:
        store.write(content, admission.store)
    return report


def read(item: Path | str, date: str = "", columns: Mapping[str, str] = _NONE) -> Reading:
    """What a file (or each file in an archive), an id or a link holds; what cannot be read is a reading too."""
    reading = Reading()
    try:
        if isinstance(item, str) and item != STDIN:
            return ingest.read_id(item)
        for name, data in _open(item):
            part = ingest.read(data, name, date, columns)
            reading.found += part.found
            reading.rejected += part.rejected
            reading.notes += part.notes
            reading.unreadable |= part.unreadable
    except SiteError as error:
        reading.notes += error.problems
        reading.unreadable = True
    return reading


def _open(item: Path | str) -> Iterator[tuple[str, bytes]]:
    if isinstance(item, Path):
        return ingest.files(read_bytes(item), item.name)
    data = sys.stdin.buffer.read()  # named by its content: two lists from there are two lists
    return ingest.files(data, f"stdin-{digest(data.decode('latin-1'), 8)}")
