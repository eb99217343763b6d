"""What all commands print in the same way, and their exit codes."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from sitegen import excerpt
from sitegen.errors import Problem

GOOD, PROBLEMS, BUG = 0, 1, 70


def say(problems: Sequence[Problem], options: argparse.Namespace) -> None:
    """Problems, with the lines of the site that they are about."""
    if problems:
        print(excerpt.told(problems, getattr(options, "site", Path())), file=sys.stderr)


def print_json(report: dict[str, object]) -> None:
    print(json.dumps(report, ensure_ascii=False, indent=2))
