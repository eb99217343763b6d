"""The output's folder and those beside it: which are ours, how they change places, how one goes."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
from pathlib import Path

MARKER = ".sitegen-output"
_MARKER_TEXT = "This folder was made by sitegen, and will be replaced by it.\n"
_HOLDS = "holds "


def marker(holds: str = "") -> bytes:
    """The marker's text. `holds`: what stands for all files of the output."""
    return (_MARKER_TEXT + (f"{_HOLDS}{holds}\n" if holds else "")).encode()


def held(output: Path) -> str:
    """What stands for all files of the output, by its marker; empty when that does not say."""
    try:
        last = (output / MARKER).read_bytes().decode("utf-8", "replace").splitlines()[-1:]
    except OSError:
        return ""
    return last[0].removeprefix(_HOLDS) if last and last[0].startswith(_HOLDS) else ""


def old(output: Path) -> Path:
    """Where the old site lies while the new one takes its place."""
    return output.with_name(f"{output.name}.old")


def is_ours(folder: Path) -> bool:
    """Whether sitegen made it."""
    return (folder / MARKER).is_file() and not folder.is_symlink()


def is_empty(folder: Path) -> bool:
    return folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir())


def exchange(one: Path, other: Path) -> bool:
    """Swap the names of two folders in one step, by renameat2(2). Returns whether the system could."""
    here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):  # no Linux, or an old C library
        return False
    return bool(rename(here, os.fsencode(one), here, os.fsencode(other), swap) == 0)


def discard(folder: Path) -> None:
    """Delete a folder of ours, its marker last: what a run that is cut off here leaves is still known as ours."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != MARKER:
            with contextlib.suppress(OSError):  # the next build removes it
                path.unlink()
    if folder.is_dir() and {path.name for path in folder.iterdir()} <= {MARKER}:
        shutil.rmtree(folder, ignore_errors=True)
