"""What all commands print in the same way, and their exit codes."""

from __future__ import annotations

import json
import sys

from sitegen.errors import Problem

GOOD, PROBLEMS, BUG = 0, 1, 70


def say(*problems: Problem) -> None:
    for problem in sorted(problems):
        print(problem, file=sys.stderr)


def print_json(report: dict[str, object]) -> None:
    print(json.dumps(report, ensure_ascii=False, indent=2))
