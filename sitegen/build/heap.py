"""Memory that has served, given back to the system: stages need most of it one after another, and not at once."""

from __future__ import annotations

import contextlib
import ctypes


def trim() -> None:
    """Ask the allocator for what it keeps free: glibc's does it by malloc_trim(3); others have no such call."""
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
