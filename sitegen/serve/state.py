"""What the waiting pages wait for."""

from __future__ import annotations

import threading
from typing import Any

WAIT = 25.0
"""Seconds that a waiting page is kept before it asks again."""


class State:
    """How often the site has changed, and what is wrong with it now. Pages wait here for the next change."""

    def __init__(self) -> None:
        self.epoch = 0
        self.problems = ""
        self._changed = threading.Condition()

    def set(self, problems: str) -> None:
        with self._changed:
            self.epoch += 1
            self.problems = problems
            self._changed.notify_all()

    def wait(self, epoch: int) -> dict[str, Any]:
        with self._changed:
            self._changed.wait_for(lambda: self.epoch != epoch, WAIT)
            return {"epoch": self.epoch, "problems": self.problems}
