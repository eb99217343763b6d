"""What the last build made, and of what: the next one makes only what is made of something else.

A state stands in `.sitegen/memo/`, one for each output. It counts only while the output says that it holds just
that, and while program and libraries are the same; it can be deleted at any time. Only msgpack is read: a state may
have come from another machine.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from sitegen import output, snapshot
from sitegen.files import keep, sweep
from sitegen.pages import Facts, digest

SIZE = 12
"""Bytes that stand for a file, or for a fact."""
NAME = 4
"""Bytes that stand for a fact's name."""
KEPT = 4
"""States and notes of so many outputs are kept."""


class Made(msgspec.Struct, frozen=True, array_like=True):
    """Files that were made together."""

    seal: bytes
    """Stands for all that they are made of."""
    facts: bytes
    """What stands for the name and the value of each part of that."""
    files: dict[str, tuple[bytes, int]]
    """Output path -> digest and size in bytes."""


class State(msgspec.Struct, frozen=True, array_like=True):
    """All that a build made."""

    version: str
    """Of the program and its libraries."""
    units: dict[str, Made]
    folders: str = ""
    """Stands for the output's folders as they were left: whoever adds or removes a file there changes one."""

    @property
    def holds(self) -> str:
        """Stands for all files."""
        return hashlib.blake2b(_encode(self.units), digest_size=16).hexdigest()


_encode = msgspec.msgpack.encode


def begun(facts: Facts) -> Made:
    """What is made of these facts, without its files."""
    told = (hashlib.blake2b(name.encode(), digest_size=NAME).digest() + digest(facts[name]) for name in sorted(facts))
    return Made(digest(facts), b"".join(told), {})


def made(begun: Made, files: Mapping[str, bytes]) -> Made:
    """The same with its files."""
    known = {path: (hashlib.blake2b(data, digest_size=SIZE).digest(), len(data)) for path, data in files.items()}
    return Made(begun.seal, begun.facts, known)


def reasons(before: Made | None, now: Made, facts: Facts) -> tuple[str, ...]:
    """The names of the facts that have changed; none when there was nothing before."""
    if before is None:
        return ()
    old, new = (
        [made.facts[at : at + NAME + SIZE] for at in range(0, len(made.facts), NAME + SIZE)] for made in (before, now)
    )
    return tuple(name for name, told in zip(sorted(facts), new, strict=True) if told not in old)


def load(site: Path, target: Path) -> State | None:
    """The state of what is in `target`; None when nothing certain is known of it."""
    holds = output.held(target)
    try:
        state = msgspec.msgpack.decode(_path(site, target).read_bytes(), type=State) if holds else None
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None
    if state is None or state.version != snapshot.version() or state.holds != holds:
        return None
    return state if state.folders == snapshot.folders(target) else None


def save(site: Path, target: Path, state: State) -> None:
    """Keep a state for the next build, if the disk lets us."""
    path = _path(site, target)
    with contextlib.suppress(Exception):
        keep(path, _encode(msgspec.structs.replace(state, folders=snapshot.folders(target))))
        sweep(path.with_name("*"))
        for kind in ("*.state", "*.note"):
            for old in sorted(path.parent.glob(kind), key=os.path.getmtime)[:-KEPT]:
                old.unlink(missing_ok=True)


def _path(site: Path, target: Path) -> Path:
    return snapshot.place(site, target, "state")
