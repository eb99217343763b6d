"""Work shared by processes, where that wins: each is a fork of this one, so it knows all that this one knows, and sends
back what it made. Only on Linux, where a fork is safe and the processors that may be used are known."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

T = TypeVar("T")
R = TypeVar("R")

MANY = 2_000
"""Things to do, of about a millisecond each, from which on more processes win."""
MOST = 4
"""Processes. Each comes to have memory of its own."""
PART = 250
"""Things that are done before a process sends what it made of them."""


def processors() -> int:
    """How many processes may run at once; 1 where there should be no others."""
    return min(MOST, len(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else 1


def shared(items: Sequence[T], work: Callable[[Sequence[T]], R]) -> Iterator[R]:
    """What `work` gives for parts of the items, in their order. From `MANY` items on, all processors take part. What
    another process could not do, or send, is done here, so that what is wrong is raised here."""
    parts = [items[at : at + PART] for at in range(0, len(items), PART)]
    number = min(processors(), len(parts)) if len(items) >= MANY else 1
    if number < 2:
        yield from map(work, parts)
        return
    gc.freeze()  # a collection would write to all that is old, and so copy it for each process
    try:
        yield from _together(parts, work, number)
    finally:
        gc.unfreeze()


def _together(parts: Sequence[Sequence[T]], work: Callable[[Sequence[T]], R], number: int) -> Iterator[R]:
    import multiprocessing  # takes its time, and small builds need none

    context = multiprocessing.get_context("fork")
    running: list[BaseProcess] = []
    ends: list[Connection] = []
    try:
        for first in range(number):
            here, there = context.Pipe(duplex=False)
            ends.append(here)
            running.append(context.Process(target=_work, args=(work, parts[first::number], there), daemon=True))
            running[-1].start()
            there.close()
        for turn, part in enumerate(parts):
            yield _received(ends[turn % number], work, part)
    finally:
        for process, here in zip(running, ends, strict=False):
            here.close()
            process.terminate()
            process.join()


def _work(work: Callable[[Sequence[T]], R], parts: Sequence[Sequence[T]], there: Connection) -> None:
    """In the other process. An interruption is this one's parent's business, which ends both."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(Exception):
        for part in parts:
            there.send(work(part))


def _received(here: Connection, work: Callable[[Sequence[T]], R], part: Sequence[T]) -> R:
    try:
        found: R = here.recv()
    except (EOFError, OSError):
        return work(part)
    return found
