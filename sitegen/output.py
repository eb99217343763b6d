"""Publishing: everything is composed and checked before the first write; the live site is replaced in one step.

A clean build is staged beside the output and exchanged with it in one step where the system can (Linux); elsewhere by
two renames, and a run that was cut off between them is mended by the next.
Output is written only where sitegen made it (a marker file says so) or into an empty folder.
"""

from __future__ import annotations

import ctypes
import glob
import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from sitegen.errors import Problem, SiteError, Where, fail
from sitegen.files import alive, unwritable

MARKER = ".sitegen-output"
_MARKER_TEXT = b"This folder was made by sitegen, and will be replaced by it.\n"
Files = Mapping[str, bytes]
"""Output path, `/`-separated -> bytes."""


def check_paths(paths: Iterable[tuple[str, str]]) -> None:
    """Refuse two sources for one output file, also where letters differ in case only. (path, what makes it)"""
    makers: dict[str, tuple[str, str]] = {}
    problems = []
    for path, maker in paths:
        first = makers.get(path.casefold())
        makers.setdefault(path.casefold(), (path, maker))
        if first:
            where = f"{path} and {first[0]}, which some disks hold for the same" if path != first[0] else path
            message = f"{first[1]} and {maker} would both be written to {where}"
            problems.append(Problem(Where("content"), message, "give one of them another name"))
    if problems:
        raise SiteError(problems)


def check_target(output: Path, site: Path) -> None:
    """Refuse an output folder that is not ours to replace."""
    target, home = output.resolve(), site.resolve()
    if target == home or target in home.parents:
        raise fail(str(output), "is the site's own folder or one above it", "choose another --output")
    if target.is_relative_to(home / "content") or target.is_relative_to(home / "templates"):
        raise fail(str(output), "lies among the site's sources", "choose another --output")
    if output.is_symlink() or (output.exists() and not output.is_dir()):
        raise fail(str(output), "is not a folder", "choose another --output")
    for folder in (output, _old(output)):
        if (folder.exists() or folder.is_symlink()) and not _is_ours(folder) and not _is_empty(folder):
            hint = "choose another --output, or empty the folder yourself if nothing in it is needed"
            raise fail(str(folder), "holds files that sitegen did not make", hint)


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir())


def publish(output: Path, files: Files) -> None:
    """Replace the output folder by these files. On any failure the old site stays as it was."""
    staged, old = output.with_name(f"{output.name}.new-{os.getpid()}"), _old(output)
    try:
        recover(output)
        _write_all(staged, files)
        if output.exists() and exchange(staged, output):
            os.rename(staged, old)
        else:
            if output.exists():
                os.rename(output, old)
            os.rename(staged, output)
    except OSError as error:
        raise unwritable(Path(error.filename or output), error) from error
    finally:
        if _is_ours(old) and not output.exists():
            os.rename(old, output)
        if _is_ours(staged):
            _discard(staged)
    _discard(old)


def exchange(one: Path, other: Path) -> bool:
    """Swap the names of two folders in one step, by renameat2(2). Returns whether the system could."""
    here, swap = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):  # no Linux, or an old C library
        return False
    return bool(rename(here, os.fsencode(one), here, os.fsencode(other), swap) == 0)


def recover(output: Path) -> None:
    """Mend what a run left that was cut off: put the old site back, remove what was staged."""
    old = _old(output)
    if _is_ours(old):
        if output.exists():
            _discard(old)
        else:
            try:
                os.rename(old, output)
            except OSError as error:
                raise unwritable(output, error) from error
    for left in output.parent.glob(f"{glob.escape(output.name)}.new-*"):
        pid = left.name.rsplit("-", 1)[-1]
        if (_is_ours(left) or _is_empty(left)) and (pid == str(os.getpid()) or not alive(pid)):
            _discard(left)


def _old(output: Path) -> Path:
    return output.with_name(f"{output.name}.old")


def _is_ours(folder: Path) -> bool:
    return (folder / MARKER).is_file() and not folder.is_symlink()


def _discard(folder: Path) -> None:
    """Delete a folder of ours, its marker last: what a run that is cut off here leaves is still known as ours."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != MARKER:
            with suppress(OSError):  # the next build removes it
                path.unlink()
    if folder.is_dir() and {path.name for path in folder.iterdir()} <= {MARKER}:
        shutil.rmtree(folder, ignore_errors=True)


def _write_all(folder: Path, files: Files) -> None:
    """All files, readable by everyone whatever the umask: hosts refuse others."""
    made: set[Path] = set()

    def make(new: Path) -> None:
        if new not in made:
            if new != folder:
                make(new.parent)
            new.mkdir()
            new.chmod(0o755)
            made.add(new)

    folder.parent.mkdir(parents=True, exist_ok=True)
    make(folder)
    for path, data in [(MARKER, _MARKER_TEXT), *sorted(files.items())]:
        target = folder / path
        make(target.parent)
        target.write_bytes(data)
        target.chmod(0o644)
