"""A progress bar on a terminal, for what takes longer than a second; silence everywhere else."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 1.0
"""Seconds before there is a bar."""


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
    timer = threading.Timer(PATIENCE, made.show)
    timer.daemon = True
    timer.start()
    try:
        yield made.advance
    finally:
        timer.cancel()
        timer.join()
        made.stop()


class _Bar:
    def __init__(self, name: str) -> None:
        self._name, self._done, self._total = name, 0, 0
        self._shown: Progress | None = None

    def advance(self, done: int, total: int, name: str = "", /) -> None:
        self._name, self._done, self._total = name or self._name, done, total
        if self._shown:
            self._draw(self._shown)

    def show(self) -> None:
        from rich.console import Console
        from rich.progress import Progress

        progress = Progress(console=Console(stderr=True), transient=True)
        self._draw(progress)
        progress.start()
        self._shown = progress

    def _draw(self, progress: Progress) -> None:
        if not any(task.description == self._name for task in progress.tasks):
            for known in progress.task_ids:
                progress.remove_task(known)
            progress.add_task(self._name, total=None)  # of an unknown length: it moves to and fro
        progress.update(progress.task_ids[-1], completed=self._done, total=self._total or None)

    def stop(self) -> None:
        if self._shown:
            self._shown.stop()
