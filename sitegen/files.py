"""Reading and writing files: whole, atomic, and with words for what goes wrong."""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import tempfile
from pathlib import Path

from sitegen.errors import Problem, SiteError, Where, fail

PART = ".part"
"""How names of half-written files end."""


def write_atomic(path: Path, data: bytes) -> bool:
    """Replace the file by `data`, or leave it as it was; at no moment is there a half of it.

    Returns whether anything was written: the same bytes are left alone.
    Raises SiteError when the folder cannot be written to.
    """
    try:
        if path.is_file() and path.read_bytes() == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        sweep(path.with_name(glob.escape(path.name)))
        staged = stage(path, data)
        try:
            os.replace(staged, path)
        except BaseException:
            discard(staged)
            raise
    except OSError as error:
        raise unwritable(path, error) from error
    return True


def keep(path: Path, data: bytes) -> bool:
    """Write a file that saves time and nothing else, if the disk lets us: whole, but it may be lost with the power.
    Whoever reads it must see when it is damaged. Returns whether it was written."""
    part = path.with_name(f".{path.name}.{os.getpid()}.kept{PART}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_bytes(data)
            os.replace(part, path)
        except BaseException:
            discard(part)
            raise
    except OSError:
        return False
    return True


def stage(path: Path, data: bytes) -> Path:
    """Write what shall replace a file into one beside it, which is on the disk and has been read back when it returns.

    Raises OSError, and then nothing is left.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.{os.getpid()}.", suffix=PART, dir=path.parent)
    staged = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if staged.read_bytes() != data:
            raise OSError(errno.EIO, "the disk does not hold what was written", str(path))
        os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o644)
    except BaseException:
        discard(staged)
        raise
    return staged


def discard(staged: Path) -> None:
    """Remove a file that was staged, if the disk lets us; what stays is swept by a later run."""
    with contextlib.suppress(OSError):
        staged.unlink()


def sweep(path: Path) -> None:
    """Remove what runs that were killed left of this file, if the disk lets us. Its name may be a pattern, as of
    `glob`."""
    for left in path.parent.glob(f".{path.name}.*{PART}"):
        if not alive(left.name.split(".")[-3]):
            discard(left)


def alive(pid: str) -> bool:
    """Whether a process of this id runs here."""
    try:
        os.kill(int(pid), 0)
    except (ValueError, OverflowError, ProcessLookupError):
        return False
    except OSError:
        return True
    return True


def unwritable(path: Path, error: OSError) -> Exception:
    """The problem of a file that could not be written."""
    reason = error.strerror or str(error)
    return fail(
        str(path), f"could not be written: {reason}", "free some space or change its permissions, then run again"
    )


def read_own(path: Path, home: Path, shown: str) -> bytes:
    """The bytes of a file that is published as it stands, from a folder of the site's.

    Raises SiteError for a link that leads out of that folder, too: whoever sends it may want what lies there."""
    if not path.resolve().is_relative_to(home.resolve()):
        raise fail(shown, "is a link that leads out of the site", "put the file itself there")
    return read_bytes(path, shown)


def read_bytes(path: Path, shown: str = "") -> bytes:
    """The file's bytes. Raises SiteError, about the file as `shown`, when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        hint = "check that it is a file, and its permissions"
        raise fail(shown or str(path), f"could not be read: {error.strerror or error}", hint) from error


def read_text(path: Path, shown: str = "") -> str:
    """The file's text, as UTF-8. Raises SiteError, about the file as `shown`, when it cannot be read or is no UTF-8."""
    return decoded(read_bytes(path, shown), shown or str(path))


def decoded(data: bytes, shown: str) -> str:
    """A file's text, as UTF-8. Raises SiteError when it is none."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig").split("\n")
        where = Where(shown, len(before), len(before[-1]) + 1)
        raise SiteError([Problem(where, "is not UTF-8 text", "save the file with the encoding UTF-8")]) from error
