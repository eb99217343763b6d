"""A progress bar on a terminal, for what takes longer than a second; silence everywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 1.0
"""Seconds before there is a bar."""
PAUSE = 0.1
"""Seconds between two drawings of it."""


class Advance(Protocol):
    """Takes how much is done and of how much, 0 if that is not known, and what is being done."""

    def __call__(self, done: int, total: int, name: str = "", /) -> None: ...


@contextmanager
def bar(name: str) -> Iterator[Advance]:
    """Gives a function that is told of progress. The bar is on stderr."""
    if not sys.stderr.isatty():
        yield lambda done, total, name="": None
        return
    made = _Bar(name)
    try:
        yield made.advance
    finally:
        made.stop()


class _Bar:
    """It is drawn when it is told something, by no thread of its own: a build may fork."""

    def __init__(self, name: str) -> None:
        self._name, self._next = name, time.monotonic() + PATIENCE
        self._shown: Progress | None = None

    def advance(self, done: int, total: int, name: str = "", /) -> None:
        new, self._name = bool(name) and name != self._name, name or self._name
        if time.monotonic() >= self._next or (new and self._shown):
            self._draw(done, total)
            self._next = time.monotonic() + PAUSE

    def _draw(self, done: int, total: int) -> None:
        if self._shown is None:
            from rich.console import Console
            from rich.progress import Progress

            self._shown = Progress(console=Console(stderr=True), transient=True, auto_refresh=False)
            self._shown.start()
        if not any(task.description == self._name for task in self._shown.tasks):
            for known in self._shown.task_ids:
                self._shown.remove_task(known)
            self._shown.add_task(self._name, total=None)
        self._shown.update(self._shown.task_ids[-1], completed=done, total=total or None, refresh=True)

    def stop(self) -> None:
        if self._shown:
            self._shown.stop()
