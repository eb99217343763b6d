"""Publishing: everything is composed and checked before the first write; the live site is replaced in one step.

A clean build is staged beside the output and swapped in by rename. A run that was cut off between its two renames is
mended by the next. Output is written only where sitegen made it (a marker file says so) or into an empty folder.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from sitegen.errors import Problem, SiteError, Where, fail
from sitegen.files import unwritable

MARKER = ".sitegen-output"
Files = Mapping[str, bytes]
"""Output path, `/`-separated -> bytes."""


def check_paths(paths: list[tuple[str, str]]) -> None:
    """Refuse two sources for one output file, also where letters differ in case only. (path, what makes it)"""
    makers: dict[str, tuple[str, str]] = {}
    problems = []
    for path, maker in paths:
        first = makers.setdefault(path.casefold(), (path, maker))
        if first[1] != maker or first[0] != path:
            message = f"{first[1]} and {maker} would both be written to {path}"
            problems.append(Problem(Where("content"), message, "give one of them another slug"))
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
    if output.is_dir() and any(output.iterdir()) and not (output / MARKER).is_file():
        hint = "choose another --output, or empty the folder yourself if nothing in it is needed"
        raise fail(str(output), "holds files that sitegen did not make", hint)


def publish(output: Path, files: Files) -> None:
    """Replace the output folder by these files. On any failure the old site stays as it was."""
    staged = output.with_name(f"{output.name}.new-{os.getpid()}")
    old = output.with_name(f"{output.name}.old")
    try:
        recover(output)
        _write_all(staged, files)
        if output.exists():
            os.rename(output, old)
        os.rename(staged, output)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        if old.exists() and not output.exists():
            os.rename(old, output)
        raise unwritable(Path(error.filename or output), error) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def recover(output: Path) -> None:
    """Mend what a run left that was cut off: put the old site back, remove what was staged."""
    old = output.with_name(f"{output.name}.old")
    if (old / MARKER).is_file():
        if output.exists():
            shutil.rmtree(old)
        else:
            os.rename(old, output)
    for left in output.parent.glob(f"{output.name}.new-*"):
        if (left / MARKER).is_file() and not _alive(left.name.rsplit("-", 1)[-1]):
            shutil.rmtree(left, ignore_errors=True)


def _alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except OSError:
        return True
    return True


def _write_all(folder: Path, files: Files) -> None:
    folder.mkdir(parents=True)
    (folder / MARKER).write_bytes(b"This folder was made by sitegen, and will be replaced by it.\n")
    made = {folder}
    for path in sorted(files):
        target = folder / path
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        target.write_bytes(files[path])
