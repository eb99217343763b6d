"""Builds a site, imports a file, builds again; prints what Python's audit events say, and what `faults.Layer` counted.

python tests/watched.py SITE FILE
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections import Counter
from typing import Any

import kill
from faults import WRITING, Layer

EVENTS = {
    "open": ("open",),
    "os.rename": ("rename", "replace"),
    "os.remove": ("unlink", "remove"),
    "os.rmdir": ("rmdir",),
    "os.mkdir": ("mkdir",),
    "os.chmod": ("chmod",),
    "os.truncate": ("ftruncate", "truncate"),
    "os.link": ("link",),
    "os.symlink": ("symlink",),
}


class Watched(Layer):
    """Counts, and lets all pass."""

    def meets(self, name: str, about: object, inside: bool) -> None:
        calls[name] += 1


calls, seen = Counter[str](), Counter[str]()


def hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event in EVENTS and (event != "open" or (isinstance(arguments[2], int) and arguments[2] & WRITING)):
        seen[event] += event != "open" or arguments[0] != os.devnull


if __name__ == "__main__":
    site, file = sys.argv[1:]
    Watched("kill", 0, print).put_in_place()
    sys.addaudithook(hook)
    for command in (["build"], ["import", file], ["build"]):
        if kill.run([*command, "--site", site], io.StringIO()):
            sys.exit(1)
    counted = {event: sum(calls[name] for name in names) for event, names in EVENTS.items()}
    print(json.dumps([{event: seen[event] for event in EVENTS}, counted]))
