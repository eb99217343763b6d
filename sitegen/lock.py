"""One process at a time changes a part of the content: a lock that ends with its process, however that ends.

Advisory locks of POSIX systems (flock); on others two processes are not kept apart.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from sitegen.errors import fail
from sitegen.files import unwritable

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

PATIENCE = 3.0
"""Seconds to wait for another process: an edit takes less, `enrich` more."""


@contextmanager
def held(site: Path, what: str, who: str, patience: float = PATIENCE) -> Iterator[None]:
    """Alone with a part of a site until the block ends: read, change and write it inside.

    `what`: "papers" or "overrides" of the content, or "output". `who`: the command, which others are told. `patience`:
    seconds to wait for another process. Raises SiteError naming the command and the process that has it. A site that
    does not exist yet has nothing to lose, and is not locked.
    """
    if not site.is_dir():
        yield
        return
    path = site / ".sitegen" / f"{what}.lock"
    try:
        path.parent.mkdir(exist_ok=True)
        file = path.open("a+", encoding="utf-8", errors="replace")
    except OSError as error:
        raise unwritable(path, error) from error
    with file:
        _take(file, "the output" if what == "output" else f"content/{what}", time.monotonic() + patience)
        _name(file, f"{who} (process {os.getpid()})")
        try:
            yield
        finally:
            _name(file, "")


def _take(file: TextIO, shown: str, until: float) -> None:
    while fcntl:
        try:
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > until:
                file.seek(0)
                holder = file.read() or "another sitegen"
                hint = "wait until that has ended, or stop it; then run this again"
                raise fail(shown, f"is being changed by {holder}", hint) from error
        except OSError as error:  # a disk that has no locks
            raise unwritable(Path(file.name), error) from error
        time.sleep(0.05)


def _name(file: TextIO, text: str) -> None:
    """Say in the file who holds it: a courtesy, which a full disk may refuse."""
    with suppress(OSError):
        os.ftruncate(file.fileno(), 0)
        os.write(file.fileno(), text.encode())
