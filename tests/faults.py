"""A layer under everything that writes: it counts the calls, and lets one of them fail, or the process die there.

What Python writes goes through the functions of `os` while a layer is in place (files too: they are opened by the
pure-Python half of `io`), so each call that changes the disk is seen, torn writes included.
"""

from __future__ import annotations

import _pyio  # type: ignore[import-not-found]
import builtins
import errno
import io
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sitegen.output import staging

CALLS = ("write", "fsync", "rename", "replace", "unlink", "remove", "rmdir", "mkdir", "chmod", "ftruncate", "truncate",
         "link", "symlink", "utime")  # fmt: skip
FREEING = ("unlink", "remove", "rmdir", "truncate", "ftruncate")
"""What a full disk still does."""
WRITING = os.O_WRONLY | os.O_RDWR
MODES = ("kill", "torn", "full", "broken", "read-only")
"""Killed before the call; killed in the middle of a write; the disk is full from then on; this one call fails; nothing
can be written from then on."""


class Layer:
    """What becomes of the calls. `step`: the call, from 1 on, at which `mode` begins; 0 for never."""

    def __init__(self, mode: str, step: int, say: Callable[[str], None], alike: int = 1) -> None:
        """`alike`: of the files that are staged beside a site or removed with it, one in so many is a step."""
        self.mode, self.step, self.say, self.alike = mode, step, say, alike
        self.seen = self.among = 0

    def counts(self, name: str, about: object, inside: bool) -> bool:
        """Count a call; returns whether it is the one."""
        if inside:
            self.among += 1
            if self.among % self.alike:
                return False
        self.seen += 1
        if self.seen == self.step:
            self.say(f"{name} {Path(str(about)).name}")
        return self.seen == self.step

    def meets(self, name: str, about: object, inside: bool) -> None:
        """Kill or fail this call if it is to."""
        now = self.counts(name, about, inside)
        begun = bool(self.step) and self.seen >= self.step
        if now and self.mode in ("kill", "torn"):
            os.kill(os.getpid(), signal.SIGKILL)
        if now and self.mode == "broken":
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(about))
        if begun and self.mode == "full" and name not in FREEING:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(about))
        if begun and self.mode == "read-only":
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(about))

    def put_in_place(self) -> None:
        """Under this process, for good."""
        for name in CALLS:
            setattr(os, name, self._call(name, getattr(os, name)))
        os.open = self._open(os.open)
        reading, writing = builtins.open, _pyio.open

        def opened(file: Any, mode: str = "r", *given: Any, **named: Any) -> Any:
            return (writing if set(mode) & set("wax+") else reading)(file, mode, *given, **named)

        builtins.open = io.open = opened
        exchange = staging.exchange  # type: ignore[attr-defined]

        def exchanged(one: Path, other: Path) -> bool:
            self.meets("exchange", other, False)
            return exchange(one, other)

        staging.exchange = exchanged  # type: ignore[attr-defined]

    def _call(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def made(first: Any, *given: Any, **named: Any) -> Any:
            if name == "write" and first <= 2:
                return call(first, *given, **named)
            about = _path(first) if isinstance(first, int) else first
            inside = ".new-" in str(about) or (named.get("dir_fd") is not None and ".new-" in _path(named["dir_fd"]))
            inside |= named.get("dir_fd") is not None
            if name == "write" and self.mode == "torn" and self.seen + 1 == self.step:
                call(first, bytes(given[0])[: len(given[0]) // 2])
            self.meets(name, about, inside)
            return call(first, *given, **named)

        return made

    def _open(self, call: Callable[..., int]) -> Callable[..., int]:
        def made(path: Any, flags: int, *given: Any, **named: Any) -> int:
            if flags & WRITING and str(path) != os.devnull:
                self.meets("open", path, ".new-" in str(path))
            return call(path, flags, *given, **named)

        return made


def _path(handle: int) -> str:
    """What an open file is called, where the system tells."""
    try:
        return os.readlink(f"/proc/self/fd/{handle}")
    except OSError:
        return str(handle)
