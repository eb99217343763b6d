"""Several files replaced together: all of them, or none, whenever the process ends.

Each new file is first written beside the old one. Then a journal that names them is put into the state folder: from
that moment on the new files hold, and whoever comes next finishes what this process could not.
"""

from __future__ import annotations

import contextlib
import glob
import json
import os
from collections.abc import Mapping
from pathlib import Path

from sitegen.errors import SiteError, fail
from sitegen.files import PART, discard, stage, sweep, unwritable, write_atomic

_JOURNAL = ".journal"


def write(folder: Path, files: Mapping[str, bytes], state: Path) -> bool:
    """Replace files of a folder by name. A link stays one. Returns whether a byte has changed.

    Raises SiteError when that cannot be done; then all is as it was, or the next `finish` completes it.
    """
    changed = {name: data for name, data in files.items() if _bytes(folder / name) != data}
    if len(changed) < 2:
        for name, data in changed.items():
            write_atomic((folder / name).resolve(), data)
        return bool(changed)
    staged: dict[str, Path] = {}
    try:
        sweep(state / f"*{_JOURNAL}")
        for name, data in changed.items():
            path = (folder / name).resolve()
            path.parent.mkdir(parents=True, exist_ok=True)
            sweep(path.with_name(glob.escape(path.name)))
            staged[name] = stage(path, data)
        first = next(iter(staged.values())).name  # no other staged file has this name
        journal = state / f"{first.strip('.').removesuffix(PART)}{_JOURNAL}"
        write_atomic(journal, json.dumps({name: path.name for name, path in staged.items()}).encode())
    except BaseException as error:
        for path in staged.values():
            discard(path)
        if isinstance(error, OSError):
            raise unwritable(folder / next(iter(changed)), error) from error
        raise
    _finish(journal, folder, tuple(files))
    return True


def finish(folder: Path, names: tuple[str, ...], state: Path) -> None:
    """Complete what a process began that was cut off. `names`: the files that may be replaced. Raises SiteError."""
    for journal in sorted(state.glob(f"*{_JOURNAL}")):
        _finish(journal, folder, names)


def _finish(journal: Path, folder: Path, names: tuple[str, ...]) -> None:
    """Only files of these names, and only by what lies staged beside them: a journal may come from a stranger."""
    try:
        moves = json.loads(journal.read_bytes())
        for name, staged in moves.items():
            path = (folder / name).resolve()
            if name not in names or not staged.startswith(f".{path.name}.") or Path(staged).name != staged:
                raise ValueError(name)
            with contextlib.suppress(FileNotFoundError):  # done already, here or by another process
                os.replace(path.with_name(staged), path)
        journal.unlink(missing_ok=True)
    except FileNotFoundError:
        return  # another process has finished it
    except (ValueError, AttributeError, TypeError) as error:
        hint = "compare the files in content/ with your last version, then remove this one"
        raise fail(str(journal), "is damaged: it says which files an import was replacing", hint) from error
    except OSError as error:
        raise _unfinished(journal, error) from error


def _unfinished(journal: Path, error: OSError) -> SiteError:
    hint = "free some space or change its permissions; the next run completes it, nothing is lost"
    return fail(str(journal), f"an import could not be completed: {error.strerror or error}", hint)


def _bytes(path: Path) -> bytes | None:
    """What a file holds; None when there is none, or it cannot be read: then it is written, which says why not."""
    try:
        return path.read_bytes()
    except OSError:
        return None
