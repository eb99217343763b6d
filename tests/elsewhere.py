"""Runs sitegen in a world that is unlike this one, to show that none of it gets into what is written.

    python tests/elsewhere.py COMMAND...

It is another day (the clock stands where DAY says, in seconds since 1970), files are listed in another order, and
chance gives other numbers. Hash seed, locale, time zone and folder are given from outside.
"""

from __future__ import annotations

import datetime
import os
import random
import sys
import time
from typing import Any

DAY = float(os.environ.get("DAY", "4102444800"))


class Date(datetime.date):
    @classmethod
    def today(cls) -> Any:
        return cls.fromtimestamp(DAY)


class Moment(datetime.datetime):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> Any:
        return cls.fromtimestamp(DAY, tz)

    today = utcnow = now


class Listing:
    """What a folder holds, the last first."""

    def __init__(self, found: Any) -> None:
        with found:
            self._entries = iter(sorted(found, key=lambda entry: str(entry.name), reverse=True))

    def __iter__(self) -> Any:
        return self._entries

    def __next__(self) -> Any:
        return next(self._entries)

    def __enter__(self) -> Listing:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closed already."""


def turn() -> None:
    """From now on, it is another day in another place."""
    scandir, listdir = os.scandir, os.listdir
    os.scandir = lambda *given: Listing(scandir(*given))  # type: ignore[assignment]
    os.listdir = lambda *given: sorted(listdir(*given), reverse=True)  # type: ignore[assignment]
    time.time = lambda: DAY
    time.time_ns = lambda: int(DAY * 1e9)
    localtime, gmtime = time.localtime, time.gmtime
    time.localtime = lambda seconds=DAY: localtime(seconds)
    time.gmtime = lambda seconds=DAY: gmtime(seconds)
    setattr(datetime, "date", Date)  # noqa: B010
    setattr(datetime, "datetime", Moment)  # noqa: B010
    random.seed(DAY)


if __name__ == "__main__":
    turn()
    from sitegen import cli

    sys.exit(cli.main(sys.argv[1:]))
