"""What a build did: stages, counts, times and warnings."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import msgspec

from sitegen.build import workers
from sitegen.errors import Problem

T = TypeVar("T")
R = TypeVar("R")
Progress = Callable[[int, int, str], None]
"""Takes how much of a stage is done, of how much (0 if that is not known), and its name."""


class Report(msgspec.Struct):
    """What a build did."""

    papers: int = 0
    topics: int = 0
    pages: int = 0
    files: int = 0
    bytes: int = 0
    seconds: dict[str, float] = {}
    counts: dict[str, str] = {}
    warnings: list[Problem] = []
    made: list[tuple[str, tuple[str, ...]]] = []
    """What was made, and what had changed of that which it is made of; nothing for what is new."""
    progress: Progress = lambda done, total, name: None
    _stage: str = ""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.perf_counter()
        self._stage = name
        self.progress(0, 0, name)
        yield
        self.seconds[name] = round(self.seconds.get(name, 0.0) + time.perf_counter() - started, 4)

    def shared(self, items: Sequence[T], work: Callable[[Sequence[T]], list[R]]) -> Iterator[list[R]]:
        """Work that processes share (`workers`), with progress in the present stage."""
        done = 0
        for made in workers.shared(items, work):
            yield made
            done += len(made)
            if len(items) > 1:
                self.progress(done, len(items), self._stage)

    def lines(self) -> list[str]:
        """One line per stage: what it made, and in what time."""
        return [f"{name:<8} {self.counts.get(name, ''):<32} {s:6.2f} s" for name, s in self.seconds.items()]

    def as_json(self) -> dict[str, object]:
        """The form in which `--json` prints it."""
        names = ("papers", "topics", "pages", "files", "bytes", "seconds")
        return {name: getattr(self, name) for name in names} | {"warnings": [w.as_json() for w in self.warnings]}
