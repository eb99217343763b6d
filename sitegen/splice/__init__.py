"""The careful writer: changes one entry of a YAML file that people write, and not a byte of anything else.

Only the characters of a value are replaced, at the places that the parser's marks give; comments, blank lines, quotes,
order, line ends and a byte order mark stay. What comes out is read again: unless the data differ in just what was asked
for, nothing is written. (Libraries that read and write whole YAML files re-flow them.)
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sitegen.errors import SiteError, fail
from sitegen.files import read_bytes, unwritable, write_atomic
from sitegen.splice.data import Changes, Plain, changed, given, read, same
from sitegen.splice.entry import candidates
from sitegen.splice.lines import with_new

__all__ = ["Changes", "Edit", "Plain", "Stale", "digest", "replace", "spliced", "write"]

_BOM = "\ufeff".encode()


class Stale(SiteError):
    """The file has changed since the caller read it."""


@dataclass(frozen=True)
class Edit:
    """What was written: the file's bytes before (None when there was no file) and after."""

    before: bytes | None
    after: bytes


def digest(data: bytes | None) -> str:
    """What stands for a file's content; that of a missing file is that of an empty one."""
    return hashlib.blake2b(data or b"", digest_size=16).hexdigest()


def write(
    path: Path, shown: str, entry: str, changes: Changes, means: Callable[[str], str | None], spare: Path, expected: str
) -> Edit:
    """Change an entry of a file: the one whose key `means` the same as `entry`, else a new one with that key.

    `expected`: digest of the bytes that the change was decided on. `spare`: folder for a copy of the old file, which
    is kept until the new one has been read back. Raises Stale when the file is another by now, and SiteError when the
    file is broken or the change cannot be made; then nothing is written.
    """
    path = path.resolve()  # a link stays one
    before = read_bytes(path, shown) if path.exists() else None
    if digest(before) != expected:
        raise Stale(fail(shown, "was changed by someone else", "look at it again, then repeat the change").problems)
    data = before or b""
    bom = _BOM if data.startswith(_BOM) else b""
    try:
        text = data[len(bom) :].decode()
    except UnicodeDecodeError as error:
        raise fail(shown, "is not UTF-8 text", "save the file with the encoding UTF-8") from error
    after = bom + spliced(text, shown, entry, changes, means).encode()
    replace(path, before, after, spare)
    return Edit(before, after)


def replace(path: Path, before: bytes | None, after: bytes | None, spare: Path) -> None:
    """Put these bytes in place of those; the old ones lie in `spare` until the new ones have been read back.

    Raises Stale when the file holds others than those by now, and leaves it as it is.
    """
    if (path.read_bytes() if path.exists() else None) != before:
        raise Stale(fail(str(path), "was changed by someone else", "it stays as it is").problems)
    kept = spare / f"{path.name}.before"
    if before is not None:
        write_atomic(kept, before)
    if after is None:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise unwritable(path, error) from error
    else:
        write_atomic(path, after)
        if path.read_bytes() != after:
            raise fail(str(path), "does not hold what was written", f"the old file is {kept}")
    with contextlib.suppress(OSError):  # a copy too many harms nobody
        kept.unlink()


def spliced(text: str, shown: str, entry: str, changes: Changes, means: Callable[[str], str | None]) -> str:
    """The file's text with the entry changed. Raises SiteError when it is broken, or the change cannot be made."""
    before = read(text, shown)
    names = [key for key in before if key == entry] or [key for key in before if means(key) == entry]
    name = names[0] if names else entry
    wanted = {key: value for key, value in before.items() if key != name or not names}
    fields = changed(before.get(name, {}), changes)
    if fields:
        wanted[name] = fields
    if wanted == before:
        return text
    for candidate in candidates(text, name, changes) if names else with_new(text, name, given(changes)):
        if same(candidate, shown, wanted):
            return candidate
    raise fail(shown, f'the entry "{name}" cannot be changed without changing others', "change it by hand")
