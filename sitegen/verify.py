"""`build --verify`: builds the site a second time, as unlike the first as can be, and compares every byte.

The second build runs in a process of its own with another hash seed, locale and time zone, reads the same content
through another folder, and finds nothing that an earlier build kept. Its files lie in `.sitegen/` until it ends.
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sitegen.errors import Problem, Where, fail
from sitegen.files import alive, unwritable

OTHERS = {"PYTHONHASHSEED": "20261", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANGUAGE": "de", "PYTHONUTF8": "1"}
"""The second build's environment where it must not matter."""
_PREFIX = "verify-"
_GZIP = b"\x1f\x8b"


def run(site: Path, target: Path, arguments: Sequence[str]) -> list[Problem]:
    """What differs between the built site in `target` and a second build with these arguments; nothing when all is one.

    Raises SiteError when there cannot be a second build.
    """
    state = site / ".sitegen"
    try:
        _sweep(state)
        state.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-", dir=state) as name:
            home = Path(name)
            for part in ("content", "templates"):
                if (site / part).exists():
                    (home / part).symlink_to((site / part).resolve(), target_is_directory=True)
            _build(home, arguments)
            return list(differences(target, home / "_site"))
    except OSError as error:
        raise unwritable(Path(error.filename or state), error) from error


def _build(home: Path, arguments: Sequence[str]) -> None:
    """A build in a process of its own, by this program."""
    package = str(Path(__file__).resolve().parents[1])
    paths = os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH", ""))))
    environment = {**os.environ, **OTHERS, "PYTHONPATH": paths}
    command = [sys.executable, "-P", "-m", "sitegen", "build", "--site", str(home), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", errors="replace")
    if done.returncode:
        last = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        raise fail("--verify", f"the second build failed: {last[0]}", "the site is written; run the build again")


def differences(one: Path, other: Path) -> Iterator[Problem]:
    """What two built sites do not have in common, by path. Packed files are the same when what they hold is."""
    first, second = _files(one), _files(other)
    hint = "if nothing was edited meanwhile, a template depends on more than the content, or this is a bug in sitegen"
    for path in sorted({*first, *second}):
        where = Where(str(one / path))
        if path not in second:
            yield Problem(where, "was not made by a second build", hint)
        elif path not in first:
            yield Problem(where, "was made by a second build only", hint)
        elif place := _difference(first[path].read_bytes(), second[path].read_bytes()):
            yield Problem(Where(where.file, place), "differs from that of a second build", hint)


def _files(folder: Path) -> Mapping[str, Path]:
    return {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file() or p.is_symlink()}


def _difference(one: bytes, other: bytes) -> int:
    """The line of the first difference; 0 when there is none."""
    if one == other or _unpacked(one) == _unpacked(other):
        return 0
    same = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    return one.count(b"\n", 0, same) + 1


def _unpacked(data: bytes) -> bytes:
    """What a gzip file holds; any other file as it is."""
    try:
        return gzip.decompress(data) if data.startswith(_GZIP) else data
    except (OSError, EOFError, zlib.error):
        return data


def _sweep(state: Path) -> None:
    """Remove what runs that were killed left."""
    for left in state.glob(f"{_PREFIX}*"):
        if not alive(left.name.split("-")[1]):
            shutil.rmtree(left, ignore_errors=True)
