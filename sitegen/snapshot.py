"""Whether anything that a build reads has changed since the last one, told without reading it.

Loaded first of all, so that a build with nothing to do ends at once: it needs no library. A file is the same as before
when its size and times are; one that was written while the note was taken, or just before, is compared by content, as
all are where the times differ (a fresh clone). What the program itself is made of counts as well.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parent
_SHIPPED = [_PACKAGE] if (_PACKAGE / "templates").is_dir() else [_PACKAGE, _PACKAGE.parent / "templates"]
"""The program and its templates: in the wheel they lie inside the package, in the repository beside it."""
_RECENT = 2_000_000_000
"""Nanoseconds: what was changed so short a time before a note was taken may change again within the same tick."""
_FORMAT = "1"


@functools.cache
def version() -> str:
    """Stands for Python, the program, its templates, and the installed libraries, as the process first found them."""
    total = hashlib.blake2b(f"{_FORMAT} {sys.version}".encode(), digest_size=16)
    for shipped in _SHIPPED:
        for path, _ in _files(shipped):
            if not path.endswith(".pyc"):
                total.update(f"{path.removeprefix(str(shipped))}\0".encode() + _bytes(path))
    for folder in sys.path:
        if folder.endswith("-packages") and os.path.isdir(folder):
            total.update("\0".join(sorted(n for n in os.listdir(folder) if n.endswith("-info"))).encode())
    return total.hexdigest()


def place(site: Path, target: Path, ending: str) -> Path:
    """Where something is kept about an output."""
    name = hashlib.blake2b(os.path.relpath(target, site).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
    return site / ".sitegen" / "memo" / f"{name}.{ending}"


class Snapshot:
    """The files that a build reads, as they are now."""

    def __init__(self, site: Path, asked: Sequence[Any]) -> None:
        """`asked`: what else decides about the output."""
        self._site, self._asked = site, [*asked]
        self._folders = [site / "content", site / "templates", *_SHIPPED]
        self._taken = time.time_ns()
        self._stats = self._look()

    def _look(self) -> str:
        total = hashlib.blake2b(digest_size=16)
        self._newest = 0
        for folder in self._folders:
            for path, stat in _files(folder):
                times = f"{stat.st_mtime_ns} {stat.st_ctime_ns} {stat.st_ino}"
                total.update(f"{path}\0{stat.st_size} {times}\n".encode("utf-8", "replace"))
                self._newest = max(self._newest, stat.st_mtime_ns, stat.st_ctime_ns)
        return total.hexdigest()

    def _content(self) -> str:
        total = hashlib.blake2b(version().encode(), digest_size=16)
        for folder in self._folders[:2]:
            for path, stat in _files(folder):
                name = os.path.relpath(path, self._site)
                total.update(f"{name}\0{stat.st_size}\n".encode("utf-8", "replace") + _bytes(path))
        return total.hexdigest()

    def said(self, target: Path) -> dict[str, Any] | None:
        """What the last build of this output said, when another would make the same; None when it might not."""
        path = place(self._site, target, "note")
        try:
            note = json.loads(path.read_bytes())
            if any(name.startswith(f"{target.name}.") for name in os.listdir(target.absolute().parent)):
                return None  # what another build left is to be mended
            if note["asked"] != self._asked or note["output"] != folders(target):
                return None
            recent = self._newest > note["taken"] - _RECENT
            if (recent or note["stats"] != self._stats) and note["content"] != self._content():
                return None
            said: dict[str, Any] = note["said"]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        if note["stats"] != self._stats:
            self._write(path, {**note, "stats": self._stats, "taken": self._taken})
        return said

    def keep(self, target: Path, said: dict[str, Any]) -> None:
        """Note what a build of these files made and said, unless they have changed since, or cannot be read."""
        with contextlib.suppress(OSError):
            content = self._content()
            if self._stats == self._look():
                told = {"asked": self._asked, "output": folders(target), "said": said}
                seen = {"stats": self._stats, "content": content, "taken": self._taken}
                self._write(place(self._site, target, "note"), told | seen)

    def _write(self, path: Path, note: dict[str, Any]) -> None:
        """If the disk lets us: a note saves time, and nothing else."""
        part = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(note), "utf-8")
            os.replace(part, path)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink()


def folders(output: Path) -> str:
    """Stands for which files are in which folder of the output: whoever adds or removes one changes a folder's time.

    Where the disk counts a folder's links by those inside it, as stat(2) of most systems does, those of the output tell
    that it does, and a folder with no more than its own two has none to look for."""
    total = hashlib.blake2b(_bytes(str(output / ".sitegen-output")), digest_size=16)
    waiting, counts = [str(output)], False
    for folder in waiting:
        name, stat = folder.removeprefix(waiting[0]), os.stat(folder)
        total.update(f"{name}\0{stat.st_mtime_ns}\n".encode("utf-8", "replace"))
        if counts and stat.st_nlink == 2:
            continue
        with os.scandir(folder) as found:
            inside = sorted(entry.path for entry in found if entry.is_dir(follow_symlinks=False))
        counts = counts or (not name and bool(inside) and stat.st_nlink == 2 + len(inside))
        waiting += inside
    return total.hexdigest()


def _files(folder: Path, above: frozenset[tuple[int, int]] = frozenset()) -> Iterator[tuple[str, os.stat_result]]:
    """All files below a folder, in the order of their paths; links that lead nowhere, or back, are passed over.

    `above`: device and number of the folders that this one lies in."""
    try:
        here = os.stat(folder)
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        return
    around = above | {(here.st_dev, here.st_ino)}
    for entry in entries:
        try:
            stat = entry.stat()
        except OSError:
            continue
        if not entry.is_dir():
            yield entry.path, stat
        elif entry.name != "__pycache__" and (stat.st_dev, stat.st_ino) not in around:
            yield from _files(Path(entry.path), around)


def _bytes(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()
