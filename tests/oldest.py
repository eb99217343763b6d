"""Prints the oldest version of each dependency that `pyproject.toml` allows, as constraints for pip.

python tests/oldest.py > oldest.txt && pip install -c oldest.txt -e '.[test]'
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"


def constraints() -> Iterator[str]:
    """`name==version` of all that the program and its tests need."""
    project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    for need in [*project["dependencies"], *project["optional-dependencies"]["test"]]:
        bound = re.match(r"([\w-]+)>=([\d.]+)", need)
        if bound is None:
            raise SystemExit(f"{PROJECT.name}: {need!r} has no lower bound")
        yield f"{bound[1]}=={bound[2]}"


if __name__ == "__main__":
    print("\n".join(constraints()))
