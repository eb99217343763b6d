"""Work shared by processes, where that wins: each is a fork of this one, so it knows all that this one knows, and sends
back what it made. Only on Linux, where a fork is safe and the processors that may be used are known; and only where no
other threads run, which a fork would find in the midst of something."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import threading
import warnings
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
    if threading.active_count() > 1 or not hasattr(os, "sched_getaffinity"):
        return 1
    return min(MOST, len(os.sched_getaffinity(0)))


def shared(items: Sequence[T], work: Callable[[Sequence[T]], R]) -> Iterator[R]:
    """What `work` gives for parts of the items, in their order. From `MANY` items on, all processors take part. What
    another process could not do, or send, is done here, so that what is wrong is raised here."""
    parts = [items[at : at + PART] for at in range(0, len(items), PART)]
    number = min(processors(), len(parts)) if len(items) >= MANY else 1
    if number < 2:
        yield from map(work, parts)
        return
    frozen = gc.get_freeze_count()
    if not frozen:
        gc.freeze()  # a collection would write to all that is old, and so copy it for each process
    try:
        yield from _together(parts, work, number)
    finally:
        if not frozen:
            gc.unfreeze()


def _together(parts: Sequence[Sequence[T]], work: Callable[[Sequence[T]], R], number: int) -> Iterator[R]:
    running: list[tuple[BaseProcess, Connection] | None] = []
    try:
        for first in range(number):
            running.append(_started(work, parts[first::number], [pair[1] for pair in running if pair]))
        for turn, part in enumerate(parts):
            yield _received(running[turn % number], work, part)
    finally:
        for process, here in filter(None, running):
            here.close()
            process.terminate()
            process.join()


def _started(
    work: Callable[[Sequence[T]], R], parts: Sequence[Sequence[T]], others: Sequence[Connection]
) -> tuple[BaseProcess, Connection] | None:
    """A process at work on these parts, and where it sends what it makes; None if there can be none. `others`: where
    those before it send."""
    import multiprocessing  # takes its time, and small builds need none

    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    given = (work, parts, there, [*others, here], os.getpid())
    process = context.Process(target=_work, args=given, daemon=True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of threads: those of numpy's library, which rest
            process.start()
    except (OSError, MemoryError, AssertionError):  # there is no room for it, or this one may have no children
        here.close()
        return None
    finally:
        there.close()
    return process, here


def _work(
    work: Callable[[Sequence[T]], R],
    parts: Sequence[Sequence[T]],
    there: Connection,
    ends: Sequence[Connection],
    parent: int,
) -> None:
    """In the other process. An interruption is its parent's business, which ends both; without it there is no work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for end in ends:  # or nobody would be told that the parent reads no more
        end.close()
    with contextlib.suppress(Exception):
        for part in parts:
            if os.getppid() != parent:
                return
            there.send(work(part))


def _received(pair: tuple[BaseProcess, Connection] | None, work: Callable[[Sequence[T]], R], part: Sequence[T]) -> R:
    if pair is None:
        return work(part)
    try:
        found: R = pair[1].recv()
    except (EOFError, OSError):
        return work(part)
    return found
