"""Reading and writing files: whole, atomic, and with words for what goes wrong."""

from __future__ import annotations

import glob
import os
import tempfile
from pathlib import Path

from sitegen.errors import Problem, SiteError, Where, fail


def write_atomic(path: Path, data: bytes) -> bool:
    """Replace the file by `data`, or leave it as it was; at no moment is there a half of it.

    Returns whether anything was written: the same bytes are left alone.
    Raises SiteError when the folder cannot be written to.
    """
    try:
        if path.is_file() and path.read_bytes() == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.{os.getpid()}.", suffix=".part", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o644)
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise unwritable(path, error) from error
    return True


def _sweep(path: Path) -> None:
    """Remove what runs that were killed left of this file."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
        if not alive(left.name.split(".")[-3]):
            left.unlink(missing_ok=True)


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


def read_bytes(path: Path, shown: str = "") -> bytes:
    """The file's bytes. Raises SiteError, about the file as `shown`, when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        hint = "check that it is a file, and its permissions"
        raise fail(shown or str(path), f"could not be read: {error.strerror or error}", hint) from error


def read_text(path: Path, shown: str = "") -> str:
    """The file's text, as UTF-8. Raises SiteError, about the file as `shown`, when it cannot be read or is no UTF-8."""
    data = read_bytes(path, shown)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig").split("\n")
        where = Where(shown or str(path), len(before), len(before[-1]) + 1)
        raise SiteError([Problem(where, "is not UTF-8 text", "save the file with the encoding UTF-8")]) from error
